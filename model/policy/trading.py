"""Who may trade what: the district's attention (T1), people on loan (T2), entrusted powers (T3)."""

from dataclasses import dataclass

from model.claims import DOWN, UP, Instrument
from model.parameter import parameter

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


@dataclass(frozen=True)
class Office:
    """T1: the district's own office (督查室、街道工作办) and the hours that its decisions cost."""

    attention: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="T1",
        source="Jones & Baumgartner 2005: limited attention; strength is an assumption", tried=(0.0, 1.0),
        meaning="How far the hours of the district's office limit its decisions; 0 is without limit.",
        zh="区级统筹精力受限程度")
    people: int = parameter(6, unit="persons", bounds=(0, 10_000), row="T1", source="not public; assumption",
        plausible=(2, 40),
        meaning="People of the district's office, at full scale.", zh="区级督查、街道工作机构人数")
    press_work: float = parameter(0.03, unit="person-days", bounds=(0.0, 5.0), row="T1", plausible=(0.01, 0.2),
        meaning="Work of the office for pressing an overdue case.", zh="每次督办的工作量")
    decision_work: float = parameter(0.1, unit="person-days", bounds=(0.0, 5.0), row="T1", plausible=(0.02, 1.0),
        meaning="Work of the office for another decision: naming an owner, hearing a request, moving a post, whistling "
                "to the city (without its hours a letter goes).", zh="每次裁定、研究请求、调编、向市级吹哨的工作量")


@dataclass(frozen=True)
class Trade:
    """T2, T3: which requests for people and for powers may be made, for how long, and what goes with them."""

    secondment: float = parameter(0.0, unit="share of needs", bounds=(0.0, 1.0), row="T2a",
        source="strength is an assumption", tried=(0.0, 1.0),
        meaning="Share of the streets' needs for which they may ask a department for a person.",
        zh="借调下沉的适用程度")
    borrowing: float = parameter(0.0, unit="share of needs", bounds=(0.0, 1.0), row="T2b",
        source="strength is an assumption", tried=(0.0, 1.0),
        meaning="Share of the needs of departments and district for which they may borrow a street's person.",
        zh="上级抽调借用的适用程度")
    mutual_aid: float = parameter(0.0, unit="share of needs", bounds=(0.0, 1.0), row="T2c",
        source="strength is an assumption", tried=(0.0, 1.0),
        meaning="Share of the streets' needs for which the district may send another street's person.",
        zh="街乡互助的适用程度")
    entrusting: float = parameter(0.0, unit="share of looks", bounds=(0.0, 1.0), row="T3",
        source="strength is an assumption", tried=(0.0, 1.0),
        meaning="Share of the occasions on which a department may offer a street the power for a kind of case.",
        zh="委托执法的适用程度")
    term_days: int = parameter(90, unit="days", bounds=(1, 3650), row="T2a", tried=(30, 365),
        meaning="Days for which a person is lent.", zh="借用期限")
    power_term_days: int = parameter(365, unit="days", bounds=(1, 3650), row="T3", tried=(90, 1095),
        meaning="Days for which a power is entrusted.", zh="委托期限")
    answer_days: int = parameter(5, unit="days", bounds=(0, 365), row="T2a", tried=(1, 30),
        meaning="Days from a request to its answer, where the district has heard it.", zh="请求答复时间")
    lifetime_days: int = parameter(30, unit="days", bounds=(1, 365), row="T2a", tried=(7, 90),
        meaning="Days after which a request that nobody has answered lapses.", zh="请求有效期")
    most_away: float = parameter(0.15, unit="share of people", bounds=(0.0, 0.9), row="T2a",
        plausible=(0.05, 0.4),
        meaning="Share of a unit's people that may be away at once; one person always may.", zh="外借人员上限")
    salary_follows: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="T2a", tried=(0.0, 1.0),
        meaning="How far salary and posts go with a person on loan: home cannot call back whom it does not pay.",
        zh="工资、编制关系随人转移的程度")
    staff_follows: float = parameter(0.0, unit="share of powers", bounds=(0.0, 1.0), row="T3", tried=(0.0, 1.0),
        meaning="Share of the entrusted powers with which a person of the department comes along.",
        zh="委托时派人随同的比例")
    responsibility_follows: float = parameter(0.0, unit="share", bounds=(0.0, 1.0), row="T3",
        source="assumption: whether duty follows power is what T3 asks", tried=(0.0, 1.0),
        meaning="How far responsibility goes with an entrusted power.", zh="责随权转的程度（权责一致）")


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("T1", {"office.attention": 1.0}, "pressed_cases", DOWN,
        "the district's attention is limited", "区级统筹精力有限",
        "Each decision of the district costs hours of its office; with more asked than it can hear, things wait.",
        "区级每项决定都要花工时，要办的事超过可用工时，就得等待。",
        beneath=("r03",), regime_en="the hours of the district's office are limited",
        note="Acts on what the district decides, so it needs R3 beside it."),
    Instrument("T2a", {"trade.secondment": 1.0}, "seconded_days_down", UP,
        "secondment down", "借调下沉",
        "A street whose queue is long asks a department for a person, who comes for a term.",
        "积压多的街乡向部门借人，部门权衡后派人，期满返回。",
        by_construction=True, regime_en="streets may ask departments for people", file="t02_down"),
    Instrument("T2b", {"trade.borrowing": 1.0}, "borrowed_days_up", UP,
        "borrowing up", "上级抽调借用",
        "A department behind with its programmes borrows a street's person; a street cannot well refuse an assessor.",
        "部门完不成条线任务便抽调街乡人员，街乡难以拒绝考核自己的上级。",
        by_construction=True, regime_en="departments and district may borrow streets' people", file="t02_up"),
    Instrument("T2c", {"trade.mutual_aid": 1.0}, "street_aid_days", UP,
        "mutual aid between streets", "街乡互助",
        "The district sends a person from the street with the shortest queue to one with a long queue.",
        "由区里协调，从积压最少的街乡派人支援积压多的街乡。",
        by_construction=True, regime_en="the district sends people from street to street", file="t02_between"),
    Instrument("T3", {"trade.entrusting": 1.0}, "entrusted_share", UP,
        "powers entrusted and called back", "委托执法与收回",
        "A loaded department entrusts a reliable street with the power for a kind of case, and calls it back when "
        "results do not hold.",
        "负荷重的部门把某类诉求的执法权委托给可靠的街乡，处置反复时收回。",
        by_construction=True, regime_en="departments may entrust powers to streets"),
)  # fmt: skip
"""What of these rules is turned together, and what should then move; see `model.instruments`."""
