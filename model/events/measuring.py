"""Measuring a log: the outcomes that events alone give, by the definitions of `model.outcomes`, case by case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from model.config.scenario import Scenario
from model.engine.scoring import BINS_PER_DAY
from model.events.columns import Facts
from model.events.reading import Log
from model.events.writing import LogError
from model.outcomes.definitions import OUTCOMES
from model.outcomes.record import Totals
from model.terms import TICKS_PER_DAY, Activity

__all__ = ["MEASURED", "Story", "measure"]


@dataclass
class Story:
    """What happened to one case; times in ticks, None until they come.

    `told` makes it of a log; each activity has one method or none.
    """

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
    def told(cls, log: Log, birth: int, rows: Sequence[Sequence[Any]], follow_up: int) -> Story:
        """Return the story of one case.

        Parameters
        ----------
        log : Log
        birth : int
            Its first event.
        rows : sequence of sequences
            Activity, time, unit, level and detail of its events, in order.
        follow_up : int
            Ticks after its birth at which it is no longer looked at.
        """
        activities, times, units, levels, details = rows
        story = cls(
            units[0], log.kind[birth], int(log.parties[birth]), bool(log.needs_power[birth]), times[0],
            times[0] + follow_up, linked=activities[0] == Activity.REPEATED,
        )  # fmt: skip
        for activity, when, unit, level, detail in zip(activities, times, units, levels, details, strict=True):
            tell = _TELLS.get(activity)
            if tell is not None and (when <= story.cutoff or activity == Activity.DONE):
                tell(story, when, unit, level, detail)
        return story

    @property
    def was_hidden(self) -> bool:
        """Whether it was not reported when born."""
        return not self.prevented and (self.reported is None or self.reported > self.born)

    def since_report(self, when: int | None) -> int:
        """Return the time from the first report to an event that has happened."""
        assert when is not None and self.reported is not None
        return when - self.reported

    @property
    def end(self) -> int:
        """When it is no longer looked at: its citizen has given up, or its follow-up ends."""
        return self.cutoff if self.dropped is None else self.dropped

    def circulating_until_end(self) -> int:
        """Return the time that nobody worked on it while unsettled."""
        since = self.settling_since
        return self.circulating + (max(0, self.end - since) if since is not None else 0)

    def ownerless_until_end(self) -> int:
        """Return the time without an owner after refusals."""
        since = self.ownerless_since
        return self.ownerless + (max(0, self.end - since) if since is not None else 0)

    def gain_owner(self, when: int) -> None:
        """Somebody owns it (again)."""
        self.responded = when if self.responded is None else self.responded
        if self.ownerless_since is not None:
            self.ownerless += max(0, when - self.ownerless_since)
            self.ownerless_since = None

    def settle(self, when: int) -> None:
        """It stops circulating."""
        if self.settling_since is not None:
            self.circulating += when - self.settling_since
            self.settling_since = None

    def on_reported(self, when: int, unit: str, level: str, detail: int) -> None:
        """It becomes a case."""
        self.reported, self.latent = when, detail == 1

    def on_own_work(self, when: int, unit: str, level: str, detail: int) -> None:
        """One unit takes the whole case."""
        self.gain_owner(when)
        self.settle(when)

    def on_sent_out(self, when: int, unit: str, level: str, detail: int) -> None:
        """The street whistles or writes; nobody has accepted yet."""
        self.accepted = False
        if self.settling_since is None:
            self.settling_since = when

    def on_whistled(self, when: int, unit: str, level: str, detail: int) -> None:
        """The street whistles."""
        self.whistled = True
        self.on_sent_out(when, unit, level, detail)

    def on_offered(self, when: int, unit: str, level: str, detail: int) -> None:
        """A unit is asked; a department asked again after another is ping-pong."""
        if level == "department":
            self.offered = True
            self.ping_pong |= unit in self.asked and unit != self.last_asked
            self.last_asked = unit
            self.asked.add(unit)

    def on_accepted(self, when: int, unit: str, level: str, detail: int) -> None:
        """A unit accepts; where it is the level above, the case stops circulating."""
        self.gain_owner(when)
        self.accepted |= not self.rising
        if self.rising:
            self.settle(when)

    def on_passed(self, when: int, unit: str, level: str, detail: int) -> None:
        """A unit passes it on."""
        self.passes += 1
        self.evasive += detail == 1
        self.lose_owner(when)

    def on_expired(self, when: int, unit: str, level: str, detail: int) -> None:
        """A unit lets it expire; the level above is simply asked again."""
        if not self.rising:
            self.lose_owner(when)

    def lose_owner(self, when: int) -> None:
        """Nobody owns it after a refusal, unless another party has accepted."""
        if self.ownerless_since is None and not self.accepted:
            self.ownerless_since = when

    def on_assembled(self, when: int, unit: str, level: str, detail: int) -> None:
        """All parties stand together."""
        self.settle(when)

    def on_handed_over(self, when: int, unit: str, level: str, detail: int) -> None:
        """A unit hands the worked case on."""
        self.passes += 1

    def on_risen(self, when: int, unit: str, level: str, detail: int) -> None:
        """It goes to the level above."""
        self.rising, self.settling_since = True, when

    def on_closed(self, when: int, unit: str, level: str, detail: int) -> None:
        """It is really closed."""
        self.declared = when if self.declared is None else self.declared
        self.closed = when

    def on_closed_cosmetically(self, when: int, unit: str, level: str, detail: int) -> None:
        """It is declared closed."""
        self.declared = when if self.declared is None else self.declared

    def on_reopened(self, when: int, unit: str, level: str, detail: int) -> None:
        """A closure does not hold."""
        self.reopened = when if self.reopened is None else self.reopened
        self.closed, self.rising = None, False

    def on_dropped(self, when: int, unit: str, level: str, detail: int) -> None:
        """The citizen has given up."""
        self.dropped = when

    def on_prevented(self, when: int, unit: str, level: str, detail: int) -> None:
        """It is prevented at the source."""
        self.prevented = True

    def on_done(self, when: int, unit: str, level: str, detail: int) -> None:
        """It is done; a linked repeat may come."""
        self.returns = detail == 1


_TELLS: dict[int, Callable[[Story, int, str, str, int], None]] = {
    Activity.REPORTED: Story.on_reported,
    Activity.OWN_WORK: Story.on_own_work,
    Activity.REFERRED: Story.on_sent_out,
    Activity.WHISTLED: Story.on_whistled,
    Activity.OFFERED: Story.on_offered,
    Activity.ACCEPTED: Story.on_accepted,
    Activity.PASSED: Story.on_passed,
    Activity.EXPIRED: Story.on_expired,
    Activity.ASSEMBLED: Story.on_assembled,
    Activity.HANDED_OVER: Story.on_handed_over,
    Activity.RISEN: Story.on_risen,
    Activity.CLOSED: Story.on_closed,
    Activity.CLOSED_COSMETICALLY: Story.on_closed_cosmetically,
    Activity.REOPENED: Story.on_reopened,
    Activity.DROPPED: Story.on_dropped,
    Activity.PREVENTED: Story.on_prevented,
    Activity.DONE: Story.on_done,
}


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
