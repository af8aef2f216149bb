"""Words of analyses of sensitivity."""

from __future__ import annotations

__all__ = ["SENSITIVITY"]

SENSITIVITY: dict[str, tuple[str, str]] = {
    "sensitivity_table": ("{title}: what decides it ({method}, {runs})", "{title}：由什么决定（{method}，{runs}）"),
    "sensitivity_caption": (
        "With 95 % intervals over blocks of runs. dummy: no rule reads it; luck: the seed, as one more parameter.",
        "括号内为 95% 区间（按模拟分块重抽样）。虚拟参数：不被任何规则读取；随机性：把随机种子也当作一个参数。",
    ),
    "sensitivity_distance_caption": (
        "From 0 to 1, and never quite 0. dummy: no rule reads it; its interval is what shuffled columns reach.",
        "取值 0 至 1，且不会恰为 0。虚拟参数：不被任何规则读取；其区间为打乱后的列所能达到的范围。",
    ),
    "method_sobol": ("Sobol'", "Sobol' 法"),
    "method_morris": ("Morris", "Morris 法"),
    "method_pawn": ("PAWN", "PAWN 法"),
    "method_delta": ("delta", "delta 法"),
    "sensitivity_parameter": ("parameter", "参数"),
    "sensitivity_first": ("alone", "单独作用"),
    "sensitivity_total": ("with interactions", "含交互作用"),
    "sensitivity_mu_star": ("mean absolute effect μ* ({unit})", "平均绝对效应 μ*（{unit}）"),
    "sensitivity_sigma": ("spread of effects σ ({unit})", "效应的离散程度 σ（{unit}）"),
    "sensitivity_distance": ("distance between distributions", "分布间距离"),
    "sensitivity_share_axis": ("share of the outcome's variance (%)", "占该指标方差的比例（%）"),
    "sensitivity_constant": (
        "{title} does not vary: it is the same in all runs. Nothing in these ranges changes it, so it has no indices.",
        "{title}没有变化：在全部模拟中取值相同。所选范围内没有任何因素能改变它，因此没有敏感性指数。",
    ),
    "sensitivity_dropped": (
        "{title}: {count} of {all} groups of runs were left out, because a run of theirs failed or is undefined there.",
        "{title}：{all} 组模拟中有 {count} 组未计入，因其中有模拟失败或该指标无定义。",
    ),
    "sensitivity_most": (
        "{title}: {name} matters most; it explains {first} of the variance alone and {total} with its interactions.",
        "{title}：{name}影响最大；单独解释方差的 {first}，计入交互作用为 {total}。",
    ),
    "sensitivity_most_morris": (
        "{title}: {name} matters most; going through its range moves it by {size} on average.",
        "{title}：{name}影响最大；在其取值范围内变动，平均使该指标变化 {size}。",
    ),
    "sensitivity_most_distance": (
        "{title}: by {method}, {name} matters most.",
        "{title}：按{method}，{name}影响最大。",
    ),
    "sensitivity_noise": (
        "{title}: luck decides {share} of the variance with its interactions, {alone} alone.",
        "{title}：随机性决定方差的 {share}（含交互作用），单独作用为 {alone}。",
    ),
    "sensitivity_stray_dummy": (
        "Warning, {title}: the dummy has an index of {dummy}, though no rule reads it. Runs that should share their "
        "luck did not; do not trust the others either.",
        "警告，{title}：虚拟参数的指数为 {dummy}，而没有任何规则读取它。"
        "本应共用随机数的模拟没有共用，其余指数也不可信。",
    ),
    "sensitivity_inert": (
        "Warning, {title}: changes nothing in any run, so that no rule reads it under these regimes: {names}.",
        "警告，{title}：在任何一次模拟中都没有引起变化，即在这些制度下不被任何规则读取：{names}。",
    ),
    "sensitivity_within_dummy": (
        "Warning, {title}: not told from a parameter that does nothing: {names}.",
        "警告，{title}：与不起作用的参数无法区分：{names}。",
    ),
    "sensitivity_below_luck": (
        "Warning, {title}: matters less than a reshuffling of luck: {names}. A single run cannot show it.",
        "警告，{title}：影响小于重新抽取随机数：{names}。单次模拟看不出其作用。",
    ),
    "sensitivity_sums": (
        "Warning, {title}: the shares alone add up to {first} (allowed: at most 100 %), those with interactions to "
        "{total} (allowed: at least 100 %). The estimates have not settled: more runs are needed.",
        "警告，{title}：单独作用之和为 {first}（应不超过 100%），含交互作用之和为 {total}（应不低于 100%）。"
        "估计尚未稳定，需要更多模拟。",
    ),
    "sensitivity_interactions": (
        "{title}: {share} of the variance comes from parameters acting together, luck included.",
        "{title}：方差的 {share} 来自各参数（含随机性）的共同作用。",
    ),
    "sensitivity_wide": (
        "Warning, {title}: the interval of {name} is wide; about {runs} runs would narrow it enough ({now} now).",
        "警告，{title}：{name}的区间过宽；约需 {runs} 次模拟方可足够窄（现有 {now} 次）。",
    ),
    "sensitivity_disagree": (
        "Warning, {title}: {more} matters more than {less} by {method}, but less by {other}, which looks at the whole "
        "distribution and at each parameter alone. Report both.",
        "警告，{title}：按{method}，{more}比{less}影响大，而按{other}（考察整个分布、逐个参数）则更小。应同时报告两者。",
    ),
    "sensitivity_nowhere": ("{title} is undefined in every run.", "{title}在所有模拟中均无定义。"),
    "sensitivity_worlds": (
        "{title}: over these ranges, luck among them, it lies from {low} to {high} {unit} in 95 % of {worlds} runs "
        "(median {median}).",
        "{title}：在上述范围内（含随机性），{worlds}次模拟中95%介于{low}与{high} {unit}之间（中位数{median}）。",
    ),
    "sensitivity_worlds_difference": (
        "{title}: over these ranges, luck among them, the difference lies from {low} to {high} {unit} in 95 % of "
        "{worlds} pairs (median {median}); it is above 0 in {positive} % of them.",
        "{title}：在上述范围内（含随机性），{worlds}对模拟中95%的差异介于{low}与{high} {unit}之间（中位数{median}）；"
        "其中{positive}%大于0。",
    ),
    "sensitivity_of_difference": (
        "Indices are of the difference that {after} makes against {before} in the same world with the same luck.",
        "以上指数针对同一情境、同一随机性下{after}与{before}之差。",
    ),
    "sensitivity_bars": ("{title}: what decides it", "{title}：由什么决定"),
    "sensitivity_scatter": ("{title}: screening by Morris", "{title}：Morris 筛选"),
    "sensitivity_pairs": (
        "{title}: what two parameters decide only together",
        "{title}：两个参数只有共同作用才决定的部分",
    ),
    "sensitivity_settling": ("{title}: how the indices settle", "{title}：指数如何趋于稳定"),
    "sensitivity_runs_axis": ("runs", "模拟次数"),
    "sensitivity_dummy_band": ("up to the dummy's 95 % bound", "虚拟参数的 95% 上限以内"),
    "sensitivity_luck_band": ("up to luck's total share", "随机性的总指数以内"),
    "sensitivity_luck_effect": ("up to luck's effect", "随机性的效应以内"),
    "sensitivity_equal": ("σ = μ*: bends or interactions", "σ = μ*：非线性或交互作用"),
    "sensitivity_unclear_pair": ("grey: the 95 % interval holds zero", "灰色：95% 区间包含零"),
    "sensitivity_note": (
        "95 % intervals over blocks of runs. In this model, for these ranges; no forecast for Chaoyang.",
        "所示为按模拟分块重抽样的 95% 区间。仅为本模型在所选范围内的结果，不是对朝阳区的预测。",
    ),
}
"""By key: English and Chinese."""
