"""The home tab: one problem told twice, the answer, the levers, what was kept; doors to everything else."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import solara

from experiments.front import known_front, median
from experiments.levers import LEVERS, values_of
from experiments.messages import Language, in_language, msg, template
from experiments.page import answer
from experiments.page.briefs import Brief, Briefs
from experiments.page.jobs import Order
from experiments.page.live import FIRST_SEED, HEADLINE, POOL, Live, look_up
from experiments.page.package import BASES, BEFORE, Choice, Package, shipped
from experiments.page.shelf import Card, Shelf
from experiments.page.state import TABS, State
from experiments.page.story_words import story_told
from experiments.page.streets import street_map
from experiments.page.view import view
from experiments.stats.ensemble import CLOSURE
from model import ConfigError, fingerprint

STARTS = {"before": "inverted", "after": "flattened", "today": "today"}  # to which all levers are set at once
FILLED = ("flattened", "today", "rules_only", "placement_only", "flattened_delegated")  # cards that are always there
TURNS = 2  # that are told
DOORS = ("district", "rules", "compare", "log", "limits")
_LEVERS = ("title", "hint", "more", "undo", "to", "estimate", "computing", "close", "adjust", "of_hundred", "alone",
           "before", "after", "today", "people")  # fmt: skip
_ANSWER = ("question", "against", "cancel", "again", "typical", "estimate", "computing", "change_scale")
_GAINS = ("gains", "kinds", "kinds_all", "kind", "days", "closed", "turn", "try", "no_gain")
_SHELF = ("shelf", "keep", "name", "keep_it", "remove", "brief", "cancel", "compare_two", "chosen",
          "link", "old", "of_hundred")  # fmt: skip
_BELOW = ("trust", "trust_more", "doors")


class Home:
    """What the home tab of one browser tab holds beside its state: its answer, its shelf and its briefs."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.live = Live()
        self.briefs = Briefs()
        self.shelf: Shelf | None = None
        self.cards = solara.reactive(tuple[Card, ...]())
        self.told = solara.reactive("")
        self.serial = solara.reactive(0)  # of the last setting of levers that was taken

    def look(self) -> None:
        """Answer for the package and the base as they are."""
        self.live.look(self._state.base.value, self._state.package.value)

    def set_levers(self, given: Any) -> None:
        """Set levers by name, and say which setting it was."""
        package = self._state.package.value
        for name, value in dict(given.get("values", {})).items():
            if name in LEVERS and isinstance(value, int | float) and LEVERS[name].low <= value <= LEVERS[name].high:
                package = package.with_values(LEVERS[name].settings(float(value)))
        self._state.change(package)
        self.serial.set(int(given.get("serial", 0)))

    def choose(self, given: Any) -> None:
        """Take a package by its preset and values, and a base where one is given."""
        try:
            package, base = (_package(given.get(side)) for side in ("package", "base"))
        except (ConfigError, TypeError, ValueError, AttributeError):
            return
        if base is not None:
            self._state.base.set(base)
        if package is not None:
            self._state.change(package)

    def open_shelf(self, key: Any) -> None:
        """Read the shelf of whoever holds a key."""
        try:
            self.shelf = Shelf(str(key))
        except ValueError:
            return
        self._show()

    def keep(self, name: Any) -> None:
        """Keep the package as it is, with its answer."""
        seen = self.live.seen.value
        if self.shelf is None:
            return
        with in_language(self._state.language.value):
            row = answer.rulers(seen)[0]
        closure = (row["before"], row["after"])
        card = Card(str(name), seen.package, seen.base, closure, row["gaining"], row["count"],
                    datetime.datetime.now(datetime.UTC).date().isoformat(), fingerprint())  # fmt: skip
        try:
            self.shelf.keep(card)
        except ValueError:
            self.told.set("home_shelf_full")
            return
        self._show()

    def remove(self, code: Any) -> None:
        if self.shelf is not None:
            self.shelf.remove(str(code))
            self._show()

    def _show(self) -> None:
        assert self.shelf is not None
        self.cards.set(self.shelf.cards)
        self.told.set("home_shelf_damaged" if self.shelf.damaged else
                      "home_shelf_unwritable" if self.shelf.unwritable else "")  # fmt: skip

    def close(self) -> None:
        """End what runs for this tab."""
        self.live.close()
        self.briefs.close()


def _package(given: Mapping[str, Any] | None) -> Package | None:
    """Return a package as a view gives it; raises a `ConfigError` for one that there cannot be."""
    if given is None:
        return None
    return Package(str(given["preset"])).with_values(dict(given.get("values", {})))


def as_given(package: Package) -> dict[str, Any]:
    """Return a package as a view gives it back."""
    return {"preset": package.preset, "values": dict(package.values)}


@solara.component
def HomeTab(state: State, home: Home) -> None:
    """Show story, answer, levers and shelf."""
    package, base = state.package.value, state.base.value
    solara.use_effect(POOL.warm, [])
    solara.use_effect(home.look, [package, base])
    with solara.Div(classes=["whistle", "home"]):
        Head(state, home)
        with solara.Div(classes=["home-columns"]):
            Levers(state, home)
            Answer(state, home)
        Gains(state, home)
        Kept(state, home)
        with solara.Div(classes=["home-below"]):
            Streets(state, home)
            Below(state, home)


@solara.component
def Head(state: State, home: Home) -> None:
    """Tell the answer in a sentence, and the story."""
    seen, language, chosen = home.live.seen.value, state.language.value, solara.use_reactive("")
    with in_language(language):
        view("head")(
            headline=answer.headline(seen), story=story_told(chosen.value), event_tell=chosen.set,
            words={"answer": msg("page_tab_home"), "kind": msg("home_kind"), "notice": msg("page_notice")},
        )  # fmt: skip


@solara.component
def Levers(state: State, home: Home) -> None:
    """Show the eight levers."""
    language, package, seen = state.language.value, state.package.value, home.live.seen.value
    known = solara.use_memo(lambda: _levers(language), [language])
    with in_language(language):
        row = answer.rulers(seen)[0]
        before, after = answer.shown_pair(row["before"], row["after"])
        view("levers")(
            levers=known, values=solara.use_memo(lambda: values_of(package.scenario()), [package]),
            serial=home.serial.value, estimate=_estimate(package), can_undo=bool(state.before.value),
            starts=[{"name": msg(f"home_{short}"), "package": as_given(Package(name)),
                     "chosen": package == Package(name)} for short, name in STARTS.items()],
            words={name: template(f"home_{name}") for name in _LEVERS},
            bar={"before": before, "after": after, "worlds": row["words"], "empty": not seen.worlds},
            event_set_levers=home.set_levers, event_choose=home.choose, event_undo=lambda *_: state.undo(),
            event_more=lambda *_: state.tab.set("rules"),
        )  # fmt: skip


def _levers(language: Language) -> list[dict[str, Any]]:
    """Return the levers with what each does alone, in requests of 100, and whom it moves."""
    known = known_front()
    with in_language(language):
        found = [
            {"name": name, "title": lever.title(), "unit": lever.unit(), "stops": list(lever.stops),
             "before": lever.before, "after": lever.after, "today": lever.today, "turned": lever.turned,
             "never": lever.counts, "alone": "", "people": 0.0}
            for name, lever in LEVERS.items()
        ]  # fmt: skip
        for each in found:
            measured = known.levers.get(str(each["name"])) if known else None
            if measured is None:
                continue
            each |= {"alone": msg("home_effect", size=_signed(100 * measured.alone[1])), "people": measured.people}
    return found


def _signed(value: float) -> str:
    return f"{round(value):+d}".replace("-", "−") if round(value) else "0"


def _estimate(package: Package) -> dict[str, Any] | None:
    """Return what the browser needs to estimate; None where something beyond the levers was changed.

    The estimate is of means over worlds, what is shown are medians: it is shifted so that the preset is as it is shown.
    """
    known = known_front()
    if known is None or package.preset not in known.packages or not within_levers(package):
        return None
    estimate, preset = known.estimate, package.preset
    there = estimate.at(values_of(Package(preset).scenario()), preset)
    levels = {name: known.packages[preset].median(name) for name in CLOSURE}
    return {
        "levers": list(estimate.levers), "knots": {name: list(map(list, at)) for name, at in estimate.knots.items()},
        "terms": [list(term) for term in estimate.terms], "rest": estimate.rest.get(preset, 0.0),
        "points": list(map(list, estimate.points)),
        "outcomes": {
            name: {"coefficients": list(estimate.coefficients[name]), "link": estimate.link[name],
                   "reach": list(estimate.reach[name]), "weights": list(estimate.weights[name]),
                   "anchor": estimate.anchors.get(preset, {}).get(name, 0.0), "shift": (level or 0.0) - there[name]}
            for name, level in levels.items()
        },
    }  # fmt: skip


def within_levers(package: Package) -> bool:
    """Tell whether a package differs from a preset by the levers alone."""
    keys = {key for lever in LEVERS.values() for key in lever.keys}
    return {key for key, _ in package.values} <= keys


@solara.component
def Answer(state: State, home: Home) -> None:
    """Show the three rulers and what goes with them."""
    seen, language = home.live.seen.value, state.language.value

    def set_base(preset: Any) -> None:
        found = next((each for each in BASES if each.preset == preset), None)
        if found is not None:
            state.base.set(found)

    with in_language(language):
        bases = [{"code": each.preset, "name": answer.name_of(each)} for each in BASES]
        view("answer")(
            rulers=answer.rulers(seen), progress=answer.progress(seen), serial=home.serial.value,
            bases=bases if state.base.value in BASES else [{"code": "", "name": answer.name_of(seen.base)}, *bases],
            base=state.base.value.preset if state.base.value in BASES else "",
            words={name: template(f"home_{name}") for name in _ANSWER},
            event_set_base=set_base, event_cancel=lambda *_: home.live.cancel(), event_again=lambda *_: home.look(),
        )  # fmt: skip


@solara.component
def Gains(state: State, home: Home) -> None:
    """Show who is busier, which kinds of problem gain, and what would turn the answer."""
    seen = home.live.seen.value
    with in_language(state.language.value):
        view("gains")(
            measures=answer.measures(seen), kinds=answer.kinds(seen), turns=_turns(),
            words={name: template(f"home_{name}") for name in _GAINS}, event_choose=home.choose,
        )  # fmt: skip


def _turns() -> list[dict[str, Any]]:
    """Return the changes of the reform under which the answer turns, in words; not what the district itself may be."""
    known = known_front()
    found = []
    for each in known.turns if known else ():
        closed = median(each.outcomes[HEADLINE])
        if not each.assumed and closed is not None:
            found.append({
                "words": msg("home_turned", what=msg(f"turn_{each.name}"), closed=f"{100 * closed:.0f}"),
                "package": {"preset": each.preset, "values": dict(each.values)},
            })  # fmt: skip
    return found[:TURNS]


@solara.component
def Kept(state: State, home: Home) -> None:
    """Show the shelf: cards that are always there, and those of the user."""
    language, briefs = state.language.value, home.briefs.shown.value

    def show_two(codes: Any) -> None:
        found = [cards[code] for code in codes if code in cards]
        if len(found) == 2:
            home.choose({"base": found[0]["package"], "package": found[1]["package"]})

    with in_language(language):
        cards = {each["code"]: each for each in [*_filled(state), *_own(state, home.cards.value)]}
        mine = (state.base.value, state.package.value)
        view("shelf")(
            cards=[{**each, "on": (each["base"], each["package"]) == tuple(map(as_given, mine)),
                    "brief": _brief(briefs.get(each["code"]))} for each in cards.values()],
            told=msg(home.told.value) if home.told.value else "", words={n: template(f"home_{n}") for n in _SHELF},
            suggested=answer.name_of(state.package.value), busy=home.live.seen.value.busy,
            event_open=home.open_shelf, event_keep=home.keep, event_remove=home.remove, event_choose=home.choose,
            event_show_two=show_two,
            event_brief=lambda code: home.briefs.start(code, _order(cards, code), language),
            event_cancel=home.briefs.cancel,
        )  # fmt: skip


def _order(cards: Mapping[str, Mapping[str, Any]], code: Any) -> Order:
    """Return the comparison of a card."""
    packages = tuple(_package(cards[code][side]) or BEFORE for side in ("base", "package"))
    return Order(packages, Choice.pairs, FIRST_SEED, {})


def _filled(state: State) -> list[dict[str, Any]]:
    """Return the cards that are always there, from what was measured."""
    base = state.base.value
    found = []
    for preset in FILLED:
        seen = look_up(base, Package(preset))
        if preset != base.preset and len(seen.worlds) == seen.planned:
            row = answer.rulers(seen)[0]
            card = Card(answer.name_of(seen.package), seen.package, base, (None, None), 0, 0, "", "", preset)
            found.append(_card(card, row, state))
    return found


def _own(state: State, cards: Sequence[Card]) -> list[dict[str, Any]]:
    """Return the cards that the user has kept."""
    return [
        _card(card, {"before": card.closure[0], "after": card.closure[1], "gaining": card.better, "count": card.worlds},
              state)
        | {"own": True, "old": card.fingerprint != fingerprint()}
        for card in cards
    ]  # fmt: skip


def _card(card: Card, row: Mapping[str, Any], state: State) -> dict[str, Any]:
    before, after = answer.shown_pair(row["before"], row["after"])
    link = dataclasses.replace(state.link, tab=TABS[0], package=card.package, base=card.base)
    return {
        "code": card.code, "name": card.name, "package": as_given(card.package), "base": as_given(card.base),
        "before": before, "after": after, "worlds": msg("home_card_worlds", better=row["gaining"], count=row["count"]),
        "against": msg("home_card_against", title=answer.name_of(card.base)), "link": link.query(), "own": False,
        "date": card.date, "old": False,
    }  # fmt: skip


def _brief(brief: Brief | None) -> dict[str, Any] | None:
    """Return how far a brief is, in words, and its files."""
    if brief is None:
        return None
    now = brief.progress
    return {
        "busy": now.busy, "words": msg(f"compare_phase_{now.phase}", done=now.done, planned=now.planned),
        "trouble": now.trouble, "files": [{"name": msg(f"compare_file_{name}"), "file": name, "address": address}
                                          for name, address in brief.files.items()],
    }  # fmt: skip


@solara.component
def Streets(state: State, home: Home) -> None:
    """Show the map of streets, before and after."""
    seen = home.live.seen.value
    before, after = (answer.streets(side, seen.worlds) for side in (seen.before, seen.after))
    street_map(shipped(BEFORE.preset), before, after, state.language.value)


@solara.component
def Below(state: State, home: Home) -> None:
    """Tell how far to trust all this, and lead to the other tabs."""
    with in_language(state.language.value):
        view("below")(
            words={name: template(f"home_{name}") for name in _BELOW}, trust=answer.trust(home.live.seen.value),
            doors=[{"code": tab, "name": msg(f"page_tab_{tab}"), "words": msg(f"home_door_{tab}")} for tab in DOORS],
            event_open=lambda tab: state.tab.set(tab) if tab in TABS else None,
        )  # fmt: skip
