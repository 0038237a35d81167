"""Least squares with the errors that districts, repeated years and short series need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from barometer_lib.errors import BarometerError


@dataclass(frozen=True)
class Term:
    """A coefficient in the outcome's unit, its standard error, two-sided p and 95 % limits."""

    value: float
    se: float
    p: float
    low: float
    high: float


def statsmodels() -> Any:
    """The package that fits. Raises `BarometerError` where the analysis extra is not installed."""
    try:
        import statsmodels.api
    except ImportError as error:
        raise BarometerError("analysis_extra", name="statsmodels") from error
    return statsmodels.api


def least_squares(
    outcome: Sequence[float],
    terms: Mapping[str, Sequence[float]],
    *,
    clusters: Sequence[Sequence[Any]] = (),
    lags: int | None = None,
) -> dict[str, Term]:
    """Coefficients of a constant (`const`) and `terms`.

    With one or two `clusters` (a label per row each) the errors are robust to any dependence
    within them, factor `G/(G-1) * (n-1)/(n-k)`; with `lags` Newey-West, Bartlett weights and the
    factor `n/(n-k)`. Both by statsmodels.
    """
    sm = statsmodels()
    design = np.column_stack(
        [np.ones(len(outcome)), *(np.asarray(t, float) for t in terms.values())]
    )
    model = sm.OLS(np.asarray(outcome, float), design)
    if lags is not None:
        fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True},
                        use_t=True)  # fmt: skip
    elif clusters:
        labels = [np.unique(np.asarray(one), return_inverse=True)[1] for one in clusters]
        groups = labels[0] if len(labels) == 1 else np.column_stack(labels)
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    else:
        fit = model.fit()
    return terms_of(fit, ["const", *terms])


def terms_of(fit: Any, names: Sequence[str]) -> dict[str, Term]:
    """The coefficients of a fitted model by name."""
    limits = fit.conf_int()
    return {
        name: Term(
            float(fit.params[place]),
            float(fit.bse[place]),
            float(fit.pvalues[place]),
            float(limits[place][0]),
            float(limits[place][1]),
        )
        for place, name in enumerate(names)
    }
