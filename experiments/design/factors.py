"""What varies in a study: the parameters of its file as factors, each within the bounds it was declared with."""

from __future__ import annotations

import dataclasses
import functools
import math
import operator
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.reading import Places, load_all
from experiments.design.studyfile import Shape, Spread, StudyFile
from experiments.errors import WrongInput, raise_if_any
from model import one_of, span

if TYPE_CHECKING:
    from model import Declared, Instrument, Scenario

OF_OWN_RULES = "own."  # with which the paths of own numbers begin

DUMMY, LUCK = "dummy", "luck"
"""Columns of a design that no rule reads: one that does nothing, and one that decides which random seed a row has."""

MOST_WHOLE = 100  # whole numbers that a grid goes through without being told which


@dataclasses.dataclass(frozen=True)
class Factor:
    """A parameter of a study with everything about it known.

    Attributes:
        name: Dotted path, or the name of bundles or of a line.
        low, high, mode: Ends, and the peak of a triangle; 0 where there are none.
        choices: Values, words, or names of bundles.
        sets: Settings of each bundle, or of both ends of a line.
        levels: Values in a grid.
        unit: Unit in words, "1" for a pure number.
    """

    name: str
    shape: Shape
    low: float = 0.0
    high: float = 0.0
    mode: float = 0.0
    choices: tuple[Any, ...] = ()
    sets: tuple[Mapping[str, Any], ...] = ()
    levels: int | None = None
    whole: bool = False
    unit: str = "1"

    @property
    def numeric(self) -> bool:
        """Whether values lie on a line."""
        return self.shape not in ("categorical", "bundles") and not any(
            isinstance(choice, bool | str) for choice in self.choices
        )

    def at(self, share: float) -> Any:
        """Return the value below which this share of the distribution lies; share in [0, 1)."""
        if self.choices:
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        if self.whole:
            return min(int(self.low + share * (self.high - self.low + 1)), int(self.high))
        if self.shape == "loguniform":
            return math.exp(math.log(self.low) + share * math.log(self.high / self.low))
        width, left = self.high - self.low, self.mode - self.low
        if self.shape != "triangular":
            return self.low + share * width
        if share * width < left:
            return self.low + math.sqrt(share * width * left)
        return self.high - math.sqrt((1.0 - share) * width * (self.high - self.mode))

    def grid(self) -> Sequence[Any]:
        if self.choices:
            return self.choices
        if self.whole and self.levels is None:
            return range(int(self.low), int(self.high) + 1)
        assert self.levels is not None  # checked when the study was read
        steps = [place / (self.levels - 1) for place in range(self.levels)]
        if self.shape == "loguniform":
            return [self.low * (self.high / self.low) ** step for step in steps]
        # the last is the bound itself, not the bound within rounding
        values = [*(self.low + step * (self.high - self.low) for step in steps[:-1]), self.high]
        return sorted({round(value) for value in values}) if self.whole else [round(value, 12) for value in values]

    def settings(self, value: Any) -> dict[str, Any]:
        if self.shape == "bundles":
            return dict(self.sets[self.choices.index(value)])
        if self.shape == "between":
            first, last = self.sets
            return {path: first[path] + value * (last[path] - first[path]) for path in first}
        return {} if self.name in (DUMMY, LUCK) else {self.name: value}

    def paths(self) -> set[str]:
        return {path for each in self.sets for path in each} if self.sets else {self.name}

    def place(self, value: Any) -> float:
        """Return where a value stands on the axis of a figure: itself, or its number among the choices."""
        return float(value) if self.numeric else float(self.choices.index(value))


def reference(study: StudyFile) -> Scenario:
    """Return a scenario of the study's district, for the codes of units and kinds, with the own rules of the study.

    Raises:
        WrongInput: Where own numbers vary, and some regime has no own rules or others.
    """
    there = study.rules is not None and Path(study.rules).is_file()  # a study is read without it, by its words alone
    found = load_all(["base"], study.district, {}, study.rules if there else None)[0]
    if study.rules is None and any(name.startswith(OF_OWN_RULES) for name in study.parameters):
        owns = {regime: load_all([regime], study.district, {})[0].own for regime in study.regimes}
        if len(set(owns.values())) > 1:
            raise WrongInput([
                "parameters: own numbers vary, so every regime needs the same own rules, but "
                f"{', '.join(f'{name} has {own.file if own else None}' for name, own in owns.items())}. "
                "Give the study `rules: FILE.py`."
            ])  # fmt: skip
        found = dataclasses.replace(found, own=next(iter(owns.values())))
    return found


def factors_of(study: StudyFile, scenario: Scenario, places: Places) -> tuple[Factor, ...]:
    """Return the factors of a study; `scenario` as of `reference`.

    Raises:
        WrongInput: With every parameter that is unknown, out of its bounds, set twice, or has a distribution that does
            not fit.
    """
    factors, problems = _over(study.parameters, scenario, places, ("parameters",), study.design.kind == "grid")
    problems += [f"{places('parameters')}{problem}" for problem in set_twice(factors, study.set)]
    if len(factors) == len(study.parameters):
        problems += _unlisted(study, factors, places)
    raise_if_any(problems)
    return tuple(factors)


def factors_over(
    parameters: Mapping[str, Spread | None], scenario: Scenario, places: Places, above: tuple[str, ...]
) -> tuple[Factor, ...]:
    """Return the factors of another section than `parameters`, as uncertain worlds; see `factors_of`."""
    factors, problems = _over(parameters, scenario, places, (*above, "parameters"), in_grid=False)
    raise_if_any(problems)
    return tuple(factors)


def _over(
    parameters: Mapping[str, Spread | None], scenario: Scenario, places: Places, above: tuple[str, ...], in_grid: bool
) -> tuple[list[Factor], list[str]]:
    factors, problems = [], list[str]()
    for name, spread in parameters.items():
        try:
            factors.append(_factor(name, spread or Spread(), scenario, in_grid))
        except WrongInput as error:
            problems += [f"{places(*above, name)}{problem}" for problem in error.problems]
    return factors, problems


COLUMNS = {
    DUMMY, LUCK, "key", "point", "row", "regime", "replicate", "seed", "days", "cases", "seconds", "status",
    "luck_block",
}  # fmt: skip
"""Columns that a study's tables have already, beside those of the outcomes."""


def _factor(name: str, spread: Spread, scenario: Scenario, in_grid: bool) -> Factor:
    from model import OUTCOMES, ConfigError, declared_at

    if name in COLUMNS or name in OUTCOMES:
        raise WrongInput([f"expected another name, got '{name}', which every table has as a column."])
    if spread.bundles or spread.between:
        return _sets(name, spread, scenario, in_grid)
    try:
        known = declared_at(name, scenario.world, scenario.own.numbers if scenario.own else None)
    except ConfigError as error:
        raise WrongInput([problem.removeprefix("--set: ") for problem in error.problems]) from error
    factor = _spread_over(name, spread, known)
    problems = list[str]()
    for value in factor.choices or (factor.low, factor.high):
        if known.type in (int, float) and (isinstance(value, bool | str) or value is None):
            problems.append(f"expected a number, got {value!r}.")
        elif known.type is int and value != int(value):
            problems.append(f"expected a whole number, got {value!r}.")
        elif known.bounds is not None and not known.bounds[0] <= value <= known.bounds[1]:
            problems.append(f"expected {span(*known.bounds, known.unit)}, the declared bounds, got {value:g}.")
        elif known.choices and value not in known.choices:
            problems.append(f"expected {one_of(map(repr, known.choices))}, got {value!r}.")
    few = bool(factor.choices) or (factor.whole and factor.high - factor.low < MOST_WHOLE)
    if in_grid and factor.levels is None and not few:
        problems.append("expected levels (the number of values) or values: [...] for a range in a grid, got neither.")
    raise_if_any(problems)
    return factor


def _sets(name: str, spread: Spread, scenario: Scenario, in_grid: bool) -> Factor:
    """Return bundles of settings, or the line between two sets of them."""
    from model import ConfigError, vary

    sets = tuple(map(dict, spread.bundles.values() if spread.bundles else spread.between or ()))
    problems = list[str]()
    for path, value in (item for settings in sets for item in settings.items()):
        try:
            vary(scenario, {path: value})
        except ConfigError as error:
            # values that must agree with others, as shares that add up, are checked together when they are run
            problems += [problem for problem in error.problems if path in problem]
    if "." in name:
        what = "bundles" if spread.bundles else "a line"
        problems.append(f"expected a name of your own, without a dot, got {what} under a dotted path.")
    if in_grid and spread.between and spread.levels is None:
        problems.append("expected levels (the number of places on the line) for a line in a grid, got none.")
    raise_if_any(problems)
    if spread.bundles:
        return Factor(name, "bundles", choices=tuple(spread.bundles), sets=sets)
    return Factor(name, "between", 0.0, 1.0, sets=sets, levels=spread.levels)


def _spread_over(name: str, spread: Spread, known: Declared) -> Factor:
    """Return the factor that a distribution makes of a declared parameter."""
    whole, unit = known.type is int, known.unit
    shape = spread.shapes[0] if spread.shapes else None
    if shape in ("values", "categorical"):
        # a whole number, as it is written, where the parameter is a fraction
        choices = tuple(float(value) if known.type is float and type(value) is int else value
                        for value in getattr(spread, shape))  # fmt: skip
        return Factor(name, shape, choices=choices, unit=unit)
    if known.type not in (int, float):
        words = (False, True) if known.type is bool else known.choices
        if shape or not words:
            kind = "a switch" if known.type is bool else "words"
            raise WrongInput([f"expected values: [...] or categorical: [...] for {kind}, got {shape or 'no values'}."])
        return Factor(name, "categorical", choices=tuple(words), unit=unit)
    if whole and shape in ("uniform", "loguniform", "triangular"):
        raise WrongInput([f"expected integer: [low, high] or values: [...] for whole numbers, got {shape}."])
    if not whole and shape == "integer":
        raise WrongInput(["expected uniform: [low, high] or values: [...] for a number with decimals, got integer."])
    shape = shape or ("integer" if whole else "uniform")
    ends: Sequence[float] | None = getattr(spread, shape) or known.bounds
    if ends is None:
        raise WrongInput(["expected uniform: [low, high] or values: [...] without declared bounds, got neither."])
    low, high, mode = float(ends[0]), float(ends[-1]), ends[1] if shape == "triangular" else 0.0
    return Factor(name, shape, low, high, mode, levels=spread.levels, whole=whole, unit=unit)


def set_twice(factors: Sequence[Factor], settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield paths that two factors set, or a factor and the section `set`, in words."""
    owner: dict[str, str] = dict.fromkeys(settings, "set")
    for factor in factors:
        for path in sorted(factor.paths()):
            if path in owner:
                yield f"expected '{path}' to be set once, got it from '{factor.name}' and '{owner[path]}'."
            owner[path] = factor.name


def _unlisted(study: StudyFile, factors: Sequence[Factor], places: Places) -> Iterator[str]:
    """Yield what is wrong with the rows of a listed design."""
    known = {factor.name: factor for factor in factors}
    for number, row in enumerate(study.design.rows):
        if set(row) != set(known):
            where = places("design", "rows", number)
            yield f"{where}expected a value for each of {', '.join(sorted(known))}, got {', '.join(row) or 'none'}."
            continue
        for name, value in row.items():
            factor = known[name]
            if factor.choices:
                fits, allowed = value in factor.choices, one_of(map(repr, factor.choices))
            else:
                fits = type(value) in (int, float) and factor.low <= value <= factor.high
                allowed = span(factor.low, factor.high, factor.unit)
            if not fits:
                yield f"{places('design', 'rows', number, name)}expected {allowed}, got {value!r}."


OFF, ON = "off", "on"


def instruments_named(rows: Sequence[str], where: str) -> list[Instrument]:
    """Return instruments by their rows in the table of claims.

    Raises:
        WrongInput: For rows that nobody knows, or one given twice.
    """
    from model import INSTRUMENTS, nearest

    known = {instrument.row: instrument for instrument in INSTRUMENTS}
    problems = [f"{where}unknown instrument '{row}'{nearest(row, list(known))}" for row in rows if row not in known]
    twice = sorted({row for row in rows if rows.count(row) > 1})
    raise_if_any([*problems, *(f"{where}expected '{row}' once, got it more than once." for row in twice)])
    return [known[row] for row in rows]


def switched(instrument: Instrument, off: Mapping[str, Any], on: Mapping[str, Any]) -> Factor:
    """Return an instrument that is off, as in one resolved configuration, or on, as in another."""
    sets = tuple(
        {path: functools.reduce(operator.getitem, path.split("."), resolved) for path in instrument.topics}
        for resolved in (off, on)
    )
    return Factor(instrument.row, "bundles", choices=(OFF, ON), sets=sets)


def graded(instrument: Instrument, off: Mapping[str, Any], on: Mapping[str, Any]) -> Factor:
    """Return an instrument graded from 0, off, to 1, on; one whose keys are no numbers with decimals is off or on."""
    switch = switched(instrument, off, on)
    if all(isinstance(value, float) for settings in switch.sets for value in settings.values()):
        return Factor(instrument.row, "between", 0.0, 1.0, sets=switch.sets)
    return switch
