"""The same request under the rules before and after the reform, one for each kind of problem, chosen by a rule.

One district, one seed, two logs. Most requests come in on the same day under both rules; these can be told as one case
in two districts. The district is a typical plausible world: of the worlds over which the answer is told, the one in
which closure in time before and after lies nearest to the medians. The district as it is written would do less well:
no answer of the page is about it.

The rule by which a case is chosen: among the requests of its kind that the street whistles for after the reform, the
one whose days until it was really closed, and how often it was passed on, lie nearest to the middle of its kind in both
districts. Of the kind in which most got worse, one more: the nearest to the middle of those that got worse. The first
to be told is of the kind for which most is whistled, among those closed under one of the rules at least.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.ensemble import ensemble_of_district, read_ensemble
from experiments.errors import WrongInput
from experiments.evidence.case_tracks import Event, track_of
from experiments.store.files import keep_measured, read_measured
from model import Activity, fingerprint, in_world, load_scenario, log_run

if TYPE_CHECKING:
    import pyarrow as pa

    from model import Scenario

REGIMES = ("inverted", "flattened")  # before and after
SEED = 1
SAME = 0.1  # share of the days before by which those after may differ and count as about the same
SAME_DAYS = 1.0  # days by which they may in any case
A_PASS = 0.1  # what one pass more or less weighs beside a tenth of the days
WORSE = "worse"  # ending of the id of the story that got worse

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cases:
    """The requests that came in on the same day in both districts, in one of them.

    Attributes:
        days: From report to real closure; infinite where there was none within the follow-up.
        end: From report to the end: closed, given up, or no longer looked at.
        passes: How often passed on.
        whistled: Whether the street whistled.
        reported: Day of the run.
    """

    days: Floats
    end: Floats
    passes: Floats
    whistled: NDArray[np.bool_]
    reported: Floats


def keep_stories() -> None:
    """Run the district under both rules, choose the cases, and keep them in `results/measured/stories.json`.

    Raises:
        WrongInput: Where nothing is known of the worlds yet (`make front`).
    """
    world = typical_world()
    keep_measured("stories", {"fingerprint": fingerprint(), "seed": SEED, "world": world, **told_in(world)})


def typical_world() -> int:
    """Return the row of the world in which closure in time before and after lies nearest to the medians."""
    packages = read_measured("front").get("packages")
    if packages is None:
        raise WrongInput(["results/measured/front.json: expected the answer over worlds, got no file. Run make front."])
    rates = [np.array(packages[regime]["outcomes"]["closure_rate"], dtype=float) for regime in REGIMES]
    return int(np.nanargmin(sum(np.abs(each - np.nanmedian(each)) for each in rates)))


def told_in(world: int) -> dict[str, Any]:
    """Return `stories`, the id of the `first` and of the one that got `worse`, in a world of the ensemble."""
    path = ensemble_of_district("chaoyang")
    assert path is not None
    scenarios = [in_world(load_scenario(regime), read_ensemble(path).worlds[world]) for regime in REGIMES]
    with tempfile.TemporaryDirectory() as folder:
        logs = [_logged(scenario, Path(folder) / f"{scenario.name}.parquet") for scenario in scenarios]
        return stories_of(logs, scenarios[0].run)


@dataclass(frozen=True)
class CaseLog:
    """An event log, by column: case, activity and unit as places among the names."""

    table: pa.Table
    case: NDArray[np.int32]
    ids: NDArray[np.str_]
    activity: NDArray[np.int8]
    when: Floats  # day of the run
    kind: Sequence[str]  # by case


def _logged(scenario: Scenario, path: Path) -> CaseLog:
    import pyarrow.parquet as pq

    log_run(scenario, SEED, path)
    columns = ["case:concept:name", "concept:name", "time:timestamp", "org:resource", "case:kind"]
    return case_log(pq.read_table(path, columns=columns))


def case_log(table: pa.Table) -> CaseLog:
    """Return a log that `log_run` wrote, by column."""
    import pyarrow as pa

    case, ids = _places(table, "case:concept:name")
    names, activities = _places(table, "concept:name")
    places, kinds = _places(table, "case:kind")
    kind = np.full(len(ids), "", dtype=object)
    born = places >= 0
    kind[case[born]] = np.array(kinds, dtype=object)[places[born]]
    millis = table["time:timestamp"].cast(pa.int64()).to_numpy()
    first = np.datetime64("2018-01-01", "ms").astype(np.int64)
    numbers = np.array([Activity[name.upper()] for name in activities], dtype=np.int8)
    return CaseLog(table, case, np.array(ids), numbers[names], (millis - first) / 86_400_000, kind.tolist())


def _places(table: pa.Table, column: str) -> tuple[NDArray[np.int32], list[str]]:
    """Return of each row the place of its word among the words of the column, −1 where it has none; and the words."""
    import pyarrow as pa

    words = table[column].cast(pa.string()).combine_chunks().dictionary_encode()
    return words.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32), words.dictionary.to_pylist()


def cases_of(log: CaseLog, follow_up: float) -> Cases:
    """Return what is known of every case of a log, in the order of its ids; `follow_up` is in days from its birth."""
    reported, whistled = _first(log, Activity.REPORTED), _first(log, Activity.WHISTLED)
    born = np.fmin(_first(log, Activity.BORN), _first(log, Activity.REPEATED))
    closed, reopened = _last(log, Activity.CLOSED), _last(log, Activity.REOPENED)
    with np.errstate(invalid="ignore"):
        closed = np.where((reopened > closed) | (closed > born + follow_up), np.nan, closed)
    end = np.fmin(np.where(np.isnan(closed), _first(log, Activity.DROPPED), closed), born + follow_up)
    passes = np.bincount(log.case[log.activity == Activity.PASSED], minlength=len(log.ids))
    days = np.where(np.isnan(closed), np.inf, closed - reported)
    return Cases(days, end - reported, passes.astype(float), ~np.isnan(whistled), reported)


def _first(log: CaseLog, activity: Activity) -> Floats:
    return _last(log, activity, slice(None, None, -1))


def _last(log: CaseLog, activity: Activity, order: slice = slice(None)) -> Floats:
    """Return by case the day of the last such event in an order; not a number where there is none."""
    found = np.full(len(log.ids), np.nan)
    rows = np.flatnonzero(log.activity == activity)[order]
    found[log.case[rows]] = log.when[rows]
    return found


def stories_of(logs: Sequence[CaseLog], run: Any) -> dict[str, Any]:
    """Choose the cases of two logs and return them as they are kept; `run` says which days are observed."""
    common, *places = np.intersect1d(logs[0].ids, logs[1].ids, return_indices=True)
    sides = [_taken(cases_of(log, run.follow_up_days), rows) for log, rows in zip(logs, places, strict=True)]
    kinds = np.array(logs[0].kind, dtype=object)[places[0]]
    born = _first(logs[0], Activity.BORN)[places[0]]  # a linked repeat has none
    first, last = run.warm_up_days, run.warm_up_days + run.window_days
    same_day = np.abs(sides[0].reported - sides[1].reported) < 1e-6
    observed = same_day & (born >= first) & (born < last)
    chosen = {kind: _rows_of(kind, kinds, observed) for kind in sorted({*kinds[observed]})}
    found = [_story(kind, kind, rows, None, sides) for kind, rows in chosen.items()]
    worst = max(chosen, key=lambda kind: _shares(sides, chosen[kind])["slower"])
    slower = _changed(sides, chosen[worst]) > 0
    found.append(_story(f"{worst}_{WORSE}", worst, chosen[worst], slower, sides))
    told = [{**each, **_tracks(common[row], logs, sides, row)} for row, each in found]
    ends = {
        each["kind"] for each in told[:-1] if each["before"]["days"] is not None or each["after"]["days"] is not None
    }
    first_told = max(ends, key=lambda kind: int(sides[1].whistled[chosen[kind]].sum()))
    return {"first": first_told, "worse": found[-1][1]["id"], "stories": told}


def _taken(cases: Cases, rows: NDArray[np.intp]) -> Cases:
    return Cases(cases.days[rows], cases.end[rows], cases.passes[rows], cases.whistled[rows], cases.reported[rows])


def _rows_of(kind: str, kinds: NDArray[np.object_], observed: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.flatnonzero(observed & (kinds == kind))


def _story(
    id_: str, kind: str, rows: NDArray[np.intp], among: NDArray[np.bool_] | None, sides: Sequence[Cases]
) -> tuple[int, dict[str, Any]]:
    """Return the row of the case chosen and what is told of its kind; `among` narrows the cases and their middle."""
    wanted = rows if among is None else rows[among]
    candidates = wanted[sides[1].whistled[wanted]]
    distance = sum(_distance(side, wanted, candidates) for side in sides)
    row = int(candidates[np.argmin(distance)])
    medians = {name: _median(side.days[rows]) for name, side in zip(("before", "after"), sides, strict=True)}
    turned = _turned(*(side.days[row] for side in sides))
    return row, {"id": id_, "kind": kind, "turned": turned, "median": medians, **_shares(sides, rows)}


def _distance(side: Cases, rows: NDArray[np.intp], candidates: NDArray[np.intp]) -> Floats:
    """Return how far each candidate lies from the middle of rows in one district.

    Where the middle is not closed within the follow-up, one that is not closed either and ended when these do.
    """
    middle, passes = float(np.median(side.days[rows])), float(np.median(side.passes[rows]))
    alike = np.isfinite(side.days[candidates]) == np.isfinite(middle)
    if not np.isfinite(middle):
        middle = float(np.median(side.end[rows][~np.isfinite(side.days[rows])]))
    apart = np.abs(np.log((side.end[candidates] + 1.0) / (middle + 1.0)))
    return np.where(alike, apart + A_PASS * np.abs(side.passes[candidates] - passes), np.inf)


def _median(days: Floats) -> float | None:
    middle = float(np.median(days))
    return round(middle, 2) if np.isfinite(middle) else None


def _turned(before: float, after: float) -> str:
    if before == after or (np.isfinite(before) and abs(after - before) <= max(SAME_DAYS, SAME * before)):
        return "same"  # infinities are equal: closed in neither
    return "better" if after < before else "worse"


def _changed(sides: Sequence[Cases], rows: NDArray[np.intp]) -> NDArray[np.int8]:
    """Return of each case −1 where it took at least a day less after the reform, 1 where more, else 0."""
    before, after = (side.days[rows] for side in sides)
    with np.errstate(invalid="ignore"):
        more = np.nan_to_num(after - before, nan=0.0)  # never closed in either
    return (np.sign(more) * (np.abs(more) >= SAME_DAYS)).astype(np.int8)


def _shares(sides: Sequence[Cases], rows: NDArray[np.intp]) -> dict[str, float]:
    changed = _changed(sides, rows)
    return {"faster": round(float(np.mean(changed < 0)), 4), "slower": round(float(np.mean(changed > 0)), 4)}


def _tracks(case: str, logs: Sequence[CaseLog], sides: Sequence[Cases], row: int) -> dict[str, Any]:
    found: dict[str, Any] = {"case": str(case)}
    for name, log, side in zip(("before", "after"), logs, sides, strict=True):
        days, end = float(side.days[row]), float(side.end[row])
        found[name] = track_of(_events(log, case, side.reported[row]), days if np.isfinite(days) else None, end)
    return found


def _events(log: CaseLog, case: str, reported: float) -> list[Event]:
    rows = np.flatnonzero(log.case == int(np.flatnonzero(log.ids == case)[0]))
    units = log.table["org:resource"].take(rows).to_pylist()
    found = [
        Event(float(log.when[at] - reported), Activity(int(log.activity[at])), unit)
        for at, unit in zip(rows, units, strict=True)
    ]
    return sorted(found, key=lambda event: event.day)  # a log has the work of one party after that of another
