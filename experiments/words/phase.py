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
}
"""By key: English and Chinese."""
