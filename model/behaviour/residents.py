"""What channels of participation bring (R12), and what member units weigh (G1)."""

from dataclasses import dataclass
from typing import Any

from model.parameter import parameter

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


def _volume(default: float, assumed: str, zh: str, name: str) -> Any:
    return parameter(default, unit="times", bounds=(0.0, 20.0), row="R12", source=f"assumption {assumed}",
        meaning=f"How much sooner hidden problems are found where {name} are fully open.", zh=f"{zh}：提高发现速度")


def _delay(default: float, assumed: str, zh: str, name: str) -> Any:
    return parameter(default, unit="days", bounds=(0.0, 365.0), row="R12", source=f"assumption {assumed}",
        meaning=f"Days until what {name} have found lies on the street's desk.", zh=f"{zh}：从发现到登记的时间")


def _accuracy(default: float, assumed: str, zh: str, name: str) -> Any:
    return parameter(default, unit="share of errors", bounds=(-1.0, 1.0), row="R12", source=f"assumption {assumed}",
        meaning=f"Share of the screening errors that the whistle on what {name} have found is spared; below 0: more.",
        zh=f"{zh}：减少受理差错的比例（负值为增加）")


_MEETINGS = "党建联席会议", "party joint meetings"
_COGOVERNANCE = "党政群共商共治", "meetings of party-mass co-governance"
_DIRECTORS = "社区主任例会", "meetings of community directors"
_HOTLINE = "12345热线", "the hotline's lines"
_MEDIA = "媒体", "the media"
_DEPUTIES = "代表委员", "deputies and committee members"


@dataclass(frozen=True)
class Hearing:
    """R12: what each channel brings: how much, how late, how true."""

    joint_meetings_volume: float = _volume(0.2, "0-1", *_MEETINGS)
    joint_meetings_delay: float = _delay(15.0, "5-45", *_MEETINGS)
    joint_meetings_accuracy: float = _accuracy(0.4, "0-0.8", *_MEETINGS)
    cogovernance_volume: float = _volume(0.3, "0-1.5", *_COGOVERNANCE)
    cogovernance_delay: float = _delay(10.0, "3-30", *_COGOVERNANCE)
    cogovernance_accuracy: float = _accuracy(0.3, "0-0.7", *_COGOVERNANCE)
    directors_meetings_volume: float = _volume(0.6, "0-2", *_DIRECTORS)
    directors_meetings_delay: float = _delay(5.0, "1-15", *_DIRECTORS)
    directors_meetings_accuracy: float = _accuracy(0.4, "0-0.8", *_DIRECTORS)
    hotline_volume: float = _volume(1.5, "0-5", *_HOTLINE)
    hotline_delay: float = _delay(0.5, "0-3", *_HOTLINE)
    hotline_accuracy: float = _accuracy(-0.2, "-0.6-0.2", *_HOTLINE)
    media_volume: float = _volume(0.3, "0-1.5", *_MEDIA)
    media_delay: float = _delay(1.0, "0-5", *_MEDIA)
    media_accuracy: float = _accuracy(-0.3, "-0.8-0.1", *_MEDIA)
    deputies_volume: float = _volume(0.2, "0-1", *_DEPUTIES)
    deputies_delay: float = _delay(20.0, "5-60", *_DEPUTIES)
    deputies_accuracy: float = _accuracy(0.3, "0-0.7", *_DEPUTIES)


@dataclass(frozen=True)
class MemberUnits:
    """G1: enterprises, social organisations and institutions that are asked to take over a part, and weigh it."""

    intercept: float = parameter(-1.5, unit="log-odds", bounds=(-10.0, 10.0), row="G1", source="assumption -3-0",
        meaning="Readiness of a member unit to which joining in is worth nothing.", zh="成员单位分担的基准倾向")
    worth: float = parameter(4.0, unit="log-odds", bounds=(0.0, 20.0), row="G1", source="assumption 1-8",
        meaning="How much full value and support of the party network (R13) add to it.", zh="价值与支持对分担的推动")
    powers: float = parameter(1.0, unit="log-odds", bounds=(0.0, 20.0), row="G1", source="assumption 0-3",
        meaning="How much harder full powers of the regional party organisation (N12) make a refusal.",
        zh="区域性党组织权限对分担的推动")
    load: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="G1", source="assumption 0-4",
        meaning="Reluctance of units that are asked without end; half of it at their capacity.", zh="频繁商请的阻力")
    capacity: float = parameter(60.0, unit="cases/month", bounds=(0.1, 1_000_000.0), row="G1",
        source="assumption 10-500",
        meaning="Cases a month that the member units of a street take over at which that reluctance has half its "
        "largest size, at full scale.", zh="成员单位每月分担量的参照")
    memory: float = parameter(60.0, unit="days", bounds=(1.0, 1000.0), row="G1", source="assumption 14-180",
        meaning="Days over which they remember what they have taken over.", zh="成员单位的记忆时间")
    asking_work: float = parameter(0.01, unit="person-days", bounds=(0.0, 1.0), row="G1",
        source="assumption 0.002-0.05",
        meaning="Work of the street on asking a member unit, whatever it answers.", zh="每次商请的工作量")
