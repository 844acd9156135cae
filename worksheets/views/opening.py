"""How the views of this app get at a worksheet, and at what was written to them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.wording import NORMALISED, normalise
from worksheets.access import Access
from worksheets.models import Worksheet


def open_worksheet(request, territory_ref, worksheet_ref):
    """The `Access` of the signed-in person to a worksheet; 404 where they may not see it."""
    worksheet = get_object_or_404(
        Worksheet.objects.open_to(request.user), territory__ref=territory_ref, ref=worksheet_ref
    )
    return Access(request.user, worksheet)


def slot_or_404(sheet, name):
    """The slot of that name among those that the reader of `sheet` sees."""
    slot = sheet.content.slot_named(name)
    if slot is None:
        raise Http404
    return slot


def tell_if_normalised(request, *texts):
    """Tells the author of `texts`, kept by now, that not every character of them could be."""
    if any(normalise(text)[1] for text in texts):
        messages.warning(request, NORMALISED)
