"""What a named rule sees: a series on the time axis, and the two points it compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from barometer_lib.assessment.named.thresholds import CLOSE, UN_TARGET_YEAR, NamedRule


@dataclass(frozen=True)
class Course:
    """A comparable series in time order.

    `times` are places on the time axis in years, `values` as printed (93.1 percent), `better` +1
    where higher is better, -1 where lower is. `target` is blank for an aim without a value;
    `base_time` blank where no base is stated, `base_value` a base stated with the target itself.
    `limit` is the value nothing can pass the good way, such as 100 percent.
    """

    times: Sequence[float]
    values: Sequence[float]
    better: int
    target: float | None = None
    target_time: float | None = None
    base_time: float | None = None
    base_value: float | None = None
    limit: float | None = None
    decimals: int = 1
    percent: bool = False


@dataclass(frozen=True)
class Span:
    """From a base to the newest point. Places in time are years; `base` and `latest` are the
    positions of the two points in the course (`base` is -1 for a base stated with the target), and
    `before` is the value just before the newest."""

    start: float
    end: float
    base_value: float
    latest_value: float
    base: int
    latest: int
    better: int
    target: float | None
    target_time: float | None
    limit: float | None
    decimals: int
    percent: bool
    before: float | None = None

    @property
    def years(self) -> float:
        """How long the two points lie apart."""
        return self.end - self.start


def span_of(rule: NamedRule, course: Course) -> Span | str:
    """The two points the rule compares, or the reason code of a refusal."""
    course = _until_target(rule, course)
    if not course.times:
        return "no_figures"
    target, when = _aim(rule, course)
    if rule.classes_without is None and target is None:
        return "no_target"
    base = _base(rule, course)
    if isinstance(base, str):
        return base
    position, start, value = base
    latest = len(course.times) - 1
    used = latest - position + 1 if position >= 0 else len(course.times) + 1
    if used < rule.points:
        return "too_few_points"
    years = course.times[latest] - start
    if years <= CLOSE:
        return "only_base"
    if years < rule.years - CLOSE:
        return "too_short"
    newest = course.values[latest]
    if rule.growth and not _grows(value, newest, target, rule):
        return "values_not_of_one_sign"
    if target is not None and when is not None and when <= start + CLOSE:
        return "target_before_base"
    return Span(
        start,
        course.times[latest],
        value,
        newest,
        position,
        latest,
        course.better,
        target,
        when,
        course.limit,
        course.decimals,
        course.percent,
        course.values[latest - 1] if latest else None,
    )


def _aim(rule: NamedRule, course: Course) -> tuple[float | None, float | None]:
    """The target and its place in time; without a period it is none, but for the UN's 2030."""
    when = course.target_time
    if when is None and rule.name == "un_progress_chart":
        when = UN_TARGET_YEAR + 0.5
    if course.target is None or when is None:
        return None, None
    return course.target, when


def _until_target(rule: NamedRule, course: Course) -> Course:
    """A target in the past ends the series there, for the rule that says so."""
    when = course.target_time
    if rule.name != "un_progress_chart" or course.target is None or when is None:
        return course
    kept = [at for at, time in enumerate(course.times) if time <= when + CLOSE]
    return replace(
        course,
        times=[course.times[at] for at in kept],
        values=[course.values[at] for at in kept],
    )


def _base(rule: NamedRule, course: Course) -> tuple[int, float, float] | str:
    """Where the rule measures from: position, time and value."""
    times = np.asarray(course.times)
    if rule.last_points is not None:
        at = max(0, len(times) - rule.last_points)
        return at, float(times[at]), course.values[at]
    wanted = course.base_time
    if wanted is None and rule.published_base is not None:
        published = rule.published_base + 0.5
        wanted = published if times[-1] > published + CLOSE else None
    if wanted is None:
        return 0, float(times[0]), course.values[0]
    same = np.flatnonzero(np.abs(times - wanted) <= 1e-6)
    if same.size:
        at = int(same[0])
        return at, float(times[at]), course.values[at]
    if course.base_value is not None and course.base_time is not None:
        return -1, wanted, course.base_value
    before = np.flatnonzero(times < wanted)
    after = np.flatnonzero(times > wanted)
    if rule.base == "before" and before.size:
        at = int(before[-1])
    elif after.size:
        at = int(after[0])
    else:
        return "no_base_value"
    return at, float(times[at]), course.values[at]


def _grows(base: float, latest: float, target: float | None, rule: NamedRule) -> bool:
    """Whether growth rates exist: values of one sign, none of them 0 (StatCan replaces a 0)."""
    values = [base, latest] if target is None else [base, latest, target]
    if rule.name == "statcan":
        signs = {np.sign(one) for one in values if one != 0}
        return len(signs) <= 1
    if rule.name == "un_progress_chart":
        values = values[:2]  # the target enters as a difference
    elif target is not None and target == 0:
        return False
    return all(one > 0 for one in values) or all(one < 0 for one in values)
