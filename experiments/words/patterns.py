"""Words of the patterns."""

from __future__ import annotations

__all__ = ["PATTERNS"]

PATTERNS: dict[str, tuple[str, str]] = {
    "patterns_title": ("Patterns that one parameter set must show at once", "一套参数须同时显示的规律"),
    "patterns_pattern": ("pattern", "规律"),
    "patterns_measured": ("measured", "实测指标"),
    "patterns_value": ("value", "数值"),
    "patterns_band": ("band", "允许范围"),
    "patterns_verdict": ("verdict", "结论"),
    "patterns_null": ("bare queue", "裸排队"),
    "patterns_credit": ("credit", "证据"),
    "patterns_pass": ("pass", "通过"),
    "patterns_fail": ("FAIL", "未通过"),
    "patterns_not identified": ("not identified", "不能确定"),
    "patterns_yes": ("yes", "是"),
    "patterns_evidence": ("no: the bare queue shows it too", "否：裸排队也如此"),
    "patterns_unknown": ("–", "–"),
    "patterns_fitted": ("fitted", "参数据此选定"),
    "patterns_input": ("put in", "输入"),
    "patterns_at_least": ("≥ {low}", "≥ {low}"),
    "patterns_at_most": ("≤ {high}", "≤ {high}"),
    "patterns_between": ("{low} … {high}", "{low} … {high}"),
    "patterns_says_count": (
        "{passed} of {total} patterns hold with this one parameter set, {failed} fail, {unclear} cannot be told from "
        "{runs} of each arm.",
        "用这一套参数，{total} 项规律中 {passed} 项成立，{failed} 项不成立，{unclear} 项由每组{runs}不能确定。",
    ),
    "patterns_says_credit": (
        "Only {credit} speak for the behaviour in the model: these hold, nothing was chosen for them, and a bare queue "
        "without behaviour does not show them ({ids}).",
        "其中只有 {credit} 项支持模型中的行为机制：成立、未据此选参数、且无行为的裸排队不显示（{ids}）。",
    ),
    "patterns_says_no_credit": (
        "None speaks for the behaviour in the model: that needs a pattern that holds, for which nothing was chosen, "
        "and that a bare queue without behaviour does not show.",
        "没有一项支持模型中的行为机制：这需要成立、未据此选参数、且无行为的裸排队不显示。",
    ),
    "patterns_says_fail": (
        "{id} does not hold: {measured} is {value}, allowed {band}.",
        "{id} 不成立：{measured}为 {value}，允许范围 {band}。",
    ),
    "patterns_says_unclear": (
        "{id} cannot be told: {measured} is {value}, allowed {band}; more --pairs may tell.",
        "{id} 不能确定：{measured}为 {value}，允许范围 {band}；增加 --pairs 或可判断。",
    ),
    "patterns_says_rule": (
        "A check passes where its whole 95 % interval (luck alone) lies within the band; a pattern passes where all "
        "its checks do. Bands come from other places and services, none from Chaoyang's files.",
        "95% 区间（仅反映随机性）完全落在允许范围内为通过；各项检查均通过则该规律成立。允许范围来自其他地区与服务，"
        "没有一项来自朝阳区的档案。",
    ),
    "patterns_page": ("What the district shows, {runs} of each arm", "模型区显示的规律（每组{runs}）"),
    "patterns_own": ("this model", "本模型"),
    "patterns_bare": ("bare queue", "裸排队"),
    "patterns_lognormal": ("lognormal", "对数正态"),
    "patterns_exponential": ("exponential", "指数分布"),
    "patterns_log_days": (
        "log days to close within follow-up, standardised by kind",
        "跟踪期内办结天数的对数（按类别标准化）",
    ),
    "patterns_share_cases": ("share of closed cases", "占已办结案件"),
    "patterns_so_far": ("passes so far", "已推诿次数"),
    "patterns_another": ("chance of another (%)", "再推一次的可能性（%）"),
    "patterns_units": ("share of departments (%)", "部门占比（%）"),
    "patterns_of_passes": ("share of passes (%)", "推诿占比（%）"),
    "patterns_even": ("all alike", "完全均匀"),
    "patterns_quarter": ("quarter of days by open cases, fewest first", "按未结件数分四组，由少到多"),
    "patterns_closure": ("closure on time (%)", "按期办结率（%）"),
    "patterns_readiness": ("readiness to whistle (log-odds)", "吹哨倾向（对数几率）"),
    "patterns_pressure": ("strength of the monthly ranking", "月度排名压力"),
    "patterns_real": ("really closed", "真实办结"),
    "patterns_reported": ("reported as closed", "上报办结"),
    "patterns_weight": ("streets' weight", "街乡权重"),
    "patterns_months": ("months since the reform", "改革后月数"),
    "patterns_gain": ("change of closure on time (pp)", "按期办结率变化（百分点）"),
    "patterns_before": ("before", "放权前"),
    "patterns_without": ("powers without staff", "放权不放人"),
    "patterns_followed": ("powers with staff", "权随人走"),
    "patterns_of_nobody": ("no man's land (%)", "无人地带（%）"),
    "patterns_cases": ("of cases", "占案件"),
    "patterns_passes": ("of passes", "占推诿"),
}
"""By key: English and Chinese."""
