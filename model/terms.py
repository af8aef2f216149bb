"""The words of the model: levels, states, decisions, activities.

The members are plain integers so that compiled and plain code share them;
`MEANING` gives each its words in English and Chinese.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["MEANING", "TICKS_PER_DAY", "Activity", "Deadline", "Decision", "Event", "Level", "Phase", "Slot", "State"]

TICKS_PER_DAY = 864_000
"""Time and work are whole ticks of a tenth of a second: 864,000 to a day, and to a person-day."""


class Level(IntEnum):
    """Where a unit stands."""

    STREET = 0
    COMMUNITY = 1
    TEAM = 2
    DEPARTMENT = 3
    CITY = 4


class State(IntEnum):
    """State of a case; every case is in exactly one."""

    FREE = 0
    HIDDEN = 1
    TRIAGE = 2
    WHISTLED = 3
    ASKING = 4
    WORKING = 5
    WAITING = 6
    CLOSED = 7
    SHELVED = 8


class Slot(IntEnum):
    """State of a slot: one party's share of a case."""

    FREE = 0
    PLANNED = 1
    ASKED = 2
    FILLED = 3
    PRESENT = 4
    QUEUED = 5
    DONE = 6


class Lane(IntEnum):
    """Lanes of a unit's queue, each in the order of arrival; slots in service have one of their own."""

    OTHERS = 0
    EASY = 1
    MISLED = 2


class Deadline(IntEnum):
    """Deadline class of a case kind."""

    EMERGENCY = 0
    UTILITIES = 1
    NORMAL = 2
    COMPLEX = 3


class Event(IntEnum):
    """What the calendar brings; within a step events of one phase come in the order they were entered."""

    DETECTED = 0
    REPEATED = 1
    RETRIAGE = 2
    ARRIVES = 3
    ANSWER = 4
    SHOW_UP = 5
    PRESS = 6
    WAIT_ENDS = 7
    REOPEN = 8
    EXPIRE = 9


class Phase(IntEnum):
    """Phases of the day that the calendar feeds."""

    ARRIVAL = 0
    PLATFORM = 1
    ANSWERS = 2
    SUPERVISION = 3
    CLOSING = 4


class Decision(IntEnum):
    """What a keyed draw decides; the number is part of the key, so it is never reused."""

    DEMAND = 1
    KIND = 2
    TIME = 3
    WORK = 4
    REPORTED = 5
    DETECTION = 6
    POWER = 7
    JOINT = 8
    PARTIES = 9
    COMPETENCE = 10
    PATIENCE = 11
    STAKE = 12
    DELEGATED = 13
    WHISTLE = 14
    SCREEN = 15
    REFER = 16
    ANSWER_TIME = 17
    ANSWERS = 18
    ACCEPT = 19
    NEXT = 20
    SHOW = 21
    COSMETIC = 22
    COGOVERN = 23
    REVERSAL = 24
    CALL_BACK = 25
    RECUR = 26
    RECUR_TIME = 27
    SHELVE = 28
    HAND_OVER = 29
    HAND_OVER_WORK = 30
    ENTRY = 31
    PRESSED = 32
    PROGRAMME = 33
    PREVENTED = 34
    SECTION = 35
    ABOVE = 36
    COMMITTEE = 37
    DUPLICATE = 38
    TEAM = 39
    COMES_FORWARD = 40
    OTHERS = 41
    TEMPER = 42


class Activity(IntEnum):
    """Activities of the event log, a closed set."""

    BORN = 0
    REPORTED = 1
    OWN_WORK = 2
    REFERRED = 3
    WHISTLED = 4
    REJECTED = 5
    OFFERED = 6
    ACCEPTED = 7
    PASSED = 8
    EXPIRED = 9
    ABSENT = 10
    ASSEMBLED = 11
    STARTED = 12
    HANDED_OVER = 13
    WORK_DONE = 14
    CLOSED = 15
    CLOSED_COSMETICALLY = 16
    REOPENED = 17
    REPEATED = 18
    PRESSED = 19
    SHELVED = 20
    DROPPED = 21
    DECIDED = 22
    DONE = 23
    PREVENTED = 24
    APPROVED = 25
    DECLINED = 26
    RISEN = 27
    SCREENED = 28


MEANING: dict[type[IntEnum], dict[IntEnum, tuple[str, str]]] = {
    Level: {
        Level.STREET: ("street (subdistrict or township)", "街乡"),
        Level.COMMUNITY: ("communities of a street, one pool", "社区"),
        Level.TEAM: ("platform team stationed in a street", "综合执法平台派驻队伍"),
        Level.DEPARTMENT: ("department of the district", "部门"),
        Level.CITY: ("city counterpart of a department", "市级部门"),
    },
    State: {
        State.FREE: ("no case in this row", "空行"),
        State.HIDDEN: ("born, nobody has reported it", "未发现"),
        State.TRIAGE: ("with the street, not yet decided", "街乡研判"),
        State.WHISTLED: ("whistle waits for the platform", "吹哨待受理"),
        State.ASKING: ("slots offered, not all filled", "待部门应答"),
        State.WORKING: ("queued or worked by its parties", "办理中"),
        State.WAITING: ("work done, waits for others than staff", "等待当事人或法定程序"),
        State.CLOSED: ("declared closed, follow-up pending", "已办结待回访"),
        State.SHELVED: ("set aside by the street", "搁置"),
    },
    Slot: {
        Slot.FREE: ("no slot in this row", "空行"),
        Slot.PLANNED: ("named, to be asked after the others", "待依次征询"),
        Slot.ASKED: ("offered, not answered", "已派单待应答"),
        Slot.FILLED: ("accepted, waits for the other parties", "已接单待会合"),
        Slot.PRESENT: ("has come, waits for the absent", "已到场"),
        Slot.QUEUED: ("in the party's queue", "排队中"),
        Slot.DONE: ("the party's share is done", "已完成"),
    },
    Lane: {
        Lane.OTHERS: ("in order", "依序"),
        Lane.EASY: ("with a head start: easy or pressed", "优先（易办或督办）"),
        Lane.MISLED: ("on its way from the wrong section", "内部误派，转办途中"),
    },
    Deadline: {
        Deadline.EMERGENCY: ("emergency, 2 hours", "紧急"),
        Deadline.UTILITIES: ("utilities, 24 hours", "水电气热"),
        Deadline.NORMAL: ("normal, 7 days", "一般"),
        Deadline.COMPLEX: ("complex, 15 days", "复杂"),
    },
    Event: {
        Event.DETECTED: ("a hidden problem is found", "隐患被发现"),
        Event.REPEATED: ("a closed case comes back as a linked one", "重复诉求"),
        Event.RETRIAGE: ("the street takes a case up again", "重新研判"),
        Event.ARRIVES: ("a whistle reaches the platform", "哨单到达平台"),
        Event.ANSWER: ("a party answers, or fails to", "应答"),
        Event.SHOW_UP: ("the parties are called together", "集结报到"),
        Event.EXPIRE: ("the limit passes without an answer", "逾期未应答"),
        Event.PRESS: ("a case is overdue: supervision looks at it", "督办"),
        Event.WAIT_ENDS: ("the wait for others than staff ends", "等待结束"),
        Event.REOPEN: ("a closure turns out not to hold", "重新办理"),
    },
    Phase: {
        Phase.ARRIVAL: ("demand arrives", "诉求产生"),
        Phase.PLATFORM: ("platform accepts", "平台受理"),
        Phase.ANSWERS: ("departments answer", "部门应答"),
        Phase.SUPERVISION: ("supervision", "督办"),
        Phase.CLOSING: ("closing and feedback", "办结与反馈"),
    },
    Activity: {
        Activity.BORN: ("problem born", "问题产生"),
        Activity.REPORTED: ("reported or found", "诉求登记"),
        Activity.OWN_WORK: ("street takes it itself", "街乡自办"),
        Activity.REFERRED: ("street writes to a department", "发函部门"),
        Activity.WHISTLED: ("street blows the whistle", "街乡吹哨"),
        Activity.REJECTED: ("platform rejects the whistle", "平台退回"),
        Activity.OFFERED: ("slot offered to a unit", "派单"),
        Activity.ACCEPTED: ("unit accepts the slot", "接单"),
        Activity.PASSED: ("unit passes the slot on", "推诿转办"),
        Activity.EXPIRED: ("unit lets the slot expire", "逾期未应答"),
        Activity.ABSENT: ("unit accepted but does not show up", "未到场"),
        Activity.ASSEMBLED: ("all slots filled", "集结完毕"),
        Activity.STARTED: ("work begins", "开始办理"),
        Activity.HANDED_OVER: ("unit hands the worked case on", "移交"),
        Activity.WORK_DONE: ("a party has done its share", "办理完成"),
        Activity.CLOSED: ("declared closed, really", "办结"),
        Activity.CLOSED_COSMETICALLY: ("declared closed, cosmetically", "形式主义办结"),
        Activity.REOPENED: ("reopened", "重新办理"),
        Activity.REPEATED: ("comes back as a linked repeat", "重复诉求"),
        Activity.PRESSED: ("pressed by supervision", "督办"),
        Activity.SHELVED: ("shelved by the street", "搁置"),
        Activity.DROPPED: ("citizen gives up", "群众放弃"),
        Activity.DECIDED: ("district names the owner", "区级裁定"),
        Activity.DONE: ("done, followed up", "归档"),
        Activity.PREVENTED: ("prevented at the source", "源头避免"),
        Activity.APPROVED: ("party committee decides to whistle", "党委决定吹哨"),
        Activity.DECLINED: ("party committee decides against a whistle", "党委不同意吹哨"),
        Activity.RISEN: ("goes to the level above", "提请上级"),
        Activity.SCREENED: ("platform screens the whistle", "平台甄别"),
    },
    Decision: {
        Decision.DEMAND: ("how many problems are born", "问题数量"),
        Decision.KIND: ("kind of the problem", "问题类别"),
        Decision.TIME: ("time within the step", "时刻"),
        Decision.WORK: ("intrinsic work", "工作量"),
        Decision.REPORTED: ("reported at once or hidden", "是否被报告"),
        Decision.DETECTION: ("when a hidden problem is found", "发现时间"),
        Decision.POWER: ("needs enforcement power", "是否需执法权"),
        Decision.JOINT: ("needs several parties", "是否需联合"),
        Decision.PARTIES: ("how many parties", "参与方数"),
        Decision.COMPETENCE: ("within the street's own duty", "是否属街乡职责"),
        Decision.PATIENCE: ("when the citizen gives up", "耐心"),
        Decision.STAKE: ("severity within its kind", "严重程度"),
        Decision.DELEGATED: ("its power is among the delegated", "权力是否下放"),
        Decision.WHISTLE: ("street whistles or writes a letter", "吹哨或发函"),
        Decision.SCREEN: ("platform's screening", "平台甄别"),
        Decision.REFER: ("addressee in the street's or platform's eyes", "派单对象"),
        Decision.ANSWER_TIME: ("days until the answer", "应答时间"),
        Decision.ANSWERS: ("answers at all", "是否应答"),
        Decision.ACCEPT: ("accept or pass", "接单或推诿"),
        Decision.NEXT: ("next unit in the passer's eyes", "转办对象"),
        Decision.SHOW: ("shows up", "是否到场"),
        Decision.COSMETIC: ("works really or cosmetically", "真办或假办"),
        Decision.COGOVERN: ("control or co-governance", "管控或共治"),
        Decision.REVERSAL: ("result reversed", "是否被撤销"),
        Decision.CALL_BACK: ("called back", "是否回访"),
        Decision.RECUR: ("comes back", "是否复发"),
        Decision.RECUR_TIME: ("when it comes back", "复发时间"),
        Decision.SHELVE: ("shelved under overload", "是否搁置"),
        Decision.HAND_OVER: ("next unit after work", "办后移交"),
        Decision.HAND_OVER_WORK: ("work at the next unit", "移交后工作量"),
        Decision.PROGRAMME: ("this month's programme work", "当月条线任务量"),
        Decision.PRESSED: ("supervision reaches the case", "是否督办"),
        Decision.ENTRY: ("parties of a joint case", "联办单位"),
        Decision.PREVENTED: ("prevented at the source", "是否源头避免"),
        Decision.SECTION: ("lands in the wrong section", "是否内部误派"),
        Decision.ABOVE: ("needs the level above; goes there by whistle", "是否需上级、以何方式"),
        Decision.COMMITTEE: ("committee decides; approves", "党委是否决定、是否同意"),
        Decision.DUPLICATE: ("reported again through another channel", "是否重复上报"),
        Decision.TEAM: ("platform team takes it up", "派驻队伍是否接单"),
        Decision.COMES_FORWARD: ("a latent problem is reported", "潜在诉求是否上报"),
        Decision.OTHERS: ("how long a case waits for others than staff", "等待当事人或法定程序的时间"),
        Decision.TEMPER: ("a department's own readiness to accept", "部门自身接单倾向"),
    },
}
"""By kind of word and word: its meaning in English and Chinese. (Words of two kinds may be equal as numbers.)"""
