"""`data/rounds/<id>.yml`: announced hour, steps with names and times, and what was frozen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from barometer_lib import periods
from barometer_lib.catalogue.lines import Page, read_page
from barometer_lib.catalogue.reading import form_faults
from barometer_lib.errors import Fault, nearest
from barometer_lib.rounds.content import checksum

State = Literal["draft", "professionally_approved", "management_approved", "presented", "public"]
STATES: tuple[State, ...] = (
    "draft",
    "professionally_approved",
    "management_approved",
    "presented",
    "public",
)
FROZEN = ".frozen.json"
LIFE = "life"


def _with_zone(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("2014-07-31T09:00:00+02:00")
    return moment


Moment = Annotated[dt.datetime, Field(strict=False), AfterValidator(_with_zone)]


class Step(BaseModel):
    """One step of a round: the state it reached, who took it there, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    state: State
    by: str = Field(min_length=1)
    at: Moment


class Accepted(BaseModel):
    """Why a round was published although warnings were open, who says so, and which they were."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    warnings: list[str] = Field(min_length=1)


class Life(BaseModel):
    """A round from its draft on. `release` is the announced day and hour: the embargo ends then.

    `checksum` is of what the round shows and of the names and times that brought it there, set
    when it becomes public.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    round: str
    release: Moment
    steps: list[Step] = Field(min_length=1)
    checksum: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    accepted: Accepted | None = None

    @property
    def state(self) -> State:
        """Where the round is now."""
        return self.steps[-1].state

    @property
    def public(self) -> bool:
        """Whether it is public, and with that frozen."""
        return self.state == "public"


def told_life(life: Life) -> dict[str, Any]:
    """Hour, steps and acceptance of a round as plain content: frozen with what it shows."""
    told: dict[str, Any] = json.loads(life.model_dump_json(exclude={"round", "checksum"}))
    return told


@dataclass(frozen=True)
class Lives:
    """The lives of a dataset's rounds, what each public one was frozen with, and every fault."""

    lives: Mapping[str, Life] = field(default_factory=dict)
    frozen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def state(self, code: str) -> str:
        """The state of a round; one without a life of its own is public by its source."""
        return self.lives[code].state if code in self.lives else "public"

    @property
    def unreleased(self) -> frozenset[str]:
        """The rounds that are not public yet."""
        return frozenset(code for code, life in self.lives.items() if not life.public)


def read(folder: Path, known: Mapping[str, Any], prefix: str) -> Lives:
    """The lives in `folder` of the rounds that are `known`. Raises nothing.

    Pages of the other dataset (by the `prefix` of its ids) are left to it.
    """
    lives: dict[str, Life] = {}
    frozen: dict[str, Mapping[str, Any]] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.y*ml")) if folder.is_dir() else ():
        if path.stem.startswith("demo-") is not bool(prefix):
            continue
        name = f"rounds/{path.name}"
        page = read_page(path, name)
        faults += page.faults
        if page.faults:
            continue
        try:
            life = Life.model_validate({} if page.content is None else page.content)
        except ValidationError as error:
            faults += form_faults(error, Life, page, ())
            continue
        kept = folder / f"{path.stem}{FROZEN}"
        content = _content(kept)
        wrong = list(_faults(life, page, path.stem, known))
        wrong = wrong or list(_frozen_faults(life, page, content))
        faults += wrong
        if not wrong:
            lives[life.round] = life
            if content is not None:
                frozen[life.round] = content
    return Lives(lives, frozen, tuple(faults))


def _content(path: Path) -> Mapping[str, Any] | None:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _faults(life: Life, page: Page, stem: str, known: Mapping[str, Any]) -> Iterator[Fault]:
    if life.round != stem or life.round not in known:
        yield Fault(
            "unknown_code",
            page.name,
            line=page.line(("round",)),
            column="round",
            found=life.round,
            nearest=tuple(nearest(stem, known)),
            fields={"kind": "round"},
        )
    elif not _on_its_day(life, known[life.round]):
        line = page.line(("release",))
        day, allowed = life.release.date().isoformat(), str(known[life.round].published)
        yield Fault("round_day", page.name, line=line, found=day, allowed=allowed)
    order = [STATES.index(step.state) for step in life.steps]
    if order != list(range(len(order))):
        told = " > ".join(step.state for step in life.steps)
        allowed = " > ".join(STATES)
        line = page.line(("steps",))
        yield Fault("round_steps", page.name, line=line, found=told, allowed=allowed)
    times = [step.at for step in life.steps]
    if times != sorted(times):
        found = ", ".join(one.isoformat() for one in times)
        yield Fault("round_times", page.name, line=page.line(("steps",)), found=found)
    if life.public and life.steps[-1].at < life.release:
        line = page.line(("steps", len(order) - 1, "at"))
        found = life.steps[-1].at.isoformat()
        allowed = f">= {life.release.isoformat()}"
        yield Fault("round_early", page.name, line=line, found=found, allowed=allowed)


def _on_its_day(life: Life, entry: Any) -> bool:
    """Whether the announced hour lies on the round's day in the catalogue."""
    span = periods.parse(entry.published)
    return span.start <= life.release.date() <= span.end


def _frozen_faults(life: Life, page: Page, content: Mapping[str, Any] | None) -> Iterator[Fault]:
    if life.public is (life.checksum is None):
        yield Fault("round_checksum", page.name, line=page.line(("checksum",)))
    elif life.checksum is not None and (content is None or checksum(content) != life.checksum):
        found = "-" if content is None else checksum(content)
        line = page.line(("checksum",))
        allowed = life.checksum
        yield Fault("round_frozen", page.name, line=line, found=found, allowed=allowed)
    elif content is not None and content.get(LIFE) != told_life(life):
        found, allowed = json.dumps(told_life(life)), json.dumps(content.get(LIFE))
        yield Fault("round_renamed", page.name, found=found, allowed=allowed)
