"""What a run of a package in a plausible world gives the page, and the process that makes such runs."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.page.package import DISTRICT, Package

if TYPE_CHECKING:
    from experiments.front import ByWorld, PackageKnown
    from model import Record, Scenario, Unknowns

KEPT_SCENARIOS = 8  # that a process keeps
Numbers = tuple[float | None, ...]


@dataclass(frozen=True)
class InWorld:
    """What a package gives in one world; None is undefined.

    Attributes:
        outcomes: By name.
        in_time, days: Of each kind: share closed in time, days until half are really closed.
        streets: Share closed in time in each street.
    """

    outcomes: Mapping[str, float | None]
    in_time: Numbers = ()
    days: Numbers = ()
    streets: Numbers = ()


@dataclass(frozen=True)
class Run:
    """A run that is asked for: a package in a world, by its number in the shipped table, with a seed."""

    package: Package
    world: int
    seed: int


def worlds() -> tuple[Unknowns, ...]:
    """Return the plausible worlds of the page's district."""
    from experiments.design.ensemble import ensemble_of_district, read_ensemble

    path = ensemble_of_district(DISTRICT)
    return read_ensemble(path).worlds if path is not None else ()


def prepare() -> None:
    """Compile, and build what every run needs."""
    import model

    model.prepare(_scenario(Package()))


def simulated(run: Run) -> InWorld:
    """Make a run."""
    import model

    return in_world(model.simulate(model.in_world(_scenario(run.package), dict(worlds()[run.world])), run.seed))


@functools.lru_cache(KEPT_SCENARIOS)
def _scenario(package: Package) -> Scenario:
    return package.scenario()


def in_world(record: Record) -> InWorld:
    """Return what a run gave."""
    due, closed = (record.histograms[name] for name in ("due", "closed_in_time"))
    streets = [float(part / whole) if whole else None for part, whole in zip(closed, due, strict=True)]
    in_time, days = (_numbers(record.kinds[name].tolist()) for name in ("in_time", "days_to_half"))
    return InWorld(dict(record.outcomes), in_time, days, _numbers(streets))


def _numbers(values: Sequence[Any]) -> Numbers:
    return tuple(None if value is None or math.isnan(value) else float(value) for value in values)


def of_front(known: PackageKnown, worlds: int, first: bool) -> dict[int, InWorld]:
    """Return what was measured of a package, by world; of the outcomes the first seed alone, or the mean of all."""
    outcomes = known.first if first else known.outcomes

    def at(table: Sequence[ByWorld], world: int) -> Numbers:
        return tuple(row[world] for row in table)

    return {
        world: InWorld({name: values[world] for name, values in outcomes.items()}, at(known.in_time, world),
                       at(known.days, world), at(known.streets, world))
        for world in range(worlds)
    }  # fmt: skip
