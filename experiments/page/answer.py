"""An answer in words and figures: of what runs gave in each world, what the home tab shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.naming import unbracketed
from experiments.messages import current_language, msg, running_text
from experiments.page.live import HEADLINE, Seen, nearest, order, outdated
from experiments.page.package import Package, shipped
from experiments.page.world_runs import InWorld
from experiments.stats.ensemble import CLOSURE, ThreeOfClosure, range_over, three_of_closure

PER = 100  # requests, of which an answer tells how many
BUSY = ("workload_street", "workload_department")
HOURS = 10.0  # of which it tells how many are worked
ALIKE = 0.05  # share of the days before by which a kind must be quicker to count as one that gains
NAMES = ("inverted", "flattened", "today")  # presets whose names are shorter in a sentence than their titles
NAMED = 3, 2  # kinds that gain most, and kinds that do not, which are named at once
Floats = NDArray[np.float64]


def ran(found: Mapping[int, InWorld], worlds: Sequence[int], outcome: str) -> Floats:
    """Return an outcome in these worlds, array (worlds,); NaN where it is undefined."""
    return np.array([found[world].outcomes.get(outcome) for world in worlds], dtype=np.float64)


def level(seen: Seen, side: Mapping[int, InWorld], outcome: str) -> float | None:
    """Return the median of an outcome over all worlds.

    In worlds that have not been run it is put at what the nearest measured package gives there, shifted by what the
    worlds that have been run differ from it. So a number does not jump about while the worlds come in, whose levels
    lie far apart.
    """
    done = [world for world in order() if world in side]
    values, left = ran(side, done, outcome), [world for world in order() if world not in side]
    like = nearest(side) if left and done else None
    if like is not None:
        shift = _median(values - ran(like, done, outcome))
        values = np.concatenate([values, ran(like, left, outcome) + (shift or 0.0)])
    return _median(values)


def three(seen: Seen) -> ThreeOfClosure | None:
    """Return closure by its three outcomes; None before the first world."""
    if not seen.worlds:
        return None
    sides = (seen.before, seen.after)
    return three_of_closure({
        name: np.subtract(*(ran(side, seen.worlds, name) for side in reversed(sides))) for name in CLOSURE
    })  # fmt: skip


def rulers(seen: Seen) -> list[dict[str, Any]]:
    """Return each of the three rulers, in requests of 100: medians over worlds, and the change in each of them."""
    return [_ruler(seen, name, direction) for name, direction in CLOSURE.items()]


def _ruler(seen: Seen, name: str, direction: int) -> dict[str, Any]:
    """Return one ruler as it is drawn, with how many worlds are on the better side and where nine in ten lie."""
    sides = [PER * ran(side, seen.worlds, name) for side in (seen.before, seen.after)]
    change = (sides[1] - sides[0])[np.isfinite(sides[1] - sides[0])]
    middle, better = range_over(change), int(np.sum(change * direction > 0.0))
    before, after = (_times(PER, level(seen, side, name)) for side in (seen.before, seen.after))
    words = msg(f"home_worlds_{'fewer' if direction < 0 else 'more'}", better=better, count=len(change))
    told = msg("home_change_more" if (after or 0.0) >= (before or 0.0) else "home_change_fewer",
               size=f"{abs(round(after or 0.0) - round(before or 0.0))}")  # fmt: skip
    title = msg(f"home_ruler_{name}")
    names = {"base": name_of(seen.base), "title": name_of(seen.package)}
    shown = dict(zip(("before", "after"), shown_pair(before, after), strict=True))
    return {
        "code": name, "title": title, "before": before, "after": after, "better": direction,
        "before_text": names["base"], "after_text": names["title"], "change_text": told if len(change) else "",
        "estimate": len(seen.worlds) < seen.planned, "estimate_text": names["title"],
        "worlds": change.round(2).tolist(), "of": seen.planned, "words": words if len(change) else "",
        "luck": None, "luck_text": "",
        "text": msg("home_ruler_text", question=title, words=words, **names, **shown),
        "low": middle.low, "high": middle.high, "gaining": better, "count": len(change),
    }  # fmt: skip


def _times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value


def _median(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None


def shown_pair(before: float | None, after: float | None, least: int = 0) -> tuple[str, str]:
    """Return two numbers with as few decimals as tell them apart, one more than the least at most."""
    pairs = [tuple(msg("undefined") if each is None else f"{each:.{least + more}f}" for each in (before, after))
             for more in (0, 1)]  # fmt: skip
    first, second = pairs[0] if pairs[0][0] != pairs[0][1] else pairs[1]
    return first, second


def headline(seen: Seen) -> dict[str, str]:
    """Return the answer in one sentence with one pair of numbers, and in a second one how many worlds say so."""
    found, row = three(seen), _ruler(seen, HEADLINE, CLOSURE[HEADLINE])
    before, after = shown_pair(row["before"], row["after"])
    names = {"title": name_of(seen.package), "base": name_of(seen.base)}
    if found is None or len(seen.worlds) < seen.planned:
        key = "none" if found is None else "so_far"
        text = msg(f"home_headline_{key}", before=before, after=after, **names)
        return {"text": text, "worlds": progress(seen)["words"], "sign": "undecided"}
    sign = found.signs[HEADLINE]
    text = msg(f"home_headline_{sign}", before=before, after=after, **names)
    if not found.agree and sign != "undefined":
        others = [msg(f"home_disagrees_{name}_{found.signs[name]}") for name in found.disagreeing]
        text = msg("home_disagree", others=msg("list_join").join(others)) + text
    range_ = ""
    if row["low"] is not None:
        range_ = msg("home_range", low=f"{row['low']:+.0f}", high=f"{row['high']:+.0f}")
    told = row["words"] + range_ + msg("sentence_end")
    if outdated(seen):
        told = running_text([told, msg("home_outdated")])
    return {"text": text, "worlds": told, "sign": sign}


def name_of(package: Package) -> str:
    """Return how a package is called in a sentence."""
    if package.values:
        return msg("home_yours")
    if package.preset in NAMES:
        return msg(f"home_package_{package.preset}")
    return unbracketed(str(getattr(shipped(package.preset).title, current_language())))


def measures(seen: Seen) -> list[dict[str, Any]]:
    """Return who is busier, the passes and the gap between streets, before and after."""
    shown = [(name, HOURS, 1, -1) for name in BUSY] + [("passes_per_case", 1.0, 1, -1), ("equity_gap", PER, 0, -1)]
    found = []
    for name, factor, decimals, direction in shown:
        first, last = (_times(factor, level(seen, side, name)) for side in (seen.before, seen.after))
        before, after = shown_pair(first, last, decimals)
        change = 0.0 if first is None or last is None else last - first
        found.append({"code": name, "name": msg(f"home_measure_{name}"), "before": before, "after": after,
                      "up": int(np.sign(change)) if before != after else 0,
                      "worse": bool(change * direction < 0.0 and before != after)})  # fmt: skip
    return found


def kinds(seen: Seen) -> dict[str, Any]:
    """Return every kind of problem with its days before and after, those that gain most first; and who is named."""
    rows: list[dict[str, Any]] = []
    for place, (code, name) in enumerate(kind_names().items()):
        sides = [_days(side, seen.worlds, place) for side in (seen.before, seen.after)]
        shares = [_share(side, seen.worlds, place) for side in (seen.before, seen.after)]
        rows.append({"code": code, "name": name, "before": sides[0], "after": sides[1],
                     "shares": shares, "gain": _gain(*sides)})  # fmt: skip
    rows.sort(key=lambda row: -row["gain"])
    gaining = [row for row in rows if row["gain"] > 0.0][: NAMED[0]]
    others = [row for row in rows if row["gain"] <= 0.0][-NAMED[1] :]
    never = msg("home_never", days=shipped("inverted").world.run.follow_up_days)
    for row in rows:
        row["days"] = [never if each is None else f"{each:.0f}" for each in (row["before"], row["after"])]
        row["closed"] = list(shown_pair(*row["shares"]))
    return {"rows": rows, "named": [*gaining, *others]}


def kind_names() -> dict[str, str]:
    """Return the title of each kind by its code."""
    world = shipped("inverted").world
    return {kind.code: str(getattr(kind.title, current_language())) for kind in world.kinds}


def _days(side: Mapping[int, InWorld], worlds: Sequence[int], kind: int) -> float | None:
    """Return the median over worlds; one in which half are not closed within the follow-up counts as the longest."""
    values = [side[world].days[kind] for world in worlds if kind < len(side[world].days)]
    middle = sorted(float("inf") if each is None else each for each in values)[len(values) // 2] if values else None
    return None if middle is None or middle == float("inf") else middle


def _share(side: Mapping[int, InWorld], worlds: Sequence[int], kind: int) -> float | None:
    values = [side[world].in_time[kind] for world in worlds if kind < len(side[world].in_time)]
    return _median(PER * np.array(values, dtype=np.float64))


def _gain(before: float | None, after: float | None) -> float:
    """Return the days that a kind gains, beyond what counts as alike; one that is closed at last gains most."""
    if before is None or after is None:
        return 0.0 if before is after else (1e3 if before is None else -1e3)
    return before - after if abs(before - after) > ALIKE * before else 0.0


def streets(side: Mapping[int, InWorld], worlds: Sequence[int]) -> list[float | None]:
    """Return the share closed in time in each street, median over worlds."""
    if not worlds:
        return [None] * len(shipped("inverted").world.streets)
    table = np.array([side[world].streets for world in worlds], dtype=np.float64)
    return [_median(column) for column in table.T]


def progress(seen: Seen) -> dict[str, Any]:
    """Return how far an answer is, in words and as a share; nothing where all was known beforehand."""
    done = len(seen.worlds)
    words = msg(f"home_phase_{seen.phase}", done=done, planned=seen.planned) if seen.phase != "done" else ""
    if seen.busy and seen.others:
        words += msg("home_others", count=seen.others)
    return {"phase": seen.phase, "words": words, "done": done, "planned": seen.planned, "busy": seen.busy,
            "typical": done == 1 and len(order()) > 1, "trouble": seen.trouble}  # fmt: skip


def trust(seen: Seen) -> list[str]:
    """Return in a few sentences how far an answer can be trusted."""
    count = len(seen.worlds)
    return [msg("home_trust_worlds", count=count), msg("home_trust_range"), msg("home_trust_known"),
            msg("home_trust_unknown"), msg("home_trust_luck")]  # fmt: skip
