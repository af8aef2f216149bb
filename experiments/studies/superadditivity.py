"""Is the whole more than the sum (1+1>2): instruments alone, in pairs and all together, on the same random seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from experiments.blocks import Block, Table
from experiments.design.designs import Row, settings_of
from experiments.design.factors import OFF, ON, instruments_named, switched
from experiments.design.naming import Names
from experiments.design.plan import Base
from experiments.errors import raise_if_any
from experiments.formatting import PURE_NUMBER, mean_text, outcome_of, plus_minus, title, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults, csv_table
from experiments.messages import msg
from experiments.stats import Interval
from experiments.stats.superadditivity import Pair, Superadditivity, gain, log_odds, subsets, superadditivity
from experiments.store.shards import flat
from experiments.studies.attribute import left_over
from model import INSTRUMENTS

if TYPE_CHECKING:
    from model import Instrument, Outcome

SHOWN = 6  # pairs that a table names from each end; all are in the figure and on disk


class SuperadditivityOptions(Options):
    """Options of the comparison of a whole with the sum of its parts."""

    instruments: tuple[str, ...] = Field(
        (),
        description="Rows of the claims, as [R1, R3, R8]; none given: those of R1 to R13 in which the regimes differ.",
    )
    outcomes: tuple[str, ...] = Field(("closure_rate",), min_length=1, description="The first is answered by --json.")


def lay_out(asked: Asked[SuperadditivityOptions]) -> Layout:
    """Lay out the study: nothing on, each instrument alone, all pairs, everything on."""
    options, where = asked.options, asked.places("analysis", "instruments")
    bases, named = asked.checked(
        asked.bases, lambda: instruments_named(options.instruments, where),
        problems=_problems(asked), outcomes=options.outcomes,
    )  # fmt: skip
    chosen = named or _of_the_reform(bases)
    raise_if_any(f"{where}{problem}" for problem in _unfit(chosen, bases))
    factors = [switched(each, bases[0].resolved, bases[1].resolved) for each in chosen]
    rows = list[Row]()
    for subset in subsets(len(factors)):
        values = {factor.name: ON if place in subset else OFF for place, factor in enumerate(factors)}
        rows.append(Row(len(rows), 0, values, settings_of(factors, values)))
    return Layout(asked.plan(bases[:1], factors, rows))


def _problems(asked: Asked[SuperadditivityOptions]) -> Iterator[str]:
    study, places, given = asked.study, asked.places, asked.options.instruments
    if len(study.regimes) != 2:
        yield f"{places('regimes')}expected two (without any instrument, and with all), got {len(study.regimes)}."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Instruments are compared on the same random seeds."
    if study.parameters:
        yield f"{places('parameters')}expected none, because only instruments are turned on and off."
    if study.replicates.fixed is None or study.replicates.fixed < 2:
        yield f"{places('replicates')}expected fixed: 2 or more (random seeds)."
    if len(given) == 1:
        yield f"{places('analysis', 'instruments')}expected two or more, because one is no sum, got {given[0]}."


def _of_the_reform(bases: Sequence[Base]) -> list[Instrument]:
    """Return the rows R in which the regimes differ; of one that puts others together, not its parts."""
    before, after = (flat(base.resolved) for base in bases)
    differ = [each for each in INSTRUMENTS if any(before.get(path) != after.get(path) for path in each.topics)]
    found = [each for each in differ if each.row.startswith("R")]
    parts = {row for each in found for row in each.parts}
    return [each for each in found if each.row not in parts]


def _unfit(chosen: Sequence[Instrument], bases: Sequence[Base]) -> Iterator[str]:
    """Yield why these instruments have no sum: too few, not turned by the second regime, or keys in common."""
    before, after = (flat(base.resolved) for base in bases)
    if len(chosen) < 2:
        yield f"expected two or more of R1 to R13 in which the regimes differ, got {len(chosen)}. Name instruments."
    for each in chosen:
        if all(before.get(path) == after.get(path) for path in each.topics):
            paths, labels = ", ".join(each.topics), " and ".join(base.label for base in bases)
            yield f"expected instruments in which {labels} differ, got '{each.row}' ({paths} the same in both)."
    owner: dict[str, str] = {}
    for each in chosen:
        for path in each.topics:
            if path in owner:
                yield f"expected '{path}' to be turned once, got it from '{owner[path]}' and '{each.row}'."
            owner[path] = each.row


class SuperadditivityResults(StudyResults[SuperadditivityOptions]):
    """What the study found.

    Attributes:
        found: By outcome, in its unit.
        odds: Of the shares, on the scale of log-odds.
    """

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, SuperadditivityOptions)
        rows = {each.row for each in INSTRUMENTS}
        self.instruments = self.options.instruments or tuple(
            name for name in opened.design_table.column_names if name in rows
        )
        values = {name: opened.values(name)[:, 0] for name in self.options.outcomes}
        shares = {name: log_odds(each) for name, each in values.items() if outcome_of(name).unit == "share"}
        self.found = superadditivity(self.instruments, values)
        self.odds = {each.outcome: each for each in superadditivity(self.instruments, shares)}

    def as_json(self) -> dict[str, Any]:
        first, *others = map(self._answer, self.found)
        about = {"study": self.folder, "runs": self.opened.table.num_rows, "instruments": list(self.instruments)}
        return {**about, **first, "others": others, "not_turned": self.left_over()}

    def _answer(self, found: Superadditivity) -> dict[str, Any]:
        direction, odds = outcome_of(found.outcome).direction, self.odds.get(found.outcome)
        return {**found.as_json(direction), "log_odds": odds and odds.as_json(direction)}

    def left_over(self) -> list[str]:
        """Return keys in which the second regime differs from the first that no instrument turns."""
        return left_over(self.asked.bases(), self.instruments)

    def blocks(self) -> Iterable[Block | str]:
        yield whole_table(self.found, self.odds)
        for each in self.found:
            yield from sentences(each, self.odds.get(each.outcome))
        yield alone_table(self.found, self.names)
        for each in self.found:
            yield from pair_blocks(each, self.names)
        if left := self.left_over():
            yield msg("attribution_left_over", whole=self.study.regimes[1], keys=", ".join(left))
        yield from _built_on_others(self.instruments, self.names)
        yield msg("superadditivity_relative")
        yield msg("chance_only")

    def tables(self) -> Mapping[str, CsvTable]:
        scales = [("points", each) for each in self.found] + [("log_odds", each) for each in self.odds.values()]
        parts = " ".join(f"{name} {name}_low {name}_high" for name in (
            "none", "all", "whole", "sum", "difference", "of_pairs", "beyond_pairs"))  # fmt: skip
        sides = " ".join(f"{name} {name}_low {name}_high" for name in (
            "both", "apart", "interaction", "first_alone", "second_alone", "first_added", "second_added"))  # fmt: skip
        return {
            "whole": csv_table(f"outcome scale replicates {parts} p_holm verdict", (
                [each.outcome, scale, each.replicates, each.none, each.all, each.whole, each.sum, each.difference,
                 each.of_pairs, each.beyond, each.p_holm, each.verdict(outcome_of(each.outcome).direction)]
                for scale, each in scales)),
            "alone": csv_table("outcome scale instrument effect ci_low ci_high", (
                [each.outcome, scale, *part] for scale, each in scales for part in each.alone.items())),
            "pairs": csv_table(f"outcome scale first second {sides} p_holm together", (
                [each.outcome, scale, pair.first, pair.second, pair.both, pair.apart, pair.interaction, *pair.alone,
                 *pair.added, pair.p_holm, pair.together(outcome_of(each.outcome).direction)]
                for scale, each in scales for pair in each.pairs)),
        }  # fmt: skip

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.superadditivity import pair_map, whole_and_sum

        for found in self.found:
            if found.replicates and not found.idle:
                yield Chart(f"whole_and_sum_{found.outcome}", partial(whole_and_sum, found, self.names))
                yield Chart(f"pairs_{found.outcome}", partial(pair_map, found, self.names))


def whole_table(found: Sequence[Superadditivity], odds: Mapping[str, Superadditivity]) -> Table:
    """Return the whole against the sum of its parts, an outcome a row."""
    keys = ("outcome", "superadditivity_whole", "superadditivity_sum", "superadditivity_difference",
            "superadditivity_odds", "superadditivity_verdict")  # fmt: skip
    rows = []
    for each in found:
        outcome = outcome_of(each.outcome)
        sides = [_shown(each, interval) for interval in (each.whole, each.sum, each.difference)]
        sides[-1] += "*" if each.clear else ""
        rows.append((f"{title(outcome)} ({unit(outcome, difference=True)})", *sides,
                     _on_odds(odds.get(each.outcome), outcome), _verdict(each, outcome)))  # fmt: skip
    count = max((each.replicates for each in found), default=0)
    heading = msg("superadditivity_table", lucks=msg("attribution_lucks", count=count))
    return Table(tuple(map(msg, keys)), tuple(rows), heading, msg("superadditivity_caption"))


def _verdict(found: Superadditivity, outcome: Outcome) -> str:
    return msg(f"superadditivity_is_{found.verdict(outcome.direction)}")


def _on_odds(odds: Superadditivity | None, outcome: Outcome) -> str:
    if odds is None or odds.difference.mean is None:
        return msg("undefined")
    return plus_minus(gain(odds.difference, outcome.direction), PURE_NUMBER) + ("*" if odds.clear else "")


def _shown(found: Superadditivity, interval: Interval) -> str:
    """Return an effect as a gain, in the shown unit."""
    outcome = outcome_of(found.outcome)
    return plus_minus(gain(interval, outcome.direction), outcome)


def alone_table(found: Sequence[Superadditivity], names: Names) -> Table:
    """Return what each instrument gains alone, an outcome a column; then their sum, and the whole."""
    outcomes = [outcome_of(each.outcome) for each in found]
    header = (msg("instrument"), *(f"{title(each)} ({unit(each, difference=True)})" for each in outcomes))
    rows = [
        (names.of(name), *(_shown(each, each.alone[name]) for each in found)) for name in found[0].alone
    ]  # fmt: skip
    rows.append((msg("superadditivity_sum"), *(_shown(each, each.sum) for each in found)))
    rows.append((msg("superadditivity_whole"), *(_shown(each, each.whole) for each in found)))
    return Table(header, tuple(rows), msg("superadditivity_alone"))


def sentences(found: Superadditivity, odds: Superadditivity | None) -> Iterator[str]:
    """Yield whether the whole is more than the sum, where that comes from, and whether the scale makes it so."""
    outcome = outcome_of(found.outcome)
    say = partial(msg, title=title(outcome))
    if found.dropped:
        yield say("attribution_dropped", count=found.dropped, all=found.replicates + found.dropped)
    if found.idle:
        yield say("superadditivity_nothing")
        return
    verdict = found.verdict(outcome.direction)
    if verdict in ("undefined", "few"):
        yield say("superadditivity_untold")
        return
    whole, total, difference, pairs, beyond = (
        f"{_shown(found, each)} {unit(outcome, difference=True)}"
        for each in (found.whole, found.sum, found.difference, found.of_pairs, found.beyond)
    )
    loss = outcome.direction and (gain(found.whole, outcome.direction).mean or 0.0) < 0.0
    manner = "neither_" if not outcome.direction else "loss_" if loss and verdict != "unclear" else ""
    yield say(f"superadditivity_{manner}{verdict}", whole=whole, sum=total, difference=difference)
    if len(found.alone) > 2:
        yield say("superadditivity_parts", pairs=pairs, beyond=beyond)
    yield from _scales(found, odds, outcome)


def _scales(found: Superadditivity, odds: Superadditivity | None, outcome: Outcome) -> Iterator[str]:
    """Yield where a scale that ends leaves no room for the sum, and what the scale without ends says."""
    say, reached = partial(msg, title=title(outcome)), found.sum_level.mean
    levels = {"none": found.none, "all": found.all, "sum": found.sum_level}
    shown = {name: f"{mean_text(each, outcome)} {unit(outcome)}" for name, each in levels.items()}
    if odds is None:
        if reached is not None and reached < 0.0 <= min(found.none.mean or 0.0, found.all.mean or 0.0):
            yield say("superadditivity_floor", **shown)
        return
    if found.room != "enough":
        yield say(f"superadditivity_room_{found.room}", **shown)
    other = odds.verdict(outcome.direction)
    if other in ("undefined", "few"):
        yield say("superadditivity_odds_undefined")
        return
    key = "same" if other == found.verdict(outcome.direction) else "other"
    value, words = _on_odds(odds, outcome).rstrip("*"), _verdict(odds, outcome)
    yield say(f"superadditivity_odds_{key}", difference=value, verdict=words)


def _built_on_others(rows: Sequence[str], names: Names) -> Iterator[str]:
    """Yield which instruments act only on what others create, so that what they do counts as working together."""
    chosen = instruments_named(rows, "")
    regimes = {each.regime for each in chosen}
    if built := [each.row for each in chosen if regimes & set(each.beneath)]:
        yield msg("superadditivity_beneath", names=names.listed(built))


def pair_blocks(found: Superadditivity, names: Names) -> Iterator[Block | str]:
    """Yield who strengthens and who undoes whom: the pairs that are clear, those that gain most first."""
    outcome = outcome_of(found.outcome)
    if found.idle or not found.replicates:
        return
    table, told = ("pairs", "counts") if outcome.direction else ("pairs_neither", "counts_neither")
    clear = sorted(
        (pair for pair in found.pairs if pair.clear),
        key=lambda pair: -(gain(pair.interaction, outcome.direction).mean or 0.0),
    )
    shown = clear if len(clear) <= 2 * SHOWN else [*clear[:SHOWN], *clear[-SHOWN:]]
    if shown:
        keys = ("first", "second", "both", "apart", "interaction", "together")
        header = tuple(msg(f"superadditivity_{key}") for key in keys)
        rows = tuple(_pair_row(found, pair, names) for pair in shown)
        heading = msg(f"superadditivity_{table}", title=title(outcome), unit=unit(outcome, difference=True))
        note = msg("superadditivity_pairs_caption", shown=len(shown), clear=len(clear), all=len(found.pairs))
        yield Table(header, rows, heading, note, words=2)
    kinds = Counter(pair.together(outcome.direction) for pair in found.pairs)
    counts = {kind: kinds[kind] for kind in ("strengthen", "weaken", "undo", "unclear")}
    yield msg(f"superadditivity_{told}", title=title(outcome), all=len(found.pairs), **counts)
    yield from _extremes(found, clear, names)


def _pair_row(found: Superadditivity, pair: Pair, names: Names) -> tuple[str, ...]:
    sides = (_shown(found, each) for each in (pair.both, pair.apart, pair.interaction))
    return (names.of(pair.first), names.of(pair.second), *sides, _together(pair, outcome_of(found.outcome), names))


def _together(pair: Pair, outcome: Outcome, names: Names) -> str:
    """Return in words what two instruments do to each other."""
    kind, undoing = pair.together(outcome.direction), pair.undoing(outcome.direction)
    if kind == "undo" and undoing is not None:
        return msg("superadditivity_undo", by=undoing[0], of=undoing[1])
    suffix = "" if outcome.direction else "_neither"
    return msg(f"superadditivity_{kind}{suffix}")


def _extremes(found: Superadditivity, clear: Sequence[Pair], names: Names) -> Iterator[str]:
    """Yield the pair that gains most by being together, and the one that loses most; `clear` is sorted so."""
    outcome = outcome_of(found.outcome)
    for key, pair, sign in (("most", clear[0], 1), ("least", clear[-1], -1)) if clear else ():
        if sign * (gain(pair.interaction, outcome.direction).mean or 0.0) > 0.0:
            value = f"{_shown(found, pair.interaction)} {unit(outcome, difference=True)}"
            called = {"first": names.of(pair.first), "second": names.of(pair.second)}
            manner = key if outcome.direction else f"{key}_neither"
            yield msg(f"superadditivity_{manner}", title=title(outcome), value=value, **called)


KIND = Kind(SuperadditivityOptions, lay_out, SuperadditivityResults, example="""\
regimes: [inverted, flattened]
replicates: {fixed: 3}
analysis: {instruments: [R1, R3, R8], outcomes: [closure_rate, passes_per_case]}
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
