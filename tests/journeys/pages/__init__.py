"""Every page of the product in the states that it may be in: a line each.

A line says who looks (of the cast in tests/conftest.py, or VISITOR), the route, the state that the
product is in (a function of tests/journeys/states/, which returns what the address names), what
the title says before the product's name, and what is done on the page to bring it to its state.
"""

from tests.journeys.pages import accounts, opportunities, territories, worksheets

PAGES = (*accounts.PAGES, *territories.PAGES, *opportunities.PAGES, *worksheets.PAGES)
