"""How the district looks, how units lend people, and how they entrust powers."""

from dataclasses import dataclass

from model.parameter import parameter

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


@dataclass(frozen=True)
class Steering:
    """Rule 12: what the district looks at and which requests it supports, where its attention is limited."""

    on_complaints: float = parameter(0.3, unit="share of weight", bounds=(0.0, 1.0), row="T1", plausible=(0.0, 1.0),
        meaning="Weight of complaints when the district chooses at a month's end at which streets it looks.",
        zh="关注诉求量的权重")
    on_overdue: float = parameter(0.4, unit="share of weight", bounds=(0.0, 1.0), row="T1", plausible=(0.0, 1.0),
        meaning="Weight of overdue cases in that choice; what is left is the weight of poor closure.",
        zh="关注逾期件的权重")
    focus: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="T1", plausible=(0.0, 1.0),
        meaning="How far pressing turns to the streets it looks at and away from the others.", zh="督办集中程度")
    focus_share: float = parameter(0.2, unit="share of streets", bounds=(0.0, 1.0), row="T1",
        source="assumption; generalists' reversals and repeats alone come to 0.2", plausible=(0.1, 0.6),
        meaning="Share of the streets at which the district looks in a month.", zh="每月重点关注街乡的比例")
    support: float = parameter(0.0, unit="log-odds", bounds=(-10.0, 10.0), row="T1", plausible=(-2.0, 2.0),
        meaning="Readiness to support a request of a unit without a backlog.", zh="支持请求的基准倾向")
    support_load: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="T1", plausible=(0.0, 4.0),
        meaning="How much a full backlog of whoever asks adds to it.", zh="请求方负荷的推动")
    support_focus: float = parameter(1.0, unit="log-odds", bounds=(0.0, 20.0), row="T1", plausible=(0.0, 3.0),
        meaning="How much it adds that the district looks at the street concerned.", zh="重点关注的推动")
    amending: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="T1", plausible=(0.0, 1.0),
        meaning="Share of what it does not support as asked that it grants for half the term.",
        zh="折中（期限减半）的比例")
    quota_gap: float = parameter(5.0, unit="days", bounds=(0.0, 365.0), row="T1", plausible=(1.0, 30.0),
        meaning="Gap between the longest and shortest queue of streets at which it moves posts before their period.",
        zh="提前调整编制的积压差距")


@dataclass(frozen=True)
class Lending:
    """Rule 12: when units ask for people, and whom they lend."""

    look_days: int = parameter(7, unit="days", bounds=(1, 365), row="T2a", plausible=(1, 30),
        meaning="Days between two looks of a unit at what it needs and at what it has lent.", zh="研究用人的间隔")
    queue_days: float = parameter(1.0, unit="days of backlog", bounds=(0.0, 365.0), row="T2a",
        plausible=(0.5, 10.0),
        meaning="Backlog of a street above which it asks for a person.", zh="街乡请求借人的积压门槛")
    programme_days: float = parameter(10.0, unit="days of backlog", bounds=(0.0, 365.0), row="T2b",
        plausible=(2.0, 30.0),
        meaning="Programme work left, in days of all its people, above which a department borrows.",
        zh="部门抽调的任务积压门槛")
    readiness: float = parameter(-1.0, unit="log-odds", bounds=(-20.0, 20.0), row="T2a", plausible=(-3.0, 1.0),
        meaning="Readiness of an idle unit to lend a person.", zh="借出人员的基准倾向")
    assessor: float = parameter(4.0, unit="log-odds", bounds=(0.0, 20.0), row="T2b",
        source="Zhou 2014; size is an assumption", plausible=(0.0, 8.0),
        meaning="How much harder it is to refuse who holds the whole of a street's assessment.",
        zh="考核权对借人的压力")
    load: float = parameter(3.0, unit="log-odds", bounds=(0.0, 20.0), row="T2a", plausible=(0.0, 6.0),
        meaning="Reluctance of a unit with an endless backlog to lend a person, or to take a power.",
        zh="自身负荷的阻力")
    word: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="T1", plausible=(0.0, 4.0),
        meaning="Pull of the district's support on whoever answers a request.", zh="区级意见的拉力")
    favours: float = parameter(0.5, unit="log-odds per person", bounds=(0.0, 20.0), row="T2a",
        source="Gouldner 1960; size is an assumption; 0 is off", plausible=(0.0, 2.0),
        meaning="How much each favour owed sways whoever answers.", zh="人情往来的作用")
    favour_days: float = parameter(180.0, unit="days", bounds=(1.0, 100_000.0), row="T2a", plausible=(30.0, 720.0),
        meaning="Days in which a favour that is owed is half forgotten.", zh="人情淡忘的半衰期")
    recall: float = parameter(-5.0, unit="log-odds", bounds=(-50.0, 20.0), row="T2a", plausible=(-7.0, -3.0),
        meaning="Readiness of an idle home to call a person back before the term, at each look.",
        zh="提前召回的基准倾向")
    recall_load: float = parameter(4.0, unit="log-odds", bounds=(0.0, 20.0), row="T2a", plausible=(0.0, 6.0),
        meaning="How much a full backlog adds to it.", zh="自身负荷对召回的推动")


@dataclass(frozen=True)
class Entrusting:
    """Rule 12: when powers are offered, taken and called back."""

    readiness: float = parameter(-3.0, unit="log-odds", bounds=(-50.0, 20.0), row="T3", plausible=(-5.0, -1.0),
        meaning="Readiness of an idle department to offer a power, at each look.", zh="委托的基准倾向")
    load: float = parameter(4.0, unit="log-odds", bounds=(0.0, 20.0), row="T3", plausible=(0.0, 6.0),
        meaning="How much a full backlog adds to it.", zh="负荷对委托的推动")
    unreliable: float = parameter(10.0, unit="log-odds", bounds=(0.0, 100.0), row="T3", plausible=(0.0, 20.0),
        meaning="How much results that never hold would take from it.", zh="处置反复对委托的抑制")
    taking: float = parameter(0.0, unit="log-odds", bounds=(-20.0, 20.0), row="T3", plausible=(-2.0, 2.0),
        meaning="Readiness of an idle street to take a power.", zh="承接委托的基准倾向")
    relief: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="T3", plausible=(0.0, 4.0),
        meaning="How much a full backlog of the department, on which its cases wait, adds to it.", zh="部门积压的推动")
    helped: float = parameter(1.0, unit="log-odds", bounds=(0.0, 20.0), row="T3", plausible=(0.0, 3.0),
        meaning="How much it adds that people come along.", zh="人员随同的推动")
    blame: float = parameter(1.0, unit="log-odds", bounds=(0.0, 20.0), row="T3", plausible=(0.0, 3.0),
        meaning="Reluctance to take a power with which the whole responsibility comes.", zh="担责对承接的阻力")
    tolerated: float = parameter(0.3, unit="share of closures", bounds=(0.001, 1.0), row="T3",
        source="assumption; generalists' reversals and repeats alone come to 0.2", plausible=(0.1, 0.6),
        meaning="Share of closures under a power that may fail (reversed, reopened, back as a complaint) before it is "
                "called back.", zh="可容忍的处置反复率")
    patience: float = parameter(10.0, unit="closures", bounds=(1.0, 1000.0), row="T3", plausible=(3.0, 50.0),
        meaning="Closures before which the share that fails is not judged at its full size.", zh="评判前的办结件数")
    ground: float = parameter(-5.0, unit="log-odds", bounds=(-50.0, 20.0), row="T3",
        source="Downs 1967; size is an assumption", plausible=(-8.0, -3.0),
        meaning="Readiness of an idle department to want its ground back, at each look.", zh="收回权限的基准倾向")
    ground_load: float = parameter(3.0, unit="log-odds", bounds=(0.0, 20.0), row="T3", plausible=(0.0, 6.0),
        meaning="How much a full backlog takes from it.", zh="负荷对收回的抑制")
    fear: float = parameter(0.5, unit="share of full oversight", bounds=(0.0, 1.0), row="T3", plausible=(0.0, 1.0),
        meaning="Oversight that a power about to be called back gives: the threat disciplines.",
        zh="收回压力带来的监督")
    caution: float = parameter(0.3, unit="share of cases", bounds=(0.0, 1.0), row="T3", plausible=(0.0, 1.0),
        meaning="Cases that a street about to lose the power sends on rather than use it: the threat paralyses.",
        zh="收回压力下不敢用权的比例")
