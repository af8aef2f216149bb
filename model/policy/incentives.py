"""What makes units care: assessment, ranking, recording, the closed loop, participation."""

from dataclasses import dataclass
from typing import Any

from model.claims import DOWN, UP, Instrument
from model.parameter import parameter
from model.terms import NO_LIMIT

_ARTICLE = "Wang 2018"

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


@dataclass(frozen=True)
class Assessment:
    """P3, R1: who assesses whom, and with what weight."""

    street_weight: float = parameter(0.0, unit="share", bounds=(0.0, 1.0), row="R1",
        source=f"{_ARTICLE}: 38 % after the reform, none named before",
        meaning="Weight of the streets' assessment in a department's score.", zh="街乡对部门的考核权重")
    indicators: int = parameter(20, unit="indicators", bounds=(1, 200), row="N8a", plausible=(5, 100),
        meaning="Number of indicators that a unit is assessed by; each dilutes every weight, and costs streets hours.",
        zh="考核指标数")
    budget: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="N3",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Strength of the streets' right to suggest budgets of departments with people stationed there.",
        zh="预算建议权强度")
    reward: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="N14",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Strength of rewards for units that answer and come.", zh="激励机制强度")


@dataclass(frozen=True)
class Ranking:
    """E1: monthly ranking of streets on response, resolution and satisfaction (接诉即办, from 2019)."""

    weight: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="E1",
        source="Beijing from 2019; strength is an assumption",
        meaning="Strength of the pressure that the monthly ranking puts on streets.", zh="街乡月度排名压力")
    on_the_best: float = parameter(0.3, unit="share", bounds=(0.0, 1.0), row="E1", plausible=(0.0, 0.6),
        meaning="Pressure on the street ranked first, as a share of that on the last.",
        zh="排名首位所受压力（占末位的比例）")
    work: float = parameter(0.005, unit="person-days", bounds=(0.0, 1.0), row="E1", plausible=(0.0, 0.02),
        meaning="Work of a street on showing a request well under full pressure: explaining, filing, pleading.",
        zh="满压力下每件诉求用于解释、留痕、申诉的工作量")


@dataclass(frozen=True)
class ClosedLoop:
    """R11: every result is followed up."""

    call_back: float = parameter(0.0, unit="share of closures", bounds=(0.0, 1.0), row="R11",
        source=f"{_ARTICLE}: every whistle is followed up",
        meaning="Share of declared closures that are called back.", zh="回访比例")
    call_back_days: float = parameter(3.0, unit="days", bounds=(0.0, 30.0), row="R11", plausible=(1.0, 10.0),
        meaning="Days between declared closure and call-back.", zh="回访时间")
    detection: float = parameter(0.7, unit="share", bounds=(0.0, 1.0), row="R11", plausible=(0.4, 0.95),
        meaning="Chance that a call-back recognises a cosmetic closure.", zh="识别虚假办结的概率")
    absence_cost: float = parameter(2.0, unit="stake", bounds=(0.0, 5.0), row="R11", plausible=(0.0, 3.0),
        meaning="What absence costs a unit when every closure is called back.", zh="缺席代价")
    call_back_work: float = parameter(0.008, unit="person-days", bounds=(0.0, 1.0), row="R11",
        source="assumption; people who follow up are the street's", plausible=(0.002, 0.02),
        meaning="Work of the street for a call-back.", zh="每次回访工作量")
    call_backs_per_day: int = parameter(NO_LIMIT, unit="cases/day", bounds=(1, NO_LIMIT), row="R11",
        plausible=(500, 1000000),
        meaning="Closures that the streets can call back on in a day, at full scale.", zh="每日回访能力")


@dataclass(frozen=True)
class Recording:
    """N15: the whole process recorded."""

    share: float = parameter(0.0, unit="share of cases", bounds=(0.0, 1.0), row="N15",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Share of the cases whose whole process is recorded.", zh="全过程纪实比例")
    work: float = parameter(0.015, unit="person-days", bounds=(0.0, 1.0), row="N15", plausible=(0.005, 0.1),
        meaning="Work of every party for recording a case.", zh="纪实工作量")


@dataclass(frozen=True)
class Durability:
    """N13: put into law, made to last. Without it instruments that began on a date fade after the campaign."""

    in_law: float = parameter(0.0, unit="share", bounds=(0.0, 1.0), row="N13", source=f"{_ARTICLE}: put into law",
        meaning="Share of an instrument's strength that the law holds.", zh="法治化程度")
    half_life_days: float = parameter(240.0, unit="days", bounds=(1.0, 100000.0), row="N13", plausible=(60.0, 720.0),
        meaning="Days in which what no law holds loses half its strength after the starting day.",
        zh="运动式治理半衰期")


@dataclass(frozen=True)
class Participation:
    """R12: party–mass co-governance, directors' meetings, hotline, media, deputies."""

    strength: float = parameter(0.2, unit="share of the way", bounds=(0.0, 1.0), row="R12",
        source=f"{_ARTICLE}; before the reform some, assumption", plausible=(0.1, 0.4),
        meaning="How far residents are given ways to take part.", zh="社会参与渠道")


def _open(name: str, zh: str) -> Any:
    return parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="R12",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning=f"How far {name} are open as a channel, beyond participation.strength.", zh=f"{zh}：渠道开放程度")


@dataclass(frozen=True)
class Channels:
    """R12: the six channels of social participation, one by one."""

    joint_meetings: float = _open("party joint meetings", "党建联席会议")
    cogovernance: float = _open("meetings of party-mass co-governance", "党政群共商共治")
    directors_meetings: float = _open("meetings of community directors", "社区主任例会")
    hotline: float = _open("the hotline's lines", "12345热线")
    media: float = _open("the media", "媒体")
    deputies: float = _open("deputies and committee members", "代表委员")


@dataclass(frozen=True)
class Party:
    """R13, N12: regional party-building; three circles, of which none may be missing."""

    value: float = parameter(0.3, unit="0-1", bounds=(0.0, 1.0), row="R13", source=f"{_ARTICLE}; assumption",
        plausible=(0.1, 0.5),
        meaning="Value: how much joining in is worth to member units.", zh="区域化党建：价值认同")
    capability: float = parameter(0.3, unit="0-1", bounds=(0.0, 1.0), row="R13",
        source=f"{_ARTICLE}; assumption", plausible=(0.1, 0.5),
        meaning="Capability: what regional party organisations can do.", zh="区域化党建：组织能力")
    support: float = parameter(0.3, unit="0-1", bounds=(0.0, 1.0), row="R13", source=f"{_ARTICLE}; assumption",
        plausible=(0.1, 0.5),
        meaning="Support: who stands behind it.", zh="区域化党建：支持力度")
    powers: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="N12",
        source=f"{_ARTICLE}: effective powers; strength is an assumption",
        meaning="Powers of regional party organisations to call on member units, which adds to capability.",
        zh="区域性党组织的有效权限")
    member_units: float = parameter(0.0, unit="share of cases", bounds=(0.0, 1.0), row="G1",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Share of the cases of streets and communities for which a member unit is asked to take over a part.",
        zh="商请成员单位分担的诉求比例")


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("R1", {"assessment.street_weight": 0.38}, "inaction_rate", DOWN,
        "weight of the streets' assessment of departments", "街乡对部门的考核权重",
        "Streets assess departments; the higher the weight, the more a department gains by working on streets' cases.",
        "街乡给部门打分；分量越重，部门越愿意来办。",
        regime_en="the streets' assessment weighs 38 %", regime_zh="街乡考核部门占 38%"),
    Instrument("R11", {"closed_loop.call_back": 0.9}, "cosmetic_share", DOWN,
        "closed loop", "闭环回访",
        "Every closure is called back on, and what does not hold is taken up again.",
        "每件办结均回访，未解决的重新办理。",
        regime_en="results are followed up"),
    Instrument("R12", {"participation.strength": 0.7}, "hidden_found_share", UP,
        "social participation", "社会参与",
        "Residents, deputies and media help to find problems and to settle them.",
        "居民、代表和媒体参与发现和解决问题。"),
    Instrument("R13", {"party.value": 0.7, "party.capability": 0.7, "party.support": 0.7}, "volunteer_share", UP,
        "regional party-building", "区域化党建",
        "Party organisations of a region make joining in worthwhile; value, capability and support are all needed.",
        "区域化党建让参与更容易；价值、能力、支持三者缺一不可。"),
    Instrument("N3", {"assessment.budget": 0.8}, "inaction_rate", DOWN,
        "budget suggestions", "预算建议权",
        "Streets have a say on the budget of units with stationed people.",
        "街乡可就派驻单位的预算提出建议。",
        beneath=("r06",), regime_en="streets suggest budgets",
        note="Acts on departments with people stationed in streets only, so it needs R6 beside it."),
    Instrument("N12", {"party.powers": 0.8}, "volunteer_share", UP,
        "powers of regional party organisations", "区域性党组织权限",
        "Regional party organisations may call on their member units.",
        "区域性党组织可以调动成员单位。",
        regime_en="powers for regional party organisations", regime_zh="区域性党组织的有效权限"),
    Instrument("N13", {"durability.in_law": 1}, "passes_per_case", DOWN,
        "a dated reform put into law", "法治化、长效化",
        "What is put into law lasts; what is not fades after the campaign.",
        "写入法规的长期有效，未写入的在运动之后逐渐减弱。",
        regime_en="the same reform put into law", beneath=("campaign",), dated=True),
    Instrument("N14", {"assessment.reward": 0.8}, "inaction_rate", DOWN,
        "rewards for those who answer", "激励机制",
        "Departments that answer are rewarded, beside sanctions for those that do not.",
        "除惩戒外，对积极应答的部门给予奖励。"),
    Instrument("N15", {"recording.share": 0.8}, "cosmetic_share", DOWN,
        "the whole process recorded", "全过程纪实",
        "The whole process is recorded: closing on paper is found more often, and recording takes hours.",
        "全过程留痕：更容易发现纸面办结，但要花时间记录。"),
    Instrument("G1", {"party.member_units": 0.8}, "member_unit_share", UP,
        "member units take over parts of the work", "成员单位分担事项",
        "Enterprises, social organisations and institutions of the region do a part of some kinds of work when asked "
        "and when it is worth it to them.",
        "辖区企业、社会组织、事业单位受商请且认为值得时，分担部分事项的工作。",
        by_construction=True, regime_en="member units are asked to take over parts of the work",
        regime_zh="商请成员单位分担事项",
        note="Member units weigh what joining in is worth: without R13's circles most of them decline."),
    Instrument("E1", {"ranking.weight": 0.8}, "reported_closure_rate", UP,
        "monthly ranking of streets", "接诉即办月度排名",
        "Streets are ranked every month on response, resolution and satisfaction: pressure opposite to that of R1.",
        "街乡每月按响应、解决、满意排名：与 R1 方向相反的压力。",
        note="The opposite direction of R1. Official rates of 2019-21 rose under it, so they are no evidence for the "
             "whistle alone."),
)
"""What of these rules is turned together, and what should then move; see `model.instruments`."""
