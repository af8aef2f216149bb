"""Words that stand in figures of a comparison."""

from __future__ import annotations

__all__ = ["FIGURES"]

FIGURES: dict[str, tuple[str, str]] = {
    "day": ("day of the run", "模拟日"),
    "stock_title": ("Cases open at the end of the day", "日末未结件数"),
    "reported_a_day": ("new requests, {regime}", "新增诉求，{regime}"),
    "closed_title": ("Cases really closed a day (mean of 7 days)", "每日实际办结件数（7 日均值）"),
    "warm_up": ("warm-up", "预热期"),
    "follow_up": ("follow-up", "跟踪期"),
    "passes": ("times a case was passed on", "案件被推诿次数"),
    "share_of_cases": ("share of cases ever offered to a department", "占曾交部门案件的比例"),
    "passes_title": ("How often cases are passed on", "案件被推诿的次数"),
    "workload": ("hours used ÷ hours held", "已用工时 ÷ 在岗工时"),
    "workload_title": ("Who carries the work, in the observed year", "观察年内谁来承担"),
    "matrix_title": (
        "{regime}: {total:,.0f} hand-overs in {days} days,\n{back:.0f} % of them back to the streets",
        "{regime}：{days} 天内移交 {total:,.0f} 件次，\n其中 {back:.0f}% 退回街乡",
    ),
    "hand_over_share": (
        "share of all hand-overs under the regime, mean of {runs}",
        "占该制度下全部移交的比例，{runs}均值",
    ),
    "one_run": ("1 run", "1 次模拟"),
    "several_runs": ("{count} runs", "{count} 次模拟"),
    "paired_figure": (
        "{after} against {before}: {basis}, same requests and same luck",
        "{after}对比{before}：{basis}，诉求与随机性相同",
    ),
    "panel_percent": ("difference in % of the mean under {before}", "差异（占{before}均值的百分比）"),
    "luck_only": (
        "95 % intervals, luck alone. In this model, under its assumptions; no forecast for Chaoyang.",
        "所示为 95% 区间，仅反映随机性。仅为本模型在其假设下的结果，不是对朝阳区的预测。",
    ),
    "band": ("mean and 95 % interval over {runs}", "{runs}的均值与 95% 区间"),
    "from_department": ("handed over by", "移出单位"),
    "to_department": ("to (numbers as in the rows)", "移入单位（编号同行）"),
    "back_to_street": ("street", "街乡"),
    "panel_pp": ("difference in percentage points", "差异（百分点）"),
    "panel_log ratio": ("difference of log ratios", "对数比之差"),
    "better": ("better, clear", "改善，明确"),
    "worse": ("worse, clear", "变差，明确"),
    "neither": ("neither better nor worse, clear", "无好坏之分，明确"),
    "unclear": ("not clear (no Holm p < 0.05)", "不明确（Holm p 未小于 0.05）"),
    "level_street": ("streets", "街乡"),
    "level_community": ("communities", "社区"),
    "level_team": ("platform teams", "派驻队伍"),
    "level_department": ("departments", "部门"),
    "level_city": ("city", "市级"),
}
"""By key: English and Chinese."""
