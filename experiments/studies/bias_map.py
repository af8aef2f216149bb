"""Where difference-in-differences is biased: load by share of joint cases."""

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from pydantic import Field

from experiments.design.designs import Row
from experiments.design.reforms import Settings, adoption_days
from experiments.formatting import measure_title, plus_minus, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, StudyResults, csv_table
from experiments.messages import msg
from experiments.stats import to_json
from experiments.stats.bias import BiasMap, Worlds, bias_map, one_truth
from experiments.stats.panel import MEASURES
from experiments.studies.event_study import ReformOptions, panel_reduction, panels, reform_problems, worlds_of
from model import Scenario, vary

LOAD, JOINT = "staff.load", "joint_share"  # columns of the design


class BiasOptions(ReformOptions):
    """Options of a map of the bias."""

    loads: tuple[float, ...] = Field((0.6, 0.72, 0.85), min_length=1, description="Values of staff.load.")
    joint_times: tuple[float, ...] = Field(
        (0.0, 1.0, 2.0), min_length=1, description="Times the share of cases that need several parties, by kind."
    )


def lay_out(asked: Asked[BiasOptions]) -> Layout:
    """Lay out the study."""
    (worlds,) = asked.checked(lambda: worlds_of(asked), problems=reform_problems(asked))
    scenario, rows = worlds[0].scenario, list[Row]()
    for times in asked.options.joint_times:
        settings = joint_times(scenario, times)
        share = round(joint_share(vary(scenario, settings)), 4)
        for load in asked.options.loads:
            rows.append(Row(len(rows), 0, {LOAD: load, JOINT: share}, {LOAD: load, **settings}))
    plan = asked.plan(worlds[:2], rows=rows, series=True)
    return Layout(plan, panel_reduction(asked.options.day))


def joint_share(scenario: Scenario) -> float:
    """Return the share of problems born in a year that need several parties."""
    births = [kind.share / (1.0 - kind.hidden) for kind in scenario.world.kinds]
    joint = [part * kind.joint for part, kind in zip(births, scenario.world.kinds, strict=True)]
    return math.fsum(joint) / math.fsum(births)


def joint_times(scenario: Scenario, times: float) -> Settings:
    """Return settings under which every kind's share of joint cases is so many times as large, at most 1.

    A kind that fewer departments claim than it has parties keeps its share at 0.
    """
    kinds = [kind for kind in scenario.world.kinds if kind.joint > 0.0]
    return {f"kinds.{kind.code}.joint": min(1.0, kind.joint * times) for kind in kinds}


class BiasMapResults(StudyResults[BiasOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, BiasOptions)
        found, loads, joints = panels(opened), opened.factor(LOAD), opened.factor(JOINT)
        pilot, worlds = worlds_of(self.asked)[1].scenario, list[tuple[float, float, Worlds]]()
        for (point, replicate), panel in found.items():
            if point % 2 == 0 and (point + 1, replicate) in found:
                pair = Worlds(panel, found[point + 1, replicate], None, adoption_days(pilot, panel.streets))
                worlds.append((loads[point // 2], joints[point // 2], pair))
        self.maps = []
        for measure in self.options.measures:
            truths = ((load, joint, one_truth(each, measure, washout=self.options.washout))
                      for load, joint, each in worlds)  # fmt: skip
            self.maps.append(bias_map(measure, truths))

    def as_json(self) -> dict[str, Any]:
        first, *others = map(to_json, self.maps)
        return {"study": self.folder, **first, "others": others}

    def blocks(self) -> Iterable[str]:
        for each in self.maps:
            yield from sentences(each)

    def tables(self) -> Mapping[str, CsvTable]:
        header = f"measure {LOAD} {JOINT} runs bias bias_low bias_high truth truth_low truth_high coverage"
        rows = ([found.measure, cell.load, cell.joint, cell.runs, cell.bias, cell.truth, cell.coverage.mean]
                for found in self.maps for cell in found.cells)  # fmt: skip
        return {"bias": csv_table(header, rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.event_study import bias_heat

        yield from (Chart(f"bias_{each.measure}", partial(bias_heat, each)) for each in self.maps)


def sentences(found: BiasMap) -> Iterator[str]:
    """Yield where the bias is largest and smallest."""
    measure = MEASURES[found.measure]
    known = sorted((abs(cell.bias.mean), place) for place, cell in enumerate(found.cells) if cell.bias.mean is not None)
    if known:
        least, most = (found.cells[place] for _, place in (known[0], known[-1]))
        yield msg(
            "evaluation_says_map", measure=measure_title(found.measure), unit=unit(measure, difference=True),
            load=most.load, joint=100 * most.joint, bias=plus_minus(most.bias, measure),
            least_load=least.load, least_joint=100 * least.joint, least=plus_minus(least.bias, measure),
        )  # fmt: skip
    yield msg("evaluation_no_forecast")


KIND = Kind(BiasOptions, lay_out, BiasMapResults, example="""\
regimes: [inverted]
replicates: {fixed: 2}
analysis: {day: 150, share: 0.5, loads: [0.6, 0.8], joint_times: [0, 1]}
set: {run.warm_up_days: 30, run.window_days: 240, run.follow_up_days: 40, demand.scale: 0.01}
""")  # fmt: skip
