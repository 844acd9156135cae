"""Writes during a GET: mail scanners and browsers that fetch ahead must change nothing."""

import re

from django.db import connections

from tests.harness import violations

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# A session is kept alive or flushed by any request, and sign-in limits count in the cache.
ALLOWED_TABLES = {"django_session", "cache"}
_WRITE = re.compile(
    r'\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE
)


def check_writes(get_response):
    def middleware(request):
        if request.method not in SAFE_METHODS:
            return get_response(request)
        connection = connections["default"]
        with connection.execute_wrapper(_watcher(f"{request.method} {request.path}")):
            return get_response(request)

    return middleware


def _watcher(what):
    def watch(execute, sql, params, many, context):
        match = _WRITE.match(sql)
        if match and match[1] not in ALLOWED_TABLES:
            violations.add(f"a write to {match[1]} during {what}")
        return execute(sql, params, many, context)

    return watch
