"""The pages that say where things are: home, territory, list of worksheets, trainers' board."""

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Window, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opportunities.agenda import planned_actions
from opportunities.models import Opportunity
from programmes.calendar import upcoming
from programmes.models import Member
from territories.enums import Role
from territories.models import District, Grant, Territory
from worksheets.activity.news import changed_lines, news_counts, recently
from worksheets.board import FILTERS, board_of, how_many, team_grants
from worksheets.mentioning import mentions_of
from worksheets.models import Submission
from worksheets.overview import calendar_for, call_for, lines_of
from worksheets.standing import Standing

SHOWN_LINES = 8
SHOWN_OPPORTUNITIES = 5
SHOWN_HAPPENINGS = 5
SHOWN_ACTIONS = 3
SHOWN_MENTIONS = 5
LINES_A_PAGE = 30
TERRITORIES_A_PAGE = 50


@require_safe
def home(request):
    """Straight to the one place where somebody works; a choice, if there are several."""
    user = request.user
    teams = (
        Grant.objects.current()
        .of_team()
        .filter(user=user)
        .select_related("territory")
        .order_by("territory__name", "role")
    )
    grants = list(teams)
    territories = list(dict.fromkeys(grant.territory for grant in grants))
    members = list(Member.objects.filter(user=user).select_related("programme__centre"))
    if len(territories) == 1 and not members:
        return redirect("worksheets:territory-home", territories[0].ref)
    if len(members) == 1 and not territories:
        return redirect("worksheets:board", members[0].programme.ref)
    news = news_counts(user)
    context = {
        "territories": [
            (
                territory,
                [grant for grant in grants if grant.territory == territory],
                news.get(territory.scope, 0),
            )
            for territory in territories
        ],
        "members": members,
        "can_capture": any(grant.role in (Role.LEAD, Role.CONTRIBUTOR) for grant in grants),
    }
    return render(request, "worksheets/overview/home.html", context)


@require_safe
def territory_home(request, territory_ref):
    territories = Territory.objects.visible_to(request.user).annotate(
        member_count=how_many(team_grants(), of="user"),
        district_count=how_many(District.objects.of_2024(), territory="contracts__territory"),
    )
    territory = get_object_or_404(territories, ref=territory_ref)
    today = timezone.localdate()
    standing = Standing.of(request.user, territory)
    programmes = list(standing.programmes())
    lines = changed_lines(request.user, lines_of(standing, programmes))
    calendar = calendar_for(standing, programmes, lines, today)
    opportunities = _first_opportunities(request.user, territory)
    mentions = list(mentions_of(request.user, territory)[:SHOWN_MENTIONS])
    context = {
        "territory": territory,
        "standing": standing,
        "programmes": programmes,
        "call": call_for(lines, standing, today),
        "lines": lines[:SHOWN_LINES],
        "line_count": len(lines),
        "opportunities": opportunities,
        "opportunity_count": opportunities[0].how_many if opportunities else 0,
        "calendar": calendar,
        "planned_actions": planned_actions(request.user, territory)[:SHOWN_ACTIONS]
        if standing.reads_activity
        else [],
        "coming": next((item for item in calendar if item.is_next), None),
        "mentions": mentions,
        "mention_count": mentions[0].how_many if mentions else 0,
        "recently": recently(standing, shown=SHOWN_HAPPENINGS),
    }
    return render(request, "worksheets/overview/territory_home.html", context)


def _first_opportunities(user, territory):
    """The latest ones; each says `how_many` there are in all, which spares a second query."""
    opportunities = Opportunity.objects.visible_to(user).current().filter(territory=territory)
    counted = opportunities.annotate(how_many=Window(Count("pk")))
    return list(counted.select_related("district", "commune")[:SHOWN_OPPORTUNITIES])


@require_safe
def worksheet_list(request, territory_ref):
    """Every worksheet of the territory, by programme, with its submitted versions."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    standing = Standing.of(request.user, territory)
    lines = changed_lines(request.user, lines_of(standing, standing.programmes()))
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    prefetch_related_objects(
        [line.worksheet for line in page if line.worksheet],
        Prefetch("submissions", Submission.objects.defer("content")),
    )
    context = {"territory": territory, "standing": standing, "page": page}
    return render(request, "worksheets/overview/list.html", context)


@require_safe
def board(request, ref):
    """For the trainers and observers of the programme alone."""
    members = (
        Member.objects.filter(user=request.user)
        .select_related("programme")
        .prefetch_related("programme__sessions", "programme__deadlines")
    )
    member = get_object_or_404(members, programme__ref=ref)
    found = board_of(member.programme, request.user, is_trainer=member.role == Role.TRAINER)
    chosen = request.GET.get("filtre", "")
    context = {
        "board": found,
        "programme": member.programme,
        "filters": found.filters(),
        "chosen": chosen if chosen in FILTERS else "",
        "page": Paginator(found.filtered(chosen), TERRITORIES_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "next_session": _next_session(member.programme),
    }
    return render(request, "worksheets/overview/board.html", context)


def _next_session(programme):
    coming = upcoming(programme, timezone.localdate())
    return next((item.session for item in coming if item.session), None)
