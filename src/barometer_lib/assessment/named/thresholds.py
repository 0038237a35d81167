"""The named rules as data: their classes, thresholds, least data and sources, in one place.

`classes` run from worst to best. `cuts` are the lower limits of all classes but the first, of the
rule's own measure; `classes_without` and `cuts_without` are those for an aim without a value. A
change of a threshold is a new version, never an edit.
"""

from __future__ import annotations

from dataclasses import dataclass

# A verdict stands only where one class has at least this probability.
LEAST_PROBABILITY = 0.8
# Numbers nearer than this differ by the machine's rounding alone.
CLOSE = 1e-9


@dataclass(frozen=True)
class NamedRule:
    """One published rule. `met` is the class of a value that meets the target, where there is one.

    `base` says what is taken where the base period has no figure: the first one after it, or the
    last one before. `points` and `years` are the least data; `last_points` is how many of the
    newest points are used (blank: from the base on). `growth` marks rules of yearly growth, which
    need values of one sign. `published_base` is the year the publisher measures from; it
    counts where no base is stated and the series goes on beyond it.
    """

    name: str
    version: str
    source: str
    classes: tuple[str, ...]
    cuts: tuple[float, ...]
    met: str | None = None
    classes_without: tuple[str, ...] | None = None
    cuts_without: tuple[float, ...] = ()
    base: str = "after"
    points: int = 2
    years: float = 0.0
    last_points: int | None = None
    growth: bool = False
    published_base: int | None = None


LINEAR_GAP_CLOSURE = NamedRule(
    "linear_gap_closure",
    "1",
    "this barometer; thresholds after Eurostat's 95, 60 and 0 percent of the required pace",
    ("moving_away", "limited_progress", "acceleration_needed", "on_track"),
    (0.0, 0.60, 0.95),
    met="target_met",
)
EUROSTAT = NamedRule(
    "eurostat",
    "2021",
    "Eurostat (2021), Sustainable development in the European Union, Annex II",
    ("movement_away", "insufficient_progress", "moderate_progress", "significant_progress"),
    (0.0, 0.60, 0.95),
    met="significant_progress",
    classes_without=(
        "significant_movement_away",
        "moderate_movement_away",
        "moderate_progress",
        "significant_progress",
    ),
    cuts_without=(-0.01, 0.0, 0.01),
    years=3.0,
    growth=True,
)
STATCAN = NamedRule(
    "statcan",
    "1",
    "Statistics Canada, Sustainable Development Goals data hub, methodology (as Open SDG)",
    ("deterioration", "limited_progress", "moderate_progress", "substantial_progress"),
    (0.0, 0.60, 0.95),
    met="target_achieved",
    classes_without=(
        "deterioration",
        "limited_progress",
        "moderate_progress",
        "substantial_progress",
    ),
    cuts_without=(0.0, 0.005, 0.015),
    growth=True,
    published_base=2015,
)
UN_PROGRESS_CHART = NamedRule(
    "un_progress_chart",
    "2023",
    "United Nations, Progress Chart Technical Note 2023, as carried out by Eustat",
    ("stagnation_or_regression", "fair_progress", "on_track"),
    (0.10, 0.95),
    met="on_track",
    classes_without=("stagnation_or_regression", "fair_progress", "on_track"),
    cuts_without=(0.005, 0.02),
    base="before",
    growth=True,
    published_base=2015,
)
SDSN_ARROWS = NamedRule(
    "sdsn_arrows",
    "1",
    "SDSN, Sustainable Development Report, trend arrows",
    ("decreasing", "stagnating", "moderately_improving", "on_track"),
    (0.0, 0.50, 1.0),
    met="maintaining",
    points=2,
    years=4.0,
)
WEATHER = NamedRule(
    "weather",
    "1",
    "Statistisches Bundesamt, Indikatorenbericht nachhaltige Entwicklung, status symbols",
    ("thunderstorm", "cloud", "sun_and_cloud", "sun"),
    (0.0, 0.80, 0.95),
    classes_without=("thunderstorm", "cloud", "sun_and_cloud", "sun"),
    cuts_without=(0.0, 0.80, 0.95),
    points=4,
    last_points=6,
)
NATIONAL_BAROMETER = NamedRule(
    "national_barometer",
    "1",
    "The Danish national integration barometer, integrationsbarometer.dk",
    ("worse", "same_rounded", "better"),
    (0.0, 1e-6),
    classes_without=("worse", "same_rounded", "better"),
    cuts_without=(0.0, 1e-6),
    published_base=2012,
)

RULES: dict[str, NamedRule] = {
    rule.name: rule
    for rule in (
        LINEAR_GAP_CLOSURE,
        EUROSTAT,
        STATCAN,
        UN_PROGRESS_CHART,
        SDSN_ARROWS,
        WEATHER,
        NATIONAL_BAROMETER,
    )
}

# No growth starts from 0: StatCan puts this in the place of a base or target of 0.
IN_PLACE_OF_ZERO = 0.001
STATCAN_LIMIT_POWER = 4.44
# StatCan's score is straight between these points and flat beyond them.
STATCAN_SCORES = (-5.0, -2.5, 0.0, 2.5, 5.0)
STATCAN_RATIOS = (-0.6, 0.0, 0.6, 0.95, 1.3)
STATCAN_GROWTHS = (-0.02, 0.0, 0.005, 0.015, 0.02)
STATCAN_LIMITED = (False, False, True, True, True)  # which of them the limit factor scales
# The UN counts a value within a point of 0 or 100 as reached where that is the aim.
UN_NEAR = 1.0
UN_TARGET_YEAR = 2030
UN_SCORES = {"stagnation_or_regression": 1, "fair_progress": 2, "on_track": 3}
SDSN_GOAL_SHARE = 0.75
SDSN_STEPS = (0.0, 0.5, 1.0)
