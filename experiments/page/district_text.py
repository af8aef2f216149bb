"""What the District tab says of a picture, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.formatting import shown_in
from experiments.messages import MESSAGES, Language, current_language, in_language, msg, template
from experiments.page.ledger import DAYS_TO_CLOSE
from experiments.page.stage import colour_of, legend, stage_of
from experiments.page.watch import LEVELS, MEASURES, SPEEDS, Picture
from model import Activity
from model.events.columns import reason_of

if TYPE_CHECKING:
    from model import Scenario

__all__ = [
    "STEPS", "case_told", "charts", "charts_told", "hints", "longest_told", "moving", "outcomes_told", "staged",
    "still", "unit_told",
]  # fmt: skip

LONGEST = 8
"""So many of the longest queues are named."""

Facts = list[tuple[str, str]]

STREET_DOES = ("REPORTED", "OWN_WORK", "REFERRED", "WHISTLED", "REJECTED", "SHELVED", "CLOSED", "CLOSED_COSMETICALLY",
               "REOPENED", "DROPPED")  # fmt: skip
DEPARTMENT_DOES = ("OFFERED", "ACCEPTED", "PASSED", "EXPIRED", "ABSENT", "WORK_DONE")

STEPS: dict[str, tuple[Activity, ...]] = {
    "source": (Activity.BORN, Activity.REPORTED, Activity.REPEATED, Activity.PREVENTED),
    "analysis": (Activity.OWN_WORK, Activity.APPROVED, Activity.DECLINED, Activity.SHELVED),
    "whistle": (Activity.WHISTLED, Activity.REFERRED),
    "acceptance": (Activity.SCREENED, Activity.REJECTED, Activity.OFFERED),
    "reporting": (Activity.ACCEPTED, Activity.PASSED, Activity.EXPIRED, Activity.ABSENT, Activity.ASSEMBLED,
                  Activity.STARTED, Activity.HANDED_OVER, Activity.WORK_DONE, Activity.RISEN),
    "supervision": (Activity.PRESSED, Activity.DECIDED),
    "feedback": (Activity.CLOSED, Activity.CLOSED_COSMETICALLY, Activity.REOPENED, Activity.DROPPED, Activity.DONE),
}  # fmt: skip
"""The seven steps, each with what belongs to it in the model."""

_STEP_OF = {activity: step for step, activities in STEPS.items() for activity in activities}


def hints(picture: Picture) -> list[str]:
    """Return a line for each unit: its queue, its hours, and for a street what is closed on time."""
    backlog, workload, closure = (picture.measures[name] for name in ("backlog", "workload", "closure"))
    return [
        msg("watch_hint", queued=f"{queued:,}", days=_number(days, 1), hours=_percent(hours))
        + (msg("watch_hint_closure", closure=_percent(closed), days=DAYS_TO_CLOSE) if closed is not None else "")
        for queued, days, hours, closed in zip(picture.queued, backlog, workload, closure, strict=True)
    ]


def longest_told(picture: Picture, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the named units with the most days of work in their queues, the longest first."""
    backlog, workload = picture.measures.get("backlog", ()), picture.measures.get("workload", ())
    queued = [(days, row) for row in names if row < len(backlog) and (days := backlog[row])]
    return [
        {"row": row, "name": names[row],
         "words": msg("watch_longest_words", days=_number(days, 1), hours=_percent(workload[row]))}
        for days, row in sorted(queued, reverse=True)[:LONGEST]
    ]  # fmt: skip


def unit_told(picture: Picture, names: Mapping[int, str], streets: int) -> dict[str, Any] | None:
    """Return the selected unit: its facts, and what it did today.

    Parameters
    ----------
    picture : Picture
    names : mapping
        By row of the unit table.
    streets : int
        So many rows, the first ones, are streets.
    """
    unit = picture.unit
    if unit is None:
        return None
    street = unit["row"] < streets
    return {
        "name": names.get(unit["row"], ""),
        "facts": list(_facts(unit, picture, street)),
        "did": list(_did(unit["did"], STREET_DOES if street else DEPARTMENT_DOES)),
    }


def _power(unit: Mapping[str, Any], street: bool) -> str:
    if street and unit["delegated"] > 0.0:
        return msg("watch_power_part", share=_percent(unit["delegated"]))
    return msg("watch_power_yes" if unit["enforcement"] else "watch_power_no")


def _facts(unit: Mapping[str, Any], picture: Picture, street: bool) -> Iterator[tuple[str, str]]:
    row = unit["row"]
    now, first = unit["staff"], unit["staff_first"]
    yield msg("watch_staff"), f"{now:,}" if now == first else msg("watch_staff_first", now=now, first=first)
    yield msg("watch_powers"), _power(unit, street)
    yield msg("watch_queue"), msg("watch_queue_value", queued=f"{unit['queued']:,}",
                                    days=_number(unit["backlog_days"], 1))  # fmt: skip
    taken, done = unit["week"]
    yield msg("watch_week"), msg("watch_week_value", taken=f"{taken:,}", done=f"{done:,}")
    yield msg("watch_hours"), _percent(picture.measures["workload"][row])
    if street:
        yield msg("watch_whistle"), msg("watch_yes" if unit["whistles"] else "watch_no")
        yield msg("watch_on_time", days=DAYS_TO_CLOSE), _percent(picture.measures["closure"][row])
        yield msg("watch_standing"), _percent(unit["standing"])
        yield msg("watch_credibility"), _percent(unit["credibility"])
    else:
        yield msg("watch_weight"), _percent(unit["street_weight"])
        yield msg("watch_share_on_cases"), _percent(unit["share_on_cases"])
    yield msg("watch_balance"), msg(f"watch_balance_{_side(unit['balance'])}", balance=f"{unit['balance']:+.2f}")


def _side(balance: float) -> str:
    """Return which of authority and responsibility is the greater, by more than a tenth or so."""
    if abs(balance) < EVEN:
        return "even"
    return "power" if balance > 0.0 else "duty"


EVEN = 0.1


def _did(counts: Mapping[str, int], shown: Sequence[str]) -> Iterator[str]:
    """Yield a line a decision that was taken today."""
    for name in shown:
        if counts.get(name):
            yield msg("watch_did", what=msg(f"watch_does_{name}"), count=f"{counts[name]:,}")


def _activity(activity: Activity) -> str:
    """Return what happened: in plain words where the log's own are technical."""
    if f"watch_says_{activity.name}" in MESSAGES:
        return msg(f"watch_says_{activity.name}")
    return activity.zh if current_language() is Language.ZH else activity.en


def case_told(picture: Picture, names: Mapping[int, str], kinds: Sequence[str]) -> dict[str, Any] | None:
    """Return the followed case: what it is, how far it is among the seven steps, and what happened."""
    case = picture.case
    if case is None:
        return None
    events = [(day, Activity(activity), unit, detail) for day, activity, unit, detail in case["events"]]
    reached = ["source", *(_STEP_OF[activity] for _, activity, _, _ in events)]  # every case has one
    furthest = max((list(STEPS).index(step) for step in reached), default=-1)
    alone = case["birth"] is not None and case["birth"][1] <= 1
    events = [each for each in events if not (alone and each[1] is Activity.ASSEMBLED)]  # one unit needs no meeting
    return {
        "what": _problem(case["birth"], kinds),
        "steps": [_step(step, place, furthest, reached) for place, step in enumerate(STEPS)],
        "events": [{"day": msg("watch_on_day", day=f"{day:.1f}"), "words": _event(activity, unit, detail, names)}
                   for day, activity, unit, detail in events],
    }  # fmt: skip


def _step(step: str, place: int, furthest: int, reached: Sequence[str]) -> dict[str, Any]:
    """Return one of the seven steps: passed, passed over, or where the case is."""
    over = place < furthest and step not in reached
    name = msg("watch_step_over", step=msg(f"step_{step}")) if over else msg(f"step_{step}")
    return {"name": name, "done": step in reached, "over": over, "now": bool(reached) and step == reached[-1]}


def _problem(birth: tuple[int, int, int] | None, kinds: Sequence[str]) -> str:
    """Return what the problem is: its kind, how many units it takes, whether it needs enforcement power."""
    if birth is None:
        return msg("watch_problem_unknown")
    kind, parties, power = birth
    needs = msg("watch_problem_one" if parties == 1 else "watch_problem_several", count=parties)
    return msg("watch_problem", kind=kinds[kind], needs=needs) + (msg("watch_problem_power") if power else "")


def _event(activity: Activity, unit: int, detail: int, names: Mapping[int, str]) -> str:
    words = _activity(activity)
    if activity is Activity.PASSED:
        evasive, reason = reason_of(detail)
        why = reason.zh if current_language() is Language.ZH else reason.en
        words += msg("watch_evasive" if evasive else "watch_productive", reason=why)
    return msg("watch_event", unit=names[unit], words=words) if unit in names else words


def charts_told(picture: Picture) -> list[dict[str, Any]]:
    """Return the live charts: title, unit, and lines of a value a day."""
    series = picture.series
    backlog, workload = ([(level, f"{name}_{level}") for level in LEVELS] for name in ("backlog", "workload"))
    return [
        _chart("closure", "percent", series, [("real", "real"), ("declared", "declared")], 100.0),
        _chart("backlog", "cases", series, backlog),
        _chart("passes", "cases", series, [("passes", "passes"), ("closed", "closed"), ("reported", "reported")]),
        _chart("workload", "percent", series, workload, 100.0),
    ]


POINTS = 180
"""A chart has no more points than its width shows."""


def _chart(
    name: str, unit: str, series: Mapping[str, Sequence[float | None]], lines: Sequence[tuple[str, str]],
    factor: float = 1.0,
) -> dict[str, Any]:  # fmt: skip
    length = max((len(series[key]) for _, key in lines if key in series), default=0)
    step = max(1, -(-length // POINTS))
    thinned = {label: series.get(key, ())[::-1][::step][::-1] for label, key in lines}
    shown = [
        {"name": msg(f"watch_line_{label}"), "place": place, "values": [_scaled(value, factor) for value in values]}
        for place, (label, values) in enumerate(thinned.items())
        if any(value is not None for value in values)
    ]
    ends = [msg("watch_on_day", day=day) if length else "" for day in (1, length)]
    return {"title": msg(f"watch_chart_{name}", days=DAYS_TO_CLOSE), "unit": msg(f"watch_unit_{unit}"),
            "lines": shown, "first": ends[0], "last": ends[1]}  # fmt: skip


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 2)


def outcomes_told(picture: Picture, names: Sequence[str]) -> Facts:
    """Return outcomes of the run that has ended, with their units."""
    from experiments.formatting import digits_of, number, title, unit
    from model import OUTCOMES

    found = picture.outcomes or {}
    return [
        (title(OUTCOMES[name]), f"{number(found[name], OUTCOMES[name], digits_of(found[name], OUTCOMES[name]))} "
                                f"{unit(OUTCOMES[name])}".strip())
        for name in names
        if name in found
    ]  # fmt: skip


def _number(value: float | None, digits: int) -> str:
    return msg("undefined") if value is None else f"{value:,.{digits}f}"


def _percent(value: float | None) -> str:
    return msg("undefined") if value is None else msg("brief_unit_share", number=f"{100 * value:.0f}")


def staged(scenario: Scenario, language: Language) -> dict[str, Any]:
    """Return where everything stands and what it is called."""
    with in_language(language):
        return stage_of(scenario)


def still(stage: Mapping[str, Any], measure: str, language: Language) -> dict[str, Any]:
    """Return what stays the same while days pass: words, speeds, measures, what colours mean."""
    with in_language(language):
        counts = {name: len(stage[name]) for name in ("streets", "departments")}
        words = {name: template(f"watch_{name}") for name in _SAID}
        words |= {"map": msg("watch_map", **counts), "day": msg("watch_time")}
        return {"words": words, "speeds": _speeds(), "measures": _measures(), "legend": legend(measure),
                "terms": [(msg(f"watch_term_{name}"), msg(f"watch_term_{name}_means", days=DAYS_TO_CLOSE))
                          for name in _TERMS]}  # fmt: skip


def moving(stage: Mapping[str, Any], picture: Picture, measure: str, language: Language) -> dict[str, Any]:
    """Return what changes with every picture."""
    names = {each["row"]: each["name"] for group in ("streets", "departments") for each in stage[group]}
    with in_language(language):
        return {
            "frame": picture.day, "ready": bool(picture.queued), "playing": picture.playing, "over": picture.over,
            "trouble": msg("watch_broken", why=picture.trouble) if picture.trouble else "",
            "day": _day(picture), "today": _today(picture), **_units(picture, measure, [*names]),
            "queued": list(picture.queued), "flows": [list(each) for each in picture.flows],
            "unit": unit_told(picture, names, len(stage["streets"])),
            "longest": longest_told(picture, names),
            "followed": case_told(picture, _all_names(stage, names), stage["kinds"]),
            "result": outcomes_told(picture, shown_in("headline")),
        }  # fmt: skip


def charts(picture: Picture, language: Language) -> list[dict[str, Any]]:
    """Return the live charts."""
    with in_language(language):
        return charts_told(picture)


def _all_names(stage: Mapping[str, Any], names: Mapping[int, str]) -> dict[int, str]:
    """Return names of all rows: a street's communities and team are named by the street, a city unit by its own."""
    streets, departments = len(stage["streets"]), len(stage["departments"])
    named = {row: names[row] for row in range(streets)}
    for group, key in ((1, "community"), (2, "team")):
        named |= {group * streets + row: f"{names[row]} · {msg(f'watch_line_{key}')}" for row in range(streets)}
    first = 3 * streets
    named |= {first + place: names[first + place] for place in range(departments)}
    city = {
        first + departments + place: f"{names[first + place]} · {msg('watch_line_city')}"
        for place in range(departments)
    }
    return named | city


def _units(picture: Picture, measure: str, rows: Sequence[int]) -> dict[str, Any]:
    if not picture.queued:
        return {"colours": {}, "notes": {}}
    values, told = picture.measures[measure], hints(picture)
    return {
        "colours": {str(row): colour_of(measure, values[row]) for row in rows},
        "notes": {str(row): told[row] for row in rows},
    }


def _day(picture: Picture) -> str:
    if not picture.queued:
        return "" if picture.trouble else msg("watch_preparing")
    return msg("watch_over") if picture.over else msg("watch_day", day=picture.day, days=picture.days)


def _today(picture: Picture) -> list[tuple[str, str]]:
    names = {"reported": "reported", "closed": "closed", "passes": "passed", "open": "open"}
    return [(msg(f"watch_{key}_today"), f"{picture.today.get(name, 0):,.0f}") for name, key in names.items()]


def _speeds() -> list[dict[str, Any]]:
    return [{"days": days, "name": msg("watch_days_a_second", count=days)} for days in SPEEDS]


def _measures() -> list[dict[str, str]]:
    return [{"code": name, "name": msg(f"watch_measure_{name}")} for name in MEASURES]


_SAID = ("play", "pause", "step", "reset", "speed", "colour", "streets", "departments", "choose", "nobody", "today",
         "did_nothing", "case", "follow", "unfollow", "no_case", "result", "longest", "nobody_waits", "terms",
         "all_units", "first", "named", "in_unit",
         "today_note")  # fmt: skip

_TERMS = ("case", "street", "department", "whistle", "open", "queue", "closed", "passed", "hours", "balance", "weight")
