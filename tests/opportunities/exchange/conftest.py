import io
import zipfile

import openpyxl
import pytest

from opportunities.enums import ImportState
from opportunities.exchange import ods
from opportunities.exchange.importing import begin_check, begin_writing
from opportunities.models import FileImport
from tests import factories


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def xlsx(*rows, **sheets):
    """The bytes of a workbook; `sheets` are further sheets by name."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, others in sheets.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods_of(*rows):
    file = io.BytesIO()
    ods.write_rows(file, sheet="Feuille1", rows=rows)
    return file.getvalue()


def csv_of(*rows, delimiter=";", encoding="utf-8"):
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def with_part(package, name, content):
    """The zip file `package` with one part replaced or added."""
    source, target = zipfile.ZipFile(io.BytesIO(package)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.infolist():
            if part.filename != name:
                copy.writestr(part, source.read(part))
        copy.writestr(name, content)
    return target.getvalue()


@pytest.fixture
def run_tasks(run_tasks, django_capture_on_commit_callbacks):
    """As everywhere; what waits for the commit is done too."""

    def run():
        with django_capture_on_commit_callbacks(execute=True):
            return run_tasks()

    return run


@pytest.fixture
def check(territory, lead, run_tasks):
    """`check(content)` is the import of a file, its rows checked by the matching proposed."""

    def run(content, *, default_kind="", territory=territory, by=lead):
        file_import = factories.upload_spreadsheet(territory, by, content)
        FileImport.objects.filter(pk=file_import.pk).update(default_kind=default_kind)
        file_import.refresh_from_db()
        begin_check(file_import)
        run_tasks()
        return FileImport.objects.get(pk=file_import.pk)

    return run


@pytest.fixture
def bring_in(check, lead, run_tasks):
    """`bring_in(content)` checks a file and writes it; it must have nothing to correct."""

    def run(content, *, by=lead, **options):
        file_import = check(content, by=by, **options)
        assert problems(file_import) == []
        begin_writing(file_import=file_import, by=by, leave_out=False)
        run_tasks()
        file_import.refresh_from_db()
        assert file_import.state == ImportState.WRITTEN
        return file_import

    return run


def problems(file_import):
    """(line, column, sentence) of all that is wrong."""
    assert file_import.failure == ""
    rows = file_import.rows.exclude(problems=[]).order_by("line")
    return [(row.line, *problem) for row in rows for problem in row.problems]
