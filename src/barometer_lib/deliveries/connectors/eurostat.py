"""Eurostat's statistics API: a dataset's figures as JSON-stat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import quote, urlencode

from barometer_lib.deliveries import jsonstat
from barometer_lib.deliveries.connectors import addresses
from barometer_lib.deliveries.connectors.client import HALF, LATER, Answer
from barometer_lib.deliveries.connectors.selection import Selection
from barometer_lib.deliveries.connectors.times import period_code
from barometer_lib.errors import BarometerError, Fault, nearest

TOO_LARGE = 413
# Parameters of the API that are no dimensions of a dataset.
PARAMETERS = {"sincetimeperiod", "untiltimeperiod", "lasttimeperiod", "geolevel"}
TIME = "time"


def asked(given: Mapping[str, Sequence[str]]) -> Selection:
    """The selection as it is sent: periods as Eurostat writes them, each code once."""
    return {
        name: tuple(
            dict.fromkeys(
                period_code(code) if TIME in name.casefold() else code.strip() for code in codes
            )
        )
        for name, codes in given.items()
    }


def question(selection: Selection, dataset: str, lang: str) -> tuple[str, None]:
    """The address for a selection."""
    pairs = [(name, code) for name, codes in selection.items() for code in codes]
    options = urlencode([("format", "JSON"), ("lang", lang.upper()), *pairs])
    return f"{addresses.base('eurostat')}/data/{quote(dataset)}?{options}", None


def asker(dataset: str, lang: str) -> partial[tuple[str, None]]:
    """`question` for one dataset. Eurostat speaks no Danish: English is asked for."""
    return partial(question, dataset=dataset, lang="en" if lang == "da" else lang)


def too_large(answer: Answer) -> bool:
    """Whether Eurostat refused because of too many cells."""
    return answer.status == TOO_LARGE


def lacking(answer: Answer) -> str | None:
    """ "half" for a text that does not close, "later" for the promise of an answer."""
    found = answer.json()
    if not isinstance(found, dict):
        return HALF
    return LATER if "warning" in found else None


def cube_of(body: bytes, name: str) -> jsonstat.Cube:
    """The figures of an answer. Raises `BarometerError` where it holds none."""
    cube, faults = jsonstat.read(body.decode("utf-8-sig", "replace"), name)
    if cube is None:
        raise BarometerError("fetch_form", address=name, found=faults[0].column or faults[0].code)
    return cube


def faults(cubes: Sequence[jsonstat.Cube], selection: Selection, dataset: str) -> list[Fault]:
    """What was asked for and is not in the answers: Eurostat leaves out what it does not know."""
    answered: dict[str, dict[str, str]] = {}
    for cube in cubes:
        for one in cube.dimensions:
            answered.setdefault(one.id.casefold(), {}).update(one.labels)
    found: list[Fault] = []
    for name, codes in selection.items():
        if name.casefold() in PARAMETERS:
            continue
        have = answered.get(name.casefold())
        if have is None:
            known = tuple(answered)
            found.append(
                Fault(
                    "fetch_no_variable",
                    dataset,
                    column=name,
                    found=name,
                    allowed=", ".join(known),
                    nearest=tuple(nearest(name, known)),
                )
            )
            continue
        folded = {code.casefold() for code in have}
        for code in codes:
            if code.casefold() not in folded:
                near = tuple(nearest(code, have))
                allowed = ", ".join(have)
                found.append(Fault("fetch_no_code", dataset, None, name, code, allowed, near))
    return found
