"""A local programme against the districts without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from barometer_lib import store as stores
from barometer_lib.api.result import Result
from barometer_lib.errors import BadInput, BarometerError
from barometer_lib.store import panels, questions

if TYPE_CHECKING:
    from barometer_lib.evaluation import Evaluation

ESTIMATES = ("estimate", "effect", "low", "high", "p", "smallest_p")


def evaluate_answer(
    session: stores.Session,
    indicator: str,
    treated: Sequence[str],
    first: str,
    group: str | None,
    since: str | None,
    against: Sequence[str],
) -> Result:
    """The content of `Barometer.evaluate`; or `BarometerError`."""
    from barometer_lib.evaluation import evaluate, panel_of

    code = questions.check_code(session, "indicator", indicator)
    entry = questions.indicator(session, code)
    who = (
        entry["population_group"]
        if group is None
        else questions.check_code(session, "group", group)
    )
    places = [questions.check_code(session, "area", one) for one in treated]
    others = [questions.check_code(session, "area", one) for one in against]
    if not places:
        raise BadInput("no_programme_area")
    rows = panels.panel_rows(session, code, places[0], who)
    if not rows:
        raise BarometerError("no_panel", indicator=code, area=places[0], group=who)
    order = list(dict.fromkeys(str(row["period"]) for row in rows))
    if since is not None:
        order = _from(order, since)
    kept = [
        row for row in rows
        if row["period"] in order and (not others or row["unit"] in (*places, *others))
    ]  # fmt: skip
    _refuse_breaks(session, code, kept)
    panel = panel_of(kept, places, first, order)
    found = evaluate(panel)
    content = {
        "indicator": code,
        "group": who,
        "dataset": session.dataset,
        "unit": rows[0]["measured_in"],
        "decimals": max(row["decimals"] for row in kept),
        "polarity": entry["polarity"],
        "treated": places,
        "compared": list(panel.compared),
        "left_out": list(panel.left_out),
        "first": panel.periods[panel.after],
        "periods": list(panel.periods),
        "synthetic": any(row["synthetic"] for row in kept),
        **_told(found),
    }
    return Result(content, content["estimates"], ESTIMATES)


def _from(order: list[str], since: str) -> list[str]:
    from barometer_lib.errors import NotFound

    if since not in order:
        raise NotFound("period", since, order)
    return order[order.index(since) :]


def _refuse_breaks(session: stores.Session, code: str, rows: Sequence[Mapping[str, Any]]) -> None:
    begun = min(row["period_start"] for row in rows)
    ended = max(row["period_start"] for row in rows)
    for one in questions.breaks(session, code):
        if not one["linked"] and begun < one["start_day"] <= ended:
            raise BadInput("break_in_panel", indicator=code, start=one["start"])


def _told(found: Evaluation) -> dict[str, Any]:
    did, chance = found.difference, found.chance
    estimates = [
        {"estimate": "naive", "effect": found.regression.naive},
        {
            "estimate": "difference", "effect": did.effect, "low": did.low, "high": did.high,
            "p": chance.p, "smallest_p": chance.smallest,
        },
        {
            "estimate": "synthetic_control", "effect": found.control.effect,
            "p": found.control_placebo.p, "smallest_p": 1 / found.control_placebo.units,
        },
        {"estimate": "synthetic_difference", "effect": found.synthetic.effect},
    ]  # fmt: skip
    return {
        "verdict": found.verdict,
        "estimates": [{key: one.get(key) for key in ESTIMATES} for one in estimates],
        "checks": {
            "sets": chance.sets,
            "every_set": chance.every,
            "leads_p": None if found.leads is None else found.leads.p,
            "left_out_low": min((one.effect for one in found.left), default=None),
            "left_out_high": max((one.effect for one in found.left), default=None),
            "earlier_dates": len(found.dates),
            "earlier_dates_p": min((one.p for one in found.dates), default=None),
            "regression_to_the_mean": found.regression.expected,
            "smallest_effect": found.smallest,
            "fit_before": found.control.fit,
        },
        "events": [
            {
                "period": one.period, "lead": one.lead, "effect": one.difference.effect,
                "low": one.difference.low, "high": one.difference.high,
            }
            for one in found.events
        ],
        "weights": [
            {"area": unit, "weight": w} for unit, w in found.control.weights.items() if w > 0
        ],
    }  # fmt: skip
