"""A regime in words: phases of the day, differences from another, instruments that lack what they need."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from model.claims import Instrument
from model.config.eras import eras_of
from model.config.overrides import replaced
from model.config.scenario import Scenario
from model.config.unknown import free_numbers
from model.instruments import INSTRUMENTS
from model.parameter import CHOICES_ZH, UNITS_ZH, declared
from model.policy import Law
from model.world import Title

PHASE_WORDS: dict[str, tuple[str, str]] = {
    "demand_arrives": ("Demand arrives: problems are born; they are reported, stay hidden, are found, or come back.",
        "诉求产生：问题发生，或被上报，或未被发现，或被发现，或重复出现。"),
    "superiors_assign": (
        "Superiors assign: programmes fall due; what departments missed is sent down to streets and communities.",
        "上级交办：条线任务到期；部门未完成的部分下派街乡与社区。"),
    "streets_triage": ("Streets triage: own work, the platform team, a whistle, a letter, or the shelf.",
        "街乡研判：自办、交派驻队伍、吹哨、致函或挂账。"),
    "platform_accepts": ("The platform accepts whistles, a capacity a day, and names the parties.",
        "平台受理：按每日能力受理哨单，明确主办与协办单位。"),
    "departments_answer": ("Departments answer: accept, pass on, or let the limit run out; then come or stay away.",
        "部门应答：接单、退转或逾期不应；之后到场或缺席。"),
    "units_work": ("Units work: hours are split between errands, programmes, cases and what was sent down.",
        "单位办理：工时在杂务、条线任务、诉求与下派任务之间分配。"),
    "supervision_presses": ("Supervision presses overdue cases, a capacity a day.",
        "督办：按每日能力催办逾期诉求。"),
    "results_show": ("Results show: notice periods end; closures are called back, reversed or reopened.",
        "结果显现：法定期满；办结件回访、撤销或重新办理。"),
    "units_trade": (
        "Units trade: terms end; people and powers are asked for, heard by the district, granted or refused.",
        "人员与权限流动：到期返回；提出借人、委托请求，区级研究，对方答复。"),
    "score": ("Scores are kept: ranks, pressure, residents' part, quotas, month by month.",
        "考核：逐月排名、传导压力、计群众参与、调整编制。"),
}  # fmt: skip
"""By name of the phase, in the order of the day: English and Chinese."""

_PERCENT = ("share", "strength", "0-1")
_BARE = ("1", "word", "switch")


def as_percent(unit: str) -> bool:
    """Tell whether values of a unit are shown in per cent."""
    return unit.startswith(_PERCENT)


def _value(value: Any, unit: str, chinese: bool) -> str:
    if value is None:
        return "由模型推算" if chinese else "derived"
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, str):
        return CHOICES_ZH.get(value, value) if chinese else value
    if isinstance(value, tuple):
        return ", ".join(each if isinstance(each, str) else f"{each:.6g}" for each in value)
    return f"{100 * value:.4g} %" if as_percent(unit) else f"{value:.6g}"


_RULES = {instrument.regime: instrument for instrument in INSTRUMENTS}


@dataclass(frozen=True)
class Idle:
    """An instrument that acts on nothing, because shipped regimes that it `needs` are missing."""

    row: str
    title_en: str
    title_zh: str
    needs: tuple[str, ...]


def idle_instruments(scenario: Scenario) -> list[Idle]:
    """Return the instruments that are turned in a scenario but never together with what they act on."""
    days = scenario.run.warm_up_days + scenario.run.window_days
    eras = eras_of(scenario.law, scenario.stages, [street.code for street in scenario.world.streets], days)
    laws = [law for era in eras for law in era.laws]
    found, before = [], _law_before(scenario)
    for each in INSTRUMENTS:
        turned = [law for law in laws if _turned(each, law, before)]
        missing = tuple(
            name for name in each.beneath if not any(_stands(name, law, before, scenario) for law in turned)
        )
        if turned and missing:
            found.append(Idle(each.row, each.title_en, each.title_zh, missing))
    return found


def _law_before(scenario: Scenario) -> Law:
    """Return the law in which no instrument is turned: what nobody knows of it is as in the world of the scenario."""
    law = Law()
    for number in free_numbers():
        topic, _, key = number.key.partition(".")
        if hasattr(law, topic) and number.key not in scenario.decided:
            law = replaced(law, {topic: {key: getattr(getattr(scenario.law, topic), key)}})
    return law


def _stands(name: str, law: Law, before: Law, scenario: Scenario) -> bool:
    """Tell whether a regime holds under a law; one that is no instrument is what begins on a date."""
    if name not in _RULES:
        return bool(scenario.stages)
    return _turned(_RULES[name], law, before) and all(attrgetter(key)(law) is not False for key in _RULES[name].topics)


def _turned(instrument: Instrument, law: Law, before: Law) -> bool:
    return any(attrgetter(key)(law) != attrgetter(key)(before) for key in instrument.topics)


GROUPS = ("rules", "people and world", "behaviour")  # groups of parameters, in the order in which they are shown

_PARTS = (("law", GROUPS[0]), ("world", GROUPS[1]), ("habits", GROUPS[2]))

_PLACED = ("placement.", "staffing.", "stationing.share", "duty_list.hours_follow")
"""Beginnings of the keys of the law that say where people stand; the 2 × 2 counts these as placement."""

_NESTED = {
    "diffuse": ("claim before the duty list", "职责清单前的归属度"),
    "sharp": ("claim with a fully clear duty list", "职责清单完全明确时的归属度"),
    "hands_over": ("chance that a case worked here then needs", "办理后需转往的概率"),
}
"""Mappings by code that have no declaration of their own; of titles and sources nothing is told."""


@dataclass(frozen=True)
class Change:
    """One value that differs, with its dotted key, the row of the claims that it serves, and its declaration.

    `group` is one of `GROUPS`; `before` and `after` are None where the value is derived.
    """

    key: str
    row: str
    group: str
    before: Any
    after: Any
    unit: str
    meaning_en: str
    meaning_zh: str

    def sentence(self, chinese: bool) -> str:
        """Return the change as a sentence: two values with an arrow between, and of numbers their unit."""
        meaning = f"{self.meaning_zh}：" if chinese else f"{self.meaning_en.rstrip('.')}: "
        shown = " → ".join(_value(value, self.unit, chinese) for value in (self.before, self.after))
        if self.unit in _BARE or as_percent(self.unit) or not isinstance(self.after, int | float | tuple):
            return meaning + shown
        return f"{meaning}{shown} {UNITS_ZH.get(self.unit, self.unit) if chinese else self.unit}"


def changes(before: Scenario, after: Scenario) -> list[Change]:
    """Return what differs, group by group, in the order of the declarations; what begins on a date is left out."""
    found = [
        dataclasses.replace(change, group=GROUPS[1] if change.key.startswith(_PLACED) else group)
        for part, group in _PARTS
        for change in _below("", getattr(before, part), getattr(after, part), Title())
    ]
    return sorted(found, key=lambda change: GROUPS.index(change.group))


def _change(
    key: str, values: tuple[Any, Any], words: tuple[str, str], unit: str, entry: Title, row: str = ""
) -> Change:
    """Return a change, its group still open; `entry` is that of a list in which it stands."""
    english = f"{entry.en}: {words[0][0].lower()}{words[0][1:]}" if entry.en else words[0]
    chinese = f"{entry.zh}，{words[1]}" if entry.zh else words[1]
    return Change(key, row, "", *values, unit, english, chinese)


def _below(prefix: str, old: Any, new: Any, entry: Title) -> Iterator[Change]:
    """Yield what differs between two dataclasses of a type."""
    for field in dataclasses.fields(new):
        values = getattr(old, field.name), getattr(new, field.name)
        key, known = f"{prefix}{field.name}", declared(field)
        if values[0] == values[1]:
            continue
        if known is not None:
            yield _change(key, values, (known.meaning, known.zh), known.unit, entry, known.row)
        elif dataclasses.is_dataclass(values[1]):
            yield from _below(f"{key}.", *values, entry)
        elif isinstance(values[1], tuple):
            yield from _listed(key, *values)
        elif field.name in _NESTED:
            yield from _mapped(key, *values, _NESTED[field.name], entry)


def _listed(key: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Change]:
    """Yield what differs between two lists of units or kinds, entry by entry; one may be there or not."""
    first, last = ({entry.code: entry for entry in entries} for entries in (old, new))
    for code in dict.fromkeys([*first, *last]):
        title = (last.get(code) or first[code]).title
        entry = Title(zh=title.zh or code, en=title.en or code)
        if code in first and code in last:
            yield from _below(f"{key}.{code}.", first[code], last[code], entry)
        else:
            words = ("Part of the district", "属于本区")
            yield _change(f"{key}.{code}", (code in first, code in last), words, "switch", entry)


def _mapped(
    key: str, old: Mapping[str, float], new: Mapping[str, float], words: tuple[str, str], entry: Title
) -> Iterator[Change]:
    for code in dict.fromkeys([*old, *new]):
        values = old.get(code, 0.0), new.get(code, 0.0)
        if values[0] != values[1]:
            yield _change(f"{key}.{code}", values, (f"{words[0]}, {code}", f"{words[1]}，{code}"), "membership", entry)


def dates_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what begins on a date: day, regime, number of streets, share put into law, half-life of the rest."""
    return [
        {"day": stage.day, "regime": stage.regime, "streets": len(stage.streets),
         **dataclasses.asdict(stage.over(scenario.law).durability)}
        for stage in scenario.stages
    ]  # fmt: skip
