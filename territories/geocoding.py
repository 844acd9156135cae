"""Searching for an address in the national geocoding service (Base Adresse Nationale, served by
IGN's Géoplateforme): an answer in GeoJSON, of which four facts are kept.

The service is a convenience: where it is absent, down or odd, one clicks on the map.
"""

import json
import re
import time
from http.client import HTTPException
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from territories.measuring import position

SHORTEST, LONGEST = 3, 200  # letters: what the service takes
LIMIT = 6  # addresses
TIMEOUT = 3  # seconds to connect, and for each piece of the answer
PATIENCE = 5  # seconds for the whole answer
LARGEST = 256 * 1024  # bytes; six addresses are some 4 KB

_ODD = (
    OSError,  # no network, no such host, too slow, an answer of 4xx or 5xx
    HTTPException,
    ValueError,  # no JSON, no position, no address of a service in the settings
    RecursionError,  # JSON of a hundred thousand brackets
    TypeError,  # JSON of another shape
    LookupError,
    AttributeError,
)


class Address(NamedTuple):
    """A place that the service knows: degrees in WGS 84, INSEE code of the commune ("" unknown)."""

    label: str
    longitude: float
    latitude: float
    commune: str


class GeocodingUnavailable(Exception):
    def __init__(self, reason="La recherche d’adresses ne répond pas pour le moment"):
        super().__init__(f"{reason} : cliquez sur la carte.")


class UnusableSearch(Exception):
    def __init__(self):
        super().__init__(
            f"Écrivez entre {SHORTEST} et {LONGEST} lettres, comme « 12 rue du Port Roubaix »."
        )


class _SameHost(HTTPRedirectHandler):
    """Nothing is asked of a host that the settings don't name."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # noqa: PLR0917  urllib's own
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise HTTPError(newurl, code, msg, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def search_addresses(text: str) -> list[Address]:
    """The addresses that resemble `text`, best first. Raises UnusableSearch for a text that the
    service would not take, GeocodingUnavailable where the settings name none or when it doesn't
    answer in time or as agreed."""
    words = _words(text)
    if not SHORTEST <= len(words) <= LONGEST:
        raise UnusableSearch
    if not settings.GEOCODING_URL:
        raise GeocodingUnavailable("La recherche d’adresses n’est pas installée ici")
    try:
        features = json.loads(_asked(words))["features"]
        return [_address(feature) for feature in features[:LIMIT]]
    except _ODD as error:
        raise GeocodingUnavailable from error


def _words(text: str) -> str:
    """On one line, from the first letter or digit on: the service takes nothing else."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(re.sub(r"^\W+", "", line).split())


def _asked(words: str) -> bytes:
    address = f"{settings.GEOCODING_URL}?{urlencode({'q': words, 'limit': LIMIT})}"
    if urlsplit(address).scheme not in ("http", "https"):  # urllib would also open files
        raise ValueError(address)
    request = Request(address, headers={"Accept": "application/json"})  # noqa: S310  checked above
    until = time.monotonic() + PATIENCE
    content = b""
    with build_opener(_SameHost).open(request, timeout=TIMEOUT) as response:
        while piece := response.read1(LARGEST):
            content += piece
            if len(content) > LARGEST or time.monotonic() > until:
                raise TimeoutError
    return content


def _address(feature: dict) -> Address:
    longitude, latitude = position(*feature["geometry"]["coordinates"][:2])
    properties = feature["properties"]
    return Address(
        str(properties["label"]), longitude, latitude, str(properties.get("citycode") or "")
    )
