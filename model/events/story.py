"""One case as its events tell it, up to the end of its follow-up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.events.reading import Log
from model.terms import Activity

__all__ = ["Story"]


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
