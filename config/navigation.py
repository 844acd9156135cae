"""The main navigation: where somebody may go, from the roles they hold."""

from dataclasses import dataclass

from django.urls import reverse

from programmes.models import Programme
from territories.enums import TEAM_ROLES
from territories.models import Grant

# What a territory has, in the order of the navigation.
_TERRITORY_PAGES = (
    ("Fiches", "worksheets:list"),
    ("Opportunités", "opportunities:list"),
    ("Équipe", "territories:team"),
)
# Pages that the navigation doesn't name, which one comes to from the opportunities.
_FROM_OPPORTUNITIES = ("opportunities:action-list", "opportunities:person-list")


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    # The value of aria-current: "page" on that page, "true" on those below it, "" elsewhere.
    current: str


def navigation(request):
    """Items for the user of `request`, in two queries: the home; for the platform's staff the
    programmes; the board of each programme that the user trains or observes; the pages of the
    current territory, or what spans all of theirs."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    boards = [
        (programme.name, reverse("worksheets:board", args=[programme.ref]))
        for programme in Programme.objects.filter(members__user=user)
    ]
    named, team, has_roles = _territories(user, request.path)
    links = [("Accueil", reverse("home"))]
    if user.is_staff:
        links.append(("Formations", reverse("programmes:list")))
    links += boards
    if ref := named or team:
        home = reverse("worksheets:territory-home", args=[ref])
        if ref == team and not boards:
            links[0] = ("Accueil", home)  # where "/" leads: their one place
        else:
            links.append(("Territoire", home))
        links += [(label, reverse(route, args=[ref])) for label, route in _TERRITORY_PAGES]
    elif has_roles:
        links.append(("Opportunités", reverse("opportunities:list-all")))
    path = _path_in_navigation(request.path, ref)
    nearest = max((url for _, url in links if _leads_to(url, path)), key=len, default=None)
    return [Item(label, url, _current(url, path, nearest)) for label, url in links]


def _path_in_navigation(path, ref):
    """`path`, or what stands for it where the navigation doesn't name its page."""
    if ref and any(path.startswith(reverse(name, args=[ref])) for name in _FROM_OPPORTUNITIES):
        return reverse("opportunities:list", args=[ref]) + "…"
    return path


def _territories(user, path):
    """(The territory that the address names, if the user has a role there; that of a member of one
    team only, who needn't choose; whether there is any), the first two as references or None."""
    grants = Grant.objects.current().filter(user=user)
    roles = list(grants.values_list("territory__ref", "role"))
    named = path.split("/")[2] if path.startswith("/territoires/") else None
    teams = {ref for ref, role in roles if role in TEAM_ROLES}
    return (
        named if named in {ref for ref, _ in roles} else None,
        teams.pop() if len(teams) == 1 else None,
        bool(roles),
    )


def _leads_to(url, path):
    return path == url if url == reverse("home") else path.startswith(url)


def _current(url, path, nearest):
    if url != nearest:
        return ""
    return "page" if path == url else "true"
