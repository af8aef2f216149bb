"""Words in which studies are announced and told how far they are."""

from __future__ import annotations

__all__ = ["STUDIES"]

STUDIES: dict[str, tuple[str, str]] = {
    "would_run": (
        "would run {planned:,} runs{more} of {points:,} points ({regimes}) into {folder}: about {time} on {jobs} "
        "processes ({seconds_a_run:.2f} s a run, measured now), about {megabytes:,.1f} MB",
        "将模拟 {planned:,} 次{more}，共 {points:,} 个设计点（{regimes}），写入 {folder}："
        "{jobs} 个进程约需{time}（实测每次 {seconds_a_run:.2f} 秒），约 {megabytes:,.1f} MB",
    ),
    "would_run_more": (" (at most {at_most:,}, until precise enough)", "（至多 {at_most:,} 次，达到精度为止）"),
    "time_seconds": ("{value} s", " {value} 秒"),
    "time_minutes": ("{value} minutes", " {value} 分钟"),
    "time_hours": ("{value} hours", " {value} 小时"),
    "time_days": ("{value} days", " {value} 天"),
    "imprecise": (
        "not precise enough: {title}, {of} of {regime}{row}: ± {half} {unit} after {replicates} replicates; asked for "
        "± {asked}. Raise the budget or ask for less.",
        "精度不足：{title}，{regime}的{of}{row}：{replicates} 次重复后为 ± {half} {unit}；要求 ± {asked}。"
        "请提高预算或降低要求。",
    ),
    "imprecise_level": ("level", "水平"),
    "imprecise_difference": ("difference", "差异"),
    "imprecise_row": (", row {row} of the design", "（设计第 {row} 行）"),
    "status": (
        "{folder}: {done} of {planned} runs done, {failed} failed",
        "{folder}：计划 {planned} 次，完成 {done} 次，失败 {failed} 次",
    ),
}
"""By key: English and Chinese."""
