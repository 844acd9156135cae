from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

INDEX = "opportunities_found_by_words"


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {INDEX} ON opportunities_opportunity "
            "USING gin (search_text gin_trgm_ops)"
        )


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDEX}")


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0005_imports_of_spreadsheets"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunPython(index, remove_index),
    ]
