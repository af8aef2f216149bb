"""A district as its files have it, from what was counted in a log: readable, each number with its source."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.learning.counting import PATIENT, KindLearned, Learned
from experiments.learning.simulated import Reading
from experiments.learning.units import OTHER, Unit
from experiments.store.files import whole
from model import Scenario, load_scenario, offered_load, to_yaml

DISTRICT_FILE, REGIME = "district.yaml", "inverted"  # under which the office is taken to have worked so far
NOISE = 0.2  # error in perceiving who is responsible with which shares of first receivers are made claims
FAINTEST = 0.005  # share of the first hand-overs of a kind below which a unit has no claim on it
LOAD, HEAVIEST = 0.3, 0.45  # offered load that is assumed of all, and beyond which a unit is given more people
JOINT = 0.05  # share of cases that several units handle together, where several have a claim
WORKED = 0.1  # of the median days of the fastest kind: the most that work takes of them
RESIDENTS = 100  # for each case a year that a street opens; residents only say which street requests come from
NOBODY_GIVES_UP = 100_000.0  # days of patience, as in `null_queue`
LONGEST_WAIT, LEAST_WORK, LONGEST_WARM_UP = 365.0, 0.01, 720  # what a district file takes, and a run need not exceed


@dataclasses.dataclass(frozen=True)
class Tuned:
    """What is set so that runs in the middle of the ranges show the log's measures, not counted.

    Attributes:
        hands_over: Part of the log's moves between departments that is further work, not passing on.
        own: Shift of the log-odds that a case stays with whoever opened it.
        wait, sigma: Factors on the waiting days and on their spread.
    """

    hands_over: float = 0.5
    own: float = 0.0
    wait: float = 1.0
    sigma: float = 1.0


@dataclasses.dataclass(frozen=True)
class Built:
    """A district that is learned.

    Attributes:
        text: Of its file.
        reading: How its runs are read.
    """

    text: str
    reading: Reading

    def scenario(self, overrides: Mapping[str, Any]) -> Scenario:
        """Return the district under the regime of before, with settings over it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / DISTRICT_FILE
            path.write_text(self.text, encoding="utf-8")
            return load_scenario(REGIME, district=str(path), overrides=dict(overrides))

    def write(self, path: Path) -> None:
        with whole(path) as sink:
            sink.write(self.text.encode())


def build(learned: Learned, tuned: Tuned, limit: float, log: str, *, scale: float = 1.0) -> Built:
    """Return the district of a log.

    Args:
        limit: Days after which a case is late.
        log: Name of the log, for the head of the file.
        scale: Of requests and people: a part of the office, with the same loads.
    """
    people = {unit.name: max(1, round(unit.people * scale)) for unit in learned.units}
    built = _built(learned, tuned, limit, log, scale, people)
    for _ in range(3):
        if not _relieved(built, learned, people):
            break
        built = _built(learned, tuned, limit, log, scale, people)
    return built


def _relieved(built: Built, learned: Learned, people: dict[str, int]) -> bool:
    """Give more people to units that would be overloaded; tell whether any was."""
    more = False
    for pool in offered_load(built.scenario({})):
        if pool.hours > 0.0 and pool.work / pool.hours > HEAVIEST:
            name = learned.units[built.reading.places[pool.code.partition("/")[0]]].name
            people[name] = math.ceil(people[name] * pool.work / pool.hours / HEAVIEST)
            more = True
    return more


def _codes(places: list[int], letter: str, learned: Learned) -> dict[tuple[str, int], str]:
    digits = len(str(len(learned.units)))
    return {(letter, place): f"{letter}{place + 1:0{digits}d}" for place in places}


def _built(
    learned: Learned, tuned: Tuned, limit: float, log: str, scale: float, people: Mapping[str, int]
) -> Built:  # fmt: skip
    streets, departments = _codes(learned.streets, "s", learned), _codes(learned.departments, "d", learned)
    if others := learned.places(OTHER):
        departments[("d", others[0])] = "others"
    return Built(
        "\n".join(_Text(learned, tuned, limit, log, scale, people, streets, departments).sections()),
        Reading(
            {code: place for (_, place), code in {**streets, **departments}.items()},
            tuple(unit.name for unit in learned.units), tuple(kind.name for kind in learned.kinds),
            {f"k{at + 1}": at for at in range(len(learned.kinds))}, learned.own, learned.closed_by_street >= 0.5,
        ),
    )  # fmt: skip


_HEAD = """\
# Learned from {log}: {cases:,} cases in {days:,.0f} days.
# evidence: "learned" is counted in the log (n, 95 % interval); "tuned" is set so that runs of worlds near the log show
# what the log shows; "assumption" is in no log, with the range that it may have."""

_OF_DEMAND = """\
# requests_per_year, weekend, dispersion: learned; {arrivals.a_year:,.0f} requests a year, 95 % {arrivals.low:,.0f} to
# {arrivals.high:,.0f}. latent, needs_city, needs_street, from_projects: a log has no line for what nobody reported, for
# the city, or for sections within a unit, so they are 0 here."""


@dataclasses.dataclass(frozen=True)
class _Text:
    """The sections of a district file."""

    learned: Learned
    tuned: Tuned
    limit: float
    log: str
    scale: float
    people: Mapping[str, int]
    streets: Mapping[tuple[str, int], str]
    departments: Mapping[tuple[str, int], str]

    def sections(self) -> Iterator[str]:
        arrivals = self.learned.arrivals
        cases = sum(kind.cases for kind in self.learned.kinds)
        yield _HEAD.format(log=self.log, cases=cases, days=arrivals.days)
        yield to_yaml({"title": {"zh": f"由日志学得：{self.log}", "en": f"Learned from {self.log}"}})
        yield _OF_DEMAND.format(arrivals=arrivals)
        yield to_yaml({"demand": self._demand()})
        yield "# weekend: learned, lines of the log on a weekend day against a weekday. People are given by unit below."
        yield to_yaml({"staff": {"weekend": _short(self.learned.staff_weekend)}})
        yield f"# Days after which a case is late in this office: {self.limit:g}; as `whistle fit --limit` says, or"
        yield "# else those within which three of four closed cases were closed."
        yield to_yaml({"deadlines": {"normal": _short(min(self.limit, LONGEST_WAIT))}})
        yield "# Cases here are followed for twice that long, after a warm-up in which the slow ones come to lie."
        yield to_yaml({"run": self._run()})
        if self.learned.dropped < PATIENT:
            yield f"# learned: of cases far older than most, {self.learned.dropped:.1%} are open, so nobody gives up."
            yield to_yaml({"citizens": {"patience_days": NOBODY_GIVES_UP}})
        yield "# A unit that both opens and receives cases is a street and a department of the same title."
        yield _listed("streets", map(self._street, self.streets.items()))
        yield _listed("departments", map(self._department, self.departments.items()))
        yield _listed("kinds", map(self._kind, enumerate(self.learned.kinds, start=1)))

    def _run(self) -> dict[str, int]:
        limit = math.ceil(min(self.limit, LONGEST_WAIT))
        slow = max(math.exp(kind.mu + 1.28 * kind.sigma) for kind in self.learned.kinds)  # nine in ten are faster
        return {
            "warm_up_days": min(max(180, math.ceil(slow)), LONGEST_WARM_UP), "follow_up_days": max(60, 2 * limit),
            "least_follow_up_days": max(30, limit),
        }  # fmt: skip

    def _demand(self) -> dict[str, Any]:
        arrivals = self.learned.arrivals
        found: dict[str, Any] = {
            "requests_per_year": _short(arrivals.a_year * self.scale), "weekend": _short(arrivals.weekend),
            "latent": 0.0, "needs_city": 0.0, "needs_street": 0.0, "from_projects": 0.0,
        }  # fmt: skip
        if self.scale < 1.0 or arrivals.dispersion < 1.02:
            return {**found, "arrivals": "poisson"}
        return {**found, "dispersion": _short(arrivals.dispersion)}

    def _street(self, item: tuple[tuple[str, int], str]) -> dict[str, Any]:
        (_, place), code = item
        unit = self.learned.units[place]
        residents = max(1, round(RESIDENTS * unit.opened / self.learned.arrivals.days * 365.25))
        return {
            "code": code, "title": _title(unit.name), "population": residents, "communities": 0, "villages": 0,
            "staff": self._share_of_people(unit, opening=True), "community_staff": 0,
            "evidence": {"population": f"learned: n = {unit.opened} cases opened, {RESIDENTS} for each a year",
                         "staff": _of_people(unit)},
        }  # fmt: skip

    def _department(self, item: tuple[tuple[str, int], str]) -> dict[str, Any]:
        (_, place), code = item
        unit = self.learned.units[place]
        staff, title = self._share_of_people(unit, opening=False), _title("others" if code == "others" else unit.name)
        onward = self._hands_over(place)
        return {
            "code": code, "title": title, "city_title": dict(title), "sector": "office", "enforcement": True,
            "staff": staff, "city_staff": 0, "stationable": 0.2, "programme_weight": staff, "hands_over": onward,
            "evidence": {
                "staff": _of_people(unit), "enforcement": "assumption: none that citizens' cases need is lacking",
                "stationable": "assumption, range 0.1-0.4", "programme_weight": "assumption: as its people",
                "hands_over": f"learned: n = {self.learned.visits[place]} visits; tuned: {self.tuned.hands_over:.0%} "
                              "of its moves are further work, the rest passing on",
            },
        }  # fmt: skip

    def _hands_over(self, place: int) -> dict[str, float]:
        chances = {
            code: self.tuned.hands_over * float(self.learned.routing[place, other])
            for (_, other), code in self.departments.items() if other != place
        }  # fmt: skip
        kept = {code: chance for code, chance in chances.items() if chance >= FAINTEST / 2.0}
        whole = max(1.0, sum(kept.values()) / 0.95)
        return {code: _short(chance / whole) for code, chance in kept.items()}

    def _share_of_people(self, unit: Unit, *, opening: bool) -> int:
        people, total = self.people[unit.name], max(unit.opened + unit.received, 1)
        if (unit.level != "both") or total == 0:
            return people
        return max(1, round(people * (unit.opened if opening else unit.received) / total))

    def _kind(self, item: tuple[int, KindLearned]) -> dict[str, Any]:
        number, kind = item
        stays = _logistic(_log_odds(1.0 - kind.handed) + self.tuned.own)
        sigma = min(3.0, kind.sigma * self.tuned.sigma)
        waiting = math.exp(kind.mu + sigma**2 / 2.0) * self.tuned.wait
        claims = self._claims(kind)
        sharp = {code: _short(claim**2) for code, claim in claims.items()}
        seen = f"learned: n = {kind.cases}"
        return {
            "code": f"k{number}", "title": _title(kind.name), "share": self._share_of(number),
            "season": [_short(each) for each in self.learned.arrivals.season], "work_days": self._work(),
            "work_sigma": 0.9, "waiting_days": _short(min(waiting, LONGEST_WAIT)), "waiting_sigma": _short(sigma),
            "deadline": "normal", "enforcement": _short(0.25 * kind.handed),
            "joint": JOINT if len(claims) > 1 else 0.0, "stake": 0.5,
            "duties": {"diffuse": {"street": _short(stays), **claims}, "sharp": {"street": _short(stays), **sharp}},
            "evidence": {
                "share": seen, "season": f"learned: {self.learned.arrivals.days:,.0f} days, shrunk towards 1",
                "work_days": f"assumption: so that the load of all people is {LOAD:g}, but at most {WORKED:.0%} of the "
                             "days that a case takes; no log says how long people work, and finite staff was "
                             "preferred in hardly any unit of the logs tried",
                "work_sigma": "assumption, range 0.7-1.1",
                "waiting_days": f"{seen}, median {math.exp(kind.mu):.3g} days in all; tuned: {self.tuned.wait:.3g}",
                "waiting_sigma": f"{seen}, {kind.sigma:.3g} in all; tuned: {self.tuned.sigma:.3g}",
                "enforcement": "assumption: a quarter of what is handed over", "joint": "assumption, range 0.02-0.15",
                "stake": "assumption, range 0.3-0.7",
                "duties": f"{seen}, {kind.handed:.1%} handed over (95 % {kind.handed_low:.1%} to "
                          f"{kind.handed_high:.1%}) and to whom first, at an error of {NOISE:g}; tuned: log-odds of "
                          f"the street {self.tuned.own:+.2f}; sharp: assumption",
            },
        }  # fmt: skip

    def _share_of(self, number: int) -> float:
        """Return the share of a kind; the first takes what rounding leaves."""
        shares = [round(kind.share, 6) for kind in self.learned.kinds]
        return shares[number - 1] if number > 1 else round(1.0 - sum(shares[1:]), 6)

    def _work(self) -> float:
        a_day = self.learned.arrivals.a_year / 365.25 * self.scale * max(1.0, self.learned.visits_a_case / 2.0)
        present = (5.0 + 2.0 * self.learned.staff_weekend) / 7.0
        median = math.exp(min(kind.mu for kind in self.learned.kinds))
        return max(LEAST_WORK, _short(min(LOAD * sum(self.people.values()) * present / a_day, WORKED * median)))

    def _claims(self, kind: KindLearned) -> dict[str, float]:
        """Return departments' claims from which first receivers come out as in the log, were all to accept."""
        shares = {code: float(kind.receivers[place]) for (_, place), code in self.departments.items()}
        if (others := self.departments.get(("d", next(iter(self.learned.places(OTHER)), -1)))) is not None:
            shares[others] = float(np.sum(kind.receivers[self.learned.places(OTHER)]))
        most = max(shares.values(), default=0.0)
        if most <= 0.0:
            return dict.fromkeys(shares, 1.0)
        kept = {code: share for code, share in shares.items() if share >= FAINTEST}
        return {code: _short(max(0.02, 1.0 + NOISE * math.log(share / most))) for code, share in kept.items()}


def _listed(topic: str, entries: Iterator[dict[str, Any]]) -> str:
    return to_yaml({topic: list(entries)})


def _title(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


def _of_people(unit: Unit) -> str:
    source = "units.csv" if not unit.note.startswith("guessed") else "learned: visits ended on its busiest days"
    return f"{source}, {unit.people} relative to a small unit; more where it would be overloaded"


def _short(value: float) -> float:
    return float(f"{float(value):.4g}")


def _log_odds(share: float) -> float:
    bounded = min(max(share, 0.005), 0.995)
    return math.log(bounded / (1.0 - bounded))


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))
