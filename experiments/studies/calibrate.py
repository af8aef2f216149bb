"""Which values of unknown parameters agree with what was observed, and which cannot be told."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from experiments.blocks import Block, Table
from experiments.charts import calibration as charts
from experiments.charts.calibration import Calibration, predicted_text, target_text
from experiments.design.factors import Factor, factors_of, reference
from experiments.design.naming import Names
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.reforms import everywhere, nowhere
from experiments.design.studyfile import DesignSpec, StudyFile
from experiments.design.targets import CalibrateOptions, Target, calibrate_problems, factor_problems, month_problems
from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.formatting import unit
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.logs.measuring import measures
from experiments.logs.targets import with_values
from experiments.messages import msg
from experiments.runner.calibration import CHECK, TRUTH, CalibrateAgenda, FinishedSets, Monthly
from experiments.runner.fitting import Fit, Population, fit_of, truths_of
from experiments.runner.worker import SERIES, Reduction
from experiments.stats import identifiability
from experiments.stats.abc import Floats, Posterior, distances
from experiments.stats.fit_checks import Check, Recovered, Simulated, check, luck_of, recovered
from experiments.stats.identifiability import IDENTIFIED, WEAKLY, Estimate
from experiments.stats.intervals import to_json
from experiments.store.opened import OpenStudy

LATIN = DesignSpec(kind="lhs")
"""What parameters are read for: a range needs no levels."""

WITHOUT, WITH = "without the reform", "with the reform"
"""Labels of the twins of a study over months."""

CORRELATED = 0.5
"""Posterior correlation from which two parameters are said to be told apart poorly."""

DOUBTFUL = 0.5
"""Luck's standard deviation over the tolerance from which a target is said to be drowned by luck."""


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    given = CalibrateOptions(**study.analysis)
    bases, factors, analysis, *_ = collect_errors(
        lambda: _bases(study, given, places),
        lambda: _factors(study, given, places),
        lambda: with_values(study.analysis, given, places, measures),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(calibrate_problems(study, given, places)),
    )
    raise_if_any(month_problems(bases[0].scenario, given, places))
    options = CalibrateOptions(**analysis)
    raise_if_any(calibrate_problems(study, options, places))  # values that a log gave
    measured = study.model_copy(update={"analysis": analysis, "series": options.over_time is not None})
    plan = make_plan(measured, bases, factors, [], blocks=options.sets, places=places)
    return Layout(plan, partial(CalibrateAgenda, plan, options), _reduction(bases[0], options))


def _bases(study: StudyFile, options: CalibrateOptions, places: Places) -> tuple[Base, ...]:
    """Return the regime, or its twins without the reform and with it."""
    regime, dated = study.regimes[0], options.over_time
    if dated is None:
        return bases_of(study, places=places)
    twins = [(WITHOUT, regime, nowhere()), (WITH, regime, everywhere(dated.reform, dated.day))]
    return bases_of(study, twins, places)


def _factors(study: StudyFile, options: CalibrateOptions, places: Places) -> tuple[Factor, ...]:
    factors = factors_of(study.model_copy(update={"design": LATIN}), reference(study), places)
    raise_if_any(factor_problems(factors, options, places))
    return factors


def _reduction(base: Base, options: CalibrateOptions) -> Reduction:
    return SERIES if options.over_time is None else Reduction(Monthly.of(base.scenario, options.over_time), cases=True)


def calibrated(opened: OpenStudy) -> Calibration:
    """Return the results from the runs on disk: rounds are replayed as they were proposed, and nothing is run."""
    study, options = opened.study, CalibrateOptions(**opened.study.analysis)
    factors, targets = _factors(study, options, Places()), options.all_targets
    finished, fit = FinishedSets(opened, targets), fit_of(factors, options, study.seed)
    while sets := fit.propose():
        values = finished.round(len(fit.rounds), len(sets))
        if fit.rounds and np.isnan(values).all():
            break  # not run yet, in a study that was stopped
        fit.learn(values)
    if not np.isfinite(fit.distance).any():
        raise WrongInput([f"{opened.folder}: expected at least one successful run with every target defined, got none. "
                          "See failures.jsonl, and check that the targets' outcomes are defined."])  # fmt: skip
    (predicted, single), (truths, _) = finished.of(CHECK), finished.of(TRUTH)
    luck = [luck_of(single[:, :, place]) for place in range(len(targets))]
    checks = [check(target.observed, target.tolerance, predicted[:, place], luck[place], fit.values[:, place])
              for place, target in enumerate(targets)]  # fmt: skip
    posterior, found = _estimated(fit, luck)
    moving = identifiability.correlations(factors, fit.sets, posterior.weights) if posterior else None
    profiles = identifiability.profiles(factors, fit.sets, fit.distance)
    names = Names(study.parameters)
    return Calibration(fit, names, posterior, found, moving, profiles, checks, _recovered(fit, truths))


def _estimated(fit: Fit, luck: Sequence[float | None]) -> tuple[Posterior | None, tuple[Estimate, ...]]:
    posterior, count = fit.posterior() if isinstance(fit, Population) else None, len(fit.options.targets)
    if posterior is not None:
        found = identifiability.estimates(fit.factors, fit.sets, posterior.weights)
    else:
        # the tolerance grants luck too: that of the observation, and that which all sets share
        spread = np.sqrt(2.0) * np.array([each or 0.0 for each in luck[:count]])
        observed, tolerance = _observed(fit.options.targets)
        near = distances(fit.values[:, :count], observed, np.hypot(tolerance, spread))
        found = identifiability.best_estimates(fit.factors, fit.sets, fit.distance, near, count)
    first = fit.rounds[0]
    return posterior, identifiability.with_pull(found, fit.factors, first.sets, first.values[:, :count])


def _observed(targets: Sequence[Target]) -> tuple[Floats, Floats]:
    return np.array([each.observed for each in targets]), np.array([each.tolerance for each in targets])


def _recovered(fit: Fit, values: Floats) -> tuple[Recovered, ...]:
    test, count = fit.options.recovery, len(fit.options.targets)
    if test is None or not isinstance(fit, Population):
        return ()
    truths = Simulated(truths_of(fit.factors, test.truths, fit.seed), values[:, :count])
    table = Simulated(fit.rounds[0].quantiles, fit.rounds[0].values[:, :count])
    _, tolerance = _observed(fit.options.targets)
    return recovered(fit.factors, table, truths, tolerance, test.nearest, fit.seed)


class CalibrateResults(Results):
    """What the study found: posterior, identifiability, predictive check, recovery."""

    def __init__(self, opened: OpenStudy) -> None:
        self.folder = opened.folder
        self.found = calibrated(opened)
        self.fit, self.options = self.found.fit, self.found.fit.options

    def as_json(self) -> dict[str, Any]:
        found, fit, posterior = self.found, self.fit, self.found.posterior
        return {
            "study": str(self.folder),
            "method": self.options.method,
            "sets": len(fit.distance),
            "rejected": self._rejected,
            "best_distance": self._best,
            "rounds": [{"sets": len(each.sets), "aim": to_json(each.threshold),
                        "accepted": each.accepted} for each in fit.rounds],
            "effective": posterior.effective if posterior else None,
            "widening": posterior.widening if posterior else None,
            "parameters": to_json(found.estimates),
            "correlations": to_json(found.correlations),
            "profile": to_json(found.profiles),
            "targets": [_json(*pair) for pair in found.checked if not found.held_out(pair[0])],
            "held_out": [_json(*pair) for pair in found.checked if found.held_out(pair[0])],
            "recovery": [each.as_json() for each in found.recovered],
        }  # fmt: skip

    @property
    def _best(self) -> float:
        return float(self.fit.distance.min())

    @property
    def _rejected(self) -> int:
        """Sets that failed or left a target undefined."""
        return int((~np.isfinite(self.fit.distance)).sum())

    def blocks(self) -> Iterable[Block | str]:
        yield from _tables(self.found)
        yield from _measured(self.options)
        sets, best = len(self.fit.distance), f"{self._best:.2f}"
        yield msg("calibrate_size", sets=sets, rounds=len(self.fit.rounds), best=best)
        if self._rejected:
            yield msg("calibrate_rejected", rejected=self._rejected, sets=sets)
        posterior = self.found.posterior
        if posterior is not None:
            key = "calibrate_effective" if posterior.widening <= 1.0 else "calibrate_widened"
            yield msg(key, effective=f"{posterior.effective:.0f}", widening=f"{posterior.widening:.2f}")
        yield from _missed(self.found)
        yield from _doubts(self.found)
        yield from _identified(self.found)
        if self.options.recovery is not None and posterior is not None and not self.found.recovered:
            yield msg("calibrate_no_recovery")
        yield msg("calibrate_caveat")

    def tables(self) -> Mapping[str, CsvTable]:
        found, fit = self.found, self.fit
        targets = [{**_json(*pair), "held_out": found.held_out(pair[0])} for pair in found.checked]
        rounds = [[number, len(each.sets), each.threshold, each.accepted] for number, each in enumerate(fit.rounds)]
        fields = [field.name for field in dataclasses.fields(Estimate)]
        made: dict[str, CsvTable] = {
            "parameters": (fields, [dataclasses.astuple(each) for each in found.estimates]),
            "targets": (list(targets[0]), [list(each.values()) for each in targets]),
            "rounds": (["round", "sets", "aim", "accepted"], rounds),
            "sets": self._sets(),
        }
        if found.recovered:
            rows = [row for each in found.recovered for row in each.rows()]
            made["recovery"] = (["parameter", "true", "median", "low", "high"], rows)
        return made

    def _sets(self) -> CsvTable:
        """Return every set with what it gave and its weight."""
        fit, names = self.fit, [factor.name for factor in self.fit.factors]
        weights = self.found.posterior.weights.tolist() if self.found.posterior else [np.nan] * len(fit.sets)
        rounds = [number for number, each in enumerate(fit.rounds) for _ in each.sets]
        columns = zip(rounds, fit.sets, fit.values.tolist(), fit.distance.tolist(), weights, strict=True)
        rows = [[number, *map(row.get, names), *values, distance, weight]
                for number, row, values, distance, weight in columns]  # fmt: skip
        return ["round", *names, *(each.name for each in self.options.all_targets), "distance", "weight"], rows

    def charts(self) -> Iterator[Chart]:
        found = self.found
        drawable = {
            "parameters": True,
            "profile": True,
            "joint": found.correlations is not None and len(found.factors) > 1,
            "predictive": any(each.median is not None for each in found.checks),
            "recovery": bool(found.recovered),
        }
        for name, can in drawable.items():
            if can:
                yield Chart(name, partial(getattr(charts, name), found))


def _json(target: Target, found: Check) -> dict[str, Any]:
    least, greatest = found.reach or (None, None)
    return {
        "name": target.name, "observed": target.observed, "tolerance": target.tolerance, "median": found.median,
        "ci_low": found.low, "ci_high": found.high, "verdict": found.verdict, "rank": found.rank, "p": found.p,
        "luck_sd": found.luck, "least": least, "greatest": greatest, "undefined": found.undefined,
        "source": target.source,
    }  # fmt: skip


def _table(key: str, note: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    header = tuple(msg(f"calibrate_{name}") for name in columns)
    return Table(header, tuple(tuple(row) for row in rows), msg(f"calibrate_{key}"), note)


def _tables(found: Calibration) -> Iterator[Table]:
    """Yield parameters, targets, and how well known parameters are recovered."""
    best = "" if found.posterior else "_best"
    note = msg(f"calibrate_caption{best}", identified=IDENTIFIED, weakly=WEAKLY)
    sampled = ("best", "profile_interval", "width") if best else ("median", "interval", "ratio")
    rows = ([found.names.axis(each.parameter), *_estimate(each)] for each in found.estimates)
    yield _table(f"title{best}", note, ["parameter", "prior", *sampled, "pull", "verdict"], rows)
    note = msg("calibrate_targets_caption", draws=max((each.draws for each in found.checks), default=0))
    columns = ["target", "observed", "tolerance", "predicted", "p", "luck", "met"]
    yield _table("targets", note, columns, (_target(found, *pair) for pair in found.checked))
    test = found.fit.options.recovery
    if found.recovered and test is not None:
        note = msg("calibrate_recovery_caption", truths=len(found.recovered[0].true), asked=test.truths)
        columns = ["parameter", "correlation", "error", "coverage", "ranks"]
        yield _table("recovery", note, columns, (_recovery(found.names, each) for each in found.recovered))


def _estimate(each: Estimate) -> list[str]:
    return [
        f"{each.prior_low:.3g} … {each.prior_high:.3g}", f"{each.middle:.3g}", f"{each.low:.3g} … {each.high:.3g}",
        f"{each.ratio:.2f}", msg("undefined") if each.pull is None else f"{each.pull:.0%}",
        msg(f"calibrate_{each.verdict}"),
    ]  # fmt: skip


def _target(found: Calibration, target: Target, each: Check) -> list[str]:
    nothing, name = msg("undefined"), target.shown if target.unit == "1" else f"{target.shown} ({unit(target)})"
    return [
        msg("calibrate_held_out_name", name=name) if found.held_out(target) else name,
        target_text(target.observed, target), target_text(target.tolerance, target),
        nothing if each.median is None else predicted_text(target, each),
        nothing if each.p is None else f"{each.p:.2f}",
        nothing if each.luck is None else target_text(each.luck, target), msg(f"calibrate_check_{each.verdict}"),
    ]  # fmt: skip


def _recovery(names: Names, each: Recovered) -> list[str]:
    correlation, share = msg("undefined") if each.correlation is None else f"{each.correlation:.2f}", each.coverage
    coverage = f"{share.mean:.0%} ({share.low:.0%} … {share.high:.0%})"
    return [names.of(each.parameter), correlation, f"{each.error:.2f}", coverage, f"{each.evenness:.2f}"]


def _listed(key: str, names: Iterable[str], **more: Any) -> Iterator[str]:
    """Yield a sentence about names, if there are any."""
    if known := list(names):
        yield msg(f"calibrate_{key}", names=msg("list_join").join(known), **more)


def _measured(options: CalibrateOptions) -> Iterator[str]:
    """Yield for each log what was measured from it."""
    targets = [each for each in options.all_targets if each.log is not None]
    logs = {(each.log.file, each.log.sha256): each.log for each in targets if each.log is not None}
    for log in logs.values():
        shown = (each.shown for each in targets if each.log == log)
        yield from _listed("measured", shown, file=log.file, hash=log.sha256[:8])


def _missed(found: Calibration) -> Iterator[str]:
    """Yield what is not met, alone or together with the others."""
    lost, alone = False, []
    for target, each in found.checked:
        observed = target_text(target.observed, target, with_unit=True)
        if each.verdict in ("missed", "near"):
            held, predicted = (
                "held_" if found.held_out(target) else "",
                target_text(each.median, target, with_unit=True),
            )
            yield msg(f"calibrate_{held}{each.verdict}", name=target.shown, observed=observed, predicted=predicted)
        if each.beyond and each.reach is not None:
            low, high = (target_text(end, target, with_unit=True) for end in each.reach)
            sets = f"{len(found.fit.distance):,}"
            yield msg("calibrate_beyond", name=target.shown, observed=observed, sets=sets, low=low, high=high)
        if each.verdict == "missed" and not found.held_out(target):
            lost = True
            alone += [] if each.beyond else [target.shown]
    if len(found.fit.options.targets) > 1:
        yield from _listed("not_together", alone)
    if lost:
        yield msg("calibrate_least_wrong")


def _doubts(found: Calibration) -> Iterator[str]:
    """Yield targets that some draws leave undefined, and those that luck drowns."""
    for target, each in found.checked:
        if each.undefined:
            yield msg("calibrate_undefined", name=target.shown, undefined=each.undefined, draws=each.draws)
        if each.luck is not None and each.luck > DOUBTFUL * target.tolerance:
            yield msg("calibrate_drowned", name=target.shown, luck=target_text(each.luck, target),
                      tolerance=target_text(target.tolerance, target))  # fmt: skip


def _identified(found: Calibration) -> Iterator[str]:
    """Yield by verdict which parameters have it, which the data bound on one side, and which they cannot tell apart."""
    names = found.names
    for verdict in ("identified", "weakly", "not", "undecided"):
        yield from _listed(f"says_{verdict}", (names.of(each.parameter) for each in found.estimates
                                               if each.verdict == verdict))  # fmt: skip
    idle = (names.of(each.parameter) for each in found.estimates
            if not each.moves and each.verdict in ("not", "undecided"))  # fmt: skip
    yield from _listed("says_idle", idle, sets=len(found.fit.rounds[0].sets))
    for each in found.estimates:
        # the posterior goes on at an end of the prior, as if the prior alone had ended it
        if each.verdict in ("identified", "weakly") and (each.low <= each.prior_low or each.high >= each.prior_high):
            yield msg("calibrate_says_one_sided", name=names.of(each.parameter))
    if found.correlations is None or any(each.verdict == "undecided" for each in found.estimates):
        return
    for (row, column), strength in np.ndenumerate(np.tril(found.correlations, -1)):
        if abs(strength) >= CORRELATED:
            first, second = (names.of(found.factors[place].name) for place in (row, column))
            yield msg("calibrate_entangled", first=first, second=second, strength=f"{strength:+.2f}")


EXAMPLE = """\
regimes: [inverted]
parameters: {acceptance.membership: {uniform: [1, 6]}, acceptance.intercept: {uniform: [-2, 1]}}
replicates: {fixed: 2}
analysis:
  targets: [{name: passed, outcome: passed_share, value: 0.4, tolerance: 0.1}]
  population: 20
  rounds: 2
  predictive: 10
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(CalibrateOptions, lay_out, CalibrateResults, EXAMPLE)
