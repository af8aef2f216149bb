"""The plausible worlds of a district: those that show every matched pattern at once, and how far they are known."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from experiments.blocks import Block
from experiments.design.ensemble import DRAW as DRAW_OF_TABLES
from experiments.design.ensemble import WORLDS_TABLE, Ensemble, read_ensemble, table_of
from experiments.design.patterns import Check, PatternOptions
from experiments.design.worlds import ARMS, CONFIRM, DRAW, EXPLORE, HELD, STAGE, WAVE, WorldsOptions, worlds_problems
from experiments.formatting import shown_in
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Results, StudyResults, csv_table
from experiments.messages import current_language
from experiments.report.worlds import by_topic, quantiles, titles_of, told, width
from experiments.runner.worker import Reduction
from experiments.runner.worlds import (
    STANDING,
    WorldsAgenda,
    bands_of,
    checks_of,
    emulated,
    inside_all,
    kept_arrays,
    name_of,
    prior_points,
    values_of,
)
from experiments.stats.case_patterns import PatternReduction
from experiments.stats.intervals import Floats
from experiments.stats.narrowing import FEWEST, kinds, medoid, tied, untouched
from experiments.stats.narrowing import Kind as Alike
from experiments.stats.pattern_values import Run
from experiments.stats.region import Band
from experiments.studies.patterns import label_of
from model import FreeNumber, Unknowns, free_numbers, to_yaml


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


Place = tuple[str, int, int]  # of a world in the design: stage, wave, draw
Identity = tuple[float, ...]  # of a world: the value of each free number


class WorldsResults(StudyResults[WorldsOptions]):
    """What the study found.

    Attributes:
        worlds: Those inside every matched band on the mean of fresh seeds; any first ones are a sample of them.
        found: What is told of them, as `--json` has it.
    """

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, WorldsOptions)
        self._labels = labels_of(self.options)
        rows = opened.design_table.to_pylist()
        self._points: dict[Place, list[dict[str, Any]]] = {}
        for row in rows:
            self._points.setdefault((row[STAGE], row[WAVE], row[DRAW]), []).append(row)
        self._outcomes = {(row["point"], row["replicate"]): row for row in opened.table.to_pylist()}
        self._kept = kept_arrays(opened.series_table, [row["point"] for row in rows])
        self._values = {stage: self._measured(stage) for stage in (EXPLORE, CONFIRM, ARMS, HELD)}
        last = ARMS if self.options.several else CONFIRM
        confirmed = [place for place, values in self._values[last].items() if self._inside(last, values)]
        order = np.random.default_rng(self.study.seed).permutation(len(confirmed))
        self.confirmed = {confirmed[at]: self._values[last][confirmed[at]] for at in order}
        self.worlds: list[Unknowns] = [self._world(place) for place in self.confirmed]

    def _measured(self, stage: str) -> dict[Place, Floats]:
        """Return what the worlds of a stage that have run showed of each of its checks, mean over its seeds."""
        patterns, seeds = self.options.stage(stage)
        found = {}
        for place, rows in self._points.items():
            if place[0] == stage and patterns and any((row["point"], 0) in self._outcomes for row in rows):
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

    def _world(self, place: Place) -> Unknowns:
        row = self._points[place][0]
        return {number.key: row[number.key] for number in free_numbers() if number.key in row}

    @cached_property
    def _waves(self) -> list[dict[str, Any]]:
        """What each wave explored, found inside on the seed it was found with, and confirmed on fresh ones."""
        names, bands = self._names(EXPLORE), bands_of(self.options, self.options.single)
        found = []
        for wave in range(self.options.waves):
            explored, again = (
                [values for place, values in self._values[stage].items() if place[1] == wave]
                for stage in (EXPLORE, CONFIRM)
            )
            if explored:
                columns = zip(names, bands, np.transpose(explored), strict=True)
                alone = {name: float(band.holds(column).mean()) for name, band, column in columns}
                kept = sum(self._inside(CONFIRM, values) for values in again)
                found.append({"explored": len(explored), "inside": len(again), "confirmed": kept, "bands": alone})
        return found

    def _names(self, stage: str) -> list[str]:
        return [name_of(*each) for each in checks_of(self.options.stage(stage)[0])]

    @cached_property
    def _by_stage(self) -> dict[str, Floats]:
        """What the worlds found showed, by stage: (worlds, checks of the stage); those that it has not yet left out."""
        return {stage: self._of_worlds(stage, values) for stage, values in self._values.items() if stage != EXPLORE}

    def _of_worlds(self, stage: str, values: Mapping[Place, Floats]) -> Floats:
        known = {_identity(self._world(place)): each for place, each in values.items()}
        rows = [known[each] for each in map(_identity, self.worlds) if each in known]
        return np.array(rows).reshape(len(rows), len(self._names(stage)))

    @cached_property
    def found(self) -> dict[str, Any]:
        checks = self._checks()
        return {
            "patterns": self._shares(), "waves": self._waves, **emulated(self.opened.folder), "checks": checks,
            **self._said(),
        }  # fmt: skip

    def _checks(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return what the worlds showed of each check beside its band, by role, pattern and check."""
        found: dict[str, dict[str, Any]] = {}
        for stage, values in self._by_stage.items():
            patterns, _ = self.options.stage(stage)
            columns = iter(values.T)
            for pattern in patterns:
                bands = bands_of(self.options, [pattern])
                found[pattern.id] = {
                    name_of(pattern, check): _shown(check, band, next(columns))
                    for check, band in zip(pattern.checks, bands, strict=True)
                }
        roles = {"matched": self.options.patterns, "held_out": self.options.held_out}
        return {role: {each.id: found[each.id] for each in patterns} for role, patterns in roles.items()}

    def _shares(self) -> dict[str, dict[str, Any]]:
        """Return by pattern the share of the worlds that show it; those matched were chosen for it."""
        shares: dict[str, dict[str, Any]] = {
            each.id: {"matched": True, "share": 1.0 if self.worlds else None} for each in self.options.patterns
        }
        columns, start = self._by_stage[HELD], 0
        for pattern in self.options.held_out:
            end = start + len(pattern.checks)
            shown = inside_all(bands_of(self.options, [pattern]), columns[:, start:end])
            shares[pattern.id] = {"matched": False, "share": float(shown.mean()) if shown.size else None}
            start = end
        return shares

    def _said(self) -> dict[str, Any]:
        """Return what the worlds say of the free numbers: tied, of kinds, untouched; None where they are too few."""
        if len(self.worlds) < FEWEST:
            return {"tied": None, "kinds": None, "untouched": None}
        numbers = [number for number in free_numbers() if number.key not in (DRAW_OF_TABLES, STANDING)]
        prior = prior_points(self.options.prior)[:, [free_numbers().index(number) for number in numbers]]
        points, explored = (
            np.array([[number.quantile(world[number.key]) for number in numbers] for world in worlds])
            for worlds in (self.worlds, map(self._world, self._values[EXPLORE]))
        )
        waves = np.array([wave for _, wave, _ in self._values[EXPLORE]])
        left = untouched(prior, points, explored, np.array(list(self._values[EXPLORE].values())), waves)
        keys = [number.key for number in numbers]
        ties = [
            {**dataclasses.asdict(each), "first": keys[each.first], "second": keys[each.second]}
            for each in tied(prior, points)
        ]
        outcomes = self._headline()
        divided = kinds(prior, points, np.column_stack(list(outcomes.values())))
        return {
            "tied": ties,
            "kinds": {
                "silhouette": divided.silhouette, "chance": divided.chance,
                "kinds": [_kind(each, keys, list(outcomes)) for each in divided.kinds],
            },
            "untouched": by_topic(key for key, free in zip(keys, left, strict=True) if free),
        }  # fmt: skip

    def _headline(self) -> dict[str, Floats]:
        """Return the headline outcomes of the worlds before any reform, mean over fresh seeds, if all are defined."""
        rows = {_identity(self._world(place)): self._points[place][0] for place in self._values[CONFIRM]}
        points = [rows[_identity(world)]["point"] for world in self.worlds]
        found = {}
        for name in shown_in("headline"):
            seeds = [[self._outcomes[point, seed][name] for seed in range(self.options.seeds)] for point in points]
            values = np.array(seeds, dtype=np.float64).mean(axis=1)
            if np.isfinite(values).all():
                found[name] = values
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "study": self.folder, "worlds": len(self.worlds), "parameters": parameters(self.worlds),
            **{name: self.found.get(name) for name in TOLD},
        }  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        yield from told(self.worlds, self.found)

    def tables(self) -> Mapping[str, CsvTable]:
        checks = [name_of(*each) for each in checks_of(self.options.several or self.options.single)]
        rows = ([world[key] for key in world] for world in self.worlds)
        return {
            "worlds": csv_table(list(self.worlds[0]) if self.worlds else [], rows),
            "confirmed": csv_table(
                ["wave", *checks], ([place[1], *values] for place, values in self.confirmed.items())
            ),
        }

    def charts(self) -> Iterable[Chart]:
        from experiments.charts.worlds import beside_bands, inside_by_wave

        if self._waves:
            titles = {
                name_of(pattern, check): str(getattr(check.title, current_language()))
                for pattern, check in checks_of(self.options.single)
            }
            yield Chart("waves", partial(inside_by_wave, self._waves, titles))
        if self.worlds:
            yield Chart("checks", partial(beside_bands, self.found["checks"], titles_of(self.found["checks"])))
        yield from _narrowed_chart(self.worlds)

    def ensembles(self) -> Mapping[str, pa.Table]:
        """Return the worlds found, in an order in which any first rows are a sample of them."""
        if not self.worlds:
            return {}
        about = {
            "name": f"{self.study.district}-{self.opened.manifest['fingerprint'][:8]}", "district": self.study.district,
            "request": self.study.to_dict(), "fingerprint": self.opened.manifest["fingerprint"],
            "packages": self.opened.manifest["packages"], **self.found,
        }  # fmt: skip
        return {WORLDS_TABLE: table_of(self.worlds, about)}


TOLD = ("patterns", "waves", "volume", "emulators", "checks", "tied", "kinds", "untouched")
"""Keys of what is told of an ensemble, which its table carries as well."""


def _identity(world: Unknowns) -> Identity:
    return tuple(world.values())


def _shown(check: Check, band: Band, values: Floats) -> dict[str, Any]:
    """Return what worlds, values (worlds,), showed of a check beside its band."""
    known = values[np.isfinite(values)]
    low, median, high = map(float, np.quantile(known, (0.05, 0.5, 0.95))) if known.size else (None, None, None)
    share = float(band.holds(values).mean()) if values.size else None
    return {
        "title": check.title.model_dump(), "unit": check.unit, "band": [band.low, band.high],
        "median": median, "low": low, "high": high, "share": share,
    }  # fmt: skip


def _kind(kind: Alike, keys: Sequence[str], outcomes: Sequence[str]) -> dict[str, Any]:
    return {
        "worlds": len(kind.worlds), "medoid": kind.medoid,
        "numbers": {keys[place]: side for place, side in kind.inputs},
        "outcomes": {outcomes[place]: side for place, side in kind.outputs},
    }  # fmt: skip


def parameters(worlds: Sequence[Unknowns]) -> dict[str, dict[str, float | None]]:
    """Return what each free number was narrowed to: ends of its range, 5, 50 and 95 % over the worlds."""
    found: dict[str, dict[str, float | None]] = {}
    for number in free_numbers():
        low, median, high = quantiles(number, worlds, (0.05, 0.5, 0.95)) if worlds else (None, None, None)
        ends = {"prior_low": number.low, "prior_high": number.high}
        found[number.key] = {**ends, "low": low, "high": high, "median": median}
    return found


def _narrowed_chart(worlds: Sequence[Unknowns]) -> Iterable[Chart]:
    from experiments.charts.worlds import narrowed

    numbers = [number for number in free_numbers() if worlds and number.key in worlds[0]]
    if numbers:
        widths = {number.key: width(number, worlds) for number in numbers}
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
        numbers = [number for number in free_numbers() if number.key != DRAW_OF_TABLES]
        points = np.array([[number.quantile(world[number.key]) for number in numbers] for world in self.found.worlds])
        place, about = medoid(points), self.found.about
        world = {number.key: _told(number, self.found.worlds[place][number.key]) for number in free_numbers()}
        head = (
            f"# The reference world: number {place} of {len(points)} worlds ({about.get('name')}), the medoid.",
            "# Made by `whistle worlds --reference`; what each number means: `whistle show-config --ranges`.",
        )
        lines = (to_yaml({key: value}).strip("{}\n") for key, value in world.items())
        return "\n".join([*head, *lines, ""])

    def as_json(self) -> dict[str, Any]:
        found, about = self.found, self.found.about
        return {
            "ensemble": str(found.path), "name": about.get("name"), "worlds": len(found.worlds),
            "parameters": parameters(found.worlds), "patterns": {}, "waves": [],
            **{name: about.get(name) for name in TOLD if name in about or name not in ("patterns", "waves")},
        }  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        yield from told(self.found.worlds, self.found.about)


KIND = Kind(WorldsOptions, lay_out, WorldsResults, extra="worlds", example="""\
regimes: [inverted]
district: tiny
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
replicates: {fixed: 1}
analysis: {patterns: [S2, S5, S12], held_out: [S13], wanted: 1, waves: 2, per_wave: 20, seeds: 2, widened: 10}
""")  # fmt: skip
