"""Packages of instruments for many objectives across uncertain worlds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.blocks import Block, Table
from experiments.charts.search import Judgement, doubts, packages, regrets, trade_offs
from experiments.design.designs import WORLD
from experiments.design.factors import Factor, factors_over, graded, instruments_named, reference, set_twice
from experiments.design.naming import Names
from experiments.design.objectives import (
    PACKAGE,
    PHASE,
    Objective,
    SearchOptions,
    search_problems,
    worlds_of_search,
    worlds_that_judge,
)
from experiments.design.plan import Base, bases_of
from experiments.errors import raise_if_any
from experiments.formatting import (
    decimals,
    interval_text,
    labelled,
    level_text,
    mean_text,
    plus_minus,
    share_of_worlds,
    share_text,
    title,
    unit,
)
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, StudyResults, csv_table
from experiments.messages import msg
from experiments.report.doubt import world_sentence
from experiments.report.scaled import MARK, untold
from experiments.runner.search import JUDGE, SEARCH, SearchAgenda
from experiments.stats import Interval, mean_interval
from experiments.stats.ensemble import CLOSURE, Doubt, doubt
from experiments.stats.intervals import UNDEFINED, share_interval, to_json
from experiments.stats.pareto import Judged, WorldRange, pareto, regret
from model import OUTCOMES, Outcome

if TYPE_CHECKING:
    import pandas as pd


def lay_out(asked: Asked[SearchOptions]) -> Layout:
    """Lay out the study."""
    study, options, places = asked.study, asked.options, asked.places
    varied = options.worlds.parameters
    bases, uncertain, worlds = asked.checked(
        lambda: _bases(asked),
        lambda: factors_over(varied, reference(study), places, ("analysis", "worlds")),
        lambda: worlds_of_search(study, options, places),
        problems=search_problems(study, options, places),
    )
    factors = _package_factors(asked, bases)
    raise_if_any(f"{places('analysis')}{problem}" for problem in set_twice([*factors, *uncertain], study.set))
    blocks = options.worlds.count + worlds_that_judge(study, options)
    plan = asked.plan(bases, factors, [], blocks=blocks, worlds=worlds)
    return Layout(plan, decides=partial(SearchAgenda, plan, options, uncertain))


def _bases(asked: Asked[SearchOptions]) -> tuple[Base, ...]:
    """Return what instruments are set over, and the references."""
    own, references = asked.study.regimes[0], asked.options.references
    # what instruments are set over may be judged as it is as well
    label = f"{own} + package" if own in references else ""
    return asked.bases([(label, own, {}), *(("", regime, {}) for regime in references)])


def _package_factors(asked: Asked[SearchOptions], bases: Sequence[Base]) -> tuple[Factor, ...]:
    """Return what a package consists of: graded instruments and the study's parameters."""
    chosen = instruments_named(asked.options.instruments, asked.places("analysis", "instruments"))
    on = bases_of(asked.study, [("", asked.options.on, {})])[0].resolved if chosen else {}
    return (*(graded(instrument, bases[0].resolved, on) for instrument in chosen), *asked.factors())


class SearchResults(StudyResults[SearchOptions]):
    """What the study found, judged in worlds that the search has not seen."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, SearchOptions)
        runs, options = opened.runs, self.options
        factors = _package_factors(self.asked, _bases(self.asked))
        # the second base is the first reference
        self.against = opened.labels[1] if options.references else None
        judged = list(_judged(runs[runs[PHASE] == JUDGE], options, factors, self.against))
        search, fresh = runs[runs[PHASE] == SEARCH], worlds_that_judge(self.study, options)
        tables = [search.pivot_table(each.outcome, PACKAGE, WORLD, dropna=False) for each in options.objectives]
        worths = [[each.worth(row) for row in table.to_numpy()]
                  for each, table in zip(options.objectives, tables, strict=True)]  # fmt: skip
        tried = np.array(worths, dtype=np.float64).T
        names = Names({**self.study.parameters, **options.worlds.parameters})
        titles = {base["label"]: base["resolved"]["title"] for base in opened.manifest["bases"]}
        self.judgement = Judgement(
            options.objectives, factors, judged, tried, fresh, names, titles, plausible=bool(opened.worlds)
        )
        scale = opened.manifest["bases"][0]["resolved"]["demand"]["scale"]
        self.untold = untold([each.name for each in self.judgement.doubted], scale)
        ends = range(options.population, len(tried) + 1, options.population)
        known = [tried[:end][np.isfinite(tried[:end]).all(axis=1)] for end in ends]
        self.front = [int(pareto(each, options.directions).sum()) for each in known]

    def as_json(self) -> dict[str, Any]:
        worlds = self.options.worlds
        return {
            "study": self.folder, "objectives": [objective.key for objective in self.options.objectives],
            "packages_tried": len(self.judgement.tried), "pareto_by_generation": self.front, "worlds": worlds.count,
            "fresh_worlds": self.judgement.fresh, "against": self.against, "judged": to_json(self.judgement.judged),
        }  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        judgement, worlds = self.judgement, self.options.worlds
        if judgement.plausible:
            yield from _over_worlds(judgement, self.against, self.untold)
        else:
            yield _table(judgement)
        yield _contents(judgement)
        front, say = self.front[-1] if self.front else 0, partial(msg, fresh=judgement.fresh)
        yield say("search_size", tried=len(judgement.tried), worlds=worlds.count, front=front)
        if judgement.plausible:
            yield say("search_plausible", worlds=worlds.count)
            if self.untold:
                yield msg("brief_untold", count=len(self.untold), all=len(judgement.doubted))
        elif not worlds.parameters:
            yield say("search_luck_alone")
        for objective in judgement.objectives if judgement.judged else ():
            yield from _best(judgement, objective, self.against)
        known = [each for each in judgement.judged if each.satisfied.mean is not None]
        if known:
            most = max(known, key=lambda each: each.satisfied.mean or 0.0)
            words = {"name": judgement.shown(most), "share": f"{most.satisfied.mean:.0%}"}
            yield say("search_most", **words) if most.satisfied.mean else say("search_none_satisfied")
        if not judgement.plausible:
            yield msg("chance_only")

    def tables(self) -> Mapping[str, CsvTable]:
        factors = [factor.name for factor in self.judgement.factors]
        header = ["name", *factors, "cost", "feasible", "efficient", "satisfied", "objective",
                  "worth", "ci_low", "ci_high", "regret", "regret_low", "regret_high", "kept", "worth_median",
                  "worth_5", "worth_95", "regret_median", "regret_5", "regret_95", "doubt_median", "doubt_5",
                  "doubt_95", "better", "clear", "luck_half_width"]  # fmt: skip
        rows = (
            [each.name, *map(each.package.get, factors), each.cost, each.feasible, each.efficient,
             each.satisfied.mean, key, each.worth[key], each.regret[key], each.kept.mean,
             each.worlds[key].drawn, each.behind[key].drawn, *_cells(each.doubt.get(key))]
            for each in self.judgement.judged for key in each.worth
        )  # fmt: skip
        return {"judged": csv_table(header, rows)}

    def charts(self) -> Iterator[Chart]:
        judgement = self.judgement
        doubted = judgement.plausible and any(each.doubt for each in judgement.judged)
        for name, draw, shown in (("doubt", doubts, doubted), ("trade_offs", trade_offs, judgement.judged),
                                  ("packages", packages, judgement.packages),
                                  ("regret", regrets, judgement.judged)):  # fmt: skip
            if shown:
                yield Chart(name, partial(draw, judgement))


def _judged(
    runs: pd.DataFrame, options: SearchOptions, factors: Sequence[Factor], against: str | None
) -> Iterator[Judged]:
    """Yield packages and references as the fresh worlds judge them; those with a failed run are left out."""
    names, objectives = [factor.name for factor in factors], options.objectives
    means = {name: runs.pivot_table(name, [PACKAGE, "regime"], WORLD, dropna=False, observed=True).dropna(how="all")
             for name in options.outcomes}  # fmt: skip
    complete = means[objectives[0].outcome].notna().all(axis=1)
    means = {name: table.reindex(complete.index[complete]) for name, table in means.items()}
    if not complete.any():
        return
    tables = {each.key: means[each.outcome].to_numpy() for each in objectives}
    worths = np.array([[each.worth(row) for row in tables[each.key]] for each in objectives]).T
    efficient = pareto(worths, options.directions)
    behind = {each.key: regret(tables[each.key], each.direction) for each in objectives}
    satisfied, index = _satisfied(tables, options), list(means[objectives[0].outcome].index)
    doubts = _doubts(runs, options, index, against)
    for place, (number, regime) in enumerate(index):
        package = runs.loc[runs[PACKAGE] == number, names].to_dict("records")[0] if number >= 0 else {}
        in_worlds = {name: table.to_numpy()[place] for name, table in means.items()}
        averages = {name: float(np.mean(each)) for name, each in in_worlds.items()}
        excess = options.excess(package, factors, averages) if package else {}
        yield Judged(
            f"p{number}" if package else str(regime), package, options.cost_of(package, factors) if package else None,
            all(far <= 0.0 for far in excess.values()), bool(efficient[place]),
            {each.key: mean_interval(tables[each.key][place]) if each.over == "mean" else Interval(float(worth))
             for each, worth in zip(objectives, worths[place], strict=True)},
            {key: mean_interval(rows[place]) for key, rows in behind.items()}, satisfied[place],
            _kept(options, in_worlds, excess.get("cost", 0.0)),
            {key: WorldRange.of(rows[place]) for key, rows in tables.items()},
            {key: WorldRange.of(rows[place]) for key, rows in behind.items()}, doubts[place],
        )  # fmt: skip


def _kept(options: SearchOptions, in_worlds: Mapping[str, NDArray[np.float64]], beyond: float) -> Interval:
    """Return the share of the worlds in which every bound is kept, none where the cost is beyond the budget."""
    if not options.bounds and options.cost is None:
        return UNDEFINED
    worlds = next(iter(in_worlds.values())).size
    kept = [np.array([each.excess(value) <= 0.0 for value in in_worlds[each.outcome]]) for each in options.bounds]
    return share_interval(int(np.all([np.full(worlds, beyond <= 0.0), *kept], axis=0).sum()), worlds)


def _doubts(
    runs: pd.DataFrame, options: SearchOptions, index: Sequence[Any], against: str | None
) -> list[dict[str, Doubt]]:
    """Return by row what it does against a reference, in the same worlds with the same luck.

    Closure is told by three outcomes together wherever it is an objective, as far as the study keeps them.
    """
    from pandas import MultiIndex

    if (-1, against) not in index:
        return [{} for _ in index]
    first, found = index.index((-1, against)), [dict[str, Doubt]() for _ in index]
    shape = (len(index), runs[WORLD].nunique(), runs["replicate"].nunique())
    every = MultiIndex.from_product([sorted(runs[WORLD].unique()), sorted(runs["replicate"].unique())])
    outcomes = dict.fromkeys(each.outcome for each in options.objectives)
    if CLOSURE.keys() & outcomes.keys():
        outcomes = dict.fromkeys(name for name in CLOSURE if name in runs) | outcomes
    keys = {name: name for name in outcomes} | {each.key: each.outcome for each in options.objectives}
    for key, outcome in keys.items():
        table = runs.pivot_table(outcome, [PACKAGE, "regime"], [WORLD, "replicate"], observed=True)
        values = table.reindex(list(index)).reindex(columns=every).to_numpy().reshape(shape)
        for place in range(len(index)):
            if place != first:
                found[place][key] = doubt(values[place] - values[first], OUTCOMES[outcome].direction)
    return found


def _satisfied(tables: Mapping[str, Any], options: SearchOptions) -> list[Interval]:
    """Return by row the share of the worlds in which every objective that says so is good enough."""
    rows = len(next(iter(tables.values())))
    signed = [(tables[each.key] * each.direction, each.satisfies * each.direction)
              for each in options.objectives if each.satisfies is not None]  # fmt: skip
    if not signed:
        return [UNDEFINED] * rows
    good = np.all([values >= least for values, least in signed], axis=0)
    return [share_interval(int(row.sum()), row.size) for row in good]


def _objective(objective: Objective) -> str:
    over = "" if objective.over == "mean" else f", {msg('search_worst')}"
    return f"{title(OUTCOMES[objective.outcome])}{over}"


def _marked(judgement: Judgement, each: Judged) -> str:
    return f"{judgement.shown(each)}{'*' if each.efficient else ''}{'' if each.feasible else ' †'}"


def _cost(each: Judged) -> str:
    return msg("undefined") if each.cost is None else f"{each.cost:.2f}"


def _table(judgement: Judgement) -> Table:
    """Return what the judged packages are worth, and their regret."""
    header, rows = [msg("search_package")], []
    for objective in judgement.objectives:
        outcome = OUTCOMES[objective.outcome]
        over = _objective(objective).removeprefix(title(outcome))
        header += [f"{labelled(outcome)}{over}", f"{msg('search_regret')} ({unit(outcome, difference=True)})"]
    header += [msg("search_satisfied"), msg("search_cost")]
    for each in judgement.judged:
        cells = [_marked(judgement, each)]
        for objective in judgement.objectives:
            outcome = OUTCOMES[objective.outcome]
            cells += [plus_minus(each.worth[objective.key], outcome, sign=False),
                      mean_text(each.regret[objective.key], outcome)]  # fmt: skip
        rows.append((*cells, share_text(each.satisfied), _cost(each)))
    return Table(tuple(header), tuple(rows), msg("search_title", fresh=judgement.fresh), msg("search_caption"))


def _over_worlds(judgement: Judgement, against: str | None, untold: Collection[str]) -> Iterator[Table]:
    """Yield what the judged packages do against the first reference in each world, and what they are worth there.

    Outcomes that are `untold` at the volume of the study are marked.
    """
    known = {"fresh": judgement.fresh, "before": judgement.called(against)} if against else {}
    doubted, told = [each for each in judgement.judged if each.doubt], judgement.doubted
    worth_header = [msg("search_package")]
    for objective in judgement.objectives:
        outcome = OUTCOMES[objective.outcome]
        over = _objective(objective).removeprefix(title(outcome))
        worth_header += [f"{labelled(outcome)}{over}", f"{msg('search_regret')} ({unit(outcome, difference=True)})"]
    if doubted:
        header = (msg("search_package"), *(
            f"{labelled(outcome, difference=True)}{f' {MARK}' if outcome.name in untold else ''}" for outcome in told
        ))  # fmt: skip
        rows = [(_marked(judgement, each), *(_doubt_cell(each.doubt[outcome.name], outcome) for outcome in told))
                for each in doubted]  # fmt: skip
        yield Table(header, tuple(rows), msg("search_doubt", **known), msg("search_doubt_caption"))
    worth_header += [msg(f"search_{name}") for name in ("satisfied", "kept", "cost")]
    worths = [
        (
            _marked(judgement, each),
            *(level_text(found[one.key].drawn, OUTCOMES[one.outcome])
              for one in judgement.objectives for found in (each.worlds, each.behind)),
            share_of_worlds(each.satisfied.mean), share_of_worlds(each.kept.mean), _cost(each),
        ) for each in judgement.judged
    ]  # fmt: skip
    caption = msg("search_worlds_caption")
    yield Table(tuple(worth_header), tuple(worths), msg("search_title", fresh=judgement.fresh), caption)


def _doubt_cell(found: Doubt, outcome: Outcome) -> str:
    """Return the typical difference, its range over worlds, and in how many it is better."""
    if found.median is None:
        return msg("undefined")
    digits = decimals(found.interval, outcome)
    ends = interval_text(found.interval, outcome, digits, sign=True)
    return f"{mean_text(found.interval, outcome, sign=True)} ({ends}); {share_of_worlds(found.better)}"


def _cells(found: Doubt | None) -> tuple[float | None, ...]:
    if found is None:
        return (None,) * 6
    return found.median, found.low, found.high, found.better, found.clear, found.luck_half_width


def _best(judgement: Judgement, objective: Objective, against: str | None) -> Iterator[str]:
    """Yield which package has the smallest regret, and over plausible worlds what it does against the reference."""
    least = min(judgement.judged, key=lambda each: each.regret[objective.key].mean or 0.0)
    outcome, name = OUTCOMES[objective.outcome], judgement.shown(least)
    behind = mean_text(least.regret[objective.key], outcome)
    yield msg("search_least", title=_objective(objective), name=name, regret=behind,
              unit=unit(outcome, difference=True))  # fmt: skip
    after = msg("search_after", name=name, before=judgement.called(against)) if against else ""
    for one in judgement.doubted if judgement.plausible and least.doubt and objective.over == "mean" else ():
        together = one.name in CLOSURE and outcome.name in CLOSURE
        if (one == outcome or together) and least.doubt[one.name].median is not None:
            yield world_sentence(one, least.doubt[one.name], after)


def _contents(judgement: Judgement) -> Table:
    """Return what the judged packages consist of."""
    names, shown = judgement.names, judgement.packages
    rows = tuple(
        (names.of(factor.name), *(names.value(factor.name, each.package[factor.name]) for each in shown))
        for factor in judgement.factors
    )
    header = (msg("instrument"), *(each.name for each in shown))
    return Table(header, rows, msg("search_contents"), msg("search_contents_caption"))


KIND = Kind(SearchOptions, lay_out, SearchResults, seeds_a_world=1, rows_in_worlds=True, extra="studies", example="""\
regimes: [inverted]
replicates: {fixed: 1}
analysis:
  instruments: [R1, R3]
  population: 4
  generations: 3
  judged: 3
  references: [flattened]
  objectives: [{outcome: closure_rate, satisfies: 0.5}, {outcome: passes_per_case}]
  worlds: {count: 2, fresh: 8, parameters: {acceptance.membership: {uniform: [1, 6]}}}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
