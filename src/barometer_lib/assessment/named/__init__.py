"""Published rules by name: each is data (`thresholds`) and one small function (`measures`)."""

from barometer_lib.assessment.named.chances import Drawn, chances, told
from barometer_lib.assessment.named.spans import Course, Span, span_of
from barometer_lib.assessment.named.thresholds import LEAST_PROBABILITY, RULES, NamedRule
from barometer_lib.assessment.named.verdicts import (
    RuleVerdict,
    classes_of,
    classified,
    national_goal,
    sdsn_goal,
    statcan_goal,
    verdict,
    worst,
)

__all__ = [
    "LEAST_PROBABILITY",
    "RULES",
    "Course",
    "Drawn",
    "NamedRule",
    "RuleVerdict",
    "Span",
    "chances",
    "classes_of",
    "classified",
    "national_goal",
    "sdsn_goal",
    "span_of",
    "statcan_goal",
    "told",
    "verdict",
    "worst",
]
