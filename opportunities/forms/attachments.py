import hashlib
import uuid

from django import forms

from opportunities.attachments import ACCEPTED, MAX_AT_ONCE
from opportunities.forms.fields import RequestKey, SeveralFiles


class AttachForm(forms.Form):
    files = SeveralFiles(
        label="Photos ou documents",
        help_text=(
            "Photos, PDF, Word, Excel, PowerPoint ou LibreOffice, 15 Mo au plus "
            f"chacun, {MAX_AT_ONCE} à la fois. Une photo est gardée sans le lieu ni l’appareil "
            "qu’elle indique."
        ),
        error_messages={"required": "Choisissez au moins un fichier."},
    )
    request_key = RequestKey()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="attach_%s", **kwargs)
        self.fields["files"].widget.attrs["accept"] = ",".join(ACCEPTED)

    def uploads(self):
        """(upload, request key) of each file. The same form sent twice gives the same keys, in
        whatever order the browser puts its files; sent with another file, it gives another key."""
        drawn = self.cleaned_data["request_key"]
        for upload in self.cleaned_data["files"]:
            digest = hashlib.file_digest(upload, "sha256").hexdigest()
            upload.seek(0)
            yield upload, uuid.uuid5(drawn, digest)
