from datetime import date, datetime
from decimal import Decimal

import pytest

from opportunities.enums import SiteType, Stage
from opportunities.exchange import values
from opportunities.exchange.columns import BY_KEY, COLUMNS, propose
from opportunities.exchange.values import Refused
from opportunities.models import Opportunity

AREA = values.whole_number(Opportunity._meta.get_field("land_area"))
YEAR = values.whole_number(Opportunity._meta.get_field("last_activity_year"))
RENT = values.amount(Opportunity._meta.get_field("monthly_rent"))
LATITUDE = values.degrees(90)
STAGE = values.choice(dict(Stage.choices))


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (AREA, "3 000 m²", 3000),
        (AREA, "3\u202f000", 3000),
        (AREA, "12 000 000", 12_000_000),
        (AREA, 3000.0, 3000),
        (AREA, "3000,00", 3000),
        (AREA, 0, 0),
        (YEAR, "1987", 1987),
        (RENT, "1 234,56 €", Decimal("1234.56")),
        (RENT, "1234.5", Decimal("1234.5")),
        (RENT, 12.3, Decimal("12.30")),
        (RENT, "0", Decimal(0)),
        (LATITUDE, "51,0345678912", 51.0345678912),
        (LATITUDE, "−3.5", -3.5),
        (LATITUDE, 1e-05, 1e-05),
        (STAGE, "EN EXPLORATION", "explored"),
        (STAGE, "reperee", "detected"),
        (STAGE, "detected", "detected"),
        (values.choice(dict(SiteType.choices)), "Friche d’habitat", "friche d'habitat"),
        (STAGE, "Lancée", Stage.LAUNCHED),
        (STAGE, "Projet", Stage.FORMALISED),
        (values.day, "31/12/2026", date(2026, 12, 31)),
        (values.day, "1.2.2027", date(2027, 2, 1)),
        (values.day, "1/2/27", date(2027, 2, 1)),
        (values.day, "2026-12-31", date(2026, 12, 31)),
        (values.day, "2026-12-31T00:00:00", date(2026, 12, 31)),
        (values.day, "1er février 2027", date(2027, 2, 1)),
        (values.day, "3 août 2027", date(2027, 8, 3)),
        (values.day, "12 déc. 2026", date(2026, 12, 12)),
        (values.day, datetime(2026, 12, 31, 14, 30), date(2026, 12, 31)),  # noqa: DTZ001
        (values.line_of(20), " deux\nlignes ", "deux lignes"),
        (values.line_of(5), 59183.0, "59183"),
        (values.text_of(20), " à\r\nla lettre ", " à\nla lettre "),
        (values.line_of(20), "nul\x00 ici", "nul ici"),
        (values.line_of(20), date(2026, 1, 2), "02/01/2026"),
        (values.line_of(20), True, "oui"),
    ],
)
def test_read(read, cell, value):
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "sentence"),
    [
        (AREA, "grande", "« grande » n’est pas un nombre."),
        (AREA, "12,5", "« 12,5 » n’est pas un nombre entier."),
        (AREA, "1 2 3", "« 1 2 3 » n’est pas un nombre."),
        (AREA, "1e9999999", "« 1e9999999 » n’est pas un nombre."),
        (AREA, float("inf"), "« inf » n’est pas un nombre."),
        (AREA, True, "« True » n’est pas un nombre."),
        (AREA, -1, "Assurez-vous que cette valeur est supérieure ou égale à 0."),
        (YEAR, 12, "Assurez-vous que cette valeur est supérieure ou égale à 1700."),
        (RENT, "1,234", "Assurez-vous qu’il n’y a pas plus de 2 chiffres après la virgule."),
        (LATITUDE, "91", "« 91 » n’est pas entre -90 et 90 degrés (WGS 84)."),
        (
            values.day,
            "31/02/2026",
            "« 31/02/2026 » n’est pas une date : écrivez par exemple 31/12/2026.",
        ),
        (values.day, "1/2/87", "« 1/2/87 » n’est pas une date : écrivez par exemple 31/12/2026."),
        (values.day, "1-2-27", "« 1-2-27 » n’est pas une date : écrivez par exemple 31/12/2026."),
        (values.day, 45000.0, "« 45000.0 » n’est pas une date : écrivez par exemple 31/12/2026."),
        (
            values.choice({"a": "Oui", "b": "Non"}),
            "peut-être",
            "« peut-être » n’est pas un choix possible. Choix : Oui / Non.",
        ),
        (
            values.choice({"a": "Friche agricole", "b": "Friche minière"}),
            "Friche",
            "« Friche » n’est pas un choix possible. Choix : Friche agricole / Friche minière.",
        ),
        (values.line_of(3), "long", "ce texte compte 4 caractères ; 3 au plus sont possibles."),
        (values.line_of(30), "#REF!", "la formule de cette cellule a échoué (#REF!)."),
    ],
)
def test_refuse(read, cell, sentence):
    with pytest.raises(Refused) as refusal:
        read(cell)
    said = str(refusal.value)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_every_column_is_recognised_by_its_header_its_key_and_in_capitals():
    for spell in (lambda c: c.header, lambda c: c.key, lambda c: c.header.upper()):
        assert propose(map(spell, COLUMNS)) == [column.key for column in COLUMNS]
    assert len(BY_KEY) == len(COLUMNS)


def test_headers_of_others_are_recognised_once():
    headers = ["TITRE", "Titre ", "surface batie", "comm_insee", "Quartier", "Rien", "", "site_nom"]
    assert propose([*headers, "Pour le"]) == [
        "intitule",
        "",
        "surface_batie_m2",
        "code_insee",
        "quartier_prioritaire",
        "",
        "",
        "",
        "date_de_la_prochaine_action",
    ]
