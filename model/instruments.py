"""What the claims say is wrong, and their instruments: what each one changes, and what should then move.

This file is the one place of an instrument. `make documents` writes its regime (`configs/regimes/`), and
`make instruments IDS=changed` measures those that are not measured as they are declared here.
"""

from __future__ import annotations

from model.claims import DOWN, UP, Condition, Instrument

CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "P1", {"staff.street": 0.26, "staff.department": 0.59}, "workload_street", DOWN,
        "staff and tasks are two pyramids, one inverted", "倒金字塔（倒挂）",
        "Most people and posts are at the top, most tasks at the bottom.",
        "人员和编制集中在上级，任务却集中在基层。", answered_by=("R6", "R7"),
    ),
    Condition(
        "P2", {"powers.delegated": 0.5, "placement.follow_powers": 1.0}, "enforcement_closure_rate", UP,
        "duty without power", "有责无权",
        "Streets answer for everything on their ground and may not enforce anything.",
        "街乡对辖区一切事务负责，却没有执法权。", answered_by=("N1", "R8"),
    ),
    Condition(
        "P3", {"assessment.street_weight": 0.38}, "effort_on_cases", UP,
        "assessment runs one way", "考核不对称",
        "Departments assess streets, and streets do not assess departments.",
        "部门考核街乡，街乡不能考核部门。", answered_by=("R1", "N3", "N14"),
    ),
    Condition(
        "P4", {"coordination.convene": 1.0, "coordination.restore": 1.0}, "joint_closure_rate", UP,
        "no right to coordinate departments", "条块分割、断链",
        "Nobody may call departments together; joint work asks each of them in turn.",
        "无人有权召集部门，联合事项只能逐家商请。", answered_by=("R3", "R10", "N5"),
    ),
    Condition(
        "P5", {"sending_down.hold": 0.0}, "dispatched_share", DOWN,
        "departments send their tasks down", "行政发包",
        "What departments do not finish of their own programmes they send down to streets and communities.",
        "部门未完成的本条线任务下派给街乡和社区。", answered_by=("R9", "N8"),
    ),
    Condition(
        "P6", {"duty_list.clarity": 1.0}, "passes_per_case", DOWN,
        "a no man's land of functions", "无人地带",
        "For some matters nobody is clearly responsible, or several are; these are passed round.",
        "有些事项无人明确负责或多家都沾边，于是被来回推诿。", answered_by=("R8", "N9", "N4a"),
    ),
    Condition(
        "P7", {"party.value": 0.8, "party.capability": 0.8, "party.support": 0.8}, "volunteer_share", UP,
        "party organisations weakly tied to people", "基层党组织联系群众弱",
        "Party organisations on the ground have weak ties to residents, so few join in.",
        "基层党组织与群众联系薄弱，群众参与少。", answered_by=("R12", "R13", "N12"),
    ),
    Condition(
        "P8a", {"balance.arbitrary_excess": 0.0}, "arbitrary_rate", DOWN,
        "power far above responsibility", "乱作为",
        "Where power is far above responsibility, acts are arbitrary and do not stand.",
        "权远大于责之处容易乱作为，处置站不住脚。", answered_by=("R1", "R11"),
    ),
    Condition(
        "P8b", {"balance.inaction": 0.0}, "inaction_rate", DOWN,
        "power far below responsibility", "不作为",
        "Where power is far below responsibility, nothing is done.",
        "权远小于责之处容易不作为。", answered_by=("N1", "R8"),
    ),
    Condition(
        "P9", {"closing.cogovernance": 1.5}, "recurrence_share", DOWN,
        "governing by control alone", "行政管控、运行无效",
        "Problems are settled by control alone: quick, and soon back.",
        "只靠行政管控：见效快，复发也快。", answered_by=("R12", "R13"),
    ),
)  # fmt: skip
"""What is wrong before the reform, in the order of the article."""

INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument(
        "R1", {"assessment.street_weight": 0.38}, "inaction_rate", DOWN,
        "weight of the streets' assessment of departments", "街乡对部门的考核权重",
        "Streets assess departments; the higher the weight, the more a department gains by working on streets' cases.",
        "街乡考核部门；权重越高，部门办理街乡案件越有动力。",
        regime_en="the streets' assessment weighs 38 %", regime_zh="街乡考核部门占38%",
    ),
    Instrument(
        "R2", {"opinion.heard": 0.5}, "prevented_share", UP,
        "right of opinion on major matters", "重大事项意见建议权",
        "Streets have a say on major projects before they begin, so that some problems never arise.",
        "重大事项事先听取街乡意见，一部分问题从源头避免。",
        by_construction=True, regime_en="streets are heard on projects",
        note="That amended projects make fewer cases is a conjecture.",
    ),
    Instrument(
        "R3",
        {"coordination.convene": 0.8, "coordination.press": 0.8, "coordination.restore": 0.8,
         "coordination.raise_stake": 0.5, "coordination.owner_after_passes": 6},
        "circulating_days", DOWN,
        "right to coordinate and supervise", "统筹协调和督办权",
        "Streets may call the parties together, have overdue cases pressed, and get an owner named after many passes.",
        "街乡可召集各方、督办逾期案件，多次推诿后由区里指定责任单位。",
        regime_en="streets coordinate and supervise", regime_zh="街乡统筹协调与督办权",
    ),
    Instrument(
        "R4", {"stationing.appointment": 0.8}, "team_share", UP,
        "right to suggest appointments", "人事建议权",
        "Streets have a say when heads of stationed units are appointed or rewarded.",
        "派驻机构负责人的任免奖惩须听取街乡意见。",
        beneath=("r06",), regime_en="streets suggest appointments",
        note="Acts on people stationed in streets only, so it needs R6 beside it.",
    ),
    Instrument(
        "R5", {"stationing.street_time": 0.8}, "team_share", UP,
        "management of stationed people", "派驻人员日常管理考核权",
        "Streets direct and assess the daily work of stationed people.",
        "派驻人员的日常工作由街乡调度、考核。",
        beneath=("r06",), regime_en="streets manage stationed people",
        note="Acts on people stationed in streets only, so it needs R6 beside it.",
    ),
    Instrument(
        "R6", {"stationing.share": 0.35}, "enforcement_closure_rate", UP,
        "enforcement staff sent down", "执法力量下沉",
        "Part of the enforcement staff works in teams in the streets: near and quick, but no longer pooled.",
        "一部分执法人员下沉到街乡组成队伍：就近、快捷，但不再全区统筹。",
        regime_en="enforcement staff stationed in the streets",
    ),
    Instrument(
        "R7", {"placement.moved_to_streets": 0.06, "staffing.standard": 0.8, "staffing.dynamic": 0.03},
        "equity_gap", DOWN, "posts by a standard, dynamic quotas", "编制核定与动态管理",
        "Posts move to streets, are given out by a standard, and follow the queues.",
        "编制向街乡倾斜，按标准核定，并随积压动态调整。",
        regime_en="posts of streets by a standard, adjusted to the load",
        regime_zh="编制按人口、面积、社会单位核定并动态调整",
    ),
    Instrument(
        "R8", {"duty_list.clarity": 0.7}, "passes_per_case", DOWN,
        "duty list", "职责清单",
        "A list says which unit is responsible for what, so that fewer cases fall between units.",
        "清单写明各事项的责任单位，减少无人认领。",
        regime_en="a clear list of duties",
    ),
    Instrument(
        "R9",
        {"burden.entry_gate": 0.5, "burden.department": 0.2, "burden.technology": 0.05},
        "dispatched_share", DOWN,
        "burden reduction", "减负",
        "Less may be sent down to streets, and technology saves part of their own work.",
        "限制向街乡下派任务，并用技术节省部分自办工作。",
        regime_zh="部门减负、技术减负、准入减负",
    ),
    Instrument(
        "R10", {"whistle.in_force": True, "whistle.reach": 1.0}, "circulating_days", DOWN,
        "seven-step whistle", "吹哨报到",
        "Streets whistle and departments report, in seven steps, each with its time, capacity and errors.",
        "街乡吹哨、部门报到，按七步工作法办理，每一步都有时限、容量和差错。",
        regime_en="streets whistle, departments report", regime_zh="街乡吹哨、部门报到",
    ),
    Instrument(
        "R11", {"closed_loop.call_back": 0.9}, "cosmetic_share", DOWN,
        "closed loop", "闭环回访",
        "Every closure is called back on, and what does not hold is taken up again.",
        "每件办结均回访，未解决的重新办理。",
        regime_en="results are followed up",
    ),
    Instrument(
        "R12", {"participation.strength": 0.7}, "hidden_found_share", UP,
        "social participation", "社会参与",
        "Residents, deputies and media help to find problems and to settle them.",
        "居民、代表和媒体参与发现和解决问题。",
    ),
    Instrument(
        "R13", {"party.value": 0.7, "party.capability": 0.7, "party.support": 0.7}, "volunteer_share", UP,
        "regional party-building", "区域化党建",
        "Party organisations of a region make joining in worthwhile; value, capability and support are all needed.",
        "区域化党建让参与更容易；价值、能力、支持三者缺一不可。",
    ),
    Instrument(
        "N1", {"powers.delegated": 0.6}, "enforcement_closure_rate", UP,
        "penalty power for streets", "相对集中行政处罚权",
        "Streets close enforcement cases themselves, with a generalist's skill.",
        "街乡自行办理执法案件，但不如专业队伍熟练。",
        regime_en="enforcement powers delegated to the streets", regime_zh="执法权下放街乡",
    ),
    Instrument(
        "N2", {"powers.inspection": 0.7}, "hidden_found_share", UP,
        "inspection power delegated", "检查权下放",
        "Streets inspect themselves: they find more hidden problems, and have more to do.",
        "街乡自行检查：发现更多隐患，任务也更多。",
    ),
    Instrument(
        "N3", {"assessment.budget": 0.8}, "inaction_rate", DOWN,
        "budget suggestions", "预算建议权",
        "Streets have a say on the budget of units with stationed people.",
        "街乡可就派驻单位的预算提出建议。",
        beneath=("r06",), regime_en="streets suggest budgets",
        note="Acts on departments with people stationed in streets only, so it needs R6 beside it.",
    ),
    Instrument(
        "N4a", {"structure.merged_teams": 1}, "passes_per_case", DOWN,
        "enforcement teams merged", "执法队伍综合设置",
        "Enforcement teams of like fields become one: fewer departments, less overlap.",
        "相近领域的执法队伍合并：部门更少、交叉更少。",
        regime_en="enforcement teams of like fields merged",
    ),
    Instrument(
        "N4b", {"structure.merged_sections": 0.8}, "days_to_close_median", DOWN,
        "sections inside the street merged", "街乡大部制",
        "Sections inside the street are merged, so that fewer cases land in the wrong one.",
        "街乡内设机构合并，内部误派减少。",
    ),
    Instrument(
        "N5", {"coordination.interfaces": 0.8}, "coordination_share", DOWN,
        "one interface for joint work", "一对多、多对一接口",
        "Joint work goes through one interface instead of between every pair of units.",
        "联合事项通过统一接口，而不是两两对接。",
    ),
    Instrument(
        "N6", {"levels.up": 0.8}, "waiting_above_days", DOWN,
        "district whistles, city reports", "区级吹哨、市级部门报到",
        "For cases that need the city the district whistles and city departments report.",
        "需要市级的事项由区级吹哨、市级部门报到。",
        regime_en="district whistles, city departments report",
    ),
    Instrument(
        "N7", {"levels.down": 0.8}, "waiting_above_days", DOWN,
        "communities whistle, sections report", "社区吹哨、科室报到",
        "Communities whistle and sections of the street report.",
        "社区吹哨、街乡科室报到。",
    ),
    Instrument(
        "N8", {"burden.negative_list": 0.5, "assessment.indicators": 8}, "dispatched_share", DOWN,
        "negative lists, fewer indicators", "负面清单、精简考核指标",
        "Lists say what may not be sent down, and fewer indicators are assessed.",
        "负面清单规定不得下派的事项，并精简考核指标。",
        regime_zh="负面清单与精简考核指标",
    ),
    Instrument(
        "N9", {"grids.integration": 0.7}, "passes_per_case", DOWN,
        "grids and data integrated", "多网融合",
        "Grids and data become one: fewer duplicates, less misrouting.",
        "多网合一：重复少、错派少。",
    ),
    Instrument(
        "N10", {"whistle.pilot_share": 0.2}, "whistle_rate", DOWN,
        "only pilot streets may whistle", "仅试点街乡可吹哨",
        "Only some streets hold the right to whistle.",
        "只有部分街乡拥有吹哨权。",
        beneath=("r10",), by_construction=True, regime_en="pilot, a fifth of the streets may whistle",
        regime_zh="试点：五分之一街乡可吹哨",
        note="From potted plant to landscape: the share goes from here to 1. Needs R10 beside it.",
    ),
    Instrument(
        "N11", {"committee.decides": 0.9}, "whistle_accuracy", UP,
        "party committee decides first", "街乡党委决定",
        "The street's party committee decides before the whistle: fewer and truer ones, at the cost of days and work.",
        "街乡党委先决定再吹哨：更少更准，但要花时间和人力。",
        beneath=("r10",), by_construction=True, regime_en="the street party committee decides first",
        regime_zh="街乡党委决定、政府吹哨、部门报到响应",
        note="A filter before the whistle, so it needs R10 beside it.",
    ),
    Instrument(
        "N12", {"party.powers": 0.8}, "volunteer_share", UP,
        "powers of regional party organisations", "区域性党组织权限",
        "Regional party organisations may call on their member units.",
        "区域性党组织可以调动成员单位。",
        regime_en="powers for regional party organisations", regime_zh="区域性党组织的有效权限",
    ),
    Instrument(
        "N13", {"durability.in_law": 1}, "passes_per_case", DOWN,
        "a dated reform put into law", "法治化、长效化",
        "What is put into law lasts; what is not fades after the campaign.",
        "写入法规的长期有效，未写入的在运动之后逐渐减弱。",
        regime_en="the same reform put into law", beneath=("campaign",), dated=True,
    ),
    Instrument(
        "N14", {"assessment.reward": 0.8}, "inaction_rate", DOWN,
        "rewards for those who answer", "激励机制",
        "Departments that answer are rewarded, beside sanctions for those that do not.",
        "除惩戒外，对积极应答的部门给予奖励。",
    ),
    Instrument(
        "N15", {"recording.share": 0.8}, "cosmetic_share", DOWN,
        "the whole process recorded", "全过程纪实",
        "The whole process is recorded: closing on paper is found more often, and recording takes hours.",
        "全过程留痕：更容易发现纸面办结，但要花时间记录。",
    ),
    Instrument(
        "E1", {"ranking.weight": 0.8}, "reported_closure_rate", UP,
        "monthly ranking of streets", "接诉即办月度排名",
        "Streets are ranked every month on response, resolution and satisfaction: pressure opposite to that of R1.",
        "街乡每月按响应、解决、满意排名：与 R1 方向相反的压力。",
        note="The opposite direction of R1. Official rates of 2019-21 rose under it, so they are no evidence for the "
             "whistle alone.",
    ),
)  # fmt: skip
"""All instruments, in the order of the article."""
