"""A calibration in tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.table import Table

from experiments.design.naming import Names
from experiments.formatting import number, unit
from experiments.messages import msg
from experiments.studies.calibrating.aims import Aim
from experiments.studies.calibrating.answer import Calibration
from experiments.studies.calibrating.identified import IDENTIFIED, WEAKLY, Estimate
from experiments.studies.calibrating.predicted import Check

__all__ = ["observed_text", "sentences", "tables", "with_unit"]

DIGITS = 3
"""Meaningful digits of parameters."""

CORRELATED = 0.5
"""Posterior correlation from which two parameters are said to be told apart poorly."""

DOUBTFUL = 0.5
"""Luck's standard deviation over the tolerance from which a target is said to be drowned by luck."""


def tables(found: Calibration, names: Names) -> Iterator[Table]:
    """Yield parameters, targets, and how well known parameters are recovered."""
    yield _parameters(found, names)
    yield _targets(found)
    if found.recovered:
        yield _recovery(found, names)


def _table(key: str, caption: str, columns: list[str]) -> Table:
    table = Table(title=msg(key), box=box.SIMPLE_HEAD, caption=caption)
    for place, name in enumerate(columns):
        table.add_column(msg(name), justify="left" if place == 0 else "right", overflow="fold")
    return table


def _parameters(found: Calibration, names: Names) -> Table:
    sampled = found.posterior is not None
    caption = msg("calibrate_caption" if sampled else "calibrate_caption_best", identified=IDENTIFIED, weakly=WEAKLY)
    columns = ["calibrate_parameter", "calibrate_prior", "calibrate_median" if sampled else "calibrate_best",
               "calibrate_interval" if sampled else "calibrate_profile_interval",
               "calibrate_ratio" if sampled else "calibrate_width", "calibrate_pull", "calibrate_verdict"]  # fmt: skip
    table = _table("calibrate_title" if sampled else "calibrate_title_best", caption, columns)
    for each in found.estimates:
        table.add_row(names.axis(each.parameter), *_estimate(each))
    return table


def _estimate(each: Estimate) -> list[str]:
    return [
        f"{each.prior_low:.{DIGITS}g} … {each.prior_high:.{DIGITS}g}", f"{each.middle:.{DIGITS}g}",
        f"{each.low:.{DIGITS}g} … {each.high:.{DIGITS}g}", f"{each.ratio:.2f}",
        msg("undefined") if each.pull is None else f"{each.pull:.0%}", msg(f"calibrate_{each.verdict}"),
    ]  # fmt: skip


def observed_text(value: float | None, aim: Aim) -> str:
    """Return a value of an aim in its unit, with as many decimals as its tolerance asks for."""
    digits = 1 if aim.unit == "share" else 2
    return number(value, aim, digits)


def with_unit(value: float | None, aim: Aim) -> str:
    """Return a value of an aim with its unit; a pure number has none."""
    shown = "" if aim.unit == "1" else f" {unit(aim)}"
    return f"{observed_text(value, aim)}{shown}"


def _targets(found: Calibration) -> Table:
    draws = max((len(check.draws) + check.undefined for check in found.checks), default=0)
    table = _table("calibrate_targets", msg("calibrate_targets_caption", draws=draws),
                   ["calibrate_target", "calibrate_observed", "calibrate_tolerance", "calibrate_predicted",
                    "calibrate_p", "calibrate_luck", "calibrate_met"])  # fmt: skip
    for check in found.checks:
        table.add_row(*_check(check))
    return table


def _check(check: Check) -> list[str]:
    aim, nothing = check.aim, msg("undefined")
    name = aim.shown if aim.unit == "1" else f"{aim.shown} ({unit(aim)})"
    predicted = nothing
    if check.median is not None:
        ends = " … ".join(observed_text(end, aim) for end in (check.low, check.high))
        predicted = f"{observed_text(check.median, aim)} ({ends})"
    return [
        msg("calibrate_held_out_name", name=name) if aim.held_out else name, observed_text(aim.value, aim),
        observed_text(aim.tolerance, aim), predicted, nothing if check.p is None else f"{check.p:.2f}",
        nothing if check.luck is None else observed_text(check.luck, aim), msg(f"calibrate_check_{check.verdict}"),
    ]  # fmt: skip


def _recovery(found: Calibration, names: Names) -> Table:
    assert found.options.recovery is not None  # asked for where it was done
    truths, asked = len(found.recovered[0].true), found.options.recovery.truths
    columns = ["calibrate_parameter", "calibrate_correlation", "calibrate_error", "calibrate_coverage",
               "calibrate_ranks"]  # fmt: skip
    table = _table("calibrate_recovery", msg("calibrate_recovery_caption", truths=truths, asked=asked), columns)
    for each in found.recovered:
        correlation = msg("undefined") if each.correlation is None else f"{each.correlation:.2f}"
        share = each.coverage
        coverage = f"{share.mean:.0%} ({share.low:.0%} … {share.high:.0%})"
        table.add_row(names.of(each.parameter), correlation, f"{each.error:.2f}", coverage, f"{each.evenness:.2f}")
    return table


def sentences(found: Calibration, names: Names) -> Iterator[str]:
    """Yield how near the model comes, what is identified, what is not met, and what to make of it."""
    yield from _measured(found)
    rounds = found.search.rounds
    yield msg("calibrate_size", sets=len(found.search.far), rounds=len(rounds), best=f"{found.best:.2f}")
    if found.rejected:
        yield msg("calibrate_rejected", rejected=found.rejected, sets=len(found.search.far))
    posterior = found.posterior
    if posterior is not None:
        key = "calibrate_effective" if posterior.widening <= 1.0 else "calibrate_widened"
        yield msg(key, effective=f"{posterior.effective:.0f}", widening=f"{posterior.widening:.2f}")
    yield from _missed(found)
    yield from _doubts(found)
    yield from _identified(found, names)
    yield from _one_sided(found, names)
    yield from _entangled(found, names)
    if found.options.recovery is not None and found.posterior is not None and not found.recovered:
        yield msg("calibrate_no_recovery")
    yield msg("calibrate_caveat")


def _measured(found: Calibration) -> Iterator[str]:
    """Yield for each log what was measured from it."""
    asked = (*found.options.targets, *found.options.held_out)
    logs = {(each.log.file, each.log.sha256): each.log for each in asked if each.log is not None}
    for log in logs.values():
        shown = [aim.shown for aim, each in zip(found.search.aims, asked, strict=True) if each.log == log]
        yield msg("calibrate_measured", file=log.file, hash=log.sha256[:8], names=msg("list_join").join(shown))


def _identified(found: Calibration, names: Names) -> Iterator[str]:
    for verdict in ("identified", "weakly", "not", "undecided"):
        those = [names.of(each.parameter) for each in found.estimates if each.verdict == verdict]
        if those:
            yield msg(f"calibrate_says_{verdict}", names=msg("list_join").join(those))
    idle = [
        names.of(each.parameter) for each in found.estimates if not each.moves and each.verdict in ("not", "undecided")
    ]
    if idle:
        yield msg("calibrate_says_idle", names=msg("list_join").join(idle), sets=len(found.search.rounds[0].sets))


def _one_sided(found: Calibration, names: Names) -> Iterator[str]:
    """Yield parameters whose posterior goes on at an end of the prior, as if the prior alone had ended it."""
    for each in found.estimates:
        if each.verdict in ("identified", "weakly") and (each.low <= each.prior_low or each.high >= each.prior_high):
            yield msg("calibrate_says_one_sided", name=names.of(each.parameter))


def _entangled(found: Calibration, names: Names) -> Iterator[str]:
    if found.correlations is None or found.undecided:
        return
    for row, first in enumerate(found.factors):
        for column, second in enumerate(found.factors[:row]):
            strength = float(found.correlations[row, column])
            if abs(strength) >= CORRELATED:
                yield msg("calibrate_entangled", first=names.of(first.name), second=names.of(second.name),
                           strength=f"{strength:+.2f}")  # fmt: skip


def _missed(found: Calibration) -> Iterator[str]:
    for check in found.checks:
        if check.verdict in ("missed", "near"):
            yield _miss(check)
        if check.beyond:
            yield _beyond(check, len(found.search.far))
    lost = [check for check in found.checks if check.verdict == "missed" and not check.aim.held_out]
    alone = [check.aim.shown for check in lost if not check.beyond]
    if alone and len(found.search.fitted) > 1:
        yield msg("calibrate_not_together", names=msg("list_join").join(alone))
    if lost:
        yield msg("calibrate_least_wrong")


def _doubts(found: Calibration) -> Iterator[str]:
    """Yield targets that some draws leave undefined, and those that luck drowns."""
    for check in found.checks:
        if check.undefined:
            draws = check.undefined + len(check.draws)
            yield msg("calibrate_undefined", name=check.aim.shown, undefined=check.undefined, draws=draws)
        if check.luck is not None and check.luck > DOUBTFUL * check.aim.tolerance:
            yield msg("calibrate_drowned", name=check.aim.shown, luck=observed_text(check.luck, check.aim),
                       tolerance=observed_text(check.aim.tolerance, check.aim))  # fmt: skip


def _miss(check: Check) -> str:
    held, aim = "held_" if check.aim.held_out else "", check.aim
    told = {"observed": with_unit(aim.value, aim), "predicted": with_unit(check.median, aim)}
    return msg(f"calibrate_{held}{check.verdict}", name=aim.shown, **told)


def _beyond(check: Check, sets: int) -> str:
    """Return that a target lies outside all that the model gave, whatever the free parameters."""
    assert check.reach is not None  # only then is a target beyond it
    low, high = (with_unit(end, check.aim) for end in check.reach)
    return msg("calibrate_beyond", name=check.aim.shown, observed=with_unit(check.aim.value, check.aim),
                sets=f"{sets:,}", low=low, high=high)  # fmt: skip
