"""The plausible worlds of a district: those that show every matched pattern at once, and how far they are known."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from experiments.blocks import Block, Table
from experiments.design.ensemble import WORLDS_TABLE, Ensemble, read_ensemble, table_of
from experiments.design.patterns import PatternOptions
from experiments.design.worlds import ARMS, CONFIRM, DRAW, EXPLORE, HELD, STAGE, WAVE, WorldsOptions, worlds_problems
from experiments.formatting import share_of_worlds
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Results, StudyResults, csv_table
from experiments.messages import Language, current_language, msg
from experiments.runner.worker import Reduction
from experiments.runner.worlds import WorldsAgenda, bands_of, checks_of, inside_all, kept_arrays, values_of
from experiments.stats.case_patterns import PatternReduction
from experiments.stats.intervals import Floats
from experiments.stats.narrowing import medoid
from experiments.stats.pattern_values import Run
from experiments.studies.patterns import label_of
from model import FreeNumber, Unknowns, free_numbers, to_yaml

DRAW_NUMBER = "tables.draw"  # of which no value is nearer to another


def lay_out(asked: Asked[WorldsOptions]) -> Layout:
    """Lay out the study."""
    options = asked.options
    labels = labels_of(options)
    variants: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for pattern in (*options.patterns, *options.held_out):
        for arm, label in labels[pattern.id].items():
            variants.setdefault(label, (label, pattern.regime, dict(pattern.arms[arm])))
    problems = worlds_problems(asked.study, options, asked.places)
    (bases,) = asked.checked(lambda: asked.bases(list(variants.values())), problems=problems)
    study = asked.study.model_copy(update={"analysis": options.model_dump(mode="json")})  # patterns and all
    plan = Asked(study, WorldsOptions, asked.places).plan(
        bases, rows=[], blocks=options.waves * options.per_wave * 3, series=True
    )
    return Layout(
        plan, Reduction(PatternReduction.of, cases=True), decides=partial(WorldsAgenda, plan, options, labels)
    )


def labels_of(options: WorldsOptions) -> dict[str, dict[str, str]]:
    """Return the label of the scenario of every arm, by pattern's id and arm: alike for all arms that are the same."""
    known = PatternOptions(patterns=options.patterns)
    return {
        pattern.id: {arm: label_of(known, pattern, arm, null=False) for arm in pattern.arms}
        for pattern in (*options.patterns, *options.held_out)
    }


@dataclasses.dataclass(frozen=True)
class Wave:
    """One wave: worlds explored, those inside on the seed they were found with, those confirmed on fresh ones."""

    explored: int
    inside: int
    confirmed: int


class WorldsResults(StudyResults[WorldsOptions]):
    """What the study found.

    Attributes:
        worlds: Those inside every matched band on the mean of fresh seeds.
        waves: One after the other.
        shares: By pattern: share of these worlds that show it; those matched were chosen for it.
    """

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, WorldsOptions)
        self._labels = labels_of(self.options)
        rows = opened.design.to_pylist()
        known = {number.key for number in free_numbers()}
        self._points: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
        for row in rows:
            self._points.setdefault((row[STAGE], row[WAVE], row[DRAW]), []).append(row)
        self._outcomes = {(row["point"], row["replicate"]): row for row in opened.table.to_pylist()}
        self._kept = kept_arrays(opened.series, [row["point"] for row in rows if row[STAGE] != EXPLORE])
        last = ARMS if self.options.several else CONFIRM
        self.confirmed = {place: values for place, values in self._measured(last).items() if self._inside(last, values)}
        self.worlds: list[Unknowns] = [
            {key: value for key, value in self._points[place][0].items() if key in known} for place in self.confirmed
        ]

    def _measured(self, stage: str) -> dict[tuple[str, int, int], Floats]:
        """Return what the worlds of a stage showed of each of its checks, mean over its seeds."""
        patterns, seeds = self.options.stage(stage)
        found = {}
        for place, rows in self._points.items():
            if place[0] == stage:
                runs = {row["regime"]: [self._run(row["point"], number) for number in range(seeds)] for row in rows}
                found[place] = values_of(patterns, self._labels, runs).mean(axis=1)
        return found

    def _run(self, point: int, number: int) -> Run | None:
        known = self._outcomes.get((point, number))
        return (
            None if known is None else ({name: known[name] for name in self.opened.outcomes}, self._kept[point, number])
        )

    def _inside(self, stage: str, values: Floats) -> bool:
        return bool(inside_all(bands_of(self.options, self.options.stage(stage)[0]), values[None, :])[0])

    @cached_property
    def waves(self) -> list[Wave]:
        def count(stage: str, places: Iterable[tuple[str, int, int]], wave: int) -> int:
            return sum(each[:2] == (stage, wave) for each in places)

        kept = [place for place, values in self._measured(CONFIRM).items() if self._inside(CONFIRM, values)]
        found = [
            Wave(count(EXPLORE, self._points, wave), count(CONFIRM, self._points, wave), count(CONFIRM, kept, wave))
            for wave in range(self.options.waves)
        ]  # fmt: skip
        return [each for each in found if each.explored]

    @cached_property
    def shares(self) -> dict[str, dict[str, Any]]:
        chosen = {each.id: {"matched": True, "share": 1.0 if self.worlds else None} for each in self.options.patterns}
        return chosen | self._held_out_shares()

    def _held_out_shares(self) -> dict[str, dict[str, Any]]:
        values = list(self._measured(HELD).values())
        found: dict[str, dict[str, Any]] = {}
        start = 0
        for pattern in self.options.held_out:
            bands = bands_of(self.options, [pattern])
            end = start + len(bands)
            shown = inside_all(bands, np.array(values)[:, start:end]) if values else np.empty(0)
            found[pattern.id] = {"matched": False, "share": float(shown.mean()) if values else None}
            start = end
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "study": self.folder, "worlds": len(self.worlds), "parameters": parameters(self.worlds),
            "patterns": self.shares, "waves": [dataclasses.asdict(each) for each in self.waves],
        }  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        header = tuple(msg(f"worlds_{name}") for name in ("wave", "explored", "inside", "confirmed"))
        rows = tuple((str(number + 1), *map(str, dataclasses.astuple(each))) for number, each in enumerate(self.waves))
        yield Table(header, rows, msg("worlds_waves"))
        yield from told(self.worlds, self.shares)

    def tables(self) -> Mapping[str, CsvTable]:
        checks = [check.measure for _, check in checks_of(self.options.several or self.options.single)]
        rows = ([world[key] for key in world] for world in self.worlds)
        return {
            "worlds": csv_table(list(self.worlds[0]) if self.worlds else [], rows),
            "confirmed": csv_table(
                ["wave", *checks], ([place[1], *values] for place, values in self.confirmed.items())
            ),
        }

    def charts(self) -> Iterable[Chart]:
        yield from _narrowed_chart(self.worlds)

    def ensembles(self) -> Mapping[str, pa.Table]:
        """Return the worlds found, in an order in which any first rows are a sample of them."""
        if not self.worlds:
            return {}
        order = np.random.default_rng(self.study.seed).permutation(len(self.worlds))
        about = {
            "name": f"{self.study.district}-{self.opened.manifest['fingerprint'][:8]}", "district": self.study.district,
            "request": self.study.to_dict(), "fingerprint": self.opened.manifest["fingerprint"],
            "packages": self.opened.manifest["packages"], "patterns": self.shares,
            "waves": [dataclasses.asdict(each) for each in self.waves],
        }  # fmt: skip
        return {WORLDS_TABLE: table_of([self.worlds[place] for place in order], about)}


def parameters(worlds: Sequence[Unknowns]) -> dict[str, dict[str, float | None]]:
    """Return what each free number was narrowed to: ends of its range, 5, 50 and 95 % over the worlds."""
    found: dict[str, dict[str, float | None]] = {}
    for number in free_numbers():
        low, median, high = _quantiles(number, worlds, (0.05, 0.5, 0.95)) if worlds else (None, None, None)
        ends = {"prior_low": number.low, "prior_high": number.high}
        found[number.key] = {**ends, "low": low, "high": high, "median": median}
    return found


def _quantiles(number: FreeNumber, worlds: Sequence[Unknowns], at: Sequence[float]) -> tuple[float, ...]:
    return tuple(map(float, np.quantile([world[number.key] for world in worlds], at)))


def told(worlds: Sequence[Unknowns], shares: Mapping[str, Mapping[str, Any]]) -> Iterable[Block | str]:
    """Yield what is said of an ensemble: how many worlds, each pattern's share, what was narrowed most."""
    yield msg("worlds_says_count", count=len(worlds))
    role = {True: "worlds_matched", False: "worlds_held_out"}
    rows = [(name, msg(role[each["matched"]]), share_of_worlds(each["share"])) for name, each in shares.items()]
    yield Table(_header("pattern", "role", "share"), tuple(rows), msg("worlds_patterns"))
    if worlds:
        yield Table(
            _header("number", "meaning", "prior", "posterior", "width"), _narrowed(worlds), msg("worlds_narrowed")
        )


def _header(*names: str) -> tuple[str, ...]:
    return tuple(msg(f"worlds_{name}") for name in names)


MOST_NARROWED = 15  # of the free numbers, shown


def _narrowed(worlds: Sequence[Unknowns]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the numbers that the patterns narrowed most."""
    zh = current_language() is Language.ZH
    widths = sorted(((_width(number, worlds), number) for number in free_numbers()), key=lambda each: each[0])
    rows = []
    for width, number in widths[:MOST_NARROWED]:
        low, high = _quantiles(number, worlds, (0.05, 0.95))
        ends = f"{number.low:.4g} – {number.high:.4g}", f"{low:.4g} – {high:.4g}"
        rows.append((number.key, number.zh if zh else number.meaning, *ends, share_of_worlds(width)))
    return tuple(rows)


def _width(number: FreeNumber, worlds: Sequence[Unknowns]) -> float:
    """Return which share of the middle 90 % of its range the middle 90 % of the worlds take, on its own scale."""
    low, high = np.quantile([number.quantile(world[number.key]) for world in worlds], [0.05, 0.95])
    return float(high - low) / 0.9


def _narrowed_chart(worlds: Sequence[Unknowns]) -> Iterable[Chart]:
    from experiments.charts.worlds import narrowed

    numbers = [number for number in free_numbers() if worlds and number.key in worlds[0]]
    if numbers:
        widths = {number.key: _width(number, worlds) for number in numbers}
        yield Chart("narrowed", partial(narrowed, numbers, worlds, widths))


def _told(number: FreeNumber, value: float) -> float:
    """Return a value with four digits, within its range."""
    return int(value) if number.whole else min(max(float(f"{value:.4g}"), number.low), number.high)


class EnsembleResults(Results):
    """An ensemble on disk, without the study that made it."""

    def __init__(self, path: Path) -> None:
        self.found: Ensemble = read_ensemble(path)

    def reference(self) -> str:
        """Return the world in the middle of all others (the medoid) as the text of a district's `reference.yaml`."""
        numbers = [number for number in free_numbers() if number.key != DRAW_NUMBER]
        points = np.array([[number.quantile(world[number.key]) for number in numbers] for world in self.found.worlds])
        place, about = medoid(points), self.found.about
        world = {number.key: _told(number, self.found.worlds[place][number.key]) for number in free_numbers()}
        head = (
            f"# The reference world: number {place} of {len(points)} worlds ({about.get('name')}), the medoid.",
            "# Made by `whistle worlds --reference`; what each number means: `whistle show-config --ranges`.",
        )
        return "\n".join([*head, to_yaml(world)])

    def as_json(self) -> dict[str, Any]:
        found, about = self.found, self.found.about
        return {
            "ensemble": str(found.path), "name": about.get("name"), "worlds": len(found.worlds),
            "parameters": parameters(found.worlds), "patterns": about.get("patterns", {}),
            "waves": about.get("waves", []),
        }  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        yield from told(self.found.worlds, self.found.about.get("patterns", {}))


KIND = Kind(WorldsOptions, lay_out, WorldsResults, example="""\
regimes: [inverted]
district: tiny
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
replicates: {fixed: 1}
analysis: {patterns: [S2, S5, S12], held_out: [S13], wanted: 1, waves: 2, per_wave: 20, seeds: 2, widened: 10}
""")  # fmt: skip
