"""How many requests the server is answering now."""

from threading import Condition

PATIENCE = 20  # seconds

_under_way = 0
_changed = Condition()


def count_requests(get_response):
    """Middleware; the outermost."""

    def middleware(request):
        _add(1)
        try:
            return get_response(request)
        finally:
            _add(-1)

    return middleware


def wait_for_none():
    """Returns when no request is being answered. TimeoutError: one is, for too long."""
    with _changed:
        if not _changed.wait_for(lambda: not _under_way, PATIENCE):
            raise TimeoutError(f"{_under_way} requests are still being answered")


def _add(difference):
    global _under_way
    with _changed:
        _under_way += difference
        _changed.notify_all()
