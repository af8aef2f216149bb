"""A scenario: one world under one law, with the file and line that every value came from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.behaviour import Habits
from model.claims import DOWN, UP
from model.config import shown
from model.config.checks import cross_problems
from model.config.eras import Stage, stages_of
from model.config.files import OF_OWN_RULES, district_sheets, reference_sheet, regime_sheets
from model.config.overrides import (
    ORIGIN,
    Layers,
    Overrides,
    checked_override,
    laid,
    lay_overrides,
    replaced,
    settings_of,
)
from model.config.topics import OWN, Timeline, build, checked, origin_of_default, topics
from model.config.unknown import LEVELS, filling, in_world, world_of
from model.config.yamlfile import Sheet, line_of, quote
from model.errors import ConfigError, noting, raise_if_any
from model.own import OwnRules, read_rules, rules_of
from model.parameter import is_topic
from model.policy import Law
from model.world import Run, Staff, Title, World

if TYPE_CHECKING:
    from model.shown import DataFrame


@dataclasses.dataclass(frozen=True, repr=False)
class Scenario:
    """Everything that decides a run, but the seed.

    Attributes:
        name, title: The regime's: its file's name, and its title in both languages.
        law: The rules in force.
        habits: Behaviour.
        world: The facts; streets, departments and kinds are in the order of their codes.
        stages: What begins on a date, in the order of days; empty where the rules hold from the first day.
        source_hash: SHA-256 of the texts and settings it was read from.
        given: "file:line" of every value that is not a default, by dotted path.
        written: The facts as the district's files have them, where a world is laid over them; else None.
        expects: Where an own instrument is expected to move outcomes, by their names: 1 up, −1 down.
        own: Own rules that stand in for shipped ones; their numbers are `habits.own`.
        decided: Dotted paths that the regime or settings give, where the district does not: no world changes them.
        district, district_title: The district as it was named, and its title; "" where no district was read.
        overrides: Settings that were laid over regime and district, by dotted key.
    """

    name: str
    title: Title
    law: Law
    habits: Habits
    world: World
    source_hash: str
    given: dict[str, str] = dataclasses.field(compare=False)
    stages: tuple[Stage, ...] = ()
    written: World | None = dataclasses.field(default=None, compare=False)
    decided: frozenset[str] = dataclasses.field(default=frozenset(), compare=False)
    own: OwnRules | None = None
    expects: Mapping[str, int] = dataclasses.field(default_factory=dict, compare=False)
    district: str = dataclasses.field(default="", compare=False)
    district_title: Title = dataclasses.field(default_factory=Title, compare=False)
    overrides: Mapping[str, Any] = dataclasses.field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        """Sort what stands in lists by code and dates by day: no run depends on the order in files."""
        lists = ("streets", "departments", "kinds", "duty_entries", "shocks")
        units: dict[str, Any] = {name: _sorted(getattr(self.world, name), "code") for name in lists}
        object.__setattr__(self, "world", dataclasses.replace(self.world, **units))
        object.__setattr__(self, "stages", _sorted(self.stages, "day"))

    @property
    def run(self) -> Run:
        """How long the district is watched, and in what steps."""
        return self.world.run

    @property
    def own_numbers(self) -> Any:
        """The numbers of own rules, an object of their class `Own`; None where they declare none."""
        numbers = self.own.numbers if self.own else None
        return numbers(**self.own.values(self.habits.own)) if self.own and numbers else None

    def codes_of(self, topic: str) -> list[str]:
        """Return the codes of streets, departments or kinds; of what has no codes, none."""
        return [entry.code for entry in getattr(self.world, topic, ())]

    def resolved(self) -> dict[str, Any]:
        """Return every value as nested plain mappings and lists: name, title, then topic by topic.

        Under own rules their text, `rules`, and their numbers, `own`, too.
        """
        law, habits, world = (dataclasses.asdict(part) for part in (self.law, self.habits, self.world))
        del habits[OWN]
        own = {"rules": self.own.text, OWN: self.own.values(self.habits.own)} if self.own else {}
        dates = [{**dataclasses.asdict(stage), "rules": dict(stage.rules)} for stage in self.stages]
        return {
            "name": self.name,
            "title": dataclasses.asdict(self.title),
            **_plain(law | habits | world),
            "dates": _plain(dates),
            **own,
        }

    def origins(self) -> dict[str, str]:
        """Return the "file:line" of every value by dotted path; of a default, that of its declaration."""
        defaults = {
            f"{name}.{field.name}": origin_of_default(topic, field.name)
            for name, topic in topics().items()
            if is_topic(topic)
            for field in dataclasses.fields(topic)
        }
        return defaults | self.given

    def to_frame(self) -> DataFrame:
        """Return every value as a pandas data frame: by key, with value, origin ("file:line") and unit."""
        return shown.frame_of(self)

    def __repr__(self) -> str:
        return shown.text_of(self)

    def _repr_html_(self) -> str:
        return shown.html_of(self)


def scenario_of(values: Mapping[str, Any], *, own: bool = True) -> Scenario:
    """Return the scenario of what `Scenario.resolved` returned, as a study stores it; no file is read.

    Where each value came from is not in it. Unless `own` is false, the text of own rules is executed: a study may be
    somebody else's.
    """
    law, habits, world = build(Law, values), build(Habits, _without_own(values)), build(World, values)
    stages = tuple(
        Stage(each["day"], each["regime"], tuple(each["streets"]), tuple(each["rules"].items()))
        for each in values["dates"]
    )
    rules = rules_of(values["rules"], "rules") if own and "rules" in values else None
    habits = _with_numbers(habits, rules, values.get(OWN, {}))
    return Scenario(values["name"], Title(**values["title"]), law, habits, world, _hash(values), {}, stages, own=rules)


def _with_numbers(habits: Habits, own: OwnRules | None, values: Mapping[str, Any]) -> Habits:
    return dataclasses.replace(habits, own=own.slots(values)) if own else habits


def load_scenario(
    name_or_path: str, *, district: str = "chaoyang", overrides: Overrides | None = None,
    rules: str | os.PathLike[str] | OwnRules | None = None,
) -> Scenario:  # fmt: skip
    """Read a regime over a district, settings over both, and check everything.

    Args:
        name_or_path: Shipped regime, or a path (with `/` or `.yaml`) from the current folder.
        district: Shipped district, or a path.
        overrides: As `{"assessment.street_weight": 0.5}`.
        rules: File of own rules, for a regime that names none itself.

    Returns:
        Frozen; safe to send to other processes.

    Raises:
        ConfigError: With every problem found.
    """
    settings = overrides if isinstance(overrides, Mapping) else list(overrides or ())
    path, titles, layers, decided, own, expects = _read(str(name_or_path), str(district), settings, rules)
    law, habits = build(Law, layers.values), build(Habits, _without_own(layers.values))
    habits = _with_numbers(habits, own, layers.values.get(OWN, {}))
    world, timeline = build(World, layers.values), build(Timeline, layers.values)
    if (sheet := reference_sheet(str(district))) is not None:
        world = dataclasses.replace(world, staff=_filled(world.staff, decided))
    raise_if_any(cross_problems(world, layers.where))
    stages = stages_of(timeline, [street.code for street in world.streets], path.parent, layers.where)
    said = {**layers.values, "dates": [dataclasses.asdict(stage) for stage in stages]}
    said |= {"rules": own.sha256} if own else {}
    scenario = Scenario(
        path.stem, titles[0], law, habits, world, _hash(said), _given(layers), stages, decided=decided, own=own,
        expects=expects, district_title=titles[1],
        district=str(district), overrides=settings_of(settings),
    )  # fmt: skip
    return scenario if sheet is None else _in_reference(scenario, sheet)


def _in_reference(scenario: Scenario, sheet: Sheet) -> Scenario:
    """Return a scenario in the reference world of its district, which a file holds; what it makes is checked."""
    found = in_world(scenario, world_of(sheet))
    given = {key: line_of(sheet.place((key,))) for key in sheet.values if key not in scenario.decided}
    raise_if_any(cross_problems(found.world, lambda path: f"{sheet.shown}: "))
    return dataclasses.replace(found, given={**scenario.given, **given})


def vary(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario with other values, as if it had been loaded with them; no file is read but those of new dates.

    Args:
        values: As `{"assessment.street_weight": 0.5, "kinds.noise.share": 0.1}`.

    Returns:
        What begins on a date stays as it is, unless `dates` is among the values.

    Raises:
        ConfigError: With every problem found.
    """
    changes, problems = dict[str, Any](), list[str]()
    for key, value in values.items():
        with noting(problems):
            numbers = scenario.own.numbers if scenario.own else None
            changes = laid(changes, checked_override(key, value, scenario.codes_of, numbers))
    raise_if_any(problems)
    topics = _without_own(changes)
    law, habits, world = (replaced(part, topics) for part in (scenario.law, scenario.habits, scenario.world))
    if scenario.own and OWN in changes:
        habits = _with_numbers(habits, scenario.own, scenario.own.values(habits.own) | changes[OWN])
    stages = scenario.stages
    decided = scenario.decided | _with_steps_above(key.split(".") for key in values)
    if scenario.written is not None and "staff" in changes:
        world = dataclasses.replace(world, staff=_filled(world.staff, decided))
    if world is not scenario.world:
        raise_if_any(cross_problems(world, _from_settings))
    if "dates" in changes:
        stages = stages_of(build(Timeline, changes), [unit.code for unit in world.streets], Path(), _from_settings)
    given = {**scenario.given, **dict.fromkeys(values, ORIGIN)}
    source = _hash([scenario.source_hash, dict(values)])
    return dataclasses.replace(
        scenario, law=law, habits=habits, world=world, source_hash=source, given=given, stages=stages, decided=decided,
        overrides={**scenario.overrides, **settings_of(values)},
    )  # fmt: skip


def _filled(staff: Staff, decided: Collection[str]) -> Staff:
    """Return the staff with the shares that nothing decides filling the rest, as in every world."""
    shares = {level: getattr(staff, level) for level in LEVELS}
    filled: dict[str, Any] = filling(shares, [level for level in shares if f"staff.{level}" in decided])
    return dataclasses.replace(staff, **filled)


def _from_settings(_: tuple[str | int, ...]) -> str:
    return f"{ORIGIN}: "


def _hash(values: Any) -> str:
    text = json.dumps(values, sort_keys=True, default=lambda value: value.item())
    return hashlib.sha256(text.encode()).hexdigest()


def _without_own(values: Mapping[str, Any]) -> dict[str, Any]:
    return {topic: entries for topic, entries in values.items() if topic not in OF_OWN_RULES}


def _read(
    regime: str, district: str, overrides: Overrides | None, rules: str | os.PathLike[str] | OwnRules | None
) -> tuple[Path, tuple[Title, Title], Layers, frozenset[str], OwnRules | None, dict[str, int]]:
    """Return the regime's file, its title and the district's, all values, what it decides, own rules, what it expects.

    Raises:
        ConfigError: With all problems.
    """
    layers, problems = Layers(), list[str]()
    path, own, sheets = Path(), list[Sheet](), list[Sheet]()
    with noting(problems):
        sheets = district_sheets(district)
    with noting(problems):
        path, own = regime_sheets(regime)
    for sheet in (*sheets, *own):
        problems += sheet.problems
        if not sheet.problems:
            layers.lay(sheet)
    given, expects = None, dict[str, int]()
    with noting(problems):
        expects = _expected(own)
    with noting(problems):
        given = _own_rules(own, rules)
        if OWN in layers.values:  # the numbers of files, which only now can be checked
            sheet = next(sheet for sheet in reversed(own) if OWN in sheet.values)
            values = {OWN: layers.values[OWN]}
            found = checked(dataclasses.replace(sheet, values=values), given.numbers if given else None)
            problems += found.problems
    raise_if_any(problems + lay_overrides(layers, overrides, given.numbers if given else None))
    facts = {id(sheet) for sheet in sheets}
    keys = [keys for keys, sheet in layers.owners.items() if id(sheet) not in facts]
    coded = [(topic, layers.values[str(topic)][entry]["code"], *rest) for topic, entry, *rest in layers.patched]
    titles = _title(own[-1], path.stem), _title(sheets[0], Path(district).stem)
    return path, titles, layers, _with_steps_above(keys + coded), given, expects


def _title(sheet: Sheet, name: str) -> Title:
    """Return the title that a file gives itself; a language that is not given borrows the other, or the file's name."""
    title = sheet.values.get("title", {})
    either = title.get("zh") or title.get("en") or name
    return Title(zh=title.get("zh", either), en=title.get("en", either))


_WAYS = {"up": UP, "down": DOWN}


def _expected(sheets: Sequence[Sheet]) -> dict[str, int]:
    """Return where a regime's own files, the last one that says so, expect outcomes to move."""
    sheet = next((sheet for sheet in reversed(sheets) if "expects" in sheet.values), None)
    said = sheet.values["expects"] if sheet else {}
    if sheet and not isinstance(said, dict):
        place = sheet.place(("expects",))
        raise ConfigError([f"{place}: expects: expected outcomes with up or down, got {quote(said)}."])
    raise_if_any([
        f"{sheet.place(('expects', name))}: expects.{name}: expected up or down, got {quote(way)}."
        for name, way in said.items() if sheet and way not in _WAYS
    ])  # fmt: skip
    return {name: _WAYS[way] for name, way in said.items()}


def _own_rules(sheets: Sequence[Sheet], rules: str | os.PathLike[str] | OwnRules | None) -> OwnRules | None:
    """Return the own rules of a regime: those that its files name, or those given with the command."""
    named = next((sheet for sheet in reversed(sheets) if "rules" in sheet.values), None)
    given = rules if rules is None or isinstance(rules, OwnRules) else read_rules(rules)
    if named is None:
        return given
    place, file = named.place(("rules",)), named.values["rules"]
    if not isinstance(file, str) or not file:
        raise ConfigError([f"{place}: rules: expected the path of a file of own rules, got {quote(file)}."])
    found = read_rules(Path(named.shown).parent / file)
    if given is not None and given != found:
        raise ConfigError([
            f"{place}: rules: expected one file of own rules, got two: {found.file} here, and {given.file} given with "
            "--rules. Leave one of them out."
        ])  # fmt: skip
    return found


def _with_steps_above(paths: Iterable[Sequence[Any]]) -> frozenset[str]:
    """Return dotted paths, and those of what holds them within an entry of a list."""
    return frozenset(".".join(map(str, path[:depth])) for path in paths for depth in {len(path), *range(3, len(path))})


def _sorted(entries: tuple[Any, ...], by: str) -> tuple[Any, ...]:
    return tuple(sorted(entries, key=attrgetter(by)))


def _given(layers: Layers) -> dict[str, str]:
    found = {".".join(map(str, keys)): sheet.place(keys) for keys, sheet in layers.owners.items() if keys[0] != "title"}
    for topic, entry, *rest in layers.patched:
        found[".".join(map(str, (topic, layers.values[str(topic)][entry]["code"], *rest)))] = ORIGIN
    return {key: line_of(place) for key, place in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
