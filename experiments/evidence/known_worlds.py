"""Is the search for plausible worlds calibrated? Known worlds, and what it makes of the patterns that they show.

Simulation-based calibration (Talts et al. 2018): a world is drawn from the prior, its patterns become bands, and the
search must find it again, within its doubt. A band is as wide as evidence leaves it, and the known world lies anywhere
in it, not in its middle, for so it is with evidence: then, and only then, the truth is one more of the worlds that fit
(Fearnhead & Prangle 2012), and its rank among them is even. Everything else is as in `whistle worlds`, in a district so
small that twenty searches take minutes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import binom
from scipy.stats import t as student

from experiments.design.patterns import Check, Pattern, patterns_file, read_patterns
from experiments.design.studyfile import Replicates, StudyFile
from experiments.design.worlds import WorldsOptions
from experiments.kinds import Asked, Layout
from experiments.runner import Where
from experiments.runner.worlds import CLOSURE, STANDING, Space, WorldsAgenda, checks_of, values_of
from experiments.stats.case_patterns import PatternReduction
from experiments.stats.history_matching import Waves
from experiments.stats.intervals import Bools, Floats
from experiments.stats.region import REFUSED, implausibility
from experiments.stats.region import Space as Cube
from experiments.store.files import keep_measured
from experiments.store.opened import open_study
from experiments.studies.worlds import WorldsResults, labels_of, lay_out
from model import free_numbers, in_world, load_scenario, simulate

if TYPE_CHECKING:
    from model import Scenario, Unknowns

NAME, REGIME, DISTRICT = "known_worlds", "inverted", "tiny"
SHORT = {"run.warm_up_days": 20, "run.window_days": 60, "run.follow_up_days": 40}

HALF = {"sigma_log": 0.25, "passed_share": 0.15, "ping_pong_share": 0.06, "street_advantage": 0.25}
"""Half of each band's width: as shipped, but of the last, whose shipped band is open on one side; it spans here five
sixths of the middle 90 % of the prior. These four leave one world of the prior in thirty; more would want more runs."""

LUCK = 500_000_000  # first seed of the known worlds, above those of any search

LEAST, LEAST_RANGE = 10, 19
"""Worlds found below which no rank is told, and below which there is no range of the middle 90 % of them."""

FIGURE = Path(__file__).parents[2] / "paper" / "docs" / "en" / "explanation" / f"{NAME}.png"

NARROWED, BINS, SHOWN = 0.7, 20, 8
"""Width of a range over that of the prior below which a number counts as narrowed; bars of the histogram of ranks;
numbers told that were narrowed most."""


@dataclasses.dataclass(frozen=True)
class Effort:
    """How much is known and searched; `shifted` moves every band by so many of its half-widths, which is wrong."""

    truths: int = 20
    waves: int = 5
    per_wave: int = 60
    wanted: int = 40
    prior: int = 200
    seeds: int = 4
    shifted: float = 0.0
    centred: bool = False


@dataclasses.dataclass(frozen=True)
class Known:
    """A world that is known.

    Attributes:
        point (array (numbers,)): On the unit cube, as drawn.
        world: Value of each free number; its citizens are used to what it closes, as in the search.
        shown, again (arrays (checks,)): Mean over some seeds, of which the bands are made, and over as many others.
        centres (array (checks,)): Of the bands.
    """

    point: Floats
    world: Unknowns
    shown: Floats
    again: Floats
    centres: Floats


@dataclasses.dataclass(frozen=True)
class Found:
    """What the search made of a known world.

    Attributes:
        worlds, waves: Worlds found inside every band, and waves that it took.
        implausibility: Of the known world: the largest by the emulators of any wave, as the search counts it.
        strict: The same by the last wave's emulators, where the largest of all checks counts.
        volume: Share of the prior that is left by each of the two.
        inside: Whether the known world is inside every band on fresh seeds.
        ranks (array (numbers,)): Of the known value among those found, from 0 to 1 (see `ranked`); empty where fewer
            than `LEAST` were found.
        widths (array (numbers,)): Of the 5 – 95 % range over that of the prior, NaN where there is none.
    """

    worlds: int
    waves: int
    implausibility: float
    strict: float
    volume: tuple[float, float]
    inside: bool
    ranks: Floats
    widths: Floats

    @property
    def narrowed(self) -> Bools:
        """Which numbers the search narrowed, array (numbers,)."""
        return np.asarray(self.widths < NARROWED)

    @property
    def refused(self) -> bool:
        return self.implausibility > REFUSED

    @property
    def covered(self) -> Bools:
        """Which known values lie in the 5 – 95 % range of those found, array (numbers,)."""
        return np.asarray((self.ranks >= 0.05) & (self.ranks <= 0.95))


def patterns_with(centres: Sequence[float] | Floats | None = None) -> list[Pattern]:
    """Return the shipped patterns of which `HALF` has a check, with these alone, and bands around some centres."""
    found = []
    for pattern in read_patterns(patterns_file()):
        checks = tuple(each for each in pattern.checks if name_of(each) in HALF)
        if checks and len(pattern.arms) == 1:
            found.append(pattern.model_copy(update={"checks": checks}))
    if centres is None:
        return found
    left = iter(centres)
    return [
        each.model_copy(update={"checks": tuple(_around(check, float(next(left))) for check in each.checks)})
        for each in found
    ]


def name_of(check: Check) -> str:
    """Return what tells a check from others."""
    return check.outcome or check.measure


def _around(check: Check, centre: float) -> Check:
    half = HALF[name_of(check)]
    return check.model_copy(update={"band": (centre - half, centre + half)})


def district() -> Scenario:
    """Return the district in which worlds are known and searched for."""
    return load_scenario(REGIME, district=DISTRICT, overrides=SHORT)


def known_world(number: int, effort: Effort) -> Known:
    """Return a world of the prior that the search's screen lets pass, with what it shows and bands around it."""
    rng, scenario = np.random.default_rng([20, number]), district()
    space = Space(scenario)
    point = _passing(space, rng)
    luck = LUCK + 1000 * number
    first = simulate(in_world(scenario, space.world(point)), luck).outcomes[CLOSURE]
    standing = next(each for each in free_numbers() if each.key == STANDING)
    world = space.world(point) | ({} if first is None else {STANDING: min(max(first, standing.low), standing.high)})
    seeds = np.arange(1, 2 * effort.seeds + 1) + luck
    values = shown(scenario, world, seeds.tolist())
    seen = values[:, : effort.seeds].mean(axis=1)
    half = np.array([HALF[name_of(check)] for _, check in checks_of(patterns_with())])
    place = effort.shifted + (0.0 if effort.centred else rng.uniform(-1.0, 1.0, len(half)))
    return Known(point, world, seen, values[:, effort.seeds :].mean(axis=1), seen + place * half)


def _passing(space: Space, rng: np.random.Generator) -> Floats:
    cube = Cube(len(space.numbers), space.features, space.valid)
    while True:
        point = cube.prior(1, rng)
        if space.not_drowned(cube.beside(point))[0]:
            return np.asarray(point[0])


def shown(scenario: Scenario, world: Unknowns, seeds: Iterable[int]) -> Floats:
    """Return what a world shows of every check, array (checks, seeds)."""
    lived, patterns = in_world(scenario, world), patterns_with()
    reduce = PatternReduction.of(lived)
    records = [simulate(lived, seed, cases=True) for seed in seeds]
    runs = [(record.outcomes, reduce(record)) for record in records]
    labels = {pattern.id: dict.fromkeys(pattern.arms, REGIME) for pattern in patterns}
    return values_of(patterns, labels, {REGIME: runs})


class Watched(WorldsAgenda):
    """The agenda of a search, whose waves can be asked what they refuse."""

    @property
    def matching(self) -> Waves:
        return self._waves


def searched(number: int, known: Known, effort: Effort, out: Path, where: Where) -> Found:
    """Search for the worlds that show what a known one does; its study is a folder of `out`, and resumes."""
    from rich.console import Console

    layout, options = _laid_out(number, known, effort)
    agendas: list[Watched] = []

    def decides(folder: Path) -> Watched:
        agendas.append(Watched(layout.plan, options, labels_of(options), folder))
        return agendas[-1]

    console = Console(stderr=True)
    study = dataclasses.replace(layout, decides=decides).run(out, where, console, quiet=True)
    results, waves = WorldsResults(open_study(study.folder)), agendas[-1].matching
    bands = np.array([check.band for _, check in checks_of(options.patterns)], np.float64)
    inside = bool(((known.again >= bands[:, 0]) & (known.again <= bands[:, 1])).all())
    ranks, widths = ranked(known.world, results.worlds, np.random.default_rng([21, number]))
    judged = _judged(waves, known.point, Space(district()))
    return Found(len(results.worlds), len(waves.waves), *judged, inside, ranks, widths)


def _judged(waves: Waves, point: Floats, space: Space) -> tuple[float, float, tuple[float, float]]:
    """Return how implausible a point is to the emulators, as counted and by the largest, and which volume is left."""
    points, features = point[None], space.features(point[None])
    strict = dataclasses.replace(waves.judgements[-1], rank=1)
    apart = float(implausibility(waves.judgements, points, features)[0])
    left = float((strict.of(waves.prior, waves.prior_features)[0] <= REFUSED).mean())
    return apart, float(strict.of(points, features)[0][0]), (waves.waves[-1].volume, left)


def _laid_out(number: int, known: Known, effort: Effort) -> tuple[Layout, WorldsOptions]:
    options = WorldsOptions(
        patterns=tuple(patterns_with(known.centres)), waves=effort.waves, per_wave=effort.per_wave,
        wanted=effort.wanted, prior=effort.prior, seeds=effort.seeds,
    )  # fmt: skip
    study = StudyFile(
        name=NAME, experiment="worlds", regimes=(REGIME,), district=DISTRICT, set=dict(SHORT),
        replicates=Replicates(fixed=1), seed=1 + number, analysis=options.model_dump(mode="json"),
    )  # fmt: skip
    return lay_out(Asked(study, WorldsOptions)), options


def ranked(truth: Unknowns, worlds: Sequence[Unknowns], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return rank and width of every free number, arrays (numbers,); both empty where too few worlds were found.

    With L worlds that cannot be told from the truth a rank is even from 0 to 1 however small L: (r + u) / (L + 1), u
    even from 0 to 1, where r of them lie below, and of those that are equal a random number.
    """
    if len(worlds) < LEAST:
        return np.empty(0), np.empty(0)
    numbers = free_numbers()
    found = np.array([[number.quantile(world[number.key]) for number in numbers] for world in worlds])
    at = np.array([number.quantile(truth[number.key]) for number in numbers])
    below, equal = (found < at).sum(axis=0), (found == at).sum(axis=0)
    ranks = (below + rng.integers(0, equal + 1) + rng.random(len(numbers))) / (len(worlds) + 1)
    if len(worlds) < LEAST_RANGE:
        return ranks, np.full(len(numbers), np.nan)
    low, high = np.quantile(found, [0.05, 0.95], axis=0, method="weibull")
    return ranks, (high - low) / 0.9


def measured(effort: Effort, out: Path, where: Where) -> list[Found]:
    """Search for every known world, one after the other."""
    return [searched(number, known_world(number, effort), effort, out, where) for number in range(effort.truths)]


def told(found: Sequence[Found], effort: Effort) -> dict[str, Any]:
    """Return what is kept and drawn."""
    known = [each for each in found if len(each.ranks)]
    ranks, covered, narrowed = (
        np.array([getattr(each, x) for each in known]) for x in ("ranks", "covered", "narrowed")
    )
    return {
        "effort": dataclasses.asdict(effort), "half_widths": HALF, "numbers": len(free_numbers()),
        "truths": [_one(each) for each in found],
        "refused": sum(each.refused for each in found), "inside": sum(each.inside for each in found),
        "coverage": over_truths(covered.mean(axis=1)), "ranks": histogram(ranks.ravel()),
        "narrowed": {"ranks": histogram(ranks[narrowed]), "values": int(narrowed.sum()),
                     "covered": float(covered[narrowed].mean()) if narrowed.any() else None},
        "narrowest": narrowest(known),
    }  # fmt: skip


def _one(found: Found) -> dict[str, Any]:
    return {
        "worlds": found.worlds, "waves": found.waves, "implausibility": round(found.implausibility, 3),
        "strict": round(found.strict, 3), "volume": found.volume, "refused": found.refused, "inside": found.inside,
        "covered": float(found.covered.mean()) if len(found.ranks) else None,
        "narrowed": int(found.narrowed.sum()), "narrowed_covered": int(found.covered[found.narrowed].sum()),
    }  # fmt: skip


def narrowest(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return the numbers narrowed most over all known worlds, with how often the truth was in their range."""
    known = [each for each in found if np.isfinite(each.widths).all()]
    if not known:
        return []
    widths, covered = (np.array([getattr(each, name) for each in known]) for name in ("widths", "covered"))
    numbers, mean = free_numbers(), widths.mean(axis=0)
    return [
        {"key": numbers[at].key, "width": float(mean[at]), "covered": int(covered[:, at].sum()), "of": len(known)}
        for at in np.argsort(mean)[:SHOWN]
    ]


def over_truths(shares: Floats) -> dict[str, float]:
    """Return the mean of shares (truths,) and its 95 % interval; numbers of one truth share what was found of it."""
    half = float(student.ppf(0.975, len(shares) - 1) * shares.std(ddof=1) / np.sqrt(len(shares)))
    mean = float(shares.mean())
    return {"mean": mean, "low": mean - half, "high": mean + half}


def histogram(ranks: Floats) -> dict[str, Any]:
    """Return how many ranks fall into each of equal bins, and between what 95 % of the bins lie if ranks are even."""
    counts, _ = np.histogram(ranks, bins=BINS, range=(0.0, 1.0))
    low, high = binom.ppf([0.025, 0.975], ranks.size, 1.0 / BINS)
    return {"counts": counts.tolist(), "low": int(low), "high": int(high)}


def keep_known_worlds(out: Path, jobs: int) -> None:
    """Measure, keep what was found, and draw it for the documentation."""
    from experiments.charts.known_worlds import save_calibration

    effort = Effort()
    found = told(measured(effort, out, Where(jobs)), effort)
    keep_measured(NAME, found)
    if FIGURE.parent.is_dir():  # of a clone
        save_calibration(found, FIGURE)
