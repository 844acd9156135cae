"""What an import of 10,000 rows costs, on PostgreSQL.

`measure` starts a server of its own and measures there, in other processes: Django's settings name
one database, and a process only tells its peak of memory once.
"""

import gc
import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from dataclasses import asdict
from pathlib import Path
from string import ascii_uppercase
from time import perf_counter
from xml.sax.saxutils import escape

import django
from django.core.management import call_command
from django.db import transaction

from bench.figures import Figure

FEW, MANY, ROUNDS = 1_000, 10_000, 5
HEADERS = (
    "Identifiant d’origine",
    "Type",
    "Intitulé",
    "Description",
    "Lieu",
    "Commune",
    "Longitude",
    "Latitude",
    "Surface du terrain",
    "Dernière activité",
)
SENTENCE = "Repérée pendant une visite de quartier, avec les services et le conseil citoyen. "


def measure():
    """The figures, from other processes with PostgreSQL."""
    command = [
        sys.executable,
        "-m",
        "tests.harness.postgres",
        sys.executable,
        "-m",
        "bench.exchange",
    ]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603
    return [Figure(**figure) for figure in json.loads(told)]


def _measure_here():
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    _create_territory()
    figures = [_of_writing()]
    for name in ("csv", "xlsx"):
        few, many = (_peak_elsewhere(name, rows) for rows in (FEW, MANY))
        figures.append(
            Figure(
                f"memory of the check of {MANY} rows of {name.upper()}, times that of {FEW}",
                value=many / few,
                limit=1.15,
                detail=f"{many:.0f} MB against {few:.0f} MB",
            )
        )
    return figures


def _of_writing():
    """Everything that the writing does, against a bare bulk_create of the same opportunities, by
    turns and undone each time; the fastest of each, for what disturbs only makes it longer."""
    from opportunities.models import Opportunity  # noqa: PLC0415  once Django is set up

    file_import = _checked(_made("csv", MANY), MANY)
    _timed(lambda: _write(file_import))
    ours, bare = [], []
    with transaction.atomic():
        _write(file_import)
        written = list(Opportunity.objects.all())
        transaction.set_rollback(True)
    for _ in range(ROUNDS):
        ours.append(_timed(lambda: _write(file_import)))
        for opportunity in written:
            opportunity.pk = None
        bare.append(_timed(lambda: Opportunity.objects.bulk_create(written)))
    return Figure(
        f"writing {MANY} imported rows, times a bare bulk_create of them",
        value=min(ours) / min(bare),
        limit=3,
        detail=f"{min(ours):.2f} s against {min(bare):.2f} s",
    )


def _timed(act):
    gc.collect()
    with transaction.atomic():
        start = perf_counter()
        act()
        seconds = perf_counter() - start
        transaction.set_rollback(True)
    return seconds


def _write(file_import):
    from opportunities.exchange.writing import write_rows  # noqa: PLC0415

    file_import.refresh_from_db()
    write_rows(file_import=file_import, by=file_import.created_by)


def _checked(file, rows):
    """An import of `rows` rows from the path `file`, checked and about to be written."""
    from django.core.files.uploadedfile import UploadedFile  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from opportunities.enums import ImportState  # noqa: PLC0415
    from opportunities.exchange import importing  # noqa: PLC0415
    from opportunities.models import FileImport  # noqa: PLC0415
    from territories.models import Territory  # noqa: PLC0415

    with file.open("rb") as source:
        file_import = importing.upload(
            territory=Territory.objects.get(),
            file=UploadedFile(source, file.name),
            by=User.objects.get(),
        )
    importing.begin_check(file_import)
    importing.check_file.call(file_import.ref, file_import.attempt)
    file_import.refresh_from_db()
    if file_import.counts != {"create": rows}:
        raise ValueError(f"{file_import.counts} {file_import.failure}")
    FileImport.objects.filter(pk=file_import.pk).update(state=ImportState.WRITING)
    return file_import


def _create_territory():
    from accounts.models import User  # noqa: PLC0415
    from territories.enums import Role  # noqa: PLC0415
    from territories.models import (  # noqa: PLC0415
        EPCI,
        CityContract,
        Commune,
        Departement,
        Grant,
        Territory,
    )

    lead = User.objects.create_user("lead@bench.example", "Camille Mesure", "bench-quartiers")
    departement = Departement.objects.create(code="59", name="Nord", region_code="32")
    epci = EPCI.objects.create(siren="200000000", name="CU de Dunkerque", nature="CU")
    Commune.objects.create(code="59183", name="Dunkerque", departement=departement, epci=epci)
    contract = CityContract.objects.create(code="200000000", name=epci.name)
    contract.epcis.add(epci)
    territory = Territory.objects.create(name=contract.name, contract=contract)
    Grant.objects.create(user=lead, territory=territory, role=Role.LEAD)


def _rows(count):
    yield HEADERS
    for number in range(count):
        yield (
            f"59183_{number}",
            "Friche",
            f"Halle de la rue {number}",
            f"{SENTENCE * 3}Numéro {number}.",
            f"{number} rue du Port",
            "Dunkerque",
            f"{2.3 + number / 1e6:.6f}".replace(".", ","),
            f"{51 + number / 1e6:.6f}".replace(".", ","),
            f"{number % 9000} m²",
            "Filature",
        )


def _csv(count):
    return "\r\n".join(";".join(row) for row in _rows(count)).encode()


def _xlsx(count):
    """As Excel writes it: the texts in a table of their own, to which the cells point."""
    places: dict[str, int] = {}
    lines = []
    for line, row in enumerate(_rows(count), start=1):
        cells = "".join(
            f'<c r="{letter}{line}" t="s"><v>{places.setdefault(text, len(places))}</v></c>'
            for letter, text in zip(ascii_uppercase, row, strict=False)
        )
        lines.append(f'<row r="{line}">{cells}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in places)
    return _package(
        f"<worksheet {space}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        f"<sst {space}>{strings}</sst>",
    )


def _package(sheet, strings):
    """An empty workbook with another sheet, and a table of texts."""
    import openpyxl  # noqa: PLC0415

    empty, file = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(empty)
    with zipfile.ZipFile(empty) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for part in source.namelist():
            content = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content = sheet.encode()
            if part == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings"
                override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}+xml"/>'
                content = content.replace(b"</Types>", f"{override}</Types>".encode())
            book.writestr(part, content)
        book.writestr("xl/sharedStrings.xml", strings)
    return file.getvalue()


def _made(name, rows):
    """The path of a file of `rows` rows."""
    file = Path(os.environ["VAR_DIR"]) / f"{rows}.{name}"
    file.write_bytes({"csv": _csv, "xlsx": _xlsx}[name](rows))
    return file


def _peak_elsewhere(name, rows):
    """Megabytes that a process of its own takes at most to check a file."""
    command = [sys.executable, "-m", "bench.exchange", str(_made(name, rows)), str(rows)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603
    return float(told)


def _peak_here(file, rows):
    _checked(Path(file), int(rows))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    django.setup()
    if sys.argv[1:]:
        print(_peak_here(*sys.argv[1:]))  # noqa: T201
    else:
        print(json.dumps([asdict(figure) for figure in _measure_here()]))  # noqa: T201
