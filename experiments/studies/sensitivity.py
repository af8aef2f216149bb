"""What matters most: Morris, Sobol and a second opinion, beside a dummy and the noise of chance."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Literal

from pydantic import Field

from experiments.blocks import Block, Table
from experiments.design.designs import Row, latin_design, mapped, morris_design, saltelli_design, settings_of
from experiments.design.factors import DUMMY, LUCK
from experiments.design.naming import Names
from experiments.design.studyfile import StudyFile
from experiments.errors import WrongInput
from experiments.formatting import PURE_NUMBER, SHARE, Measured, decimals, level_text, mean_text, number, title, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults, csv_table
from experiments.messages import msg, runs_text
from experiments.stats import Interval
from experiments.stats.indices import Analysis, Index, Method, OverWorlds, diagnose, over_worlds
from experiments.stats.sensitivity import Design, analyse, convergence
from model import OUTCOMES, one_of

METHODS: dict[str, Method] = {"sobol": "sobol", "morris": "morris", "lhs": "delta"}
"""By design: the method that reads it."""


class SensitivityOptions(Options):
    """Options of an analysis of sensitivity."""

    outcomes: tuple[str, ...] = Field(("closure_rate",), min_length=1, description="The first is answered by --json.")
    of: Literal["level", "difference"] = Field(
        "level",
        description="difference: the second regime minus the first, with the same seeds: the effect of a reform.",
    )
    second_opinion: Literal["pawn", "delta", "none"] = Field(
        "pawn", description="A method that compares whole distributions, beside Sobol's."
    )


def lay_out(asked: Asked[SensitivityOptions]) -> Layout:
    """Lay out the study."""
    bases, factors = asked.checked(
        asked.bases, asked.factors, problems=_problems(asked), outcomes=asked.options.outcomes
    )
    design = design_of(asked.study)
    values = mapped(design.shares[:, : len(factors)], factors)
    reserved = design.shares[:, len(factors) :].tolist()
    rows = [
        Row(number, block, {**value, DUMMY: dummy, LUCK: luck}, settings_of(factors, value))
        for number, (value, block, (dummy, luck)) in enumerate(
            zip(values, design.block.tolist(), reserved, strict=True)
        )
    ]
    return Layout(asked.plan(bases, factors, rows))


def _problems(asked: Asked[SensitivityOptions]) -> Iterator[str]:
    study, options, places = asked.study, asked.options, asked.places
    if study.design.kind not in METHODS:
        yield f"{places('design', 'kind')}expected {one_of(METHODS)} for sensitivity, got {study.design.kind}."
    if not study.parameters:
        yield f"{places('parameters')}expected one or more, got none."
    if study.replicates.until is not None:
        yield f"{places('replicates')}expected fixed, got until. The random seed is an input of the design."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. The scheme decides which rows share a random seed."
    if options.of == "difference" and len(study.regimes) != 2:
        yield f"{places('analysis', 'of')}expected two regimes for a difference, got {len(study.regimes)}."
    if options.of == "level" and len(study.regimes) != 1:
        yield f"{places('regimes')}expected one, or two with analysis.of: difference, got {len(study.regimes)}."


def design_of(study: StudyFile) -> Design:
    """Return the design of a study, always the same."""
    names, spec, seed = list(study.parameters), study.design, study.seed
    if spec.kind == "morris":
        return morris_design(names, spec.trajectories, seed, levels=spec.levels, candidates=spec.candidates)
    if spec.kind == "lhs":
        return latin_design(names, spec.points, seed)
    return saltelli_design(names, spec.blocks, seed, second_order=spec.second_order)


class SensitivityResults(StudyResults[SensitivityOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, SensitivityOptions)
        self.difference = self.options.of == "difference"
        self.design, method = design_of(self.study), METHODS[self.study.design.kind]
        self.values = {each: self.by_row(each, difference=self.difference) for each in self.options.outcomes}
        self.analyses = [self._analysis(outcome, method) for outcome in self.values]
        self.opinions = [self._opinion(outcome) for outcome in self.values]
        self.worlds = [over_worlds(outcome, each, self.design.block) for outcome, each in self.values.items()]

    def _analysis(self, outcome: str, method: Method) -> Analysis:
        second = method == "sobol" and self.design.second_order
        return analyse(self.design, outcome, self.values[outcome], method, second_order=second)

    def _opinion(self, outcome: str) -> Analysis | None:
        if self.design.scheme != "saltelli" or self.options.second_opinion == "none":
            return None
        try:
            return self._analysis(outcome, self.options.second_opinion)
        except WrongInput:  # too few independent rows for a second opinion, as in a smoke study
            return None

    def as_json(self) -> dict[str, Any]:
        first, *others = ({**analysis.as_json(), "over_worlds": worlds.as_json()}
                          for analysis, worlds in zip(self.analyses, self.worlds, strict=True))  # fmt: skip
        opinions = [each.as_json() for each in self.opinions if each is not None]
        about = {"study": self.folder, "of": self.options.of}
        return {**first, **about, "others": others, "second_opinion": opinions}

    def blocks(self) -> Iterable[Block | str]:
        yield from (index_table(analysis, self.names) for analysis in self.analyses)
        if self.difference:
            yield msg("sensitivity_of_difference", before=self.opened.labels[0], after=self.opened.labels[1])
        yield from (worlds_sentence(each, difference=self.difference) for each in self.worlds)
        for analysis, opinion in zip(self.analyses, self.opinions, strict=True):
            yield from sentences(analysis, self.names, opinion)
        yield msg("caveat")

    def tables(self) -> Mapping[str, CsvTable]:
        header = (
            "outcome method parameter first first_low first_high total total_low total_high mu_star mu_star_low "
            "mu_star_high sigma distance distance_low distance_high"
        )
        rows = (
            [each.outcome, each.method, index.parameter, index.first, index.total, index.mu_star, index.sigma,
             index.distance]
            for each in (*self.analyses, *filter(None, self.opinions))
            for index in (*each.indices, each.dummy, each.luck)
        )  # fmt: skip
        return {"indices": csv_table(header, rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.indices import bars, convergence_lines, morris_plane, parameter_pairs

        for analysis in self.analyses:
            if not analysis.varies:
                continue
            name = analysis.outcome
            draw = morris_plane if analysis.method == "morris" else bars
            yield Chart(f"{name}_{analysis.method}", partial(draw, analysis, self.names))
            if analysis.pairs is not None:
                yield Chart(f"{name}_interactions", partial(parameter_pairs, analysis, self.names))
            if analysis.method == "sobol":
                stages = convergence(self.design, name, self.values[name])
                yield Chart(f"{name}_convergence", partial(convergence_lines, stages, self.names))
        for opinion in self.opinions:
            if opinion is not None and opinion.varies:
                yield Chart(f"{opinion.outcome}_{opinion.method}", partial(bars, opinion, self.names))


def index_table(analysis: Analysis, names: Names) -> Table:
    """Return the indices of all parameters, most important first, the dummy and luck last."""
    outcome, method = OUTCOMES[analysis.outcome], analysis.method
    heading = msg("sensitivity_table", title=title(outcome), method=msg(f"method_{method}"),
                  runs=runs_text(analysis.runs))  # fmt: skip
    note = "sensitivity_caption" if method in ("sobol", "morris") else "sensitivity_distance_caption"
    own: dict[str, tuple[Measured, tuple[str, ...]]] = {
        "sobol": (SHARE, ("total", "first")), "morris": (outcome, ("mu_star", "sigma")),
    }  # fmt: skip
    measured, parts = own.get(method, (PURE_NUMBER, ("distance",)))
    columns = [msg(f"sensitivity_{part}", unit=unit(measured, difference=True)) for part in parts]
    header = [f"{column} (%)" if measured is SHARE else column for column in columns]
    rows = tuple(
        (names.of(index.parameter), *(_cell(index, part, measured) for part in parts)) for index in analysis.all_ranked
    )
    return Table((msg("sensitivity_parameter"), *header), rows, heading, msg(note))


def _cell(index: Index, part: str, measured: Measured) -> str:
    if part == "sigma":
        return number(index.sigma, measured, decimals(index.mu_star, measured))
    interval: Interval = getattr(index, part)
    return mean_text(interval, measured) if interval.low is None else level_text(interval, measured)


def _share(value: float | None) -> str:
    return f"{number(value, SHARE, 0)} %"


def worlds_sentence(found: OverWorlds, *, difference: bool) -> str:
    """Return how far an outcome, or its difference, goes over all worlds, and how often a difference is above 0."""
    outcome = OUTCOMES[found.outcome]
    if found.low is None or found.high is None:
        return msg("sensitivity_nowhere", title=title(outcome))
    digits = decimals(Interval(found.median, found.low, found.high), outcome)
    shown = {name: number(getattr(found, name), outcome, digits, sign=difference) for name in ("low", "median", "high")}
    positive = mean_text(found.positive, SHARE) if difference else ""
    return msg(
        "sensitivity_worlds_difference" if difference else "sensitivity_worlds", **shown, title=title(outcome),
        worlds=f"{found.worlds:,}", unit=unit(outcome, difference=difference), positive=positive,
    )  # fmt: skip


def sentences(analysis: Analysis, names: Names, opinion: Analysis | None = None) -> Iterator[str]:
    """Yield what matters most, how much is luck, and what is doubtful."""
    outcome = OUTCOMES[analysis.outcome]
    say = partial(msg, title=title(outcome))
    if analysis.dropped:
        count = len(analysis.dropped)
        yield say("sensitivity_dropped", count=count, all=analysis.groups + count)
    if not analysis.varies:
        yield say("sensitivity_constant")
        return
    most, method = analysis.ranked[0], msg(f"method_{analysis.method}")
    key = {"sobol": "sensitivity_most", "morris": "sensitivity_most_morris"}.get(analysis.method)
    yield say(
        key or "sensitivity_most_distance", name=names.of(most.parameter), method=method,
        first=_share(most.first.mean), total=_share(most.total.mean),
        size=f"{mean_text(most.mu_star, outcome)} {unit(outcome, difference=True)}",
    )  # fmt: skip
    if analysis.method == "sobol":
        share, alone = _share(analysis.luck.total.mean), _share(analysis.luck.first.mean)
        yield say("sensitivity_noise", share=share, alone=alone)
    found = diagnose(analysis, opinion)
    if found.stray_dummy:
        yield say("sensitivity_stray_dummy", dummy=f"{analysis.dummy.leading.mean:.3g}")
    for key in ("inert", "within_dummy", "below_luck"):
        if which := getattr(found, key):
            yield say(f"sensitivity_{key}", names=names.listed(which))
    if found.strange_sums:
        yield say("sensitivity_sums", first=_share(found.sum_of_first), total=_share(found.sum_of_total))
    elif found.interactions is not None:
        yield say("sensitivity_interactions", share=_share(found.interactions))
    if found.widest is not None:
        runs, now = f"{found.runs_needed:,}", f"{analysis.runs:,}"
        yield say("sensitivity_wide", name=names.of(found.widest), runs=runs, now=now)
    if opinion is not None:
        methods = {"method": method, "other": msg(f"method_{opinion.method}")}
        for more, less in found.disagreements:
            yield say("sensitivity_disagree", more=names.of(more), less=names.of(less), **methods)


KIND = Kind(SensitivityOptions, lay_out, SensitivityResults, extra="studies", example="""\
regimes: [inverted]
parameters: {staff.load: {uniform: [0.6, 0.9]}, acceptance.stake: {}}
design: {kind: sobol, blocks: 16}
replicates: {fixed: 1}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
