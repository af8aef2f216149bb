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
from experiments.errors import WrongInput
from experiments.kinds import Asked, Layout
from experiments.runner import Where
from experiments.runner.worlds import CLOSURE, STANDING, Space, WorldsAgenda, checks_of, leaves_a_city, values_of
from experiments.stats.case_patterns import PatternReduction
from experiments.stats.ensemble import CLOSURE as TOLD
from experiments.stats.history_matching import Waves
from experiments.stats.intervals import Bools, Floats
from experiments.stats.region import REFUSED, implausibility
from experiments.stats.region import Space as Cube
from experiments.store.files import keep_measured
from experiments.store.opened import OpenStudy
from experiments.studies.worlds import WorldsResults, labels_of, lay_out
from model import free_numbers, in_world, load_scenario, simulate

if TYPE_CHECKING:
    from model import Scenario, Unknowns

NAME, DISTRICT, REGIME, REFORM = "known_worlds", "tiny", "inverted", "flattened"
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
        ranks (array (numbers,)): Of the known values among those found, from 0 to 1 (see `among`). All ranks are empty
            where fewer than `LEAST` worlds were found.
        shown (array (checks,)): Rank of what the known world shows among what those found show.
        answers (array (outcomes,)): Rank of what the reform does in the known world, by outcome of `TOLD`.
        widths (array (numbers,)): Of the 5 – 95 % range over that of the prior, NaN where there is none.
    """

    worlds: int
    waves: int
    implausibility: float
    strict: float
    volume: tuple[float, float]
    inside: bool
    ranks: Floats
    shown: Floats
    answers: Floats
    widths: Floats

    @property
    def narrowed(self) -> Bools:
        """Which numbers the search narrowed, array (numbers,); not that which follows from what a world closes."""
        return np.asarray((self.widths < NARROWED) & free())

    @property
    def refused(self) -> bool:
        return self.implausibility > REFUSED


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


def district(regime: str = REGIME) -> Scenario:
    """Return the district in which worlds are known and searched for, before the reform."""
    return load_scenario(regime, district=DISTRICT, overrides=SHORT)


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
    cube = Cube(len(space.numbers), space.features, leaves_a_city)
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
    folder = dataclasses.replace(layout, decides=decides).run(out, where, console, quiet=True).folder
    waves = agendas[-1].matching
    judged = _judged(waves, known.point, Space(district()))
    return compared(number, known, WorldsResults(OpenStudy(folder)), len(waves.waves), judged)


Judged = tuple[float, float, tuple[float, float]]  # implausibility, by the largest, and the volume that each leaves


def compared(number: int, known: Known, results: WorldsResults, waves: int, judged: Judged) -> Found:
    """Compare a known world with those found."""
    half = np.array([HALF[name_of(check)] for _, check in checks_of(results.options.patterns)])
    inside, worlds = bool((np.abs(known.again - known.centres) <= half).all()), results.worlds
    if len(worlds) < LEAST:
        return Found(len(worlds), waves, *judged, inside, *(np.empty(0) for _ in range(4)))
    rng, scenarios = np.random.default_rng([21, number]), [district(regime) for regime in (REGIME, REFORM)]
    numbers, luck = free_numbers(), LUCK + 1000 * number + 500
    points = np.array([[each.quantile(world[each.key]) for each in numbers] for world in (known.world, *worlds)])
    reforms = np.array([gains(scenarios, world, luck + place) for place, world in enumerate((known.world, *worlds))])
    return Found(
        len(worlds), waves, *judged, inside, among(points[0], points[1:], rng),
        among(known.shown, np.array(list(results.confirmed.values())), rng), among(reforms[0], reforms[1:], rng),
        widths_of(points[1:]),
    )  # fmt: skip


def gains(scenarios: Sequence[Scenario], world: Unknowns, seed: int) -> Floats:
    """Return what the reform changes in a world, on the same luck, array (outcomes,); NaN where undefined."""
    before, after = (simulate(in_world(each, world), seed).outcomes for each in scenarios)
    return np.array([after[name] for name in TOLD], np.float64) - np.array([before[name] for name in TOLD], np.float64)


def _judged(waves: Waves, point: Floats, space: Space) -> Judged:
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


def among(truth: Floats, found: Floats, rng: np.random.Generator) -> Floats:
    """Return the ranks, from 0 to 1, of true values (values,) among those of the worlds found (worlds, values).

    With L worlds that cannot be told from the truth a rank is even however small L: (r + u) / (L + 1), u even from 0 to
    1, where r of them lie below, and of those that are equal a random number.
    """
    below, equal = (found < truth).sum(axis=0), (found == truth).sum(axis=0)
    return np.asarray((below + rng.integers(0, equal + 1) + rng.random(truth.size)) / (len(found) + 1))


def covered(ranks: Floats) -> Bools:
    """Tell which true values lie in the 5 – 95 % range of those found."""
    return np.asarray((ranks >= 0.05) & (ranks <= 0.95))


def widths_of(points: Floats) -> Floats:
    """Return the widths of 5 – 95 % ranges of points (worlds, numbers) on the unit cube, over those of the prior."""
    if len(points) < LEAST_RANGE:
        return np.full(points.shape[1], np.nan)
    low, high = np.quantile(points, [0.05, 0.95], axis=0, method="weibull")
    return np.asarray(high - low) / 0.9


def measured(effort: Effort, out: Path, where: Where) -> list[Found]:
    """Search for every known world, one after the other."""
    return [searched(number, known_world(number, effort), effort, out, where) for number in range(effort.truths)]


def told(found: Sequence[Found], effort: Effort) -> dict[str, Any]:
    """Return what is kept and drawn.

    Raises:
        WrongInput: Where too few worlds were found to say anything.
    """
    known = [each for each in found if each.ranks.size]
    if not any(np.isfinite(each.widths).all() for each in known):
        raise WrongInput([f"known worlds: none was found again by {LEAST_RANGE} worlds. Search longer."])
    ranks, shown_, answers, narrowed = (
        np.array([getattr(each, name) for each in known]) for name in ("ranks", "shown", "answers", "narrowed")
    )
    most = narrowest(known)
    return {
        "effort": dataclasses.asdict(effort), "half_widths": HALF, "numbers": len(free_numbers()),
        "least": LEAST, "ranked": len(known),
        "truths": [_one(each) for each in found],
        "refused": sum(each.refused for each in found), "inside": sum(each.inside for each in found),
        "ranks": histogram(ranks.ravel()),
        "coverage": {
            "numbers": over_truths(covered(ranks)), "narrowest": over_truths(covered(ranks[:, list(most)])),
            "patterns": over_truths(covered(shown_)), "answers": over_truths(covered(answers)),
        },
        "narrowed": {"values": int(narrowed.sum()), "covered": int(covered(ranks[narrowed]).sum())},
        "narrowest": {free_numbers()[at].key: width for at, width in most.items()},
        "answers": dict(zip(TOLD, covered(answers).sum(axis=0).tolist(), strict=True)),
    }  # fmt: skip


def _one(found: Found) -> dict[str, Any]:
    return {
        "worlds": found.worlds, "waves": found.waves, "implausibility": round(found.implausibility, 3),
        "strict": round(found.strict, 3), "volume": found.volume, "refused": found.refused, "inside": found.inside,
        "covered": float(covered(found.ranks).mean()) if found.ranks.size else None,
    }  # fmt: skip


def narrowest(found: Sequence[Found]) -> dict[int, float]:
    """Return the places of the numbers that are narrowed most, with their widths, means over the known worlds."""
    widths = np.array([each.widths for each in found if np.isfinite(each.widths).all()])
    mean = np.where(free(), widths.mean(axis=0), np.inf)
    return {int(at): float(mean[at]) for at in np.argsort(mean)[:SHOWN]}


def over_truths(held: Bools) -> dict[str, float]:
    """Return the share of what is covered (truths, values) and its 95 % interval, in which truths count, not values."""
    shares = held.mean(axis=1)
    half = float(student.ppf(0.975, len(shares) - 1) * shares.std(ddof=1) / np.sqrt(len(shares)))
    return {"mean": float(shares.mean()), "low": float(shares.mean()) - half, "high": float(shares.mean()) + half}


def free() -> Bools:
    """Tell which numbers are not set to what a world closes, array (numbers,)."""
    return np.array([each.key != STANDING for each in free_numbers()])


def histogram(ranks: Floats) -> dict[str, Any]:
    """Return how many ranks fall into each of equal bins, and between what 95 % of the bins lie if ranks are even."""
    counts, _ = np.histogram(ranks, bins=BINS, range=(0.0, 1.0))
    low, high = (int(binom.ppf(at, ranks.size, 1.0 / BINS)) for at in (0.025, 0.975))
    return {"counts": counts.tolist(), "low": low, "high": high}


def keep_known_worlds(out: Path, jobs: int) -> None:
    """Measure, keep what was found, and draw it for the documentation."""
    from experiments.charts.known_worlds import save_calibration

    effort = Effort()
    found = told(measured(effort, out, Where(jobs)), effort)
    keep_measured(NAME, found)
    if FIGURE.parent.is_dir():  # of a clone
        save_calibration(found, FIGURE)
