"""Words in which a comparison is told to readers without statistics."""

from __future__ import annotations

__all__ = ["BRIEF"]

BRIEF: dict[str, tuple[str, str]] = {
    "brief_title_two": ("{after} against {before}", "{after}对比{before}"),
    "brief_title_many": (
        "{count} sets of rules compared on the same problems and the same chance",
        "{count} 种制度安排的模拟比较（问题与偶然因素相同）",
    ),
    "brief_key": ("In three sentences", "三句话结论"),
    "brief_what": ("What was compared", "比较了什么"),
    "brief_table": ("The figures", "主要数字"),
    "brief_split": ("People or rules?", "靠人员还是靠规则？"),
    "brief_work": ("Who carries the work", "工作由谁承担"),
    "brief_pass": ("Where the buck is passed", "推诿发生在哪里"),
    "brief_all": ("Annex A: every outcome", "附录一：全部指标"),
    "brief_values": ("Annex B: every value that differs", "附录二：全部不同的取值"),
    "brief_setting": (
        "A simulated district of {streets} streets and {departments} departments was run for a year ({window} days, "
        "after {warm_up} days to get going; each case is followed {follow_up} days) under each of these sets of "
        "rules. "
        "{first} is what the others are compared with.",
        "一个有 {streets} 个街乡、{departments} 个部门的模拟区，在下列每种制度下各运行一年（观察 {window} 天，"
        "此前预热 {warm_up} 天；"
        "每件案件跟踪 {follow_up} 天）。其余制度均与{first}比较。",
    ),
    "brief_first": ("{regime}: the basis of the comparison.", "{regime}：比较的基准。"),
    "brief_same": ("{regime}: differs in nothing from the first day on.", "{regime}：自首日起与基准无任何不同。"),
    "brief_same_as": ("{regime}: the same as {like} from the first day on.", "{regime}：自首日起与{like}相同。"),
    "brief_differs_like": (
        "{regime}: as {like}, and also {parts} (values changed: {count}).",
        "{regime}：在{like}的基础上，另改{parts}（共 {count} 个取值）。",
    ),
    "brief_limits": (
        "In time means within {emergency} hours for emergencies, {utilities} hours for water, power, gas and heat, "
        "{normal} days for normal and {complex} days for complex cases; such limits are an assumption.",
        "“按期”指：紧急类 {emergency} 小时、水电气热类 {utilities} 小时、一般类 {normal} 天、复杂类 {complex} "
        "天内真正办结；"
        "时限为假设。",
    ),
    "brief_basis": (
        "{count} simulated districts, each under every set of rules",
        "{count} 个模拟区，每个均在各种制度下运行",
    ),
    "brief_basis_one": ("one simulated district under every set of rules", "1 个模拟区，在各种制度下各运行一次"),
    "brief_steps": ("Step by step", "逐步比较"),
    "brief_steps_words": (
        "Each set of rules against the one before it. Which single measure of a step does the work is not tested here.",
        "每种制度与前一种比较；一步之中哪一项措施起作用，此处未作检验。",
    ),
    "brief_step": ("{after} against {before}", "{after}对比{before}"),
    "brief_hours": ("Hours used of hours available, by level (%, mean)", "各级已用工时占可用工时（%，均值）"),
    "brief_level_of": ("level", "层级"),
    "brief_names": (
        "Names only label units of the model: their people and duties are assumed. Do not quote them as findings "
        "about "
        "the real unit.",
        "单位名称仅为模型标识，其人员与职责均为假设，不得作为对该单位的评价。",
    ),
    "brief_dated": (
        "{regime}: the same on the first day; what begins later: {dates}.",
        "{regime}：首日相同；此后开始的有：{dates}。",
    ),
    "brief_date": ("from day {day} {rules} in {streets} streets", "自第 {day} 天起，{streets} 个街乡实施{rules}"),
    "brief_differs": (
        "{regime}: differs in {parts} (values changed: {count}; the last tables list them).",
        "{regime}：不同之处为{parts}（共 {count} 个取值，见文末表格）。",
    ),
    "brief_instrument": ("{title} ({row})", "{title}（{row}）"),
    "brief_others": ("{count} other values", "其他 {count} 个取值"),
    "brief_what_closure_rate": ("Cases really settled in time", "按期真正办结的案件"),
    "brief_what_passes_per_case": (
        "How often a case offered to departments is passed on",
        "交到部门的案件平均被推诿",
    ),
    "brief_what_workload_street": ("Working hours used in streets and communities", "街乡和社区已用工时占比"),
    "brief_what_workload_department": ("Working hours used in departments", "部门已用工时占比"),
    "brief_level": ("{what}: {level} under {regime}", "{what}：{regime}为 {level}"),
    "brief_unknown": ("{what}: no data under {regime}", "{what}：{regime}下无数据"),
    "brief_clear": (
        "{level} under {regime}, {size} {direction} ({interval})",
        "{regime}为 {level}，{direction} {size}（{interval}）",
    ),
    "brief_clear_passes_per_case": (
        "{level} under {regime}, {number} {direction} ({interval})",
        "{regime}为 {level}，{direction} {number} 次（{interval}）",
    ),
    "brief_higher_passes_per_case": ("more", "多"),
    "brief_lower_passes_per_case": ("fewer", "少"),
    "brief_unclear": (
        "{level} under {regime}, no clear difference ({interval})",
        "{regime}为 {level}，无明确差异（{interval}）",
    ),
    "brief_equal": ("{level} under {regime}, the same in every pair", "{regime}为 {level}，每对均相同"),
    "brief_single": ("{level} under {regime} (one pair: no range)", "{regime}为 {level}（仅一对，没有区间）"),
    "brief_undefined": ("no data to compare under {regime}", "{regime}下无法比较"),
    "brief_higher": ("higher", "高"),
    "brief_lower": ("lower", "低"),
    "brief_points": ("{number} points", "{number} 个百分点"),
    "brief_unit_share": ("{number} %", "{number}%"),
    "brief_unit_passes/case": ("{number} times", "{number} 次"),
    "brief_from_to": ("{low} to {high}", "{low} 至 {high}"),
    "brief_bracketed": ("{size} ({interval})", "{size}（{interval}）"),
    "brief_cosmetic": (
        "Some cases are closed on paper only, so that reports stand above this, in points: {gaps}",
        "有的案件只在纸面办结，上报数字因此偏高（百分点）：{gaps}",
    ),
    "brief_gap": ("{regime} {gap}", "{regime} {gap}"),
    "brief_brackets": (
        "In brackets: the 95 % interval of the difference, from {basis}.",
        "括号内为差异的 95% 区间，依据 {basis}。",
    ),
    "brief_difference": ("difference (95 % interval)", "差异（95% 区间）"),
    "brief_counted": ("clearly more ↑ or less ↓", "明确升高 ↑、降低 ↓"),
    "brief_in_words": ("in words", "结论"),
    "brief_verdict_better": ("clearly better", "明确改善"),
    "brief_verdict_worse": ("clearly worse", "明确变差"),
    "brief_verdict_more": ("clearly more", "明确升高"),
    "brief_verdict_less": ("clearly less", "明确降低"),
    "brief_verdict_none": ("no clear difference", "无明确差异"),
    "brief_verdict_equal": ("the same", "相同"),
    "brief_verdict_few": ("too few pairs", "配对太少"),
    "brief_verdict_undefined": ("no data", "无数据"),
    "brief_size_better": ("{size} better", "{size} 改善"),
    "brief_size_worse": ("{size} worse", "{size} 变差"),
    "brief_caption_two": ("{after} against {before}, {basis}", "{after}对比{before}，{basis}"),
    "brief_caption_many": (
        "Level under {before}, and what differs from it (95 % interval), {basis}",
        "{before}的水平，以及与它的差异（95% 区间），{basis}",
    ),
    "brief_note": (
        "Closure counts what is really settled; reported closure what is declared. Satisfaction is an index of "
        "the model, "
        "nobody was asked. The whistle rate follows from the rules themselves. Differences of percentages are "
        "points. "
        "–: no data.",
        "办结率指真正办结；上报办结率指宣布办结。满意率为模型指数，并未做调查。吹哨率由规则本身决定。"
        "百分比之差以百分点计。"
        "–：无数据。",
    ),
    "brief_units": (
        "How many units do more or less than under {before}, and clearly so",
        "与{before}相比，指标明确升高或降低的单位数",
    ),
    "brief_units_note": (
        "A street's closure rate is that of the cases on its ground, whoever works on them. Units without people "
        "of their "
        "own have no workload and are left out.",
        "街乡的办结率指其辖区内案件的办结率，不论由谁办理。没有自身人员的单位没有负荷，不计入。",
    ),
    "brief_volunteers": (
        "What residents do and what technology saves is not in these hours; the brief's table of every outcome says "
        "how much residents do.",
        "居民承担的工作和技术节省的工时不在其内；居民承担多少见简报的“全部指标”表。",
    ),
    "brief_neutral": (
        "Hours of residents and hours saved by technology are booked and not used.",
        "居民工时与技术节省的工时只记账、不使用。",
    ),
    "brief_open": (
        "Open cases, mean of the first and of the last four weeks that are observed: {parts}. Where they become more, "
        "the district falls behind, and a longer time would show more.",
        "未结案件（观察期最初四周与最后四周的均值）：{parts}。若不断增多，说明该区越欠越多，观察更久差别会更大。",
    ),
    "brief_open_of": ("{regime} {first}, then {last} ({change})", "{regime} {first} 件 → {last} 件（{change}）"),
    "brief_open_more": ("more", "增多"),
    "brief_open_fewer": ("fewer", "减少"),
    "brief_open_same": ("no clear change", "无明确变化"),
    "brief_open_one": ("one run", "单次模拟"),
    "brief_scaled": (
        "This comparison was run at {percent} % of full size: small streets have few people or none, and rules about "
        "posts and powers do less or other than at full size. Repeat it at full size before you quote a figure.",
        "本次比较按全规模的 {percent}% 运行：小的街乡人员很少甚至没有，与编制和权力有关的规则，"
        "其作用可能小于或不同于全规模。引用数字之前，请按全规模重做。",
    ),
    "brief_few": (
        "Only {count} pairs: take even what is called clear as a first hint, and run {pairs} or more before you say "
        "anything.",
        "只有 {count} 对：即使标为“明确”，也只作初步参考；得出结论前请至少模拟 {pairs} 对。",
    ),
    "brief_unclear_alone": (
        "{level} under {regime}, no clear difference ({interval}: beside so many figures this may be chance)",
        "{regime}为 {level}，无明确差异（{interval}：同时查看多项指标，仍可能出于偶然）",
    ),
    "brief_flows": (
        "Under {regime} {back} % of all hand-overs go back to the streets. The busiest paths: {paths}.",
        "{regime}下，{back}% 的移交退回街乡。最常见的路径：{paths}。",
    ),
    "brief_flow": ("{source} → {target} {share} %", "{source} → {target} {share}%"),
    "brief_value": ("what", "内容"),
    "brief_row": ("row", "条目"),
    "caption_summary": ("The main differences", "主要差异"),
    "caption_paired_differences": ("What differs, outcome by outcome", "逐项差异"),
    "caption_closure_over_time": ("How long closing takes", "办结用时"),
    "caption_passes_per_case": ("How often cases are passed on", "案件被推诿的次数"),
    "caption_workload_by_level": ("Who carries the work, by level", "各级工作负荷"),
    "caption_hand_over_matrix": ("Who passes to whom", "谁推给谁"),
    "caption_split": ("Placement of people, rules, and both", "人员配置、规则及二者叠加"),
    "caption_streets": ("Streets that gain and streets that lose", "受益与受损的街乡"),
    "caption_departments": ("Departments that gain and departments that lose", "受益与受损的部门"),
}
"""By key: English and Chinese."""
