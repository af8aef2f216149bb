"""Words of scenario discovery."""

from __future__ import annotations

__all__ = ["DISCOVERY"]

DISCOVERY: dict[str, tuple[str, str]] = {
    "discovery_box": ("The box: where {condition}", "条件框：{condition} 出现在何处"),
    "discovery_box_caption": (
        "Quasi-p: chance that a restriction does as well by luck. Again: share of random halves of the worlds in which "
        "the input is restricted too.",
        "准 p 值：该限制纯属偶然也有同样效果的概率。复现：在随机抽取的半数情境中同样受限的比例。",
    ),
    "discovery_input": ("input", "参数"),
    "discovery_range": ("within", "范围"),
    "discovery_p": ("quasi-p", "准 p 值"),
    "discovery_again": ("again", "复现"),
    "discovery_tree": ("The same as a tree: {condition}", "同一问题的决策树：{condition}"),
    "discovery_rule": ("where", "条件"),
    "discovery_and": (" and ", "，且"),
    "discovery_anywhere": ("anywhere", "任意"),
    "discovery_density": ("density: share of the worlds inside", "密度：框内情境中所占比例"),
    "discovery_coverage": ("coverage: share of all such worlds", "覆盖：占全部此类情境的比例"),
    "discovery_worlds": ("worlds", "情境数"),
    "discovery_count": (
        "{condition} in {cases} of {worlds} worlds ({share}).",
        "{worlds} 个情境中有 {cases} 个（{share}）满足 {condition}。",
    ),
    "discovery_of_difference": (
        "Outcomes here are differences that {after} makes against {before} in the same world with the same luck.",
        "此处指标为同一情境、同一随机性下{after}与{before}之差。",
    ),
    "discovery_says": (
        "Where {rule}, it is so in {density} of the worlds; these are {coverage} of all worlds in which it is so "
        "(measured in worlds that the box was not found in).",
        "当{rule}时，{density}的情境如此；它们占全部此类情境的 {coverage}（在未用于寻找条件框的情境中测得）。",
    ),
    "discovery_seen": (
        "In the worlds in which it was found: density {density}, coverage {coverage}.",
        "在用于寻找条件框的情境中：密度 {density}，覆盖 {coverage}。",
    ),
    "discovery_dropped": (
        "Not significant, and left out of the box: {names}.",
        "不显著、未纳入条件框：{names}。",
    ),
    "discovery_undefined": ("{count} worlds are left out: a run failed.", "{count} 个情境因模拟失败而剔除。"),
    "discovery_few": (
        "Too few worlds of one sort to look for conditions: 10 or more are needed of either.",
        "其中一类情境太少，无法寻找条件：两类各需至少 10 个。",
    ),
    "discovery_all": ("It is so in every world: no condition decides it.", "所有情境皆如此：没有条件能起决定作用。"),
    "discovery_none": ("It is so in no world that was looked at.", "所考察的情境无一如此。"),
    "discovery_nothing": (
        "No restriction of any input is significant: the inputs do not tell where it is so.",
        "任何参数的限制均不显著：这些参数不能说明它在何处出现。",
    ),
    "discovery_trade": ("What a narrower box gains and loses: {condition}", "条件框收窄的得与失：{condition}"),
    "discovery_restricted": ("restricted inputs", "受限参数个数"),
    "discovery_chosen": ("chosen", "所选"),
    "discovery_held_out": ("the box in worlds it has not seen, with 95 % intervals", "在未见情境中的表现及 95% 区间"),
    "discovery_smallest": ("smallest", "最小"),
    "discovery_largest": ("largest", "最大"),
    "discovery_case": ("it is so", "如此"),
    "discovery_other": ("it is not", "并非如此"),
    "discovery_scatter": ("The two strongest conditions: {condition}", "最强的两个条件：{condition}"),
}
"""By key: English and Chinese."""
