"""Regimes on the same seeds, the first against each other one."""

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np

from experiments.blocks import Block, Bullets, Heading, PageBreak
from experiments.design.ensemble import DRAW
from experiments.design.naming import shown_name, unbracketed
from experiments.design.plan import DECIDES_NOTHING
from experiments.formatting import shown_in
from experiments.front import Front, known_front
from experiments.kinds import FIRST, Asked, Chart, CsvTable, Kind, Layout, NoOptions, OpenStudy, StudyResults, csv_table
from experiments.messages import current_language, msg, pairs_text
from experiments.report import beforehand, brief, differences, doubt, glance, takeaway
from experiments.report.expected import expected, expected_blocks
from experiments.report.frame import district_title, in_one_line
from experiments.report.kinds import kind_tables
from experiments.report.scaled import untold
from experiments.stats import kinds
from experiments.stats.answer import HEADLINE, Answer
from experiments.stats.comparison import Comparison, Cross, compare
from experiments.stats.ensemble import CLOSURE
from experiments.stats.intervals import Floats
from experiments.stats.prim import Column, columns_of
from experiments.stats.turning import Information, Turning, information_value, turning
from experiments.stats.units import MEASURES, unit_differences
from experiments.store.opened import series_by_regime
from model import OUTCOMES


def lay_out(asked: Asked[NoOptions]) -> Layout:
    """Lay out the study."""
    return Layout(asked.plan(*asked.checked(asked.bases, problems=_problems(asked))))


def _problems(asked: Asked[NoOptions]) -> Iterator[str]:
    study, places = asked.study, asked.places
    if len(study.regimes) < 2:
        yield f"{places('regimes')}expected two or more, got one ({study.regimes[0]})."
    if study.parameters:
        yield f"{places('parameters')}expected none, because a comparison varies only regimes. Use experiment: sweep."


SEEDS = 2  # pairs of each world, without which luck cannot be told from the world


class CompareResults(StudyResults[NoOptions]):
    """What the study found.

    Attributes:
        comparison: Regimes have the names of tables and figures.
        titled: The same with titles for lay readers.
        series: Of the regimes whose series were kept.
    """

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, NoOptions)
        self.bases = {base["label"]: base["resolved"] for base in opened.manifest["bases"]}
        self.first_base = next(iter(self.bases.values()))
        self.series = series_by_regime(opened)
        self.comparison = self._compared()
        self.pairs = self.comparison.pairs
        language = str(current_language())
        self.titles = _telling({label: str(base["title"].get(language, label)) for label, base in self.bases.items()})
        short = _telling({label: unbracketed(title) for label, title in self.titles.items()})
        one = "brief_basis_one" if self.pairs == 1 else "brief_basis"
        basis = self._basis(msg(one, count=self.pairs))
        basis = msg("basis_neutral", pairs=basis) if self.comparison.neutral else basis
        self.titled = dataclasses.replace(self.comparison, names=short, basis=basis)
        self.expected = expected(self.comparison, opened.manifest["bases"])

    def _compared(self) -> Comparison:
        """Compare the regimes; pairs in which a run failed are left out."""
        opened, bases, pairs = self.opened, self.bases, self._pairs
        values = {outcome: opened.values(outcome)[0][:, pairs] for outcome in opened.outcomes}
        neutral = all(base.get("staff", {}).get("capacity_neutral", False) for base in bases.values())
        basis = self._basis(pairs_text(len(pairs)))
        declared = {name: OUTCOMES[name] for name in opened.outcomes if name in OUTCOMES}
        return compare(
            {label: {outcome: each[place] for outcome, each in values.items()} for place, label in enumerate(bases)},
            find_cross(bases),
            [name for name, each in declared.items() if each.censored],
            opened.world_of(pairs),
            {name: each.direction for name, each in declared.items()},
            pairs=len(pairs),
            names={label: shown_name(label, base["title"]) for label, base in bases.items()},
            basis=msg("basis_neutral", pairs=basis) if neutral else basis,
            units=unit_differences(self.series, pairs) if len(self.series) == len(bases) else (),
            kinds=kinds.kinds_found(self.series, pairs) if len(self.series) == len(bases) else (),
            follow_up={label: base["run"]["follow_up_days"] for label, base in bases.items()},
            neutral=neutral,
            untold=untold(opened.outcomes, self.first_base.get("demand", {}).get("scale", 1.0)),
        )

    @cached_property
    def _pairs(self) -> list[int]:
        """Replicates that ended well under every regime."""
        numbers, counts = np.unique(self.opened.table.column("replicate").to_numpy(), return_counts=True)
        return [int(each) for each in numbers[counts == len(self.bases)]]

    def _basis(self, pairs: str) -> str:
        """Return what numbers rest on: pairs, or the worlds that these are spread over."""
        count = len(self.opened.worlds)
        return msg("basis_worlds", worlds=count, pairs=pairs) if count else pairs

    @cached_property
    def turned(self) -> dict[str, dict[str, Turning]]:
        """By other regime and number of closure: what would turn its difference, over the worlds."""
        tests = sum(map(len, self._effects.values()))
        return {
            regime: {
                name: turning(self._numbers, each, OUTCOMES[name].direction, tests=tests)
                for name, each in effects.items()
            }
            for regime, effects in self._effects.items()
        }

    @cached_property
    def informed(self) -> dict[str, Information]:
        """By other regime: how much each number, if it were known, would narrow the difference in closure on time."""
        return {
            regime: information_value(self._numbers, effects[HEADLINE])
            for regime, effects in self._effects.items() if HEADLINE in effects
        }  # fmt: skip

    @cached_property
    def _numbers(self) -> list[Column]:
        """Every free number over the worlds, the numbers of draws left out."""
        worlds = self.opened.worlds
        names = [name for name in worlds[0] if name != DRAW] if worlds else []
        return columns_of({name: [world[name] for world in worlds] for name in names})

    @property
    def _effects(self) -> dict[str, dict[str, Floats]]:
        """By other regime and number of closure: its difference from the first, mean over the pairs of each world."""
        found = self.comparison
        return {
            regime: {name: found.by_world[regime][name] - found.by_world[found.regimes[0]][name]
                     for name in CLOSURE if name in found.outcomes}
            for regime in (found.others if found.worlds else ())
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        turned = {
            regime: {name: each.as_json() for name, each in found.items()} for regime, found in self.turned.items()
        }
        informed = {regime: each.as_json() for regime, each in self.informed.items()}
        more: dict[str, Any] = {"turning": turned, "measure_first": informed} if self.comparison.worlds else {}
        more |= {"expected": [each.as_json() for each in self.expected]} if self.expected else {}
        return {"study": self.folder, **self.comparison.as_json(), **more}

    def tables(self) -> Mapping[str, CsvTable]:
        found, ends = self.comparison, "mean ci_low ci_high"
        differing = f"outcome from to pairs {ends} bca_low bca_high effect p_holm clear"
        units = f"regime level code title_zh title_en measure unit pairs {ends} p_holm clear"
        levels = ((regime, *pair) for regime, outcomes in found.levels.items() for pair in outcomes.items())
        compared = (
            (each.outcome, each.before, each.after, each.pairs, each.interval, each.bca.low, each.bca.high, each.effect,
             each.p_holm, each.clear) for each in found.differences
        )  # fmt: skip
        moved = (
            (each.regime, each.level, each.code, each.title_zh, each.title_en, each.measure.name, each.measure.unit,
             each.found.pairs, each.interval, each.p_holm, each.clear) for each in found.units
        )  # fmt: skip
        split = ((outcome, *part) for outcome, parts in found.splits.items() for part in parts.items())
        return {
            "levels": csv_table(f"regime outcome {ends}", levels),
            "differences": csv_table(differing, compared),
            "split": csv_table(f"outcome part {ends}", split),
            "units": csv_table(units, moved),
            "kinds": csv_table(kinds.COLUMNS, (row for each in found.kinds for row in each.rows())),
        }

    def headline(self) -> str:
        found = self.comparison
        told = doubt.doubt_sentences(found) if found.worlds and found.pairs else differences.key_sentences(found)
        return next(iter(told), "")

    def blocks(self) -> Iterable[Block | str]:
        found = self.comparison
        yield from doubt.doubt_blocks(found, self.turned, self.informed)
        yield from differences.difference_tables(found, found.outcomes, full=True)
        yield from differences.split_of_the_whole(found)
        yield from kind_tables(found)
        yield from kind_tables(found)
        yield from differences.unit_table(found)
        yield from differences.named_units(found, found.regimes[-1], full=True)
        yield Bullets(differences.key_sentences(found, table_tells=len(found.others) > 4))
        yield from expected_blocks(self.expected, found.names)
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
        if HEADLINE in found.outcomes:
            from experiments.charts.closure import closure_at_a_glance

            draw = partial(closure_at_a_glance, self.answer)
            yield Chart("closure", draw, msg("glance_picture"), FIRST, on_page=True)
        if found.worlds:
            from experiments.charts import worlds as of_worlds

            yield Chart("worlds", partial(of_worlds.dots_of_worlds, found), msg("caption_dots"), "doubt", on_page=True)
            yield Chart("strip", partial(of_worlds.strip_of_worlds, found), msg("caption_strip"), "doubt")
        draw = partial(of_comparison.paired_differences, found, summary)
        yield Chart("summary", draw, msg("caption_summary"), "table", on_page=True)
        draw = partial(of_comparison.paired_differences, found)
        yield Chart("paired_differences", draw, msg("caption_paired_differences"), section="")
        if self.series:
            for name, section in (
                ("closure_over_time", "table"), ("workload_by_level", "work"),
                ("passes_per_case", "pass"), ("hand_over_matrix", "pass"),
            ):  # fmt: skip
                draw = partial(getattr(of_series, name), self.series)
                yield Chart(name, draw, msg(f"caption_{name}"), section, on_page=True)
        if found.kinds:
            from experiments.charts.kinds import kinds_slopes

            draw = partial(kinds_slopes, self.titled, self.answer.asked)
            yield Chart(takeaway.PICTURE, draw, msg("caption_kinds_slopes"), FIRST, on_page=True)
        if found.splits:
            draw = partial(of_comparison.split_of_the_whole, found)
            yield Chart("split", draw, msg("caption_split"), "split")
        for level in MEASURES if found.units else ():
            draw = partial(of_comparison.winners_and_losers, found, level)
            yield Chart(f"{level}s", draw, msg(f"caption_{level}s"), "work", on_page=True)
        if any(each.trades for each in self.series):
            draw = partial(of_series.loans_over_time, self.series)
            yield Chart("loans_over_time", draw, msg("caption_loans_over_time"), "work", on_page=True)

    def title(self) -> str:
        return glance.headline(self.answer)

    @cached_property
    def answer(self) -> Answer:
        """What is told first: of a 2 × 2 both arms together, else the last regime, beside the first."""
        found, cross = self.titled, find_cross(self.bases)
        asked = cross.both if cross else found.regimes[-1]
        sides = [self._values(regime) for regime in (found.regimes[0], asked)]
        return Answer(found, asked, cross, {name: sides[1][name] - sides[0][name] for name in found.outcomes})

    def _values(self, regime: str) -> Mapping[str, Floats]:
        """Return the values of a regime by outcome: a mean a world, in one world a value a pair."""
        if self.comparison.worlds:
            return self.comparison.by_world[regime]
        place = list(self.bases).index(regime)
        return {name: self.opened.values(name)[0][place, self._pairs] for name in self.opened.outcomes}

    def first_pages(self, alts: Mapping[str, str]) -> Iterable[Block]:
        answer, study, mark = self.answer, self.study, self.opened.mark
        yield glance.about(self.first_base, district_title(self.opened))
        yield from glance.warnings(
            answer, self.first_base, failed=len(self.opened.failures), own_rules=bool(self.opened.own_rules),
            learned=mark["log"] if mark else None,
        )  # fmt: skip
        yield from glance.picture(answer, alts)
        yield from glance.others_table(answer)
        front = self._known
        does = glance.split_sentence(answer) or (beforehand.does(front) if front else "")
        yield from glance.three_sentences(answer, does)
        yield from glance.cost(answer)
        turns = tuple(beforehand.turns(front)) if front else ()
        yield from glance.turns(answer, self.turned.get(answer.asked, {}), turns)
        yield PageBreak()
        yield from takeaway.who(answer)
        yield from takeaway.which_kinds(answer, alts)
        yield from takeaway.unknown()
        yield from takeaway.next_step(answer, self.informed.get(answer.asked))
        yield from takeaway.again(in_one_line(KIND, study))

    @property
    def _known(self) -> Front | None:
        """What was measured beforehand of just this comparison, None where nothing was."""
        front, bases = known_front(), self.opened.manifest["bases"]
        return front if front and beforehand.is_of(front, self.study, bases, self.answer.asked) else None

    @cached_property
    def sections(self) -> Mapping[str, Callable[[], Iterable[Block]]]:
        """Sections of the annex by name: what was compared, every number, who works more, where requests go back."""
        found, bases = self.titled, list(self.bases.values())
        titles, names = list(self.titles.values()), list(found.names.values())
        return {
            "what": lambda: brief.setting(bases, titles, names),
            "doubt": lambda: doubt.doubt_in_full(found, self.turned, self.informed),
            "table": lambda: [*differences.difference_tables(found, found.outcomes), *self._same()],
            # steps within a 2 × 2 mean nothing
            "steps": lambda: () if self.answer.cross else differences.step_table(found),
            "split": lambda: differences.split_of_the_whole(found),
            "kinds": lambda: kind_tables(found),
            "work": lambda: brief.work(found, self.series),
            "pass": lambda: brief.busiest_paths(found, self.series),
        }

    def _same(self) -> Iterator[Block]:
        """Yield which regimes are the same as the first in everything."""
        if same := differences.identical(self.titled):
            yield Bullets(same)

    def cautions(self) -> Iterable[Block]:
        """Yield what a reader must know before anything else."""
        yield from brief.cautions(self.first_base, self.comparison)
        for label, base in self.bases.items():
            wait = self.comparison.levels.get(label, {}).get("whistle_wait_days")
            yield from brief.platform_behind(self.titled.names[label], base, wait.mean if wait else None)

    def body(self, alts: Mapping[str, str]) -> Iterable[Block]:
        found = self.titled
        yield from self.cautions()
        for name, section in self.sections.items():
            blocks = [*section(), *self.images(alts, name)]
            if blocks:
                yield Heading(msg(f"brief_{name}"))
                yield from blocks
        told = ("", FIRST, *self.sections)
        elsewhere = dict.fromkeys(each.section for each in self.charts() if each.section not in told)
        yield from expected_blocks(self.expected, found.names)
        others = [image for section in elsewhere for image in self.images(alts, section)]
        if others:
            yield Heading(msg("report_figures"))
            yield from others

    def annex(self) -> Iterable[Block]:
        values = list(brief.value_tables(list(self.bases.values()), list(self.titles.values())))
        if values:
            yield Heading(msg("brief_values"))
            yield from values

    def explained(self) -> Sequence[str]:
        return [name for name in shown_in("report") if name in self.opened.outcomes]


def _telling(names: Mapping[str, str]) -> dict[str, str]:
    """Return the name of each regime, its label where two have the same name."""
    known = list(names.values())
    return {label: name if known.count(name) <= 1 else label for label, name in names.items()}


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
    for rule, person, both in itertools.product(rules, people, others):
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
    beginnings = ("placement.", "staffing.", "stationing.share")
    placed = {key: value for key, value in said.items() if key.startswith(beginnings)}
    return placed, {key: value for key, value in said.items() if key not in placed}


KIND = Kind(NoOptions, lay_out, CompareResults, seeds_a_world=SEEDS, example="""\
regimes: [inverted, flattened]
replicates: {fixed: 3}
series: 2
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
