"""What theory leads one to expect when one thing is changed (`configs/expectations.yaml`), measured on the same seeds.

Everything that is wrong in the file is reported at once, each with its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from experiments.design.reading import Places, read_form
from experiments.design.studyfile import Titles
from experiments.evidence.checks import Check
from experiments.evidence.measuring import Arm, Change, Comparison, Measurements, Subject
from model import OUTCOMES, ConfigError, load_scenario, nearest, shipped_root

FILE = shipped_root() / "expectations.yaml"


class Reaches(BaseModel, extra="forbid", frozen=True):
    """What an outcome itself must be at the end of a change, in the outcome's own unit."""

    at_least: float | None = None
    at_most: float | None = None


class Surprise(Titles):
    """What happens instead, in words, and where it can be seen: both are measured with the expectation."""

    moved: tuple[str, ...] = Field((), description="Outcomes that tell how, from the same runs.")
    without: dict[str, Any] = Field({}, description="Settings of both arms that turn off what makes the surprise.")


class Expectation(BaseModel, extra="forbid", frozen=True):
    """One thing is changed, everything else and the seeds stay: which way an outcome moves, and why."""

    id: str = Field(pattern=r"^X\d\d+$", description="X and a number.")
    topic: str = Field(description="A key of topics.")
    regime: str = Field(description="A shipped regime.")
    beside: dict[str, Any] = Field({}, description="Settings of both arms, by dotted path.")
    change: dict[str, tuple[Any, Any]] = Field(min_length=1, description="From and to, by dotted path.")
    outcome: str = Field(description="An outcome of the model.")
    expect: Literal["up", "down", "none"] = Field(description="Where the outcome is expected to move.")
    band: float | None = Field(None, gt=0.0, description="Up to which size a change counts as none.")
    reaches: Reaches | None = Field(None, description="What the outcome must be at the end of the change.")
    why: Titles = Field(description="The argument, in one or two plain sentences.")
    source: str = Field(description="A key of sources.")
    surprise: Surprise | None = Field(None, description="What happens instead, where it came out otherwise.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Expectation:
        if (self.band is not None) != (self.expect == "none"):
            raise ValueError("band: expected with expect: none, and only there")
        still = [key for key, (start, end) in self.change.items() if start == end]
        if still:
            raise ValueError(f"change: expected two different values, got the same twice for {still[0]}")
        twice = [key for key in (*self.beside, *self.without) if key in self.change]
        if twice:
            raise ValueError(f"{twice[0]}: expected only under change, got it elsewhere too")
        return self

    @property
    def without(self) -> dict[str, Any]:
        """Settings under which the surprise should be gone; empty where nothing was turned off."""
        return self.surprise.without if self.surprise else {}

    @property
    def moved(self) -> tuple[str, ...]:
        return self.surprise.moved if self.surprise else ()

    def arm(self, end: Literal["start", "end"], *, without: bool = False) -> Arm:
        """Return the arm at the start of the change or at its end; `without` what makes a surprise, where asked."""
        changed = {key: values[end == "end"] for key, values in self.change.items()}
        return Arm(self.regime, {**self.beside, **(self.without if without else {}), **changed})

    @property
    def check(self) -> Check:
        """What is expected, without the words."""
        ends = self.reaches
        return Check(self.expect, self.band or 0.0, (ends.at_least, ends.at_most) if ends else None)

    def definition(self) -> dict[str, Any]:
        """Return what decides its numbers and its verdict, as plain values: everything but the words."""
        plain = self.model_dump(mode="json", include=_MEASURED, exclude_none=True)
        traced = {"moved": list(self.moved), "without": self.without}
        return {**plain, **{name: value for name, value in traced.items() if value}}


_MEASURED = {"regime", "beside", "change", "outcome", "expect", "band", "reaches"}
_VERDICTS = {None: "unclear", True: "as expected", False: "surprise"}


class ExpectationsFile(BaseModel, extra="forbid", frozen=True):
    """The whole file."""

    topics: dict[str, Titles] = Field(min_length=1, description="Headings by key.")
    sources: dict[str, Titles] = Field(min_length=1, description="Short references by key.")
    expectations: tuple[Expectation, ...] = Field(min_length=1, description="The expectations.")


def read_expectations(path: Path = FILE) -> ExpectationsFile:
    """Read expectations and check every name, value and bound in them.

    Raises:
        WrongInput: With every problem found.
    """
    return read_form(path, ExpectationsFile, _problems)


def _problems(read: ExpectationsFile, places: Places) -> Iterator[str]:
    """Yield what is wrong with expectations whose form is right."""
    known = {"topic": list(read.topics), "source": list(read.sources), "outcome": list(OUTCOMES)}
    for number, each in enumerate(read.expectations):
        named: list[tuple[tuple[str | int, ...], str, str]] = [((key,), key, getattr(each, key)) for key in known]
        named += [(("surprise", "moved", at), "outcome", name) for at, name in enumerate(each.moved)]
        for path, key, name in named:
            if name not in known[key]:
                yield f"{places('expectations', number, *path)}unknown {key} '{name}'{nearest(name, known[key])}"
        if each.id in [other.id for other in read.expectations[:number]]:
            yield f"{places('expectations', number, 'id')}expected {each.id} once, got it twice."
        arms = (arm for change in subject(each).changes.values() for arm in (change.before, change.after))
        yield from dict.fromkeys(problem for arm in arms for problem in _misfits(each, number, arm, places))


def _misfits(each: Expectation, number: int, arm: Arm, places: Places) -> Iterator[str]:
    """Yield what is wrong with the settings of an arm, each where its key stands."""
    settings = {("change",): each.change, ("beside",): each.beside, ("surprise", "without"): each.without}
    known = [((*path, key), key) for path, keys in settings.items() for key in keys]
    try:
        load_scenario(arm.regime, overrides=dict(arm.settings))
    except ConfigError as error:
        for problem in error.problems:
            path = next((path for path, key in known if key in problem), ("regime",))
            yield f"{places('expectations', number, *path)}{problem.removeprefix('--set: ')}"


def subject(each: Expectation) -> Subject:
    """Return an expectation as a row of the table of measurements.

    Compared are the change, and where something makes a surprise, the same without it: its outcome, what tells the
    surprise (`moved`, by outcome), and its outcome `without` what makes it.
    """
    outcomes = tuple(dict.fromkeys((each.outcome, *each.moved)))
    changes = {"change": Change(each.arm("start"), each.arm("end"), outcomes)}
    if each.without:
        changes["without"] = Change(each.arm("start", without=True), each.arm("end", without=True), (each.outcome,))

    def row(found: Mapping[str, Mapping[str, Comparison]]) -> dict[str, Any]:
        change = found["change"]
        moved = {"moved": {name: change[name] for name in each.moved}} if each.moved else {}
        without = {"without": found["without"][each.outcome]} if each.without else {}
        return {**change[each.outcome], **moved, **without}

    return Subject(each.id, each.definition(), changes, row, each.check, changes)


MEASURED = Measurements("expectations", 8, cache(lambda: tuple(map(subject, read_expectations().expectations))))


def verdict(each: Expectation, row: Mapping[str, Any]) -> str:
    """Return "as expected", "surprise" or "unclear", as the intervals of change and level say."""
    return _VERDICTS[each.check.holds(row["difference"], row["after"])]
