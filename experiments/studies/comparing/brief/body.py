"""The order of the report of a comparison: what, by how much, at whose cost, where the buck is passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.blocks import Block, Bullets, Heading, Image, Notice, Paragraph
from experiments.messages import msg
from experiments.studies.comparing.brief.flows import busiest_paths
from experiments.studies.comparing.brief.numbers import based
from experiments.studies.comparing.brief.packages import differences_in_words, value_sheets
from experiments.studies.comparing.brief.sentences import key_sentences
from experiments.studies.comparing.brief.sheets import MAIN, difference_sheets
from experiments.studies.comparing.brief.steps import steps
from experiments.studies.comparing.brief.work import work
from experiments.studies.comparing.compare import Comparison
from experiments.studies.comparing.split_text import split_sentence
from experiments.studies.comparing.table import FEW

if TYPE_CHECKING:
    from experiments.store.opened import OpenStudy
    from model import Outcome

__all__ = ["annex", "body", "cautions", "title"]

Outcomes = Mapping[str, "Outcome"]
Alts = Mapping[str, str]


def title(comparison: Comparison) -> str:
    """Return what the report is about."""
    first, *others = map(comparison.short, comparison.regimes)
    if len(others) == 1:
        return msg("brief_title_two", after=others[0], before=first)
    return msg("brief_title_many", count=len(comparison.regimes))


def body(opened: OpenStudy, comparison: Comparison, outcomes: Outcomes, alts: Alts) -> Iterator[Block]:
    """Yield the sections of the body; figures that were not drawn are left out."""
    yield from cautions(opened, comparison)
    yield Heading(msg("brief_key"))
    yield Bullets(key_sentences(comparison, outcomes), numbered=True)
    yield Paragraph(msg("brief_brackets", basis=based(comparison)))
    yield Heading(msg("brief_what"))
    yield from _setting(opened, comparison)
    yield Heading(msg("brief_table"))
    yield from difference_sheets(comparison, outcomes, MAIN)
    yield from _pictures(alts, "summary", "closure_over_time")
    yield from steps(comparison, outcomes)
    if comparison.splits:
        yield Heading(msg("brief_split"))
        yield Paragraph(split_sentence(comparison, outcomes))
        yield from _pictures(alts, "split")
    yield Heading(msg("brief_work"))
    yield from work(opened, comparison, alts)
    yield Heading(msg("brief_pass"))
    yield from busiest_paths(opened, comparison)
    yield from _pictures(alts, "passes_per_case", "hand_over_matrix")


def cautions(opened: OpenStudy, comparison: Comparison) -> Iterator[Block]:
    """Yield a warning where the district is smaller than the real one, and where there are few pairs."""
    scale = opened.manifest["bases"][0]["resolved"].get("demand", {}).get("scale", 1.0)
    if scale < 1.0:
        yield Notice(msg("brief_scaled", percent=f"{100 * scale:.3g}"))
    if comparison.pairs < FEW:
        yield Notice(msg("brief_few", count=comparison.pairs, pairs=FEW))


def _setting(opened: OpenStudy, comparison: Comparison) -> Iterator[Block]:
    base = opened.manifest["bases"][0]["resolved"]
    run = base["run"]
    yield Paragraph(
        msg(
            "brief_setting",
            streets=len(base.get("streets", ())),
            departments=len(base.get("departments", ())),
            window=run["window_days"],
            warm_up=run["warm_up_days"],
            follow_up=run["follow_up_days"],
            first=comparison.short(comparison.regimes[0]),
        )
    )
    yield from _limits(base)
    yield Bullets(tuple(differences_in_words(opened, comparison)))


def _limits(base: Mapping[str, Any]) -> Iterator[Block]:
    """Yield within what time a case is to be settled, by its class."""
    limits = base.get("deadlines")
    if limits:
        hours = {name: f"{HOURS * limits[name]:.3g}" for name in ("emergency", "utilities")}
        days = {name: f"{limits[name]:.3g}" for name in ("normal", "complex")}
        yield Paragraph(msg("brief_limits", **hours, **days))


HOURS = 24


def _pictures(alts: Alts, *names: str) -> Iterator[Block]:
    yield from (Image(name, msg(f"caption_{name}"), alts[name]) for name in names if name in alts)


def annex(opened: OpenStudy, comparison: Comparison, outcomes: Outcomes) -> Iterator[Block]:
    """Yield every outcome, and every value that differs."""
    yield Heading(msg("brief_all"))
    yield from difference_sheets(comparison, outcomes, _ordered(comparison))
    sheets = list(value_sheets(opened, comparison))
    if sheets:
        yield Heading(msg("brief_values"))
        yield from sheets


def _ordered(comparison: Comparison) -> Sequence[str]:
    return list(comparison.levels[comparison.regimes[0]])
