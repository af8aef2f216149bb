"""How units come together: letters, the whistle, coordination, levels above and below."""

from dataclasses import dataclass

from model.claims import DOWN, UP, Instrument
from model.parameter import parameter
from model.terms import NO_LIMIT

_ARTICLE = "Wang 2018"

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


@dataclass(frozen=True)
class Letters:
    """The procedure without a whistle: letters to one department after another."""

    transit_days: float = parameter(1.0, unit="days", bounds=(0.0, 30.0), row="P4", plausible=(1.0, 5.0),
        meaning="Days until a letter reaches the addressee.", zh="发函在途时间")
    answer_within: float = parameter(6.0, unit="days", bounds=(0.0, 60.0), row="P4", plausible=(5.0, 20.0),
        meaning="Days after which an unanswered letter counts as lost.", zh="函件答复期限")
    most_passes: int = parameter(8, unit="passes", bounds=(1, 50), row="P6", plausible=(4, 15),
        meaning="Passes of one slot after which it goes back to the street.", zh="退转满几次后退回街乡")
    weekend_answers: float = parameter(1.0, unit="share of answers", bounds=(0.0, 1.0), row="P4",
        plausible=(0.0, 1.0),
        meaning="Of the answers to letters that fall on a weekend, those given there; the others come on Monday.",
        zh="周末答复函件的比例")
    emergency_first: float = parameter(0.0, unit="share of emergencies", bounds=(0.0, 1.0), row="R10",
        source="grade of the instrument",
        meaning="Share of the emergencies told by telephone and worked first, without whistle or letter.",
        zh="紧急事项电话直办的比例")


@dataclass(frozen=True)
class Whistle:
    """R10: the seven-step procedure; each step has capacity, delay and error."""

    in_force: bool = parameter(False, unit="switch", row="R10", source=f"{_ARTICLE}: seven-step method",
        meaning="Streets may blow the whistle.", zh="街乡吹哨制度")
    reach: float = parameter(1.0, unit="share of cases", bounds=(0.0, 1.0), row="R10", source="grade of the instrument",
        meaning="Share of the cases beyond a street that may go by whistle at all.", zh="吹哨适用范围")
    pilot_share: float = parameter(1.0, unit="share of streets", bounds=(0.0, 1.0), row="N10",
        source=f"{_ARTICLE}: from pilot streets to all",
        meaning="Share of the streets that hold the right to whistle; the same ones first at every share.",
        zh="有吹哨权的街乡比例")
    analysis_days: float = parameter(0.5, unit="days", bounds=(0.0, 15.0), row="R10", plausible=(0.0, 3.0),
        meaning="Days of analysis in the street before the whistle.", zh="分析研判时间")
    analysis_work: float = parameter(0.005, unit="person-days", bounds=(0.0, 1.0), row="R10",
        plausible=(0.002, 0.02),
        meaning="Work of the street for preparing a whistle.", zh="每次吹哨的研判工作量")
    acceptance_days: float = parameter(0.25, unit="days", bounds=(0.0, 15.0), row="R10", plausible=(0.0, 2.0),
        meaning="Days the platform needs to accept and hand out.", zh="平台受理时间")
    acceptances_per_day: int = parameter(1200, unit="whistles/day", bounds=(0, 1_000_000), row="R10",
        plausible=(300, 3000),
        meaning="Whistles that the platform can screen in a day, at full scale.", zh="平台每日受理能力")
    misaddressed: float = parameter(0.5, unit="share of screening errors", bounds=(0.0, 1.0), row="R10",
        plausible=(0.2, 0.8),
        meaning="Share of screening errors after which the case goes to whoever looks responsible, or astray "
        "(`routing.astray`); the rest are rejections.",
        zh="受理差错中派错单的比例")
    accuracy: float = parameter(0.85, unit="share", bounds=(0.0, 1.0), row="R10", plausible=(0.7, 0.98),
        meaning="Share of whistles that the platform screens and addresses rightly.", zh="平台受理准确率")
    answer_within: float = parameter(2.0, unit="days", bounds=(0.0, 30.0), row="R10", plausible=(1.0, 7.0),
        meaning="Days within which a department must answer a whistle.", zh="应哨时限")
    sources_per_day: int = parameter(NO_LIMIT, unit="whistles/day", bounds=(1, NO_LIMIT), row="R10",
        plausible=(300, 1000000),
        meaning="Whistles whose facts the streets can gather in a day, at full scale.", zh="每日哨源核实能力")
    source_days: float = parameter(0.0, unit="days", bounds=(0.0, 15.0), row="R10", plausible=(0.0, 2.0),
        meaning="Days of gathering the facts before the analysis.", zh="哨源核实时间")
    asked_again: float = parameter(0.0, unit="share of whistles", bounds=(0.0, 1.0), row="R10",
        plausible=(0.0, 0.3),
        meaning="Share of the whistles whose facts have to be gathered twice.", zh="哨源需补充核实的比例")
    analyses_per_day: int = parameter(NO_LIMIT, unit="whistles/day", bounds=(1, NO_LIMIT), row="R10",
        plausible=(300, 1000000),
        meaning="Whistles that the streets can analyse in a day, at full scale.", zh="每日研判能力")
    unready: float = parameter(0.0, unit="share of whistles", bounds=(0.0, 1.0), row="R10", plausible=(0.0, 0.3),
        meaning="Share of the whistles that are not ready and that the platform returns.", zh="研判不成熟被退回的比例")
    sendings_per_day: int = parameter(NO_LIMIT, unit="whistles/day", bounds=(1, NO_LIMIT), row="R10",
        plausible=(300, 1000000),
        meaning="Whistles that the streets can send in a day, at full scale.", zh="每日发哨能力")
    sending_days: float = parameter(0.0, unit="days", bounds=(0.0, 15.0), row="R10", plausible=(0.0, 2.0),
        meaning="Days until a whistle sent reaches the platform.", zh="发哨在途时间")
    lost: float = parameter(0.0, unit="share of whistles", bounds=(0.0, 1.0), row="R10", plausible=(0.0, 0.1),
        meaning="Share of the whistles lost on the way; noticed after a letter's time, they are sent again.",
        zh="哨单途中遗失的比例")
    meetings_per_day: int = parameter(NO_LIMIT, unit="whistles/day", bounds=(1, NO_LIMIT), row="R10",
        plausible=(300, 1000000),
        meaning="Whistles whose parties the streets can call together in a day, at full scale.", zh="每日召集报到能力")
    reporting_days: float = parameter(0.0, unit="days", bounds=(0.0, 15.0), row="R10", plausible=(0.0, 3.0),
        meaning="Days between the last party's yes and the day of reporting.", zh="接单到报到的时间")
    wrong_place: float = parameter(0.0, unit="share of attendances", bounds=(0.0, 0.95), row="R10",
        plausible=(0.0, 0.2),
        meaning="Share of the attendances called to the wrong place, and called again.", zh="报到通知有误的比例")
    meeting_work: float = parameter(0.03, unit="person-days", bounds=(0.0, 2.0), row="R10", plausible=(0.0, 0.25),
        meaning="Attendance that each whistle costs every party beside the work itself.", zh="每次报到的到场成本")


@dataclass(frozen=True)
class Committee:
    """N11: the party committee of the street decides, its government whistles, departments answer."""

    decides: float = parameter(0.0, unit="share of whistles", bounds=(0.0, 1.0), row="N11",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Share of the whistles on which the committee decides first.", zh="街乡党委决定的比例")
    days: float = parameter(1.0, unit="days", bounds=(0.0, 30.0), row="N11", plausible=(0.5, 7.0),
        meaning="Days until the committee has decided.", zh="决定所需时间")
    work: float = parameter(0.02, unit="person-days", bounds=(0.0, 2.0), row="N11", plausible=(0.005, 0.2),
        meaning="Work of the street for a decision.", zh="决定工作量")
    readiness: float = parameter(0.5, unit="log-odds", bounds=(-10.0, 10.0), row="N11", plausible=(-1.0, 2.0),
        meaning="Readiness to approve the whistle of a single, harmless case.", zh="同意吹哨的基准倾向")
    truer: float = parameter(0.5, unit="share of errors", bounds=(0.0, 1.0), row="N11", plausible=(0.0, 0.8),
        meaning="Share of the screening errors that a decided whistle is spared.", zh="决定减少受理差错的比例")


@dataclass(frozen=True)
class Coordination:
    """R3: the right to coordinate and supervise, in four separate channels."""

    convene: float = parameter(0.0, unit="share of joint cases", bounds=(0.0, 1.0), row="R3",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Share of joint cases whose parties are asked all at once instead of one after the other.",
        zh="多部门事项统一召集的比例")
    press: float = parameter(0.0, unit="share of overdue cases", bounds=(0.0, 1.0), row="R3",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Share of overdue cases of the streets that supervision may press.", zh="逾期诉求督办的比例")
    presses_per_day: int = parameter(60, unit="cases/day", bounds=(0, 100_000), row="R3", plausible=(10, 200),
        meaning="Cases that supervision can press in a day, at full scale.", zh="每日督办能力")
    press_again_days: float = parameter(7.0, unit="days", bounds=(0.0, 365.0), row="R3",
        source="weekly, by convention; assumption", plausible=(3.0, 30.0),
        meaning="Days until supervision looks at an overdue case again.", zh="再次督办间隔")
    wrong_desk: float = parameter(0.0, unit="share of presses", bounds=(0.0, 1.0), row="R3",
        plausible=(0.0, 0.3),
        meaning="Share of the presses that reach the wrong desk: capacity used, nothing pressed.",
        zh="督办送错单位的比例")
    restore: float = parameter(0.0, unit="share of lost effort", bounds=(0.0, 1.0), row="R3",
        source="Holmström 1982; strength is an assumption",
        meaning="Share of the effort lost in teams that a convenor restores.", zh="统筹恢复的协作投入")
    raise_stake: float = parameter(0.0, unit="stake", bounds=(0.0, 3.0), row="R3",
        source=f"{_ARTICLE}; strength is an assumption", tried=(0.0, 1.5),
        meaning="How much more is at stake for a unit when a street that may supervise asks it.",
        zh="有督办权的街乡提出要求时，单位更看重应答的程度")
    owner_after_passes: int = parameter(0, unit="passes (0 = never)", bounds=(0, 50), row="R3",
        tried=(6, 10),
        meaning="After so many passes the district names the owner.", zh="退转满几次，由区里指定主办单位")
    interfaces: float = parameter(0.0, unit="share of the way", bounds=(0.0, 1.0), row="N5",
        source=f"{_ARTICLE}: one-to-many and many-to-one interfaces",
        meaning="How far joint work goes through one interface instead of between every pair of units.",
        zh="一对多、多对一接口程度")


@dataclass(frozen=True)
class Levels:
    """N6, N7: the same procedure one level up and one level down."""

    up: float = parameter(0.0, unit="share of cases", bounds=(0.0, 1.0), row="N6",
        source=f"{_ARTICLE}: district whistles, city departments report",
        meaning="Share of the cases needing the city in which the district whistles instead of writing.",
        zh="区级吹哨的比例")
    down: float = parameter(0.0, unit="share of cases", bounds=(0.0, 1.0), row="N7a",
        source=f"{_ARTICLE}: communities whistle, sections report",
        meaning="Share of the communities' cases needing the street in which they whistle instead of writing.",
        zh="社区吹哨的比例")
    branches: float = parameter(0.0, unit="strength", bounds=(0.0, 1.0), row="N7b",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="How far party branches call on members to help where a street or its communities are behind.",
        zh="支部吹哨的力度")


@dataclass(frozen=True)
class Grids:
    """N9: grids and data integrated."""

    integration: float = parameter(0.0, unit="share of the way", bounds=(0.0, 1.0), row="N9",
        source=f"{_ARTICLE}: many grids into one",
        meaning="How far grids and data are one: fewer duplicates, less misrouting.", zh="多网融合程度")


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("R3",
        {"coordination.convene": 0.8, "coordination.press": 0.8, "coordination.restore": 0.8,
         "coordination.raise_stake": 0.5, "coordination.owner_after_passes": 6},
        "circulating_days", DOWN,
        "right to coordinate and supervise", "统筹协调和督办权",
        "Streets may call the parties together, have overdue cases pressed, and get an owner named after many passes.",
        "街乡可召集各方、督办逾期诉求；多次退转后由区里指定主办单位。",
        regime_en="streets coordinate and supervise", regime_zh="街乡统筹协调与督办权"),
    Instrument("R10", {"whistle.in_force": True, "whistle.reach": 1.0}, "circulating_days", DOWN,
        "seven-step whistle", "吹哨报到",
        "Streets whistle and departments report, in seven steps, each with its time, capacity and errors.",
        "街乡吹哨、部门报到，按七步工作法办理，每一步都有时限、容量和差错。",
        regime_en="streets whistle, departments report", regime_zh="街乡吹哨、部门报到"),
    Instrument("N5", {"coordination.interfaces": 0.8}, "coordination_share", DOWN,
        "one interface for joint work", "一对多、多对一接口",
        "Joint work goes through one interface instead of between every pair of units.",
        "联合事项通过统一接口，而不是两两对接。"),
    Instrument("N6", {"levels.up": 0.8}, "waiting_above_days", DOWN,
        "district whistles, city reports", "区级吹哨、市级部门报到",
        "For cases that need the city the district whistles and city departments report.",
        "需要市级的事项由区级吹哨、市级部门报到。",
        regime_en="district whistles, city departments report"),
    Instrument("N7a", {"levels.down": 0.8}, "waiting_above_days", DOWN,
        "communities whistle, sections report", "社区吹哨、科室报到",
        "Communities whistle and sections of the street report.",
        "社区吹哨、街乡科室报到。"),
    Instrument("N7b", {"levels.branches": 0.8}, "volunteer_share", UP,
        "branches whistle, members report", "支部吹哨、党员报到",
        "Where streets and communities are behind, party branches call on members, whose hours are bounded and who "
        "tire.",
        "街乡、社区忙不过来时，党支部召集党员报到出力；党员时间有限，召集过多会疲劳。",
        by_construction=True),
    Instrument("N7", {"levels.down": 0.8, "levels.branches": 0.8}, "waiting_above_days", DOWN,
        "communities and branches whistle, sections and members report", "社区和支部吹哨、科室和党员报到",
        "Communities whistle and sections of the street report; branches whistle and members report.",
        "社区吹哨、科室报到，支部吹哨、党员报到。",
        parts=("N7a", "N7b")),
    Instrument("N9", {"grids.integration": 0.7}, "passes_per_case", DOWN,
        "grids and data integrated", "多网融合",
        "Grids and data become one: fewer duplicates, less misrouting.",
        "多网合一：重复少、错派少。"),
    Instrument("N10", {"whistle.pilot_share": 0.2}, "whistle_rate", DOWN,
        "only pilot streets may whistle", "仅试点街乡可吹哨",
        "Only some streets hold the right to whistle.",
        "只有部分街乡拥有吹哨权。",
        beneath=("r10",), by_construction=True, regime_en="pilot, a fifth of the streets may whistle",
        regime_zh="试点：五分之一街乡可吹哨",
        note="From potted plant to landscape: the share goes from here to 1. Needs R10 beside it."),
    Instrument("N11", {"committee.decides": 0.9}, "whistle_accuracy", UP,
        "party committee decides first", "街乡党委决定",
        "The street's party committee decides before the whistle: fewer and truer ones, at the cost of days and work.",
        "街乡党委先决定再吹哨：更少更准，但要花时间和人力。",
        beneath=("r10",), by_construction=True, regime_en="the street party committee decides first",
        regime_zh="街乡党委决定、政府吹哨、部门报到响应",
        note="A filter before the whistle, so it needs R10 beside it."),
)
"""What of these rules is turned together, and what should then move; see `model.instruments`."""
