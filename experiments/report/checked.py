"""A district of one's own, looked at before it is used: what is assumed, how full its units are, a short trial run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.blocks import Block, Heading, Notice, Paragraph, Table
from experiments.errors import WrongInput
from experiments.formatting import digits_of, number, outcome_of, shown_in, title, unit
from experiments.kinds import CsvTable, Results
from experiments.messages import Language, current_language, msg
from experiments.stats.series import LEVELS
from model import ConfigError, Scenario, load_scenario, offered_load, prepare, simulate
from model.config.book import ASKED, WORDS_ZH, known_number, pages
from model.config.files import WORKBOOK, checked_workbook, district_sheets, find_file
from model.config.usual import Usual, usual, usual_of_column
from model.explain.load import PoolLoad

REGIMES = ("inverted", "flattened")  # under which loads are told; the trial is of the first
TRIAL = {"run.warm_up_days": 30, "run.window_days": 60, "run.follow_up_days": 30}  # of a run that only shows it works
FULL = 1.0  # offered work over hours from which a queue grows without end
FOR_DERIVED_STAFF = ("staff.load", "staff.city", "staff.department", "staff.street", "staff.community")
"""Numbers that mean nothing where the staff of every unit is given."""

_LISTS = ("streets", "departments", "kinds")


@dataclass(frozen=True)
class Assumed:
    """A number that the district does not say, so that a default holds.

    Attributes:
        key: Dotted path; of a column "kinds.work_sigma".
        empty, of: Entries without it, among all; 1 of 1 for a number of the whole district.
        value: The default; None where it is derived.
        usual: Its usual range, where one is known.
        meaning_en, meaning_zh: What it is.
    """

    key: str
    empty: int
    of: int
    value: Any
    usual: Usual | None
    meaning_en: str
    meaning_zh: str

    @property
    def unusual(self) -> bool:
        """Whether the default lies outside the usual range: 0 leaves a matter out of the model."""
        if self.usual is None or not isinstance(self.value, int | float):
            return False
        return not self.usual.low <= self.value <= self.usual.high

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return dataclasses.asdict(self) | {"unusual": self.unusual}


@dataclass(frozen=True)
class CheckResults(Results):
    """What is found of a district that runs.

    Attributes:
        named: As commands name it from the current folder.
        scenario: The district under the first of `REGIMES`.
        assumed: What it does not say.
        loads: Offered load of every pool by regime.
        trial: Outcomes of the trial run, None where none was made.
        seed, cases: Of that run.
        notes: What of its file was left out.
    """

    named: str
    scenario: Scenario
    assumed: tuple[Assumed, ...]
    loads: Mapping[str, list[PoolLoad]]
    trial: Mapping[str, float | None] | None
    seed: int
    cases: int
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        world = self.scenario.world
        return {
            "district": self.named,
            **{topic: len(getattr(world, topic)) for topic in _LISTS},
            "requests_per_year": world.demand.requests_per_year,
            "assumed": [each.as_json() for each in self.assumed],
            "notes": list(self.notes),
            "load": {
                regime: [dataclasses.asdict(each) | {"load": each.load} for each in loads]
                for regime, loads in self.loads.items()
            },
            "trial": None if self.trial is None else {
                "regime": self.scenario.name, "seed": self.seed, "days": TRIAL["run.window_days"], "cases": self.cases,
                "outcomes": dict(self.trial),
            },
        }  # fmt: skip

    def tables(self) -> Mapping[str, CsvTable]:
        """Return assumed numbers and loads as tables."""
        return {
            "assumed": (("key", "empty", "of", "value", "low", "high"), [
                (each.key, each.empty, each.of, each.value, each.usual and each.usual.low,
                 each.usual and each.usual.high)
                for each in self.assumed
            ]),
            "load": (("regime", "level", "code", "hours", "work", "load"), [
                (regime, each.level, each.code, each.hours, each.work, each.load)
                for regime, loads in self.loads.items() for each in loads
            ]),
        }  # fmt: skip

    def headline(self) -> str:
        """Return that it runs, and what it is."""
        world = self.scenario.world
        counts = {topic: len(getattr(world, topic)) for topic in _LISTS}
        return msg("check_runs", path=self.named, requests=f"{world.demand.requests_per_year:,.0f}", **counts)

    def blocks(self) -> Iterator[Block | str]:
        """Yield all of it in words."""
        yield Paragraph(self.headline())
        yield from (Notice(each) for each in self.notes)
        yield from self._assumed()
        yield from self._loads()
        yield from self._trial()
        yield Paragraph(msg("check_next", path=self.named))

    def _assumed(self) -> Iterator[Block]:
        if not self.assumed:
            return
        zh = current_language() is Language.ZH
        header = tuple(msg(f"check_{name}") for name in ("number", "meaning", "missing", "value", "usual"))
        rows = tuple(
            (each.key, each.meaning_zh if zh else each.meaning_en, f"{each.empty} / {each.of}", _shown(each.value),
             "–" if each.usual is None else each.usual.zh if zh else each.usual.en)
            for each in self.assumed
        )  # fmt: skip
        yield Table(header, rows, msg("check_assumed", count=len(rows)), msg("check_assumed_note"), words=5)
        if unusual := [each.key for each in self.assumed if each.unusual]:
            yield Notice(msg("check_unusual", count=len(unusual), keys=msg("list_join").join(unusual)))

    def _loads(self) -> Iterator[Block]:
        zh = current_language() is Language.ZH
        header = (msg("check_level"), *(msg(f"check_{name}", regime=each) for each in self.loads
                                        for name in ("mean", "busiest")))  # fmt: skip
        rows, over = [], dict[str, list[str]]()
        for level in LEVELS:
            cells = [msg(f"level_{level}")]
            for regime, loads in self.loads.items():
                here = [each for each in loads if each.level == level and each.load is not None]
                busiest = max(here, key=lambda each: each.load or 0.0, default=None)
                hours = sum(each.hours for each in here)
                cells.append(f"{sum(each.work for each in here) / hours:.2f}" if hours else msg("undefined"))
                cells.append("" if busiest is None else f"{_title(busiest, zh)} {busiest.load:.2f}")
                over.setdefault(regime, []).extend(_title(each, zh) for each in here if (each.load or 0.0) > FULL)
            rows.append(tuple(cells))
        yield Table(header, tuple(rows), msg("check_loads"), msg("check_loads_note"), words=1)
        for regime, names in over.items():
            if names:
                yield Notice(msg("check_over", regime=regime, count=len(names), names=msg("list_join").join(names)))

    def _trial(self) -> Iterator[Block]:
        if self.trial is None:
            return
        about = {"regime": self.scenario.name, "days": TRIAL["run.window_days"], "cases": f"{self.cases:,}"}
        yield Heading(msg("check_trial", **about), level=3)
        rows = tuple(
            (title(outcome), unit(outcome), number(value, outcome, digits_of(value, outcome)))
            for outcome, value in ((outcome_of(name), self.trial.get(name)) for name in shown_in("headline"))
        )
        yield Table((msg("outcome"), msg("unit"), msg("value")), rows, note=msg("check_trial_note"), words=2)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return msg("check_yes" if value else "check_no")
    if value is None:
        return msg("new_derived")
    if isinstance(value, int | float):
        return f"{value:.4g}"
    return WORDS_ZH.get(value, value) if current_language() is Language.ZH else str(value)


def _title(pool: PoolLoad, zh: bool) -> str:
    return pool.title_zh if zh else pool.title_en


def check_results(district: str, seed: int, *, trial: bool) -> CheckResults:
    """Look at a district.

    Args:
        district: Shipped name, or path of a folder or a file.
        trial: Whether a short run is made.

    Raises:
        WrongInput: With every gap, in the language in use, if it does not run.
    """
    try:
        path = find_file("district", district)
        notes = _notes(path) if path.suffix.lower() == WORKBOOK else ()
        sheets = district_sheets(district)
        scenarios = [load_scenario(regime, district=district, overrides=TRIAL) for regime in REGIMES]
        record = _tried(scenarios[0], seed) if trial else None
    except ConfigError as error:
        raise WrongInput(error.problems) from error
    given = {topic: values for sheet in sheets for topic, values in sheet.values.items()}
    loads = {each.name: offered_load(each, -1) for each in scenarios}
    outcomes, cases = record or (None, 0)
    return CheckResults(_named(district), scenarios[0], tuple(_assumed(given)), loads, outcomes, seed, cases, notes)


def _named(district: str) -> str:
    """Return what names a district in a command: a folder with the slash by which it is known as a path."""
    path = Path(district)
    if not path.exists():
        return district
    near = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{near}/" if path.is_dir() else str(near)


def _tried(scenario: Scenario, seed: int) -> tuple[dict[str, float | None], int]:
    """Return the outcomes and cases of a run."""
    from experiments.runner.worker import defined

    prepare(scenario)
    record = simulate(scenario, seed)
    return {name: defined(value) for name, value in record.outcomes.items()}, int(record.cases_total)


def _notes(path: Path) -> tuple[str, ...]:
    """Return what of a workbook was left out; WrongInput with its gaps where it has any."""
    found, zh = checked_workbook(path), current_language() is Language.ZH
    if found.gaps:
        raise WrongInput(list(dict.fromkeys(f"{each.place}: {each.zh if zh else each.en}" for each in found.gaps)))
    said = [msg("check_examples", count=found.examples)] if found.examples else []
    said += [msg("check_as_today", count=found.as_today)] if found.as_today else []
    return (*said, *(msg("check_ignored", place=place, header=header) for place, header in found.ignored))


def _assumed(given: Mapping[str, Any]) -> Iterator[Assumed]:
    """Yield what a district's files leave open, of what an office is asked for."""
    counted = all("staff" in each for topic in ("streets", "departments") for each in given.get(topic, []))
    for key in ("demand.requests_per_year", *ASKED):
        if counted and key in FOR_DERIVED_STAFF:
            continue
        (topic, _, name), known = key.partition("."), known_number(key)
        assert known is not None
        if name not in given.get(topic, {}):
            yield Assumed(key, 1, 1, known.default, usual(topic, name), known.meaning, known.zh)
    for topic in _LISTS:
        entries = given.get(topic, [])
        for column in pages()[topic].columns:
            if column.known is None or not column.shown or (column.known.type is str and not column.known.choices):
                continue
            empty = sum(column.key not in each for each in entries)
            if empty:
                words = column.known.meaning, column.known.zh
                known_range = usual_of_column(topic, column.key)
                # people whom nobody gives are derived from the work, or none where all others are given
                value = 0 if counted and column.known.default is None else column.known.default
                yield Assumed(f"{topic}.{column.key}", empty, len(entries), value, known_range, *words)
