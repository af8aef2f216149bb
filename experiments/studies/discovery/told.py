"""A discovery in a table and in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich import box as lines
from rich.table import Table

from experiments.design.naming import Names
from experiments.formatting import title
from experiments.messages import msg
from experiments.stats import Interval
from experiments.studies.discovery.answer import Discovery, Restriction, rule_of
from experiments.studies.discovery.tree import Leaf

__all__ = ["range_text", "said", "sentences", "tables"]


def said(condition: str) -> str:
    """Return a condition with the titles of its outcomes in place of their names."""
    from model import OUTCOMES

    return re.sub(r"[a-z_]\w+", lambda name: title(OUTCOMES[name[0]]) if name[0] in OUTCOMES else name[0], condition)


def range_text(each: Restriction, names: Names) -> str:
    """Return a restriction as people read it: ≥ 0.2, 0.2 to 0.5, or the words let in."""
    if each.words:
        return msg("list_join").join(names.value(each.input, one) for one in each.words)
    return _bounds(each.low, each.high)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return f"≤ {high:.3g}"
    return f"≥ {low:.3g}" if high is None else f"{low:.3g} – {high:.3g}"


def tables(found: Discovery, names: Names) -> Iterator[Table]:
    """Yield the restrictions of the box, and the leaves of the tree."""
    if found.restrictions:
        shown = Table(title=msg("discovery_box", condition=said(found.condition)), box=lines.SIMPLE_HEAD,
                      caption=msg("discovery_box_caption"))  # fmt: skip
        for key in ("discovery_input", "discovery_range", "discovery_p", "discovery_again"):
            shown.add_column(msg(key), overflow="fold")
        for each in found.restrictions:
            p = "< 0.001" if each.p < 0.001 else f"{each.p:.3f}"
            shown.add_row(names.of(each.input), range_text(each, names), p, f"{each.reproduced:.0%}")
        yield shown
    if len(found.leaves) > 1:
        yield _tree(found, names)


def _tree(found: Discovery, names: Names) -> Table:
    shown = Table(title=msg("discovery_tree", condition=said(found.condition)), box=lines.SIMPLE_HEAD)
    for key in ("discovery_rule", "discovery_density", "discovery_coverage", "discovery_worlds"):
        shown.add_column(msg(key), overflow="fold")
    for leaf in found.leaves:
        rule = msg("discovery_and").join(_rules(leaf, found, names)) or msg("discovery_anywhere")
        tally = leaf.tally
        shown.add_row(rule, f"{tally.density:.0%}", f"{tally.coverage:.0%}", f"{tally.points}")
    return shown


def _rules(leaf: Leaf, found: Discovery, names: Names) -> Iterator[str]:
    for name, values in rule_of(leaf.box, found.columns).items():
        if leaf.box.ranges[name].words is not None:
            yield f"{names.of(name)}: {msg('list_join').join(names.value(name, one) for one in values)}"
        else:
            yield f"{names.of(name)} {_bounds(*values)}"


def sentences(found: Discovery, names: Names) -> Iterator[str]:
    """Yield what the box says, with how sure that is, or why there is none."""
    about = {"condition": said(found.condition), "worlds": found.worlds, "cases": found.cases}
    yield msg("discovery_count", share=f"{found.cases / max(1, found.worlds):.0%}", **about)
    if found.undefined:
        yield msg("discovery_undefined", count=found.undefined)
    if found.trouble:
        yield msg(f"discovery_{found.trouble}", **about)
    else:
        rule = msg("discovery_and").join(
            f"{names.of(each.input)} {range_text(each, names)}" for each in found.restrictions
        )
        yield msg("discovery_says", rule=rule, density=_share(found.density), coverage=_share(found.coverage), **about)
        seen = f"{found.density_seen:.0%}", f"{found.coverage_seen:.0%}"
        yield msg("discovery_seen", density=seen[0], coverage=seen[1])
    if found.dropped:
        yield msg("discovery_dropped", names=msg("list_join").join(_named(list(found.dropped), names)))
    yield msg("luck_only")


def _named(which: Sequence[str], names: Names) -> list[str]:
    return [names.of(name) for name in which]


def _share(interval: Interval) -> str:
    if interval.mean is None or interval.low is None or interval.high is None:
        return msg("undefined")
    return f"{interval.mean:.0%} ({interval.low:.0%} … {interval.high:.0%})"
