"""Figures from statistics offices as unedited deliveries. Only when asked, never in a build.

`fetch_statbank(Wanted(...))` and `fetch_eurostat(Wanted(...))` each make one delivery folder and
say what was saved; `recipes()` are the shipped selections; `parse` reads `DIM=code,code` texts.
"""

from barometer_lib.deliveries.connectors.client import Client
from barometer_lib.deliveries.connectors.eurostat_fetch import fetch_eurostat
from barometer_lib.deliveries.connectors.recipe import Recipe, recipe, recipes
from barometer_lib.deliveries.connectors.saving import Saved
from barometer_lib.deliveries.connectors.selection import parse
from barometer_lib.deliveries.connectors.statbank_fetch import fetch_statbank
from barometer_lib.deliveries.connectors.wanted import Wanted

__all__ = [
    "Client",
    "Recipe",
    "Saved",
    "Wanted",
    "fetch_eurostat",
    "fetch_statbank",
    "parse",
    "recipe",
    "recipes",
]
