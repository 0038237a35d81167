"""Whether an indicator counts for its goal's status, in the words of the policy's rule.

Only the policies judged since the previous measurement were published with stars of their own. In
all others the star would be ours, so it is said plainly which indicators the calculation takes in.
"""

from __future__ import annotations

from typing import Literal

from barometer_lib.locale import text

Marking = Literal["star", "plain"]


def marking(rule: str) -> Marking:
    """How a rule's indicators are marked: by the source's own stars, or in plain words."""
    return "star" if rule == "since_previous" else "plain"


def counts(counted: bool, rule: str, lang: str) -> str:
    """That an indicator counts for its goal's status or is only shown: "counts"."""
    within = "within" if counted else "without"
    return text(lang, f"sentences.counts.{marking(rule)}.{within}")


def entering(rule: str, lang: str) -> str:
    """What the counting indicators do, after "the indicators that": "count"."""
    return text(lang, f"sentences.counts.{marking(rule)}.those")
