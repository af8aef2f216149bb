"""Words of tables and sentences."""

from __future__ import annotations

__all__ = ["TABLES"]

TABLES: dict[str, tuple[str, str]] = {
    "outcome": ("outcome", "指标"),
    "unit": ("unit", "单位"),
    "value": ("value", "数值"),
    "difference": ("difference", "差异"),
    "effect": ("effect d_z", "效应 d_z"),
    "verdict": ("clear?", "是否明确"),
    "clear": ("clear", "明确"),
    "clear_better": ("clear, better", "明确，改善"),
    "clear_worse": ("clear, worse", "明确，变差"),
    "not_clear": ("not clear", "不明确"),
    "no_test": ("too few pairs", "配对太少"),
    "equal": ("equal", "相同"),
    "undefined": ("–", "–"),
    "key": ("key", "参数"),
    "origin": ("origin", "出处"),
    "regime": ("regime", "制度"),
    "interval": ("95 % interval", "95% 区间"),
    "compare_title": ("{after} against {before}, {basis}", "{after}对比{before}，{basis}"),
    "run_title": (
        "{regime}, seed {seed}: {days} days, {cases} cases",
        "{regime}，随机种子 {seed}：{days} 天，{cases} 件",
    ),
    "headline_start": ("{after} against {before}, {basis}: ", "{after}与{before}相比（{basis}）："),
    "change": (
        "{title} {first} → {last} {unit} ({size}; {interval})",
        "{title} {first} → {last} {unit}（{size}；{interval}）",
    ),
    "gap_start": (
        "reported closure rate above the real one, points: ",
        "上报办结率高出实际办结率（百分点）：",
    ),
    "gap": ("{regime} {gap}", "{regime} {gap}"),
    "effect_negligible": ("negligible", "可忽略"),
    "effect_small": ("small", "小"),
    "effect_medium": ("medium", "中"),
    "effect_large": ("large", "大"),
    "warm_up_enough": (
        "Warm-up of {days} days is enough: closed ÷ reported week by week settles (MSER) {parts}.",
        "{days} 天的预热期足够：每周办结与上报之比的稳定日（MSER）：{parts}。",
    ),
    "warm_up_short": (
        "Warm-up of {days} days may be too short: closed ÷ reported week by week settles (MSER) {parts}.",
        "{days} 天的预热期可能不足：每周办结与上报之比的稳定日（MSER）：{parts}。",
    ),
    "warm_up_day": ("by day {day} under {regime}", "{regime}第 {day} 天"),
    "warm_up_never": ("not at all under {regime}", "{regime}始终未稳定"),
    "compare_caption": (
        "Difference with its 95 % interval; d_z: mean difference ÷ its spread over pairs, which paired luck makes "
        "large (Cohen's names): it says how surely the sign is known. "
        "Clear: Holm-adjusted p < 0.05, stricter than an interval by itself.",
        "差异及其 95% 区间；d_z：差异均值 ÷ 各对之间的离散程度，配对会使其变大（名称依 Cohen），只说明方向有多确定。"
        "“明确”指经 Holm 校正后 p < 0.05，比单看区间更严格。",
    ),
    "headline_few": ("too few pairs to tell about {titles}", "配对太少，尚不能判断{titles}"),
    "headline_none": ("no clear difference in {titles}", "{titles}无明确差异"),
    "headline_equal": ("equal in every pair: {titles}", "{titles}每对均相同"),
    "headline_undefined": ("nothing to compare in {titles}", "{titles}无可比较"),
    "headline_identical": ("identical in every outcome", "各项指标完全相同"),
    "headline_single": ("one pair shows levels, and no interval", "仅一对，只有水平，没有区间"),
    "one_pair": ("1 pair", "1 对"),
    "several_pairs": ("{count} pairs", "{count} 对"),
    "headline_join": ("; ", "；"),
    "list_join": (" · ", "、"),
    "sentence_end": (".", "。"),
    "sentence_gap": (" ", ""),
    "written_to": ("tables, figures and every run: {folder}", "表格、图与每次模拟：{folder}"),
    "events_written": ("{count:,} events: {path}", "事件 {count:,} 条：{path}"),
    "basis_neutral": ("{pairs}, capacity-neutral", "{pairs}，人力中性口径"),
    "many_title": (
        "{before}, and what differs from it under other regimes, {basis}",
        "{before}的水平，以及其他制度与它的差异，{basis}",
    ),
    "many_caption": (
        "First column: level. Others: difference ± half its 95 % interval; of shares in points. "
        "° not clear (no Holm p < 0.05). = level, where the first has none.",
        "首列为水平；其余各列为差异 ± 95% 区间半宽，比例之差以百分点计。"
        "° 不明确（Holm p 未小于 0.05）。= 首列无定义时给出的水平。",
    ),
    "named": ("{title} ({name})", "{title}（{name}）"),
    "would_run_once": ("would run {regime} once with seed {seed}", "将模拟 {regime} 一次，随机种子 {seed}"),
    "progress": (
        "{done} of {planned} runs done, {failed} failed, {seconds} s, {rate} runs/s",
        "已完成 {done}/{planned} 次模拟，失败 {failed} 次，用时 {seconds} 秒，每秒 {rate} 次",
    ),
    "instruments_title": (
        "Every claim on paired luck: {pairs} at full volume",
        "各项主张实测：{pairs}，全量诉求",
    ),
    "instruments_caption": (
        "P: a wrong taken away (→ what answers it); R, N, E: an instrument turned up (+ what stands beneath). "
        "Claim ↑ rises, ↓ falls. Alone: over the district before the reform; whole: in the reformed district. "
        "Differences with 95 % intervals, luck alone; closure in points. ° by construction, no evidence.",
        "P：去除一项问题（→ 对应工具）；R、N、E：启用一项工具（+ 前提制度）。主张：↑ 升高，↓ 降低。"
        "单独：在改革前制度上；整体中：在改革后制度中。差异及 95% 区间，仅反映随机性；办结率以百分点计。"
        "° 依定义成立，不算证据。",
    ),
    "instrument": ("instrument", "工具"),
    "observable": ("observable", "观测指标"),
    "claim": ("claim", "主张"),
    "alone": ("alone", "单独"),
    "whole": ("in the whole", "整体中"),
    "closure_alone": ("closure, alone", "办结率，单独"),
    "closure_whole": ("closure, whole", "办结率，整体中"),
    "verdict_agrees": ("agrees", "相符"),
    "verdict_disagrees": ("DISAGREES", "不符"),
    "verdict_not clear": ("NOT CLEAR", "不明确"),
    "others": ("{count} regimes", "{count} 种制度"),
    "split_title": ("What placement did, and what rules did, {basis}", "人员配置与规则各自的作用，{basis}"),
    "split_caption": (
        "whole = placement alone + rules alone + interaction; ± half a 95 % interval",
        "合计 = 只改人员配置 + 只改规则 + 交互作用；± 为 95% 区间半宽",
    ),
    "split_figure": (
        "Placement, rules, and both together: {basis}, same requests and same luck",
        "人员配置、规则及二者叠加：{basis}，诉求与随机性相同",
    ),
    "part_whole": ("whole", "合计"),
    "part_placement": ("placement alone", "只改人员配置"),
    "part_rules": ("rules alone", "只改规则"),
    "part_interaction": ("interaction", "交互作用"),
    "split_sentence": (
        "{title}, {unit}: whole {whole} = placement {placement}, rules {rules}, interaction {interaction}; "
        "placement once the rules hold {placement_after_rules}, rules once people are placed {rules_after_placement}.",
        "{title}（{unit}）：合计 {whole} = 人员配置 {placement}、规则 {rules}、交互作用 {interaction}；"
        "规则已改时再改人员配置 {placement_after_rules}，人员配置已改时再改规则 {rules_after_placement}。",
    ),
    "units_title": (
        "How many streets and departments clearly rise ↑ or fall ↓ against {before}, {basis}",
        "与{before}相比，指标明确升高 ↑ 或降低 ↓ 的街乡和部门数，{basis}",
    ),
    "units_caption": (
        "Clear: Holm p < 0.05 over all units and measures; tables/units.csv has every unit with its interval.",
        "明确：在全部单位与指标上经 Holm 校正后 p < 0.05；每个单位及其区间见 tables/units.csv。",
    ),
    "units_count": ("{up} ↑ {down} ↓ of {all}", "{up} ↑ {down} ↓ / {all}"),
    "winners_title": (
        "{regime}: who clearly gains and loses against {before}, most first (± half a 95 % interval)",
        "{regime}：与{before}相比明确受益与受损者，幅度大者在前（± 为 95% 区间半宽）",
    ),
    "winners_line": ("  {level}, {measure} ({unit}): {most}", "  {level}{measure}（{unit}）：{most}"),
    "unit_measure": ("{level}: {measure}", "{level}{measure}"),
    "gain": ("{count} of {all} gain ({names})", "{all} 个中 {count} 个受益（{names}）"),
    "lose": ("{count} of {all} lose ({names})", "{all} 个中 {count} 个受损（{names}）"),
    "rises": ("{count} of {all} rise ({names})", "{all} 个中 {count} 个升高（{names}）"),
    "falls": ("{count} of {all} fall ({names})", "{all} 个中 {count} 个降低（{names}）"),
    "measure_closure_rate": ("closure rate", "办结率"),
    "measure_workload": ("workload", "工作负荷"),
    "measure_backlog": ("backlog at the end", "期末积压"),
    "measure_received": ("cases received", "收到案件"),
    "measure_passed": ("cases passed on", "推诿案件"),
    "figure_street": (
        "Streets, difference from {before}: {basis}",
        "各街乡与{before}之差：{basis}",
    ),
    "figure_department": (
        "Departments, difference from {before}: {basis}",
        "各部门与{before}之差：{basis}",
    ),
    "capacity_neutral": (
        "Capacity-neutral: hours of volunteers and hours saved by technology are booked, not used.",
        "人力中性口径：志愿者工时与技术节省的工时只记账、不使用。",
    ),
    "caveat": (
        "In this model, under its assumptions: not a forecast for Chaoyang. Staff numbers are assumptions.",
        "仅为本模型在其假设下的结果，不是对朝阳区的预测。人员数为假设。",
    ),
    "caveat_counting": (
        "Open, dropped and rejected cases count as not closed. –: nothing to count.",
        "未结、放弃和不予受理的案件均计为未办结。–：无可计数。",
    ),
    "caveat_beyond": (
        "{beyond}: that part of the cases is not closed within the {days} days that each is followed.",
        "{beyond}：在每件 {days} 天的跟踪期内，办结的案件未达到该比例。",
    ),
    "note_unreached": (
        "{title}: not reached in the follow-up, and left out of the mean, in {counts} runs.",
        "{title}：跟踪期内未达到、未计入均值的模拟次数：{counts}。",
    ),
    "note_one_sided": (
        "{title}: a value on one side only, so left out of the difference, in {counts} pairs.",
        "{title}：仅一方有值、未计入差异的对数：{counts}。",
    ),
    "note_count": ("{regime} {count} of {all}", "{regime} {count}/{all}"),
    "caveat_reports": (
        "Closure rate is what is really closed in time; reported closure rate is what is declared closed.",
        "办结率指按期实际办结；上报办结率指按期宣布办结。",
    ),
    "caveat_luck": (
        "Intervals show luck alone, not the doubt about assumptions.",
        "区间只反映随机性，不反映假设的不确定性。",
    ),
    "caveat_few": (
        "Few pairs: for a statement take 20 or more (--pairs).",
        "配对较少：得出结论前请至少模拟 20 对（--pairs）。",
    ),
    "pp": ("pp", "个百分点"),
    "points": ("pp", "百分点"),
    "unit_cases": ("cases", "件"),
    "unit_person-days": ("person-days", "人日"),
    "unit_days": ("days", "天"),
    "unit_0-1": ("0–1", "0–1"),
    "unit_passes/case": ("passes/case", "次/件"),
    "unit_days/case": ("days/case", "天/件"),
    "unit_days/unit": ("days/unit", "天/单位"),
    "unit_person-days/case": ("person-days/case", "人日/件"),
    "unit_log ratio": ("log ratio", "对数比"),
    "theme_closure": ("Closure", "办结"),
    "theme_time": ("Time, and what comes back", "用时与反复"),
    "theme_passing": ("Passing the buck", "推诿"),
    "theme_work": ("Who carries the work", "谁来承担"),
    "theme_reach": ("Whistles, hidden problems, equity", "吹哨、隐患与公平"),
    "theme_other": ("Other", "其他"),
    "percent": ("%", "%"),
    "days_since_report": ("days since report", "诉求提出后天数"),
    "closed_of_reported": ("reported cases really closed (%)", "已实际办结的案件占比（%）"),
    "closure_title": (
        "Cases born in the observed year: how many are really closed, and when",
        "观察年内产生的案件：多少实际办结、何时办结",
    ),
}
"""By key: English and Chinese."""
