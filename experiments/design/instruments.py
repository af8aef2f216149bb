"""Instruments of the reform as factors: off as in one regime, on as in another, or graded between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.design.factors import Factor
from experiments.errors import WrongInput

if TYPE_CHECKING:
    from model import Instrument

__all__ = ["OFF", "ON", "graded", "instruments_named", "switched", "turns"]

OFF, ON = "off", "on"


def instruments_named(rows: Sequence[str], where: str) -> list[Instrument]:
    """Return instruments by their rows in the table of claims.

    Raises
    ------
    WrongInput
        For rows that nobody knows, or one given twice.
    """
    from model import INSTRUMENTS, nearest

    known = {instrument.row: instrument for instrument in INSTRUMENTS}
    problems = [f"{where}unknown instrument '{row}'{nearest(row, list(known))}" for row in rows if row not in known]
    problems += [
        f"{where}'{row}' is given twice. Give it once." for row in sorted({row for row in rows if rows.count(row) > 1})
    ]
    if problems:
        raise WrongInput(problems)
    return [known[row] for row in rows]


def turns(instrument: Instrument, resolved: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an instrument's keys under a resolved configuration."""
    return {path: _at(resolved, path) for path in instrument.topics}


def _at(resolved: Mapping[str, Any], path: str) -> Any:
    value: Any = resolved
    for step in path.split("."):
        value = value[step]
    return value


def switched(instrument: Instrument, off: Mapping[str, Any], on: Mapping[str, Any]) -> Factor:
    """Return an instrument that is off or on."""
    return Factor(instrument.row, "bundles", choices=(OFF, ON), sets=(turns(instrument, off), turns(instrument, on)))


def graded(instrument: Instrument, off: Mapping[str, Any], on: Mapping[str, Any]) -> Factor:
    """Return an instrument graded from 0, off, to 1, on; one whose keys are no numbers with decimals is off or on."""
    first, last = turns(instrument, off), turns(instrument, on)
    if all(isinstance(value, float) for value in (*first.values(), *last.values())):
        return Factor(instrument.row, "between", 0.0, 1.0, sets=(first, last))
    return switched(instrument, off, on)
