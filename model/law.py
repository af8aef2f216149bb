"""The rules in force: one topic a class, every value an instrument of the reform.

The defaults are the district before the reform, so a regime file states only what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.parameter import parameter

__all__ = [
    "Assessment",
    "ClosedLoop",
    "Coordination",
    "DutyList",
    "Law",
    "Letters",
    "Placement",
    "Powers",
    "Stationing",
    "Whistle",
]

_ARTICLE = "Wang 2018"


@dataclass(frozen=True)
class Placement:
    """Where people are placed (the second factor of every comparison)."""

    moved_to_streets: float = parameter(
        0.0, unit="share of department staff", bounds=(0.0, 0.8), row="R7",
        source=f"{_ARTICLE}: posts sink to the streets; size not public, assumption 0-0.4",
        meaning="Share of the departments' people whose posts move to the streets.", zh="部门编制下沉到街乡的比例",
    )  # fmt: skip


@dataclass(frozen=True)
class Stationing:
    """R5, R6: enforcement staff sent down to a platform in every street."""

    share: float = parameter(
        0.0, unit="share of stationable staff", bounds=(0.0, 1.0), row="R6",
        source=f"{_ARTICLE}: joint enforcement platforms; size not public, assumption 0-1",
        meaning="Share of the stationable enforcement staff that forms platform teams in the streets.",
        zh="执法力量下沉比例",
    )  # fmt: skip
    street_time: float = parameter(
        0.6, unit="share of a day", bounds=(0.0, 1.0), row="R5", source="assumption 0.3-1",
        meaning="Share of a stationed person's day that the street commands; the rest stays with home.",
        zh="派驻人员由街乡调度的时间比例",
    )  # fmt: skip


@dataclass(frozen=True)
class Powers:
    """P2, N1: who may close what needs enforcement power."""

    delegated: float = parameter(
        0.0, unit="share of enforcement cases", bounds=(0.0, 1.0), row="N1",
        source=f"{_ARTICLE}: relatively concentrated penalty power; 431 powers delegated on 2020-07-01",
        meaning="Share of enforcement cases whose power the streets hold themselves.", zh="下放街乡的执法权比例",
    )  # fmt: skip


@dataclass(frozen=True)
class Assessment:
    """P3, R1: who assesses whom, and with what weight."""

    street_weight: float = parameter(
        0.0, unit="share", bounds=(0.0, 1.0), row="R1", source=f"{_ARTICLE}: 38 % after the reform, none named before",
        meaning="Weight of the streets' assessment in a department's score.", zh="街乡对部门的考核权重",
    )  # fmt: skip
    indicators: int = parameter(
        20, unit="indicators", bounds=(1, 200), row="N8", source="assumption 5-100",
        meaning="Number of indicators a department is assessed by; each dilutes every weight.", zh="考核指标数",
    )  # fmt: skip


@dataclass(frozen=True)
class Coordination:
    """R3: the right to coordinate and supervise, in four separate channels."""

    convene: float = parameter(
        0.0, unit="share of joint cases", bounds=(0.0, 1.0), row="R3", source=f"{_ARTICLE}; strength is an assumption",
        meaning="Share of joint cases whose parties are asked all at once instead of one after the other.",
        zh="统筹召集",
    )  # fmt: skip
    press: float = parameter(
        0.0, unit="share of overdue cases", bounds=(0.0, 1.0), row="R3",
        source=f"{_ARTICLE}; strength is an assumption",
        meaning="Share of overdue cases of the streets that supervision may press.", zh="督办",
    )  # fmt: skip
    presses_per_day: int = parameter(
        60, unit="cases/day", bounds=(0, 100_000), row="R3", source="assumption 10-200",
        meaning="Cases that supervision can press in a day, at full scale.", zh="每日督办能力",
    )  # fmt: skip
    restore: float = parameter(
        0.0, unit="share of lost effort", bounds=(0.0, 1.0), row="R3",
        source="Holmström 1982; strength is an assumption",
        meaning="Share of the effort lost in teams that a convenor restores.", zh="恢复协作投入",
    )  # fmt: skip
    raise_stake: float = parameter(
        0.0, unit="stake", bounds=(0.0, 3.0), row="R3", source=f"{_ARTICLE}; strength is an assumption 0-1.5",
        meaning="Stake of answering a street that may supervise.", zh="应答利害",
    )  # fmt: skip
    owner_after_passes: int = parameter(
        0, unit="passes (0 = never)", bounds=(0, 50), row="R3", source="assumption 6-10",
        meaning="After so many passes the district names the owner.", zh="几次推诿后由区级裁定",
    )  # fmt: skip


@dataclass(frozen=True)
class DutyList:
    """R8: the duty list moves the membership matrix from diffuse to sharp."""

    clarity: float = parameter(
        0.0, unit="share of the way", bounds=(0.0, 1.0), row="R8",
        source=f"{_ARTICLE}: list of duties drawn up against the city's 111 items; effect is an assumption",
        meaning="How far the membership matrix has moved from its diffuse to its sharp version.", zh="职责清单清晰度",
    )  # fmt: skip


@dataclass(frozen=True)
class Letters:
    """The procedure without a whistle: letters to one department after another."""

    transit_days: float = parameter(
        1.0, unit="days", bounds=(0.0, 30.0), row="P4", source="assumption 1-5",
        meaning="Days until a letter reaches the addressee.", zh="发函在途时间",
    )  # fmt: skip
    answer_within: float = parameter(
        6.0, unit="days", bounds=(0.0, 60.0), row="P4", source="assumption 5-20",
        meaning="Days after which an unanswered letter counts as lost.", zh="函件答复期限",
    )  # fmt: skip
    most_passes: int = parameter(
        8, unit="passes", bounds=(1, 50), row="P6", source="assumption 4-15",
        meaning="Passes of one slot after which it goes back to the street.", zh="推诿上限后退回街乡",
    )  # fmt: skip


@dataclass(frozen=True)
class Whistle:
    """R10: the seven-step procedure; each step has capacity, delay and error."""

    in_force: bool = parameter(
        False, unit="switch", row="R10", source=f"{_ARTICLE}: seven-step method",
        meaning="Streets may blow the whistle.", zh="街乡吹哨制度",
    )  # fmt: skip
    analysis_days: float = parameter(
        0.5, unit="days", bounds=(0.0, 15.0), row="R10", source="assumption 0-3",
        meaning="Days of analysis in the street before the whistle.", zh="分析研判时间",
    )  # fmt: skip
    acceptance_days: float = parameter(
        0.25, unit="days", bounds=(0.0, 15.0), row="R10", source="assumption 0-2",
        meaning="Days the platform needs to accept and hand out.", zh="平台受理时间",
    )  # fmt: skip
    acceptances_per_day: int = parameter(
        1200, unit="whistles/day", bounds=(0, 1_000_000), row="R10", source="assumption 300-3000",
        meaning="Whistles that the platform can screen in a day, at full scale.", zh="平台每日受理能力",
    )  # fmt: skip
    misaddressed: float = parameter(
        0.5, unit="share of screening errors", bounds=(0.0, 1.0), row="R10", source="assumption 0.2-0.8",
        meaning="Share of screening errors that send the case to a wrong unit; the rest are rejections.",
        zh="受理差错中派错单的比例",
    )  # fmt: skip
    accuracy: float = parameter(
        0.85, unit="share", bounds=(0.0, 1.0), row="R10", source="assumption 0.7-0.98",
        meaning="Share of whistles that the platform screens and addresses rightly.", zh="平台受理准确率",
    )  # fmt: skip
    answer_within: float = parameter(
        2.0, unit="days", bounds=(0.0, 30.0), row="R10", source="assumption 1-7",
        meaning="Days within which a department must answer a whistle.", zh="应哨时限",
    )  # fmt: skip
    meeting_work: float = parameter(
        0.03, unit="person-days", bounds=(0.0, 2.0), row="R10", source="assumption 0-0.25",
        meaning="Attendance that each whistle costs every party beside the work itself.", zh="每次报到的到场成本",
    )  # fmt: skip


@dataclass(frozen=True)
class ClosedLoop:
    """R11: every result is followed up."""

    call_back: float = parameter(
        0.0, unit="share of closures", bounds=(0.0, 1.0), row="R11", source=f"{_ARTICLE}: every whistle is followed up",
        meaning="Share of declared closures that are called back.", zh="回访比例",
    )  # fmt: skip
    call_back_days: float = parameter(
        3.0, unit="days", bounds=(0.0, 30.0), row="R11", source="assumption 1-10",
        meaning="Days between declared closure and call-back.", zh="回访时间",
    )  # fmt: skip
    detection: float = parameter(
        0.7, unit="share", bounds=(0.0, 1.0), row="R11", source="assumption 0.4-0.95",
        meaning="Chance that a call-back recognises a cosmetic closure.", zh="识别虚假办结的概率",
    )  # fmt: skip
    absence_cost: float = parameter(
        2.0, unit="stake", bounds=(0.0, 5.0), row="R11", source="assumption 0-3",
        meaning="What absence costs a unit when every closure is called back.", zh="缺席代价",
    )  # fmt: skip


@dataclass(frozen=True)
class Law:
    """All rules in force; each topic is a section of a regime file."""

    placement: Placement = field(default_factory=Placement)
    stationing: Stationing = field(default_factory=Stationing)
    powers: Powers = field(default_factory=Powers)
    assessment: Assessment = field(default_factory=Assessment)
    coordination: Coordination = field(default_factory=Coordination)
    duty_list: DutyList = field(default_factory=DutyList)
    letters: Letters = field(default_factory=Letters)
    whistle: Whistle = field(default_factory=Whistle)
    closed_loop: ClosedLoop = field(default_factory=ClosedLoop)
