"""A chart as one HTML file that needs no network: the figure, its words, its table, its drawing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from barometer_lib.charts.frame import Chart
from barometer_lib.charts.palette import FONT, INK, MUTED
from barometer_lib.tables import as_html

STYLE = f"""body{{font-family:{FONT};color:{INK};max-width:60rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse}}td,th{{padding:.2rem .8rem .2rem 0;text-align:left}}
td.num,th.num{{text-align:right}}.foot{{color:{MUTED};font-size:.85rem}}"""
QUIET = {
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
}
"""No mode bar, and nothing that could be sent anywhere."""


def as_web_page(chart: Chart, lang: str, footer: Sequence[str], library: str) -> str:
    """The chart as the text of an HTML file. `library` is the text of plotly's bundle, put in
    whole; `footer` (source, notes) stands at the end."""
    foot = "".join(f'<p class="foot">{escape(line)}</p>' for line in footer)
    figure = json.dumps(chart.figure, ensure_ascii=False).replace("</", "<\\/")
    bundle = library.replace("</script", "<\\/script")
    said, tall = escape(chart.label), chart.height
    return f"""<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{escape(chart.title)}</title>
<style>{STYLE}</style></head><body><main>
<h1>{escape(chart.title)}</h1>
<div id="chart" role="figure" aria-label="{said}" style="height:{tall}px"></div>
<p>{escape(chart.summary)}</p>
{as_html(chart.table)}
{foot}</main>
<script>{bundle}</script>
<script>var figure = {figure};
Plotly.newPlot("chart", figure.data, figure.layout, {json.dumps(QUIET)});</script>
</body></html>
"""
