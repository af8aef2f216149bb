"""The District tab: a district is watched day by day, and told in words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import solara

from experiments.colours import BEFORE, INK, PACKAGE, QUIET, SERIES
from experiments.formatting import digits_of, number, shown_in, title, unit
from experiments.messages import MESSAGES, Language, current_language, in_language, msg, template
from experiments.page.host import FASTEST, SPEEDS, Orders, Watch
from experiments.page.package import Package
from experiments.page.stage import colour_of, legend, nice, stage_of
from experiments.page.state import State
from experiments.page.trade_words import TERMS as TRADE_TERMS
from experiments.page.trade_words import Names, powers_held, told, trade_event, unit_facts, unit_lists
from experiments.page.trading import LINES
from experiments.page.view import parts, view
from experiments.page.watch import MEASURES, SHOWN_BEFORE, SIDES, Picture
from model import OUTCOMES, Activity
from model.events.columns import reason_of
from model.terms import TRADED

if TYPE_CHECKING:
    from model import Scenario

BETWEEN_CHARTS = 1.0  # seconds between two drawings of the charts; the map moves faster


class Watching:
    """The district of one tab, which goes on while other tabs are open and ends with the page."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.picture = solara.reactive(Picture())
        self.charted = solara.reactive(Picture())
        self.speed = solara.reactive(Orders().speed)
        self.measure = solara.reactive(MEASURES[0])
        self.selected: solara.Reactive[int | None] = solara.reactive(None)
        self.watch = Watch(self.scenario(), state.seed.value, self._show, Orders())  # not begun
        self._drawn = 0.0

    def scenario(self) -> Scenario:
        package: Package = self._state.running.value.package
        return package.scenario()

    def begin(self) -> None:
        """Start the run, where it has not been started: a tab that is not looked at costs nothing."""
        if self.watch.ident is None:
            self.start()

    def start(self, play: bool = False) -> None:
        """Start the run again under the rules as they are now, and let days pass at once where asked."""
        self.watch.close()
        self._state.running.set(self._state.link)
        self.picture.set(Picture())
        self.charted.set(Picture())
        orders = Orders(play, self.speed.value, self.selected.value)
        self.watch = Watch(self.scenario(), self._state.seed.value, self._show, orders)
        self.watch.start()

    def _show(self, picture: Picture) -> None:
        self.picture.set(picture)
        now = time.monotonic()
        if not picture.playing or now - self._drawn > BETWEEN_CHARTS:
            self._drawn = now
            self.charted.set(picture)

    def set_speed(self, days: Any) -> None:
        if days in SPEEDS:
            self.speed.set(int(days))
            self.watch.order(speed=int(days))

    def set_measure(self, name: Any) -> None:
        if name in MEASURES:
            self.measure.set(str(name))

    def select(self, row: Any) -> None:
        """Describe a unit, or none."""
        if row is None or (isinstance(row, int) and 0 <= row < len(self.picture.value.queued)):
            self.selected.set(row)
            self.watch.order(selected=row)


@solara.component
def DistrictTab(state: State, watching: Watching) -> None:
    """Show the district that runs."""
    language, running, measure = state.language.value, state.running.value, watching.measure.value
    picture, charted = watching.picture.value, watching.charted.value
    stage = solara.use_memo(lambda: stage_of(watching.scenario(), language), [language, running])
    view("district")(
        stage=stage, measure=measure, speed=watching.speed.value, selected=watching.selected.value,
        **solara.use_memo(lambda: still(stage, measure, language), [stage, measure, language]),
        **moving(stage, picture, measure, language),
        charts=solara.use_memo(lambda: charts(charted, language), [charted, language]),
        components=parts("spots"),
        event_play=lambda on: watching.watch.order(playing=bool(on)),
        event_step=lambda *_: watching.watch.order(steps=1), event_reset=lambda *_: watching.start(),
        event_set_speed=watching.set_speed, event_set_measure=watching.set_measure, event_select=watching.select,
        event_follow=lambda on: watching.watch.order(followed=0 if on else None),
    )  # fmt: skip


NAMED = 3  # streets with the longest queues that are named on the map
POINTS = 180  # a chart has no more points than its width shows
EVEN = 0.1  # balance of authority and responsibility up to which they are about even
TODAY = {"reported": "reported", "closed": "closed", "passed": "passes"}  # words: counts of the day
STREET_DOES = ("REPORTED", "OWN_WORK", "REFERRED", "WHISTLED", "REJECTED", "SHELVED", "CLOSED", "CLOSED_COSMETICALLY",
               "REOPENED", "DROPPED")  # fmt: skip
DEPARTMENT_DOES = ("OFFERED", "ACCEPTED", "PASSED", "EXPIRED", "ABSENT", "WORK_DONE")
STREET_FACTS = ("whistle", "on_time", "standing", "credibility")
DEPARTMENT_FACTS = ("weight", "share_on_cases")

STEPS: dict[str, tuple[Activity, ...]] = {  # the seven, each with what belongs to it in the model
    "source": (Activity.BORN, Activity.REPORTED, Activity.REPEATED, Activity.PREVENTED),
    "analysis": (Activity.OWN_WORK, Activity.APPROVED, Activity.DECLINED, Activity.SHELVED),
    "whistle": (Activity.WHISTLED, Activity.REFERRED, Activity.WITHDRAWN),
    "acceptance": (Activity.SCREENED, Activity.REJECTED, Activity.OFFERED),
    "reporting": (Activity.ACCEPTED, Activity.PASSED, Activity.EXPIRED, Activity.ABSENT, Activity.ASSEMBLED,
                  Activity.STARTED, Activity.HANDED_OVER, Activity.WORK_DONE, Activity.RISEN),
    "supervision": (Activity.PRESSED, Activity.DECIDED),
    "feedback": (Activity.CLOSED, Activity.CLOSED_COSMETICALLY, Activity.REOPENED, Activity.DROPPED, Activity.DONE),
}  # fmt: skip
_STEP_OF = {activity: step for step, activities in STEPS.items() for activity in activities}
CHARTS = (  # live ones: name, unit, series
    ("closure", "percent", ("real", "declared")),
    ("backlog", "cases", tuple(f"backlog_{side}" for side in SIDES)),
    ("passes", "cases", ("closed", "passes", "reported")),
    ("workload", "percent", tuple(f"workload_{side}" for side in SIDES)),
    ("trade", "number", LINES),
)
DASHES = ("", "7 4", "2 3")
STYLES = {  # colour and dashes of a line, the same in every chart: blue is what is really closed
    "real": (PACKAGE, DASHES[0]), "closed": (PACKAGE, DASHES[0]), "declared": (BEFORE, DASHES[1]),
    "passes": (QUIET, DASHES[2]), "reported": (INK, DASHES[1]),
    **{f"{what}_{side}": (INK, dash) for what in ("backlog", "workload")
       for side, dash in zip(SIDES, DASHES, strict=False)},
    **dict(zip(LINES, ((SERIES[1], DASHES[0]), (SERIES[1], DASHES[1]), (SERIES[4], DASHES[0])), strict=True)),
}  # fmt: skip
TEXTS = (
    "play", "pause", "step", "reset", "speed", "colour", "streets", "departments", "search", "nobody", "today",
    "did_nothing", "case", "follow", "unfollow", "no_case", "result", "terms", "all_units", "first", "named", "in_unit",
    "today_note", "hint", "hint_closure", "not_found", "axis", "axis_cut", "table", "charts", "map_title", "now",
    "not_yet",
)  # fmt: skip
TERMS = ("case", "street", "department", "whistle", "queue", "closed", "passed", "hours", "balance", "weight")


def still(stage: Mapping[str, Any], measure: str, language: Language) -> dict[str, Any]:
    """Return what stays the same while days pass: words, speeds, measures, what colours mean."""
    counts = {name: len(stage[name]) for name in ("streets", "departments")}
    with in_language(language):
        return {
            "words": {name: template(f"district_{name}") for name in TEXTS}
            | {"map": msg("district_map", **counts), "day": msg("district_time")},
            "speeds": [{"days": days, "name": _speed(days)} for days in SPEEDS],
            "measures": [{"code": name, "name": msg(f"district_measure_{name}")} for name in MEASURES],
            "legend": legend(measure), "legend_title": msg(f"district_measure_{measure}"),
            "terms": [(msg(f"district_term_{name}"), msg(f"district_term_{name}_means")) for name in TERMS],
        }  # fmt: skip


def _speed(days: int) -> str:
    return msg("district_fastest") if days == FASTEST else msg("district_days_a_second", count=days)


def moving(stage: Mapping[str, Any], picture: Picture, measure: str, language: Language) -> dict[str, Any]:
    """Return what changes with every picture."""
    names = {each["row"]: each["name"] for group in ("streets", "departments") for each in stage[group]}
    with in_language(language):
        colours = [colour_of(measure, value) for value in picture.measures.get(measure, ())]
        figures = list(zip(picture.queued, *(picture.measures.get(name, ()) for name in MEASURES), strict=False))
        ended = picture.outcomes or {}
        outcomes = [(OUTCOMES[name], ended[name]) for name in shown_in("headline") if name in ended]
        here = sorted((row for row in range(len(stage["streets"])) if figures), key=lambda row: -picture.queued[row])
        return {
            "frame": picture.day, "ready": bool(picture.queued), "playing": picture.playing, "over": picture.over,
            "trouble": _trouble(picture), "day": _day(picture), "pace": _pace(picture),
            "today": [(msg(f"district_{each}_today"), f"{picture.today.get(TODAY[each], 0):,.0f}") for each in TODAY],
            "colours": {str(row): colours[row] for row in names if colours},
            "figures": {str(row): figures[row] for row in names if figures},
            "order": list(picture.order), "most": nice(picture.most), "named_rows": here[:NAMED],
            "flows": [list(each) for each in picture.flows],
            "unit": _unit_facts(picture, stage, names),
            "trade": _trade(picture, stage),
            "followed": _case_text(picture.case, stage) if picture.case else None,
            "result": [(title(outcome), f"{number(value, outcome, digits_of(value, outcome))} {unit(outcome)}".strip())
                       for outcome, value in outcomes],
        }  # fmt: skip


def _day(picture: Picture) -> str:
    """Return the day; before the first picture why there is none."""
    if picture.queued:
        return msg("district_over") if picture.over else msg("district_day", day=picture.day, days=picture.days)
    if picture.waiting:
        return msg("district_waiting", place=picture.waiting)
    return "" if picture.trouble or picture.died else msg("district_preparing")


def _trouble(picture: Picture) -> str:
    if picture.died:
        return msg("district_died")
    return msg("district_broken", why=picture.trouble) if picture.trouble else ""


def _pace(picture: Picture) -> str:
    """Return the speed that was reached, where days pass."""
    return "" if picture.pace is None else msg("district_pace", days=f"{picture.pace:.0f}")


def _percent(value: float | None) -> str:
    return msg("undefined") if value is None else msg("brief_unit_share", number=f"{100 * value:.0f}")


def _trade(picture: Picture, stage: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return lines of trade, the card of the district's office, and the words for them; None where nobody trades."""
    if picture.trading is None:
        return None
    terms = [(msg(f"district_term_{name}"), msg(f"district_term_{name}_means")) for name in TRADE_TERMS
             if picture.trading.moves or name == "office"]  # fmt: skip
    return told(picture.trading, _names(stage)) | {"terms": terms}


def _names(stage: Mapping[str, Any]) -> Names:
    """Return the names of all units, in the order of the unit table's rows, and of kinds of cases."""
    streets, departments = ([each["name"] for each in stage[group]] for group in ("streets", "departments"))
    levels = ((streets, ""), (streets, "community"), (streets, "team"), (departments, ""), (departments, "city"))
    units = [
        f"{name} · {msg(f'district_line_{level}')}" if level else name for units, level in levels for name in units
    ]
    return Names(units, stage["kinds"])


def _unit_facts(picture: Picture, stage: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any] | None:
    """Return the selected unit: its facts, and how often it decided what today; the first rows are streets."""
    seen, trading = picture.unit, picture.trading
    if seen is None:
        return None
    street, (taken, done), balance = seen["row"] < len(stage["streets"]), seen["week"], seen["balance"]
    side = "even" if abs(balance) < EVEN else "power" if balance > 0.0 else "duty"
    power = "part" if street and seen["delegated"] > 0.0 else "yes" if seen["enforcement"] else "no"
    staff = {"now": seen["staff"], "first": seen["staff_first"]}
    shares = {name: seen[name] for name in ("standing", "credibility", "share_on_cases")}
    shares |= {"weight": seen["street_weight"], "hours": picture.measures["workload"][seen["row"]],
               "on_time": picture.measures["closure"][seen["row"]]}  # fmt: skip
    texts = {
        "staff": msg("district_staff_now" if staff["now"] == staff["first"] else "district_staff_first", **staff),
        "powers": msg(f"district_power_{power}", share=_percent(seen["delegated"])),
        "queue": msg("district_queue_value", queued=f"{seen['queued']:,}", days=f"{seen['backlog_days']:,.1f}"),
        "week": msg("district_week_value", taken=f"{taken:,}", done=f"{done:,}"),
        "whistle": msg("district_yes" if seen["whistles"] else "district_no"),
        "balance": msg(f"district_balance_{side}"),
        **{name: _percent(share) for name, share in shares.items()},
    }
    shown = ("staff", "powers", "queue", "week", "hours", *(STREET_FACTS if street else DEPARTMENT_FACTS), "balance")
    does, counts = STREET_DOES if street else DEPARTMENT_DOES, seen["did"]
    traded = trading.unit if trading is not None else None
    texts["powers"] += powers_held(seen["row"], traded) if traded else ""
    facts = [(msg(f"district_{name}"), texts[name]) for name in shown]
    return {
        "name": names.get(seen["row"], ""),
        "facts": [*facts, *unit_facts(traded, trading)] if traded and trading else facts,
        "lists": unit_lists(seen["row"], traded, _names(stage)) if traded else [],
        "did": [msg("district_did", what=msg(f"district_does_{name}"), count=f"{counts[name]:,}")
                for name in does if counts.get(name)],
    }  # fmt: skip


def _case_text(case: Mapping[str, Any], stage: Mapping[str, Any]) -> dict[str, Any]:
    """Return the followed case: what it is, how far it is among the seven steps, and what happened."""
    names = _names(stage)
    events = [(day, Activity(activity), row, detail) for day, activity, row, detail in case["events"]]
    reached = ["source", *(_STEP_OF[activity] for _, activity, _, _ in events)]  # every case has one
    furthest = max(list(STEPS).index(step) for step in reached)
    steps = []
    for place, step in enumerate(STEPS):
        over, name = place < furthest and step not in reached, msg(f"step_{step}")
        shown = msg("district_step_over", step=name) if over else name
        steps.append({"name": shown, "done": step in reached, "over": over, "now": step == reached[-1]})
    what, alone = msg("district_problem_unknown"), False
    if case["birth"] is not None:
        kind, parties, power = case["birth"]
        alone = parties <= 1  # one unit needs no meeting
        needs = msg("district_problem_one" if parties == 1 else "district_problem_several", count=parties)
        what = msg("district_problem", kind=stage["kinds"][kind], needs=needs)
        what += msg("district_problem_power") if power else ""
    return {
        "what": what, "steps": steps,
        "events": [{"day": msg("district_on_day", day=f"{day:.1f}"), "words": _event(activity, row, detail, names)}
                   for day, activity, row, detail in events if not (alone and activity is Activity.ASSEMBLED)],
    }  # fmt: skip


def _event(activity: Activity, row: int, detail: int, names: Names) -> str:
    """Return what happened: in plain words where the log's own are technical."""
    if activity in TRADED:
        return trade_event(activity, row, detail, names)
    key, chinese = f"district_says_{activity.name}", current_language() is Language.ZH
    words = msg(key) if key in MESSAGES else activity.zh if chinese else activity.en
    if activity is Activity.PASSED:
        evasive, reason = reason_of(detail)
        words += msg(
            "district_evasive" if evasive else "district_productive", reason=reason.zh if chinese else reason.en
        )
    return msg("district_event", unit=names.unit(row), words=words) if row >= 0 else words


def charts(picture: Picture, language: Language) -> list[dict[str, Any]]:
    """Return the live charts: title, unit, lines of a value a day, and the day of each value."""
    drawn, series = [], picture.series
    with in_language(language):
        for name, unit_name, lines in CHARTS:
            if name == "trade" and not (picture.trading and picture.trading.moves):
                continue
            length = max(len(series.get(line, ())) for line in lines)
            step, factor = max(1, -(-length // POINTS)), 100.0 if unit_name == "percent" else 1.0
            days = [picture.day - length + 1 + place for place in range(length)][::-step][::-1]
            shown = []
            for line in lines:
                values = series.get(line, ())[::-step][::-1]
                if any(value is not None for value in values):
                    scaled = [None if value is None else round(value * factor, 2) for value in values]
                    colour, dash = STYLES[line]
                    words = msg(f"district_line_{line.removeprefix(f'{name}_')}")
                    shown.append({"name": words, "colour": colour, "dash": dash, "values": scaled})
            drawn.append({"title": msg(f"district_chart_{name}"), "lines": shown, "days": days,
                          "unit": msg(f"district_unit_{unit_name}"), "whole": unit_name != "percent",
                          "first": msg("district_before", days=SHOWN_BEFORE) if length else "",
                          "last": msg("district_on_day", day=picture.day) if length else ""})  # fmt: skip
    return drawn
