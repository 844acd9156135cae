import pytest

from accounts.wording import MAX_LENGTH, TextTooLong, check_length, normalise


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t espaces gardées \n",
        "<script>alert('x')</script> & {{ 7|add:'7' }} {% load static %}",
        "🏭👩🏽‍🔧🇫🇷",
        "مرحبا שלום \u200f\u200e",
        "e\u0301 et é ne sont pas confondus",
        "\ufeff\u200b\u00ad\u2028",
        "a" * MAX_LENGTH,
    ],
)
def test_what_can_be_kept_is_kept_to_the_letter(text):
    assert normalise(text) == (text, False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "ab"),
        ("\x01\x02\x08\x0e\x1f\x7f", ""),
        ("saut\x0bde ligne\x0cde page\x85", "saut\nde ligne\nde page\n"),
        ("l\x92été co\x9bte 3 \x80", "l’été co›te 3 €"),
        ("\x81\x8d", ""),  # what Windows-1252 leaves undefined
        ("\u202eFriche\u202c \u202a\u202b\u202dà vendre", "Friche à vendre"),
        ("\u2066Friche\u2069 \u2067\u2068à vendre", "Friche à vendre"),
        ("\ud83d seul", "\ufffd seul"),
        ("\udfff", "\ufffd"),
        ("déjà \ufffd remplacé", "déjà \ufffd remplacé"),
    ],
)
def test_what_cannot_be_kept_is_normalised_and_told(text, kept):
    assert normalise(text) == (kept, True)


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\nb"])
def test_line_ends_are_one_and_are_no_change(text):
    assert normalise(text) == ("a\nb", False)


def test_length_is_counted_in_characters():
    check_length("🏭" * MAX_LENGTH)
    with pytest.raises(TextTooLong) as raised:
        check_length("a" * (MAX_LENGTH + 1))
    assert str(raised.value) == (
        "Ce texte compte 100\u202f001 caractères\u00a0; 100\u202f000 au plus sont possibles. "
        "Il reste dans la page\u00a0: raccourcissez-le."
    )
