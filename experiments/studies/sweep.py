"""One or two parameters of a study: a line with its band, or a map."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import Field

from experiments.blocks import Block, Table
from experiments.charts.sweep import Sweep, lines, maps
from experiments.design.designs import SCHEMES, SPREAD
from experiments.formatting import better_in, labelled, level_text, plus_minus, share_of_worlds, title, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults, csv_table
from experiments.messages import msg
from experiments.stats.by_world import RANGES, ByWorld
from experiments.stats.curves import PARTS, Curve, curve_along
from experiments.stats.ensemble import Doubt
from model import OUTCOMES, one_of

SHOWN = ("closure_rate", "passes_per_case", "workload_street", "workload_department")
"""Outcomes drawn where the study names none."""


class SweepOptions(Options):
    """Options of a sweep."""

    x: str | None = Field(None, description="The parameter along which curves run; the first, unless given.")
    mark: Any = Field(None, description="Value of it to which the others are compared, as 0.38.")
    outcomes: tuple[str, ...] = Field((), description="Outcomes drawn; none given: closure, passing and workload.")


def lay_out(asked: Asked[SweepOptions]) -> Layout:
    """Lay out the study."""
    return Layout(asked.plan(*asked.checked(asked.bases, asked.factors, problems=_problems(asked))))


def _problems(asked: Asked[SweepOptions]) -> Iterable[str]:
    study, options, places = asked.study, asked.options, asked.places
    if not 1 <= len(study.parameters) <= 3:
        yield f"{places('parameters')}expected one or two, and a third for panels, got {len(study.parameters)}."
    if study.design.kind in SCHEMES or (study.design.kind in SPREAD and len(study.parameters) > 1):
        yield f"{places('design', 'kind')}expected grid or list for a sweep, got {study.design.kind}."
    if options.x is not None and options.x not in study.parameters:
        yield f"{places('analysis', 'x')}expected {one_of(study.parameters)}, got '{options.x}'."
    kept: Collection[str] = study.outcomes or OUTCOMES
    for outcome in options.outcomes:
        if outcome not in kept:
            yield f"{places('analysis', 'outcomes')}expected {one_of(kept)}, got '{outcome}'."


class SweepResults(StudyResults[SweepOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, SweepOptions)
        factors, mark = self.asked.factors(), self.options.mark
        x = self.options.x or factors[0].name
        self.others = [factor for factor in factors if factor.name != x]
        shown = self.options.outcomes or [name for name in SHOWN if name in opened.outcomes] or opened.outcomes[:4]
        titles = {base["label"]: base["resolved"]["title"] for base in opened.manifest["bases"]}
        self.worlds = len(set(opened.world_of(range(max(opened.replicates, default=0)))))
        curves = {outcome: list(self._curves(outcome, x)) for outcome in shown}
        self.sweep = Sweep(x, mark, curves, self.names, titles, self.worlds)
        self.curves = [curve for each in self.sweep.curves.values() for curve in each]

    def _curves(self, outcome: str, x: str) -> Iterator[Curve]:
        """Yield the curves of an outcome, regime by regime."""
        along, by = self.opened.factor(x), {factor.name: self.opened.factor(factor.name) for factor in self.others}
        groups: dict[tuple[Any, ...], list[int]] = {}
        for row in range(len(along)):
            groups.setdefault(tuple(column[row] for column in by.values()), []).append(row)
        found = self.opened.values(outcome)
        replicates = ByWorld(self.opened.world_of(range(found.shape[2])), OUTCOMES[outcome].direction)
        for base, regime in enumerate(self.opened.labels):
            for values, rows in groups.items():
                own, first = found[rows, base], found[rows, 0] if base else None
                about = {"outcome": outcome, "regime": regime, "by": dict(zip(by, values, strict=True))}
                yield curve_along([along[row] for row in rows], own, first, self.options.mark, replicates, **about)

    def as_json(self) -> dict[str, Any]:
        return {
            "study": self.folder, "parameter": self.sweep.x, "by": [factor.name for factor in self.others],
            "mark": self.sweep.mark, "regimes": self.sweep.regimes,
            **({"worlds": self.worlds} if self.worlds else {}), "curves": [curve.as_json() for curve in self.curves],
        }  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        """Yield levels by value and curve, where a curve is best, and whether that lies inside the range."""
        part = "difference" if len(self.sweep.regimes) > 1 else "change"
        for outcome, curves in self.sweep.curves.items():
            yield self._table(outcome, curves)
            if self.worlds:
                yield self._shares(outcome, curves, part)
        for curve in self.curves:
            yield from self._best_over_worlds(curve) if self.worlds else self._best(curve)
        yield msg("worlds_only", worlds=self.worlds) if self.worlds else msg("chance_only")

    def _table(self, outcome: str, curves: Sequence[Curve]) -> Table:
        """Return the levels of an outcome by value and curve."""
        rows = tuple(
            (self.names.value(self.sweep.x, value),
             *(level_text(curve.shown("level")[at], OUTCOMES[outcome]) for curve in curves))
            for at, value in enumerate(curves[0].x)
        )  # fmt: skip
        note = msg("sweep_caption_worlds" if self.worlds else "sweep_caption")
        return Table(self._header(curves), rows, labelled(OUTCOMES[outcome]), note)

    def _header(self, curves: Sequence[Curve]) -> tuple[str, ...]:
        sweep = self.sweep
        return (self.names.of(sweep.x), *(sweep.name(curve) or msg("value") for curve in curves))

    def _shares(self, outcome: str, curves: Sequence[Curve], part: str) -> Table:
        """Return what a part is over worlds, and in which share of them it is better."""
        measured, names, sweep = OUTCOMES[outcome], self.names, self.sweep
        shown = [curve for curve in curves if part == "change" or curve.regime != sweep.regimes[0]]

        def cell(found: Doubt) -> str:
            told = level_text(found.interval, measured, sign=True)
            same = found.low == found.high == 0.0  # as of the marked value itself
            return told if same else msg("headline_join").join((told, better_in(found.better, measured)))

        rows = tuple(
            (names.value(sweep.x, value), *(cell(curve.doubts[part][at]) for curve in shown))
            for at, value in enumerate(curves[0].x)
        )
        caption = msg(f"sweep_shares_{part}", title=labelled(measured, difference=True), mark=self._marked(),
                      before=sweep.regime(sweep.regimes[0]))  # fmt: skip
        return Table(self._header(shown), rows, caption, msg("sweep_shares_note"))

    def _marked(self) -> str:
        """Return the value from which changes are counted."""
        value = self.curves[0].x[0] if self.sweep.mark is None else self.sweep.mark
        return f"{self.names.of(self.sweep.x)} = {self.names.value(self.sweep.x, value)}"

    def _of_peak(self, curve: Curve, x: Any) -> dict[str, str]:
        """Return the words that sentences of a best place have in common."""
        name, names = self.sweep.name(curve), self.names
        return {"title": title(OUTCOMES[curve.outcome]), "curve": f" ({name})" if name else "",
                "x": names.of(self.sweep.x), "best": names.value(self.sweep.x, x)}  # fmt: skip

    def _best(self, curve: Curve) -> Iterator[str]:
        """Yield where a curve is best, by how much against luck."""
        if (peak := curve.peak) is not None:
            measured = OUTCOMES[curve.outcome]
            low, high = (plus_minus(gain, measured, sign=False) for gain in (peak.above_low, peak.above_high))
            words = self._of_peak(curve, peak.x)
            yield msg(f"peak_{peak.where}", **words, low=low, high=high, unit=unit(measured, difference=True))

    def _best_over_worlds(self, curve: Curve) -> Iterator[str]:
        """Yield where a curve is best over one half of the worlds, and in which share of the others that holds."""
        if (peak := curve.over) is None:
            return
        measured, ends = OUTCOMES[curve.outcome], {"low": peak.above_low, "high": peak.above_high}
        parts = [
            msg(f"peak_worlds_above_{end}", share=share_of_worlds(each.better), unit=unit(measured, difference=True),
                value=level_text(each.interval, measured, sign=True))
            for end, each in ends.items() if each is not None
        ]  # fmt: skip
        words = {**self._of_peak(curve, peak.x), "parts": msg("and_join").join(parts)}
        yield msg(f"peak_worlds_{peak.where}", **words, worlds=max(each.worlds for each in ends.values() if each))

    def tables(self) -> Mapping[str, CsvTable]:
        bounds = [f"{'' if part == 'level' else f'{part}_'}{end}" for part in PARTS
                  for end in ("mean", "ci_low", "ci_high")]  # fmt: skip
        header = ["outcome", "regime", *(factor.name for factor in self.others), self.sweep.x, "runs", *bounds]
        rows = ((each.outcome, each.regime, *each.by.values(), *place) for each in self.curves
                for place in zip(each.x, each.runs, *(getattr(each, part) for part in PARTS), strict=True))  # fmt: skip
        doubts = ((each.outcome, each.regime, *each.by.values(), x, part, *found.as_json().values())
                  for each in self.curves for part, places in each.doubts.items()
                  for x, found in zip(each.x, places, strict=True))  # fmt: skip
        more = {"doubt": csv_table([*header[: header.index("runs")], "part", *RANGES], doubts)} if self.worlds else {}
        return {"sweep": csv_table(header, rows), **more}

    def charts(self) -> Iterator[Chart]:
        if not any(any(curve.runs) for curve in self.curves):
            return
        second = next((factor for factor in self.others if factor.numeric), None)
        if second is not None and len(second.grid()) >= 6:  # from so many values on a map says more
            yield from (Chart(f"map_{name}", partial(maps, self.sweep, name)) for name in self.sweep.curves)
            return
        yield Chart("sweep", partial(lines, self.sweep, "level"))
        yield Chart("change", partial(lines, self.sweep, "change"))
        if len(self.sweep.regimes) > 1:
            yield Chart("difference", partial(lines, self.sweep, "difference"))


KIND = Kind(SweepOptions, lay_out, SweepResults, seeds_a_world=1, example="""\
regimes: [inverted, flattened]
parameters: {assessment.street_weight: {values: [0, 0.2, 0.38, 0.7, 1]}}
replicates: {fixed: 12}
analysis: {mark: 0.38}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
