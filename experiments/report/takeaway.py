"""The second page of a comparison: who gains, which kinds of problem, what nobody knows, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from experiments.blocks import Block, Bullets, Code, Heading, Image, Paragraph, QrCode
from experiments.messages import msg, running_text
from experiments.report.doubt import in_words
from experiments.stats.answer import Answer
from experiments.stats.kinds import DAYS, KindFound, faster_first
from experiments.stats.turning import Information
from experiments.stats.units import UnitDifference

PICTURE = "kinds_slopes"
NAMED = 3  # units, or kinds, named in a sentence
WANTED = 2  # numbers that are asked for
LONGEST = 300  # letters of a command in a square that a telephone still reads from paper


def who(answer: Answer) -> Iterator[Block]:
    """Yield how many streets close more, and how many departments are busier; nothing where no unit was kept."""
    streets, departments = (
        [each for each in answer.found.units
         if (each.regime, each.level, each.measure.name) == (answer.asked, level, name)]
        for level, name in (("street", "closure_rate"), ("department", "workload"))
    )  # fmt: skip
    items = [running_text(_units(found, kind)) for found, kind in ((streets, "street"), (departments, "department"))]
    if any(items):
        basis = msg("takeaway_clear_worlds" if answer.found.worlds else "takeaway_clear_pairs")
        yield Heading(msg("takeaway_who"))
        yield Bullets(tuple(each for each in items if each))
        yield Paragraph(running_text([basis, msg("takeaway_names")]))


def _units(found: list[UnitDifference], kind: str) -> Iterator[str]:
    """Yield how many units rise and fall, and which rise most."""
    if not found:
        return
    up, down = ([each for each in found if each.change == sign] for sign in (1, -1))
    if not up and not down:
        yield msg(f"takeaway_{kind}_none", all=len(found))
        return
    yield msg(f"takeaway_{kind}_up" if up else f"takeaway_{kind}_no_up", count=len(up), all=len(found))
    yield msg(f"takeaway_{kind}_down" if down else f"takeaway_{kind}_no_down", count=len(down))
    most = sorted(up, key=lambda each: -abs(each.told.mean or 0.0))[:NAMED]
    if most:
        yield msg("takeaway_most", names=msg("takeaway_join").join(each.title for each in most))


def which_kinds(answer: Answer, alts: Mapping[str, str]) -> Iterator[Block]:
    """Yield which kinds of problem gain, in a sentence and a picture; nothing where the study kept none."""
    kinds = faster_first(answer.found.kinds, answer.asked)
    if not kinds:
        return
    ways = {way: [each for each in kinds if _speed(each) == way] for way in (1, -1)}
    told = [msg("takeaway_faster" if ways[1] else "takeaway_none_faster", count=len(ways[1]), all=len(kinds))]
    if ways[1]:
        told.append(msg("takeaway_fastest", names=_names(ways[1])))
    told.append(msg("takeaway_slower", count=len(ways[-1]), names=_names(ways[-1][::-1])) if ways[-1]
                else msg("takeaway_none_slower"))  # fmt: skip
    yield Heading(msg("takeaway_kinds"))
    yield Paragraph(running_text(told))
    if PICTURE in alts:
        yield Image(PICTURE, msg("takeaway_kinds_caption"), alts[PICTURE])


def _speed(kind: KindFound) -> int:
    """Return +1 where half are clearly closed sooner, −1 where later, else 0."""
    return kind.measured[DAYS].gains if DAYS in kind.measured else 0


def _names(kinds: list[KindFound]) -> str:
    return msg("takeaway_join").join(each.title for each in kinds[:NAMED])


def unknown() -> Iterator[Block]:
    """Yield what the answer hangs on and nobody outside knows."""
    yield Heading(msg("takeaway_unknown"))
    yield Bullets(tuple(msg(f"takeaway_unknown_{name}") for name in ("staff", "unclear", "price")))


def next_step(answer: Answer, informed: Information | None) -> Iterator[Block]:
    """Yield which two data would narrow the range most."""
    worth = informed.worth_measuring[:WANTED] if informed is not None else ()
    told = [msg("takeaway_measure", number=in_words(each)) for each in worth]
    if informed is not None and not worth:
        told.append(msg("takeaway_no_single"))
    told += [msg("takeaway_ask"), msg("takeaway_ask_cases"), msg("takeaway_ask_staff")]
    yield Heading(msg("takeaway_next"))
    yield Paragraph(running_text(told))


def again(command: str) -> Iterator[Block]:
    """Yield how the study is repeated, in one line, and where everything else stands."""
    yield Heading(msg("takeaway_again"))
    yield Code(command)
    if len(command) <= LONGEST:
        yield QrCode(command, msg("takeaway_annex"), msg("takeaway_square", command=command))
    else:
        yield Paragraph(msg("takeaway_annex_only"))
