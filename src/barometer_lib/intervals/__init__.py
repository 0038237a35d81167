"""Intervals that several method rooms need, and tests in families.

`shares` Wilson, Newcombe, what a survey round can detect; `counts` Byar, exact Poisson, rates,
standardised rates; `ratios` of two shares; `student` means and p; `survey` weights, strata and
clusters; `families` Benjamini-Hochberg. Shares are 0-1; limits are two-sided at a level of 0.95
unless another is given.
"""

from barometer_lib.intervals.counts import (
    FEW,
    Estimate,
    Standardised,
    byar,
    count_limits,
    directly_standardised,
    directly_standardised_events,
    exact_poisson,
    indirectly_standardised,
    rate,
    ratio_of_counts,
)
from barometer_lib.intervals.families import benjamini_hochberg
from barometer_lib.intervals.ratios import koopman, ratio_log, ratio_log_adjusted
from barometer_lib.intervals.shares import (
    LEVEL,
    Limits,
    difference,
    newcombe,
    newcombe_p,
    normal_quantile,
    overlap_correlation,
    smallest_detectable_change,
    wilson,
)
from barometer_lib.intervals.student import mean_interval, student_p, student_quantile
from barometer_lib.intervals.survey import (
    Design,
    Surveyed,
    design_mean,
    design_total,
    effective_sample_size,
    jackknife_mean,
    logit_limits,
)

__all__ = [
    "FEW",
    "LEVEL",
    "Design",
    "Estimate",
    "Limits",
    "Standardised",
    "Surveyed",
    "benjamini_hochberg",
    "byar",
    "count_limits",
    "design_mean",
    "design_total",
    "difference",
    "directly_standardised",
    "directly_standardised_events",
    "effective_sample_size",
    "exact_poisson",
    "indirectly_standardised",
    "jackknife_mean",
    "koopman",
    "logit_limits",
    "mean_interval",
    "newcombe",
    "newcombe_p",
    "normal_quantile",
    "overlap_correlation",
    "rate",
    "ratio_log",
    "ratio_log_adjusted",
    "ratio_of_counts",
    "smallest_detectable_change",
    "student_p",
    "student_quantile",
    "wilson",
]
