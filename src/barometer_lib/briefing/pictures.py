"""The small chart of an indicator as a PNG, with its words beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from barometer_lib.briefing.items import Item, name_of
from barometer_lib.briefing.material import Material
from barometer_lib.charts.print_line import print_line
from barometer_lib.errors import BarometerError
from barometer_lib.locale import period, text, with_unit
from barometer_lib.sentences.indicators import one_stop

Row = dict[str, Any]
SHARPNESS = 2  # pixels of the picture per pixel of the drawing
LEVELS = ("level", "maximum", "minimum")


@dataclass(frozen=True)
class Picture:
    """A chart: its drawing, what it shows in words (alternative text), and its caption."""

    svg: str
    alt: str
    caption: str

    def png(self) -> bytes:
        """The drawing as PNG, the same bytes for the same drawing."""
        try:
            from resvg_py import svg_to_bytes
        except ImportError as error:
            raise BarometerError("letters_extra", name="resvg-py") from error
        return bytes(svg_to_bytes(svg_string=self.svg, zoom=SHARPNESS, skip_system_fonts=True))


def picture_of(material: Material, item: Item) -> Picture | None:
    """The series that led up to the round's figure; blank where no dated figure has a value."""
    rows = material.figures.get((item.policy, item.code), [])
    known = [row for row in rows if row["printed"] is not None]
    if not known or item.lead == "hidden":
        return None
    aim = item.row["target"] or {}
    target = aim.get("value") if aim.get("form") in LEVELS else None
    svg = print_line(
        [row["printed"] for row in rows],
        [float(row["period_end"].toordinal()) for row in rows],
        [bool(row["interrupted"]) for row in rows],
        target,
    )
    return Picture(svg, *_words(material, item, known, target))


def _words(
    material: Material, item: Item, known: list[Row], target: float | None
) -> tuple[str, str]:
    lang, last = material.lang, known[-1]
    least, most = (find(known, key=lambda row: row["printed"]) for find in (min, max))
    words = {
        "name": name_of(material, item.code),
        "points": len(known),
        "first": _printed(known[0], lang),
        "since": period(known[0]["period"], lang),
        "last": _printed(last, lang),
        "until": period(last["period"], lang),
        "low": _printed(least, lang),
        "high": _printed(most, lang),
    }
    if len(known) == 1:
        one = text(lang, "letters.chart.one", **words)
        return one, one
    alt, caption = (text(lang, f"letters.chart.{key}", **words) for key in ("alt", "caption"))
    if target is not None:
        shown = with_unit(target, item.row["unit"], lang, things=last["things"])
        alt += text(lang, "letters.chart.target", target=shown)
        caption += text(lang, "letters.chart.dashed", target=shown)
    return one_stop(alt), one_stop(caption)


def _printed(row: Row, lang: str) -> str:
    return with_unit(row["printed"], row["unit"], lang, row["decimals"], row["things"])
