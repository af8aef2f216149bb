"""The stories of `results/measured/stories.json` in words: what `<whistle-story>` draws, and what stands around it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from experiments.messages import Language, current_language, msg
from experiments.page.package import shipped
from experiments.store.files import read_measured

SIDES = ("before", "after")
BACK = {"passed", "no_answer", "absent", "rejected", "withdrawn", "declined", "shelved", "handed_over"}
"""Marks that bring a case no further: drawn hollow."""

OPEN = {"dropped", "open"}  # marks at which it ends without being closed
IMPORTANT = ("closed", "dropped", "open", "whistle", "paper", "reopened", "letter", "own_work", "started", "accepted")
"""Marks whose word is left out last; all others come after these, each as it happens."""

UNSEEN = {"reported", "sent", "letter_again"}
"""Marks without a word in the picture where another stands at the same moment."""


def stories() -> list[dict[str, Any]]:
    """Return the stories that were measured last; none before the first measurement."""
    return list(read_measured("stories").get("stories", []))


def story_told(chosen: str = "") -> dict[str, Any] | None:
    """Return the story with this id, or the first one, in the language that is spoken.

    Returns:
        `chosen` and `kinds` (code, name) for a list to choose from, `title`, `parts` of the title (text, side),
        `rule` by which the case was chosen, `share` of its kind that is faster or slower, and `data` of the element;
        None where none was measured.
    """
    found = {each["id"]: each for each in stories()}
    if not found:
        return None
    about = read_measured("stories")
    story = found.get(chosen) or found[about["first"]]
    kind = _kind(story["kind"])
    days = {side: _result(story[side]) for side in SIDES}
    others = [{"code": id_, "name": _named(each)} for id_, each in found.items()]
    shares = {name: f"{100 * story[name]:.0f}" for name in ("faster", "slower")}
    return {
        "chosen": story["id"], "kinds": others, "title": msg("story_title", kind=kind, **days),
        "parts": _parts(kind, days), "data": _data(story),
        "rule": msg("story_rule_worse" if story["id"] != story["kind"] else "story_rule"),
        "share": msg("story_share", **shares),
    }  # fmt: skip


def _named(story: Mapping[str, Any]) -> str:
    """Return what a story is called in a list: its kind, and where that was chosen for it, that it got worse."""
    kind = _kind(story["kind"])
    return kind if story["id"] == story["kind"] else msg("story_slower", kind=kind)


def _kind(code: str) -> str:
    return _names(current_language())[code]


@cache
def _names(language: Language) -> dict[str, str]:
    """Return the titles of kinds and departments by their codes."""
    world = shipped("inverted").world
    named = [(each.code, each.title) for each in world.kinds]
    named += [(each.code, each.named(world.run)) for each in world.departments]
    return {code: str(getattr(title, language)) for code, title in named}


def _result(track: Mapping[str, Any]) -> str:
    return msg("story_never") if track["days"] is None else msg("story_days", count=round(track["days"]))


def _parts(kind: str, days: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the title in pieces, so that each result can have the colour of its side."""
    marked = msg("story_title", kind=kind, **{side: f"\0{side}\0" for side in SIDES})
    return [
        {"text": days[piece], "side": piece} if piece in SIDES else {"text": piece, "side": ""}
        for piece in marked.split("\0")
        if piece
    ]


def _data(story: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the element draws."""
    tracks = {side: _track(side, story[side]) for side in SIDES}
    tracks["after"]["worse"] = story["turned"] == "worse"
    results = {side: _result(story[side]) for side in SIDES}
    return {
        **tracks, "days": max(track["until"] for track in tracks.values()), "unit": msg("story_unit"),
        "replay": msg("story_replay"), "text": msg("story_text", kind=_kind(story["kind"]), **results),
    }  # fmt: skip


def _track(side: str, track: Mapping[str, Any]) -> dict[str, Any]:
    """Return one track in words."""
    marks = track["marks"]
    last = marks[-1]["what"]
    worked = sum(wait["until"] - wait["from"] for wait in track["waits"] if wait["what"] == "work")
    if track["days"] is None:
        note = msg(f"story_ended_{last}", day=round(marks[-1]["day"]))
    elif worked < 1.0:
        note = msg("story_worked_less")
    else:
        note = msg("story_worked", count=round(worked))
    return {
        "name": msg(f"story_{side}"), "days": track["days"], "until": marks[-1]["day"], "note": note, "worse": False,
        "end": "" if track["days"] is not None else msg("story_open"),
        "marks": [_mark(each, marks) for each in marks], "waits": [_wait(each) for each in track["waits"]],
        "told": [_step(each) for each in marks],
    }  # fmt: skip


def _mark(mark: Mapping[str, Any], marks: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a mark as it is drawn; where several happen at once, those that say least have no word."""
    what = mark["what"]
    shadowed = what in UNSEEN and any(each["day"] == mark["day"] and each["what"] not in UNSEEN for each in marks)
    kind = ("end" if what == "closed" else "open" if what in OPEN else "whistle" if what == "whistle" else
            "back" if what in BACK else "plain")  # fmt: skip
    rank = IMPORTANT.index(what) if what in IMPORTANT else len(IMPORTANT)
    return {"day": mark["day"], "text": "" if shadowed else msg(f"story_mark_{what}"), "kind": kind, "rank": rank}


def _wait(wait: Mapping[str, Any]) -> dict[str, Any]:
    """Return a wait as it is drawn; work has no word, its length is told beside the track."""
    worked, days = wait["what"] == "work", round(wait["until"] - wait["from"])
    text = "" if worked or days < 1 else msg(f"story_wait_{wait['what']}", count=days)
    return {"from": wait["from"], "until": wait["until"], "text": text, "work": worked}


def _step(mark: Mapping[str, Any]) -> str:
    """Return a mark in a sentence, with the department that it is about."""
    names = _names(current_language())
    what, day = msg(f"story_mark_{mark['what']}"), round(mark["day"])
    if mark["unit"] not in names:
        return msg("story_step", day=day, what=what)
    return msg("story_step_unit", day=day, what=what, unit=names[mark["unit"]])
