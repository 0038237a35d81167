"""Lines in exact arithmetic: rational numbers, and two hundred digits where a root is needed.

The witness that the engine is held to; slow, and sharing no line of code with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache

DIGITS = 180


def decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def arctangent(x: Decimal) -> Decimal:
    halvings = 0
    while abs(x) > Decimal("0.05"):
        x = x / (1 + (1 + x * x).sqrt())
        halvings += 1
    total, power, k = Decimal(0), x, 1
    while abs(power) > Decimal(10) ** -(DIGITS + 10):
        total += power / k * (1 if k % 4 == 1 else -1)
        power *= x * x
        k += 2
    return total * 2**halvings


@cache
def pi() -> Decimal:
    return 4 * (4 * arctangent(Decimal(1) / 5) - arctangent(Decimal(1) / 239))


def two_sided_p(squared_t: Decimal, freedom: int) -> Decimal:
    """P(|T| > t) from t squared: Abramowitz and Stegun 26.7.3-4 as they are printed."""
    cos2 = Decimal(freedom) / (freedom + squared_t)
    sine = (1 - cos2).sqrt()
    term, total = Decimal(1), Decimal(1)
    if freedom % 2 == 0:
        for k in range(2, freedom, 2):
            term *= cos2 * (k - 1) / k
            total += term
        return 1 - sine * total
    angle = arctangent((squared_t / freedom).sqrt())
    if freedom == 1:
        return 1 - 2 * angle / pi()
    for k in range(3, freedom, 2):
        term *= cos2 * (k - 1) / k
        total += term
    return 1 - 2 * (angle + sine * cos2.sqrt() * total) / pi()


@cache
def quantile(freedom: int, level: str = "0.95") -> Decimal:
    """The two-sided quantile, by bisection."""
    with localcontext() as context:
        context.prec = DIGITS + 20
        low, high = Decimal(0), Decimal(100)
        for _ in range(400):
            middle = (low + high) / 2
            if two_sided_p(middle * middle, freedom) > 1 - Decimal(level):
                low = middle
            else:
                high = middle
        return low


def line(
    x: Sequence[float],
    y: Sequence[float],
    w: Sequence[float] | None = None,
    at: float | None = None,
    target: float | None = None,
) -> dict[str, float]:
    """Slope, se, t, p, limits, R2, sigma; the projection `at` a time and the chance of `target`."""
    with localcontext() as context:
        context.prec = DIGITS + 20
        xs, ys = [Fraction(one) for one in x], [Fraction(one) for one in y]
        ws = [Fraction(1)] * len(xs) if w is None else [Fraction(one) for one in w]
        weight, n = sum(ws), len(xs)
        mean_x = sum(a * b for a, b in zip(ws, xs, strict=True)) / weight
        mean_y = sum(a * b for a, b in zip(ws, ys, strict=True)) / weight
        spread = sum(c * (a - mean_x) ** 2 for a, c in zip(xs, ws, strict=True))
        rows = list(zip(xs, ys, ws, strict=True))
        slope = sum(c * (a - mean_x) * (b - mean_y) for a, b, c in rows) / spread
        left = sum(c * (b - mean_y - slope * (a - mean_x)) ** 2 for a, b, c in rows)
        total = sum(c * (b - mean_y) ** 2 for _, b, c in rows)
        s2 = left / (n - 2)
        se, q = decimal(s2 / spread).sqrt(), quantile(n - 2)
        found = {
            "slope": decimal(slope),
            "intercept": decimal(mean_y - slope * mean_x),
            "se": se,
            "t": decimal(slope) / se,
            "p": two_sided_p(decimal(slope * slope * spread / s2), n - 2),
            "low": decimal(slope) - q * se,
            "high": decimal(slope) + q * se,
            "r2": decimal(1 - left / total),
            "sigma": decimal(s2).sqrt(),
        }
        if at is not None:
            ahead = Fraction(at) - mean_x
            fit = mean_y + slope * ahead
            new = s2 * (1 + 1 / weight + ahead**2 / spread)
            reach = q * decimal(new).sqrt()
            found |= {
                "projected": decimal(fit),
                "projected_low": decimal(fit) - reach,
                "projected_high": decimal(fit) + reach,
            }
            if target is not None:
                lack = Fraction(target) - fit
                half = two_sided_p(decimal(lack * lack / new), n - 2) / 2
                found["p_reach"] = half if lack > 0 else 1 - half
        return {name: float(number) for name, number in found.items()}
