"""Words of the tab in which packages are compared."""

from __future__ import annotations

__all__ = ["PACKAGES"]

PACKAGES: dict[str, tuple[str, str]] = {
    "pack_hint": (
        "Two to four sets of rules meet the same problems with the same chance. The first is what the others are "
        "compared with.",
        "两至四种制度面对相同的问题和相同的偶然因素；其余与第一种比较。",
    ),
    "package_mine": ("My rules (changed from {title})", "我的规则（改自{title}）"),
    "pack_add": ("add one", "增加一种"),
    "pack_remove": ("leave out", "去掉"),
    "pack_package": ("rules {letter}", "制度 {letter}"),
    "pack_basis": ("rules A, the basis", "制度 A（基准）"),
    "pack_mine": ("My rules now: {title}", "当前的规则：{title}"),
    "pack_pairs": ("Pairs", "配对数"),
    "pack_small": (
        "Smaller is faster and rougher: small streets then have few people or none, and rules about posts do less.",
        "规模小则快而粗略：小的街乡人员很少甚至没有，与编制有关的规则作用变小。",
    ),
    "pack_scale": ("Size", "规模"),
    "pack_full": ("full size", "全规模"),
    "pack_part": ("{percent} % of Chaoyang", "朝阳区的 {percent}%"),
    "pack_start": ("Compare", "开始比较"),
    "pack_cancel": ("Cancel", "取消"),
    "pack_twice": ("Choose two to four different sets of rules.", "请选择两至四种不同的制度。"),
    "pack_gone": (
        "The result of this address is kept no more: compare again.",
        "该地址对应的结果已不再保留，请重新比较。",
    ),
    "pack_old": (
        "The choices above have changed since the result below was made: compare again to see what they give.",
        "上面的选择在得出下列结果之后已有改动，如需新结果请重新比较。",
    ),
    "pack_phase_idle": ("", ""),
    "pack_phase_waiting": ("Waiting for another comparison to end …", "正在等待另一项比较结束……"),
    "pack_phase_running": ("{done} of {planned} runs done", "已完成 {done}/{planned} 次模拟"),
    "pack_phase_drawing": (
        "All {planned} runs done; the brief is being written …",
        "{planned} 次模拟均已完成，正在编写简报……",
    ),
    "pack_phase_done": ("Done: {planned} runs", "完成：{planned} 次模拟"),
    "pack_phase_cancelled": ("Cancelled.", "已取消。"),
    "pack_phase_failed": ("It failed.", "未能完成。"),
    "pack_of": (
        "This result is of: {names}; {pairs} pairs, {percent} % of Chaoyang's size, first random seed {seed}.",
        "本结果对应：{names}；{pairs} 对，朝阳区规模的 {percent}%，首个随机种子 {seed}。",
    ),
    "pack_winners": ("Who gains and who loses", "谁受益、谁受损"),
    "pack_figures": ("Figures", "图"),
    "pack_take": ("Take away", "下载"),
    "pack_file_report.pdf": ("brief (PDF)", "简报（PDF）"),
    "pack_file_report.html": ("brief (web page)", "简报（网页）"),
    "pack_file_figures.zip": ("figures (ZIP)", "图（ZIP）"),
    "pack_file_data.zip": ("data and rules (ZIP)", "数据与规则（ZIP）"),
    "limits_instruments": ("Every claim, measured one by one", "逐项实测各项主张"),
    "limits_instruments_note": (
        "Over the district before the reform, on paired luck: each instrument (R, N, E) turned up alone, each "
        "condition (P) taken away alone. Does the figure that it should move do so? In brackets: 95 % interval.",
        "在改革前的制度上配对比较：每项工具（R、N、E）单独启用，每个问题（P）单独消除。"
        "它应当改变的指标是否随之改变？括号内为 95% 区间。",
    ),
    "limits_claim": ("claim", "主张"),
    "limits_moved": ("what should move", "应改变的指标"),
    "limits_as_claimed": ("as claimed?", "是否如所主张"),
    "limits_works": ("Sources named on these pages", "各页提到的来源"),
    "limits_why_N1": (
        "N1 is denied by the model: with the powers the enforcement cases come to the streets, but not the people who "
        "worked on them, so they wait longer. Where the people follow the powers, more of them are closed "
        "(regularity S13).",
        "模型不支持 N1：权力下放后，执法类案件随之到了街乡，而办理这些案件的人员没有跟来，案件因此等得更久；"
        "若人员随权力一并下沉，办结反而增多（见规律 S13）。",
    ),
    "limits_found": ("found", "实测"),
}
"""By key: English and Chinese."""
