"""A comparison over plausible worlds as blocks: what most worlds say, from where to where, and luck last."""

from collections.abc import Iterator, Mapping

from experiments.blocks import Block, Bullets, Heading, Paragraph, Table
from experiments.design.naming import Names
from experiments.formatting import decimals, number, outcome_of, share_of_worlds, shown_in, title, unit
from experiments.messages import Language, current_language, msg
from experiments.report.differences import marked
from experiments.stats import Interval
from experiments.stats.comparison import Comparison
from experiments.stats.ensemble import Doubt
from experiments.stats.turning import Information, Turning
from model import Outcome, free_numbers


def doubt_blocks(
    comparison: Comparison, turned: Mapping[str, Mapping[str, Turning]], informed: Mapping[str, Information]
) -> Iterator[Block]:
    """Yield what a comparison over worlds says: in sentences, closure by its three numbers first, and in a table."""
    if not comparison.worlds or not comparison.pairs:
        return
    yield Heading(msg("doubt_heading"))
    yield Bullets(tuple(doubt_sentences(comparison)))
    yield from doubt_tables(comparison)
    yield Bullets(tuple(turning_sentences(comparison, turned, informed)))
    yield Paragraph(msg("doubt_basis", worlds=comparison.worlds, pairs=comparison.pairs))


def doubt_in_full(
    comparison: Comparison, turned: Mapping[str, Mapping[str, Turning]], informed: Mapping[str, Information]
) -> Iterator[Block]:
    """Yield what the pages before the annex leave out: the tables, every rule that would turn the answer, the basis."""
    if not comparison.worlds or not comparison.pairs:
        return
    yield from doubt_tables(comparison)
    yield Bullets(tuple(turning_sentences(comparison, turned, informed)))
    yield Paragraph(msg("doubt_basis", worlds=comparison.worlds, pairs=comparison.pairs))


def doubt_sentences(comparison: Comparison) -> Iterator[str]:
    """Yield the sentences of every other regime; where the three numbers of closure disagree that is said first."""
    for regime in comparison.others:
        after = comparison.names[regime]
        if (closure := comparison.closure.get(regime)) is not None:
            parts = [
                msg(
                    f"doubt_part_{sign}",
                    title=title(outcome_of(name)),
                    share=share_of_worlds(closure.doubts[name].better),
                )
                for name, sign in closure.signs.items()
            ]
            if closure.agree:
                yield msg("doubt_agree", after=after, verdict=msg(f"doubt_{closure.verdict}"),
                          share=share_of_worlds(closure.in_all))  # fmt: skip
            else:
                yield msg("doubt_disagree", after=after, parts=msg("headline_join").join(parts))
        # of several the tables tell the rest
        for name in _headline(comparison)[: None if len(comparison.others) == 1 else 1]:
            found = comparison.doubts[regime][name]
            if found.median is not None:
                yield world_sentence(outcome_of(name), found, after)


def turning_sentences(
    comparison: Comparison, turned: Mapping[str, Mapping[str, Turning]], informed: Mapping[str, Information]
) -> Iterator[str]:
    """Yield of every other regime what would turn closure, or that no simple rule does, and what to measure first."""
    for regime, found in turned.items():
        after = comparison.names[regime]
        ruled = {name: each for name, each in found.items() if each.restrictions}
        for name, each in ruled.items():
            where = msg("and_join").join(
                msg("turning_where", number=called(one.input), range=Names({}).range(one.input, one.low, one.high))
                for one in each.restrictions
            )
            yield msg(f"turning_{each.sought}", title=title(outcome_of(name)), after=after, where=where,
                      density=share_of_worlds(each.density.mean), base=share_of_worlds(each.base),
                      coverage=share_of_worlds(each.coverage.mean))  # fmt: skip
        if silent := [title(outcome_of(name)) for name in found if name not in ruled]:
            yield msg("turning_none", titles=msg("list_join").join(silent), after=after)
        first = informed.get(regime)
        if first is not None and first.worth_measuring:
            best = first.inputs[0]
            yield msg("measure_first", after=after, number=called(best.input), share=share_of_worlds(best.share))
        elif first is not None:
            yield msg("measure_none", after=after)


def called(key: str) -> str:
    """Return a free number in words with its path."""
    return msg("turning_called", words=in_words(key), key=key)


def in_words(key: str) -> str:
    """Return what a free number means, without a full stop."""
    number = next(each for each in free_numbers() if each.key == key)
    words = number.zh if current_language() is Language.ZH else number.meaning.rstrip(".")
    return words[:1].lower() + words[1:]


def _headline(comparison: Comparison) -> list[str]:
    return [name for name in shown_in("headline") if name in comparison.outcomes]


def world_sentence(outcome: Outcome, found: Doubt, after: str) -> str:
    """Return in how many worlds an outcome is higher, or lower where that is what most say, and by how much."""
    assert found.median is not None and found.better is not None  # of worlds in which it is defined
    higher = found.median >= 0.0
    toward = found.better if (outcome.direction >= 0) == higher else 1.0 - found.better
    return msg(
        "doubt_sentence", count=round(toward * found.worlds), worlds=found.worlds, title=title(outcome), after=after,
        side=msg("doubt_higher" if higher else "doubt_lower"), unit=unit(outcome, difference=True),
        **_ends(outcome, found),
    )  # fmt: skip


def _ends(outcome: Outcome, found: Doubt) -> dict[str, str]:
    """Return median and ends in words, with the decimals that the range allows."""
    digits = decimals(Interval(found.median, found.low, found.high), outcome)
    ends = {"median": found.median, "low": found.low, "high": found.high}
    return {name: number(value, outcome, digits, sign=True) for name, value in ends.items()}


def doubt_tables(comparison: Comparison) -> Iterator[Table]:
    """Yield for every other regime the headline outcomes: typical world, range, shares of worlds, luck last."""
    for regime in comparison.others:
        rows = tuple(_row(comparison, regime, outcome_of(name)) for name in _headline(comparison))
        header = (msg("outcome"), *(msg(f"doubt_{name}") for name in ("typical", "range", "share", "clear", "luck")))
        known = {"after": comparison.names[regime], "before": comparison.first, "worlds": comparison.worlds}
        yield Table(header, rows, msg("doubt_table", **known), msg("doubt_note"))


def _row(comparison: Comparison, regime: str, outcome: Outcome) -> tuple[str, ...]:
    found = comparison.doubts[regime][outcome.name]
    ends = _ends(outcome, found)
    share, clear = share_of_worlds(found.better), share_of_worlds(found.clear)
    if outcome.direction == 0:
        share, clear = f"({share})", f"({clear})"
    digits = decimals(Interval(found.luck_half_width, 0.0, found.luck_half_width), outcome)
    luck = number(found.luck_half_width, outcome, digits)
    return (
        marked(comparison, outcome, difference=True),
        ends["median"],
        f"{ends['low']} – {ends['high']}",
        share,
        clear,
        luck,
    )
