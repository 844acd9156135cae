"""Addresses of the pages of an opportunity."""

from django.urls import reverse


def address(name, opportunity):
    return reverse(f"opportunities:{name}", args=[opportunity.territory.ref, opportunity.ref])
