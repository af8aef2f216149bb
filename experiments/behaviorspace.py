"""Experiments and tables of NetLogo's BehaviorSpace: a study's runs as such a table, an experiment as a study.

A variable's name is a key, which NetLogo takes as a name too; "regime" and "random-seed" are known as well.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from experiments.design.ranges import inputs_of
from experiments.design.setting import hint
from experiments.design.studyfile import Replicates, StudyFile
from experiments.errors import WrongInput, raise_if_any
from experiments.store.netlogo_table import (
    REGIME,
    RUN,
    SEED,
    STEP,
    cells_of,
    literal,
    read_table,
    text_of,
    write_table,
)  # fmt: skip

if TYPE_CHECKING:
    pass

__all__ = ["Experiment", "read_experiment", "read_table", "write_table"]

MOST_IN_SWEEP = 3  # parameters of a sweep

CODE = ("preExperiment", "postRun", "postExperiment", "exitCondition")
"""What holds NetLogo's own commands, beside the usual `setup` and `go`."""


@dataclasses.dataclass(frozen=True)
class Experiment:
    """What a BehaviorSpace experiment varies.

    Attributes:
        where: Its file and name, for messages.
        rows: Value by variable of each point, in the order in which NetLogo runs them.
        repetitions: Runs of each point.
        metrics: What is measured; none: every outcome.
    """

    where: str
    name: str
    rows: tuple[Mapping[str, Any], ...]
    repetitions: int
    metrics: tuple[str, ...]

    def study(self, regime: str = "flattened", district: str = "chaoyang", **more: Any) -> StudyFile:
        """Return it as a sweep; a variable with one value everywhere is set, each other one varies.

        Args:
            regime: Where no variable is called so.
            more: Of the study's file, as `seed=7`.

        Raises:
            WrongInput: With every variable, value and metric that the model does not know; for more variables than a
                sweep has, and for rows that differ between regimes or seeds.
        """
        columns = {name: list(dict.fromkeys(row[name] for row in self.rows)) for name in self.rows[0]}
        regimes, seeds = columns.pop(REGIME, [regime]), columns.pop(SEED, [])
        varied = {name: values for name, values in columns.items() if len(values) > 1}
        fixed = {name: values[0] for name, values in columns.items() if len(values) == 1}
        raise_if_any([
            *self._unknown(columns, [str(each) for each in regimes], district), *self._uneven(regimes, seeds, varied),
            *([f"{self.where}: expected at most {MOST_IN_SWEEP} variables with several values for a sweep, got "
               f"{len(varied)}. Run its rows with `evaluate`."] if len(varied) > MOST_IN_SWEEP else []),
        ])  # fmt: skip
        rows = list(dict.fromkeys(tuple(row[name] for name in varied) for row in self.rows))
        grid = rows == list(itertools.product(*varied.values()))
        listed = {"kind": "list", "rows": [dict(zip(varied, row, strict=True)) for row in rows]}
        given = {
            "name": re.sub(r"[^\w.-]+", "_", self.name) or "experiment", "experiment": "sweep" if varied else "compare",
            "regimes": tuple(map(str, regimes)), "district": district, "set": fixed, "outcomes": self.metrics,
            "parameters": {name: {"values": tuple(values)} for name, values in varied.items()},
            "replicates": Replicates(fixed=len(seeds) or self.repetitions), "seed": min(seeds, default=1),
            **({} if grid else {"design": listed}),
        }  # fmt: skip
        return StudyFile(**(given | more))

    def _unknown(self, columns: Mapping[str, list[Any]], regimes: Sequence[str], district: str) -> Iterator[str]:
        from model import OUTCOMES

        for name in self.metrics:
            if name not in OUTCOMES:
                yield f"{self.where}: metric: unknown outcome '{name}'{hint(name, OUTCOMES)}"
        for regime in regimes:
            try:
                inputs_of(
                    {name: {"values": values} for name, values in columns.items()}, regime=regime, district=district
                )
            except WrongInput as error:
                yield from (f"{self.where}: {problem}" for problem in error.problems)

    def _uneven(self, regimes: Sequence[Any], seeds: list[Any], varied: Mapping[str, Any]) -> Iterator[str]:
        """Yield what a study, which runs every row under every regime with the same seeds, cannot repeat."""
        rows = {tuple(row[name] for name in varied) for row in self.rows}
        either = [name for name, values in ((REGIME, regimes[1:]), (SEED, seeds)) if values]
        many = len(rows) * len(regimes) * max(len(seeds), 1)
        if either and len({tuple(row.values()) for row in self.rows}) != many:
            yield f"{self.where}: {' and '.join(either)}: expected the same rows under each, got others under some."
        if seeds and sorted(seeds) != list(range(min(seeds), min(seeds) + len(seeds))):
            yield f"{self.where}: {SEED}: expected seeds one after the other, got {', '.join(map(str, seeds))}."


def read_experiment(path: str | Path, name: str | None = None) -> Experiment:
    """Read an experiment of BehaviorSpace.

    Args:
        path: An XML file of experiments, a model (.nlogo, .nlogox) that holds some, a table that BehaviorSpace wrote,
            or any CSV file whose columns are variables and whose rows are points.
        name: Of the experiment, where there are several.

    Raises:
        WrongInput: With everything that cannot be used.
    """
    path = Path(path)
    return _of_table(path) if path.suffix.lower() == ".csv" else _of_xml(path, name)


def _of_table(path: Path) -> Experiment:
    names, cells = cells_of(path)
    measured = names[0] == RUN
    end = names.index(STEP) if STEP in names else len(names)
    runs = {row[0]: row for row in cells}.values() if measured else cells  # one row a run, however many steps it has
    start = 1 if measured else 0
    points = [tuple(row[start:end]) for row in runs]
    rows = [dict(zip(names[start:end], map(literal, point), strict=True)) for point in dict.fromkeys(points)]
    most = max(points.count(point) for point in set(points))
    return Experiment(str(path), path.stem, tuple(rows), most, tuple(names[end + 1 :]))


def _of_xml(path: Path, name: str | None) -> Experiment:
    from model import nearest

    found = re.search(r"<experiments>.*</experiments>", text_of(path), re.DOTALL)
    try:
        every = ElementTree.fromstring(found[0]).findall("experiment") if found else []
    except ElementTree.ParseError as error:
        raise WrongInput([f"{path}: expected experiments as XML, got {error}."]) from error
    known = {each.get("name", ""): each for each in every}
    if not known or (name is None and len(known) > 1) or (name is not None and name not in known):
        wanted = "an experiment" if name is None else f"experiment '{name}'"
        near = nearest(name or "", known) if known else ", got none."
        raise WrongInput([f"{path}: expected {wanted}{near}"])
    return _of_element(known[name] if name is not None else every[0], str(path))


def _of_element(element: ElementTree.Element, path: str) -> Experiment:
    name = element.get("name", "")
    where = f"{path}: {name}"
    problems = [f"{where}: {tag}: expected nothing, because NetLogo's commands mean nothing here, got some."
                for tag in CODE if (element.findtext(tag) or "").strip()]  # fmt: skip
    limit = element.find("timeLimit")
    steps = element.get("timeLimit") if limit is None else limit.get("steps")
    if steps not in (None, "0"):
        problems.append(f"{where}: timeLimit: expected 0, because run.window_days says how long a run is, got {steps}.")
    sets = ("steppedValueSet", "enumeratedValueSet")
    always = [each for above in (element, element.find("constants")) if above is not None for each in above
              if each.tag in sets]  # fmt: skip
    blocks = [list(each) for each in element.iter("subExperiment")] or [[]]
    rows = list[dict[str, Any]]()
    for block in blocks:
        values = {each.get("variable", ""): _values(each, where, problems) for each in (*always, *block)}
        rows += [dict(zip(values, row, strict=True)) for row in itertools.product(*values.values())]
    if len({tuple(row) for row in rows}) > 1:
        problems.append(f"{where}: subExperiment: expected the same variables in each, got others in some.")
    repetitions = element.get("repetitions", "1")
    if not (repetitions.isdecimal() and int(repetitions)):
        problems.append(f"{where}: repetitions: expected 1 or more, got {repetitions}.")
    raise_if_any(problems)
    metrics = tuple((each.text or "").strip() for each in element.iter("metric"))
    return Experiment(where, name, tuple(rows), int(repetitions), metrics)


def _values(element: ElementTree.Element, where: str, problems: list[str]) -> Sequence[Any]:
    """Return the values of a variable; a problem is noted."""
    variable = element.get("variable", "")
    if element.tag == "enumeratedValueSet":
        listed = [literal(each.get("value", "")) for each in element.findall("value")]
        problems += [] if listed else [f"{where}: {variable}: expected one value or more, got none."]
        return listed
    try:
        first, step, last = (Decimal(element.get(name, "")) for name in ("first", "step", "last"))
        count = int((last - first) / step) + 1
    except (InvalidOperation, ZeroDivisionError):
        count = 0
    if count < 1:
        ends = ", ".join(f"{name} {element.get(name)}" for name in ("first", "step", "last"))
        problems.append(f"{where}: {variable}: expected steps from first to last, got {ends}.")
        return [0]
    return [literal(str(first + place * step)) for place in range(count)]
