"""Own outcomes measured: what a file of own rules declares, over the cases, units and days of a run."""

from collections.abc import Iterator, Mapping
from typing import Any

from model.errors import ConfigError
from model.outcomes.definitions import OUTCOMES
from model.own import OwnRules


def needs_cases(own: OwnRules | None) -> bool:
    """Tell whether an own outcome is one over cases, which a run then keeps."""
    return own is not None and any("cases" in outcome.needs for outcome in own.outcomes.values())


def taken(own: OwnRules | None) -> Iterator[str]:
    """Yield which own outcomes have the name of a shipped one."""
    if own is not None:
        for outcome in own.outcomes.values():
            if outcome.name in set(OUTCOMES):
                place = f"{own.file}:{outcome.line}: outcome '{outcome.name}'"
                yield f"{place}: expected another name, because a shipped outcome has it."


def own_outcomes(own: OwnRules | None, given: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the own outcomes of a run; `given` by the names of `model.own_outcome.GIVEN`.

    Raises:
        ConfigError: Where a function fails, with its file and line.
    """
    found: dict[str, float | None] = {}
    if own is None:
        return found
    for name, outcome in own.outcomes.items():
        try:
            found[name] = outcome.measured(given)
        except Exception as error:
            said = f"{own.file}:{outcome.line}: outcome '{name}': {type(error).__name__}: {error}."
            raise ConfigError([said]) from error
    return found
