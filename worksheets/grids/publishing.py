"""From the declarations in code to immutable versions in the database."""

from django.db import transaction

from worksheets.grids.declarations import GRIDS
from worksheets.models import GridVersion


@transaction.atomic
def publish_grids():
    """Publishes each declared grid that differs from the latest version of its step.

    Returns the versions created, none when everything is published already. Worksheets keep the
    version they are pinned to.
    """
    published = []
    for grid in GRIDS:
        latest = GridVersion.objects.latest_of(grid.step)
        if latest is None or latest.declaration != grid.to_json():
            number = latest.number + 1 if latest else 1
            published.append(
                GridVersion.objects.create(
                    step=grid.step, number=number, declaration=grid.to_json()
                )
            )
    return published
