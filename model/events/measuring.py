"""Measuring a log: the outcomes that events alone give, by the definitions of `model.outcomes`, case by case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from model.config.scenario import Scenario
from model.engine.scoring import BINS_PER_DAY
from model.events.columns import Facts
from model.events.files import Log, LogError
from model.outcomes.definitions import OUTCOMES
from model.outcomes.record import Totals
from model.rules import feedback
from model.terms import TICKS_PER_DAY, Activity

MEASURED = tuple(name for name, each in OUTCOMES.items() if each.from_log)  # outcomes that a log gives

_THIRTY = 30 * TICKS_PER_DAY


def measure(log: Log, scenario: Scenario | None = None) -> dict[str, float | None]:
    """Return the outcomes of `MEASURED` from a log; None where undefined.

    Args:
        scenario: Of its run; without it the facts that the log carries.

    Raises:
        LogError: If there is no scenario and the log has lost its facts, or a case does not begin with its birth.
    """
    facts = log.facts if scenario is None else Facts.of(scenario)
    if facts is None:
        raise LogError("The event that carries the facts of the run is missing. Write the log again with log_run.")
    log = log.of_cases()
    case = pa.array(log.case).dictionary_encode().indices.to_numpy()
    order = np.argsort(case, kind="stable")
    starts = np.flatnonzero(np.r_[True, case[order][1:] != case[order][:-1]])
    if not np.isin(log.activity[order[starts]], (Activity.BORN, Activity.REPEATED)).all():
        raise LogError(
            "Some cases do not begin with their birth, so events are missing. Write the log again with log_run."
        )
    tallies = _Tallies(facts)
    columns = [column[order].tolist() for column in (log.activity, log.when, log.unit, log.level, log.detail)]
    for first, last in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        rows = [column[first:last] for column in columns]
        tallies.count(_CaseHistory.replay(log, int(order[first]), rows, facts.follow_up))
    tallies.count_window(log)
    tallies.count_waits_above(log)
    totals = tallies.totals()
    return {name: OUTCOMES[name].measure(totals) for name in MEASURED}


@dataclass
class _CaseHistory:
    """What happened to one case; times in ticks, None until they come."""

    street: str
    kind: str
    parties: int
    needs_power: bool
    born: int
    cutoff: int
    linked: bool
    reported: int | None = None
    responded: int | None = None
    declared: int | None = None
    closed: int | None = None
    reopened: int | None = None
    dropped: int | None = None
    settling_since: int | None = None
    ownerless_since: int | None = None
    circulating: int = 0
    ownerless: int = 0
    passes: int = 0
    evasive: int = 0
    offered: bool = False
    whistled: bool = False
    ping_pong: bool = False
    accepted: bool = False
    last_asked: str = ""
    prevented: bool = False
    latent: bool = False
    returns: bool = False
    rising: bool = False
    asked: set[str] = field(default_factory=set)

    @classmethod
    def replay(cls, log: Log, birth: int, rows: Sequence[Sequence[Any]], follow_up: int) -> _CaseHistory:
        """Return the history of one case, up to `follow_up` ticks after its birth.

        Args:
            birth: Its first event in the log.
            rows: Activity, time, unit, level and detail of its events, in order.
        """
        activities, times, units, levels, details = rows
        case = cls(
            units[0], log.kind[birth], int(log.parties[birth]), bool(log.needs_power[birth]), times[0],
            times[0] + follow_up, linked=activities[0] == Activity.REPEATED,
        )  # fmt: skip
        for activity, when, unit, level, detail in zip(activities, times, units, levels, details, strict=True):
            if activity == Activity.DONE:
                case.returns = detail == 1
            elif when <= case.cutoff:
                case.take(activity, when, unit, level, detail)
        return case

    @property
    def was_hidden(self) -> bool:
        """Whether it was not reported when born."""
        return not self.prevented and (self.reported is None or self.reported > self.born)

    def time_until_end(self, so_far: int, since: int | None) -> int:
        """Return a time so far and what comes until the citizen gives up or the follow-up ends, if it still runs."""
        end = self.cutoff if self.dropped is None else self.dropped
        return so_far + (max(0, end - since) if since is not None else 0)

    def take(self, activity: int, when: int, unit: str, level: str, detail: int) -> None:
        """Note what an event says; the frequent ones first."""
        match activity:
            case Activity.STARTED | Activity.WORK_DONE | Activity.BORN:
                pass  # a third of all events, and nothing new
            case Activity.OFFERED if level == "department":
                self.offered = True  # one that is asked again after another is ping-pong
                self.ping_pong |= unit in self.asked and unit != self.last_asked
                self.last_asked = unit
                self.asked.add(unit)
            case Activity.REPORTED:
                self.reported, self.latent = when, detail == 1
            case Activity.CLOSED | Activity.CLOSED_COSMETICALLY:
                self.declared = when if self.declared is None else self.declared
                self.closed = when if activity == Activity.CLOSED else self.closed
            case Activity.ACCEPTED:
                self.gain_owner(when)
                self.accepted |= not self.rising
                if self.rising:  # the level above ends the circulating
                    self.settle(when)
            case Activity.OWN_WORK:
                self.gain_owner(when)
                self.settle(when)
            case Activity.ASSEMBLED:
                self.settle(when)
            case Activity.REFERRED | Activity.WHISTLED:
                self.whistled |= activity == Activity.WHISTLED
                self.accepted = False
                self.settling_since = when if self.settling_since is None else self.settling_since
            case Activity.PASSED:
                self.passes += 1
                self.evasive += detail == 1
                self.lose_owner(when)
            case Activity.DROPPED:
                self.dropped = when
            case Activity.EXPIRED if not self.rising:  # the level above is simply asked again
                self.lose_owner(when)
            case Activity.RISEN:
                self.rising, self.settling_since = True, when
            case Activity.PREVENTED:
                self.prevented = True
            case Activity.REOPENED:
                self.reopened = when if self.reopened is None else self.reopened
                self.closed, self.rising = None, False
            case Activity.HANDED_OVER:
                self.passes += 1

    def gain_owner(self, when: int) -> None:
        """Somebody owns it (again)."""
        self.responded = when if self.responded is None else self.responded
        if self.ownerless_since is not None:
            self.ownerless += max(0, when - self.ownerless_since)
            self.ownerless_since = None

    def lose_owner(self, when: int) -> None:
        """Nobody owns it after a refusal, unless another party has accepted."""
        if self.ownerless_since is None and not self.accepted:
            self.ownerless_since = when

    def settle(self, when: int) -> None:
        """It stops circulating."""
        if self.settling_since is not None:
            self.circulating += when - self.settling_since
            self.settling_since = None


class _Tallies:
    """Sums over the cases of a log, by the names of `engine.columns.TALLY`."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.sums: defaultdict[str, float] = defaultdict(int)
        self.days = np.zeros((2, facts.follow_up * BINS_PER_DAY // TICKS_PER_DAY + 1), np.int64)
        self.by_street = np.zeros((len(facts.streets), 2), np.int64)

    def add(self, **amounts: float) -> None:
        for name, amount in amounts.items():
            self.sums[name] += amount

    def count(self, case: _CaseHistory) -> None:
        """Count a case, if it is one of the cohort."""
        if case.linked or not self.facts.first <= case.born < self.facts.last:
            return
        counts, own = case.kind not in self.facts.uncounted, not case.latent
        self.add(problems=own, due_problems=own and counts, hidden=case.was_hidden, prevented=case.prevented,
                 resolved=counts and case.prevented)  # fmt: skip
        if case.reported is None or case.reported > case.cutoff - self.facts.least_follow_up:
            return
        due = case.reported + self.facts.limits[case.kind]
        in_time = _by(case.closed, due)
        self.count_reported(case, case.reported, in_time)
        if counts:
            self.count_due(case, due, in_time)
        if case.declared is not None and case.declared <= case.cutoff - _THIRTY:
            self.add(declared_30=1, reopened_30=_by(case.reopened, case.declared + _THIRTY))
        if case.offered:
            ownerless = case.time_until_end(case.ownerless, case.ownerless_since)
            self.add(
                offered=1, passes=case.passes, passed=case.passes > 0, evasive=case.evasive, ping_pong=case.ping_pong,
                circulating=case.time_until_end(case.circulating, case.settling_since),
                orphans=ownerless > self.facts.orphan_after,
            )  # fmt: skip

    def count_reported(self, case: _CaseHistory, reported: int, in_time: bool) -> None:
        closed, dropped = case.closed is not None, case.dropped is not None
        self.add(
            reported=1, found=case.was_hidden, closed=closed, dropped=dropped, backlog=not closed and not dropped,
            closed_30=_by(case.closed, reported + _THIRTY), whistled=case.whistled,
            satisfaction=feedback.satisfaction(in_time, case.reopened is not None) if closed else 0.0,
            repeated=closed and case.returns,
        )  # fmt: skip
        end = case.closed if closed else case.dropped
        if end is not None:
            took = (end - reported) * BINS_PER_DAY // TICKS_PER_DAY
            self.days[0 if closed else 1, min(took, self.days.shape[1] - 1)] += 1

    def count_due(self, case: _CaseHistory, due: int, in_time: bool) -> None:
        """Count what is measured against the deadline."""
        joint, power = case.parties > 1, case.needs_power
        self.by_street[self.facts.streets.index(case.street)] += (1, in_time)
        self.add(
            due=1, closed_in_time=in_time, resolved=in_time and not case.latent, overdue=not in_time,
            declared_in_time=_by(case.declared, due), responded=_by(case.responded, due),
            joint=joint, joint_closed=joint and in_time, enforcement=power, enforcement_closed=power and in_time,
        )  # fmt: skip

    def count_window(self, log: Log) -> None:
        """Count what is counted in the window, whatever the cohort."""
        first, last = self.facts.first, self.facts.last
        seen = (log.when >= first) & (log.when < last)
        n = {activity: int((seen & (log.activity == activity)).sum()) for activity in Activity}
        team = int((seen & (log.level == "team") & (log.activity == Activity.OWN_WORK)).sum())
        screened = seen & (log.activity == Activity.SCREENED)
        self.add(
            declarations=n[Activity.CLOSED] + n[Activity.CLOSED_COSMETICALLY], cosmetic=n[Activity.CLOSED_COSMETICALLY],
            turned_out=n[Activity.WHISTLED] + n[Activity.REFERRED] + team, taken_by_team=team,
            whistles=n[Activity.SCREENED], whistles_right=int((log.detail[screened] == 0).sum()),
        )  # fmt: skip

    def count_waits_above(self, log: Log) -> None:
        """Count the waits for the level above that ended in the window."""
        rising: dict[Any, int] = {}
        steps = np.isin(log.activity, (Activity.RISEN, Activity.ACCEPTED))
        for case, activity, when in zip(log.case[steps], log.activity[steps], log.when[steps], strict=True):
            if activity == Activity.RISEN:
                rising[case] = int(when)
            elif case in rising:
                since = rising.pop(case)
                if self.facts.first <= when < self.facts.last:
                    self.add(risen=1, waited_above=int(when) - since)

    def totals(self) -> Totals:
        """Return the sums in the form that outcomes are computed from; unit figures are not in a log."""
        return Totals(
            tally=self.sums, units={}, days=self.days, streets=self.by_street,
            demand_per_person=np.array(self.facts.demand_per_person), closures=0, window_days=1,
            steps_per_day=1, bins_per_day=BINS_PER_DAY,
        )  # fmt: skip


def _by(time: int | None, limit: int) -> bool:
    return time is not None and time <= limit
