"""The values of a row, checked against what may vary."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.design.setting import hint
from experiments.errors import WrongInput, collect_errors, raise_if_any

if TYPE_CHECKING:
    from experiments.design.factors import Factor


def checked_row(inputs: Sequence[Factor], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a row as the model takes them.

    Raises:
        WrongInput: With every value that is no input's, or out of its range.
    """
    known = {each.name: each for each in inputs}
    problems = [f"unknown input '{name}'{hint(str(name), known)}" for name in row if name not in known]
    values = collect_errors(
        functools.partial(raise_if_any, problems),
        *(functools.partial(_value, known[name], value) for name, value in row.items() if name in known),
    )
    return dict(zip((name for name in row if name in known), values[1:], strict=True))


def _value(each: Factor, value: Any) -> Any:
    """Return a value as the model takes it: whole numbers are rounded."""
    from model import one_of, span

    plain = value.item() if hasattr(value, "item") else value
    if each.choices:
        if plain not in each.choices:
            raise WrongInput([f"{each.name}: expected {one_of(map(repr, each.choices))}, got {plain!r}."])
        return plain
    slack = 1e-9 * (each.high - each.low)
    if isinstance(plain, bool | str) or plain is None or not each.low - slack <= plain <= each.high + slack:
        raise WrongInput([f"{each.name}: expected {span(each.low, each.high, each.unit)}, got {plain!r}."])
    inside = min(max(float(plain), each.low), each.high)
    return round(inside) if each.whole else inside
