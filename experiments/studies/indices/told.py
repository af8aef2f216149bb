"""Indices in a table and in sentences, warnings in plain words among them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from rich import box
from rich.table import Table

from experiments.design.naming import Names
from experiments.formatting import Measured, decimals, interval_text, number, title, unit
from experiments.messages import msg, runs_text
from experiments.stats import Interval
from experiments.studies.indices.concerns import Concerns, concerns_of
from experiments.studies.indices.indices import Analysis, Index
from experiments.studies.indices.worlds import OverWorlds

__all__ = ["SHARE", "sentences", "table", "worlds_sentence"]


@dataclasses.dataclass(frozen=True)
class _Plain:
    """A quantity that is no outcome."""

    unit: str


SHARE = _Plain("share")
"""Of variance."""

DISTANCE = _Plain("1")
"""Between distributions."""

NAMED = 8
"""Parameters that a warning names."""


def table(analysis: Analysis, names: Names) -> Table:
    """Return the indices of all parameters, most important first, the dummy and luck last."""
    from model import OUTCOMES

    outcome = OUTCOMES[analysis.outcome]
    columns = _columns(analysis, outcome)
    heading = msg("sensitivity_table", title=title(outcome), method=_method(analysis),
                   runs=runs_text(analysis.runs))  # fmt: skip
    note = "sensitivity_caption" if analysis.method in ("sobol", "morris") else "sensitivity_distance_caption"
    shown = Table(title=heading, box=box.SIMPLE_HEAD, caption=msg(note))
    shown.add_column(msg("sensitivity_parameter"), overflow="fold")
    for column in columns:
        shown.add_column(column, justify="right", overflow="fold")
    for index in (*analysis.ranked, analysis.dummy, analysis.luck):
        shown.add_row(names.of(index.parameter), *_cells(analysis, index, outcome))
    return shown


def _columns(analysis: Analysis, outcome: Measured) -> list[str]:
    if analysis.method == "sobol":
        return [f"{msg('sensitivity_total')} (%)", f"{msg('sensitivity_first')} (%)"]
    if analysis.method == "morris":
        shown = unit(outcome, difference=True)
        return [msg("sensitivity_mu_star", unit=shown), msg("sensitivity_sigma", unit=shown)]
    return [msg("sensitivity_distance")]


def _cells(analysis: Analysis, index: Index, outcome: Measured) -> list[str]:
    if analysis.method == "sobol":
        return [_cell(index.total, SHARE), _cell(index.first, SHARE)]
    if analysis.method == "morris":
        return [_cell(index.mu_star, outcome), number(index.sigma, outcome, decimals(index.mu_star, outcome))]
    return [_cell(index.distance, DISTANCE)]


def _cell(interval: Interval, measured: Measured) -> str:
    digits = decimals(interval, measured)
    value = number(interval.mean, measured, digits)
    return value if interval.low is None else f"{value} ({interval_text(interval, measured, digits)})"


def _method(analysis: Analysis) -> str:
    return msg(f"method_{analysis.method}")


def sentences(analysis: Analysis, names: Names, opinion: Analysis | None = None) -> Iterator[str]:
    """Yield what matters most, how much is luck, and what is doubtful."""
    from model import OUTCOMES

    heading = title(OUTCOMES[analysis.outcome])
    if analysis.dropped:
        count = len(analysis.dropped)
        yield msg("sensitivity_dropped", title=heading, count=count, all=analysis.groups + count)
    if not analysis.varies:
        yield msg("sensitivity_constant", title=heading)
        return
    yield _most(analysis, names, heading)
    if analysis.method == "sobol":
        share, alone = _share(analysis.luck.total.mean), _share(analysis.luck.first.mean)
        yield msg("sensitivity_noise", title=heading, share=share, alone=alone)
    yield from _warnings(analysis, concerns_of(analysis, opinion), names, heading)
    yield from _disagreements(analysis, opinion, names, heading)


def worlds_sentence(found: OverWorlds, *, difference: bool) -> str:
    """Return how far an outcome, or its difference, goes over all worlds, and how often a difference is above 0."""
    from model import OUTCOMES

    outcome = OUTCOMES[found.outcome]
    if found.low is None or found.high is None:
        return msg("sensitivity_nowhere", title=title(outcome))
    digits = decimals(Interval(found.median, found.low, found.high), outcome)
    low, median, high = (
        number(each, outcome, digits, sign=difference) for each in (found.low, found.median, found.high)
    )
    shown = {"title": title(outcome), "low": low, "median": median, "high": high, "worlds": f"{found.worlds:,}"}
    if not difference:
        return msg("sensitivity_worlds", unit=unit(outcome), **shown)
    positive = number(found.positive.mean, SHARE, decimals(found.positive, SHARE))
    return msg("sensitivity_worlds_difference", unit=unit(outcome, difference=True), positive=positive, **shown)


def _most(analysis: Analysis, names: Names, heading: str) -> str:
    from model import OUTCOMES

    first, outcome = analysis.ranked[0], OUTCOMES[analysis.outcome]
    called = names.of(first.parameter)
    if analysis.method == "sobol":
        alone, total = _share(first.first.mean), _share(first.total.mean)
        return msg("sensitivity_most", title=heading, name=called, first=alone, total=total)
    if analysis.method == "morris":
        size = number(first.mu_star.mean, outcome, decimals(first.mu_star, outcome))
        size = f"{size} {unit(outcome, difference=True)}"
        return msg("sensitivity_most_morris", title=heading, name=called, size=size)
    return msg("sensitivity_most_distance", title=heading, name=called, method=_method(analysis))


def _share(value: float | None) -> str:
    return f"{number(value, SHARE, 0)} %"


def _warnings(analysis: Analysis, found: Concerns, names: Names, heading: str) -> Iterator[str]:
    if found.stray_dummy:
        dummy = analysis.dummy.leading(analysis.method).mean
        yield msg("sensitivity_stray_dummy", title=heading, dummy=f"{dummy:.3g}")
    for key, which in (("inert", found.inert), ("within_dummy", found.within_dummy), ("below_luck", found.below_luck)):
        if which:
            yield msg(f"sensitivity_{key}", title=heading, names=_listed(which, names))
    if found.strange_sums:
        first, total = _share(found.sum_of_first), _share(found.sum_of_total)
        yield msg("sensitivity_sums", title=heading, first=first, total=total)
    elif found.interactions is not None:
        yield msg("sensitivity_interactions", title=heading, share=_share(found.interactions))
    if found.widest is not None:
        runs, now = f"{found.runs_needed:,}", f"{analysis.runs:,}"
        yield msg("sensitivity_wide", title=heading, name=names.of(found.widest), runs=runs, now=now)


def _disagreements(analysis: Analysis, opinion: Analysis | None, names: Names, heading: str) -> Iterator[str]:
    if opinion is None:
        return
    for more, less in concerns_of(analysis, opinion).disagreements:
        called = {"more": names.of(more), "less": names.of(less)}
        methods = {"method": _method(analysis), "other": _method(opinion)}
        yield msg("sensitivity_disagree", title=heading, **called, **methods)


def _listed(which: tuple[str, ...], names: Names) -> str:
    shown = msg("list_join").join(names.of(name) for name in which[:NAMED])
    return f"{shown} …" if len(which) > NAMED else shown
