"""What the server is being asked now."""

from contextlib import contextmanager
from threading import Condition

PATIENCE = 20  # seconds

_under_way: list[str] = []  # the addresses that are asked for
_changed = Condition()


def note_requests(get_response):
    """Middleware; the outermost."""

    def middleware(request):
        with _counted(request.path):
            return get_response(request)

    return middleware


def wait_for_none():
    """Returns when no request is being answered. TimeoutError: one is, for too long."""
    with _changed:
        if not _changed.wait_for(lambda: not _under_way, PATIENCE):
            raise TimeoutError(f"still being answered: {_under_way}")


@contextmanager
def _counted(path):
    with _changed:
        _under_way.append(path)
    try:
        yield
    finally:
        with _changed:
            _under_way.remove(path)
            _changed.notify_all()
