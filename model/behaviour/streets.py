"""Behaviour of citizens, streets and communities, and of those who join in."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from model.parameter import parameter

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


@dataclass(frozen=True)
class Citizens:
    """How citizens report, wait, give up and come back."""

    patience_days: float = parameter(90.0, unit="days", bounds=(1.0, 100_000.0), row="P7", plausible=(30.0, 365.0),
        meaning="Mean patience of a citizen whose case nobody has begun.", zh="平均耐心")
    found_after: float = parameter(45.0, unit="days", bounds=(0.1, 10_000.0), row="P7", plausible=(15.0, 180.0),
        meaning="Mean days until a hidden problem is found or has grown enough to be reported.", zh="隐患平均发现时间")
    standing_memory: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="", plausible=(0.2, 0.8),
        meaning="How far the last month moves a street's standing with its citizens (S10).", zh="街乡口碑更新速度")
    usual_standing: float = parameter(0.5, unit="share", bounds=(0.0, 0.95), row="",
        source="S10: near the world's own level before the reform; assumption", plausible=(0.05, 0.7),
        meaning="Share of cases closed in time to which the present volume of requests belongs; better draws more.",
        zh="现有诉求量所对应的按期办结率")
    worsening: float = parameter(0.5, unit="share of work", bounds=(0.0, 10.0), row="P7", plausible=(0.0, 2.0),
        meaning="Extra work of a problem that stayed hidden.", zh="隐患恶化增加的工作")
    complains_again: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="P9", plausible=(0.2, 0.8),
        meaning="Chance that a cosmetic closure comes back as a repeat.", zh="虚假办结再诉概率")
    repeat_days: float = parameter(15.0, unit="days", bounds=(0.1, 365.0), row="P9", plausible=(5.0, 40.0),
        meaning="Mean days until a closed case comes back.", zh="重复诉求平均间隔")
    found_gain: float = parameter(2.0, unit="times", bounds=(0.0, 20.0), row="R12", plausible=(0.0, 5.0),
        meaning="How much faster hidden problems are found with full participation.", zh="参与提高发现速度")
    inspection_gain: float = parameter(2.0, unit="times", bounds=(0.0, 20.0), row="N2", plausible=(0.0, 5.0),
        meaning="How much faster hidden problems are found where streets may inspect.", zh="检查提高发现速度")
    inspection_work: float = parameter(0.05, unit="person-days", bounds=(0.0, 2.0), row="N2",
        plausible=(0.02, 0.2),
        meaning="Work of a street for each problem found, where it inspects.", zh="每次发现的检查工作量")
    truer_whistles: float = parameter(0.5, unit="share of errors", bounds=(0.0, 1.0), row="R12",
        plausible=(0.0, 0.8),
        meaning="Share of the screening errors of whistles that full participation spares (吹准哨).",
        zh="参与减少受理差错的比例")
    volunteers: float = parameter(0.3, unit="share of work", bounds=(0.0, 1.0), row="R12", plausible=(0.0, 0.5),
        meaning="Part of the work of closing with residents that they do themselves at full participation.",
        zh="志愿者承担的工作比例")
    duplicates: float = parameter(0.08, unit="share", bounds=(0.0, 1.0), row="N9",
        source="repeat complaints 5-10 % of contacts; assumption", plausible=(0.0, 0.2),
        meaning="Cases reported again through another channel while open.", zh="重复上报比例")
    duplicate_work: float = parameter(0.04, unit="person-days", bounds=(0.0, 1.0), row="N9",
        plausible=(0.01, 0.1), meaning="Work of a street to recognise a duplicate.", zh="识别重复件的工作量")
    feedback: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="",
        source="S10: + 55 % (2020), + 43 % (2022); off by default",
        meaning="How strongly better response draws requests from the latent pool.", zh="响应改善引发新诉求的强度")
    member_hours: float = parameter(10.0, unit="person-days/year per 1,000 residents", bounds=(0.0, 1000.0), row="N7b",
        plausible=(1.0, 60.0), meaning="Hours that party members would give if fully called on and rested.",
        zh="党员可出力的工时（充分召集且未疲劳时）")
    member_reserve: float = parameter(2.0, unit="weeks", bounds=(0.1, 52.0), row="N7b", plausible=(1.0, 8.0),
        meaning="Weeks' worth of these hours that can be called up at once; hours that nobody calls on go by.",
        zh="一次可集中召集的工时（折合周数）")
    member_part: float = parameter(0.3, unit="share of work", bounds=(0.0, 1.0), row="N7b", plausible=(0.1, 0.6),
        meaning="Part of the work of a case without need of power that members can do.", zh="党员可承担的工作比例")
    member_memory: float = parameter(30.0, unit="days", bounds=(1.0, 1000.0), row="N7b", plausible=(7.0, 180.0),
        meaning="Days over which calls tire members, and rest restores them.", zh="疲劳与恢复的时间")
    member_tiring: float = parameter(0.6, unit="share of turnout", bounds=(0.0, 1.0), row="N7b",
        plausible=(0.2, 0.9),
        meaning="Share of the members' turnout lost when everything is called on all the time.",
        zh="持续召集造成的出勤下降")


@dataclass(frozen=True)
class Triage:
    """Rule 5: what a street takes, whistles, refers or shelves."""

    easy_days: float = parameter(2.0, unit="days", bounds=(0.0, 60.0), row="P7",
        source="Lipsky 1980; size is an assumption", plausible=(0.0, 7.0),
        meaning="Head start of an easy case in the street's queue.", zh="易办优先")
    easy_work: float = parameter(0.15, unit="person-days", bounds=(0.0, 10.0), row="P7", plausible=(0.05, 0.5),
        meaning="Work up to which a case is easy.", zh="易办工作量上限")
    light_work: float = parameter(0.3, unit="person-days", bounds=(0.0, 10.0), row="P5", plausible=(0.05, 0.5),
        meaning="Work up to which the street leaves an own case to its communities.", zh="社区可办工作量上限")
    readiness: float = parameter(-0.5, unit="log-odds", bounds=(-20.0, 20.0), row="R10",
        source="assumption (swept for S11)", plausible=(-3.0, 3.0),
        meaning="Readiness to whistle rather than write a letter.", zh="吹哨倾向")
    joint: float = parameter(2.5, unit="log-odds", bounds=(0.0, 20.0), row="R10", plausible=(0.0, 5.0),
        meaning="How much a joint case adds to that readiness.", zh="联办对吹哨的推动")
    returned: float = parameter(1.5, unit="log-odds per return", bounds=(0.0, 20.0), row="R10", plausible=(0.0, 4.0),
        meaning="How much each failed attempt adds to it.", zh="退回对吹哨的推动")
    urgency: float = parameter(1.0, unit="log-odds", bounds=(0.0, 20.0), row="R10", plausible=(0.0, 3.0),
        meaning="How much the case's severity adds to it.", zh="严重程度对吹哨的推动")
    team_backlog: float = parameter(2.0, unit="days of backlog", bounds=(0.0, 365.0), row="R6",
        plausible=(1.0, 10.0),
        meaning="Backlog of the platform team above which the street turns to headquarters.", zh="派驻队伍积压上限")
    shelving: float = parameter(-5.0, unit="log-odds", bounds=(-50.0, 10.0), row="P8", plausible=(-8.0, -3.0),
        meaning="Readiness to shelve a case that has come back.", zh="挂账倾向")
    shelving_load: float = parameter(3.0, unit="log-odds", bounds=(0.0, 20.0), row="P8", plausible=(0.0, 6.0),
        meaning="How much a full backlog adds to it.", zh="负荷对挂账的推动")
    shelving_returned: float = parameter(0.5, unit="log-odds per return", bounds=(0.0, 10.0), row="P8",
        plausible=(0.0, 1.0), meaning="How much each failed attempt adds to it.", zh="退回对挂账的推动")
    shelf_days: float = parameter(20.0, unit="days", bounds=(1.0, 365.0), row="P8", plausible=(7.0, 60.0),
        meaning="Days until a shelved case is looked at again.", zh="挂账时间")
    ranking: float = parameter(1.5, unit="log-odds", bounds=(0.0, 20.0), row="E1", plausible=(0.0, 3.0),
        meaning="How much full pressure of the ranking adds to whistling and takes from shelving.",
        zh="排名压力对吹哨与挂账的影响")
    own_hours: float = parameter(0.5, unit="log-odds", bounds=(0.0, 20.0), row="R10",
        source="assumption; a whistle has to be prepared", plausible=(0.0, 2.0),
        meaning="How much a full backlog of the street takes from it.", zh="自身负荷对吹哨的抑制")
    credibility: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="R10", plausible=(0.0, 5.0),
        meaning="How much lost credibility, its whistles being rejected, takes from it.", zh="公信力对吹哨的影响")
    credibility_memory: float = parameter(0.05, unit="share per whistle", bounds=(0.0, 1.0), row="R10",
        plausible=(0.01, 0.2),
        meaning="How far each screening moves a street's credibility.", zh="公信力更新速度")
    waiting: float = parameter(2.0, unit="log-odds per letter's time", bounds=(0.0, 50.0), row="R10",
        source="Naor 1969; size is an assumption", plausible=(0.0, 8.0),
        meaning="How much it takes from it that the platform is behind by the time that a letter may take.",
        zh="平台积压对吹哨的抑制")
    withdrawing: float = parameter(0.5, unit="withdrawals per letter's time", bounds=(0.0, 50.0), row="R10",
        plausible=(0.0, 2.0),
        meaning="How soon a street withdraws a whistle that waits at a platform that is behind, and writes a letter.",
        zh="平台积压时撤回哨单的快慢")
    wrong_section: float = parameter(0.15, unit="share", bounds=(0.0, 1.0), row="N4b", plausible=(0.05, 0.4),
        meaning="Own cases that first land in the wrong section of the street.", zh="内部误派比例")
    section_days: float = parameter(1.0, unit="days", bounds=(0.0, 15.0), row="N4b", plausible=(0.5, 3.0),
        meaning="Days until such a case reaches the right section.", zh="内部转办时间")
    section_work: float = parameter(0.03, unit="person-days", bounds=(0.0, 1.0), row="N4b", plausible=(0.0, 0.1),
        meaning="Work that the wrong section spends on it.", zh="内部误派耗费工作量")


@dataclass(frozen=True)
class Closing:
    """Rules 5, 8: how a case is closed, and what comes back."""

    cosmetic: float = parameter(-4.0, unit="log-odds", bounds=(-50.0, 10.0), row="P9", plausible=(-6.0, -2.0),
        meaning="Readiness to close on paper without being pressed or loaded.", zh="虚假办结基准倾向")
    cosmetic_load: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="P9", plausible=(0.0, 4.0),
        meaning="How much a full backlog adds to it.", zh="负荷对虚假办结的推动")
    cosmetic_pressure: float = parameter(1.6, unit="log-odds", bounds=(0.0, 20.0), row="P9",
        source="Tu & Gong 2022; size is an assumption", plausible=(0.0, 4.0),
        meaning="How much being pressed adds to it.", zh="督办对虚假办结的推动")
    cosmetic_checked: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="R11", plausible=(0.0, 4.0),
        meaning="How much certain detection takes from it.", zh="回访对虚假办结的抑制")
    cosmetic_work: float = parameter(0.2, unit="share of work", bounds=(0.0, 1.0), row="P9",
        plausible=(0.05, 0.4), meaning="Work that a cosmetic closure still takes.", zh="虚假办结所需工作")
    cogovernance: float = parameter(0.0, unit="log-odds", bounds=(-50.0, 10.0), row="P9", plausible=(-2.0, 2.0),
        meaning="Readiness of an idle street to close with residents.", zh="共治基准倾向")
    cogovernance_load: float = parameter(4.0, unit="log-odds", bounds=(0.0, 20.0), row="P9", plausible=(0.0, 6.0),
        meaning="How much a full backlog takes from it.", zh="负荷对共治的抑制")
    cogovernance_work: float = parameter(1.4, unit="times the work", bounds=(1.0, 5.0), row="P9",
        plausible=(1.1, 2.0),
        meaning="Work of closing with residents against closing by control.", zh="共治工作量倍数")
    reversal_specialist: float = parameter(0.02, unit="share", bounds=(0.0, 1.0), row="N1",
        plausible=(0.005, 0.05),
        meaning="Enforcement closures of specialists that are reversed.", zh="专业执法被撤销率")
    reversal_generalist: float = parameter(0.08, unit="share", bounds=(0.0, 1.0), row="N1",
        plausible=(0.03, 0.2),
        meaning="Enforcement closures of street generalists that are reversed.", zh="街乡执法被撤销率")
    cosmetic_ranking: float = parameter(2.5, unit="log-odds", bounds=(0.0, 20.0), row="E1",
        source="Tu & Gong 2022; size is an assumption, chosen with S14 in view", plausible=(0.0, 4.0),
        meaning="How much full pressure of the ranking adds to closing on paper.", zh="排名压力对虚假办结的推动")
    recorded_detection: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="N15", plausible=(0.1, 0.8),
        meaning="Chance that the record of a case gives its cosmetic closure away.", zh="纪实识别虚假办结的概率")
    cogovernance_involved: float = parameter(1.5, unit="log-odds", bounds=(0.0, 20.0), row="R12",
        plausible=(0.0, 3.0),
        meaning="How much full participation adds to closing with residents.", zh="参与对共治的推动")


def _heard(
    default: float, assumed: tuple[float, float], names: tuple[str, str], words: tuple[str, str], **known: Any
) -> Any:
    return parameter(default, row="R12", plausible=assumed, meaning=words[0].format(names[1]),
        zh=f"{names[0]}：{words[1]}", **known)


_volume = partial(_heard, unit="times", bounds=(0.0, 20.0),
    words=("How much sooner hidden problems are found where {} are fully open.", "提高发现速度"))
_delay = partial(_heard, unit="days", bounds=(0.0, 365.0),
    words=("Days until what {} have found lies on the street's desk.", "从发现到登记的时间"))
_accuracy = partial(_heard, unit="share of errors", bounds=(-1.0, 1.0),
    words=("Share of screening errors that whistles on what {} have found are spared; below 0: more.",
           "减少受理差错的比例（负值为增加）"))
_MEETINGS = "党建联席会议", "party joint meetings"
_COGOVERNANCE = "党政群共商共治", "meetings of party-mass co-governance"
_DIRECTORS = "社区主任例会", "meetings of community directors"
_HOTLINE = "12345热线", "the hotline's lines"
_MEDIA = "媒体", "the media"
_DEPUTIES = "代表委员", "deputies and committee members"


@dataclass(frozen=True)
class Hearing:
    """R12: what each channel brings: how much, how late, how true."""

    joint_meetings_volume: float = _volume(0.2, (0.0, 1.0), _MEETINGS)
    joint_meetings_delay: float = _delay(15.0, (5.0, 45.0), _MEETINGS)
    joint_meetings_accuracy: float = _accuracy(0.4, (0.0, 0.8), _MEETINGS)
    cogovernance_volume: float = _volume(0.3, (0.0, 1.5), _COGOVERNANCE)
    cogovernance_delay: float = _delay(10.0, (3.0, 30.0), _COGOVERNANCE)
    cogovernance_accuracy: float = _accuracy(0.3, (0.0, 0.7), _COGOVERNANCE)
    directors_meetings_volume: float = _volume(0.6, (0.0, 2.0), _DIRECTORS)
    directors_meetings_delay: float = _delay(5.0, (1.0, 15.0), _DIRECTORS)
    directors_meetings_accuracy: float = _accuracy(0.4, (0.0, 0.8), _DIRECTORS)
    hotline_volume: float = _volume(1.5, (0.0, 5.0), _HOTLINE)
    hotline_delay: float = _delay(0.5, (0.0, 3.0), _HOTLINE)
    hotline_accuracy: float = _accuracy(-0.2, (-0.6, 0.2), _HOTLINE)
    media_volume: float = _volume(0.3, (0.0, 1.5), _MEDIA)
    media_delay: float = _delay(1.0, (0.0, 5.0), _MEDIA)
    media_accuracy: float = _accuracy(-0.3, (-0.8, 0.1), _MEDIA)
    deputies_volume: float = _volume(0.2, (0.0, 1.0), _DEPUTIES)
    deputies_delay: float = _delay(20.0, (5.0, 60.0), _DEPUTIES)
    deputies_accuracy: float = _accuracy(0.3, (0.0, 0.7), _DEPUTIES)


@dataclass(frozen=True)
class MemberUnits:
    """G1: enterprises, social organisations and institutions that are asked to take over a part, and weigh it."""

    intercept: float = parameter(-1.5, unit="log-odds", bounds=(-10.0, 10.0), row="G1", plausible=(-3.0, 0.0),
        meaning="Readiness of a member unit to which joining in is worth nothing.", zh="成员单位分担的基准倾向")
    worth: float = parameter(4.0, unit="log-odds", bounds=(0.0, 20.0), row="G1", plausible=(1.0, 8.0),
        meaning="How much full value and support of the party network (R13) add to it.", zh="价值与支持对分担的推动")
    powers: float = parameter(1.0, unit="log-odds", bounds=(0.0, 20.0), row="G1", plausible=(0.0, 3.0),
        meaning="How much harder full powers of the regional party organisation (N12) make a refusal.",
        zh="区域性党组织权限对分担的推动")
    load: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="G1", plausible=(0.0, 4.0),
        meaning="Reluctance of units that are asked without end; half of it at their capacity.", zh="频繁商请的阻力")
    capacity: float = parameter(60.0, unit="cases/month", bounds=(0.1, 1_000_000.0), row="G1",
        plausible=(10.0, 500.0),
        meaning="Cases a month that the member units of a street take over at which that reluctance has half its "
        "largest size, at full scale.", zh="成员单位每月分担量的参照")
    memory: float = parameter(60.0, unit="days", bounds=(1.0, 1000.0), row="G1", plausible=(14.0, 180.0),
        meaning="Days over which they remember what they have taken over.", zh="成员单位的记忆时间")
    asking_work: float = parameter(0.01, unit="person-days", bounds=(0.0, 1.0), row="G1",
        plausible=(0.002, 0.05),
        meaning="Work of the street on asking a member unit, whatever it answers.", zh="每次商请的工作量")
