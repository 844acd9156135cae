from datetime import date
from decimal import Decimal

import pytest
from django import forms

from opportunities import kinds
from opportunities.forms.fields import Degrees, fact_field

NO_BREAK = "\N{NO-BREAK SPACE}"
INTEGER = f"Écrivez un nombre entier, par exemple 1{NO_BREAK}200."
AMOUNT = f"Écrivez un montant, par exemple 1{NO_BREAK}200,50."
DATE = f"Cette date n’existe pas. Écrivez-la ainsi{NO_BREAK}: 31/12/2026."
TOO_LARGE = "Ce nombre est trop grand."
NEGATIVE = "Ce nombre ne peut pas être négatif."


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("land_area", "3200", 3200),
        ("land_area", "3 200", 3200),
        ("land_area", "3\N{NO-BREAK SPACE}200", 3200),
        ("land_area", "3\N{NARROW NO-BREAK SPACE}200", 3200),
        ("land_area", "3’200", 3200),
        ("land_area", "3200,0", 3200),
        ("land_area", "3 200 m²", 3200),
        ("land_area", "3200m2", 3200),
        ("land_area", "0", 0),
        ("land_area", "2147483647", 2147483647),
        ("land_area", " ", None),
        ("monthly_rent", "1 200,50", Decimal("1200.50")),
        ("monthly_rent", "1\N{NARROW NO-BREAK SPACE}200,5", Decimal("1200.5")),
        ("monthly_rent", "1200.50", Decimal("1200.50")),
        ("monthly_rent", "1 200,50\N{NO-BREAK SPACE}€", Decimal("1200.50")),
        ("monthly_rent", "850 euros", Decimal(850)),
        ("monthly_rent", "0", Decimal(0)),
        ("monthly_rent", "", None),
        ("last_activity_year", "1987", 1987),
        ("available_on", "2027-03-01", date(2027, 3, 1)),
        ("available_on", "01/03/2027", date(2027, 3, 1)),
        ("available_on", "", None),
        ("site_type", "friche d'habitat", "friche d'habitat"),
        ("site_type", "", ""),
        ("last_activity", "  Filature ", "Filature"),
        ("actor_needs", " deux\nlignes ", " deux\nlignes "),
    ],
)
def test_what_is_taken(name, typed, kept):
    assert fact_field(name).clean(typed) == kept


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("land_area", "beaucoup", INTEGER),
        ("land_area", "12,5", INTEGER),
        ("land_area", "3 ha", INTEGER),
        ("land_area", "12\x00", INTEGER),
        ("land_area", "NaN", INTEGER),
        ("land_area", "9" * 5000, INTEGER),  # Python itself reads no longer number
        ("land_area", "-1", NEGATIVE),
        ("land_area", "2147483648", TOO_LARGE),
        ("jobs", "9" * 30, TOO_LARGE),
        ("members", "-3", NEGATIVE),
        ("monthly_rent", "cher", AMOUNT),
        ("monthly_rent", "NaN", AMOUNT),
        ("monthly_rent", "-inf", AMOUNT),
        ("monthly_rent", "1,2,3", AMOUNT),
        ("monthly_rent", "-0,01", NEGATIVE),
        ("monthly_rent", "1,234", "Deux chiffres au plus après la virgule."),
        ("monthly_rent", "12345678901", TOO_LARGE),
        ("funding_sought", "1e30", TOO_LARGE),
        ("last_activity_year", "87", "Cette année doit se situer entre 1700 et 2200."),
        ("last_activity_year", "2201", "Cette année doit se situer entre 1700 et 2200."),
        (
            "last_activity_year",
            "vers 1990",
            "Écrivez une année en quatre chiffres, par exemple 1998.",
        ),
        ("available_on", "2027-02-30", DATE),
        ("available_on", "demain", DATE),
        ("available_on", "\x00", DATE),
        ("arrives_on", "0001-01-01", "Cette date doit se situer entre 1900 et 2200."),
        ("arrives_on", "2201-01-01", "Cette date doit se situer entre 1900 et 2200."),
        ("site_type", "usine", "Sélectionnez un choix valide. usine n’en fait pas partie."),
        ("sector", "friche d'habitat", None),
        ("last_activity", "a" * 251, None),
        ("creator_project", "a" * 100_001, None),
    ],
)
def test_what_is_refused_and_why(name, typed, sentence):
    with pytest.raises(forms.ValidationError) as refusal:
        fact_field(name).clean(typed)
    [found] = refusal.value.messages
    assert sentence is None or found == sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3,52341", 3.52341), ("-61.5", -61.5), ("180", 180.0), ("-180", -180.0), ("", None)],
)
def test_degrees_are_taken(typed, kept):
    assert Degrees(limit=180, required=False).clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["180,1", "-181", "nan", "inf", "-inf", "1e400", "Lille", "3,5 50,2", "3\x00"]
)
def test_degrees_are_refused(typed):
    with pytest.raises(forms.ValidationError) as refusal:
        Degrees(limit=180, required=False).clean(typed)
    assert refusal.value.messages in (
        ["Écrivez des degrés en nombre décimal, par exemple 50,36284."],
        ["Cette valeur est comprise entre -180 et 180 degrés."],
    )


def test_no_fact_of_a_kind_is_required_and_each_has_its_label():
    fields = {name: fact_field(name) for name in kinds.ALL}
    assert [name for name, field in fields.items() if field.required] == []
    labels = {name: field.label for name, field in fields.items()}
    assert labels["land_area"] == "Surface du terrain (m²)"
    assert labels["rent_budget"] == "Budget pour le loyer (€ par mois)"
    assert [label for label in labels.values() if label[0] != label[0].upper()] == []


def test_the_words_of_the_standard_begin_with_a_capital():
    choices = fact_field("soil_pollution").choices
    assert choices[:2] == [
        ("", "À préciser"),
        ("pollution inexistante", "Pollution inexistante"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("land_area", 3200, f"3{NO_BREAK}200"),
        ("monthly_rent", Decimal("1200.50"), f"1{NO_BREAK}200,50"),
        ("last_activity_year", 1987, "1987"),
        ("available_on", date(2027, 3, 1), "2027-03-01"),
    ],
)
def test_what_is_kept_is_shown_as_it_may_be_typed(name, value, shown):
    class Form(forms.Form):
        fact = fact_field(name)

    field = Form(initial={"fact": value})["fact"]
    assert f'value="{shown}"' in str(field)
    assert fact_field(name).clean(shown) == value
