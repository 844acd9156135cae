"""Files of opportunities and of detection actions. They are given by these views alone, through the
permission of what they belong to; MEDIA_ROOT has no address."""

import logging

from csp.constants import NONE
from csp.decorators import csp
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.templatetags.french import plural
from opportunities.attachments import attach, remove
from opportunities.forms.attachments import AttachForm
from opportunities.models import Attachment, DetectionAction, Opportunity
from opportunities.permissions import (
    check_user_can_write,
    check_user_can_write_actions,
    user_can_write,
    user_can_write_actions,
)
from opportunities.uploads import Refused
from opportunities.writing import MergedMeanwhile

logger = logging.getLogger(__name__)

# Nothing that a file holds may run or load, should a browser ever show it as a page.
sandboxed = csp({"default-src": [NONE], "sandbox": [""]})


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_attachments(request, territory_ref, ref):
    return _attachments_of(request, Opportunity, territory_ref, ref)


@require_http_methods(["GET", "HEAD", "POST"])
def action_attachments(request, territory_ref, ref):
    return _attachments_of(request, DetectionAction, territory_ref, ref)


@require_safe
@sandboxed
def attachment_read(request, ref, name):
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), ref=ref)
    if name != attachment.name:  # not asked of the base: PostgreSQL takes no NUL
        raise Http404
    return _given(request, attachment, attachment.file, attachment.media_type)


@require_safe
@sandboxed
def attachment_preview(request, ref):
    photos = Attachment.objects.visible_to(request.user).exclude(thumbnail="")
    attachment = get_object_or_404(photos, ref=ref)
    return _given(request, attachment, attachment.thumbnail, attachment.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_remove(request, ref):
    visible = Attachment.objects.visible_to(request.user).select_related(
        "opportunity__territory", "action__territory"
    )
    attachment = get_object_or_404(visible, ref=ref)
    owner = attachment.owner
    _check_user_can_write(request.user, owner)
    if request.method != "POST":
        context = {"attachment": attachment, "owner": owner, "owner_url": _address_of(owner)}
        return render(request, "opportunities/attachment_remove.html", context)
    remove(attachment=attachment, by=request.user)
    messages.success(request, f"« {attachment.name} » est supprimé.")
    return redirect(_address_of(owner))


def attachments_section(owner, *, can_write, **parts):
    """What templates/opportunities/attachments.html shows of `owner`, an opportunity or an action;
    `parts` are what an attempt to attach has to say."""
    attachments = list(owner.attachments.select_related("added_by"))
    route = "attachments" if isinstance(owner, Opportunity) else "action-attachments"
    return {
        "photos": [one for one in attachments if one.is_photo],
        "documents": [one for one in attachments if not one.is_photo],
        "count": len(attachments),
        "can_write": can_write,
        "url": reverse(f"opportunities:{route}", args=[owner.territory.ref, owner.ref]),
        "form": AttachForm() if can_write else None,
        "refusals": [],
        "added": "",
        **parts,
    }


def _attachments_of(request, model, territory_ref, ref):
    """The page of the files alone, which also answers, without JavaScript, a form with something to
    mend; to htmx, its section."""
    visible = model.objects.visible_to(request.user).select_related("territory")
    owner = get_object_or_404(visible, territory__ref=territory_ref, ref=ref)
    if model is Opportunity and owner.merged_into_id:  # which has nothing of its own any more
        raise MergedMeanwhile(owner)
    if request.method != "POST":
        return _render(request, owner)
    _check_user_can_write(request.user, owner)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, owner, status=400, form=form)
    added, refusals = _attach_each(request, owner, form)
    sentence = f"{added} fichier{plural(added)} joint{plural(added)}." if added else ""
    if refusals or request.htmx:
        status = 400 if refusals else 200
        return _render(request, owner, status=status, refusals=refusals, added=sentence)
    messages.success(request, sentence)
    return redirect(_address_of(owner))


def _attach_each(request, owner, form):
    """(how many files are kept, [(name, why it isn't) for each other])"""
    added, refusals = 0, []
    key = "opportunity" if isinstance(owner, Opportunity) else "action"
    for upload, request_key in form.uploads():
        try:
            attach(upload=upload, by=request.user, request_key=request_key, **{key: owner})
            added += 1
        except Refused as refusal:
            refusals.append((upload.name, str(refusal)))
    return added, refusals


def _render(request, owner, *, status=200, **parts):
    section = attachments_section(owner, can_write=_can_write(request.user, owner), **parts)
    context = {"section": section, "owner": owner, "owner_url": _address_of(owner)}
    template = "attachments.html" if request.htmx else "attachments_page.html"
    return render(request, f"opportunities/{template}", context, status=status)


def _given(request, attachment, file, media_type):
    """The file as it is kept: shown where it is a photo of ours, else downloaded.

    What a ref names never changes, so that a browser may keep it, for its user alone, and asks only
    whether it may still show it.
    """
    # A photo and its thumbnail have different names on the disk.
    etag = f'"{file.name}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            stream = file.open("rb")
        except FileNotFoundError:
            logger.error("The file %s of attachment %s is missing", file.name, attachment.ref)
            raise Http404 from None
        response = FileResponse(
            stream,
            as_attachment=not attachment.is_photo,
            filename=attachment.name,
            content_type=media_type,
        )
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _can_write(user, owner):
    if isinstance(owner, Opportunity):
        return user_can_write(user, owner)
    return user_can_write_actions(user, owner.territory)


def _check_user_can_write(user, owner):
    if isinstance(owner, Opportunity):
        check_user_can_write(user, owner)
    else:
        check_user_can_write_actions(user, owner.territory)


def _address_of(owner):
    route = "detail" if isinstance(owner, Opportunity) else "action-detail"
    return reverse(f"opportunities:{route}", args=[owner.territory.ref, owner.ref])
