"""The terms of the model: levels, states, decisions, activities, each with its meaning in English and Chinese.

The members are plain integers, so that compiled and plain code share them.
"""

from enum import IntEnum
from typing import Self

TICKS_PER_DAY = 864_000  # time and work are whole ticks of a tenth of a second: 864,000 to a day, and to a person-day

NO_LIMIT = 1_000_000  # cases a day: the largest capacity of a step inside streets, which never binds


class Term(IntEnum):
    """A whole number with its meaning in both languages."""

    en: str
    zh: str

    def __new__(cls, value: int, en: str = "", zh: str = "") -> Self:
        """Return the member; what it equals is its number."""
        member = int.__new__(cls, value)
        member._value_, member.en, member.zh = value, en, zh
        return member


class Level(Term):
    """Where a unit stands."""

    STREET = 0, "street (subdistrict or township)", "街乡"
    COMMUNITY = 1, "communities of a street, one pool", "社区"
    TEAM = 2, "platform team stationed in a street", "综合执法平台派驻队伍"
    DEPARTMENT = 3, "department of the district", "部门"
    CITY = 4, "city counterpart of a department", "市级部门"


class State(Term):
    """State of a case; every case is in exactly one."""

    FREE = 0, "no case in this row", "空行"
    HIDDEN = 1, "born, nobody has reported it", "未发现"
    TRIAGE = 2, "with the street, not yet decided", "街乡研判"
    WHISTLED = 3, "whistle waits for the platform", "吹哨待受理"
    ASKING = 4, "slots offered, not all filled", "待部门应答"
    WORKING = 5, "queued or worked by its parties", "办理中"
    WAITING = 6, "work done, waits for others than staff", "等待当事人或法定程序"
    CLOSED = 7, "declared closed, follow-up pending", "已办结待回访"
    SHELVED = 8, "set aside by the street", "挂账"


class Slot(Term):
    """State of a slot: one party's share of a case."""

    FREE = 0, "no slot in this row", "空行"
    PLANNED = 1, "named, to be asked after the others", "待依次征询"
    ASKED = 2, "offered, not answered", "已派单待应答"
    FILLED = 3, "accepted, waits for the other parties", "已接单待会合"
    PRESENT = 4, "has come, waits for the absent", "已到场"
    QUEUED = 5, "in the party's queue", "排队中"
    DONE = 6, "the party's share is done", "已完成"


class Lane(Term):
    """Lanes of a unit's queue, each in the order of arrival; slots in service have one of their own."""

    OTHERS = 0, "in order", "依序"
    EASY = 1, "with a head start: easy or pressed", "优先（易办或督办）"
    MISLED = 2, "on its way from the wrong section", "内部误派，转办途中"


class Trade(Term):
    """What units trade beside tasks."""

    SECONDMENT = 0, "a department's person for a street", "借调下沉"
    BORROWING = 1, "a street's person for a department or the district", "上级抽调借用"
    MUTUAL_AID = 2, "a street's person for another street", "街乡互助"
    ENTRUSTING = 3, "a department's power for a street", "委托执法"


class Deal(Term):
    """State of a request for a person, or of an offer of a power."""

    OVER = 0, "refused, lapsed or at its end", "已结束"
    OPEN = 1, "asked for, not answered", "待答复"
    RUNNING = 2, "granted: the person is there, the power is held", "生效中"


class Deadline(Term):
    """Deadline class of a case kind."""

    EMERGENCY = 0, "emergency, 2 hours", "紧急"
    UTILITIES = 1, "utilities, 24 hours", "水电气热"
    NORMAL = 2, "normal, 7 days", "一般"
    COMPLEX = 3, "complex, 15 days", "复杂"


class Channel(Term):
    """Channels of social participation (R12), through which a hidden problem may be found."""

    JOINT_MEETINGS = 0, "party joint meetings", "党建联席会议"
    COGOVERNANCE = 1, "party-mass co-governance", "党政群共商共治"
    DIRECTORS_MEETINGS = 2, "community directors' meetings", "社区主任例会"
    HOTLINE = 3, "hotline", "12345热线"
    MEDIA = 4, "media", "媒体"
    DEPUTIES = 5, "deputies and committee members", "代表委员"


class Event(Term):
    """What the calendar brings; within a step events of one phase come in the order they were entered."""

    DETECTED = 0, "a hidden problem is found", "隐患被发现"
    REPEATED = 1, "a closed case comes back as a linked one", "重复诉求"
    RETRIAGE = 2, "the street takes a case up again", "重新研判"
    ARRIVES = 3, "a whistle reaches the platform", "哨单到达平台"
    ANSWER = 4, "a party answers, or fails to", "应答"
    SHOW_UP = 5, "the parties are called together", "集结报到"
    PRESS = 6, "a case is overdue: supervision looks at it", "督办"
    WAIT_ENDS = 7, "the wait for others than staff ends", "等待结束"
    REOPEN = 8, "a closure turns out not to hold", "重新办理"
    EXPIRE = 9, "the limit passes without an answer", "逾期未应答"
    WITHDRAW = 10, "a street has waited long enough for the platform", "等待平台过久，拟撤回"


class Phase(Term):
    """Phases of the day that the calendar feeds."""

    ARRIVAL = 0, "demand arrives", "诉求产生"
    PLATFORM = 1, "platform accepts", "平台受理"
    ANSWERS = 2, "departments answer", "部门应答"
    SUPERVISION = 3, "supervision", "督办"
    CLOSING = 4, "closing and feedback", "办结与反馈"


class Decision(Term):
    """What a keyed draw decides; the number is part of the key, so it is never reused."""

    DEMAND = 1, "how many problems are born", "问题数量"
    KIND = 2, "kind of the problem", "问题类别"
    TIME = 3, "time within the step", "时刻"
    WORK = 4, "intrinsic work", "工作量"
    REPORTED = 5, "reported at once or hidden", "是否被报告"
    DETECTION = 6, "when a hidden problem is found", "发现时间"
    POWER = 7, "needs enforcement power", "是否需执法权"
    JOINT = 8, "needs several parties", "是否需联合"
    PARTIES = 9, "how many parties", "参与方数"
    COMPETENCE = 10, "within the street's own duty", "是否属街乡职责"
    PATIENCE = 11, "when the citizen gives up", "耐心"
    STAKE = 12, "severity within its kind", "严重程度"
    DELEGATED = 13, "its power is among the delegated", "权力是否下放"
    WHISTLE = 14, "street whistles or writes a letter", "吹哨或发函"
    SCREEN = 15, "platform's screening", "平台甄别"
    REFER = 16, "addressee in the street's or platform's eyes", "派单对象"
    ANSWER_TIME = 17, "days until the answer", "应答时间"
    ANSWERS = 18, "answers at all", "是否应答"
    ACCEPT = 19, "accept or pass", "接单或退转"
    NEXT = 20, "next unit in the passer's eyes", "转办对象"
    SHOW = 21, "shows up", "是否到场"
    COSMETIC = 22, "works really or cosmetically", "真办或假办"
    COGOVERN = 23, "control or co-governance", "管控或共治"
    REVERSAL = 24, "result reversed", "是否被撤销"
    CALL_BACK = 25, "called back", "是否回访"
    RECUR = 26, "comes back", "是否复发"
    RECUR_TIME = 27, "when it comes back", "复发时间"
    SHELVE = 28, "shelved under overload", "是否挂账"
    HAND_OVER = 29, "next unit after work", "办后移交"
    HAND_OVER_WORK = 30, "work at the next unit", "移交后工作量"
    ENTRY = 31, "parties of a joint case", "联办单位"
    PRESSED = 32, "supervision reaches the case", "是否督办"
    PROGRAMME = 33, "this month's programme work", "当月条线任务量"
    PREVENTED = 34, "prevented at the source", "是否源头避免"
    SECTION = 35, "lands in the wrong section", "是否内部误派"
    ABOVE = 36, "needs the level above; goes there by whistle", "是否需上级、以何方式"
    COMMITTEE = 37, "committee decides; approves", "党委是否决定、是否同意"
    DUPLICATE = 38, "reported again through another channel", "是否重复上报"
    TEAM = 39, "platform team takes it up", "派驻队伍是否接单"
    COMES_FORWARD = 40, "a latent problem is reported", "潜在诉求是否上报"
    OTHERS = 41, "how long a case waits for others than staff", "等待当事人或法定程序的时间"
    TEMPER = 42, "a department's own readiness to accept", "部门自身接单倾向"
    REQUEST = 61, "whether a need becomes a request", "需要是否提出请求"
    LENDER = 62, "whom a superior asks for a person; which street and kind a power is offered", "抽调对象、委托对象"
    VERDICT = 63, "whether the district supports a request", "区级是否支持"
    GRANT = 64, "whether a request is granted", "是否同意请求"
    RECALL = 65, "whether a person or a power is called back", "是否提前收回"
    ALONG = 66, "whether a person comes along with a power", "是否派人随同"
    CAUTION = 67, "whether a street dares to use an entrusted power", "是否敢用受托权限"
    ASTRAY = 60, "a misaddressed whistle passes over the unit most responsible", "派错的哨单是否漏过主责单位"
    CHANNEL = 55, "through which channel a hidden problem is found", "隐患由何渠道发现"
    MEMBER_UNIT_ASKED = 56, "a member unit is asked", "是否商请成员单位"
    MEMBER_UNIT = 57, "the member unit takes a part over", "成员单位是否分担"
    ON_THE_SPOT = 51, "must be handled by the platform team on the spot", "是否须就地办理"
    WITHDRAW = 43, "how long a street waits for the platform", "街乡等待平台的时间"
    SOURCE = 44, "the facts of a whistle have to be asked for again", "哨源是否需补充核实"
    READY = 45, "a whistle is ready", "哨单是否成熟"
    LOST = 46, "a whistle is lost on its way", "哨单是否途中遗失"
    PLACE = 47, "a party is called to the wrong place", "是否通知错地点"
    DESK = 48, "a press reaches the wrong desk", "督办是否送错单位"
    WEEKEND = 49, "a letter is answered on a weekend", "函件是否周末答复"
    TELEPHONE = 50, "an emergency is told by telephone", "紧急事项是否电话通知"


class Activity(Term):
    """Activities of the event log, a closed set."""

    BORN = 0, "problem born", "问题产生"
    REPORTED = 1, "reported or found", "诉求登记"
    OWN_WORK = 2, "street takes it itself", "街乡自办"
    REFERRED = 3, "street writes to a department", "发函部门"
    WHISTLED = 4, "street blows the whistle", "街乡吹哨"
    REJECTED = 5, "platform rejects the whistle", "平台退回"
    OFFERED = 6, "slot offered to a unit", "派单"
    ACCEPTED = 7, "unit accepts the slot", "接单"
    PASSED = 8, "unit passes the slot on", "退转"
    EXPIRED = 9, "unit lets the slot expire", "逾期未应答"
    ABSENT = 10, "unit accepted but does not show up", "未到场"
    ASSEMBLED = 11, "all slots filled", "集结完毕"
    STARTED = 12, "work begins", "开始办理"
    HANDED_OVER = 13, "unit hands the worked case on", "移交"
    WORK_DONE = 14, "a party has done its share", "办理完成"
    CLOSED = 15, "declared closed, really", "办结"
    CLOSED_COSMETICALLY = 16, "declared closed, cosmetically", "形式主义办结"
    REOPENED = 17, "reopened", "重新办理"
    REPEATED = 18, "comes back as a linked repeat", "重复诉求"
    PRESSED = 19, "pressed by supervision", "督办"
    SHELVED = 20, "shelved by the street", "挂账"
    DROPPED = 21, "citizen gives up", "群众放弃"
    DECIDED = 22, "district names the owner", "区级裁定"
    DONE = 23, "done, followed up", "归档"
    PREVENTED = 24, "prevented at the source", "源头避免"
    APPROVED = 25, "party committee decides to whistle", "党委决定吹哨"
    DECLINED = 26, "party committee decides against a whistle", "党委不同意吹哨"
    RISEN = 27, "goes to the level above", "提请上级"
    SCREENED = 28, "platform screens the whistle", "平台甄别"
    WITHDRAWN = 29, "street withdraws its whistle", "街乡撤回哨单"
    REQUESTED = 30, "unit asks for a person, or offers a power", "提出用人或委托请求"
    SUPPORTED = 31, "district supports the request", "区级支持请求"
    GRANTED = 32, "request granted", "同意请求"
    REFUSED = 33, "request refused", "不同意请求"
    LAPSED = 34, "request lapses without an answer", "请求逾期失效"
    RETURNED = 35, "person or power returns at the end of the term", "到期返回"
    CALLED_BACK = 36, "person or power is called back before", "提前收回"


TRADED = frozenset(Activity(number) for number in range(Activity.REQUESTED, Activity.CALLED_BACK + 1))
"""Activities of requests, loans and entrusted powers: what their lines are about is a request, not a case."""


class Step(Term):
    """The seven steps of the whistle; each has a capacity, a delay and an error."""

    SOURCE = 0, "source: the facts are gathered", "哨源"
    ANALYSIS = 1, "analysis in the street", "研判"
    WHISTLE = 2, "the whistle is sent", "吹哨"
    ACCEPTANCE = 3, "acceptance by the platform", "受理"
    REPORTING = 4, "reporting: the parties are called together", "报到"
    SUPERVISION = 5, "supervision presses what is overdue", "督办"
    FEEDBACK = 6, "evaluation and feedback: the result is called back on", "评价反馈"


TERMS: tuple[type[Term], ...] = (
    Level, State, Slot, Lane, Trade, Deal, Deadline, Channel, Event, Phase, Activity, Decision, Step,
)  # fmt: skip
"""In the order of the glossary. (Members of two of them may be equal as numbers.)"""
