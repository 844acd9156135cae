"""What is new stays so until it was seen, which the page says by itself."""

from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from playwright.sync_api import expect

from journal.models import Visit
from journal.recording import SITTING, record
from tests import factories


def test_a_page_that_was_seen_says_so(page_of, territory, lead, contributor):
    opportunity = factories.create_opportunity(territory, lead)
    home = reverse("worksheets:territory-home", args=[territory.ref])
    page = page_of(lead)
    news = page.get_by_role("heading", name="Depuis votre dernière visite")

    def visit():
        with page.expect_response(
            f"**{reverse('worksheets:territory-visit', args=[territory.ref])}"
        ):
            page.goto(home)

    visit()
    expect(news).to_have_count(0)
    Visit.objects.update(at=F("at") - SITTING - timedelta(minutes=1))
    record(
        verb="opportunity.changed",
        by=contributor,
        scope=territory.scope,
        target=opportunity.target,
    )
    for _ in range(2):  # as long as the visit lasts
        visit()
        expect(news).to_be_visible()
    page.get_by_role("button", name="Tout marquer comme vu").click()
    expect(news).to_have_count(0)
