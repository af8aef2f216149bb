"""Real event logs under the measures that the model applies to itself: reading, measuring, telling, drawing."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from experiments.errors import WrongInput
from experiments.logs.asked import Asked
from model import one_of

__all__ = ["measures"]

_FLAGS = {field.name for field in dataclasses.fields(Asked)} - {"path"}
_LISTS = {"closed_by", "closed_state", "work"}


def measures(path: Path, **asked: Any) -> dict[str, float | None]:
    """Measure a log as `whistle log` does.

    Parameters
    ----------
    path : Path
        CSV, XES (both also .gz), Parquet, or OCEL of this model.
    **asked
        Flags of `whistle log` by name: columns (case, unit, time, …), limit in days, before, after, …; those left out
        are guessed. Lists may be given as one word.

    Returns
    -------
    dict
        By name of the measure: cases, events, units, open_cases, handover_share, handovers_mean, ping_pong_share,
        days_median, days_p90, sigma_log, late_share, …; None where undefined.

    Raises
    ------
    WrongInput
        For unknown flags, columns that are not there, and logs that cannot be read.
    """
    from experiments.logs.answer import mapping_of
    from experiments.logs.measuring import measured

    unknown = [name for name in asked if name not in _FLAGS]
    if unknown:
        raise WrongInput([f"columns: unknown '{name}'; expected {one_of(sorted(_FLAGS))}." for name in unknown])
    wrong = [f"columns: {name}: expected {_allowed(name)}, got {value!r}." for name, value in asked.items()
             if not _fits(name, value)]  # fmt: skip
    if wrong:
        raise WrongInput(wrong)
    lists = {name: (value,) if isinstance(value, str) else tuple(value)
             for name, value in asked.items() if name in _LISTS}  # fmt: skip
    return mapping_of(measured(Asked(path, **{**asked, **lists})))


def _fits(name: str, value: Any) -> bool:
    if value is None:
        return True
    if name == "limit":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if name == "drop_duplicates":
        return isinstance(value, bool)
    return isinstance(value, str) or (name in _LISTS and all(isinstance(each, str) for each in value))


def _allowed(name: str) -> str:
    if name == "limit":
        return "a number of days"
    return "true or false" if name == "drop_duplicates" else "a word"
