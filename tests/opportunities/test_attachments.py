import os
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from journal.models import Entry
from opportunities import attachments
from opportunities.attachments import TooMany, attach, forget_files_of, remove
from opportunities.enums import ActionKind
from opportunities.models import Attachment, DetectionAction, FileImport
from opportunities.uploads import Refused
from tests import factories
from tests.opportunities.files import PDF, office, on_disk, photo, upload

pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture
def action(territory, lead):
    return DetectionAction.objects.create(
        territory=territory,
        kind=ActionKind.VISIT,
        title="Marche dans le quartier",
        starts_at=timezone.now(),
        created_by=lead,
        updated_by=lead,
    )


def told():
    """(verb, target, data) of the journal's entries about files."""
    entries = Entry.objects.filter(verb__contains=".file_").order_by("pk")
    return [(entry.verb, entry.target, entry.data) for entry in entries]


def names_of(attachment):
    return sorted(file.name for file in (attachment.file, attachment.thumbnail) if file)


# Attaching


def test_a_photo(opportunity, contributor, media):
    kept = attach(opportunity=opportunity, by=contributor, upload=upload(photo("PNG"), "Halle.PNG"))
    kept.refresh_from_db()
    assert (kept.name, kept.media_type) == ("Halle.jpg", "image/jpeg")
    assert (kept.width, kept.height, kept.is_photo) == (80, 60, True)
    assert kept.owner == opportunity
    assert kept.added_by == contributor
    assert kept.file.size == kept.size
    assert on_disk(media) == names_of(kept)
    for name in names_of(kept):
        assert (media / name).read_bytes().startswith(b"\xff\xd8\xff")
    assert told() == [("opportunity.file_added", opportunity.target, {"file": "Halle.jpg"})]
    before = opportunity.updated_at
    opportunity.refresh_from_db()
    assert (opportunity.updated_by, opportunity.updated_at > before) == (contributor, True)
    assert opportunity.version == 1  # whoever edits the facts meanwhile has no conflict


def test_a_document_of_an_action(action, lead, media):
    kept = attach(action=action, by=lead, upload=upload(office(".docx"), "Compte rendu.docx"))
    assert (kept.owner, kept.name, kept.size) == (action, "Compte rendu.docx", len(office(".docx")))
    assert (kept.is_photo, kept.width, kept.height) == (False, None, None)
    assert on_disk(media) == [kept.file.name]
    assert (media / kept.file.name).read_bytes() == office(".docx")
    assert told() == [("action.file_added", action.target, {"file": "Compte rendu.docx"})]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Étude de marché – été.pdf", "Étude de marché – été.pdf"),
        ("e\N{COMBINING ACUTE ACCENT}tude.pdf", "étude.pdf"),
        ("devis.exe", "devis.pdf"),
        ("page.html", "page.pdf"),
        ("sans suffixe", "sans suffixe.pdf"),
        ("a/b\\c:d*e?.pdf", "b-c-d-e-.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("fdp\N{RIGHT-TO-LEFT OVERRIDE}exe.pdf", "fdpexe.pdf"),
        ("a\x00\r\nb.pdf", "ab.pdf"),
        ("  deux   mots  .pdf", "deux mots.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "Sans titre.pdf"),
        ("", "Sans titre.pdf"),
        ("n" * 300 + ".pdf", "n" * 196 + ".pdf"),
        ("Devis 🧱.pdf", "Devis 🧱.pdf"),
    ],
)
def test_names(opportunity, lead, name, expected):
    kept = attach(opportunity=opportunity, by=lead, upload=upload(PDF, name))
    assert Attachment.objects.get().name == kept.name == expected


def test_what_is_refused_leaves_nothing(opportunity, lead, media):
    for content in (b"", b"du texte", photo()[:50], b"<svg/>"):
        with pytest.raises(Refused):
            attach(opportunity=opportunity, by=lead, upload=upload(content))
    assert Attachment.objects.count() == 0
    assert on_disk(media) == []
    assert told() == []


def test_the_same_request_twice_is_once(opportunity, lead, contributor, media):
    key = uuid.uuid4()
    first = attach(opportunity=opportunity, by=lead, upload=upload(PDF), request_key=key)
    assert attach(opportunity=opportunity, by=lead, upload=upload(PDF), request_key=key) == first
    other = attach(opportunity=opportunity, by=contributor, upload=upload(PDF), request_key=key)
    again = attach(opportunity=opportunity, by=lead, upload=upload(PDF))
    assert len({first.pk, other.pk, again.pk}) == Attachment.objects.count() == 3
    assert len(on_disk(media)) == len(told()) == 3


def test_two_requests_at_the_same_instant_are_one(opportunity, lead, media, monkeypatch):
    """The second looked before the first had written."""
    key = uuid.uuid4()
    first = attach(opportunity=opportunity, by=lead, upload=upload(PDF), request_key=key)
    answers = iter([None, first])
    monkeypatch.setattr(attachments, "_made_before", lambda *_: next(answers))
    assert attach(opportunity=opportunity, by=lead, upload=upload(PDF), request_key=key) == first
    assert on_disk(media) == [first.file.name]
    assert len(told()) == 1


def test_no_more_than_so_many(opportunity, action, lead, media, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_FILES", 2)
    for _ in range(2):
        attach(opportunity=opportunity, by=lead, upload=upload(PDF))
    with pytest.raises(TooMany):
        attach(opportunity=opportunity, by=lead, upload=upload(photo()))
    attach(action=action, by=lead, upload=upload(PDF))
    assert Attachment.objects.count() == len(on_disk(media)) == len(told()) == 3


def test_a_row_that_can_t_be_written_leaves_no_file(opportunity, lead, media, monkeypatch):
    def fail(*_, **__):
        raise DatabaseError("the disk of the base is full")

    monkeypatch.setattr(attachments, "record_act", fail)
    with pytest.raises(DatabaseError):
        attach(opportunity=opportunity, by=lead, upload=upload(photo()))
    assert Attachment.objects.count() == 0
    assert on_disk(media) == []


def test_a_file_belongs_to_one_thing(opportunity, action, lead, media):
    with pytest.raises(DatabaseError):
        attach(opportunity=opportunity, action=action, by=lead, upload=upload(PDF))
    assert on_disk(media) == []


# Removing


def test_removing(opportunity, lead, contributor, media, django_capture_on_commit_callbacks):
    kept = attach(opportunity=opportunity, by=lead, upload=upload(PDF, "Plan.pdf"))
    gone = attach(opportunity=opportunity, by=lead, upload=upload(photo(), "Halle.jpg"))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove(attachment=gone, by=contributor)
        assert len(on_disk(media)) == 3  # until the transaction is over
    assert list(Attachment.objects.all()) == [kept]
    assert on_disk(media) == [kept.file.name]
    assert told()[-1] == ("opportunity.file_removed", opportunity.target, {"file": "Halle.jpg"})
    assert Entry.objects.latest("pk").actor == contributor


def test_removing_twice_is_once(opportunity, lead):
    attach(opportunity=opportunity, by=lead, upload=upload(PDF))
    first, second = Attachment.objects.get(), Attachment.objects.get()
    assert remove(attachment=first, by=lead)
    assert not remove(attachment=second, by=lead)
    assert len(told()) == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_keeps_its_file(opportunity, lead, media):
    kept = attach(opportunity=opportunity, by=lead, upload=upload(photo()))
    with transaction.atomic():
        remove(attachment=kept, by=lead)
        transaction.set_rollback(True)
    assert Attachment.objects.get() == kept
    assert on_disk(media) == names_of(kept)


def test_files_of_what_is_deleted_for_good(
    opportunity, lead, media, django_capture_on_commit_callbacks
):
    for content in (PDF, photo()):
        attach(opportunity=opportunity, by=lead, upload=upload(content))
    with django_capture_on_commit_callbacks(execute=True):
        forget_files_of(opportunity.attachments.all())
        opportunity.stage_changes.all().delete()
        opportunity.delete()
    assert Attachment.objects.count() == 0
    assert on_disk(media) == []


# The disk and the base


def sweep(capsys, *options):
    call_command("sweep_files", *options)
    captured = capsys.readouterr()
    return captured.out.splitlines(), captured.err.splitlines()


def age(media, name):
    """The file is two hours old."""
    then = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(media / name, (then, then))


def test_sweeping(opportunity, lead, media, capsys):
    kept = attach(opportunity=opportunity, by=lead, upload=upload(photo()))
    lost = attach(opportunity=opportunity, by=lead, upload=upload(PDF))
    stray, fresh = "attachments/ab/ab234567.pdf", "attachments/ab/ab234568.pdf"
    for name in (stray, fresh):
        default_storage.save(name, upload(PDF))
    for name in (stray, *names_of(kept)):
        age(media, name)
    (media / lost.file.name).unlink()
    missing = [f"Manque sur le disque\N{NO-BREAK SPACE}: {lost.file.name}"]

    assert sweep(capsys, "--dry-run") == (
        [stray, "Fichiers à effacer\N{NO-BREAK SPACE}: 1."],
        missing,
    )
    assert on_disk(media) == sorted([*names_of(kept), stray, fresh])
    assert sweep(capsys) == ([stray, "Fichiers effacés\N{NO-BREAK SPACE}: 1."], missing)
    assert on_disk(media) == sorted([*names_of(kept), fresh])
    assert sweep(capsys) == (["Fichiers effacés\N{NO-BREAK SPACE}: 0."], missing)


def test_sweeping_where_nothing_was_ever_attached(db, capsys):
    assert sweep(capsys) == (["Fichiers effacés\N{NO-BREAK SPACE}: 0."], [])


@pytest.mark.django_db(transaction=True)
def test_what_a_rolled_back_caller_leaves_is_swept(opportunity, lead, media, capsys):
    with transaction.atomic():
        attach(opportunity=opportunity, by=lead, upload=upload(PDF))
        transaction.set_rollback(True)
    (name,) = on_disk(media)
    age(media, name)
    assert sweep(capsys)[0] == [name, "Fichiers effacés\N{NO-BREAK SPACE}: 1."]
    assert on_disk(media) == []


def test_sweeping_forgets_the_imports_that_nobody_finished(
    territory, lead, media, capsys, django_capture_on_commit_callbacks
):
    old, fresh = (factories.upload_spreadsheet(territory, lead) for _ in range(2))
    FileImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert sweep(capsys, "--dry-run")[0] == [
        old.file.name,
        "Fichiers à effacer\N{NO-BREAK SPACE}: 1.",
    ]
    with django_capture_on_commit_callbacks(execute=True):
        sweep(capsys)
    assert list(FileImport.objects.all()) == [fresh]
    assert on_disk(media) == [fresh.file.name]
