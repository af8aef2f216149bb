"""What `whistle fit` says: as JSON, and as sentences, tables and pictures for an office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.blocks import Block, Bullets, Document, Heading, Notice, Paragraph, Table
from experiments.kinds import Chart, CsvTable, Results, csv_table
from experiments.learning.diagnosis import picture
from experiments.learning.fitting import Fitted, Looked, refusal
from experiments.learning.measures import LEFT, MEAN, MEASURES, SHARES, Periods, measure
from experiments.learning.paths import Courses
from experiments.learning.pool import MECHANISM
from experiments.learning.scores import POOL, TOLD, HeldOut, Scores
from experiments.logs.options import quoted
from experiments.messages import current_language, msg
from experiments.stats.intervals import Floats, to_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DISTRICT, WORLDS = "district.yaml", "worlds.parquet"


def measure_title(name: str) -> str:
    """Return what a measure is called, with its unit, in the language in use."""
    return msg(f"fit_measure_{name}")


def factor(name: str) -> float:
    """Return by what a figure of a measure is multiplied where it is shown."""
    return 100.0 if name in SHARES else 1.0


def figure_text(name: str, value: float | None) -> str:
    """Return a figure of a measure as people read it: shares in percent."""
    if value is None:
        return msg("undefined")
    digits = 1 if name in SHARES else 2 if name == MEAN else 0
    return f"{factor(name) * value:.{digits}f}"


def ratio_text(value: float | None) -> str:
    """Return a score in scores of yesterday."""
    return msg("undefined") if value is None else f"{value:.2f}"


def closing_text(looked: Looked) -> str:
    """Return in a sentence what counts as closed."""
    options, rule = looked.log.options, looked.log.cases.rule
    names = quoted(options.closed_by or options.closed_state)
    return msg(f"fit_closed_{rule}", names=names)


def diagnosis_json(looked: Looked) -> list[dict[str, str]]:
    """Return what was found when a log was looked at, as `--json` has it."""
    return [each.to_dict() for each in looked.diagnosis.findings]


def diagnosis_blocks(looked: Looked) -> Iterator[Block]:
    """Yield what was found when a log was looked at, and the fair split where there is one."""
    yield Heading(msg("fit_diagnosis"))
    found = tuple(msg("fit_finding", where=each.where, words=each.words) if each.where else each.words
                  for each in looked.diagnosis.findings)  # fmt: skip
    yield Bullets(found) if found else Paragraph(msg("fit_nothing_found"))
    if looked.diagnosis.refused is None:
        yield Paragraph(looked.diagnosis.reason)


def refusal_json(looked: Looked) -> dict[str, Any]:
    """Return what `--json` has of a log that is refused."""
    return {
        "cases": len(looked.paths), "units": len(looked.paths.units), "kinds": len(looked.paths.kinds),
        "refused": refusal(looked), "diagnosis": diagnosis_json(looked), "notes": list(looked.notes),
    }  # fmt: skip


def refusal_blocks(looked: Looked) -> Iterator[Block]:
    """Yield what is told of a log that is refused, above the reason."""
    yield Paragraph(closing_text(looked))
    yield from diagnosis_blocks(looked)


@dataclass(frozen=True)
class FitResults(Results):
    """A district that was learned, and how well its office was foretold."""

    fitted: Fitted

    @cached_property
    def scores(self) -> Scores:
        return Scores.of(self.fitted.foretold)

    def title(self) -> str:
        return msg("fit_title", log=self.fitted.looked.log.options.path.name)

    def as_json(self) -> dict[str, Any]:
        looked, scores, weights = self.fitted.looked, self.scores, self.fitted.foretold.weights
        answer: dict[str, Any] = to_json({
            "cases": len(looked.paths), "units": len(looked.paths.units), "kinds": len(looked.paths.kinds),
            "learned": self._learned(), "diagnosis": diagnosis_json(looked),
            "held_out": [row.as_json() for row in scores.rows],
            "geometric": {name: scores.geometric(name) for name in TOLD}, "coverage": scores.coverage,
            "weights": {
                **dict(zip(weights.members, weights.whole.tolist(), strict=True)),
                "by_measure": {
                    name: dict(zip(weights.members, each.tolist(), strict=True))
                    for name, each in weights.by_measure.items()
                },
            },
            "district": str(self.fitted.out / DISTRICT), "worlds": len(self.fitted.worlds),
            "no_better_than_yesterday": scores.no_better(), "notes": list(looked.notes),
        })  # fmt: skip
        return answer

    def _learned(self) -> dict[str, Any]:
        looked, foretold = self.fitted.looked, self.fitted.foretold
        setting, edges = looked.setting, foretold.last.periods.edges
        assert setting is not None
        return {
            "from": _day(looked.known.start[0]), "to": _day(looked.diagnosis.split), "cases": len(looked.known),
            "foretold_to": _day(edges[-1]), "horizon": _day(looked.fair.horizon), "limit_days": setting.limit,
            "period_days": setting.length, "closed": looked.log.cases.rule,
            "origins": [_day(each.periods.origin) for each in foretold.inner],
            "replay": [{"memory_days": each.memory, "alike": each.alike} for each in foretold.habits],
            "mechanism": self.fitted.mechanism.told(),
        }  # fmt: skip

    def mark(self) -> dict[str, Any]:
        """Return what every study of these districts is to say: the log, and what not to use."""
        return {"log": self.fitted.looked.log.options.path.name, "no_better": self.scores.no_better()}

    def headline(self) -> str:
        pool, mechanism = (self.scores.geometric(name) for name in (POOL, MECHANISM))
        better = pool is not None and pool < 1.0
        return msg("fit_headline_better" if better else "fit_headline_worse", pool=ratio_text(pool),
                   mechanism=ratio_text(mechanism), inside=sum(row.inside for row in self.scores.rows),
                   of=len(self.scores.rows))  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        fitted, looked = self.fitted, self.fitted.looked
        yield Paragraph(closing_text(looked))
        yield Notice(self.headline())
        yield Bullets(tuple(self._believed()))
        yield self._by_measure()
        yield from diagnosis_blocks(looked)
        yield self._held_out()
        yield self._units()
        yield Bullets(tuple(self._mechanism()))
        yield Paragraph(msg("fit_next", out=fitted.out, worlds=len(fitted.worlds)))

    def _believed(self) -> Iterator[str]:
        """Say how far the mechanism is to be believed here."""
        weight = dict(zip(*(self.fitted.foretold.weights.members, self.fitted.foretold.weights.whole), strict=True))
        yield msg("fit_weight", weight=f"{100.0 * weight.get(MECHANISM, 0.0):.0f}",
                  score=ratio_text(self.scores.geometric(MECHANISM)))  # fmt: skip
        useless = self.scores.no_better()
        useful = [name for name in self.scores.measures if name not in useless]
        separator = msg("fit_separator")
        if useful:
            yield msg("fit_useful", measures=separator.join(map(measure_title, useful)))
        if useless:
            yield msg("fit_useless", measures=separator.join(map(measure_title, useless)))

    def _by_measure(self) -> Table:
        header = ("fit_measure", "fit_pool", "fit_mechanism", "fit_replay", "fit_last_column", "fit_queue",
                  "fit_oracle", "fit_weight_column")  # fmt: skip
        names = (POOL, MECHANISM, "replay", "last", "queue", "oracle")
        weights = self.fitted.foretold.weights
        place = weights.members.index(MECHANISM) if MECHANISM in weights.members else None
        rows = [
            (measure_title(each), *(ratio_text(self.scores.ratio(name, each)) for name in names),
             msg("undefined") if place is None else f"{100.0 * weights.of(each)[place]:.0f} %")
            for each in self.scores.measures
        ]  # fmt: skip
        whole = (msg("fit_whole"), *(ratio_text(self.scores.geometric(name)) for name in names), "")
        return Table(tuple(map(msg, header)), (*rows, whole), caption=msg("fit_scores"), note=msg("fit_scores_note"))

    def _held_out(self) -> Table:
        header = ("fit_measure", "fit_period", "fit_observed", "fit_interval", "fit_inside")
        rows = tuple(self._row(row) for row in self.scores.rows)
        return Table(tuple(map(msg, header)), rows, caption=msg("fit_held_out"), words=2)

    def _row(self, row: HeldOut) -> tuple[str, ...]:
        low, high = (figure_text(row.measure, each) for each in (row.low, row.high))
        inside = msg("fit_yes" if row.inside else "fit_no")
        return measure_title(row.measure), row.period, figure_text(row.measure, row.observed), f"{low} – {high}", inside

    def _units(self) -> Table:
        header = ("fit_unit", "fit_level", "fit_people", "fit_opened", "fit_received")
        rows = tuple(
            (each.name, msg(f"fit_level_{each.level}"), str(each.people), str(each.opened), str(each.received))
            for each in sorted(self.fitted.units, key=lambda each: -each.opened - each.received)
        )
        return Table(tuple(map(msg, header)), rows, caption=msg("fit_units"), note=msg("fit_units_note"), words=2)

    def _mechanism(self) -> Iterator[str]:
        told = self.fitted.mechanism.told()
        yield msg("fit_ensemble", runs=told["runs"], worlds=len(self.fitted.worlds))

    def _foretold(self) -> Figure:
        from experiments.charts.foretold import Panel, foretold

        known, setting, last = self.fitted.looked.known, self.fitted.looked.setting, self.fitted.foretold.last
        assert setting is not None
        split = last.periods.origin
        edges = split - setting.length * np.arange(int((split - known.start[0]) / setting.length), -1.0, -1.0)
        past = measure(known.start, Courses.of(known), Periods(edges, split, setting.limit, len(known.units)))
        past[:, MEASURES.index(LEFT)] = np.nan  # of the stock at the split nothing is past
        return foretold(edges, [
            Panel(measure_title(name), past[:, MEASURES.index(name)] * factor(name), self._ahead(name))
            for name in self.scores.measures
        ])  # fmt: skip

    def _ahead(self, name: str) -> Floats:
        edges = self.fitted.foretold.last.periods.edges
        middles = (edges[:-1] + edges[1:]) / 2.0
        return np.array([
            [middles[row.place], *(each * factor(name) for each in (row.low, row.high, row.observed))]
            for row in self.scores.of_measure(name)
        ])  # fmt: skip

    def tables(self) -> Mapping[str, CsvTable]:
        rows = [row.as_json() for row in self.scores.rows]
        return {"held_out": csv_table(list(rows[0]) if rows else [], ([*row.values()] for row in rows))}

    def charts(self) -> Iterable[Chart]:
        yield Chart("foretold", self._foretold, on_page=True)
        looked = self.fitted.looked
        drawn = partial(picture, looked.log.options.path.name, looked.paths, looked.diagnosis)
        yield Chart("diagnosis", drawn)

    def document(self, alts: Mapping[str, str]) -> Document:
        """Return the report, without a form; `alts` as for `body`."""
        images = {each.name: each.image(alts[each.name]) for each in self.charts() if each.name in alts}
        blocks: list[Block] = [Notice(msg("fit_notice"))]
        for each in self.blocks():
            blocks.append(Paragraph(each) if isinstance(each, str) else each)
            if isinstance(each, Table) and each.caption == msg("fit_scores") and "foretold" in images:
                blocks.append(images["foretold"])
        if "diagnosis" in images:
            blocks.append(images["diagnosis"])
        blocks += [Heading(msg("fit_how")), Bullets(tuple(msg(f"fit_how_{number}") for number in range(1, 7)))]
        return Document(self.title(), msg("fit_kicker"), str(current_language()), tuple(blocks))


def _day(moment: float) -> str:
    return str(np.datetime64(int(moment), "D"))
