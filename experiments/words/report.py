"""Words of the printed report that every study shares."""

from __future__ import annotations

__all__ = ["REPORT"]

REPORT: dict[str, tuple[str, str]] = {
    "report_kicker": (
        "Whistle: a simulated district. Not a forecast.",
        "Whistle 模拟报告：仅为模拟，不是预测",
    ),
    "report_study": ("Study {name}", "研究 {name}"),
    "report_found": ("What was found", "主要发现"),
    "report_asked": ("What was asked", "研究的问题"),
    "report_sure": ("How sure this is", "可信程度"),
    "report_assumed": ("What is assumed", "所作假设"),
    "report_limits": ("What is not known", "尚不清楚之处"),
    "report_repeat": ("How to repeat it", "如何复现"),
    "report_glossary": ("Words used here", "用语说明"),
    "report_figures": ("Figures", "图"),
    "report_notice": (
        "This is a simulation under assumptions. No figure here is a forecast for Chaoyang or for any real district; "
        "what can be learnt is under which conditions a rule helps and when it only moves the burden.",
        "本报告为假设条件下的模拟结果，任何数字都不是对朝阳区或任何真实地区的预测；可供参考的是："
        "一项规则在什么条件下有效，"
        "在什么条件下只是转移负担。",
    ),
    "report_sure_pairs": (
        "{pairs} of simulated districts. Within a pair every set of rules meets the same problems on the same days, "
        "with the same people and the same chance, so that what differs comes from the rules.",
        "共模拟 {pairs}。每一对中，各种制度面对相同日期的相同问题、相同的人员和相同的偶然因素，差别只来自规则。",
    ),
    "report_sure_runs": ("The study rests on {runs} in all.", "本研究共依据{runs}。"),
    "report_sure_fixed": (
        "The number was fixed beforehand.",
        "模拟次数事先确定。",
    ),
    "report_sure_until": (
        "Runs were added until the figures were as precise as asked for, at most {at_most} of each.",
        "逐步增加模拟，直到达到要求的精度，每组至多 {at_most} 次。",
    ),
    "report_sure_reached": ("The asked precision was reached.", "已达到要求的精度。"),
    "report_sure_interval": (
        "Ranges in brackets are 95 % intervals: were all repeated with other chance, 19 in 20 of such ranges would "
        "hold the model's own average. They show chance alone. Whether the assumptions hold for a real district, no "
        "interval can tell.",
        "括号内为 95% 区间：若换用其他偶然因素重复模拟，20 个这样的区间中约有 19 个包含模型自身的均值。"
        "区间只反映偶然因素，"
        "并不说明假设是否符合真实地区。",
    ),
    "report_sure_clear": (
        "A difference is called clear where chance is no explanation for it, allowing for the number of figures that "
        "were looked at (Holm, 5 %). Any other is called no clear difference, however large it looks.",
        "“明确”是指考虑到同时查看了多项指标之后（Holm 校正，5%），偶然因素仍不足以解释该差异；"
        "否则一律称为“无明确差异”，"
        "无论看上去多大。",
    ),
    "report_sure_failed": (
        "{failed} runs failed and were left out, each with its whole pair.",
        "有 {failed} 次模拟失败，连同所在配对一并剔除。",
    ),
    "report_patterns": (
        "Does the model behave like a district? It was held to {total} regularities known from public logs, other "
        "districts and the literature: {passed} hold. Of these, {credit} speak for the behaviour in the model; the "
        "others were put in, were used to choose a number, or hold as well where people only work in turn and nobody "
        "decides anything.",
        "模型像不像真实的区？对照来自公开日志、其他地区和文献的 {total} 项规律：{passed} 项成立。其中 {credit} "
        "项支持模型中的行为机制；"
        "其余或为输入、或曾用于选定参数、或在只按先后办理而无人作决策时也会出现。",
    ),
    "report_patterns_other": (
        "(Measured with another version of the model than this study.)",
        "（该项检验所用的模型版本与本研究不同。）",
    ),
    "report_patterns_caption": ("Regularities, and whether the model shows them", "各项规律及模型是否显示"),
    "report_patterns_note": (
        "Yes: it holds, nothing was chosen for it, and it does not hold where people only work in turn.",
        "“是”：成立、未据此选参数，且只按先后办理时并不出现。",
    ),
    "report_credit": ("does it speak for the model?", "是否支持本模型"),
    "report_credit_fitted": ("no: it was used to choose a number", "否：曾据此选定参数"),
    "report_credit_input": ("no: it was put in", "否：本身就是输入"),
    "report_credit_plain": ("no: working in turn shows it too", "否：只按先后办理也如此"),
    "report_assumed_staff": (
        "How many people work at each level is not public. The total follows from the work: before the reform {load} "
        "of all hours are asked for. Of the people, streets have {street}, communities {community}, departments "
        "{department}, the city {city}. Other shares give other results.",
        "各级实有人员数未公开。总人数由工作量推出：改革前工作量占全部工时的 {load}。总人数中，街乡占 {street}，社区占 "
        "{community}，"
        "部门占 {department}，市级占 {city}。比例不同，结果也会不同。",
    ),
    "report_assumed_demand": (
        "{streets} streets, {departments} departments (the real number is not public) and {requests} requests a year "
        "{scale}, spread over {kinds} kinds of case.",
        "{streets} 个街乡、{departments} 个部门（真实数量未公开），每年 {requests} 件诉求{scale}，分为 {kinds} 类。",
    ),
    "report_assumed_full": ("(the official number of 2021 for Chaoyang)", "（朝阳区 2021 年官方数字）"),
    "report_assumed_scaled": (
        "(requests and people are both cut to {percent} of full size, so numbers of cases and person-days are on this "
        "scale; small streets then have few people or none, and rules about posts do less than at full size)",
        "（诉求和人员均缩减为全规模的 {percent}，文中件数、人日均为缩减后的数值；小的街乡人员很少甚至没有，"
        "与编制有关的规则作用小于全规模）",
    ),
    "report_assumed_duties": (
        "Which unit is responsible for which kind of case, and how clearly, is our reading of public lists.",
        "哪个单位对哪类案件负责、有多清楚，是我们根据公开清单作出的判断。",
    ),
    "report_assumed_behaviour": (
        "How units decide (readiness, fear of blame, effort, closing on paper) follows theories of public "
        "administration. Their strengths are assumptions within stated ranges, not measurements in Chaoyang.",
        "各单位如何决定（意愿、避责、投入、纸面办结）依据公共管理理论；其强度是给定范围内的假设，不是在朝阳区测得的。",
    ),
    "report_assumed_weight": (
        "The weight of 38 % stands in one article; what exactly it weighs is unpublished, so its working here is "
        "a conjecture.",
        "38% 的权重仅见于一篇文章，其确切含义未公开，此处的作用方式是一种推测。",
    ),
    "report_limits_data": (
        "There are no case files from Chaoyang in it: numbers of whistles, returns, hand-overs and handling times "
        "are not public.",
        "模型没有朝阳区的案件数据：吹哨数、退单数、转办数和办理时长均未公开。",
    ),
    "report_limits_source": (
        "The reform is modelled from an article whose author led the district. The literature does not agree that "
        "flattening is better.",
        "改革的描述来自时任该区主要领导的一篇文章；文献对扁平化是否更好并无一致结论。",
    ),
    "report_limits_range": (
        "The intervals leave out the doubt about assumptions. With other staff shares, habits or demand a difference "
        "can shrink, vanish or turn round; the sensitivity studies show which assumptions matter.",
        "区间不包含假设本身的不确定性。人员比例、行为习惯或诉求量不同，差异可能缩小、消失甚至反转；哪些假设重要，"
        "见敏感性研究。",
    ),
    "report_limits_missing": (
        "Left out: what the change itself costs, money, politics, people who move or leave, and how residents "
        "really feel.",
        "未纳入：改革本身的成本、经费、政治过程、人员流动，以及居民的真实感受。",
    ),
    "report_limits_reported": (
        "Official rates are not used as a measure of success: they rose under a ranking that also rewards closing "
        "on paper.",
        "官方比率未被用作成效标准：它们是在排名考核下上升的，而该考核也可能助长纸面办结。",
    ),
    "report_repeat_how": (
        "With the same version of the code this command gives the same numbers to the last digit:",
        "用相同版本的代码，以下命令可得到逐位相同的数字：",
    ),
    "report_repeat_beside": (
        "Files that begin with ./ are those with which the study was asked for; put them into the folder first.",
        "以 ./ 开头的是提出本研究时使用的文件，请先放入当前文件夹。",
    ),
    "report_repeat_file": (
        "Save the request below as {file}; with the same version of the code this command gives the same numbers "
        "to the last digit:",
        "将下列内容存为 {file}；用相同版本的代码，以下命令可得到逐位相同的数字：",
    ),
    "report_repeat_item": ("item", "项目"),
    "report_repeat_value": ("value", "内容"),
    "report_repeat_folder": ("study", "研究"),
    "report_repeat_hash": ("hash of all runs (SHA-256)", "全部模拟的校验值（SHA-256）"),
    "report_repeat_configuration": ("configuration of {regime}", "{regime}的配置校验值"),
    "report_repeat_fingerprint": ("fingerprint of the model's code", "模型代码指纹"),
    "report_repeat_commit": ("commit", "代码提交"),
    "report_repeat_dirty": ("{commit}, with changes", "{commit}（另有改动）"),
    "report_repeat_unknown": ("not a clone", "非克隆仓库"),
    "report_repeat_seed": ("first seed", "首个随机种子"),
    "report_repeat_python": ("Python, numpy, numba", "Python、numpy、numba"),
    "report_alt": ("Figure: {words}. Axes: {axes}.", "图：{words}。坐标轴：{axes}。"),
    "report_alt_plain": ("Figure: {words}.", "图：{words}。"),
}
"""By key: English and Chinese."""
