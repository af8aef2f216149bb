"""Words of the phase diagram of delegation."""

from __future__ import annotations

__all__ = ["PHASE"]

PHASE: dict[str, tuple[str, str]] = {
    "phase_title": (
        "What delegating {delegated:.0f} % of the powers to streets does to the {outcome}: {pairs} a cell, "
        "same requests and same luck",
        "把{delegated:.0f}%的执法权下放街乡对{outcome}的影响：每格{pairs}，诉求与随机性相同",
    ),
    "phase_panel": ("{sent:.0f} % of the shortfall sent down", "欠账的{sent:.0f}%下派"),
    "phase_staff": ("staff that follows the powers (%)", "随权力下沉的人员（%）"),
    "phase_speed": ("generalist's speed (specialist = 1)", "通才速度（专业人员=1）"),
    "phase_difference": (
        "{outcome}, difference in {unit}\n95 % interval of a cell ± {half:.1f} (median)",
        "{outcome}，差异（{unit}）\n每格95%区间 ± {half:.1f}（中位数）",
    ),
    "phase_unclear": ("not clear: the 95 % interval holds zero", "不明确：95%区间含零"),
    "phase_line": (
        "fluid threshold, by hand: left of it streets are over-full",
        "流体阈值（手工推导）：左侧街乡超负荷",
    ),
    "phase_table": (
        "How many of the people must follow for delegation to help: {outcome}, {pairs} a cell",
        "多少人员随权下沉，放权才有益：{outcome}，每格{pairs}",
    ),
    "phase_table_caption": (
        "Shares of the people on the cases whose power is delegated. –: not within the diagram.",
        "随权下沉人员占相应案件人员的比例。–：图中未出现。",
    ),
    "phase_sent": ("shortfall sent down", "欠账下派"),
    "phase_sure_until": ("clearly harms up to", "明确有害至"),
    "phase_turns": ("turns at", "转折点"),
    "phase_sure_from": ("clearly helps from", "明确有益自"),
    "phase_threshold": ("fluid threshold, by hand", "流体阈值（手工推导）"),
    "phase_turning": (
        "Delegating {delegated} of the powers turns from harm to help where {least} to {most} of the people follow.",
        "下放 {delegated} 的执法权，在 {least} 至 {most} 的人员随之下沉时由有害转为有益。",
    ),
    "phase_never": (
        "In {count} of {all} rows it does not turn: it harms, or helps, whoever follows.",
        "{all} 行中有 {count} 行不出现转折：无论多少人随之下沉，都有害或都有益。",
    ),
    "phase_gap": (
        "It turns {least} to {most} points of staff above the threshold by hand: streets run late before they are "
        "full.",
        "转折点比手工推导的阈值高 {least} 至 {most} 个百分点：街乡在满负荷之前就已开始逾期。",
    ),
}
"""By key: English and Chinese."""
