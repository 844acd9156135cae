"""Answers in JSON to what maps and fields of positions ask. The geography is everybody's: whoever
is signed in may ask."""

from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from territories.drawing import NotAFrame, features_in, frame_of
from territories.geocoding import GeocodingUnavailable, UnusableSearch, search_addresses
from territories.measuring import NotAPosition, position
from territories.models import CityContract
from territories.pacing import TooManySearches, count_search
from territories.situating import is_beyond, situate

A_WHILE = 10 * 60  # seconds: moving a map back and forth asks once


@require_safe
def point_locate(request):
    """/situer/?lon=3.52&lat=50.36; with the code of a contract (`contrat`), the answer also says
    whether the point `is_beyond` its territory."""
    try:
        point = position(request.GET.get("lon", ""), request.GET.get("lat", ""))
    except NotAPosition as refusal:
        return _refused(refusal)
    answer = situate(*point)
    said = request.GET.get("contrat", "").replace("\x00", "")  # PostgreSQL takes no NUL
    if said and (contract := CityContract.objects.filter(pk=said).first()):
        answer["is_beyond"] = is_beyond(contract, *point)
    return JsonResponse(answer)


@require_safe
def address_search(request):
    """/adresses/?q=12 rue du Port. Where the service fails, an empty list and why: the page goes on
    without it."""
    try:
        count_search(request.user)
        addresses = search_addresses(request.GET.get("q", ""))
    except TooManySearches as refusal:
        return _refused(refusal, status=429)
    except UnusableSearch as refusal:
        return _refused(refusal)
    except GeocodingUnavailable as failure:
        return JsonResponse({"addresses": [], "message": str(failure)})
    return JsonResponse({"addresses": [address._asdict() for address in addresses], "message": ""})


@require_safe
@cache_control(private=True, max_age=A_WHILE)
def map_features(request):
    """/quartiers.json?cadre=west,south,east,north"""
    try:
        frame = frame_of(request.GET.get("cadre", ""))
    except NotAFrame as refusal:
        return _refused(refusal)
    return JsonResponse(features_in(frame), content_type="application/geo+json")


def _refused(refusal, status=400):
    return JsonResponse({"message": str(refusal)}, status=status)
