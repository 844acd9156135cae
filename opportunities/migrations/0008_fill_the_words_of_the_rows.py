from django.db import migrations

from opportunities.searching import findable


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
    dependencies = [
        ("opportunities", "0007_count_current_ones_by_an_index"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
