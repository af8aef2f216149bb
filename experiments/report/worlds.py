"""An ensemble of plausible worlds in words: how it was found, what it shows, what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from experiments.blocks import Block, Bullets, Heading, Paragraph, Table
from experiments.formatting import SHARE, Quantity, number, outcome_of, share_of_worlds, title, unit
from experiments.messages import Language, current_language, msg
from experiments.stats.narrowing import FEWEST, LEAST_SILHOUETTE
from model import FreeNumber, Unknowns, free_numbers

MOST_NARROWED, MOST_TIED, BINDING, NAMED = 15, 10, 3, 2
"""Shown of the free numbers, of the ties and of the checks that bind; free numbers named of a topic."""

Found = Mapping[str, Any]  # what is told of an ensemble, as `--json` has it


def told(worlds: Sequence[Unknowns], found: Found) -> Iterator[Block | str]:
    """Yield what is said of an ensemble, from the same values whether its study is at hand or only its table."""
    if waves := found.get("waves"):
        yield _waves(waves, found.get("volume") or {})
    if any("bands" in each for each in waves or ()):
        yield from _binding(found)
    yield msg("worlds_says_count", count=len(worlds))
    role = {True: "worlds_matched", False: "worlds_held_out"}
    shares = found.get("patterns", {}).items()
    rows = [(name, msg(role[each["matched"]]), share_of_worlds(each["share"])) for name, each in shares]
    yield Table(_header("pattern", "role", "share"), tuple(rows), msg("worlds_patterns"))
    if not worlds:
        return
    if found.get("checks"):
        yield _checks(found["checks"])
    header = _header("number", "meaning", "prior", "posterior", "width")
    yield Table(header, _narrowed(worlds), msg("worlds_narrowed"), words=2)
    if len(worlds) < FEWEST:
        yield msg("worlds_too_few", least=FEWEST)
        return
    yield from _tied(found.get("tied"))
    yield from _kinds(found.get("kinds"), len(worlds))
    yield from _untouched(found.get("untouched"))


def _header(*names: str) -> tuple[str, ...]:
    return tuple(msg(f"worlds_{name}") for name in names)


def _waves(waves: Sequence[Found], volume: Found) -> Table:
    """Return how many worlds each wave explored and kept, and which share of the prior it left."""
    left = [_volume(share, volume["points"]) for share in volume.get("left", [])]
    left += [msg("undefined")] * (len(waves) - len(left))
    rows = (
        (str(place + 1), *(str(each[name]) for name in ("explored", "inside", "confirmed")), left[place])
        for place, each in enumerate(waves)
    )
    header = _header("wave", "explored", "inside", "confirmed", "volume")
    return Table(header, tuple(rows), msg("worlds_waves"), note=msg("worlds_waves_note"))


def _volume(share: float, points: int) -> str:
    return f"{100.0 * share:.3g} %" if share else f"< {100.0 / points:.2g} %"


def _binding(found: Found) -> Iterator[Block | str]:
    """Yield which share of the first and of the last wave each check held, and how well it was emulated."""
    waves, checks = found["waves"], dict(_named(found["checks"]))
    first, last = waves[0]["bands"], waves[-1]["bands"]
    emulated = (found.get("emulators") or [{}])[-1]
    tightest = sorted(last, key=lambda name: last[name])[:BINDING]
    yield msg("worlds_binding", checks=msg("list_join").join(
        msg("worlds_bound", title=_words(checks[name]["title"]), share=share_of_worlds(last[name]))
        for name in tightest
    ))  # fmt: skip
    rows = []
    for name in last:
        known = emulated.get(name, {})
        r2 = msg("undefined") if known.get("r2") is None else f"{known['r2']:.2f}"
        words = _topic(name), _words(checks[name]["title"])
        shares = share_of_worlds(first[name]), share_of_worlds(last[name])
        rows.append((*words, *shares, r2, share_of_worlds(known.get("coverage"))))
    note = msg("worlds_emulators_note" if emulated else "worlds_no_emulators")
    header = _header("pattern", "check", "first_wave", "last_wave", "r2", "coverage")
    yield Table(header, tuple(rows), msg("worlds_emulators"), note, words=2)


def _named(checks: Found) -> Iterator[tuple[str, Found]]:
    """Yield every check with its name."""
    for patterns in checks.values():
        for each in patterns.values():
            yield from each.items()


def titles_of(checks: Found) -> dict[str, str]:
    """Return what every check measures in words, by its name."""
    return {name: _told(check) for name, check in _named(checks)}


def _words(titles: Mapping[str, str]) -> str:
    return titles[str(current_language())]


def _checks(checks: Found) -> Table:
    """Return what the worlds show of every check beside its band; what is held out comes first."""
    rows: list[tuple[str, ...]] = []
    for role in ("held_out", "matched"):
        if checks[role]:
            rows.append((msg(f"worlds_{role}"),))
        for pattern, found in checks[role].items():
            for each in found.values():
                middle, ends = _value(each, "median"), f"{_value(each, 'low')} … {_value(each, 'high')}"
                rows.append((pattern, _told(each), _band(each), middle, ends, share_of_worlds(each["share"])))
    header = _header("pattern", "check", "band", "typical", "posterior", "in_band")
    return Table(header, tuple(rows), msg("worlds_checks"), words=2)


def _told(check: Found) -> str:
    """Return what a check measures, with its unit where that is no share."""
    words, measured = _words(check["title"]), _quantity(check)
    if check["unit"] == "1":
        return words
    return f"{words} ({unit(measured, difference=check['unit'] == 'points')})"


def _quantity(check: Found) -> Quantity:
    return SHARE if check["unit"] == "points" else Quantity(check["unit"])


def _value(check: Found, name: str) -> str:
    measured = _quantity(check)
    return number(check[name], measured, 1 if measured == SHARE else 2)


def _band(check: Found) -> str:
    measured = _quantity(check)
    low, high = (None if end is None else number(end, measured, 0 if measured == SHARE else 1) for end in check["band"])
    if low is None:
        return msg("patterns_at_most", high=high)
    return msg("patterns_at_least", low=low) if high is None else msg("patterns_between", low=low, high=high)


def quantiles(number: FreeNumber, worlds: Sequence[Unknowns], at: Sequence[float]) -> tuple[float, ...]:
    """Return quantiles of a free number over worlds."""
    return tuple(map(float, np.quantile([world[number.key] for world in worlds], at)))


def width(number: FreeNumber, worlds: Sequence[Unknowns]) -> float:
    """Return which share of the middle 90 % of its range the middle 90 % of the worlds take, on its own scale."""
    low, high = np.quantile([number.quantile(world[number.key]) for world in worlds], [0.05, 0.95])
    return float(high - low) / 0.9


def _narrowed(worlds: Sequence[Unknowns]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the numbers that the patterns narrowed most."""
    widths = sorted(((width(number, worlds), number) for number in free_numbers()), key=lambda each: each[0])
    rows = []
    for left, each in widths[:MOST_NARROWED]:
        low, high = quantiles(each, worlds, (0.05, 0.95))
        ends = f"{each.low:.4g} – {each.high:.4g}", f"{low:.4g} – {high:.4g}"
        rows.append((each.key, _meaning(each), *ends, share_of_worlds(left)))
    return tuple(rows)


def _meaning(number: FreeNumber) -> str:
    return number.zh if current_language() is Language.ZH else number.meaning


def called(key: str) -> str:
    """Return a free number in words, as far as the first semicolon, with its path."""
    words = re.split("[;；]", _meaning(next(each for each in free_numbers() if each.key == key)))[0].rstrip(".")
    return msg("turning_called", words=words[:1].lower() + words[1:], key=key)


def _tied(ties: Sequence[Found] | None) -> Iterator[Block | str]:
    """Yield which numbers the patterns have tied to each other."""
    if ties is None:
        return
    yield Heading(msg("worlds_tied"))
    if not ties:
        yield msg("worlds_tied_none")
        return
    yield Bullets(tuple(map(_tie, ties[:MOST_TIED])))
    if len(ties) > MOST_TIED:
        yield msg("worlds_tied_more", count=len(ties) - MOST_TIED)
    yield Paragraph(msg("worlds_tied_note"))


def _tie(tie: Found) -> str:
    key = "worlds_tie_together" if tie["correlation"] > 0.0 else "worlds_tie_against"
    words = msg(key, first=called(tie["first"]), second=called(tie["second"]), correlation=f"{tie['correlation']:+.2f}")
    return words[:1].upper() + words[1:]


def _kinds(found: Found | None, worlds: int) -> Iterator[Block | str]:
    """Yield of which kinds the worlds are, or that there are none."""
    if found is None:
        return
    yield Heading(msg("worlds_kinds"))
    fits = {"silhouette": f"{found['silhouette']:.2f}", "chance": f"{found['chance']:.2f}", "least": LEAST_SILHOUETTE}
    if not found["kinds"]:
        yield msg("worlds_kinds_none", **fits)
        return
    yield Bullets(tuple(
        msg("worlds_kind", count=each["worlds"], worlds=worlds, traits=msg("list_join").join(_traits(each)),
            medoid=each["medoid"])
        for each in found["kinds"]
    ))  # fmt: skip
    yield msg("worlds_kinds_note", **fits)


def _traits(kind: Found) -> Iterator[str]:
    """Yield what sets a kind of worlds apart: outcomes first, then free numbers."""
    named = [(title(outcome_of(name)), side) for name, side in kind["outcomes"].items()]
    for words, side in [*named, *((called(key), side) for key, side in kind["numbers"].items())]:
        yield msg("worlds_trait_high" if side > 0.0 else "worlds_trait_low", words=words)


def _untouched(found: Found | None) -> Iterator[Block | str]:
    """Yield which free numbers no matched pattern touches, by topic."""
    if found is None:
        return
    yield Heading(msg("worlds_untouched"))
    count = sum(len(each) for each in found.values())
    yield msg("worlds_untouched_says", count=count, all=len(free_numbers()))
    of_topic: dict[str, int] = {}
    for each in free_numbers():
        of_topic[_topic(each.key)] = of_topic.get(_topic(each.key), 0) + 1
    by_key = {each.key: each for each in free_numbers()}
    rows = (
        (topic, _first_of([_meaning(by_key[key]) for key in keys]), f"{len(keys)} / {of_topic[topic]}")
        for topic, keys in sorted(found.items(), key=lambda each: -len(each[1]))
    )
    yield Table(_header("topic", "numbers", "untouched_count"), tuple(rows), msg("worlds_untouched_table"), words=2)


def _first_of(words: Sequence[str]) -> str:
    shown = msg("headline_join").join(each.rstrip(".") for each in words[:NAMED])
    return f"{shown} …" if len(words) > NAMED else shown


def _topic(key: str) -> str:
    return key.partition(".")[0]


def by_topic(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return keys of free numbers by their topic, in their order."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(_topic(key), []).append(key)
    return found
