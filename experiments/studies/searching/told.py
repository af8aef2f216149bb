"""A search in a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.table import Table

from experiments.design.naming import Names
from experiments.formatting import decimals, number, plus_minus, title, unit
from experiments.messages import msg
from experiments.studies.searching.answer import Judged, Judgement
from experiments.studies.searching.options import Objective

__all__ = ["sentences", "tables"]


def tables(judgement: Judgement, names: Names) -> Iterator[Table]:
    """Yield the judged packages: what they consist of, what they are worth, their regret."""
    from model import OUTCOMES

    table = Table(title=msg("search_title", fresh=judgement.fresh), box=box.SIMPLE_HEAD, caption=msg("search_caption"))
    table.add_column(msg("search_package"), overflow="fold")
    for objective in judgement.objectives:
        outcome = OUTCOMES[objective.outcome]
        table.add_column(f"{title(outcome)} ({unit(outcome)}){_over(objective)}", justify="right", overflow="fold")
        table.add_column(f"{msg('search_regret')} ({unit(outcome, difference=True)})", justify="right", overflow="fold")
    table.add_column(msg("search_satisfied"), justify="right")
    table.add_column(msg("search_cost"), justify="right")
    for each in judgement.judged:
        table.add_row(*_line(each, judgement))
    yield table
    yield _contents(judgement, names)


def _over(objective: Objective) -> str:
    return "" if objective.over == "mean" else f", {msg('search_worst')}"


def _line(each: Judged, judgement: Judgement) -> list[str]:
    from model import OUTCOMES

    mark = ("*" if each.efficient else "") + ("" if each.feasible else " †")
    cells = [f"{judgement.shown(each)}{mark}"]
    for objective in judgement.objectives:
        outcome = OUTCOMES[objective.outcome]
        worth, regret = each.worth[objective.key], each.regret[objective.key]
        cells += [plus_minus(worth, outcome).removeprefix("+"), number(regret.mean, outcome, decimals(regret, outcome))]
    share = each.satisfied
    known = share.mean is not None and share.low is not None and share.high is not None
    cells.append(f"{share.mean:.0%} ({share.low:.0%} … {share.high:.0%})" if known else msg("undefined"))
    cells.append(msg("undefined") if each.cost is None else f"{each.cost:.2f}")
    return cells


def _contents(judgement: Judgement, names: Names) -> Table:
    packages = [each for each in judgement.judged if each.package]
    table = Table(title=msg("search_contents"), box=box.SIMPLE_HEAD, caption=msg("search_contents_caption"))
    table.add_column(msg("instrument"))
    for each in packages:
        table.add_column(each.name, justify="right")
    for factor in judgement.factors:
        table.add_row(
            names.of(factor.name), *(names.value(factor.name, each.package[factor.name]) for each in packages)
        )
    return table


def sentences(judgement: Judgement) -> Iterator[str]:
    """Yield which package is behind least, and which is good enough most often, with what the search has seen."""
    from model import OUTCOMES

    yield msg(
        "search_size",
        tried=len(judgement.searched),
        worlds=judgement.worlds,
        fresh=judgement.fresh,
        front=judgement.best_by_generation[-1] if judgement.best_by_generation else 0,
    )
    for objective in judgement.objectives if judgement.judged else ():
        outcome = OUTCOMES[objective.outcome]
        least = min(judgement.judged, key=lambda each: each.regret[objective.key].mean or 0.0)
        regret = least.regret[objective.key]
        shown = number(regret.mean, outcome, decimals(regret, outcome))
        about = {"title": f"{title(outcome)}{_over(objective)}", "unit": unit(outcome, difference=True)}
        yield msg("search_least", name=judgement.shown(least), regret=shown, **about)
    yield from _good_enough(judgement)
    yield msg("luck_only")


def _good_enough(judgement: Judgement) -> Iterator[str]:
    known = [each for each in judgement.judged if each.satisfied.mean is not None]
    if known:
        most = max(known, key=lambda each: each.satisfied.mean or 0.0)
        if not most.satisfied.mean:
            yield msg("search_none_satisfied", fresh=judgement.fresh)
            return
        yield msg("search_most", name=judgement.shown(most), share=f"{most.satisfied.mean:.0%}", fresh=judgement.fresh)
