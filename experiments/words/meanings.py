"""What each outcome, and each word that a report cannot do without, means to someone who knows no statistics."""

from __future__ import annotations

__all__ = ["MEANINGS"]

MEANINGS: dict[str, tuple[str, str]] = {
    "means_closure_rate": (
        "Of all cases reported or found, the share that was really settled within its time limit. Open, dropped, "
        "rejected and cosmetically closed cases count as not closed.",
        "全部上报或发现的案件中，在规定期限内真正办结的比例。未结、放弃、不予受理和虚假办结均计为未办结。",
    ),
    "means_closure_rate_30d": (
        "The same with one limit for all cases: 30 days.",
        "同上，但所有案件一律以 30 天为限。",
    ),
    "means_problem_resolution": (
        "Of all problems that arose, known or unknown, the share that was prevented or settled in time. What nobody "
        "finds counts as not settled.",
        "全部产生的问题（无论是否被发现）中，源头避免或按期解决的比例。无人发现的计为未解决。",
    ),
    "means_reported_closure_rate": (
        "The share of cases that was declared closed in time, whether the problem was gone or not.",
        "在规定期限内宣布办结的比例，不论问题是否真正解决。",
    ),
    "means_enforcement_closure_rate": (
        "The closure rate of those cases alone that need the power to inspect or to fine.",
        "仅指需要执法权（检查、处罚）的案件的办结率。",
    ),
    "means_joint_closure_rate": (
        "The closure rate of those cases alone that need several units at once.",
        "仅指需要多个单位联合办理的案件的办结率。",
    ),
    "means_cosmetic_share": (
        "Of all cases declared closed, the share that was closed on paper only.",
        "全部宣布办结的案件中，只在纸面上办结的比例（形式主义办结）。",
    ),
    "means_prevented_share": (
        "The share of problems that never arose because a project was changed beforehand.",
        "因事先调整项目而未产生的问题所占比例。",
    ),
    "means_reopen_rate": (
        "Of the closures declared, the share taken up again within 30 days.",
        "宣布办结后 30 天内又重新办理的比例。",
    ),
    "means_recurrence_share": (
        "Of the cases really settled, the share whose problem came back.",
        "真正办结的案件中，同一问题再次出现的比例。",
    ),
    "means_days_to_close_median": (
        "Half of the cases are really settled within so many days of the first report.",
        "从首次上报起，一半案件在这么多天内真正办结。",
    ),
    "means_days_to_close_p90": (
        "Nine of ten cases are really settled within so many days of the first report.",
        "从首次上报起，十分之九的案件在这么多天内真正办结。",
    ),
    "means_overdue_rate": (
        "The share of cases not really settled within the time limit.",
        "未在规定期限内真正办结的比例。",
    ),
    "means_response_rate": (
        "The share of cases that some unit took in hand within the time limit.",
        "在规定期限内有单位着手办理的比例。",
    ),
    "means_satisfaction": (
        "An index from 0 to 100 made of being settled, being settled in time, and staying settled. Its make-up is "
        "our "
        "conjecture; nobody was asked.",
        "由是否解决、是否按期、是否不再反复构成的 0 至 100 的指数。其构成为我们的设想，并未做民意调查。",
    ),
    "means_backlog_end": (
        "The share of cases still not really settled when the observation ends.",
        "观察结束时仍未真正办结的比例。",
    ),
    "means_passes_per_case": (
        "How often, on average, a case offered to departments is handed to another one instead of being worked on.",
        "交到部门的案件平均被推给其他单位的次数。",
    ),
    "means_passed_share": (
        "Of the cases offered to departments, the share handed on at least once.",
        "交到部门的案件中，至少被推诿一次的比例。",
    ),
    "means_ping_pong_share": (
        "Of the cases offered to departments, the share that came back to a department that had it before.",
        "交到部门的案件中，又回到曾经手部门的比例。",
    ),
    "means_evasive_pass_share": (
        "Of all hand-overs, the share that brought the case no nearer to whoever is responsible.",
        "全部推诿中，没有让案件更接近责任单位的比例。",
    ),
    "means_circulating_days": (
        "Days on which a case offered to departments is neither settled nor worked on, because it is not settled "
        "whose it is.",
        "交到部门的案件因归属未定、无人办理而空转的天数。",
    ),
    "means_waiting_above_days": (
        "Days that cases needing a higher level wait for it.",
        "需要上级办理的案件等待上级的天数。",
    ),
    "means_team_share": (
        "Of the cases beyond the street itself, the share taken up by the team stationed there.",
        "街乡自身办不了的案件中，由派驻队伍承办的比例。",
    ),
    "means_orphan_share": (
        "Of the cases offered to departments, the share that belonged to nobody for longer than the limit for an "
        "answer.",
        "交到部门的案件中，无主时间超过答复期限的比例。",
    ),
    "means_workload_street": (
        "Hours used of hours available in streets and communities.",
        "街乡和社区已用工时占可用工时的比例。",
    ),
    "means_workload_department": (
        "Hours used of hours available in departments and the teams they station.",
        "部门及其派驻队伍已用工时占可用工时的比例。",
    ),
    "means_offered_load_street": (
        "Work that arrived in streets and communities, relative to their hours; above 100 % it cannot all be done.",
        "街乡和社区收到的工作量与工时之比；超过 100% 即无法全部完成。",
    ),
    "means_offered_load_department": (
        "The same for departments and the teams they station.",
        "同上，指部门及其派驻队伍。",
    ),
    "means_overload_days": (
        "Days on which a unit has used all its hours, on average over streets and departments.",
        "街乡和部门平均每单位工时全部用尽的天数。",
    ),
    "means_workload_gini": (
        "How unevenly work is spread over streets and departments: 0 is even, 1 is all on one.",
        "各街乡和部门负荷不均的程度：0 为完全均匀，1 为全压在一个单位。",
    ),
    "means_dispatched_share": (
        "Of the working hours of streets and communities, the share spent on what departments sent down.",
        "街乡和社区已用工时中，用于上级下派任务的比例。",
    ),
    "means_coordination_share": (
        "Of the hours that departments and teams spend on cases, the share spent on meetings and attendance.",
        "部门和派驻队伍办案工时中，用于会商和到场的比例。",
    ),
    "means_effort_on_cases": (
        "Of the departments' working hours, the share spent on cases rather than on programmes of their own line.",
        "部门已用工时中，用于案件而非本条线任务的比例。",
    ),
    "means_volunteer_share": (
        "Of the work on cases in streets and communities, the share done by residents.",
        "街乡和社区办案工作中，由居民承担的比例。",
    ),
    "means_staff_days_per_closure": (
        "Working days of all units together for each case really settled.",
        "每真正办结一件，各单位合计投入的人日。",
    ),
    "means_balance_index": (
        "The streets' power against what they answer for: 0 is balanced, below 0 duty exceeds power.",
        "街乡权力与责任之比的对数：0 为平衡，小于 0 为责大于权。",
    ),
    "means_inaction_rate": (
        "Of all answers and attendances due, the share that did not happen.",
        "应答复、应到场的事项中，未做到的比例。",
    ),
    "means_arbitrary_rate": (
        "Of the enforcement cases closed, the share closed by an act that does not stand.",
        "执法办结中，因处置不当而被纠正的比例。",
    ),
    "means_hidden_found_share": (
        "Of the problems nobody had reported, the share that somebody found in time.",
        "起初无人上报的隐患中，被及时发现的比例。",
    ),
    "means_whistle_rate": (
        "Of all reported cases, the share for which a street blew the whistle.",
        "全部上报案件中，街乡吹哨的比例。",
    ),
    "means_whistle_accuracy": (
        "Of the whistles screened, the share that reached the right department.",
        "经平台受理的哨单中，派到正确部门的比例。",
    ),
    "means_equity_gap": (
        "By how much the best-served fifth of the streets is ahead of the worst-served fifth in closure rate.",
        "办结率最高的五分之一街乡与最低的五分之一之间的差距。",
    ),
    "term_street": ("street", "街乡"),
    "term_street_means": (
        "The office of a subdistrict or township, nearest to residents. The district has {streets} of them.",
        "街道（区政府派出机关）或地区（乡）。本区共 {streets} 个。",
    ),
    "term_department": ("department", "部门"),
    "term_department_means": (
        "An office of the district with one field of duty. The model has {departments}; the real number is not public.",
        "区级职能部门。模型设 {departments} 个；真实数量未公开。",
    ),
    "term_whistle": ("whistle, report for duty", "吹哨、报到"),
    "term_whistle_means": (
        "A street calls the departments that a case needs; they are to come and work on it together.",
        "街乡就一件需要部门处理的事项发出召集，相关部门到场共同办理。",
    ),
    "term_pass": ("pass the buck", "推诿"),
    "term_pass_means": (
        "A unit hands a case to another one instead of working on it. Some passes find the right unit, others evade.",
        "单位把案件推给其他单位而不办理。有的推给了真正的责任单位，有的只是回避。",
    ),
    "term_cosmetic": ("cosmetic closure", "形式主义办结（虚假办结）"),
    "term_cosmetic_means": (
        "A case is declared closed and the problem is still there. That is why reported and real closure differ.",
        "宣布办结而问题仍在。上报办结率与实际办结率因此不同。",
    ),
    "term_interval": ("95 % interval", "95% 区间"),
    "term_interval_means": (
        "The range in brackets. It shows how far chance could have moved the figure, and nothing else.",
        "括号中的范围，只说明偶然因素可能使数值偏离多少。",
    ),
    "term_points": ("points", "百分点"),
    "term_points_means": (
        "The difference of two percentages: from 50 % to 60 % are 10 points.",
        "两个百分比之差：从 50% 到 60% 为 10 个百分点。",
    ),
    "term_pair": ("pair", "配对"),
    "term_pair_means": (
        "One simulated district, run once under every set of rules, with the same problems and the same chance.",
        "同一个模拟区在每种制度下各运行一次，问题与偶然因素完全相同。",
    ),
}
"""By key: English and Chinese."""
