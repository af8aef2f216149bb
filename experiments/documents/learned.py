"""What the page on learned logs shows: each real log, how its last part was foretold, what the mechanism adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from experiments.documents import table
from experiments.evidence.learned_logs import LOGS, NAME
from experiments.learning.results import figure_text, measure_title, ratio_text
from experiments.messages import Language, current_language, in_language, msg
from experiments.store.files import read_measured

MECHANISM, REPLAY, LAST, QUEUE, ORACLE = "mechanism", "replay", "last", "queue", "oracle"
RIVALS = (REPLAY, LAST, QUEUE)
SCORED = ("pool", "without", MECHANISM, *RIVALS, ORACLE)
Row = Mapping[str, Any]


NAMES = {"pool": "fit_pool", MECHANISM: "fit_mechanism", REPLAY: "fit_replay", LAST: "fit_last_column",
         QUEUE: "fit_queue", ORACLE: "fit_oracle"}  # fmt: skip
"""Of the messages that call forecasts by name."""

_WORDS = {
    "missing": ("Not measured yet (`make learned-logs`).\n", "尚未测量（`make learned-logs`）。\n"),
    "logs": (
        "Error of each forecast of the last part, in errors of yesterday (below 1 is better; **bold**: no better than "
        "yesterday), geometric mean over measures. *Without*: the forecast had it never known the mechanism.",
        "各种预测对后段的误差，以“照搬以往”的误差为 1（小于 1 为优，**加粗**为不优于照搬以往），为各指标的几何平均。"
        "“去掉机制”：综合预测若从未采用模型机制的结果。",
    ),
    "log": ("log", "日志"), "cases": ("cases", "件数"), "split": ("last part from", "后段始于"),
    "without": ("without", "去掉机制"), "inside": ("inside the interval", "落在区间内"), "minutes": ("minutes", "分钟"),
    "refused": ("refused", "拒绝"), "yesterday": ("yesterday", "照搬以往"), "origin": ("origin", "起点"),
    "interval": ("foretold", "预测区间"), "to_pool": ("to the forecast", "对综合预测"),
    "learned": (
        "Learned from {from_} to {split}; {periods} periods of {days:.0f} days foretold. The mechanism's ensemble: "
        "{worlds} districts out of {runs:,} runs; all its doubt was widened {widened:.2f} times. Intervals hold "
        "{interval:.0%} of the forecast.",
        "学习 {from_} 至 {split} 的记录，预测 {periods} 个时段，每段 {days:.0f} 天。机制的情形集合："
        "{runs:,} 次模拟中选出 {worlds} 个辖区，误差容许放宽为 {widened:.2f} 倍。"
        "区间含预测的 {interval:.0%}。",
    ),
    "read": ("Read with `{flags}`: {cases:,} cases, {units} units.",
             "读取方式：`{flags}`；{cases:,} 件，{units} 个单位。"),
    "scores": ("Measure by measure:", "分指标："),
    "added": (
        "What the mechanism adds: its error beside that of each rival, and that of the forecast with it beside the "
        "forecast without (below zero: less error).",
        "机制带来什么：机制误差与各对手相比，综合预测有机制与无机制相比（负数为误差减少）。",
    ),
    "origins": (
        "The origins inside the first part, from which weights were learned (the mechanism with the discrepancy that "
        "the other origins teach):",
        "前段内部的起点，权重由此学得（机制已计入由其他起点学得的偏差）：",
    ),
    "outside": ("Figures outside their interval:", "落在区间之外的数字："),
    "none_outside": ("No figure lies outside its interval.", "没有数字落在区间之外。"),
}  # fmt: skip
"""What no message says, English and Chinese."""


def learned_tables(language: Language) -> str:
    """Return the tables of the real logs, those that were refused and those that were foretold badly among them."""
    found = read_measured(NAME).get("logs", {})
    rows = {each.file: found[each.file] for each in LOGS if each.file in found}
    with in_language(language):
        if not rows:
            return _word("missing")
        heads = (_word("log"), _word("cases"), _word("split"), *_scored(), _word("inside"), msg("fit_weight_column"),
                 _word("minutes"))  # fmt: skip
        overview = table(heads, (_overview(file, row, len(heads)) for file, row in rows.items()))
        sections = ("\n".join([f"### {file}\n", *_of_log(row)]) for file, row in rows.items())
        return "\n".join([_word("logs") + "\n", overview, *sections])


def _word(name: str) -> str:
    return _WORDS[name][current_language() is Language.ZH]


def _scored() -> list[str]:
    return [msg(NAMES[name]) if name in NAMES else _word(name) for name in SCORED]


def _overview(file: str, row: Row, width: int) -> Iterator[str]:
    yield from (f"`{file}`", f"{row['cases']:,}")
    if "geometric" in row:
        yield row["split"]
        yield from _whole(row)
    else:
        yield from (_word("refused"), *[""] * (width - 4))
    yield f"{row['seconds'] / 60.0:.1f}"


def _whole(row: Row) -> Iterator[str]:
    """Yield the scores over all measures, how many figures lie inside their interval, the weight of the mechanism."""
    yield from (_score(name, _over_all(row)) for name in SCORED)
    yield from (_inside(row), _share(row["weights"].get(MECHANISM)))


def _over_all(row: Row) -> Row:
    return {**row["geometric"], "without": row["without"]}


def _of_log(row: Row) -> Iterator[str]:
    said = row["said"][str(current_language())]
    yield _word("read").format_map(row) + "\n"
    yield from (f"- {each['where']}: {each['words']}" for each in said["findings"])
    yield f"- {said['refused'] or said['reason']}\n"
    if "geometric" not in row:
        return
    told = {"from_": row["window"][0], "days": row["period_days"], **row["ensemble"], **row}
    yield _word("learned").format_map(told) + "\n"
    measures: Mapping[str, Row] = row["measures"]
    yield from _titled("scores", (msg("fit_measure"), *_scored(), _word("inside"), msg("fit_weight_column")),
                       [*(_measure(*each) for each in measures.items()), (msg("fit_whole"), *_whole(row))])  # fmt: skip
    heads = (msg("fit_measure"), _word("yesterday"), *(msg(NAMES[name]) for name in RIVALS), _word("to_pool"))
    added = [_added(measure_title(name), each) for name, each in measures.items()]
    yield from _titled("added", heads, [*added, _added(msg("fit_whole"), _over_all(row))])
    yield from _titled("origins", (_word("origin"), *(msg(NAMES[name]) for name in (MECHANISM, *RIVALS, ORACLE))),
                       [_origin(each) for each in row["origins"]])  # fmt: skip
    missed = [_missed(each) for each in row["held_out"] if not each["inside"]]
    heads = (msg("fit_measure"), msg("fit_period"), msg("fit_observed"), _word("interval"))
    yield from _titled("outside", heads, missed) if missed else [_word("none_outside") + "\n"]


def _titled(title: str, heads: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield _word(title) + "\n"
    yield table(heads, rows)


def _measure(name: str, scores: Row) -> tuple[str, ...]:
    scored = (_score(each, scores) for each in SCORED)
    return measure_title(name), *scored, _inside(scores), _share(scores["weights"].get(MECHANISM))


def _added(title: str, scores: Row) -> tuple[str, ...]:
    mine = scores[MECHANISM]
    over = (_change(mine, scores[rival]) for rival in RIVALS)
    return title, _change(mine, 1.0), *over, _change(scores["pool"], scores["without"])


def _origin(origin: Row) -> tuple[str, ...]:
    return origin["day"], *(_score(name, origin) for name in (MECHANISM, *RIVALS, ORACLE))


def _missed(row: Row) -> tuple[str, ...]:
    observed, low, high = (figure_text(row["measure"], row[each]) for each in ("observed", "low", "high"))
    return measure_title(row["measure"]), row["period"], observed, f"{low} – {high}"


def _score(name: str, scores: Row) -> str:
    """Return a score in scores of yesterday, bold where it is no better; the ceiling is nobody's."""
    value = scores[name]
    text = ratio_text(value)
    return f"**{text}**" if value is not None and value >= 1.0 and name != ORACLE else text


def _change(mine: float | None, other: float | None) -> str:
    return "–" if mine is None or other is None or other <= 0.0 else f"{100.0 * (mine / other - 1.0):+.0f} %"


def _inside(row: Row) -> str:
    return f"{row['inside']} / {row['figures']}"


def _share(weight: float | None) -> str:
    return "–" if weight is None else f"{100.0 * weight:.0f} %"
