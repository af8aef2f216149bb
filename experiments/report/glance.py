"""The first page of a comparison, for a reader with one minute: what happens, how sure, at what cost, what turns it.

A sentence holds at most two numbers, counts are of a hundred requests, and what is not known is said where it matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.blocks import Block, Bullets, Heading, Image, Notice, Paragraph, Table
from experiments.formatting import beside, over_worlds, per_hundred
from experiments.messages import Language, current_language, msg, running_text
from experiments.stats.answer import HEADLINE, Answer
from experiments.stats.comparison import FEW
from experiments.stats.ensemble import CLOSURE, range_over
from experiments.stats.turning import Turning

STREETS, DEPARTMENTS, MEETINGS, REDONE = (
    "workload_street", "workload_department", "coordination_share", "reopen_rate",
)  # fmt: skip
"""Outcomes that tell who is busier, and what it costs; none of them is better or worse in itself but the last."""


def headline(answer: Answer) -> str:
    """Return what happens, with one pair of numbers; that the three numbers of closure disagree, before it."""
    if HEADLINE not in answer.numbers or not answer.found.pairs:
        return msg("brief_title_two", after=answer.found.names[answer.asked], before=answer.found.first)
    way, after = answer.way(HEADLINE), answer.found.names[answer.asked]
    if way == "undefined":
        return msg("glance_title_undefined", after=after)
    before, now = _levels(answer, HEADLINE, 100.0)
    if not answer.disagreeing or way == "open":
        return msg(f"glance_title_{way}", after=after, before=before, now=now)
    others = [msg(f"glance_but_{name}_{answer.verdict(name)}") for name in answer.disagreeing]
    return msg("glance_title_mixed", after=after, before=before, now=now, others=msg("glance_but_join").join(others))


def _levels(answer: Answer, outcome: str, factor: float, least: int = 0) -> tuple[str, str]:
    """Return the level under the first regime and under the one asked for, with equal decimals."""
    before, now = (answer.level(regime, outcome) or 0.0 for regime in (answer.first, answer.asked))
    return beside(before * factor, now * factor, least)


def about(base: Mapping[str, Any], district: str) -> Paragraph:
    """Return what was simulated, and that it is no forecast; `base` has every value of the first regime."""
    streets, parts = len(base.get("streets", ())), list[str]()
    if demand := base.get("demand"):
        requests = _requests(demand["requests_per_year"] * demand["scale"])
        parts.append(msg("glance_about", streets=streets, requests=requests))
    return Paragraph(running_text([*parts, msg("glance_no_forecast", district=district)]))


def _requests(count: float) -> str:
    """Return requests a year: in Chinese, of many, by ten thousand."""
    if current_language() is Language.ZH and count >= 1e4:
        return msg("glance_ten_thousand", count=f"{count / 1e4:.1f}")
    return f"{count:,.0f}"


def warnings(
    answer: Answer, base: Mapping[str, Any], *, failed: int, own_rules: bool, learned: str | None
) -> Iterator[Notice]:
    """Yield in one line what a reader must know before anything else; the annex says more.

    Args:
        base: Every value of the first regime.
        failed: Runs that failed.
        own_rules: Whether own rules stood in for the model's.
        learned: Log from which the worlds were learned, None where they were not.
    """
    scale = base.get("demand", {}).get("scale", 1.0)
    told = [msg("glance_scaled", percent=f"{100 * scale:.3g}")] if scale < 1.0 else []
    if answer.cases < FEW:
        told.append(over_worlds("glance_few", answer.found.worlds, count=answer.cases))
    told += [msg("glance_learned", log=learned)] if learned else []
    told += [msg("glance_own_rules")] if own_rules else []
    told += [msg("glance_failed", count=failed)] if failed else []
    if told:
        yield Notice(running_text(told))


def others_table(answer: Answer) -> Iterator[Table]:
    """Yield in how many worlds each further regime is better in each number of closure; nothing where there is none."""
    found = answer.found
    others = [regime for regime in found.others if regime != answer.asked]
    if not others or not found.worlds:
        return
    rows = tuple(
        (found.names[regime],
         *(msg("glance_of", count=round((each.better or 0.0) * each.worlds), all=each.worlds)
           for each in (found.doubts[regime][name] for name in answer.numbers)))
        for regime in others
    )  # fmt: skip
    header = (msg("glance_others"), *(msg(f"glance_panel_{name}") for name in answer.numbers))
    yield Table(header, rows)


def three_sentences(answer: Answer, does: str) -> Iterator[Block]:
    """Yield whether it works, who is busier, and what does it; `does` is "" where that is not known."""
    items = [*_works(answer), *_busier(answer), *([does] if does else [])]
    if items:
        yield Heading(msg("glance_three"))
        yield Bullets(tuple(items), numbered=True)


def _works(answer: Answer) -> Iterator[str]:
    """Yield whether it works, and how sure that is: over worlds, or that only one was looked at."""
    if HEADLINE not in answer.numbers or not answer.found.pairs:
        return
    said = set(answer.verdicts.values())
    verdict = said.pop() if len(said) == 1 else "mixed"
    parts = [msg(f"glance_works_{verdict}")]
    if answer.found.worlds:
        known = {"worlds": answer.cases, "more": answer.count(HEADLINE, 1)}
        parts += [msg("glance_in_worlds", **known), *_range(answer)]
        if len(answer.numbers) == len(CLOSURE):
            parts.append(msg("glance_all_three", count=answer.better_in_all))
    else:
        parts += _over_pairs(answer)
    yield running_text(parts)


def _range(answer: Answer) -> Iterator[str]:
    """Yield from where to where closure in time changes in nine worlds of ten, per hundred requests."""
    ends = range_over(answer.gaps[HEADLINE])
    if ends.low is None or ends.high is None:
        return
    low, high = round(100.0 * ends.low), round(100.0 * ends.high)
    side = "more" if low >= 0 else "fewer" if high <= 0 else "either"
    least, most = sorted((abs(low), abs(high))) if side == "fewer" else (abs(low), abs(high))
    yield msg(f"glance_range_{side}", least=least, most=most)


def _over_pairs(answer: Answer) -> Iterator[str]:
    if answer.way(HEADLINE) == "open":
        before, now = (answer.level(regime, HEADLINE) or 0.0 for regime in (answer.first, answer.asked))
        yield msg("glance_slightly_more" if now > before else "glance_slightly_fewer")
    elif answer.cases > 1:
        yield msg("glance_in_pairs", count=answer.cases, more=answer.count(HEADLINE, 1))
    yield msg("glance_one_world")


def _busier(answer: Answer) -> Iterator[str]:
    """Yield of streets and of departments how much of ten hours is used."""
    parts = list[str]()
    for outcome in (STREETS, DEPARTMENTS):
        way = answer.way(outcome) if outcome in answer.found.outcomes else "undefined"
        if way != "undefined":
            before, now = _levels(answer, outcome, 10.0, 1)
            parts.append(msg(f"glance_hours_{way}", who=msg(f"glance_who_{outcome}"), before=before, now=now))
    if parts:
        yield running_text([msg("glance_busier"), *parts])


def split_sentence(answer: Answer) -> str:
    """Return what rules and people do alone and together, "" where the regimes hold no 2 × 2."""
    if answer.cross is None or HEADLINE not in answer.numbers:
        return ""
    levels = {name: answer.level(regime, HEADLINE) for name, regime in answer.cross._asdict().items()}
    if None in levels.values():
        return ""
    shown = {name: per_hundred(level or 0.0) for name, level in levels.items()}
    return running_text([msg("glance_does"), msg("glance_split_each", **shown), msg("glance_split_both", **shown)])


def cost(answer: Answer) -> Iterator[Block]:
    """Yield a small table of what it costs, and what is not counted."""
    found, rows = answer.found, list[tuple[str, ...]]()
    for outcome, factor, least in ((DEPARTMENTS, 10.0, 1), (MEETINGS, 100.0, 0), (REDONE, 100.0, 1)):
        if outcome in found.outcomes and answer.way(outcome) != "undefined":
            up = msg("glance_of", count=answer.count(outcome, 1), all=answer.cases)
            rows.append((msg(f"glance_cost_{outcome}"), *_levels(answer, outcome, factor, least), up))
    uncounted = msg("glance_uncounted")
    header = (msg("glance_cost_what"), found.first, found.names[answer.asked], _up_in(answer))
    yield Heading(msg("glance_cost"))
    yield Table(header, (*rows, (msg("glance_cost_reform"), uncounted, uncounted, uncounted)))


def _up_in(answer: Answer) -> str:
    return over_worlds("glance_up_in", answer.found.worlds)


def turns(answer: Answer, turned: Mapping[str, Turning], beforehand: tuple[str, ...]) -> Iterator[Block]:
    """Yield what would turn the answer.

    Args:
        turned: By number of closure: the simple rule for worlds in which it is worse, empty without worlds.
        beforehand: Sentences on packages that turn it, measured beforehand.
    """
    told = list(beforehand)
    if answer.found.worlds:
        told += _turning_worlds(answer, turned)
    elif not told:
        told.append(msg("glance_turn_unknown"))
    yield Heading(msg("glance_turn"))
    yield Notice(running_text(told))


def _turning_worlds(answer: Answer, turned: Mapping[str, Turning]) -> Iterator[str]:
    from experiments.design.naming import Names
    from experiments.report.doubt import in_words

    for name in answer.numbers:
        worse = answer.count(name, -CLOSURE[name])
        yield msg(f"glance_worse_{name}" if worse else f"glance_never_worse_{name}", count=worse, worlds=answer.cases)
    ruled = {name: each for name, each in turned.items() if each.restrictions}
    for name, each in ruled.items():
        surest = each.restrictions[0]
        where = Names({}).range(surest.input, surest.low, surest.high)
        known = {"title": msg(f"glance_panel_{name}"), "number": in_words(surest.input), "where": where}
        yield msg(f"glance_rule_{each.sought}", **known)
    if not ruled:
        yield msg("glance_no_rule")


def picture(answer: Answer, alts: Mapping[str, str]) -> Iterator[Image]:
    """Yield the one picture, where it was drawn."""
    if "closure" in alts:
        words = over_worlds("glance_caption", answer.found.worlds, after=answer.found.names[answer.asked],
                            before=answer.found.first)  # fmt: skip
        yield Image("closure", words, alts["closure"])
