"""Level, direction and pace of the series a reader chose, and what other rules would say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barometer_lib.locale import text
from barometer_lib.sentences.answers import answer, series_facts, stale, worked_out
from barometer_lib.sentences.forecasts import forecast
from barometer_lib.sentences.rules import side_by_side
from barometer_lib.sentences.tests import REFUSED, name, said
from barometer_lib.tables import as_html
from barometer_lib.views.series_reading import Stored


def answers(stored: Stored) -> dict[str, Any] | None:
    """What the page shows of the answers; blank where the series has none in any round."""
    if not stored.answers:
        return None
    lang, first = stored.lang, stored.answers[0]
    table = side_by_side(stored.rules, lang) if stored.rules else None
    return {
        "policy": stored.label("policy", first["policy"]),
        "round": stored.label("round", first["round"]),
        "goal": stored.label("goal", first["goal"]),
        "told": [
            *(
                (text(lang, f"answers.question.{row['question']}"), answer(row, lang))
                for row in stored.answers
            ),
            *((name(one["test"], lang), said(one, lang)) for one in stored.tests if _beside(one)),
            *((text(lang, "forecasts.title"), forecast(one, lang)) for one in stored.forecasts),
        ],
        "worked": [
            (text(lang, "answers.question.series"), series_facts(first, lang)),
            *(
                (text(lang, f"answers.question.{row['question']}"), worked_out(row, lang))
                for row in stored.answers
            ),
            (
                text(lang, "tests.title"),
                [(name(one["test"], lang), said(one, lang)) for one in stored.tests],
            ),
        ],
        "stale": stale(first, lang),
        "rules": None if table is None else as_html(table, ["table", "table--compact"]),
        "rules_title": text(lang, "rules.side_by_side"),
    }


def _beside(one: Mapping[str, Any]) -> bool:
    """Whether a test stands beside the answers: what a survey's rounds can tell at all."""
    return bool(one["test"] == "detectable" and one["code"] != REFUSED)
