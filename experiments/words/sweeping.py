"""Words of sweeps."""

from __future__ import annotations

__all__ = ["SWEEPING"]

SWEEPING: dict[str, tuple[str, str]] = {
    "sweep_level": ("Outcomes along: {x}", "各项指标随“{x}”的变化"),
    "sweep_change": ("Along {x}: paired difference from {mark}", "随“{x}”的变化：与 {mark} 时的配对差异"),
    "sweep_change_first": (
        "Along {x}: paired difference from the first value",
        "随“{x}”的变化：与首个取值的配对差异",
    ),
    "sweep_difference": ("Along {x}: paired difference from {before}", "随“{x}”的变化：与{before}的配对差异"),
    "sweep_band": ("band: 95 % interval over {runs}", "阴影：{runs}的 95% 区间"),
    "runs_range": ("{least} to {most} runs", "{least} 至 {most} 次模拟"),
    "sweep_caption": ("Mean with its 95 % interval.", "均值及其 95% 区间。"),
    "map_level": ("{regime}: level ({unit})", "{regime}：水平（{unit}）"),
    "map_difference": ("{regime}: difference ({unit})", "{regime}：差异（{unit}）"),
    "map_unclear": ("the 95 % interval holds zero", "95% 区间包含零"),
    "peak_inside": (
        "{title}{curve}: best inside the range, at {x} = {best}: better than at the lowest value by {low}, than at "
        "the highest by {high} ({unit}, measured in the half of the runs that did not find the place).",
        "{title}{curve}：最优值在区间内部，{x} = {best}：比最低取值好 {low}，比最高取值好 {high}"
        "（{unit}；用未参与寻优的一半模拟衡量）。",
    ),
    "peak_low end": (
        "{title}{curve}: best at the lowest value of {x}, {best}; better than at the highest by {high} ({unit}).",
        "{title}{curve}：{x} 取最低值 {best} 时最优；比最高取值好 {high}（{unit}）。",
    ),
    "peak_high end": (
        "{title}{curve}: best at the highest value of {x}, {best}; better than at the lowest by {low} ({unit}).",
        "{title}{curve}：{x} 取最高值 {best} 时最优；比最低取值好 {low}（{unit}）。",
    ),
    "peak_not above low": (
        "{title}{curve}: {x} = {best} is better than the highest value by {high} ({unit}), but not clearly better "
        "than the lowest.",
        "{title}{curve}：{x} = {best} 比最高取值好 {high}（{unit}），但不明显优于最低取值。",
    ),
    "peak_not above high": (
        "{title}{curve}: {x} = {best} is better than the lowest value by {low} ({unit}), but not clearly better "
        "than the highest.",
        "{title}{curve}：{x} = {best} 比最低取值好 {low}（{unit}），但不明显优于最高取值。",
    ),
    "peak_flat": (
        "{title}{curve}: no value of {x} is clearly better than the ends of the range.",
        "{title}{curve}：{x} 的任何取值都不明显优于区间两端。",
    ),
    "factor_dummy": ("dummy (nothing reads it)", "虚拟参数（不起作用）"),
    "factor_luck": ("luck", "随机性"),
}
"""By key: English and Chinese."""
