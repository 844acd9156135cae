from django.db import migrations

from opportunities.searching import findable

INDEX = "opportunities_found_by_words"


def index(apps, schema_editor):
    # Django's TrigramExtension can't be undone on SQLite.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(
            f"CREATE INDEX {INDEX} ON opportunities_opportunity "
            "USING gin (search_text gin_trgm_ops)"
        )


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDEX}")


def fill(apps, schema_editor):
    """What the rows written so far can be found by; they have no facts of their kind yet."""
    rows = apps.get_model("opportunities", "Opportunity").objects.select_related(
        "district", "commune"
    )
    for row in rows.filter(search_text=""):
        texts = [row.ref, row.title, row.description, row.place]
        texts += [f"{place.name} {place.code}" for place in (row.district, row.commune) if place]
        rows.filter(pk=row.pk).update(search_text=findable(texts))


class Migration(migrations.Migration):
    # A base that went through them has all of this.
    replaces = [
        ("opportunities", "0006_find_by_words"),
        ("opportunities", "0007_count_current_ones_by_an_index"),
        ("opportunities", "0008_fill_the_words_of_the_rows"),
    ]

    dependencies = [
        ("opportunities", "0002_kinds_actions_people_files_and_imports"),
    ]

    operations = [
        migrations.RunPython(index, remove_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
