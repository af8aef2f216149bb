"""Words of attributions to instruments."""

from __future__ import annotations

__all__ = ["ATTRIBUTION"]

ATTRIBUTION: dict[str, tuple[str, str]] = {
    "attribution_table": (
        "{title}: which instrument does the work ({unit}; {scheme}, {lucks})",
        "{title}：哪项工具在起作用（{unit}；{scheme}，{lucks}）",
    ),
    "attribution_exact": ("all subsets", "全部子集"),
    "attribution_orders": ("random orders of introduction", "随机引入顺序"),
    "attribution_lucks": ("{count} lucks", "{count} 组随机数"),
    "attribution_caption": (
        "Mean ± half its 95 % interval over paired luck. Shapley: mean over all orders in which the instruments could "
        "be introduced; alone: it and nothing else; left out: what is lost when only it is missing. "
        "* clear (Holm p < 0.05 over the instruments).",
        "均值 ± 95% 区间半宽（配对随机数）。Shapley 值：对所有引入顺序的平均；单独：只用该工具；"
        "缺席：仅去掉该工具时的损失。* 明确（对各工具做 Holm 校正后 p < 0.05）。",
    ),
    "attribution_shapley": ("Shapley value", "Shapley 值"),
    "attribution_share": ("of the total (%)", "占总效应（%）"),
    "attribution_alone": ("alone", "单独"),
    "attribution_left_out": ("left out", "缺席"),
    "attribution_all": ("all together", "全部合计"),
    "attribution_dropped": (
        "{title}: {count} of {all} lucks were left out, because a run of theirs failed or is undefined there.",
        "{title}：{all} 组随机数中有 {count} 组未计入，因其中有模拟失败或该指标无定义。",
    ),
    "attribution_nothing": (
        "{title}: none of the instruments changes it at all.",
        "{title}：各项工具均未使其发生任何变化。",
    ),
    "attribution_total": (
        "{title}: all instruments together change it from {none} to {whole}, by {total}.",
        "{title}：全部工具合用使其由 {none} 变为 {whole}，变化 {total}。",
    ),
    "attribution_most": (
        "{title}: {name} does most: {value}, on average over the orders of introduction{share}.",
        "{title}：{name}作用最大：对各引入顺序平均为 {value}{share}。",
    ),
    "attribution_of_total": (", {share} of the total", "，占总效应的 {share}"),
    "attribution_against": (
        "{title}: against the total works {names}.",
        "{title}：与总效应方向相反：{names}。",
    ),
    "attribution_unclear": (
        "{title}: not told from nothing: {names}.",
        "{title}：无法与零区分：{names}。",
    ),
    "attribution_turns": (
        "Warning, {title}: {name} alone does {alone}, but added to all the others {left_out}: its effect depends on "
        "which instruments are there already, and its share is a mean of opposites.",
        "警告，{title}：{name}单独使用时为 {alone}，而在其他工具之上加入时为 {left_out}："
        "其作用取决于已有哪些工具，其份额是相反作用的平均。",
    ),
    "attribution_pair": (
        "{title}: the strongest interaction is that of {first} and {second}: {value} beyond what each does.",
        "{title}：交互作用最强的是{first}与{second}：在各自作用之外为 {value}。",
    ),
    "attribution_no_pairs": (
        "Pairwise interactions are not shown: the orders of introduction were run without exchanged neighbours.",
        "未给出两两交互作用：随机引入顺序的模拟未包含相邻工具互换的子集。",
    ),
    "attribution_relative": (
        "The share of an instrument is relative to this whole: among other instruments, or from another starting "
        "point, it would be another.",
        "某项工具的份额是相对于这一整体而言的：若与其他工具搭配，或起点不同，份额也会不同。",
    ),
    "attribution_waterfall": (
        "{title}: which instrument does the work",
        "{title}：哪项工具在起作用",
    ),
    "attribution_none_level": ("none of them", "均不采用"),
    "attribution_whole_level": ("all of them", "全部采用"),
    "attribution_up": ("raises it, clear", "提高，明确"),
    "attribution_down": ("lowers it, clear", "降低，明确"),
    "attribution_hollow": ("not clear (no Holm p < 0.05)", "不明确（Holm p 未小于 0.05）"),
    "attribution_pairs": (
        "{title}: what two instruments do together beyond what each does",
        "{title}：两项工具在各自作用之外的共同作用",
    ),
    "attribution_unclear_pair": (
        "grey: not clear (no Holm p < 0.05 over the pairs)",
        "灰色：不明确（对各对做 Holm 校正后 p 未小于 0.05）",
    ),
    "attribution_sides": (
        "{title}: each instrument alone, on average, and last",
        "{title}：各项工具单独、平均与最后加入时的作用",
    ),
    "attribution_difference": ("difference ({unit})", "差异（{unit}）"),
    "attribution_left_over": (
        "{whole} differs from the start in further values that no chosen instrument turns; they are left as they were: "
        "{keys}.",
        "{whole}与起点还有其他差异，所选工具均不涉及，保持不变：{keys}。",
    ),
}
"""By key: English and Chinese."""
