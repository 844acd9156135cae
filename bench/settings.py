"""The product's own settings, with two bare views beside its own to measure them against."""

from config.settings import *  # noqa: F403  the point of this module

ROOT_URLCONF = "bench.bare"
