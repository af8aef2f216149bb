"""The situations of tests/cases: read from their files, checked, and turned into scenarios of the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from model.config.scenario import Scenario, load_scenario
from model.terms import Activity, State

FOLDER = Path(__file__).with_name("cases")
DISTRICT = FOLDER / "district.yaml"
FILES = tuple(sorted(path for path in FOLDER.glob("*.yaml") if path != DISTRICT))

ACTIVITIES = {activity.name.lower(): activity for activity in Activity}
STATES = {state.name.lower(): state for state in State if state is not State.FREE}
ENDS = ("without", "with")

_JANUARY = 31
"""A problem of the first month: demand of January alone, so that no second one follows."""

_KEYS = {
    "case": {"name", "shows", "rules", "given", "then"},
    "given": {"regime", "values", "dates", "days", "problem"},
    "problem": {
        "kind", "street", "day", "each_day", "born_on", "work_days", "needs_power", "parties", "hidden", "severity",
        "waiting_days", "deadline", "recurs", "recurs_with_residents", "claims",
    },
    "then": {"story", "never", "times", "passes", "lead", "answers", "asked", "state", "within", "hours", "also"},
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One situation.

    Attributes:
        file, zh, en: File and name in both languages.
        shows: Rows of the reform, each with the end that the case shows: "without" or "with".
        rules: Rules of the model that it shows.
        given, then: What is there, and what follows.
    """

    file: str
    zh: str
    en: str
    shows: dict[str, str]
    rules: tuple[int, ...]
    given: dict[str, Any]
    then: dict[str, Any]

    def __hash__(self) -> int:
        return hash((self.file, self.en))

    @property
    def problem(self) -> dict[str, Any]:
        """The problem, with what is usual where nothing is said."""
        usual = {"kind": "rubbish", "street": "east", "day": 21}
        given: dict[str, Any] = self.given.get("problem", {})
        return usual | given

    @property
    def streets(self) -> list[str]:
        """Streets where problems come up."""
        street = self.problem["street"]
        return [street] if isinstance(street, str) else list(street)

    @property
    def days(self) -> int:
        """Days that the case is followed."""
        return int(self.given.get("days", 60))


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every case of every file."""
    return tuple(case for path in FILES for case in cases_of(path))


def cases_of(path: Path) -> Iterator[Case]:
    """Yield the cases of a file; every word in them must be known."""
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        name = entry.get("name", {})
        at = f"{path.name}: {name.get('en', entry)}"
        _known(at, entry, "case")
        _known(at, entry["given"], "given")
        _known(at, entry["given"].get("problem", {}), "problem")
        for told in (entry["then"], *entry["then"].get("also", {}).values()):
            _known(at, told, "then")
            _words_known(at, told)
        yield Case(
            path.name, name["zh"], name["en"], entry.get("shows", {}), tuple(entry.get("rules", ())), entry["given"],
            entry["then"],
        )  # fmt: skip


def _known(at: str, entries: dict[str, Any], what: str) -> None:
    unknown = set(entries) - _KEYS[what]
    assert not unknown, f"{at}: expected {sorted(_KEYS[what])}, got {sorted(unknown)} in '{what}'."


def _words_known(at: str, then: dict[str, Any]) -> None:
    said = [activity for activity, _, _, _ in map(line_of, then.get("story", ()))]
    said += [refused if isinstance(refused, str) else next(iter(refused)) for refused in then.get("never", ())]
    said += list(then.get("times", {}))
    unknown = set(said) - set(ACTIVITIES)
    assert not unknown, f"{at}: expected {sorted(ACTIVITIES)}, got {sorted(unknown)}."


def line_of(entry: dict[str, Any]) -> tuple[str, str, float, float | None]:
    """Return activity, unit, earliest and latest day of one line of a story."""
    activity, unit = next((key, value) for key, value in entry.items() if key not in ("within", "after"))
    return activity, unit, entry.get("after", 0.0), entry.get("within")


@cache
def scenario_of(case: Case) -> Scenario:
    """Return the world of a case: its district, its regime, its problem and nothing else."""
    settings = {**_demand(case), **_problem(case), **case.given.get("values", {})}
    if "dates" in case.given:
        settings["dates"] = case.given["dates"]
    return load_scenario(case.given.get("regime", "base"), district=str(DISTRICT), overrides=settings)


def _demand(case: Case) -> dict[str, Any]:
    """Return settings that make one problem a street on its day, or some each day."""
    problem = case.problem
    first = 0 if "each_day" in problem else problem["day"]
    mean = problem.get("each_day", 1.0 / (first + 0.5))
    alone = "each_day" not in problem and first < _JANUARY
    assert alone or "each_day" in problem or case.days <= first, f"{case.en}: a second problem would come up."
    months = [12.0] + [0.0] * 11 if alone else [1.0] * 12
    requests = mean / months[0] * 365.0 * len(case.streets) * (1.0 - _hidden(problem))
    streets = {f"streets.{code}.population": 1000 if code in case.streets else 0 for code in ("east", "north", "west")}
    return streets | {
        f"kinds.{problem['kind']}.season": months,
        "demand.requests_per_year": requests,
        "run.warm_up_days": 0,
        "run.window_days": first + case.days,
        "run.follow_up_days": 1,
    }


def _hidden(problem: dict[str, Any]) -> float:
    """Return the share that is hidden; a twentieth is the least that the model leaves to be reported."""
    return 0.95 if problem.get("hidden") else 0.0


def _problem(case: Case) -> dict[str, Any]:
    problem = case.problem
    kinds = ("rubbish", "stalls", "shop", "cables", "building")
    settings: dict[str, Any] = {f"kinds.{code}.share": 1.0 if code == problem["kind"] else 0.0 for code in kinds}
    values = {
        "work_days": problem.get("work_days"), "stake": problem.get("severity"),
        "waiting_days": problem.get("waiting_days"), "deadline": problem.get("deadline"),
        "recur_control": problem.get("recurs"), "recur_cogovernance": problem.get("recurs_with_residents"),
        "hidden": _hidden(problem),
        "enforcement": _switch(problem.get("needs_power")),
    }  # fmt: skip
    if "parties" in problem:
        values |= {"joint": _switch(problem["parties"] > 1), "parties": float(max(2, problem["parties"]))}
    if "claims" in problem:
        values |= {"duties": {"diffuse": problem["claims"], "sharp": problem["claims"]}}
    settings |= {f"kinds.{problem['kind']}.{key}": value for key, value in values.items() if value is not None}
    return settings


def _switch(value: bool | None) -> float | None:
    return None if value is None else float(value)
