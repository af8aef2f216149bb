"""Who has which people, powers and duties: placement, stationing, staffing, structure, powers, duty list, burden."""

from dataclasses import dataclass

from model.claims import DOWN, UP, Instrument
from model.parameter import parameter

_ARTICLE = "Wang 2018"

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


@dataclass(frozen=True)
class Placement:
    """Where people are placed (the second factor of every comparison)."""

    moved_to_streets: float = parameter(0.0, unit="share of department staff", bounds=(0.0, 0.8), row="R7",
        source=f"{_ARTICLE}: posts sink to the streets; size not public, assumption", tried=(0.0, 0.4),
        meaning="Share of the departments' people whose posts move to the streets.", zh="部门编制下沉到街乡的比例")
    follow_powers: float = parameter(0.0, unit="share", bounds=(0.0, 1.0), row="N1",
        source="assumption: whether people follow the powers is what S13 asks", tried=(0.0, 1.0),
        meaning="Of the enforcement departments' people on cases whose power is delegated, the share that moves.",
        zh="人员随执法权下沉的比例")


@dataclass(frozen=True)
class Stationing:
    """R5, R6: enforcement staff sent down to a platform in every street."""

    share: float = parameter(0.0, unit="share of stationable staff", bounds=(0.0, 1.0), row="R6",
        source=f"{_ARTICLE}: joint enforcement platforms; size not public, assumption", tried=(0.0, 1.0),
        meaning="Share of the stationable enforcement staff that forms platform teams in the streets.",
        zh="执法力量下沉比例")
    street_time: float = parameter(0.4, unit="share of a day", bounds=(0.0, 1.0), row="R5",
        source="assumption; the article's reform raises it", plausible=(0.2, 0.6),
        meaning="Share of a stationed person's day that the street commands; the rest stays with home.",
        zh="派驻人员由街乡调度的时间比例")
    appointment: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="R4",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Strength of the right to suggest appointment, reward, removal of heads of dispatched agencies.",
        zh="人事建议权强度")


@dataclass(frozen=True)
class Staffing:
    """R7: the staffing standard of the streets, and quotas that follow the load."""

    standard: float = parameter(0.0, unit="share of the way", bounds=(0.0, 1.0), row="R7",
        source=f"{_ARTICLE}: posts by population, area and number of social units",
        meaning="How far the posts of streets are given out by the standard instead of as before.",
        zh="街乡编制按标准核定的程度")
    by_area: float = parameter(0.2, unit="share of the standard", bounds=(0.0, 0.5), row="R7",
        plausible=(0.0, 0.4), meaning="Part of the standard that follows area.", zh="标准中面积的权重")
    by_communities: float = parameter(0.3, unit="share of the standard", bounds=(0.0, 0.5), row="R7",
        source="assumption; communities stand in for social units where their number is not known",
        plausible=(0.0, 0.4),
        meaning="Part of the standard that follows the number of social units, or, where these are not known for every "
                "street, of communities and villages; the rest follows residents.",
        zh="标准中社会单位数的权重（缺数时以社区、村数代替）")
    townships: bool = parameter(False, unit="switch", row="R7", source=f"{_ARTICLE}: townships' people as an option",
        meaning="The standard covers townships as well, not only subdistricts.", zh="是否统筹乡镇人力资源")
    dynamic: float = parameter(0.0, unit="share of posts a period", bounds=(0.0, 1.0), row="R7",
        source=f"{_ARTICLE}: dynamic quotas; size not public, assumption", tried=(0.0, 0.1),
        meaning="Share of the streets' posts that may move to longer queues of work at the end of each period.",
        zh="动态编制比例")
    gap_days: float = parameter(1.0, unit="days", bounds=(0.0, 365.0), row="R7", plausible=(0.5, 5.0),
        meaning="By how much the longest queue must exceed that of the street that gives for a person to move.",
        zh="触发调整的积压差距")
    period_days: int = parameter(90, unit="days", bounds=(1, 3650), row="R7", plausible=(30, 365),
        meaning="Days between two re-allocations.", zh="编制调整周期")


@dataclass(frozen=True)
class Structure:
    """N4a, N4b: fewer and larger units."""

    merged_teams: float = parameter(0.0, unit="share of sectors", bounds=(0.0, 1.0), row="N4a",
        source=f"{_ARTICLE}: merge enforcement teams of like fields",
        meaning="Share of the sectors with several enforcement departments in which these become one.",
        zh="执法队伍综合设置程度")
    merged_sections: float = parameter(0.0, unit="share of the way", bounds=(0.0, 1.0), row="N4b",
        source=f"{_ARTICLE}: few and larger sections in the street",
        meaning="How far the sections inside a street are merged: fewer cases land in the wrong one.",
        zh="街乡大部制程度")


@dataclass(frozen=True)
class Powers:
    """P2, N1: who may close what needs enforcement power."""

    delegated: float = parameter(0.0, unit="share of enforcement cases", bounds=(0.0, 1.0), row="N1",
        source=f"{_ARTICLE}: relatively concentrated penalty power; 431 powers delegated on 2020-07-01",
        meaning="Share of enforcement cases whose power the streets hold themselves.", zh="下放街乡的执法权比例")
    inspection: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="N2",
        source=f"{_ARTICLE}: inspection split from enforcement; strength is an assumption",
        meaning="How far the power to inspect has gone down to the streets.", zh="检查权下放程度")


@dataclass(frozen=True)
class DutyList:
    """R8: duty lists: of the street, sharper and with entries added or taken off; of what must be sent down."""

    clarity: float = parameter(0.0, unit="share of the way", bounds=(0.0, 1.0), row="R8a",
        source=f"{_ARTICLE}: list of duties drawn up against the city's 111 items; effect is an assumption",
        meaning="How clearly duties are listed: from vague and overlapping to one owner for each kind of case.",
        zh="职责清单清晰度")
    adopted: float = parameter(0.0, unit="share of the way", bounds=(0.0, 1.0), row="R8a",
        source=f"{_ARTICLE}: drawn up by adding and subtracting; strength is an assumption",
        meaning="How far the entries that the district's list adds or takes off (duty_entries) hold.",
        zh="职责清单增减事项的落实程度")
    hours_follow: float = parameter(0.0, unit="share", bounds=(0.0, 1.0), row="R8a",
        source="assumption: whether people follow the duties is not known", plausible=(0.0, 1.0),
        meaning="Of the departments' people on work that such entries bring to the streets, the share that moves "
                "where the entry says that its hours come along.",
        zh="人员随清单事项下沉的比例")
    on_the_spot: float = parameter(0.0, unit="share of cases", bounds=(0.0, 1.0), row="R8b",
        source=f"{_ARTICLE}: list of duties that enforcement units must send down; strength is an assumption",
        meaning="Of single enforcement cases of listed kinds, the share that a platform team must handle on the spot.",
        zh="派驻队伍须就地办理的比例")


@dataclass(frozen=True)
class Burden:
    """R9, N8: burden reduction; negative lists of the street and of its communities."""

    entry_gate: float = parameter(0.0, unit="share of work sent down", bounds=(0.0, 1.0), row="R9",
        source=f"{_ARTICLE}: entry gate; strength is an assumption",
        meaning="Share of the work sent down that the gate turns back.", zh="准入减负：退回下派任务的比例")
    department: float = parameter(0.0, unit="share of work sent down", bounds=(0.0, 1.0), row="R9",
        source=f"{_ARTICLE}: departments reduce what they ask; strength is an assumption",
        meaning="Share of the work that departments no longer send down by themselves.",
        zh="部门减负：部门少下派的比例")
    technology: float = parameter(0.0, unit="share of own work", bounds=(0.0, 1.0), row="R9",
        source=f"{_ARTICLE}: technology; strength is an assumption", tried=(0.0, 0.2),
        meaning="Share of the work of a street's own cases that technology saves.", zh="技术减负：节省自办工作的比例")
    negative_list: float = parameter(0.0, unit="share of work sent down", bounds=(0.0, 1.0), row="N8a",
        source=f"{_ARTICLE}: negative lists of streets and communities",
        meaning="Share of the kinds of work that may not be sent down at all.", zh="街乡负面清单：禁止下派的比例")
    community_list: float = parameter(0.0, unit="share of work sent on", bounds=(0.0, 1.0), row="N8b",
        source=f"{_ARTICLE}: negative lists of streets and communities; strength is an assumption",
        meaning="Share of what a street would send on to its communities that it may not; it stays with the street.",
        zh="社区负面清单：禁止再下派社区的比例")


@dataclass(frozen=True)
class Opinion:
    """R2: the right of opinion on major matters, a conjecture: amended projects make fewer cases."""

    heard: float = parameter(0.0, unit="share of projects", bounds=(0.0, 1.0), row="R2",
        source=f"{_ARTICLE}; that it prevents cases is a conjecture",
        meaning="Share of the projects that would make cases later on which the street's opinion is taken.",
        zh="重大事项意见建议采纳比例")
    work: float = parameter(2.0, unit="person-days/month", bounds=(0.0, 100.0), row="R2", plausible=(0.0, 10.0),
        meaning="Work of a street on its opinions a month, were it asked on every project, at full scale.",
        zh="意见建议工作量")


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("R2", {"opinion.heard": 0.5}, "prevented_share", UP,
        "right of opinion on major matters", "重大事项意见建议权",
        "Streets have a say on major projects before they begin, so that some problems never arise.",
        "重大事项事先听取街乡意见，一部分问题从源头避免。",
        by_construction=True, regime_en="streets are heard on projects",
        note="That amended projects make fewer cases is a conjecture."),
    Instrument("R4", {"stationing.appointment": 0.8}, "team_share", UP,
        "right to suggest appointments", "人事建议权",
        "Streets have a say when heads of stationed units are appointed or rewarded.",
        "派驻机构负责人的任免奖惩须听取街乡意见。",
        beneath=("r06",), regime_en="streets suggest appointments",
        note="Acts on people stationed in streets only, so it needs R6 beside it."),
    Instrument("R5", {"stationing.street_time": 0.8}, "team_share", UP,
        "management of stationed people", "派驻人员日常管理考核权",
        "Streets direct and assess the daily work of stationed people.",
        "派驻人员的日常工作由街乡调度、考核。",
        beneath=("r06",), regime_en="streets manage stationed people",
        note="Acts on people stationed in streets only, so it needs R6 beside it."),
    Instrument("R6", {"stationing.share": 0.35}, "enforcement_closure_rate", UP,
        "enforcement staff sent down", "执法力量下沉",
        "Part of the enforcement staff works in teams in the streets: near and quick, but no longer pooled.",
        "一部分执法人员下沉到街乡组成队伍：就近、快捷，但不再全区统筹。",
        regime_en="enforcement staff stationed in the streets"),
    Instrument("R7", {"placement.moved_to_streets": 0.06, "staffing.standard": 0.8, "staffing.dynamic": 0.03},
        "equity_gap", DOWN, "posts by a standard, dynamic quotas", "编制核定与动态管理",
        "Posts move to streets, are given out by a standard, and follow the queues.",
        "编制向街乡倾斜，按标准核定，并随积压动态调整。",
        regime_en="posts of streets by a standard, adjusted to the load",
        regime_zh="编制按人口、面积、社会单位核定并动态调整"),
    Instrument("R8a", {"duty_list.clarity": 0.7, "duty_list.adopted": 1}, "passes_per_case", DOWN,
        "duty list of the street", "街道职责清单",
        "A list, by adding and subtracting, says which unit is responsible for what, so that fewer cases fall between.",
        "清单以加减法核定各事项的责任单位，减少无人认领。",
        regime_en="a clear list of the street's duties, by adding and subtracting",
        regime_zh="街道职责清单（加减法）",
        note="Entries added and taken off are facts of a district (duty_entries); without any this is clarity alone."),
    Instrument("R8b", {"duty_list.on_the_spot": 0.8}, "on_the_spot_closure_rate", UP,
        "list of duties to be sent down", "需下沉的责任清单",
        "Cases on the list are handled by the team in the street: near, at once, without a letter to headquarters.",
        "清单内事项由派驻队伍就地办理，不得推回机关，也不必再发函。",
        beneath=("r06",), regime_en="listed enforcement duties are sent down to the teams",
        note="Acts on people stationed in streets only, so it needs R6 beside it."),
    Instrument("R8", {"duty_list.clarity": 0.7, "duty_list.adopted": 1, "duty_list.on_the_spot": 0.8},
        "passes_per_case", DOWN,
        "duty lists", "职责清单",
        "One list says which unit is responsible for what, another what enforcement units must handle on the spot.",
        "一份清单写明各事项的责任单位，另一份写明执法单位须下沉就地办理的事项。",
        regime_en="both lists of duties", regime_zh="两份职责清单", parts=("R8a", "R8b")),
    Instrument("R9",
        {"burden.entry_gate": 0.5, "burden.department": 0.2, "burden.technology": 0.05},
        "dispatched_share", DOWN,
        "burden reduction", "减负",
        "Less may be sent down to streets, and technology saves part of their own work.",
        "限制向街乡下派任务，并用技术节省部分自办工作。",
        regime_zh="部门减负、技术减负、准入减负"),
    Instrument("N1", {"powers.delegated": 0.6}, "enforcement_closure_rate", UP,
        "penalty power for streets", "相对集中行政处罚权",
        "Streets close enforcement cases themselves, with a generalist's skill.",
        "街乡自行办理执法类诉求，但不如专业队伍熟练。",
        regime_en="enforcement powers delegated to the streets", regime_zh="执法权下放街乡"),
    Instrument("N2", {"powers.inspection": 0.7}, "hidden_found_share", UP,
        "inspection power delegated", "检查权下放",
        "Streets inspect themselves: they find more hidden problems, and have more to do.",
        "街乡自行检查：发现更多隐患，任务也更多。"),
    Instrument("N4a", {"structure.merged_teams": 1}, "passes_per_case", DOWN,
        "enforcement teams merged", "执法队伍综合设置",
        "Enforcement teams of like fields become one: fewer departments, less overlap.",
        "相近领域的执法队伍合并：部门更少、交叉更少。",
        regime_en="enforcement teams of like fields merged"),
    Instrument("N4b", {"structure.merged_sections": 0.8}, "days_to_close_median", DOWN,
        "sections inside the street merged", "街乡大部制",
        "Sections inside the street are merged, so that fewer cases land in the wrong one.",
        "街乡内设机构合并，内部误派减少。"),
    Instrument("N8a", {"burden.negative_list": 0.5, "assessment.indicators": 8}, "dispatched_share", DOWN,
        "negative list of the street, fewer indicators", "街乡负面清单、精简考核指标",
        "A list says what may not be sent down to streets, and fewer indicators are assessed.",
        "街乡负面清单规定不得下派的事项，并精简考核指标。",
        regime_zh="街乡负面清单与精简考核指标"),
    Instrument("N8b", {"burden.community_list": 0.5}, "dispatched_share_community", DOWN,
        "negative list of the community", "社区负面清单",
        "A list says what a street may not send on to its communities; it stays with the street.",
        "社区负面清单规定街乡不得再下派社区的事项，由街乡自行承担。"),
    Instrument("N8",
        {"burden.negative_list": 0.5, "burden.community_list": 0.5, "assessment.indicators": 8},
        "dispatched_share", DOWN,
        "negative lists, fewer indicators", "负面清单、精简考核指标",
        "Lists say what may not be sent down to streets and on to communities, and fewer indicators are assessed.",
        "负面清单规定不得下派街乡、社区的事项，并精简考核指标。",
        regime_zh="两级负面清单与精简考核指标", parts=("N8a", "N8b")),
)
"""What of these rules is turned together, and what should then move; see `model.instruments`."""
