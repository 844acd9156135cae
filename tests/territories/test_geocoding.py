"""Against a server of the test's own, which answers as the national service does."""

import json
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from territories import geocoding
from territories.geocoding import Address, GeocodingUnavailable, UnusableSearch, search_addresses

PORT_STREET = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [3.181942, 50.690281]},
    "properties": {
        "label": "12 Rue du Port 59100 Roubaix",
        "score": 0.97,
        "housenumber": "12",
        "id": "59512_7450_00012",
        "postcode": "59100",
        "citycode": "59512",
        "city": "Roubaix",
        "context": "59, Nord, Hauts-de-France",
        "type": "housenumber",
    },
}
DOWN = r"^La recherche d’adresses ne répond pas pour le moment\u00a0: cliquez sur la carte\.$"


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features), "query": "12 rue du port"}


def placed_at(*coordinates):
    return json.dumps(collection(PORT_STREET | {"geometry": {"coordinates": coordinates}})).encode()


@contextmanager
def service(settings, *, body=b"", status=200, headers=(), wait=0.0):
    """The stand-in, at the address that the settings name; gives the list of what it was asked."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            time.sleep(wait)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # the client has had enough
                self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.GEOCODING_URL = f"http://127.0.0.1:{server.server_port}/geocodage/search"
    try:
        yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_asks_the_service_and_keeps_what_places_an_address(settings):
    body = json.dumps(collection(PORT_STREET)).encode()

    with service(settings, body=body) as asked:
        found = search_addresses("  12 rue du Port,\n Roubaix & Cie ")

    assert found == [Address("12 Rue du Port 59100 Roubaix", 3.181942, 50.690281, "59512")]
    (address,) = map(urlsplit, asked)
    assert address.path == "/geocodage/search"
    assert parse_qs(address.query) == {"q": ["12 rue du Port, Roubaix & Cie"], "limit": ["6"]}


def test_nothing_found_is_an_empty_list(settings):
    with service(settings, body=json.dumps(collection()).encode()):
        assert search_addresses("rue de nulle part") == []


def test_keeps_the_best_six_and_what_has_no_commune(settings):
    street = PORT_STREET | {"properties": {"label": "Rue du Port"}}
    body = json.dumps(collection(street, *[PORT_STREET] * 9)).encode()

    with service(settings, body=body):
        found = search_addresses("rue du port")

    assert [address.commune for address in found] == ["", *["59512"] * 5]


@pytest.mark.parametrize("text", ["", "  ", "ru", "a\x00\n", "…!?", "x" * 201])
def test_a_text_that_the_service_would_not_take_is_not_sent(settings, text):
    with (
        service(settings) as asked,
        pytest.raises(UnusableSearch, match="Écrivez entre 3 et 200 lettres"),
    ):
        search_addresses(text)

    assert asked == []


def test_punctuation_before_the_text_is_left_out(settings):
    with service(settings, body=json.dumps(collection()).encode()) as asked:
        search_addresses("« (rue du Port)")

    assert parse_qs(urlsplit(asked[0]).query)["q"] == ["rue du Port)"]


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_a_service_that_refuses_is_unavailable(settings, status):
    body = json.dumps(collection(PORT_STREET)).encode()
    with (
        service(settings, body=body, status=status),
        pytest.raises(GeocodingUnavailable, match=DOWN),
    ):
        search_addresses("rue du port")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Maintenance</html>",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"features": 7}',
        b'{"features": [null]}',
        b'{"features": [{"geometry": null, "properties": {}}]}',
        json.dumps(collection(PORT_STREET | {"properties": {}})).encode(),
        json.dumps(
            collection(PORT_STREET | {"geometry": {"coordinates": [700000, 7000000]}})
        ).encode(),
        json.dumps(collection(PORT_STREET | {"geometry": {"coordinates": ["a", "b"]}})).encode(),
        json.dumps(collection(PORT_STREET | {"geometry": {"coordinates": []}})).encode(),
    ],
)
def test_an_odd_answer_is_none(settings, body):
    with service(settings, body=body), pytest.raises(GeocodingUnavailable, match=DOWN):
        search_addresses("rue du port")


def test_no_more_is_read_than_an_answer_can_be(settings, monkeypatch):
    monkeypatch.setattr(geocoding, "LARGEST", 1000)
    body = json.dumps(collection(PORT_STREET) | {"padding": "x" * 1000}).encode()

    with service(settings, body=body), pytest.raises(GeocodingUnavailable, match=DOWN):
        search_addresses("rue du port")


def test_a_slow_service_is_not_waited_for(settings, monkeypatch):
    monkeypatch.setattr(geocoding, "TIMEOUT", 0.05)
    body = json.dumps(collection(PORT_STREET)).encode()

    with service(settings, body=body, wait=0.3), pytest.raises(GeocodingUnavailable, match=DOWN):
        search_addresses("rue du port")


def test_an_answer_that_trickles_is_not_waited_for(settings, monkeypatch):
    monkeypatch.setattr(geocoding, "PATIENCE", -1)
    body = json.dumps(collection(PORT_STREET)).encode()

    with service(settings, body=body), pytest.raises(GeocodingUnavailable, match=DOWN):
        search_addresses("rue du port")


def test_no_other_host_is_asked_even_when_the_service_says_so(settings):
    body = json.dumps(collection(PORT_STREET)).encode()
    with service(settings, body=body) as elsewhere:
        other = settings.GEOCODING_URL
        with (
            service(settings, status=302, headers=[("Location", other)]) as asked,
            pytest.raises(GeocodingUnavailable, match=DOWN),
        ):
            search_addresses("rue du port")

    assert (len(asked), elsewhere) == (1, [])


def test_a_redirect_within_the_service_is_followed_but_not_for_ever(settings):
    with (
        service(settings, status=302, headers=[("Location", "/geocodage/search?q=again")]) as asked,
        pytest.raises(GeocodingUnavailable, match=DOWN),
    ):
        search_addresses("rue du port")

    assert 1 < len(asked) < 20


def test_a_service_that_is_not_there_is_unavailable(settings):
    with service(settings):
        pass  # its port is free again

    with pytest.raises(GeocodingUnavailable, match=DOWN):
        search_addresses("rue du port")


def test_without_a_service_it_says_what_to_do(settings):
    settings.GEOCODING_URL = ""

    with pytest.raises(GeocodingUnavailable, match="n’est pas installée ici"):
        search_addresses("rue du port")


@pytest.mark.parametrize("scheme", ["file://", "ftp://127.0.0.1", ""])
def test_only_the_web_is_asked(settings, tmp_path, scheme):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(collection(PORT_STREET)))
    settings.GEOCODING_URL = f"{scheme}{path}"

    with pytest.raises(GeocodingUnavailable, match=DOWN):
        search_addresses("rue du port")
