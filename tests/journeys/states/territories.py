"""Territories, their teams, programmes."""

from datetime import timedelta

from django.utils import timezone

from territories.enums import Role
from territories.models import Grant
from tests import factories
from tests.journeys.states.accounts import create_invitation
from tests.journeys.states.words import PROGRAMME, TERRITORY


def team(cast):
    return (cast.territory.ref,)


def new_territory(cast):
    """Enrolled nowhere; its lead is alone."""
    territory = factories.create_territory(TERRITORY)
    factories.grant(cast.lead, territory, Role.LEAD)
    return (territory.ref,)


def two_territories(cast):
    factories.grant(cast.lead, cast.other_territory, Role.READER)
    return ()


def writer_of_two_territories(cast):
    factories.grant(cast.lead, cast.other_territory, Role.CONTRIBUTOR)
    return ()


def no_role(cast):
    Grant.objects.filter(user=cast.lead).delete()
    return ()


def full_team(cast):
    cast.territory.name = TERRITORY
    cast.territory.save()
    for sent in (timezone.now(), timezone.now() - timedelta(days=90)):
        create_invitation(cast, sent_at=sent)
    return (cast.territory.ref,)


def team_without_anybody(cast):
    Grant.objects.filter(territory=cast.territory, user=cast.lead).delete()
    Grant.objects.filter(territory=cast.territory, programme_ref="").delete()
    return (cast.territory.ref,)


def colleague(cast):
    return (cast.territory.ref, Grant.objects.get(user=cast.contributor).ref)


def programme(cast):
    return (cast.programme.ref,)


def empty_programme(cast):
    empty = factories.create_programme(PROGRAMME)
    factories.join_programme(cast.trainer, empty)
    return (empty.ref,)


def no_programme(cast):
    cast.programme.enrolments.all().delete()
    return ()


def session(cast):
    return (cast.programme.ref, factories.create_session(cast.programme).ref)
