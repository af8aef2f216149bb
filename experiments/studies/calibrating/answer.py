"""What a calibration found: posterior, identifiability, predictive check, recovery."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import Factor
from experiments.errors import WrongInput
from experiments.store.opened import OpenStudy
from experiments.studies.calibrating.agenda import CHECK, DRAW, FIT, PHASE, ROUND, TRUTH, Search
from experiments.studies.calibrating.aims import Aim, Run, aims_of, distances, values_of
from experiments.studies.calibrating.identified import (
    Estimate,
    Profile,
    best_estimates,
    correlations,
    estimates,
    profiles,
    with_pull,
)
from experiments.studies.calibrating.monthly import months_in
from experiments.studies.calibrating.optimum import Optimum
from experiments.studies.calibrating.options import CalibrateOptions
from experiments.studies.calibrating.population import Population, Posterior
from experiments.studies.calibrating.predicted import Check, checks, luck_of
from experiments.studies.calibrating.recovered import Recovered, Truths, recovered, truths_of

__all__ = ["Calibration", "calibrated", "search_of"]


def search_of(factors: Sequence[Factor], options: CalibrateOptions, seed: int) -> Search:
    """Return what proposes the sets of each round, by the method asked for."""
    method = Population if options.method == "abc" else Optimum
    return method(factors, aims_of(options), options, seed)


@dataclasses.dataclass(frozen=True)
class Calibration:
    """All that a calibration says.

    Attributes
    ----------
    posterior : Posterior or None
        None for a point estimate.
    estimates : tuple of Estimate
    correlations : array (factors, factors) or None
    """

    study: str
    options: CalibrateOptions
    factors: tuple[Factor, ...]
    search: Search
    posterior: Posterior | None
    estimates: tuple[Estimate, ...]
    correlations: NDArray[np.float64] | None
    profiles: tuple[Profile, ...]
    checks: tuple[Check, ...]
    recovered: tuple[Recovered, ...]

    @property
    def best(self) -> float:
        """Least distance of any set."""
        return float(self.search.far.min())

    @property
    def rejected(self) -> int:
        """Sets that failed or left a target undefined."""
        return int((~np.isfinite(self.search.far)).sum())

    @property
    def undecided(self) -> bool:
        """Whether too few sets carry the posterior for a verdict."""
        return any(each.verdict == "undecided" for each in self.estimates)

    def drawable(self) -> list[str]:
        """Return the names of the figures that can be drawn."""
        names = ["parameters", "profile"]
        if self.correlations is not None and len(self.factors) > 1:
            names.append("joint")
        if any(check.median is not None for check in self.checks):
            names.append("predictive")
        return [*names, "recovery"] if self.recovered else names

    def as_json(self) -> dict[str, Any]:
        """Return everything but the sets themselves."""
        posterior = self.posterior
        return {
            "study": self.study,
            "method": self.options.method,
            "sets": len(self.search.far),
            "rejected": self.rejected,
            "best_distance": self.best,
            "rounds": [{"sets": len(each.sets), "aim": _plain(each.aim), "accepted": each.accepted}
                       for each in self.search.rounds],
            "effective": posterior.effective if posterior else None,
            "widening": posterior.widening if posterior else None,
            "parameters": [dataclasses.asdict(each) for each in self.estimates],
            "correlations": None if self.correlations is None else self.correlations.tolist(),
            "profile": [_profile(each) for each in self.profiles],
            "targets": [_check(each) for each in self.checks if not each.aim.held_out],
            "held_out": [_check(each) for each in self.checks if each.aim.held_out],
            "recovery": [_recovered(each) for each in self.recovered],
        }  # fmt: skip

    def tables(self) -> dict[str, tuple[Sequence[str], list[list[Any]]]]:
        """Return parameters, targets, rounds, recovery, and every set with its weight."""
        fields = [field.name for field in dataclasses.fields(Estimate)]
        made: dict[str, tuple[Sequence[str], list[list[Any]]]] = {
            "parameters": (fields, [list(dataclasses.astuple(each)) for each in self.estimates]),
            "targets": _rows([{**_check(each), "held_out": each.aim.held_out} for each in self.checks]),
            "rounds": (["round", "sets", "aim", "accepted"],
                       [[number, len(each.sets), each.aim, each.accepted]
                        for number, each in enumerate(self.search.rounds)]),
            "sets": self._sets(),
        }  # fmt: skip
        if self.recovered:
            lines = [[each.parameter, *values] for each in self.recovered
                     for values in zip(each.true, each.median, each.low, each.high, strict=True)]  # fmt: skip
            made["recovery"] = (["parameter", "true", "median", "low", "high"], lines)
        return made

    def _sets(self) -> tuple[Sequence[str], list[list[Any]]]:
        weights = self.posterior.weights if self.posterior else np.full(len(self.search.far), np.nan)
        values = np.concatenate([each.values for each in self.search.rounds])
        rounds = [number for number, each in enumerate(self.search.rounds) for _ in each.sets]
        names = [factor.name for factor in self.factors]
        lines = [
            [number, *(row[name] for name in names), *found, far, weight]
            for number, row, found, far, weight in zip(
                rounds, self.search.sets, values.tolist(), self.search.far.tolist(), weights.tolist(), strict=True
            )
        ]
        return ["round", *names, *(aim.name for aim in self.search.aims), "distance", "weight"], lines


def _plain(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _profile(profile: Profile) -> dict[str, Any]:
    best = [_plain(each) for each in profile.best.tolist()]
    return {
        "parameter": profile.parameter,
        "edges": profile.edges.tolist(),
        "best": best,
        "runs": profile.runs.tolist(),
    }


def _check(check: Check) -> dict[str, Any]:
    aim = check.aim
    return {
        "name": aim.name, "observed": aim.value, "tolerance": aim.tolerance, "median": check.median,
        "ci_low": check.low, "ci_high": check.high, "verdict": check.verdict, "rank": check.rank, "p": check.p,
        "luck_sd": check.luck, "least": check.reach and check.reach[0], "greatest": check.reach and check.reach[1],
        "undefined": check.undefined, "source": aim.source,
    }  # fmt: skip


def _recovered(each: Recovered) -> dict[str, Any]:
    return {
        "parameter": each.parameter, "truths": len(each.true), "correlation": each.correlation, "error": each.error,
        "coverage": each.coverage.mean, "coverage_low": each.coverage.low, "coverage_high": each.coverage.high,
        "ranks_p": each.evenness,
    }  # fmt: skip


def _rows(lines: list[dict[str, Any]]) -> tuple[Sequence[str], list[list[Any]]]:
    return list(lines[0]), [list(line.values()) for line in lines]


class _Kept:
    """The runs of a study by what they were wanted for."""

    def __init__(self, opened: OpenStudy, aims: Sequence[Aim]) -> None:
        self._aims, self._replicates = aims, opened.study.replicates.first
        table = opened.table.to_pylist()
        self._outcomes = {(row["point"], row["replicate"]): {name: row[name] for name in opened.outcomes}
                          for row in table}  # fmt: skip
        self._months = months_in(opened.series) if any(aim.shape for aim in aims) else {}
        design = opened.design.select(["point", PHASE, ROUND, DRAW]).to_pylist()
        self._points: dict[tuple[str, int, int], list[int]] = {}
        for row in design:
            self._points.setdefault((row[PHASE], row[ROUND], row[DRAW]), []).append(row["point"])

    def runs(self, phase: str, number: int, draw: int) -> list[list[Run | None]]:
        """Return the runs of a set by replicate and base; none where it was never wanted."""
        points = sorted(self._points.get((phase, number, draw), []))
        return [[self._run((point, replicate)) for point in points] for replicate in range(self._replicates)]

    def _run(self, key: tuple[int, int]) -> Run | None:
        outcomes = self._outcomes.get(key)
        return None if outcomes is None else Run(outcomes, self._months.get(key, {}))

    def round(self, number: int, sets: int) -> NDArray[np.float64]:
        """Return what the sets of a round gave, array (sets, aims)."""
        return self._values([self.runs(FIT, number, draw) for draw in range(sets)])

    def of(self, phase: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what truths or draws gave, and the same by replicate, arrays (sets, aims) and (sets, r., aims)."""
        numbers = sorted(number for each, number, _ in self._points if each == phase)
        found = [self.runs(phase, number, number) for number in numbers]
        single = [[values_of(self._aims, [replicate]) for replicate in runs] for runs in found]
        shape = (len(found), self._replicates, len(self._aims))
        return self._values(found), np.array(single, dtype=np.float64).reshape(shape)

    def _values(self, sets: Sequence[list[list[Run | None]]]) -> NDArray[np.float64]:
        found = [values_of(self._aims, runs) if runs[0] else np.full(len(self._aims), np.nan) for runs in sets]
        return np.array(found, dtype=np.float64).reshape(len(sets), len(self._aims))


def calibrated(
    opened: OpenStudy, options: CalibrateOptions, factors: Sequence[Factor], aims: Sequence[Aim]
) -> Calibration:
    """Answer from the runs on disk: rounds are gone through again as they were proposed, and nothing is run."""
    kept = _Kept(opened, aims)
    search = search_of(factors, options, opened.study.seed)
    while sets := search.propose():
        values = kept.round(len(search.rounds), len(sets))
        if search.rounds and np.isnan(values).all():
            break  # not run yet, in a study that was stopped
        search.hear(values)
    if not np.isfinite(search.far).any():
        raise WrongInput([f"{opened.folder}: expected at least one successful run with every target defined, got none. "
                          "See failures.jsonl, and check that the targets' outcomes are defined."])  # fmt: skip
    predicted, single = kept.of(CHECK)
    truths, _ = kept.of(TRUTH)
    luck = [luck_of(single[:, :, place]) for place in range(len(aims))]
    return Calibration(
        str(opened.folder), options, tuple(factors), search, *_fitted(search, factors, luck),
        profiles(factors, search.sets, search.far),
        checks(aims, predicted, luck, np.concatenate([each.values for each in search.rounds])),
        _recovery(search, factors, options, opened.study.seed, truths),
    )  # fmt: skip


def _fitted(
    search: Search, factors: Sequence[Factor], luck: Sequence[float | None]
) -> tuple[Posterior | None, tuple[Estimate, ...], NDArray[np.float64] | None]:
    first = search.rounds[0]

    def pulled(found: Sequence[Estimate]) -> tuple[Estimate, ...]:
        return with_pull(found, factors, first.sets, first.values[:, : len(search.fitted)])

    if isinstance(search, Population):
        posterior = search.posterior()
        weights = posterior.weights
        return posterior, pulled(estimates(factors, search.sets, weights)), correlations(factors, search.sets, weights)
    granted = [
        _with_luck(aim, spread or 0.0) for aim, spread in zip(search.fitted, luck[: len(search.fitted)], strict=True)
    ]
    values = np.concatenate([each.values for each in search.rounds])[:, : len(granted)]
    near = distances(values, granted)
    return None, pulled(best_estimates(factors, search.sets, search.far, near, len(granted))), None


def _with_luck(aim: Aim, spread: float) -> Aim:
    """Return an aim whose tolerance grants luck too: that of the observation, and that which all sets share."""
    return dataclasses.replace(aim, tolerance=float(np.hypot(aim.tolerance, np.sqrt(2.0) * spread)))


def _recovery(
    search: Search, factors: Sequence[Factor], options: CalibrateOptions, seed: int,
    values: NDArray[np.float64],
) -> tuple[Recovered, ...]:  # fmt: skip
    if options.recovery is None or not isinstance(search, Population):
        return ()
    count = len(search.fitted)
    truths = Truths(truths_of(factors, options.recovery.truths, seed), values[:, :count])
    table, tolerance = search.rounds[0], np.array([aim.tolerance for aim in search.fitted])
    return recovered(factors, table.quantiles, table.values[:, :count], tolerance, truths, options.recovery.nearest,
                     seed)  # fmt: skip
