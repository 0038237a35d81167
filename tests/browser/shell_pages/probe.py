"""A page for the tests of the shell: it works, fails, hangs or dies as the reader chooses."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from barometer_lib.views.widget import Dashboard, Page, show

SERIES = {"jobs": [1000.5, 1100.2, 1300.1], "schools": [7.0, 6.0, 6.5]}
TABLE = "".join(f"<th scope='col' class='num'>{1990 + year}</th>" for year in range(30))


def dashboard() -> Dashboard:
    """Show the page."""
    return show(decide)


def decide(state: Mapping[str, str]) -> Page:
    """The page for a state; an unknown series is corrected and said."""
    series = state.get("series", "jobs")
    if series == "fails":
        raise RuntimeError("hunter2 in /etc/secret")
    if series == "hangs":
        time.sleep(30)
    if series == "dies":
        os._exit(1)
    corrected = series not in SERIES
    shown = "jobs" if corrected else series
    lang = "en" if state.get("lang") == "en" else "da"
    options = [{"value": name, "label": name} for name in (*SERIES, "fails", "hangs", "dies")]
    note = "<p class='note'>Corrected.</p>" if corrected else ""
    return {
        "lang": lang,
        "title": f"Title {shown}",
        "controls": [{"id": "series", "label": "Series", "options": options, "value": shown}],  # type: ignore[typeddict-item]
        "state": {"series": shown, "lang": lang, "dataset": state.get("dataset", "published")},
        "html": (
            f"<h2 id='said'>Shown {shown} {lang}</h2>{note}<ul class='grid'><li class='card'>"
            "<h3>Goal</h3><span class='status status--setback'><span class='status__mark' "
            "aria-hidden='true'>▼</span> setback</span></li></ul><figure class='chart'>"
            "<figcaption>Chart</figcaption><div data-chart='line'></div></figure>"
            "<div class='table-scroll' role='region' tabindex='0' aria-label='Wide table'>"
            f"<table class='table'><caption>Wide table</caption><thead><tr>{TABLE}</tr></thead>"
            "</table></div><p><a href='?series=schools' data-state='{\"series\": \"schools\"}'>"
            "Schools</a> <a href='#' class='button-link' data-download='csv'>Save</a></p>"
            "<details class='details' id='how'><summary class='details-summary'>How</summary>"
            "<div class='details-text'><p>So.</p></div></details>"
        ),
        "charts": [
            {
                "id": "line",
                "height": 300,
                "label": f"Line of {shown}",
                "figure": {
                    "data": [
                        {
                            "type": "scatter",
                            "x": ["2010-01-01", "2010-05-01", "2010-10-01"],
                            "y": SERIES[shown],
                        }
                    ],
                    "layout": {
                        "xaxis": {"tickformat": "%b", "dtick": "M1"},
                        "yaxis": {"tickformat": ",.1f"},
                    },
                },
            }
        ],
        "downloads": [
            {
                "id": "csv",
                "filename": "shown.csv",
                "mime": "text/csv",
                "text": f"a;b\n{shown};1,5\n",
            }
        ],
        "error": None,
    }
