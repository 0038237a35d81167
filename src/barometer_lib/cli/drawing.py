"""A trend as a picture: a word of blocks on the terminal, or a file that stands alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from barometer_lib.api import Result
from barometer_lib.charts import Chart
from barometer_lib.errors import BadInput, BarometerError
from barometer_lib.locale import text, with_unit
from barometer_lib.store import Session, parse_day, session

FORMS = (".svg", ".html")
BUNDLE = "serve/static/vendor/plotly-basic.min.js"


def in_blocks(content: Mapping[str, Any], lang: str) -> str:
    """The dated points of a series as blocks, parted where a break lies between; else nothing.

    What is hidden or missing is a dot. Nothing where the terminal has no such characters.
    """
    from barometer_lib.charts.blocks import blocks
    from barometer_lib.periods import parse

    dated = [one for one in content["points"] if one["period"]]
    values = [one["value"] if one["status"] == "reported" else None for one in dated]
    drawn = blocks(values, sys.stdout.encoding)
    if not drawn:
        return ""
    starts = sorted(parse(one["start"]).start for one in content["breaks"])
    days = [parse(one["period"]).start for one in dated]
    parted = "".join(
        ("|" if place and any(days[place - 1] < day <= days[place] for day in starts) else "") + one
        for place, one in enumerate(drawn)
    )
    known = [value for value in values if value is not None]
    low, high = (with_unit(end, content["unit"], lang) for end in (min(known), max(known)))
    return text(lang, "cli.blocks", blocks=parted, low=low, high=high)


def check_form(file: Path) -> None:
    """Raises `BadInput` for a file that is neither SVG nor HTML, before anything is asked."""
    if file.suffix.lower() not in FORMS:
        raise BadInput("chart_form", file=str(file), known=list(FORMS))


def draw(found: Result, file: Path, lang: str, store: Path | None) -> None:
    """Writes the chart of a series as the indicator page shows it, with its sources.

    Raises `BarometerError` where fewer than two points are dated, or the front-end parts are not
    there (HTML).
    """
    content = found.content
    day = None if content["as_of"] is None else parse_day(content["as_of"])
    with session(store, content["dataset"], day) as look:
        chart = _chart(look, content, lang)
    if chart is None:
        raise BarometerError("chart_none", indicator=content["indicator"], area=content["area"])
    footer = [_sources(content, lang)]
    if content["as_of"]:
        footer.append(text(lang, "cli.chart_as_of", day=content["as_of"]))
    if file.suffix.lower() == ".svg":
        from barometer_lib.charts.paper import as_svg

        page = as_svg(chart, lang, footer)
    else:
        from barometer_lib.charts.web_page import as_web_page

        page = as_web_page(chart, lang, footer, _bundle())
    try:
        file.write_text(page, "utf-8")
    except OSError as error:
        raise BarometerError("chart_unwritten", file=str(file), problem=error.strerror) from error


def _chart(look: Session, content: Mapping[str, Any], lang: str) -> Chart | None:
    from barometer_lib.views.series_charts import history
    from barometer_lib.views.series_reading import read

    return history(
        read(
            look, lang, {}, code=content["indicator"], area=content["area"], group=content["group"]
        )
    )


def _sources(content: Mapping[str, Any], lang: str) -> str:
    addresses = list(dict.fromkeys(one["source"] for one in content["points"]))
    return text(lang, "cli.chart_source", sources=", ".join(addresses))


def _bundle() -> str:
    place = resources.files("barometer_lib").joinpath(BUNDLE)
    if not place.is_file():
        raise BarometerError("chart_assets")
    return place.read_text("utf-8")
