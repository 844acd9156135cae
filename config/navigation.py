"""The main navigation: where somebody may go, from the roles they hold."""

from dataclasses import dataclass

from django.urls import reverse

from programmes.models import Programme
from territories.enums import TEAM_ROLES
from territories.models import Grant


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    # The value of aria-current: "page" on that page, "true" on those below it, "" elsewhere.
    current: str


def navigation(request):
    """Items for the user of `request`, in two queries: the home; the programmes that the user
    trains or observes (all of them for the platform's staff, one item); the pages of the current
    territory."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    links = [("Accueil", reverse("home")), *_programme_links(user)]
    if ref := _current_territory_ref(user, request.path):
        links += [
            ("Opportunités", reverse("opportunities:list", args=[ref])),
            ("Équipe", reverse("territories:team", args=[ref])),
        ]
    return [Item(label, url, _current(url, request.path)) for label, url in links]


def _programme_links(user):
    if user.is_staff:
        return [("Formations", reverse("programmes:list"))]
    return [
        (programme.name, reverse("programmes:detail", args=[programme.ref]))
        for programme in Programme.objects.filter(members__user=user)
    ]


def _current_territory_ref(user, path):
    """The territory that the address names, if the user has a role there; otherwise that of a
    member of one team only, who needn't choose."""
    grants = Grant.objects.current().filter(user=user)
    roles = list(grants.values_list("territory__ref", "role"))
    named = path.split("/")[2] if path.startswith("/territoires/") else None
    if named in {ref for ref, _ in roles}:
        return named
    teams = {ref for ref, role in roles if role in TEAM_ROLES}
    return teams.pop() if len(teams) == 1 else None


def _current(url, path):
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
