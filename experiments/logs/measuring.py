"""The measures of a log, each with its interval where there is one; undefined is None, never NaN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.logs.asked import Asked
from experiments.logs.cases import LATEST, Cases, cases_of, chosen_by_date
from experiments.logs.events import Events, events_of
from experiments.logs.notes import Note, note, quoted
from experiments.logs.own import Own, as_own, own_of
from experiments.logs.passing import Passing, passing_of
from experiments.logs.reading import Raw, read_raw
from experiments.logs.stamps import clock_step
from experiments.stats.arrivals import Arrivals, arrivals
from experiments.stats.families import Family, fit_families
from experiments.stats.intervals import FEWEST_BOUNDED, Interval, bounded_mean_interval
from experiments.stats.intervals import dispersion_interval, spread_interval
from experiments.stats.passing import Concentration, Hazard, concentration, hazard_of_another, longer_by_pass
from experiments.stats.intervals import share_interval
from experiments.stats.survival import Survival, kaplan_meier

__all__ = ["FEWEST_FITTED", "Measured", "measured"]

FEWEST_FITTED = 10
"""Closed cases below which no family is fitted."""

P90 = 0.9


@dataclass(frozen=True)
class Measured:
    """A log and its measures.

    Attributes
    ----------
    path : Path
    format : str
        csv, xes, parquet or ocel.
    limit : float or None
        Days that were asked for.
    columns : dict of str to str
        By role.
    table : bool
        Whether a row is a case: nothing is known of hand-overs then.
    cases, events, units, open_cases : int or None
        Counts; events and units None where the log has none.
    rule : str
        What closes a case, as in `Cases`.
    values : dict of str to Interval
        Measures with their 95 % intervals, by name.
    hazard : tuple of Hazard
        Chance of another hand-over by number so far.
    spread : Concentration or None
        How unevenly units hand over.
    survival : Survival or None
        Kaplan and Meier's estimate of days; None where no case has a duration.
    families : tuple of Family
        Fitted to days, best first; none below ten closed cases or where all last equally long.
    step : float
        Of the clock, in days: all times keep to it.
    arrivals : Arrivals
        By days of the calendar as they are written in the log.
    days, closed : arrays (cases,)
        Durations of at least 0, and which of them are of closed cases.
    handovers : array (cases,) of int, or None
    own : Own or None
        What the log says of its run, where it is one of this model.
    notes : tuple of Note
        What was chosen and left out.
    """

    path: Path
    format: str
    limit: float | None
    columns: Mapping[str, str]
    table: bool
    cases: int
    events: int | None
    units: int | None
    open_cases: int
    rule: str
    values: Mapping[str, Interval]
    hazard: tuple[Hazard, ...]
    spread: Concentration | None
    survival: Survival | None
    families: tuple[Family, ...]
    step: float
    arrivals: Arrivals
    days: NDArray[np.float64]
    closed: NDArray[np.bool_]
    handovers: NDArray[np.int64] | None
    own: Own | None
    notes: tuple[Note, ...] = field(default=())

    @property
    def name(self) -> str:
        """Name of the file without its endings."""
        return self.path.name.partition(".")[0] or self.path.name

    @property
    def best_family(self) -> str | None:
        """Name of the family with the least AIC."""
        return self.families[0].name if self.families else None


def measured(asked: Asked) -> Measured:
    """Read a log and measure it.

    Raises
    ------
    WrongInput
        For anything asked that cannot be done, and a file that cannot be read.
    """
    asked.check()
    notes: list[Note] = []
    raw = read_raw(asked, notes)
    own = own_of(raw, notes)
    if own is not None:
        asked = as_own(asked, raw)
    notes[:0] = _columns_said(raw)
    every = events_of(raw, asked, notes)
    horizon = _horizon(every)
    notes.append(note("span", first=_date(int(every.time.min())), last=_date(horizon)))
    events = chosen_by_date(every, asked, notes)
    del every
    cases = cases_of(events, asked, raw.mapped.columns.get("deadline"), horizon, notes)
    return _measured(raw, asked, events, cases, own, notes)


def _columns_said(raw: Raw) -> list[Note]:
    mapped = raw.mapped
    said = [note("table" if mapped.table else "log", format=raw.source.format)]
    if mapped.guessed:
        pairs = ", ".join(f"{role} = '{mapped.columns[role]}'" for role in mapped.guessed)
        said.append(note("guessed", columns=pairs))
    if "unit" in mapped.guessed and mapped.others:
        said.append(note("other_units", unit=mapped.columns["unit"], others=quoted(mapped.others)))
    return said


def _horizon(events: Events) -> int:
    """Return the last time in the log; deadlines, which lie ahead, are no such time."""
    ends = [events.time, *(each.micros[each.known] for role, each in events.stamps.items() if role != "deadline")]
    return max(int(each.max()) for each in ends if each.size)


def _date(micros: int) -> str:
    return str(np.datetime64(micros, "us").astype("datetime64[D]"))


def _measured(raw: Raw, asked: Asked, events: Events, cases: Cases, own: Own | None, notes: list[Note]) -> Measured:
    passing = None if raw.mapped.table else passing_of(events, asked)
    right = cases.days >= 0.0
    days, closed = cases.days[right], cases.closed[right]
    if cases.rule == "last":
        notes.append(note("all_closed"))
    if cases.begin.size < FEWEST_BOUNDED:
        notes.append(note("few", count=cases.begin.size, fewest=FEWEST_BOUNDED))
    step = clock_step(cases.begin, cases.end)
    survival = kaplan_meier(days, closed) if days.size else None
    return Measured(
        path=asked.path, format=raw.source.format, limit=asked.limit, columns=raw.mapped.columns,
        table=raw.mapped.table, cases=cases.begin.size, events=None if raw.mapped.table else len(events),
        units=_units(events),
        open_cases=int((~cases.closed).sum()), rule=cases.rule,
        values={**_of_passing(passing, cases), **_of_days(days, closed, survival), **_of_limit(cases, asked)},
        hazard=() if passing is None else hazard_of_another(passing.per_case),
        spread=None if passing is None else concentration(passing.made, passing.received), survival=survival,
        families=_families(days, closed, step), step=step, arrivals=arrivals(cases.day), days=days, closed=closed,
        handovers=None if passing is None else passing.per_case, own=own, notes=tuple(notes),
    )  # fmt: skip


def _units(events: Events) -> int | None:
    if events.unit is None:
        return None
    return int(np.count_nonzero(np.bincount(events.unit.codes[events.unit.codes >= 0])))


def _of_passing(passing: Passing | None, cases: Cases) -> dict[str, Interval]:
    if passing is None:
        names = ("handover_share", "handovers_mean", "ping_pong_share", "overdispersion", "longer_by_handover")
        return dict.fromkeys((*names, "circulating_days"), Interval(None, None, None))
    counts, of = passing.per_case, passing.per_case.size
    shut = cases.closed
    circulating = passing.circulating
    return {
        "handover_share": share_interval(int((counts > 0).sum()), of),
        "handovers_mean": bounded_mean_interval(counts),
        "ping_pong_share": share_interval(int(passing.back.sum()), of),
        "overdispersion": dispersion_interval(counts),
        "longer_by_handover": longer_by_pass(counts[shut], cases.days[shut]),
        "circulating_days": Interval(None, None, None) if circulating is None else bounded_mean_interval(circulating),
    }


def _of_days(days: NDArray[Any], closed: NDArray[np.bool_], survival: Survival | None) -> dict[str, Interval]:
    nothing = Interval(None, None, None)
    above = days[closed & (days > 0.0)]
    return {
        "days_median": nothing if survival is None else survival.quantile_interval(0.5),
        "days_p90": nothing if survival is None else survival.quantile_interval(P90),
        "sigma_log": spread_interval(np.log(above)),
    }


def _of_limit(cases: Cases, asked: Asked) -> dict[str, Interval]:
    """Return shares of cases with a deadline: late among the closed ones, and with open ones that are overdue."""
    has = cases.due != LATEST
    late = cases.end > cases.due
    shut = cases.closed & has
    found = {
        "late_share": share_interval(int((late & shut).sum()), int(shut.sum())),
        "late_or_overdue_share": share_interval(int((late & has).sum()), int(has.sum())),
    }
    if asked.limit is not None:
        shut = cases.closed
        found["over_limit_share"] = share_interval(int((cases.days[shut] > asked.limit).sum()), int(shut.sum()))
    return found


def _families(days: NDArray[Any], closed: NDArray[np.bool_], step: float) -> tuple[Family, ...]:
    shut = days[closed]
    if shut.size < FEWEST_FITTED or np.ptp(shut) == 0.0:
        return ()
    return fit_families(days, closed, step)
