"""How much one request may bring. Django counts the texts of a form and not its files, which it
would write to the disk however heavy."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MAX_REQUEST_BYTES = 100 * 1024 * 1024  # six files of 15 MB; static/js/attachments.js says it too
# A browser shows the answer once it has sent everything: up to so much is read, and dropped.
_DRAINED = 5 * MAX_REQUEST_BYTES
_CHUNK = 64 * 1024


class RefuseHugeRequests(FileUploadHandler):
    """Stands before the handlers that keep files. Raises RequestDataTooBig, whose page is 413."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803
        if content_length <= MAX_REQUEST_BYTES:
            return
        if content_length <= _DRAINED:
            while input_data.read(_CHUNK):
                pass
        raise RequestDataTooBig(f"A request of {content_length} bytes.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        """The next handler makes the file."""
