"""Measuring a log: the outcomes that events alone give, by the definitions of `model.outcomes`.

Each case is told its events in order and keeps what the outcomes ask for; nothing after its follow-up counts.
Outcomes that need hours (workload, overload, …) or the answers that were due (inaction) are not in a log.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from model.config.scenario import Scenario
from model.engine.scoring import BINS_PER_DAY
from model.events.facts import Facts
from model.events.reading import Log
from model.events.story import Story
from model.events.writing import LogError
from model.outcomes.definitions import OUTCOMES
from model.outcomes.totals import Totals
from model.terms import TICKS_PER_DAY, Activity

__all__ = ["MEASURED", "measure"]

MEASURED = tuple(name for name, each in OUTCOMES.items() if each.from_log)
"""Outcomes that a log gives."""

_THIRTY = 30 * TICKS_PER_DAY


def measure(log: Log, scenario: Scenario | None = None) -> dict[str, float | None]:
    """Return the outcomes of `MEASURED` from a log; None where undefined.

    Parameters
    ----------
    log : Log
    scenario : Scenario, optional
        Of its run; without it the facts that the log carries.

    Raises
    ------
    LogError
        If there is no scenario and the log has lost its facts, or a case does not begin with its birth.
    """
    facts = log.facts if scenario is None else Facts.of(scenario)
    if facts is None:
        raise LogError("The event that carries the facts of the run is missing. Write the log again with log_run.")
    books = _Books(facts)
    case = pa.array(log.case).dictionary_encode().indices.to_numpy()
    order = np.argsort(case, kind="stable")
    starts = np.flatnonzero(np.r_[True, case[order][1:] != case[order][:-1]])
    if not np.isin(log.activity[order[starts]], (Activity.BORN, Activity.REPEATED)).all():
        raise LogError(
            "Some cases do not begin with their birth, so events are missing. Write the log again with log_run."
        )
    rows = [column[order].tolist() for column in (log.activity, log.when, log.unit, log.level, log.detail)]
    for first, last in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        books.enter(Story.told(log, int(order[first]), [row[first:last] for row in rows], facts.follow_up))
    books.count_window(log)
    figures = books.figures()
    return {name: OUTCOMES[name].measure(figures) for name in MEASURED}


@dataclass
class _Books:
    facts: Facts
    tally: defaultdict[str, float] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        bins = self.facts.follow_up * BINS_PER_DAY // TICKS_PER_DAY + 1
        self.days = np.zeros((2, bins), np.int64)
        self.by_street = np.zeros((len(self.facts.streets), 2), np.int64)

    def add(self, **amounts: float) -> None:
        """Add to the tally."""
        for name, amount in amounts.items():
            self.tally[name] += amount

    def enter(self, story: Story) -> None:
        """Book one case of the cohort."""
        first, last = self.facts.first, self.facts.last
        if story.linked or not first <= story.born < last:
            return
        counts = story.kind not in self.facts.uncounted
        own = not story.latent
        self.add(problems=own, due_problems=own and counts, hidden=story.was_hidden, prevented=story.prevented)
        if story.prevented:
            self.add(resolved=counts)
        if story.reported is not None and story.reported <= story.cutoff - self.facts.least_follow_up:
            self.enter_reported(story)

    def enter_reported(self, story: Story) -> None:
        """Book a case that was reported."""
        limit, reported = self.facts.limits[story.kind], story.since_report
        closed, dropped = story.closed is not None, story.dropped is not None
        in_time = closed and reported(story.closed) <= limit
        reopened = story.reopened is not None
        self.add(
            reported=1, found=story.was_hidden, closed=closed, dropped=dropped, backlog=not closed and not dropped,
            closed_30=closed and reported(story.closed) <= _THIRTY, whistled=story.whistled,
            satisfaction=0.5 + (0.3 if in_time else 0.0) + (0.0 if reopened else 0.2) if closed else 0.0,
            repeated=closed and story.returns,
        )  # fmt: skip
        if closed or dropped:
            took = reported(story.closed if closed else story.dropped) * BINS_PER_DAY // TICKS_PER_DAY
            self.days[0 if closed else 1, min(took, self.days.shape[1] - 1)] += 1
        if story.kind not in self.facts.uncounted:
            self.enter_due(story, limit, in_time)
        self.enter_declared(story)
        if story.offered:
            self.enter_offered(story)

    def enter_due(self, story: Story, limit: int, in_time: bool) -> None:
        """Book what is measured against the deadline."""
        joint, power = story.parties > 1, story.needs_power
        self.by_street[self.facts.streets.index(story.street)] += (1, in_time)
        self.add(
            due=1, closed_in_time=in_time, resolved=in_time and not story.latent, overdue=not in_time,
            declared_in_time=story.declared is not None and story.since_report(story.declared) <= limit,
            responded=story.responded is not None and story.since_report(story.responded) <= limit,
            joint=joint, joint_closed=joint and in_time, enforcement=power, enforcement_closed=power and in_time,
        )  # fmt: skip

    def enter_declared(self, story: Story) -> None:
        """Book a declared closure with 30 days left to be reopened."""
        if story.declared is not None and story.declared <= story.cutoff - _THIRTY:
            back = story.reopened is not None and story.reopened - story.declared <= _THIRTY
            self.add(declared_30=1, reopened_30=back)

    def enter_offered(self, story: Story) -> None:
        """Book the passing of a case that was offered to a department."""
        self.add(
            offered=1, passes=story.passes, passed=story.passes > 0, evasive=story.evasive, ping_pong=story.ping_pong,
            circulating=story.circulating_until_end(),
            orphans=story.ownerless_until_end() > self.facts.orphan_after,
        )  # fmt: skip

    def count_window(self, log: Log) -> None:
        """Count what is counted in the window, whatever the cohort."""
        first, last = self.facts.first, self.facts.last
        seen = (log.when >= first) & (log.when < last)
        n = {activity: int((seen & (log.activity == activity)).sum()) for activity in Activity}
        team = seen & (log.level == "team") & (log.activity == Activity.OWN_WORK)
        screened = seen & (log.activity == Activity.SCREENED)
        self.add(
            declarations=n[Activity.CLOSED] + n[Activity.CLOSED_COSMETICALLY], cosmetic=n[Activity.CLOSED_COSMETICALLY],
            turned_out=n[Activity.WHISTLED] + n[Activity.REFERRED] + int(team.sum()), taken_by_team=int(team.sum()),
            whistles=n[Activity.SCREENED], whistles_right=int((log.detail[screened] == 0).sum()),
        )  # fmt: skip
        self.count_waits(log, first, last)

    def count_waits(self, log: Log, first: int, last: int) -> None:
        """Count the waits for the level above that ended in the window."""
        rising: dict[Any, int] = {}
        steps = np.isin(log.activity, (Activity.RISEN, Activity.ACCEPTED))
        for case, activity, when in zip(log.case[steps], log.activity[steps], log.when[steps], strict=True):
            if activity == Activity.RISEN:
                rising[case] = int(when)
            elif case in rising:
                since = rising.pop(case)
                if first <= when < last:
                    self.add(risen=1, waited_above=int(when) - since)

    def figures(self) -> Totals:
        """Return the sums in the form that outcomes are computed from; unit figures are not in a log."""
        return Totals(
            tally=self.tally, units={}, days=self.days, streets=self.by_street,
            demand_per_person=np.array(self.facts.demand_per_person), closures=0, day=TICKS_PER_DAY, window_days=1,
            steps_per_day=1, bins_per_day=BINS_PER_DAY,
        )  # fmt: skip
