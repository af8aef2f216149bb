"""What was expected, what was measured, and what surprised, as a page in both languages.

`make documents` writes `configs/EXPECTATIONS.md` from the last measurement.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from experiments.design.studyfile import Titles
from experiments.errors import WrongInput
from experiments.evidence.expectations.form import Expectation, ExpectationsFile, Surprise
from experiments.evidence.expectations.measuring import MEASURED, PAIRS, changed, found, verdict
from experiments.evidence.expectations.reading import read_expectations
from experiments.evidence.instruments import cells, shown_interval
from experiments.store.files import replace_text
from model import OUTCOMES, declared_at, shipped_root

__all__ = ["PAGE", "page"]

PAGE = shipped_root() / "EXPECTATIONS.md"
AGAIN = "`make expectations IDS=changed`"

_HEAD = """\
# Expectations · 预期与实测

Measured by `make expectations`, not edited: {pairs} pairs of years at full volume, each pair with the same problems and
the same luck; means and 95 % intervals, which show luck alone. One thing is turned and all else stays. The expectations
were written from the theory before these were measured (the table of instruments was known) and keep their signs;
what came out otherwise is told below. Strengths are assumptions and no figure is a forecast, so signs say more than
sizes. "None": a change smaller than the band named. Shares move in percentage points (pp).

实测表，由 `make expectations` 生成：每对模拟的问题与随机性相同；区间只反映随机性。每行只改一处，其余不变。
预期在测量之前依据理论写成（当时已知各项工具的实测表），方向不再更改；与预期不同的在文末说明。强度为假设，并非预测，
方向比大小更有意义。“不变”：变化小于所列幅度。占比的变化以百分点（pp）计。

{counts}
"""

_COLUMNS = ("", "what is turned · 改变", "in · 所在制度", "outcome · 指标", "expected · 预期", "from → to · 取值",
            "change · 变化", "verdict · 结论", "why · 理由", "source · 依据")  # fmt: skip

_VERDICTS = {
    "as expected": "as expected · 符合",
    "surprise": "**surprise · 出乎预期**",
    "unclear": "**unclear · 不明确**",
}

_TRACED = """\
Beneath each: what else moved in the same runs, from → to and change; and the same change once more with what is said
to make the surprise turned off in both arms.
每条之下：同一批模拟中其他指标的取值与变化；以及在两组中都去除所述原因后，同一改变的结果。
"""

_COUNTS = "{total} expectations: {as expected} as expected, {surprise} surprises, {unclear} unclear. \
共 {total} 条：符合 {as expected} 条，出乎预期 {surprise} 条，不明确 {unclear} 条。"


def page() -> str:
    """Return the tables by topic, then the surprises, as Markdown.

    Raises
    ------
    WrongInput
        Where an expectation was not measured as it is asked now.
    """
    read, measured = read_expectations(), found()
    new = changed(read.expectations, measured)
    if new:
        raise WrongInput([f"{MEASURED}: {', '.join(new)}: not measured as asked now; run {AGAIN}."])
    verdicts = [verdict(each, measured[each.id]) for each in read.expectations]
    counts = _COUNTS.format_map({"total": len(verdicts), **{msg: verdicts.count(msg) for msg in _VERDICTS}})
    parts = [_HEAD.format(pairs=PAIRS, counts=counts)]
    parts += [_topic(read, key, measured) for key in read.topics]
    return "\n".join([*parts, _surprises(read, measured)])


def _topic(read: ExpectationsFile, key: str, measured: Mapping[str, Any]) -> str:
    lines = [_line(each, read, measured[each.id]) for each in read.expectations if each.topic == key]
    heading = f"## {_both(read.topics[key])}\n"
    return "\n".join([heading, cells(_COLUMNS), cells(["---"] * len(_COLUMNS)), *lines, ""])


def _line(each: Expectation, read: ExpectationsFile, row: Mapping[str, Any]) -> str:
    outcome = OUTCOMES[each.outcome]
    change = shown_interval(row["difference"], outcome.unit)
    return cells([
        each.id, _turned(each), f"`{each.regime}`{_beside(each)}", f"{outcome.title_en} · {outcome.title_zh}",
        _expected(each), _ends(row, outcome.unit), change, _VERDICTS[verdict(each, row)],
        _both(each.why), _both(read.sources[each.source]),
    ])  # fmt: skip


def _turned(each: Expectation) -> str:
    """Return every key with its values and what it was declared to mean."""
    return "<br>".join(
        f"`{key}` {_value(start)} → {_value(end)}: {_meaning(key)}" for key, (start, end) in each.change.items()
    )


def _meaning(key: str) -> str:
    known = declared_at(key)
    return f"{known.meaning.rstrip('.')} · {known.zh}"


def _beside(each: Expectation) -> str:
    return "".join(f"<br>`{key}` {_value(value)}" for key, value in each.beside.items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def _expected(each: Expectation) -> str:
    unit = OUTCOMES[each.outcome].unit
    said = {"up": "↑", "down": "↓", "none": "none · 不变"}[each.expect]
    if each.band is not None:
        said += f" (± {_level(each.band, unit)})"
    if each.reaches is not None and each.reaches.at_least is not None:
        said += f", ≥ {_level(each.reaches.at_least, unit)}"
    if each.reaches is not None and each.reaches.at_most is not None:
        said += f", ≤ {_level(each.reaches.at_most, unit)}"
    return said


def _level(value: float | None, unit: str) -> str:
    """Return a value in the unit that is shown: shares as percentages."""
    if value is None:
        return "–"
    return f"{100.0 * value:.4g} %" if unit == "share" else f"{value:.4g}"


def _surprises(read: ExpectationsFile, measured: Mapping[str, Any]) -> str:
    told = [_told(each, each.surprise, measured[each.id]) for each in read.expectations if each.surprise]
    return "\n".join(["## Surprises, traced · 出乎预期者的追查\n", _TRACED, *told])


def _told(each: Expectation, surprise: Surprise, row: Mapping[str, Any]) -> str:
    """Return what happens instead, then what else moved and what turning the cause off does."""
    lines = [f"- {_compared(name, row['moved'][name])}" for name in each.moved]
    if each.without:
        settings = ", ".join(f"`{key}` {_value(value)}" for key, value in each.without.items())
        lines.append(f"- **with · 若 {settings}**: {_compared(each.outcome, row['without'])}")
    return "\n".join([f"**{each.id}** {surprise.en}\n\n{surprise.zh}\n", *lines, ""])


def _compared(name: str, change: Mapping[str, Any]) -> str:
    outcome = OUTCOMES[name]
    return (
        f"{outcome.title_en} · {outcome.title_zh}: {_ends(change, outcome.unit)}, "
        f"{shown_interval(change['difference'], outcome.unit)}"
    )


def _ends(change: Mapping[str, Any], unit: str) -> str:
    return " → ".join(_level(change[end]["mean"], unit) for end in ("before", "after"))


def _both(words: Titles) -> str:
    return words.en if words.en == words.zh else f"{words.en} {words.zh}"


if __name__ == "__main__":
    try:
        replace_text(PAGE, page())
    except WrongInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
