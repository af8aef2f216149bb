"""What the pages of measurements say of plausible worlds: the column, what it means, and which checks do not hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from experiments.evidence.instruments import NOT_MEASURED
from experiments.evidence.over_worlds import Held, OverWorlds
from model import Outcome

_SENTENCES = """\
"Worlds": in how many plausible worlds the same change does what is claimed: the first {count} of the district's
ensemble, one pair of years each at {scale:g} of the volume. Worlds weigh equally, which is a convention and no
probability; they are matched to the district before the reform only, so nothing matched says how they answer a change.
Both arms set what is changed to the values told, whatever a world says of it. One pair a world leaves luck in the
count, and at this volume a rule about posts moves hardly anybody: a low count may be luck or size. **Bold**: fewer than
half.

“情形”：同一改变在多少种合理情形中与主张一致：取本区合理情形的前 {count} 种，每种情形一对模拟，规模为全量的 {scale:g}。
各情形权重相同，这只是约定，并非概率；这些情形只与改革前的事实匹配，对改变的反应未经匹配。两组均把所改各项设为所列取值，不论该种情形原为何值。每种情形只有一对模拟，计数中仍含随机性；
在此规模下，编制类规则几乎不动人员，计数低也可能出于随机性或规模。
**粗体**：不足半数。
"""

_RARE = "## Holds in the reference world, in fewer than half of the plausible ones · 基准情形成立，多数合理情形不成立"
_OFTEN = "## Otherwise in the reference world, as claimed in half of the others · 基准情形不成立，半数以上情形成立"
_COUNTS = """\
Of {total} checks {half} hold in at least half of the worlds, {most} in at least nine of ten. In the worlds: median and
90 % range. {total} 项中，{half} 项在至少半数情形成立，{most} 项在至少九成情形成立。各条后为各情形的中位数与90%范围。
"""
_NOBODY = "Over worlds: not measured · 各情形：尚未测量\n"


@dataclass(frozen=True)
class Judged:
    """A check with what the reference world and the plausible worlds say of it.

    Attributes:
        name: In both languages.
        agrees: Whether it holds in the reference world.
        held: In how many worlds it holds; None where that is not measured.
    """

    name: str
    outcome: Outcome
    agrees: bool
    held: Held | None


def worlds_sentences(over: OverWorlds) -> str:
    """Return what the column means."""
    return _SENTENCES.format(count=over.count, scale=over.size["demand.scale"])


def shown_held(held: Held | None) -> str:
    """Return in how many worlds a check holds, marked where these are fewer than half."""
    if held is None:
        return NOT_MEASURED
    told = f"{held.holds} of {held.of}"
    return told if held.in_most else f"**{told}**"


def shown_range(middle: float | None, low: float | None, high: float | None, unit: str) -> str:
    """Return a change with a range in the unit that is shown: shares in points."""
    factor, shown = (100.0, "pp") if unit == "share" else (1.0, unit)
    if middle is None or low is None or high is None:
        return "–"
    return f"{factor * middle:+.2f} [{factor * low:+.2f}, {factor * high:+.2f}] {shown}"


def worlds_list(checks: Iterable[Judged]) -> str:
    """Return which checks come out otherwise in most worlds than in the reference world."""
    measured = [(each, each.held) for each in checks if each.held is not None]
    if not measured:
        return _NOBODY
    half = sum(held.in_most for _, held in measured)
    most = sum(held.of > 0 and 10 * held.holds >= 9 * held.of for _, held in measured)
    rare = (_line(each, held) for each, held in measured if each.agrees and not held.in_most)
    often = (_line(each, held) for each, held in measured if not each.agrees and held.in_most)
    counts = _COUNTS.format(total=len(measured), half=half, most=most)
    return "\n".join([_RARE, "", counts, *_listed(rare), _OFTEN, "", *_listed(often)])


def _line(each: Judged, held: Held) -> str:
    told = shown_range(held.median, held.low, held.high, each.outcome.unit)
    return f"- {each.name}: {each.outcome.title_en} · {each.outcome.title_zh}, {held.holds} of {held.of}; {told}"


def _listed(lines: Iterable[str]) -> Iterator[str]:
    yield from list(lines) or ["None. 无。"]
    yield ""
