"""From the parameters of a study's file to factors: each within the bounds it was declared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.design.factors import DUMMY, LUCK, MOST_WHOLE, Factor, Shape, Spread
from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.errors import WrongInput
from model import one_of, span

if TYPE_CHECKING:
    from model import Declared, Scenario

__all__ = ["factors_of", "factors_over", "reference", "set_twice"]


def reference(study: StudyFile) -> Scenario:
    """Return a scenario of the study's district, for the codes of units and kinds.

    Raises
    ------
    WrongInput
        For a district that cannot be loaded.
    """
    from experiments.design.scenarios import load_all

    return load_all(["base"], study.district, {})[0]


def factors_of(study: StudyFile, scenario: Scenario, places: Places) -> tuple[Factor, ...]:
    """Return the factors of a study.

    Parameters
    ----------
    study : StudyFile
    scenario : Scenario
        See `reference`.
    places : Places
        For messages.

    Raises
    ------
    WrongInput
        With every parameter that nobody knows, leaves its bounds, has a distribution that does not fit, or is set
        twice.
    """
    factors, problems = _over(study.parameters, scenario, places, ("parameters",), study.design.kind == "grid")
    problems += [f"{places('parameters')}{problem}" for problem in set_twice(factors, study.set)]
    problems += list(_unlisted(study, factors, places))
    if problems:
        raise WrongInput(problems)
    return tuple(factors)


def factors_over(
    parameters: Mapping[str, Spread | None], scenario: Scenario, places: Places, above: tuple[str, ...]
) -> tuple[Factor, ...]:
    """Return the factors of another section than `parameters`, as uncertain worlds; see `factors_of`."""
    factors, problems = _over(parameters, scenario, places, (*above, "parameters"), in_grid=False)
    if problems:
        raise WrongInput(problems)
    return tuple(factors)


def _over(
    parameters: Mapping[str, Spread | None], scenario: Scenario, places: Places, above: tuple[str, ...], in_grid: bool
) -> tuple[list[Factor], list[str]]:
    factors, problems = [], list[str]()
    for name, spread in parameters.items():
        found = _factor(name, spread or Spread(), scenario, in_grid)
        if isinstance(found, Factor):
            factors.append(found)
        else:
            problems += [f"{places(*above, name)}{problem}" for problem in found]
    return factors, problems


def _factor(name: str, spread: Spread, scenario: Scenario, in_grid: bool) -> Factor | list[str]:
    if name in _taken():
        return ["expected another name, got one that every table uses for a column."]
    if spread.bundles is not None:
        return _bundles(name, spread.bundles, scenario)
    if spread.between is not None:
        return _line(name, spread, scenario, in_grid)
    return _parameter(name, spread, scenario, in_grid)


def _taken() -> set[str]:
    """Return the names that columns of a study's tables have already."""
    from model import OUTCOMES

    return {DUMMY, LUCK, "key", "point", "row", "regime", "replicate", "seed", "days", "cases", "seconds", "status",
            "luck_block", *OUTCOMES}  # fmt: skip


def _bundles(name: str, bundles: Mapping[str, Mapping[str, Any]], scenario: Scenario) -> Factor | list[str]:
    problems = [problem for settings in bundles.values() for problem in _misfits(settings, scenario)]
    if "." in name:
        problems.append("expected a name of your own, without a dot, got bundles under a dotted path.")
    return problems or Factor(name, "bundles", choices=tuple(bundles), sets=tuple(map(dict, bundles.values())))


def _line(name: str, spread: Spread, scenario: Scenario, in_grid: bool) -> Factor | list[str]:
    assert spread.between is not None  # the caller looked
    problems = [problem for settings in spread.between for problem in _misfits(settings, scenario)]
    if "." in name:
        problems.append("expected a name of your own, without a dot, got a line under a dotted path.")
    if in_grid and spread.levels is None:
        problems.append("expected levels (the number of places) for a line in a grid, got none.")
    return problems or Factor(name, "between", 0.0, 1.0, sets=tuple(map(dict, spread.between)), levels=spread.levels)


def _misfits(settings: Mapping[str, Any], scenario: Scenario) -> Iterator[str]:
    """Yield what is wrong with settings, each looked at alone."""
    from model import ConfigError, vary

    for path, value in settings.items():
        try:
            vary(scenario, {path: value})
        except ConfigError as error:
            # values that must agree with others, as shares that add up, are checked together when they are run
            yield from (problem for problem in error.problems if path in problem)


def _parameter(name: str, spread: Spread, scenario: Scenario, in_grid: bool) -> Factor | list[str]:
    from model import ConfigError, declared_at

    try:
        known = declared_at(name, scenario.world)
    except ConfigError as error:
        return [problem.removeprefix("--set: ") for problem in error.problems]
    factor = _spread_over(name, spread, known)
    if isinstance(factor, list):
        return factor
    problems = list(_out_of_bounds(factor, known))
    if in_grid and not factor.choices and factor.levels is None and not _few(factor):
        problems.append("expected levels (the number of values) or values: [...] for a range in a grid, got neither.")
    return problems or factor


def _few(factor: Factor) -> bool:
    return factor.whole and factor.high - factor.low < MOST_WHOLE


def _spread_over(name: str, spread: Spread, known: Declared) -> Factor | list[str]:
    """Return the factor that a distribution makes of a declared parameter."""
    whole, unit = known.type is int, known.unit
    shape = spread.shapes[0] if spread.shapes else None
    if shape in ("values", "categorical"):
        choices = tuple(_as_declared(value, known) for value in getattr(spread, shape))
        return Factor(name, shape, choices=choices, unit=unit)
    if known.type not in (int, float):
        words = (False, True) if known.type is bool else known.choices
        if shape or not words:
            return [f"expected values: [...] or categorical: [...] for {_kind(known)}, got {shape or 'no values'}."]
        return Factor(name, "categorical", choices=tuple(words), unit=unit)
    if whole and shape in ("uniform", "loguniform", "triangular"):
        return [f"expected integer: [low, high] or values: [...] for whole numbers, got {shape}."]
    if not whole and shape == "integer":
        return ["expected uniform: [low, high] or values: [...] for a number with decimals, got integer."]
    return _range(name, shape, spread, known)


def _kind(known: Declared) -> str:
    return "a switch" if known.type is bool else "words"


def _as_declared(value: Any, known: Declared) -> Any:
    return float(value) if known.type is float and isinstance(value, int) and not isinstance(value, bool) else value


def _range(name: str, given: Shape | None, spread: Spread, known: Declared) -> Factor | list[str]:
    whole = known.type is int
    shape: Shape = given or ("integer" if whole else "uniform")
    ends: Sequence[float] | None = getattr(spread, shape) or known.bounds
    if ends is None:
        return ["expected uniform: [low, high] or values: [...], because it was declared without bounds."]
    mode = ends[1] if shape == "triangular" else 0.0
    return Factor(
        name,
        shape,
        float(ends[0]),
        float(ends[-1]),
        mode,
        levels=spread.levels,
        whole=whole,
        unit=known.unit,
    )


def _out_of_bounds(factor: Factor, known: Declared) -> Iterator[str]:
    values = factor.choices or (factor.low, factor.high)
    for value in values:
        if known.type in (int, float) and (isinstance(value, bool | str) or value is None):
            yield f"expected a number, got {value!r}."
        elif known.type is int and value != int(value):
            yield f"expected a whole number, got {value!r}."
        elif known.bounds is not None and not known.bounds[0] <= value <= known.bounds[1]:
            yield f"expected {span(*known.bounds, known.unit)}, the declared bounds, got {value:g}."
        elif known.choices and value not in known.choices:
            yield f"expected {one_of(map(repr, known.choices))}, got {value!r}."


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
    if set(known) != set(study.parameters):
        return  # the parameters themselves are wrong and have been told
    for number, row in enumerate(study.design.rows):
        if set(row) != set(known):
            where = places("design", "rows", number)
            yield f"{where}expected a value for each of {', '.join(sorted(known))}, got {', '.join(row) or 'none'}."
        else:
            for name, value in row.items():
                problem = _unfit(known[name], value)
                if problem:
                    yield f"{places('design', 'rows', number, name)}{problem}"


def _unfit(factor: Factor, value: Any) -> str:
    if factor.choices:
        fits = value in factor.choices
        return "" if fits else f"expected {one_of(map(repr, factor.choices))}, got {value!r}."
    fits = isinstance(value, int | float) and not isinstance(value, bool) and factor.low <= value <= factor.high
    return "" if fits else f"expected {span(factor.low, factor.high, factor.unit)}, got {value!r}."
