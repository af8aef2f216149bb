"""One sentence for every claim: what is wrong before the reform (P), and what each instrument does (R, N, E)."""

from __future__ import annotations

__all__ = ["INSTRUMENT_MEANINGS"]

INSTRUMENT_MEANINGS: dict[str, tuple[str, str]] = {
    "means_P1": (
        "Most people and posts are at the top, most tasks at the bottom.",
        "人员和编制集中在上级，任务却集中在基层。",
    ),
    "means_P2": (
        "Streets answer for everything on their ground and may not enforce anything.",
        "街乡对辖区一切事务负责，却没有执法权。",
    ),
    "means_P3": (
        "Departments assess streets, and streets do not assess departments.",
        "部门考核街乡，街乡不能考核部门。",
    ),
    "means_P4": (
        "Nobody may call departments together; joint work asks each of them in turn.",
        "无人有权召集部门，联合事项只能逐家商请。",
    ),
    "means_P5": (
        "What departments do not finish of their own programmes they send down to streets and communities.",
        "部门未完成的本条线任务下派给街乡和社区。",
    ),
    "means_P6": (
        "For some matters nobody is clearly responsible, or several are; these are passed round.",
        "有些事项无人明确负责或多家都沾边，于是被来回推诿。",
    ),
    "means_P7": (
        "Party organisations on the ground have weak ties to residents, so few join in.",
        "基层党组织与群众联系薄弱，群众参与少。",
    ),
    "means_P8a": (
        "Where power is far above responsibility, acts are arbitrary and do not stand.",
        "权远大于责之处容易乱作为，处置站不住脚。",
    ),
    "means_P8b": (
        "Where power is far below responsibility, nothing is done.",
        "权远小于责之处容易不作为。",
    ),
    "means_P9": (
        "Problems are settled by control alone: quick, and soon back.",
        "只靠行政管控：见效快，复发也快。",
    ),
    "means_R1": (
        "Streets assess departments; the higher the weight, the more a department gains by working on streets' cases.",
        "街乡考核部门；权重越高，部门办理街乡案件越有动力。",
    ),
    "means_R2": (
        "Streets have a say on major projects before they begin, so that some problems never arise.",
        "重大事项事先听取街乡意见，一部分问题从源头避免。",
    ),
    "means_R3": (
        "Streets may call the parties together, have overdue cases pressed, and get an owner named after many passes.",
        "街乡可召集各方、督办逾期案件，多次推诿后由区里指定责任单位。",
    ),
    "means_R4": (
        "Streets have a say when heads of stationed units are appointed or rewarded.",
        "派驻机构负责人的任免奖惩须听取街乡意见。",
    ),
    "means_R5": (
        "Streets direct and assess the daily work of stationed people.",
        "派驻人员的日常工作由街乡调度、考核。",
    ),
    "means_R6": (
        "Part of the enforcement staff works in teams in the streets: near and quick, but no longer pooled.",
        "一部分执法人员下沉到街乡组成队伍：就近、快捷，但不再全区统筹。",
    ),
    "means_R7": (
        "Posts move to streets, are given out by a standard, and follow the queues.",
        "编制向街乡倾斜，按标准核定，并随积压动态调整。",
    ),
    "means_R8": (
        "A list says which unit is responsible for what, so that fewer cases fall between units.",
        "清单写明各事项的责任单位，减少无人认领。",
    ),
    "means_R9": (
        "Less may be sent down to streets, and technology saves part of their own work.",
        "限制向街乡下派任务，并用技术节省部分自办工作。",
    ),
    "means_R10": (
        "Streets whistle and departments report, in seven steps, each with its time, capacity and errors.",
        "街乡吹哨、部门报到，按七步工作法办理，每一步都有时限、容量和差错。",
    ),
    "means_R11": (
        "Every closure is called back on, and what does not hold is taken up again.",
        "每件办结均回访，未解决的重新办理。",
    ),
    "means_R12": (
        "Residents, deputies and media help to find problems and to settle them.",
        "居民、代表和媒体参与发现和解决问题。",
    ),
    "means_R13": (
        "Party organisations of a region make joining in worthwhile; value, capability and support are all needed.",
        "区域化党建让参与更容易；价值、能力、支持三者缺一不可。",
    ),
    "means_N1": (
        "Streets close enforcement cases themselves, with a generalist's skill.",
        "街乡自行办理执法案件，但不如专业队伍熟练。",
    ),
    "means_N2": (
        "Streets inspect themselves: they find more hidden problems, and have more to do.",
        "街乡自行检查：发现更多隐患，任务也更多。",
    ),
    "means_N3": (
        "Streets have a say on the budget of units with stationed people.",
        "街乡可就派驻单位的预算提出建议。",
    ),
    "means_N4a": (
        "Enforcement teams of like fields become one: fewer departments, less overlap.",
        "相近领域的执法队伍合并：部门更少、交叉更少。",
    ),
    "means_N4b": (
        "Sections inside the street are merged, so that fewer cases land in the wrong one.",
        "街乡内设机构合并，内部误派减少。",
    ),
    "means_N5": (
        "Joint work goes through one interface instead of between every pair of units.",
        "联合事项通过统一接口，而不是两两对接。",
    ),
    "means_N6": (
        "For cases that need the city the district whistles and city departments report.",
        "需要市级的事项由区级吹哨、市级部门报到。",
    ),
    "means_N7": (
        "Communities whistle and sections of the street report.",
        "社区吹哨、街乡科室报到。",
    ),
    "means_N8": (
        "Lists say what may not be sent down, and fewer indicators are assessed.",
        "负面清单规定不得下派的事项，并精简考核指标。",
    ),
    "means_N9": (
        "Grids and data become one: fewer duplicates, less misrouting.",
        "多网合一：重复少、错派少。",
    ),
    "means_N10": (
        "Only some streets hold the right to whistle.",
        "只有部分街乡拥有吹哨权。",
    ),
    "means_N11": (
        "The street's party committee decides before the whistle: fewer and truer ones, at the cost of days and work.",
        "街乡党委先决定再吹哨：更少更准，但要花时间和人力。",
    ),
    "means_N12": (
        "Regional party organisations may call on their member units.",
        "区域性党组织可以调动成员单位。",
    ),
    "means_N13": (
        "What is put into law lasts; what is not fades after the campaign.",
        "写入法规的长期有效，未写入的在运动之后逐渐减弱。",
    ),
    "means_N14": (
        "Departments that answer are rewarded, beside sanctions for those that do not.",
        "除惩戒外，对积极应答的部门给予奖励。",
    ),
    "means_N15": (
        "The whole process is recorded: closing on paper is found more often, and recording takes hours.",
        "全过程留痕：更容易发现纸面办结，但要花时间记录。",
    ),
    "means_E1": (
        "Streets are ranked every month on response, resolution and satisfaction: pressure opposite to that of R1.",
        "街乡每月按响应、解决、满意排名：与 R1 方向相反的压力。",
    ),
}
"""By key: English and Chinese."""
