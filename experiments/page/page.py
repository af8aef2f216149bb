"""The page: one per tab of the browser, with a state and a district of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import solara

from experiments.messages import Language, current_language, in_language, msg
from experiments.page.compare_tab import CompareTab, Comparing
from experiments.page.controls import control_of, shown_value
from experiments.page.district_tab import DistrictTab, Watching
from experiments.page.limits import LimitsTab
from experiments.page.rules_tab import RulesTab
from experiments.page.state import TABS, Link, State, parse_link
from experiments.page.view import view
from model import ConfigError

STYLE = Path(__file__).parent / "views" / "page.css"
NAMES = {Language.ZH: "中文", Language.EN: "English"}


@solara.component
def Page() -> None:
    """Make the page that the address asks for; its runs end with it."""
    search = solara.use_router().search or ""
    state = solara.use_memo(lambda: State(*parse_link(search)), [])
    watching = solara.use_memo(lambda: Watching(state), [])
    comparing = solara.use_memo(lambda: Comparing(state), [])

    def run() -> Callable[[], None]:
        watching.start()
        return end

    def end() -> None:
        watching.close()
        comparing.close()

    def start() -> None:
        watching.start(play=True)
        state.tab.set("district")

    solara.use_effect(run, [])
    solara.Style(STYLE)
    Header(state)
    if state.tab.value == "district":
        DistrictTab(state, watching)
    elif state.tab.value == "rules":
        RulesTab(state, start)
    elif state.tab.value == "compare":
        CompareTab(state, comparing)
    else:
        LimitsTab(state)


@solara.component
def Header(state: State) -> None:
    """Say what the page is and what is running, and lead to the tabs."""
    running = state.running.value
    changed = (running.package, running.seed) != (state.package.value, state.seed.value)
    with in_language(state.language.value):
        misread = [_misread_part(part) for part in state.misread.value]
        view("header")(
            words={name: msg(f"page_{name}") for name in _TEXTS},
            languages=[{"code": str(each), "name": name} for each, name in NAMES.items()],
            language=str(state.language.value),
            tabs=[{"code": each, "name": msg(f"page_tab_{each}")} for each in TABS],
            tab=state.tab.value,
            running=_running(running),
            pending=msg("page_pending") if changed else "",
            misread=msg("page_misread", parts=msg("list_join").join(misread)) if misread else "",
            link=state.link.query(),
            event_speak=lambda code: state.language.set(Language(code)),
            event_open=lambda tab: state.tab.set(tab) if tab in TABS else None,
            event_dismiss=lambda *_: state.misread.set(()),
        )


_TEXTS = ("title", "subtitle", "language", "running", "notice", "skip", "link", "link_copied", "dismiss")


def _misread_part(part: str) -> str:
    """Return a part of the address; a value of the rules with its name and what is allowed."""
    key, _, value = part.partition("=")
    try:
        control = control_of(key)
    except ConfigError:
        return part
    name, allowed = control["name"], control["allowed"]
    return msg("page_misread_value", name=name, value=shown_value(key, value), allowed=allowed) if allowed else part


def _running(running: Link) -> str:
    text = msg("page_running_is", title=running.package.title()[current_language()], seed=running.seed)
    count = len(running.package.values)
    return text + (f" ({msg('page_changed', count=count)})" if count else "")
