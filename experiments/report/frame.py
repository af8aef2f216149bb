"""What stands in every report, whatever its study: how sure, what is assumed, what is not known, how to repeat it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.blocks import Block, Bullets, Definitions, Heading
from experiments.formatting import imprecise_text, title
from experiments.messages import MESSAGES, msg, pairs_text, running_text, runs_text
from experiments.report.regularities import regularities
from experiments.runner.agenda import precision_missed

if TYPE_CHECKING:
    from experiments.store.opened import OpenStudy

__all__ = ["assumed", "glossary", "limits", "sure"]


def sure(opened: OpenStudy, pairs: int | None) -> Iterator[Block]:
    """Yield how sure the findings are.

    Parameters
    ----------
    opened : OpenStudy
    pairs : int, optional
        Complete pairs of a comparison; without, the runs are told.
    """
    yield Heading(msg("report_sure"))
    yield Bullets(tuple(_sure(opened, pairs)))
    yield from regularities(opened.manifest["fingerprint"])


def _sure(opened: OpenStudy, pairs: int | None) -> Iterator[str]:
    counted = (
        msg("report_sure_runs", runs=runs_text(opened.table.num_rows))
        if pairs is None
        else msg("report_sure_pairs", pairs=pairs_text(pairs))
    )
    yield running_text([counted, *_stopped(opened)])
    yield msg("report_sure_interval")
    yield msg("report_sure_clear")
    failed = len(opened.failures)
    if failed:
        yield msg("report_sure_failed", failed=failed)


def _stopped(opened: OpenStudy) -> Iterator[str]:
    """Yield whether the number of runs was fixed or grew with the asked precision, and whether that was reached."""
    replicates = opened.study.replicates
    if replicates.until is None:
        yield msg("report_sure_fixed")
        return
    missed = [imprecise_text(*each) for each in precision_missed(opened)]
    yield msg("report_sure_until", at_most=replicates.until.budget)
    yield from missed or [msg("report_sure_reached")]


def assumed(base: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what the model takes for granted.

    Parameters
    ----------
    base : mapping
        Every value of a scenario, as `Scenario.resolved` returns them.
    """
    yield Heading(msg("report_assumed"))
    yield Bullets((*_people(base), *_world(base), *map(msg, ASSUMED)))


ASSUMED = ("report_assumed_duties", "report_assumed_behaviour", "report_assumed_weight")


def _people(base: Mapping[str, Any]) -> Iterator[str]:
    staff = base.get("staff", {})
    if {"load", "street", "community", "department", "city"} <= set(staff):
        yield msg("report_assumed_staff", **{name: _percent(staff[name]) for name in
                                              ("load", "street", "community", "department", "city")})  # fmt: skip


def _percent(share: float) -> str:
    return msg("brief_unit_share", number=f"{100 * share:.3g}")


def _world(base: Mapping[str, Any]) -> Iterator[str]:
    demand = base.get("demand")
    if demand:
        scale = demand["scale"]
        key = "report_assumed_full" if scale == 1.0 else "report_assumed_scaled"
        yield msg(
            "report_assumed_demand",
            streets=len(base["streets"]),
            departments=len(base["departments"]),
            kinds=len(base["kinds"]),
            requests=f"{demand['requests_per_year'] * scale:,.0f}",
            scale=msg(key, percent=_percent(scale)),
        )


LIMITS = ("data", "source", "range", "missing", "reported")


def limits() -> Iterator[Block]:
    """Yield what nobody can know from this study."""
    yield Heading(msg("report_limits"))
    yield Bullets((*(msg(f"report_limits_{name}") for name in LIMITS), msg("brief_names")))


TERMS = ("street", "department", "whistle", "pass", "cosmetic", "interval", "points", "pair")
"""Words that no report can do without."""


def glossary(base: Mapping[str, Any], outcomes: Sequence[str]) -> Iterator[Block]:
    """Yield the words used, and what each outcome means.

    Parameters
    ----------
    base : mapping
        Every value of a scenario.
    outcomes : sequence of str
        Names.
    """
    from model import OUTCOMES

    counts = {name: len(base.get(name, ())) for name in ("streets", "departments")}
    terms = [(msg(f"term_{name}"), msg(f"term_{name}_means", **counts)) for name in TERMS]
    means = [(title(OUTCOMES[name]), msg(f"means_{name}")) for name in outcomes if f"means_{name}" in MESSAGES]
    yield Heading(msg("report_glossary"))
    yield Definitions((*terms, *means))
