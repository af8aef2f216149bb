"""Which values of unknown parameters agree with what was observed, and which cannot be told."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from experiments.blocks import Block, Table
from experiments.charts import calibration as charts
from experiments.charts.calibration import Calibration, predicted_text, target_text
from experiments.design.factors import Factor, factors_of, reference
from experiments.design.plan import Base
from experiments.design.reforms import everywhere, nowhere
from experiments.design.studyfile import DesignSpec
from experiments.design.targets import CalibrateOptions, Target, calibrate_problems, factor_problems, month_problems
from experiments.errors import WrongInput, raise_if_any
from experiments.formatting import share_text, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, StudyResults, csv_table
from experiments.logs.measuring import measures
from experiments.logs.targets import with_values
from experiments.messages import msg
from experiments.runner.calibration import CHECK, TRUTH, CalibrateAgenda, FinishedSets, Monthly
from experiments.runner.fitting import Fit, Population, fit_of, truths_of
from experiments.runner.worker import SERIES, Reduction
from experiments.stats import identifiability, to_json
from experiments.stats.abc import Posterior, distances
from experiments.stats.fit_checks import Check, Recovered, check, luck_of, recovered
from experiments.stats.identifiability import IDENTIFIED, WEAKLY, Estimate


def lay_out(asked: Asked[CalibrateOptions]) -> Layout:
    """Lay out the study."""
    study, given, places = asked.study, asked.options, asked.places
    bases, factors, analysis = asked.checked(
        lambda: _bases(asked), lambda: _factors(asked), lambda: with_values(study.analysis, given, places, measures),
        problems=calibrate_problems(study, given, places),
    )  # fmt: skip
    raise_if_any(month_problems(bases[0].scenario, given, places))
    months = given.over_time
    measured = study.model_copy(update={"analysis": analysis, "series": months is not None})
    options = CalibrateOptions(**analysis)
    raise_if_any(calibrate_problems(study, options, places))  # values that a log gave
    plan = Asked(measured, CalibrateOptions, places).plan(bases, factors, [], blocks=options.sets)
    reduction = Reduction(partial(Monthly.of, reform=months), cases=True) if months else SERIES
    return Layout(plan, reduction, decides=partial(CalibrateAgenda, plan, options))


def _bases(asked: Asked[CalibrateOptions]) -> tuple[Base, ...]:
    """Return the regime, or its twins without the reform and with it."""
    regime, dated = asked.study.regimes[0], asked.options.over_time
    if dated is None:
        return asked.bases()
    reform = everywhere(dated.reform, dated.day)
    return asked.bases([("without the reform", regime, nowhere()), ("with the reform", regime, reform)])


def _factors(asked: Asked[CalibrateOptions]) -> tuple[Factor, ...]:
    study = asked.study.model_copy(update={"design": DesignSpec(kind="lhs")})  # a range needs no levels
    factors = factors_of(study, reference(study), asked.places)
    raise_if_any(factor_problems(factors, asked.options, asked.places))
    return factors


def _estimated(fit: Fit, luck: Sequence[float | None]) -> tuple[Posterior | None, tuple[Estimate, ...]]:
    posterior, targets = fit.posterior() if isinstance(fit, Population) else None, fit.options.targets
    count = len(targets)
    if posterior is not None:
        found = identifiability.estimates(fit.factors, fit.sets, posterior.weights)
    else:
        # the tolerance grants luck too: that of the observation, and that which all sets share
        spread = np.sqrt(2.0) * np.array([each or 0.0 for each in luck[:count]])
        observed, tolerance = np.array([(each.observed, each.tolerance) for each in targets]).T
        near = distances(fit.values[:, :count], observed, np.hypot(tolerance, spread))
        found = identifiability.best_estimates(fit.factors, fit.sets, fit.distance, near, count)
    first = fit.rounds[0]
    return posterior, identifiability.with_pull(found, fit.factors, first.sets, first.values[:, :count])


class CalibrateResults(StudyResults[CalibrateOptions]):
    """What the study found: posterior, identifiability, predictive check, recovery."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, CalibrateOptions)
        self.found = self._calibrated()
        self.fit = self.found.fit
        self.best = float(self.fit.distance.min())
        self.rejected = int((~np.isfinite(self.fit.distance)).sum())  # sets that failed or left a target undefined

    def _calibrated(self) -> Calibration:
        """Replay the rounds from the runs on disk, as they were proposed."""
        factors, targets = _factors(self.asked), self.options.all_targets
        finished, fit = FinishedSets(self.opened, targets), fit_of(factors, self.options, self.study.seed)
        while sets := fit.propose():
            values = finished.round(len(fit.rounds), len(sets))
            if fit.rounds and np.isnan(values).all():
                break  # not run yet, in a study that was stopped
            fit.learn(values)
        if not np.isfinite(fit.distance).any():
            raise WrongInput([
                f"{self.folder}: expected at least one successful run with every target defined, got none. "
                "See failures.jsonl, and check that the targets' outcomes are defined."
            ])  # fmt: skip
        (predicted, single), (truths, _) = finished.of(CHECK), finished.of(TRUTH)
        luck = [luck_of(single[:, :, place]) for place in range(len(targets))]
        checks = [check(target.observed, target.tolerance, predicted[:, place], luck[place], fit.values[:, place])
                  for place, target in enumerate(targets)]  # fmt: skip
        posterior, found = _estimated(fit, luck)
        moving = identifiability.correlations(factors, fit.sets, posterior.weights) if posterior else None
        profiles = identifiability.profiles(factors, fit.sets, fit.distance)
        test, count = self.options.recovery, len(self.options.targets)
        fits: tuple[Recovered, ...] = ()
        if test is not None and isinstance(fit, Population):
            known = truths_of(factors, test.truths, fit.seed), truths[:, :count]
            table = fit.rounds[0].quantiles, fit.rounds[0].values[:, :count]
            tolerance = np.array([each.tolerance for each in self.options.targets])
            fits = recovered(factors, table, known, tolerance, test.nearest, fit.seed)
        return Calibration(fit, self.names, posterior, found, moving, profiles, checks, fits)

    def as_json(self) -> dict[str, Any]:
        found, fit, posterior = self.found, self.fit, self.found.posterior
        targets = [(found.held_out(target), _json(target, each)) for target, each in found.checked]
        return {
            "study": self.folder, "method": self.options.method, "sets": len(fit.distance), "rejected": self.rejected,
            "best_distance": self.best,
            "rounds": [{"sets": len(each.sets), "aim": to_json(each.threshold), "accepted": each.accepted}
                       for each in fit.rounds],
            "effective": posterior.effective if posterior else None,
            "widening": posterior.widening if posterior else None,
            "parameters": to_json(found.estimates), "correlations": to_json(found.correlations),
            "profile": to_json(found.profiles),
            "targets": [each for held_out, each in targets if not held_out],
            "held_out": [each for held_out, each in targets if held_out],
            "recovery": [each.as_json() for each in found.recovered],
        }  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        yield from _tables(self.found)
        targets = [each for each in self.options.all_targets if each.log is not None]
        logs = {(each.log.file, each.log.sha256): each.log for each in targets if each.log is not None}
        for log in logs.values():
            shown = (each.shown for each in targets if each.log == log)
            yield from _listed("measured", shown, file=log.file, hash=log.sha256[:8])
        sets, posterior = len(self.fit.distance), self.found.posterior
        yield msg("calibrate_size", sets=sets, rounds=len(self.fit.rounds), best=f"{self.best:.2f}")
        if self.rejected:
            yield msg("calibrate_rejected", rejected=self.rejected, sets=sets)
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
        found, fit, names = self.found, self.fit, [factor.name for factor in self.fit.factors]
        targets = [{**_json(*pair), "held_out": found.held_out(pair[0])} for pair in found.checked]
        rounds = [[number, len(each.sets), each.threshold, each.accepted] for number, each in enumerate(fit.rounds)]
        weights = found.posterior.weights.tolist() if found.posterior else [np.nan] * len(fit.sets)
        numbers = [number for number, each in enumerate(fit.rounds) for _ in each.sets]
        columns = zip(numbers, fit.sets, fit.values.tolist(), fit.distance.tolist(), weights, strict=True)
        sets = ([number, *map(row.get, names), *values, *rest] for number, row, values, *rest in columns)
        made = {
            "parameters": csv_table([field.name for field in dataclasses.fields(Estimate)],
                                    map(dataclasses.astuple, found.estimates)),
            "targets": csv_table(list(targets[0]), (each.values() for each in targets)),
            "rounds": csv_table("round sets aim accepted", rounds),
            "sets": csv_table(["round", *names, *(each.name for each in self.options.all_targets), "distance",
                               "weight"], sets),
        }  # fmt: skip
        if found.recovered:
            rows = ((each.parameter, *values) for each in found.recovered
                    for values in zip(each.true, each.median, each.low, each.high, strict=True))  # fmt: skip
            made["recovery"] = csv_table("parameter true median low high", rows)
        return made

    def charts(self) -> Iterator[Chart]:
        found = self.found
        drawable = {
            "parameters": True,
            "profile": True,
            "joint": found.correlations is not None and len(found.factors) > 1,
            "predictive": any(each.median is not None for each in found.checks),
            "recovery": bool(found.recovered),
        }
        yield from (Chart(name, partial(getattr(charts, name), found)) for name, can in drawable.items() if can)


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
    best, nothing = "" if found.posterior else "_best", msg("undefined")
    note = msg(f"calibrate_caption{best}", identified=IDENTIFIED, weakly=WEAKLY)
    sampled = ("best", "profile_interval", "width") if best else ("median", "interval", "ratio")
    parameters = (
        (found.names.axis(each.parameter), f"{each.prior_low:.3g} … {each.prior_high:.3g}", f"{each.middle:.3g}",
         f"{each.low:.3g} … {each.high:.3g}", f"{each.ratio:.2f}",
         nothing if each.pull is None else f"{each.pull:.0%}", msg(f"calibrate_{each.verdict}"))
        for each in found.estimates
    )  # fmt: skip
    yield _table(f"title{best}", note, ("parameter", "prior", *sampled, "pull", "verdict"), parameters)
    note = msg("calibrate_targets_caption", draws=max((each.draws for each in found.checks), default=0))
    targets = []
    for target, each in found.checked:
        name = target.shown if target.unit == "1" else f"{target.shown} ({unit(target)})"
        targets.append((
            msg("calibrate_held_out_name", name=name) if found.held_out(target) else name,
            target_text(target.observed, target), target_text(target.tolerance, target),
            nothing if each.median is None else predicted_text(target, each),
            nothing if each.p is None else f"{each.p:.2f}",
            nothing if each.luck is None else target_text(each.luck, target), msg(f"calibrate_check_{each.verdict}"),
        ))  # fmt: skip
    yield _table("targets", note, ("target", "observed", "tolerance", "predicted", "p", "luck", "met"), targets)
    test = found.fit.options.recovery
    if found.recovered and test is not None:
        note = msg("calibrate_recovery_caption", truths=len(found.recovered[0].true), asked=test.truths)
        recovery = (
            (found.names.of(each.parameter), nothing if each.correlation is None else f"{each.correlation:.2f}",
             f"{each.error:.2f}", share_text(each.coverage), f"{each.evenness:.2f}")
            for each in found.recovered
        )  # fmt: skip
        yield _table("recovery", note, ("parameter", "correlation", "error", "coverage", "ranks"), recovery)


def _listed(key: str, names: Iterable[str], **more: Any) -> Iterator[str]:
    """Yield a sentence about names, if there are any."""
    if known := list(names):
        yield msg(f"calibrate_{key}", names=msg("list_join").join(known), **more)


def _missed(found: Calibration) -> Iterator[str]:
    """Yield what is not met, alone or together with the others."""
    lost, alone = False, []
    for target, each in found.checked:
        shown, held_out = partial(target_text, target=target, with_unit=True), found.held_out(target)
        say = partial(msg, name=target.shown, observed=shown(target.observed))
        if each.verdict in ("missed", "near"):
            yield say(f"calibrate_{'held_' if held_out else ''}{each.verdict}", predicted=shown(each.median))
        if each.beyond and each.reach is not None:
            low, high = map(shown, each.reach)
            yield say("calibrate_beyond", sets=f"{len(found.fit.distance):,}", low=low, high=high)
        if each.verdict == "missed" and not held_out:
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
        if each.luck is not None and each.luck > 0.5 * target.tolerance:  # its standard deviation
            luck, tolerance = (target_text(value, target) for value in (each.luck, target.tolerance))
            yield msg("calibrate_drowned", name=target.shown, luck=luck, tolerance=tolerance)


def _identified(found: Calibration) -> Iterator[str]:
    """Yield by verdict which parameters have it, which the data bound on one side, and which they cannot tell apart."""
    names, verdicts = found.names, [each.verdict for each in found.estimates]
    for verdict in ("identified", "weakly", "not", "undecided"):
        having = (names.of(each.parameter) for each in found.estimates if each.verdict == verdict)
        yield from _listed(f"says_{verdict}", having)
    idle = (names.of(each.parameter) for each in found.estimates
            if not each.moves and each.verdict in ("not", "undecided"))  # fmt: skip
    yield from _listed("says_idle", idle, sets=len(found.fit.rounds[0].sets))
    for each in found.estimates:
        # the posterior goes on at an end of the prior, as if the prior alone had ended it
        if each.verdict in ("identified", "weakly") and (each.low <= each.prior_low or each.high >= each.prior_high):
            yield msg("calibrate_says_one_sided", name=names.of(each.parameter))
    if found.correlations is None or "undecided" in verdicts:
        return
    for (row, column), strength in np.ndenumerate(np.tril(found.correlations, -1)):
        if abs(strength) >= 0.5:  # told apart poorly
            first, second = (names.of(found.factors[place].name) for place in (row, column))
            yield msg("calibrate_entangled", first=first, second=second, strength=f"{strength:+.2f}")


KIND = Kind(CalibrateOptions, lay_out, CalibrateResults, example="""\
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
""")  # fmt: skip
