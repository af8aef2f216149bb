"""A comparison as blocks: what differs, in tables and in sentences, for a terminal, the report and the page alike."""

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import pairwise

from experiments.blocks import Block, Bullets, Heading, Paragraph, Table
from experiments.formatting import (
    bracketed,
    by_theme,
    decimals,
    labelled,
    number,
    outcome_of,
    over_worlds,
    plus_minus,
    range_text,
    share_of_worlds,
    shown_in,
    title,
    unit,
)
from experiments.messages import MESSAGES, msg, running_text
from experiments.report.scaled import MARK
from experiments.stats import Interval
from experiments.stats.comparison import FEW, PARTS, REAL, Comparison, Difference
from experiments.stats.intervals import effect_name
from experiments.stats.units import MEASURES, Measure, UnitDifference
from model import Outcome

Row = tuple[str, ...]

UNIT_MEASURES = [(level, measure) for level, measures in MEASURES.items() for measure in measures]


def difference_tables(comparison: Comparison, names: Sequence[str], *, full: bool = False) -> Iterator[Table]:
    """Yield the differences of outcomes, under the headings of their themes where they are many.

    Args:
        names: The outcomes; those that the study did not keep are left out.
        full: For experts: with effects, in one table, of many regimes every difference; else for lay readers, on a
            page.
    """
    groups = by_theme(set(names) & set(comparison.outcomes))
    themed = sum(map(len, groups.values())) >= 20
    two = len(comparison.others) == 1
    effects = full and not comparison.worlds
    words = (
        [
            over_worlds("brief_difference", comparison.worlds),
            *([msg("effect")] if effects else []),
            msg("brief_in_words"),
        ]
        if two
        else []
    )
    known = {"before": comparison.first, "after": comparison.names[comparison.others[0]], "basis": comparison.basis}
    caption = (
        msg("brief_caption_two", **known) if two else over_worlds("brief_caption_many", comparison.worlds, **known)
    )
    many = "compare_caption" if two else "many_caption"
    note = over_worlds(many, comparison.worlds) if full else msg("brief_note")
    step = len(comparison.others) if full else 3  # beside the first; more make further tables
    for start in range(0, len(comparison.others), step):
        others = comparison.others[start : start + step]
        header = (msg("outcome"), comparison.first, *(comparison.names[regime] for regime in others), *words)
        rows = list[Row]()
        for theme, members in groups.items():
            rows += [(msg(theme),)] if themed else []
            rows += [_row(comparison, name, others, full) for name in members]
        yield Table(header, tuple(rows), caption, note)


def _row(comparison: Comparison, name: str, others: Sequence[str], full: bool) -> Row:
    """Return an outcome's level under the first regime; of two the rest in full, of more a cell for each other one."""
    outcome, found = outcome_of(name), comparison.of(name)
    if len(comparison.others) > 1:
        cell = _full_cell if full else _lay_cell
        level = _level(comparison, comparison.regimes[0], outcome)
        return (marked(comparison, outcome), level, *(cell(comparison, found[regime]) for regime in others))
    (each,) = found.values()
    levels = (_level(comparison, regime, outcome, decimals(each.told, outcome)) for regime in comparison.regimes)
    effects = [_effect(each.effect)] if full and not comparison.worlds else []
    return (marked(comparison, outcome), *levels, _size(each), *effects, _verdict(each))


def marked(comparison: Comparison, outcome: Outcome, *, difference: bool = False) -> str:
    """Return what an outcome is called in a table, marked where full volume tells another difference."""
    return labelled(outcome, difference=difference) + (f" {MARK}" if outcome.name in comparison.untold else "")


def _lay_cell(_: Comparison, each: Difference) -> str:
    """Return the difference with its interval where it is clear, else that it is not."""
    verdict = each.verdict(outcome_of(each.outcome).direction)
    shown = _size(each) if each.clear else _verdict(each)
    return msg(f"brief_size_{verdict}", size=shown) if verdict in ("better", "worse") else shown


def _full_cell(comparison: Comparison, each: Difference) -> str:
    """Return the difference, marked where it is not clear; its level where the first regime has none."""
    outcome = outcome_of(each.outcome)
    if each.told.mean is None:
        shown = _level(comparison, each.after, outcome)
        return shown if comparison.levels[each.after][each.outcome].mean is None else f"= {shown}"
    if each.equal:
        return _verdict(each)
    if comparison.worlds:
        return _size(each) + ("" if each.clear else " °")
    return plus_minus(each.interval, outcome) + ("" if each.clear or comparison.pairs == 1 else " °")


def _level(comparison: Comparison, regime: str, outcome: Outcome, digits: int | None = None) -> str:
    """Return the level under a regime; where no run reaches a quantile, that it is beyond the follow-up."""
    level = comparison.level(regime, outcome.name)
    if level.mean is None and outcome.name in comparison.unreached[regime]:
        return f"> {comparison.follow_up[regime]}"
    return number(level.mean, outcome, decimals(level, outcome) if digits is None else digits)


def _verdict(each: Difference) -> str:
    """Return in words which way it goes; over worlds, in how many of them."""
    direction = outcome_of(each.outcome).direction
    found, verdict = each.doubt, each.verdict(direction)
    if found is None or verdict in ("undefined", "equal"):
        return msg(f"brief_verdict_{verdict}")
    higher = (found.median or 0.0) >= 0.0
    key = ("higher" if higher else "lower") if direction == 0 else "better" if (direction > 0) == higher else "worse"
    return msg("brief_verdict_worlds", way=msg(f"doubt_{key}"), share=share_of_worlds(found.agree))


def _size(each: Difference) -> str:
    """Return the difference with from where to where, or a dash where there is none."""
    return bracketed(each.told, outcome_of(each.outcome))


def _with_doubt(each: UnitDifference, measure: Measure) -> str:
    return plus_minus(each.interval, measure) if each.doubt is None else bracketed(each.told, measure)


def _effect(effect: float | None) -> str:
    if effect is None:
        return msg("undefined")
    shown = f"{effect:+.1f}"
    if abs(effect) > 100.0:  # says only that both sides share their random numbers
        shown = "> 100" if effect > 0 else "< -100"
    return f"{shown} {msg(f'effect_{effect_name(effect)}')}"


def step_table(comparison: Comparison) -> Iterator[Block]:
    """Yield the difference of every set of rules from the one before it; nothing where there are only two."""
    names = [name for name in shown_in("headline") if name in comparison.outcomes]
    if len(comparison.others) < 2 or not names or not comparison.pairs:
        return
    rows = tuple(
        (marked(comparison, outcome_of(name)),
         *(_size(each) if each.clear else _verdict(each) for each in comparison.steps if each.outcome == name))
        for name in names
    )  # fmt: skip
    called = pairwise(comparison.names[regime] for regime in comparison.regimes)
    yield Paragraph(msg("brief_steps_words"))
    yield Table((msg("outcome"), *(msg("brief_step", after=after, before=before) for before, after in called)), rows)


def split_of_the_whole(comparison: Comparison) -> Iterator[Block]:
    """Yield what placement and rules did, in a table, and of closure in a sentence in both orders.

    So that nobody takes an effect of placement for one of the rules. Nothing where there is no 2 × 2.
    """
    if not (found := comparison.told_splits):
        return
    told_as = bracketed if comparison.worlds else plus_minus
    shown = [outcome_of(name) for name in dict.fromkeys([*shown_in("headline"), *shown_in("split")]) if name in found]
    told = {each.name: {part: told_as(size, each) for part, size in found[each.name].items()} for each in shown}
    rows = tuple(
        (marked(comparison, each, difference=True), *(told[each.name][part] for part in PARTS)) for each in shown
    )
    header = (msg("outcome"), *(msg(f"part_{part}") for part in PARTS))
    yield Table(
        header, rows, msg("split_title", basis=comparison.basis), over_worlds("split_caption", comparison.worlds)
    )
    for each in shown[:1]:
        words = {"title": title(each), "unit": unit(each, difference=True)}
        yield Paragraph(msg("split_sentence", **words, **told[each.name]))


def unit_table(comparison: Comparison) -> Iterator[Table]:
    """Yield how many streets and departments clearly rise and fall, a column a regime; nothing where none is known."""
    if not comparison.units:
        return
    rows = tuple(
        (msg("unit_measure", **_measured(level, measure)),
         *(_count(_found(comparison, regime, level, measure)) for regime in comparison.others))
        for level, measure in UNIT_MEASURES
    )  # fmt: skip
    header = (msg("brief_counted"), *(comparison.names[regime] for regime in comparison.others))
    caption = over_worlds("brief_units", comparison.worlds, before=comparison.first)
    note = running_text([msg("brief_units_note"), over_worlds("units_caption", comparison.worlds)])
    yield Table(header, rows, caption, note)


def _measured(level: str, measure: Measure) -> dict[str, str]:
    return {"level": msg(f"level_{level}"), "measure": msg(f"measure_{measure.name}")}


def _found(comparison: Comparison, regime: str, level: str, measure: Measure) -> list[UnitDifference]:
    wanted = (regime, level, measure.name)
    return [each for each in comparison.units if (each.regime, each.level, each.measure.name) == wanted]


def _count(found: Sequence[UnitDifference]) -> str:
    up, down = (sum(each.change == sign for each in found) for sign in (1, -1))
    return msg("units_count", up=up, down=down, all=len(found)) if found else msg("undefined")


def named_units(comparison: Comparison, regime: str, *, full: bool = False) -> Iterator[Block]:
    """Yield which units differ most, and clearly, under a regime, a line a measure.

    With `full` they have their codes, and gain or lose; else they rise or fall.
    """
    lines = tuple(
        msg("winners_line", **_measured(level, measure), most=most, unit=unit(measure, difference=True))
        for level, measure in UNIT_MEASURES
        if (most := _most(_found(comparison, regime, level, measure), measure, full))
    )
    if lines:
        names = {"regime": comparison.names[regime], "before": comparison.first}
        yield Heading(over_worlds("winners_title", comparison.worlds, **names) if full else names["regime"], level=3)
        yield Bullets(lines)


def _most(found: Sequence[UnitDifference], measure: Measure, full: bool) -> str:
    """Return the units with the greatest clear change either way, gains first."""
    parts = []
    for verb in ("falls", "rises") if measure.direction < 0 else ("rises", "falls"):
        sign = 1 if verb == "rises" else -1
        these = [each for each in found if each.change == sign]
        these.sort(key=lambda each: -abs(each.told.mean or 0.0))
        named = [f"{each.title}{f' [{each.code}]' if full else ''} {_with_doubt(each, measure)}" for each in these[:3]]
        gains = {1: "gain", -1: "lose"}.get(sign * measure.direction, verb)
        if these:
            names = msg("list_join").join(named)
            parts.append(msg(gains if full else verb, count=len(these), all=len(found), names=names))
    return msg("headline_join").join(parts)


def key_sentences(comparison: Comparison, *, table_tells: bool = False) -> tuple[str, ...]:
    """Return what matters most: a sentence a theme, and which sets of rules are the same in everything.

    Where a table tells the rest, as of many regimes on a terminal, or the sentences over worlds do, the latter only.
    """
    headline = (
        {} if table_tells or comparison.worlds else by_theme(set(shown_in("headline")) & set(comparison.outcomes))
    )
    sentences = []
    for names in headline.values():
        parts = [_said(comparison, outcome_of(name)) for name in names]
        if REAL in names and comparison.gaps:
            # by how much reports stand above what is really closed
            gaps = (msg("brief_gap", regime=comparison.names[regime], gap=plus_minus(gap, outcome_of(REAL), sign=False))
                    for regime, gap in comparison.gaps.items())  # fmt: skip
            parts.append(msg("brief_cosmetic", gaps=msg("headline_join").join(gaps)))
        sentences.append(running_text(f"{part}{msg('sentence_end')}" for part in parts))
    return (*sentences, *identical(comparison))


def identical(comparison: Comparison) -> tuple[str, ...]:
    """Return which sets of rules are the same as the first in everything, a sentence each."""
    same = [regime for regime in comparison.others if comparison.identical(regime)]
    known = {"before": comparison.first, "basis": comparison.basis}
    return tuple(msg("brief_identical", after=comparison.names[regime], **known) for regime in same)


def _said(comparison: Comparison, outcome: Outcome) -> str:
    """Return an outcome under every regime, without a full stop: its level, and what differs from the first."""
    level = _with_unit(comparison, comparison.regimes[0], outcome)
    own = f"brief_what_{outcome.name}"
    what = msg(own) if own in MESSAGES else title(outcome)[:1].upper() + title(outcome)[1:]
    start = msg("brief_level" if level else "brief_unknown", what=what, level=level, regime=comparison.first)
    parts = [_part(comparison, each) for each in comparison.of(outcome.name).values()]
    return msg("headline_join").join([start, *parts])


def _with_unit(comparison: Comparison, regime: str, outcome: Outcome) -> str:
    """Return a level with its unit, "" where there is none."""
    if comparison.levels[regime][outcome.name].mean is None:
        return ""
    return _in_words(_level(comparison, regime, outcome), outcome)


def _in_words(shown: str, outcome: Outcome, *, difference: bool = False) -> str:
    """Return a number with its unit in words; differences of percentages are points."""
    if outcome.unit == "share" and difference:
        return msg("brief_points", number=shown)
    key = f"brief_unit_{outcome.unit}"
    return msg(key, number=shown) if key in MESSAGES else f"{shown} {unit(outcome)}".strip()


def _part(comparison: Comparison, each: Difference) -> str:
    outcome = outcome_of(each.outcome)
    values = {"level": _with_unit(comparison, each.after, outcome), "regime": comparison.names[each.after]}
    if each.interval.mean is None:
        return msg("brief_undefined", regime=values["regime"])
    if each.equal:
        return msg("brief_equal", **values)
    if comparison.pairs == 1:
        return msg("brief_single", **values)
    if not each.clear:
        alone = "brief_unclear_alone" if each.interval.excludes_zero else "brief_unclear"
        key = "brief_too_few" if comparison.pairs < FEW else alone
        return msg(key, **values, interval=range_text(each.interval, outcome))
    # its direction is told in words
    more, (mean, low, high) = each.interval.mean > 0, dataclasses.astuple(each.interval)
    size = each.interval if more or low is None else Interval(-mean, -high, -low)
    shown = number(size.mean, outcome, decimals(size, outcome))
    return msg(
        _own("brief_clear", outcome), **values, number=shown, size=_in_words(shown, outcome, difference=True),
        direction=msg(_own("brief_higher" if more else "brief_lower", outcome)),
        interval=range_text(size, outcome, sign=False),
    )  # fmt: skip


def _own(key: str, outcome: Outcome) -> str:
    """Return the key of the words that an outcome has for itself, else that of all."""
    own = f"{key}_{outcome.name}"
    return own if own in MESSAGES else key


def caveats(comparison: Comparison) -> Bullets:
    """Return what a reader of the tables must know, and what levels and differences leave out."""
    neutral = ["capacity_neutral"] if comparison.neutral else []
    first = map(msg, [*neutral, "caveat", "caveat_counting"])
    return Bullets(
        (*first, *_left_out(comparison), msg("caveat_reports"), over_worlds("caveat_luck", comparison.worlds))
    )


def _left_out(comparison: Comparison) -> Iterator[str]:
    known = comparison.worlds or comparison.pairs
    short = {comparison.follow_up[regime] for regime, missed in comparison.unreached.items() if missed}
    yield from (msg("caveat_beyond", beyond=f"> {days}", days=days) for days in sorted(short))
    for name in comparison.outcomes:
        reached = [regime for regime in comparison.regimes if comparison.levels[regime][name].mean is not None]
        counts = {
            "note_unreached": {regime: comparison.unreached[regime].get(name, 0) for regime in reached},
            "note_one_sided": {after: each.one_sided for after, each in comparison.of(name).items()},
        }
        for key, by_regime in counts.items():
            parts = [msg("note_count", regime=comparison.names[regime], count=count, all=known)
                     for regime, count in by_regime.items() if count]  # fmt: skip
            if parts:
                yield over_worlds(
                    key, comparison.worlds, title=title(outcome_of(name)), counts=msg("list_join").join(parts)
                )
