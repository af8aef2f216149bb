"""Regimes on the same seeds, the first against each other one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.blocks import Block, Bullets, Heading, Paragraph
from experiments.design.naming import shown_name, unbracketed
from experiments.design.plan import DECIDES_NOTHING, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.formatting import shown_in
from experiments.kinds import Chart, CsvTable, Kind, Layout, NoOptions, Results
from experiments.messages import current_language, msg, pairs_text
from experiments.report import brief, differences
from experiments.runner.agenda import agenda_of
from experiments.stats.comparison import Comparison, Cross, compare
from experiments.stats.series import RegimeSeries
from experiments.stats.units import MEASURES, unit_differences
from experiments.store.opened import OpenStudy, series_by_regime


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    bases, *_ = collect_errors(
        lambda: bases_of(study, places=places),
        lambda: raise_if_any(outcome_problems(study, places)),
        lambda: raise_if_any(_problems(study, places)),
    )
    plan = make_plan(study, bases, places=places)
    return Layout(plan, lambda _: agenda_of(plan))


def _problems(study: StudyFile, places: Places) -> Iterator[str]:
    if len(study.regimes) < 2:
        yield f"{places('regimes')}expected two or more, got one ({study.regimes[0]})."
    if study.parameters:
        yield f"{places('parameters')}expected none, because a comparison varies only regimes. Use experiment: sweep."


SPLIT_COLUMNS = ("outcome", "part", "mean", "ci_low", "ci_high")
DIFFERENCE_COLUMNS = (
    "outcome", "from", "to", "pairs", "mean", "ci_low", "ci_high", "bca_low", "bca_high", "effect", "p_holm", "clear",
)  # fmt: skip
UNIT_COLUMNS = (
    "regime", "level", "code", "title_zh", "title_en", "measure", "unit", "pairs", "mean", "ci_low", "ci_high",
    "p_holm", "clear",
)  # fmt: skip

FEW_REGIMES = 4
"""Beside so many regimes a terminal shows sentences; of more, the table and what is identical."""


class CompareResults(Results):
    """What the study found.

    Attributes:
        comparison: Regimes have the names of tables and figures.
        titled: The same with titles for lay readers.
        series: Of the regimes whose series were kept.
    """

    def __init__(self, opened: OpenStudy) -> None:
        self.opened = opened
        self.bases = {base["label"]: base["resolved"] for base in opened.manifest["bases"]}
        self.first_base = next(iter(self.bases.values()))
        self.series = series_by_regime(opened)
        self.comparison = _compared(opened, self.bases, self.series)
        self.pairs = self.comparison.pairs
        self.titles = _telling({label: _title(label, base) for label, base in self.bases.items()})
        short = _telling({label: unbracketed(title) for label, title in self.titles.items()})
        basis = msg("brief_basis_one" if self.pairs == 1 else "brief_basis", count=self.pairs)
        basis = msg("basis_neutral", pairs=basis) if self.comparison.neutral else basis
        self.titled = dataclasses.replace(self.comparison, names=short, basis=basis)

    def as_json(self) -> dict[str, Any]:
        return {"study": str(self.opened.folder), **self.comparison.as_json()}

    def tables(self) -> Mapping[str, CsvTable]:
        found = self.comparison
        levels = [[regime, outcome, level.mean, level.low, level.high]
                  for regime, outcomes in found.levels.items() for outcome, level in outcomes.items()]  # fmt: skip
        return {
            "levels": (("regime", "outcome", "mean", "ci_low", "ci_high"), levels),
            "differences": (DIFFERENCE_COLUMNS, [each.row() for each in found.differences]),
            "split": (SPLIT_COLUMNS, [row for each in found.splits for row in each.rows()]),
            "units": (UNIT_COLUMNS, [each.row() for each in found.units]),
        }

    def blocks(self) -> Iterable[Block | str]:
        found = self.comparison
        yield from differences.difference_tables(found, found.outcomes, full=True)
        yield from differences.split_of_the_whole(found)
        yield from differences.unit_table(found)
        yield from differences.named_units(found, found.regimes[-1], full=True)
        yield Bullets(differences.key_sentences(found, table_tells=len(found.others) > FEW_REGIMES))
        yield differences.caveats(found)
        yield from self.cautions()
        yield from brief.warm_up_note(self.series)

    def charts(self) -> Iterable[Chart]:
        """Yield the figures; none if no run ended well, and those of series where the study kept some."""
        from experiments.charts import comparison as of_comparison
        from experiments.charts import series as of_series

        if not self.pairs:
            return
        found, summary = self.comparison, shown_in("figure")
        draw = partial(of_comparison.paired_differences, found, summary)
        yield Chart("summary", draw, msg("caption_summary"), "table", on_page=True)
        draw = partial(of_comparison.paired_differences, found)
        yield Chart("paired_differences", draw, msg("caption_paired_differences"), section="")
        if self.series:
            for draw_series, section in (
                (of_series.closure_over_time, "table"), (of_series.workload_by_level, "work"),
                (of_series.passes_per_case, "pass"), (of_series.hand_over_matrix, "pass"),
            ):  # fmt: skip
                name = draw_series.__name__
                yield Chart(name, partial(draw_series, self.series), msg(f"caption_{name}"), section, on_page=True)
        if found.splits:
            draw = partial(of_comparison.split_of_the_whole, found)
            yield Chart("split", draw, msg("caption_split"), "split")
        for level in MEASURES if found.units else ():
            draw = partial(of_comparison.winners_and_losers, found, level)
            yield Chart(f"{level}s", draw, msg(f"caption_{level}s"), "work", on_page=True)

    def title(self) -> str:
        return brief.title_of(self.titled)

    @cached_property
    def sections(self) -> Mapping[str, Callable[[], Iterable[Block]]]:
        """Sections of the report by name: what was found, by how much, at whose cost, where the buck is passed."""
        found, bases = self.titled, list(self.bases.values())
        titles, names = list(self.titles.values()), list(found.names.values())
        return {
            "key": lambda: [
                Bullets(differences.key_sentences(found), numbered=True),
                Paragraph(msg("brief_brackets", basis=found.basis)),
            ],
            "what": lambda: brief.setting(bases, titles, names),
            "table": lambda: differences.difference_tables(found, shown_in("report")),
            "steps": lambda: differences.step_table(found),
            "split": lambda: differences.split_of_the_whole(found),
            "work": lambda: brief.work(found, self.series),
            "pass": lambda: brief.busiest_paths(found, self.series),
        }

    def cautions(self) -> Iterable[Block]:
        """Yield what a reader must know before anything else."""
        return brief.cautions(self.first_base, self.comparison.pairs)

    def body(self, alts: Mapping[str, str]) -> Iterable[Block]:
        yield from self.cautions()
        for name, section in self.sections.items():
            blocks = [*section(), *self.images(alts, name)]
            if blocks:
                yield Heading(msg(f"brief_{name}"))
                yield from blocks
        elsewhere = dict.fromkeys(each.section for each in self.charts() if each.section not in ("", *self.sections))
        others = [image for section in elsewhere for image in self.images(alts, section)]
        if others:
            yield Heading(msg("report_figures"))
            yield from others

    def annex(self) -> Iterable[Block]:
        yield Heading(msg("brief_all"))
        yield from differences.difference_tables(self.titled, self.titled.outcomes)
        values = list(brief.value_tables(list(self.bases.values()), list(self.titles.values())))
        if values:
            yield Heading(msg("brief_values"))
            yield from values

    def explained(self) -> Sequence[str]:
        return [name for name in shown_in("report") if name in self.opened.outcomes]


def _title(label: str, base: Mapping[str, Any]) -> str:
    return str(base["title"].get(str(current_language()), label))


def _telling(names: Mapping[str, str]) -> dict[str, str]:
    """Return the name of each regime, its label where two have the same name."""
    known = list(names.values())
    return {label: name if known.count(name) <= 1 else label for label, name in names.items()}


def _compared(opened: OpenStudy, bases: Mapping[str, Any], series: Sequence[RegimeSeries]) -> Comparison:
    """Compare the regimes of a finished study; pairs in which a run failed are left out."""
    from model import OUTCOMES

    points, counts = np.unique(opened.table.column("replicate").to_numpy(), return_counts=True)
    pairs = [int(replicate) for replicate, count in zip(points, counts, strict=True) if count == len(bases)]
    neutral = all(base.get("staff", {}).get("capacity_neutral", False) for base in bases.values())
    basis = pairs_text(len(pairs))
    return compare(
        _values(opened.table, pairs, opened.outcomes, list(bases)),
        find_cross(bases),
        [name for name, each in OUTCOMES.items() if each.censored],
        pairs=len(pairs),
        names={label: shown_name(label, base["title"]) for label, base in bases.items()},
        basis=msg("basis_neutral", pairs=basis) if neutral else basis,
        units=unit_differences(series, pairs) if len(series) == len(bases) else (),
        follow_up={label: base["run"]["follow_up_days"] for label, base in bases.items()},
        neutral=neutral,
    )


def _values(
    runs: pa.Table, pairs: Sequence[int], outcomes: Sequence[str], regimes: Sequence[str]
) -> dict[str, dict[str, NDArray[np.float64]]]:
    points, complete = runs.column("point").to_numpy(), np.isin(runs.column("replicate").to_numpy(), pairs)
    columns = {outcome: np.asarray(runs.column(outcome).to_pylist(), dtype=np.float64) for outcome in outcomes}
    return {
        regime: {outcome: column[(points == point) & complete] for outcome, column in columns.items()}
        for point, regime in enumerate(regimes)
    }


PLACED = ("placement.", "staffing.", "stationing.share")
"""Beginnings of the keys that say where people are placed; everything else counts as rules."""


def find_cross(bases: Mapping[str, Mapping[str, Any]]) -> Cross | None:
    """Return the 2 × 2 of placement and rules that holds the first regime, by what the regimes say, not their names.

    Args:
        bases: All values of each regime, as `Scenario.resolved` returns them, by label.
    """
    sides = {label: _sides(values) for label, values in bases.items()}
    first, *others = sides
    placed, ruled = sides[first]
    rules = [each for each in others if sides[each][0] == placed and sides[each][1] != ruled]
    people = [each for each in others if sides[each][0] != placed and sides[each][1] == ruled]
    for rule in rules:
        for person in people:
            for both in others:
                if sides[both] == (sides[person][0], sides[rule][1]):
                    return Cross(first, rule, person, both)
    return None


def _sides(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a regime says about placement, and all the rest but its names."""
    said = {
        f"{topic}.{key}": value
        for topic, entries in values.items()
        if topic not in DECIDES_NOTHING
        for key, value in (entries.items() if isinstance(entries, Mapping) else [("", entries)])
    }
    placed = {key: value for key, value in said.items() if key.startswith(PLACED)}
    return placed, {key: value for key, value in said.items() if key not in placed}


EXAMPLE = """\
regimes: [inverted, flattened]
replicates: {fixed: 3}
series: 2
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(NoOptions, lay_out, CompareResults, EXAMPLE)
"""The paired comparison: the same seeds under several regimes, the first against each other one."""
