"""The page: one per tab of the browser, with a state and a district of its own; its head, and what is not known."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import solara

from experiments import fonts
from experiments.blocks import Block, Definitions, Heading, Notice, Paragraph, Table
from experiments.colours import css
from experiments.formatting import decimals, number, range_text, shown_in, title, unit
from experiments.messages import MESSAGES, Language, current_language, in_language, msg
from experiments.page.compare_tab import CompareTab, Comparing
from experiments.page.controls import WORKS, control_of, shown_value
from experiments.page.district_tab import DistrictTab, Watching
from experiments.page.home_tab import Home, HomeTab
from experiments.page.log_tab import LogTab, Reading
from experiments.page.package import Choice
from experiments.page.python_text import python_of
from experiments.page.rules_tab import RulesTab
from experiments.page.state import TABS, State, parse_link
from experiments.page.view import VIEWS, view
from experiments.report.frame import assumed, glossary, limits, regularities
from model import OUTCOMES, ConfigError, fingerprint

STYLE = "\n".join([css(), fonts.css(), (VIEWS / "page.css").read_text("utf-8")])
NAMES = {Language.ZH: "中文", Language.EN: "English"}
_TEXTS = ("title", "subtitle", "caveat", "language", "running", "notice", "skip", "link", "link_copied", "dismiss",
          "python", "python_hint", "python_copy", "python_copied")  # fmt: skip


@solara.component
def Page() -> None:
    """Make the page that the address asks for; its runs end with it."""
    search = solara.use_router().search or ""
    state = solara.use_memo(lambda: State(*parse_link(search)), [])
    watching = solara.use_memo(lambda: Watching(state), [])
    comparing = solara.use_memo(lambda: Comparing(state), [])
    reading = solara.use_memo(lambda: Reading(state), [])
    home = solara.use_memo(lambda: Home(state), [])

    def run() -> Callable[[], None]:
        def end() -> None:
            watching.watch.close()
            comparing.close()
            reading.close()
            home.close()

        return end

    def start() -> None:
        watching.start(play=True)
        state.tab.set("district")

    def compare() -> None:
        comparing.choose(lambda choice: dataclasses.replace(choice, names=Choice.names, learned=True))
        state.tab.set("compare")

    def begin() -> None:
        if state.tab.value == "district":
            watching.begin()

    solara.use_effect(run, [])
    solara.use_effect(begin, [state.tab.value])
    solara.Style(STYLE)
    Header(state)
    if state.tab.value == "home":
        HomeTab(state, home)
    elif state.tab.value == "district":
        DistrictTab(state, watching)
    elif state.tab.value == "rules":
        RulesTab(state, start)
    elif state.tab.value == "compare":
        CompareTab(state, comparing)
    elif state.tab.value == "log":
        LogTab(state, reading, compare)
    else:
        LimitsTab(state)


@solara.component
def Header(state: State) -> None:
    """Say what the page is and what is running, and lead to the tabs."""
    running = state.running.value
    of_district = state.tab.value in ("district", "rules")  # where it is about the district that is watched
    changed = (running.package, running.seed) != (state.package.value, state.seed.value)
    with in_language(state.language.value):
        misread = [_misread_part(part) for part in state.misread.value]
        told = msg(
            "page_running_is",
            title=running.package.title()[current_language()],
        )
        count = len(running.package.values)
        view("header")(
            words={name: msg(f"page_{name}") for name in _TEXTS},
            languages=[{"code": str(each), "name": name} for each, name in NAMES.items()],
            language=str(state.language.value),
            tabs=[{"code": each, "name": msg(f"page_tab_{each}")} for each in TABS],
            tab=state.tab.value,
            running=told + (f" ({msg('page_changed', count=count)})" if count else "") if of_district else "",
            pending=msg("page_pending") if changed and of_district else "",
            misread=msg("page_misread", parts=msg("list_join").join(misread)) if misread else "",
            link=state.link.query(),
            python=python_of(state.link, running),
            event_speak=lambda code: state.language.set(Language(code)),
            event_open=lambda tab: state.tab.set(tab) if tab in TABS else None,
            event_dismiss=lambda *_: state.misread.set(()),
        )


def _misread_part(part: str) -> str:
    """Return a part of the address; a value of the rules with its name and what is allowed."""
    key, _, value = part.partition("=")
    try:
        control = control_of(key)
    except ConfigError:
        return part
    name, allowed = control["name"], control["allowed"]
    return msg("page_misread_value", name=name, value=shown_value(key, value), allowed=allowed) if allowed else part


@solara.component
def LimitsTab(state: State) -> None:
    """Show what is known and what is not."""
    language, package = state.language.value, state.running.value.package

    def blocks() -> list[dict[str, Any]]:
        with in_language(language):
            return [block.to_dict() for block in _blocks(package.scenario().resolved())]

    view("blocks")(blocks=solara.use_memo(blocks, [package, language]), main=True)


def _blocks(base: Mapping[str, Any]) -> Iterator[Block]:
    yield Notice(msg("report_notice"))
    yield Heading(msg("report_patterns_caption"))
    yield from regularities(fingerprint())
    yield from limits()
    yield from assumed(base)
    yield from _instruments()
    yield from glossary(base, shown_in("report"))
    yield Heading(msg("limits_works"))
    yield Definitions(tuple((name, msg(f"work_{name}")) for name in WORKS))


def _instruments() -> Iterator[Block]:
    """Yield every instrument with what it should move and what was found."""
    from experiments.evidence.instruments import CLAIMS, MEASURED, verdict
    from experiments.evidence.measuring import interval_of

    yield Heading(msg("limits_instruments"))
    yield Paragraph(msg("limits_instruments_note"))
    measured, rows = MEASURED.rows(), []
    for claim in CLAIMS:
        row, outcome, found = measured.get(claim.row), OUTCOMES[claim.outcome], ""
        if row is not None:
            interval = interval_of(row["alone"]["observable"])
            size = number(interval.mean, outcome, decimals(interval, outcome), sign=True)
            bracketed = msg("brief_bracketed", size=size, interval=range_text(interval, outcome))
            found = f"{bracketed} {unit(outcome, difference=True)}"
        name = claim.title_zh if current_language() is Language.ZH else claim.title_en
        rows.append((claim.row, name, title(outcome), msg(f"verdict_{verdict(claim, row)}"), found))
    header = map(msg, ("brief_row", "limits_claim", "limits_moved", "limits_as_claimed", "limits_found"))
    yield Table(tuple(header), tuple(rows), words=4)
    denied = [f"limits_why_{row}" for row, *_, result, _ in rows if result == msg("verdict_disagrees")]
    yield from (Paragraph(msg(key)) for key in denied if key in MESSAGES)
