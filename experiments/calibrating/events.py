"""The few measures of a real event log that can be targets, by the definitions of the model's outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import WrongInput

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["measured"]

A_DAY = 86_400.0

NEEDED, OPTIONAL = ("case", "unit", "time"), ("case_start", "case_end", "deadline")
"""Roles of columns; without the optional ones a case begins with its first event and ends with its last."""


def measured(path: Path, *, limit: float | None = None, **columns: Any) -> dict[str, Any]:
    """Measure an event log, a CSV file (also .gz) or Parquet file with one row an event.

    Parameters
    ----------
    path : Path
    limit : float, optional
        Days within which a case should be closed, where no column says until when.
    **columns : str
        Names of the columns: case, unit, time; case_start, case_end and deadline where the file has them.

    Returns
    -------
    dict
        cases, events, units; handover_share, handovers_mean: two consecutive events of a case with different units;
        ping_pong_share: a unit appears again after another; open_cases; of closed cases days_median, days_p90,
        sigma_log (log days), late_share (beyond their deadline, or the limit; None without either).

    Raises
    ------
    WrongInput
        For a file that cannot be read, columns that it does not have, or times that are none.
    """
    _check(columns, limit)
    log = _read(path, columns)
    case, unit = log[columns["case"]].to_numpy(), log[columns["unit"]].astype(str).to_numpy()
    starts = np.flatnonzero(np.r_[True, case[1:] != case[:-1]])
    stories = np.split(unit, starts[1:])
    passes = np.array([int((story[1:] != story[:-1]).sum()) for story in stories])
    days, allowed = _days(log, columns, starts, limit)
    return {
        "cases": len(stories), "events": len(log), "units": len(set(unit)), "open_cases": int(np.isnan(days).sum()),
        "handover_share": float((passes > 0).mean()), "handovers_mean": float(passes.mean()),
        "ping_pong_share": float(np.mean([_back(story) for story in stories])), **_spread(days, allowed),
    }  # fmt: skip


def _back(story: NDArray[Any]) -> bool:
    """Tell whether a unit holds a case again after another held it."""
    holders = [unit for place, unit in enumerate(story) if place == 0 or unit != story[place - 1]]
    return len(set(holders)) < len(holders)


def _spread(days: NDArray[np.float64], allowed: NDArray[np.float64]) -> dict[str, float | None]:
    """Return the measures of time of closed cases; one that ends before it begins has no days, yet may be late."""
    due = np.isfinite(days) & np.isfinite(allowed)
    late = float((days > allowed)[due].mean()) if due.any() else None
    closed = days[days >= 0.0]
    if not len(closed):
        return {**dict.fromkeys(("days_median", "days_p90", "sigma_log")), "late_share": late}
    above = closed[closed > 0.0]
    return {
        "days_median": float(np.median(closed)),
        "days_p90": float(np.quantile(closed, 0.9)),
        "sigma_log": float(np.std(np.log(above), ddof=1)) if len(above) > 1 else None,
        "late_share": late,
    }


def _check(columns: dict[str, Any], limit: float | None) -> None:
    known = (*NEEDED, *OPTIONAL)
    problems = [
        f"columns: '{name}' is missing; allowed the name of a column." for name in NEEDED if name not in columns
    ]
    problems += [
        f"columns: unknown '{name}'; allowed {', '.join(known)}, limit." for name in columns if name not in known
    ]
    if limit is not None and not (isinstance(limit, int | float) and limit > 0):
        problems.append(f"columns: limit: got {limit!r}; allowed days above 0.")
    if problems:
        raise WrongInput(problems)


def _read(path: Path, columns: dict[str, Any]) -> pd.DataFrame:
    """Return the log with its times read, cases together and their events in order."""
    import pandas as pd

    try:
        log = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=str)
    except (OSError, ValueError) as error:
        raise WrongInput([f"{path}: {str(error).splitlines()[0]}; allowed a CSV or Parquet file."]) from error
    absent = [f"{path}: no column '{name}'; allowed {', '.join(map(str, log.columns))}."
              for name in columns.values() if name not in log.columns]  # fmt: skip
    if absent:
        raise WrongInput(absent)
    for role in ("time", *OPTIONAL):
        if role in columns:
            log[columns[role]] = _times(log[columns[role]], path, needed=role == "time")
    ordered = log.sort_values([columns["case"], columns["time"]], kind="stable", ignore_index=True)
    if not len(ordered):
        raise WrongInput([f"{path}: got no event; allowed one or more."])
    return ordered


def _times(words: pd.Series, path: Path, needed: bool) -> pd.Series:
    import pandas as pd

    times = pd.to_datetime(words, utc=True, errors="coerce", format="ISO8601")
    wrong = times.isna() & (words.notna() | needed)
    if wrong.any():
        row = int(np.flatnonzero(wrong.to_numpy())[0])
        raise WrongInput([f"{path}: row {row + 1}, '{words.name}': got {words.iloc[row]!r}; allowed ISO 8601 times."])
    return times


def _days(
    log: pd.DataFrame, columns: dict[str, Any], starts: NDArray[np.int64], limit: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by case the days that it took, NaN while it is open, and those that it was allowed, NaN without a rule."""
    ends = np.r_[starts[1:], len(log)] - 1
    first = log[columns.get("case_start", columns["time"])].iloc[starts].to_numpy()
    days = _apart(first, log[columns.get("case_end", columns["time"])].iloc[ends].to_numpy())
    if "deadline" in columns:
        return days, _apart(first, log[columns["deadline"]].iloc[starts].to_numpy())
    return days, np.full(len(starts), np.nan if limit is None else limit)


def _apart(first: NDArray[Any], last: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray((last - first) / np.timedelta64(1, "s"), dtype=np.float64) / A_DAY
