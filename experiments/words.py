"""Every word that tables and figures print, in English and Chinese."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["WORDS", "Language", "word"]


class Language(StrEnum):
    """Languages of the interface."""

    EN = "en"
    ZH = "zh"


WORDS: dict[str, tuple[str, str]] = {
    "outcome": ("outcome", "指标"),
    "unit": ("unit", "单位"),
    "value": ("value", "数值"),
    "difference": ("difference", "差异"),
    "interval": ("95 % interval", "95 % 区间"),
    "effect": ("effect d_z", "效应 d_z"),
    "verdict": ("clear?", "是否明确"),
    "clear": ("clear", "明确"),
    "clear_better": ("clear, better", "明确，改善"),
    "clear_worse": ("clear, worse", "明确，变差"),
    "not_clear": ("not clear", "不明确"),
    "equal": ("equal", "相同"),
    "undefined": ("–", "–"),
    "key": ("key", "参数"),
    "origin": ("origin", "出处"),
    "regime": ("regime", "制度"),
    "compare_title": ("{after} against {before}, {pairs} pairs", "{after} 对比 {before}，{pairs} 对"),
    "run_title": ("{regime}, seed {seed}: {days} days, {cases} cases", "{regime}，种子 {seed}：{days} 天，{cases} 件"),
    "headline_start": ("{after} against {before}, {pairs} pairs: ", "{after} 与 {before} 相比（{pairs} 对）："),
    "change": (
        "{title} {first} → {last} {unit} ({size}; {interval})",
        "{title} {first} → {last} {unit}（{size}；{interval}）",
    ),
    "gap_start": ("reported above real closure in time, points: ", "上报办结率高出实际办结率（百分点）："),
    "gap": ("{regime} {gap}", "{regime} {gap}"),
    "headline_none": ("no clear difference in {titles}", "{titles}无明确差异"),
    "headline_join": ("; ", "；"),
    "list_join": (", ", "、"),
    "sentence_end": (".", "。"),
    "written_to": ("tables, figures and every run: {folder}", "表格、图与每次模拟：{folder}"),
    "caveat": (
        "In this model, under its assumptions: not a forecast for Chaoyang. Staff numbers are assumptions.",
        "仅为本模型在其假设下的结果，不是对朝阳区的预测。人员数为假设。",
    ),
    "caveat_luck": (
        "Open, dropped and rejected cases count as not closed. Intervals show luck alone, not doubt about assumptions.",
        "未结、放弃和不予受理的案件均计为未办结。区间只反映随机性，不反映假设的不确定性。",
    ),
    "theme_closure": ("Closure", "办结"),
    "theme_time": ("Time, and what comes back", "用时与反复"),
    "theme_passing": ("Passing the buck", "推诿"),
    "theme_work": ("Who carries the work", "谁来承担"),
    "theme_reach": ("Whistles, hidden problems, equity", "吹哨、隐患与公平"),
    "theme_other": ("Other", "其他"),
    "pp": ("pp", "个百分点"),
    "percent": ("%", "%"),
    "share": ("share", "占比"),
    "days": ("days", "天"),
    "day": ("day of the run", "模拟日"),
    "closed_a_day": ("really closed a day (7-day mean)", "每日真实办结件数（7 日均值）"),
    "open_cases": ("open cases", "未结件数"),
    "passes": ("passes per case", "每件推诿次数"),
    "share_of_cases": ("cases (%)", "案件占比（%）"),
    "workload": ("hours used of hours held (%)", "工时使用率（%）"),
    "from_department": ("from", "移出单位"),
    "to_department": ("to (street: back to the streets)", "移入单位（street 为退回街乡）"),
    "hand_overs_a_run": ("cases passed or handed over in the observed year", "观察年内移交件数"),
    "paired_figure": ("paired difference from {before}, 95 % interval", "与 {before} 的配对差异及 95 % 区间"),
    "filled_is_clear": ("filled: clear (Holm p < 0.05)", "实心：明确（Holm p < 0.05）"),
    "band": ("mean and 95 % interval over {runs} runs", "{runs} 次模拟的均值与 95 % 区间"),
    "level_street": ("streets", "街乡"),
    "level_community": ("communities", "社区"),
    "level_team": ("platform teams", "派驻队伍"),
    "level_department": ("departments", "部门"),
    "level_city": ("city", "市级"),
}
"""By key: English and Chinese."""


def word(key: str, language: Language = Language.EN, **values: object) -> str:
    """Return the words of a key with values filled in."""
    english, chinese = WORDS[key]
    return (chinese if language is Language.ZH else english).format(**values)
