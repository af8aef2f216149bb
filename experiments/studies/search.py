"""Packages of instruments for many objectives across uncertain worlds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from experiments.blocks import Block, Table
from experiments.charts.search import Judgement, packages, regrets, trade_offs
from experiments.design.factors import Factor, factors_over, graded, instruments_named, reference, set_twice
from experiments.design.naming import Names
from experiments.design.objectives import PACKAGE, PHASE, WORLD, Objective, SearchOptions, search_problems
from experiments.design.plan import Base, bases_of
from experiments.errors import raise_if_any
from experiments.formatting import labelled, mean_text, plus_minus, share_text, title, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, StudyResults, csv_table
from experiments.messages import msg
from experiments.runner.search import JUDGE, SEARCH, SearchAgenda
from experiments.stats import Interval, mean_interval
from experiments.stats.intervals import UNDEFINED, share_interval, to_json
from experiments.stats.pareto import Judged, pareto, regret
from model import OUTCOMES


def lay_out(asked: Asked[SearchOptions]) -> Layout:
    """Lay out the study."""
    study, options, places = asked.study, asked.options, asked.places
    worlds = options.worlds
    bases, uncertain = asked.checked(
        lambda: _bases(asked),
        lambda: factors_over(worlds.parameters, reference(study), places, ("analysis", "worlds")),
        problems=search_problems(study, options, places),
    )
    factors = _package_factors(asked, bases)
    raise_if_any(f"{places('analysis')}{problem}" for problem in set_twice([*factors, *uncertain], study.set))
    plan = asked.plan(bases, factors, [], blocks=worlds.count + worlds.fresh)
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
        judged, search = list(_judged(runs[runs[PHASE] == JUDGE], options, factors)), runs[runs[PHASE] == SEARCH]
        tables = [search.pivot_table(each.outcome, PACKAGE, WORLD, dropna=False) for each in options.objectives]
        worths = [[each.worth(row) for row in table.to_numpy()]
                  for each, table in zip(options.objectives, tables, strict=True)]  # fmt: skip
        tried = np.array(worths, dtype=np.float64).T
        names = Names({**self.study.parameters, **options.worlds.parameters})
        titles = {base["label"]: base["resolved"]["title"] for base in opened.manifest["bases"]}
        self.judgement = Judgement(options.objectives, factors, judged, tried, options.worlds.fresh, names, titles)
        ends = range(options.population, len(tried) + 1, options.population)
        known = [tried[:end][np.isfinite(tried[:end]).all(axis=1)] for end in ends]
        self.front = [int(pareto(each, options.directions).sum()) for each in known]

    def as_json(self) -> dict[str, Any]:
        worlds = self.options.worlds
        return {
            "study": self.folder, "objectives": [objective.key for objective in self.options.objectives],
            "packages_tried": len(self.judgement.tried), "pareto_by_generation": self.front, "worlds": worlds.count,
            "fresh_worlds": worlds.fresh, "judged": to_json(self.judgement.judged),
        }  # fmt: skip

    def blocks(self) -> Iterable[Block | str]:
        judgement, worlds = self.judgement, self.options.worlds
        yield _table(judgement)
        yield _contents(judgement)
        front, say = self.front[-1] if self.front else 0, partial(msg, fresh=worlds.fresh)
        yield say("search_size", tried=len(judgement.tried), worlds=worlds.count, front=front)
        for objective in judgement.objectives if judgement.judged else ():
            least = min(judgement.judged, key=lambda each: each.regret[objective.key].mean or 0.0)
            outcome = OUTCOMES[objective.outcome]
            behind = mean_text(least.regret[objective.key], outcome)
            yield msg("search_least", title=_objective(objective), name=judgement.shown(least), regret=behind,
                      unit=unit(outcome, difference=True))  # fmt: skip
        known = [each for each in judgement.judged if each.satisfied.mean is not None]
        if known:
            most = max(known, key=lambda each: each.satisfied.mean or 0.0)
            words = {"name": judgement.shown(most), "share": f"{most.satisfied.mean:.0%}"}
            yield say("search_most", **words) if most.satisfied.mean else say("search_none_satisfied")
        yield msg("chance_only")

    def tables(self) -> Mapping[str, CsvTable]:
        factors = [factor.name for factor in self.judgement.factors]
        header = ["name", *factors, "cost", "feasible", "efficient", "satisfied", "objective",
                  "worth", "ci_low", "ci_high", "regret", "regret_low", "regret_high"]  # fmt: skip
        rows = (
            [each.name, *map(each.package.get, factors), each.cost, each.feasible, each.efficient,
             each.satisfied.mean, key, each.worth[key], each.regret[key]]
            for each in self.judgement.judged for key in each.worth
        )  # fmt: skip
        return {"judged": csv_table(header, rows)}

    def charts(self) -> Iterator[Chart]:
        judgement = self.judgement
        for name, draw, shown in (("trade_offs", trade_offs, judgement.judged),
                                  ("packages", packages, judgement.packages),
                                  ("regret", regrets, judgement.judged)):  # fmt: skip
            if shown:
                yield Chart(name, partial(draw, judgement))


def _judged(runs: pd.DataFrame, options: SearchOptions, factors: Sequence[Factor]) -> Iterator[Judged]:
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
    satisfied = _satisfied(tables, options)
    for place, (index, regime) in enumerate(means[objectives[0].outcome].index):
        package = runs.loc[runs[PACKAGE] == index, names].to_dict("records")[0] if index >= 0 else {}
        averages = {name: float(np.mean(table.to_numpy()[place])) for name, table in means.items()}
        excess = options.excess(package, factors, averages) if package else {}
        yield Judged(
            f"p{index}" if package else str(regime), package, options.cost_of(package, factors) if package else None,
            all(far <= 0.0 for far in excess.values()), bool(efficient[place]),
            {each.key: mean_interval(tables[each.key][place]) if each.over == "mean" else Interval(float(worth))
             for each, worth in zip(objectives, worths[place], strict=True)},
            {key: mean_interval(rows[place]) for key, rows in behind.items()}, satisfied[place],
        )  # fmt: skip


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


def _table(judgement: Judgement) -> Table:
    """Return what the judged packages are worth, and their regret."""
    header, rows = [msg("search_package")], []
    for objective in judgement.objectives:
        outcome = OUTCOMES[objective.outcome]
        over = _objective(objective).removeprefix(title(outcome))
        header += [f"{labelled(outcome)}{over}", f"{msg('search_regret')} ({unit(outcome, difference=True)})"]
    header += [msg("search_satisfied"), msg("search_cost")]
    for each in judgement.judged:
        cells = [f"{judgement.shown(each)}{'*' if each.efficient else ''}{'' if each.feasible else ' †'}"]
        for objective in judgement.objectives:
            outcome = OUTCOMES[objective.outcome]
            cells += [plus_minus(each.worth[objective.key], outcome, sign=False),
                      mean_text(each.regret[objective.key], outcome)]  # fmt: skip
        cost = msg("undefined") if each.cost is None else f"{each.cost:.2f}"
        rows.append((*cells, share_text(each.satisfied), cost))
    return Table(tuple(header), tuple(rows), msg("search_title", fresh=judgement.fresh), msg("search_caption"))


def _contents(judgement: Judgement) -> Table:
    """Return what the judged packages consist of."""
    names, shown = judgement.names, judgement.packages
    rows = tuple(
        (names.of(factor.name), *(names.value(factor.name, each.package[factor.name]) for each in shown))
        for factor in judgement.factors
    )
    header = (msg("instrument"), *(each.name for each in shown))
    return Table(header, rows, msg("search_contents"), msg("search_contents_caption"))


KIND = Kind(SearchOptions, lay_out, SearchResults, example="""\
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
