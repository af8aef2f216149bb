"""Words of searches for packages."""

from __future__ import annotations

__all__ = ["SEARCHING"]

SEARCHING: dict[str, tuple[str, str]] = {
    "search_title": (
        "Packages judged in {fresh} fresh worlds, with luck that the search has not seen",
        "各方案在 {fresh} 个新情境中的表现（搜索时未用过的情境与随机性）",
    ),
    "search_caption": (
        "Mean over worlds ± half its 95 % interval; regret: how far behind the best in the same world; "
        "* nobody judged beats it; † breaks a constraint in the fresh worlds.",
        "各情境均值 ± 95% 区间半宽；遗憾值：落后于同一情境中最优者的程度；"
        "* 未被任何受评者全面超过；† 在新情境中违反约束。",
    ),
    "search_package": ("package or regime", "方案或制度"),
    "search_regret": ("regret", "遗憾值"),
    "search_satisfied": ("worlds good enough", "达标情境占比"),
    "search_cost": ("cost", "成本"),
    "search_worst": ("worst tenth of worlds", "最差十分之一情境"),
    "search_contents": ("What each package consists of", "各方案的构成"),
    "search_contents_caption": ("Grades from 0 (off) to 1 (on).", "强度：0（不用）至 1（全用）。"),
    "search_size": (
        "{tried} packages tried in {worlds} worlds; {front} of them are beaten by no other there. What is printed is "
        "measured in {fresh} fresh worlds, for the best of many tries looks better than it is.",
        "在 {worlds} 个情境中试了 {tried} 个方案，其中 {front} 个未被其他方案全面超过。"
        "上列数字在 {fresh} 个新情境中测得，因为多次尝试中的最优者看上去总比实际更好。",
    ),
    "search_least": (
        "{title}: {name} is behind least, by {regret} {unit}.",
        "{title}：{name}落后最少，为 {regret} {unit}。",
    ),
    "search_most": (
        "{name} is good enough in every objective in most worlds: {share} of {fresh}.",
        "{name}在最多情境中全部目标达标：{fresh} 个中的 {share}。",
    ),
    "search_none_satisfied": (
        "Nothing that was judged is good enough in every objective in any of the {fresh} worlds.",
        "在 {fresh} 个情境中，没有任何受评方案在任一情境中全部目标达标。",
    ),
    "search_trade": (
        "What must be given up for what: packages in {fresh} fresh worlds, and all that were tried",
        "取舍：各方案在 {fresh} 个新情境中的表现，以及所有试过的方案",
    ),
    "search_tried": ("tried, in the worlds of the search", "试过的方案（搜索所用情境）"),
    "search_more": ("more is better", "越高越好"),
    "search_less": ("less is better", "越低越好"),
    "search_grade": ("grade: 0 off, 1 on", "强度：0 不用，1 全用"),
    "search_regret_figure": (
        "How far behind the best in the same world: mean over {fresh} worlds",
        "落后于同一情境中最优者的程度：{fresh} 个情境的均值",
    ),
    "instrument": ("instrument", "工具"),
}
"""By key: English and Chinese."""
