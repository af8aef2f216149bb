"""Which instrument does the work: Shapley values and interactions over paired seeds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from pydantic import Field

from experiments.blocks import Block, Table
from experiments.design.designs import Row, settings_of
from experiments.design.factors import OFF, ON, instruments_named, switched
from experiments.design.naming import Names
from experiments.design.plan import Base
from experiments.formatting import (
    better_in,
    decimals,
    labelled,
    level_text,
    mean_text,
    number,
    plus_minus,
    range_text,
    share_of_worlds,
    title,
    unit,
)
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults, csv_table
from experiments.messages import msg
from experiments.stats import Interval
from experiments.stats.attribution import SIDES, Attribution, attribute
from experiments.stats.by_world import RANGES, ByWorld
from experiments.stats.ensemble import Doubt
from experiments.stats.shapley import MOST_EXACT, Scheme, random_orders
from experiments.store.shards import flat
from model import OUTCOMES


class AttributeOptions(Options):
    """Options of an attribution."""

    instruments: tuple[str, ...] = Field(min_length=1, description="Rows of the claims, as [R1, R3, R8].")
    scheme: Literal["subsets", "orders"] | None = Field(
        None, description="subsets: all; orders: random orders of introduction. Default: subsets up to six instruments."
    )
    interactions: bool = Field(True, description="orders: pairwise interactions too, for twice the runs.")
    outcomes: tuple[str, ...] = Field(("closure_rate",), min_length=1, description="The first is answered by --json.")


def lay_out(asked: Asked[AttributeOptions]) -> Layout:
    """Lay out the study."""
    options, where = asked.options, asked.places("analysis", "instruments")
    bases, instruments = asked.checked(
        asked.bases, lambda: instruments_named(options.instruments, where),
        problems=_problems(asked), outcomes=options.outcomes,
    )  # fmt: skip
    factors = [switched(each, bases[0].resolved, bases[1].resolved) for each in instruments]
    scheme, rows = _scheme(asked), list[Row]()
    masks = _masks(scheme)
    for mask in masks:
        values = {factor.name: ON if mask >> place & 1 else OFF for place, factor in enumerate(factors)}
        rows.append(Row(len(rows), 0, values, settings_of(factors, values)))
    plan = asked.plan(bases[:1], factors, rows)
    runs = ((plan.points[masks.index(mask)], replicate) for mask, replicate in scheme.runs())
    return Layout(plan, tasks=[plan.task(*each) for each in runs])


def _problems(asked: Asked[AttributeOptions]) -> Iterator[str]:
    study, places, count = asked.study, asked.places, len(asked.options.instruments)
    if len(study.regimes) != 2:
        yield f"{places('regimes')}expected two (without any instrument, and with all), got {len(study.regimes)}."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Subsets are compared on the same random seeds."
    if study.parameters:
        yield f"{places('parameters')}expected none, because an attribution varies only instruments."
    if study.replicates.fixed is None or study.replicates.fixed < 2:
        yield f"{places('replicates')}expected fixed: 2 or more (random seeds, or orders of introduction)."
    if asked.options.scheme == "subsets" and count > MOST_EXACT:
        yield f"{places('analysis', 'scheme')}expected orders beyond {MOST_EXACT} instruments, got subsets of {count}."


def _scheme(asked: Asked[AttributeOptions]) -> Scheme:
    """Return which subsets of the instruments a study runs, always the same."""
    options, replicates = asked.options, asked.study.replicates.first
    few = len(options.instruments) <= MOST_EXACT // 2
    if (options.scheme or ("subsets" if few else "orders")) == "subsets":
        return Scheme(options.instruments, replicates)
    return random_orders(options.instruments, replicates, asked.study.seed, interactions=options.interactions)


def _masks(scheme: Scheme) -> list[int]:
    """Return the subsets that are run, in the order of the points of the study."""
    return sorted({mask for mask, _ in scheme.runs()})


class AttributeResults(StudyResults[AttributeOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, AttributeOptions)
        scheme, table = _scheme(self.asked), opened.table
        masks, replicates = _masks(scheme), table.column("replicate").to_pylist()
        run = [masks[point] for point in table.column("point").to_pylist()]
        worlds = opened.world_of(range(scheme.replicates))
        self.found = [attribute(scheme, each, run, replicates, table.column(each).to_numpy(),
                                ByWorld(worlds, OUTCOMES[each].direction))
                      for each in self.options.outcomes]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        first, *others = (each.as_json() for each in self.found)
        about = {"study": self.folder, "runs": self.opened.table.num_rows}
        return {**first, **about, "others": others, "not_attributed": self.left_over()}

    def left_over(self) -> list[str]:
        """Return keys in which the second regime differs from the first that no chosen instrument turns."""
        return left_over(self.asked.bases(), self.options.instruments)

    def blocks(self) -> Iterable[Block | str]:
        for each in self.found:
            if each.worlds:
                yield from world_tables(each, self.names)
                yield from world_sentences(each, self.names)
            else:
                yield attribution_table(each, self.names)
                yield from sentences(each, self.names)
        if left := self.left_over():
            yield msg("attribution_left_over", whole=self.study.regimes[1], keys=", ".join(left))
        worlds = self.found[0].worlds
        yield msg("worlds_only", worlds=worlds) if worlds else msg("chance_only")

    def tables(self) -> Mapping[str, CsvTable]:
        ranges = [(found.outcome, each.instrument, side, *doubt.as_json().values()) for found in self.found
                  for each in found.contributions for side, doubt in each.doubts.items()]  # fmt: skip
        ranges += [(found.outcome, "all", level, *doubt.as_json().values()) for found in self.found
                   for level, doubt in found.doubts.items()]  # fmt: skip
        return {
            **({"doubt": csv_table(["outcome", "instrument", "side", *RANGES], ranges)} if ranges else {}),
            "attribution": csv_table(
                "outcome instrument shapley ci_low ci_high p_holm alone alone_low alone_high left_out left_out_low "
                "left_out_high",
                ([found.outcome, each.instrument, each.shapley, each.p_holm, each.alone, each.left_out]
                 for found in self.found for each in found.contributions),
            ),
            "interactions": csv_table(
                "outcome first second interaction ci_low ci_high",
                ([found.outcome, each.first, each.second, each.index]
                 for found in self.found for each in found.interactions or ()),
            ),
        }  # fmt: skip

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.indices import alone_and_last, instrument_pairs, waterfall

        for found in self.found:
            if found.idle:
                continue
            yield Chart(f"waterfall_{found.outcome}", partial(waterfall, found, self.names))
            yield Chart(f"sides_{found.outcome}", partial(alone_and_last, found, self.names))
            if found.interactions is not None:
                yield Chart(f"interactions_{found.outcome}", partial(instrument_pairs, found, self.names))


def left_over(bases: Sequence[Base], instruments: Sequence[str]) -> list[str]:
    """Return keys in which the second of two regimes differs from the first that none of the instruments turns."""
    turned = {path for each in instruments_named(instruments, "") for path in each.topics}
    before, after = (flat(base.resolved) for base in bases)
    names = ("name", "title.zh", "title.en")
    return sorted(path for path in after if before.get(path) != after[path] and path not in {*turned, *names})


def attribution_table(found: Attribution, names: Names) -> Table:
    """Return what each instrument does, largest first, the total last."""
    outcome = OUTCOMES[found.outcome]
    heading = msg(
        "attribution_table", title=title(outcome), unit=unit(outcome, difference=True),
        scheme=msg("attribution_exact" if found.exact else "attribution_orders"),
        lucks=msg("attribution_lucks", count=found.replicates),
    )  # fmt: skip
    header = (msg("instrument"), *(msg(f"attribution_{key}") for key in ("shapley", "share", "alone", "left_out")))
    rows = []
    for each in found.ranked:
        share = found.share(each)
        part = msg("undefined") if share is None else f"{round(100 * share) + 0}"
        value, *sides = (plus_minus(interval, outcome) for interval in (each.shapley, each.alone, each.left_out))
        rows.append((names.of(each.instrument), value + ("*" if each.clear else ""), part, *sides))
    rows.append((msg("attribution_all"), plus_minus(found.total, outcome), "", "", ""))
    return Table(header, tuple(rows), heading, msg("attribution_caption"))


def sentences(found: Attribution, names: Names) -> Iterator[str]:
    """Yield what all do, which does most, which is not clear, and what a reader must not conclude."""
    outcome = OUTCOMES[found.outcome]
    say = partial(msg, title=title(outcome))
    if found.dropped:
        count = len(found.dropped)
        yield say("attribution_dropped", count=count, all=found.replicates + count)
    if found.idle:
        yield say("attribution_nothing")
        return
    none, whole = (f"{mean_text(level, outcome)} {unit(outcome)}" for level in (found.none, found.whole))
    yield say("attribution_total", none=none, whole=whole, total=_amount(found, found.total))
    clear = [each for each in found.ranked if each.clear]
    if clear:
        share = found.share(clear[0])
        part = "" if share is None else msg("attribution_of_total", share=f"{100 * share:.0f} %")
        value = _amount(found, clear[0].shapley)
        yield say("attribution_most", name=names.of(clear[0].instrument), value=value, share=part)
    against = [each.instrument for each in clear if (found.share(each) or 0.0) < 0]
    unclear = [each.instrument for each in found.ranked if not each.clear]
    for key, which in (("against", against), ("unclear", unclear)):
        if which:
            yield say(f"attribution_{key}", names=names.listed(which))
    yield from _company(found, names)


def _company(found: Attribution, names: Names) -> Iterator[str]:
    """Yield which instruments the others turn, which two do most together, and that shares hold for the whole only."""
    say = partial(msg, title=title(OUTCOMES[found.outcome]))
    for each in found.contributions:
        if each.turns:
            sides = {side: _amount(found, each.shown(side)) for side in SIDES[1:]}
            yield say("attribution_turns", name=names.of(each.instrument), **sides)
    if found.interactions is None and len(found.contributions) > 1:
        yield msg("attribution_no_pairs")
    pairs = [pair for pair in found.interactions or () if pair.settled]
    if pairs:
        most = max(pairs, key=lambda pair: abs(pair.shown.mean or 0.0))
        called = {"first": names.of(most.first), "second": names.of(most.second)}
        yield say("attribution_pair", value=_amount(found, most.shown), **called)
    yield msg("attribution_relative")


def _amount(found: Attribution, interval: Interval) -> str:
    """Return a difference with its unit, over worlds with their range."""
    outcome = OUTCOMES[found.outcome]
    told = level_text(interval, outcome, sign=True) if found.worlds else plus_minus(interval, outcome)
    return f"{told} {unit(outcome, difference=True)}"


def world_tables(found: Attribution, names: Names) -> Iterator[Table]:
    """Yield over plausible worlds: what each instrument does on average, and alone and left out."""
    outcome, called = OUTCOMES[found.outcome], msg("attribution_all")
    own = {"title": labelled(outcome, difference=True), "worlds": found.worlds}
    keys = ("typical", "range", "share", "clear")
    header = (msg("instrument"), *(msg(f"doubt_{key}") for key in keys), msg("attribution_largest"), msg("doubt_luck"))
    rows = [
        _row(names.of(each.instrument), each.doubts["shapley"], found, share_of_worlds(each.largest))
        for each in found.ranked
    ]
    rows.append(_row(called, found.doubts["total"], found, ""))
    note = msg("attribution_worlds_note" if found.exact else "attribution_worlds_note_orders")
    yield Table(header, tuple(rows), msg("attribution_worlds_table", **own), note)
    header = (msg("instrument"), msg("attribution_alone"), msg("attribution_left_out"))
    sides = tuple(
        (names.of(each.instrument), *(level_text(each.shown(side), outcome, sign=True) for side in SIDES[1:]))
        for each in found.ranked
    )
    yield Table(header, sides, msg("attribution_worlds_sides", **own), msg("sweep_caption_worlds"))


def _row(name: str, doubt: Doubt, found: Attribution, largest: str) -> tuple[str, ...]:
    """Return the cells of one effect over worlds, luck last."""
    outcome, shown = OUTCOMES[found.outcome], doubt.interval
    luck = Interval(doubt.luck_half_width, 0.0, doubt.luck_half_width)
    return (
        name, mean_text(shown, outcome, sign=True), range_text(shown, outcome), better_in(doubt.better, outcome),
        better_in(doubt.clear, outcome), largest, number(luck.mean, outcome, decimals(luck, outcome)),
    )  # fmt: skip


def world_sentences(found: Attribution, names: Names) -> Iterator[str]:
    """Yield as `sentences`, over plausible worlds: how many of them say so comes first."""
    outcome = OUTCOMES[found.outcome]
    say = partial(msg, title=title(outcome), worlds=found.worlds)
    if found.dropped:
        count = len(found.dropped)
        yield say("attribution_dropped", count=count, all=found.replicates + count)
    if found.idle:
        yield say("attribution_nothing")
        return
    total, first = found.doubts["total"], found.ranked[0]
    key = "better" if outcome.direction else "higher"
    none, whole = (f"{level_text(found.shown(level), outcome)} {unit(outcome)}" for level in ("none", "whole"))
    yield say(f"attribution_worlds_total_{key}", share=share_of_worlds(total.better), none=none, whole=whole,
              value=_amount(found, total.interval))  # fmt: skip
    yield say(f"attribution_worlds_most_{key}", name=names.of(first.instrument),
              value=_amount(found, first.shown("shapley")), largest=share_of_worlds(first.largest),
              share=share_of_worlds(first.doubts["shapley"].better))  # fmt: skip
    up = (total.median or 0.0) > 0.0
    known = [each for each in found.ranked if each.settled]
    against = [each.instrument for each in known if ((each.shown("shapley").mean or 0.0) > 0.0) != up]
    open_ = [each.instrument for each in found.ranked if not each.settled]
    for key, which in (("against", against), ("open", open_)):
        if which:
            yield say(f"attribution_worlds_{key}", names=names.listed(which))
    yield from _company(found, names)


KIND = Kind(AttributeOptions, lay_out, AttributeResults, seeds_a_world=1, example="""\
regimes: [inverted, flattened]
replicates: {fixed: 3}
analysis: {instruments: [R1, R3, R8]}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
