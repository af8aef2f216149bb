"""Which column plays which role, and what a row is: as the user says, else recognised by usual names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from experiments.errors import raise_if_any
from experiments.logs.options import LogOptions, flag_of, quoted
from experiments.logs.steps import STEP, Step, closes, given_steps, guessed_steps
from experiments.logs.words import PEOPLE, STATES, STEP_ENDS, STEP_STARTS, alike, among, guesses, usual
from model import nearest

OPTIONAL = ("activity", "kind", "lifecycle", "case_start", "case_end", "deadline")
"""Roles that may be left empty, even where a column has a usual name."""

NOT_OF = {
    "cases": ("activity", "lifecycle", "closed_by", "work", "case_start", "case_end"),
    "steps": ("unit", "time", "activity", "lifecycle", "start", "end"),
}
"""Options that mean nothing where a row is a case, and where it holds the steps of one."""

NOTHING = "none"  # what the user says where an optional role is to have no column
MOST_NAMES, LONGEST_NAME = 40, 60  # of columns in a message


class Shape(StrEnum):
    """What a row of a log is: an event, a case from its start to its end, or a case with the times of its steps."""

    EVENTS = "events"
    CASES = "cases"
    STEPS = "steps"


@dataclass(frozen=True)
class Mapped:
    """Columns by role.

    Attributes:
        columns: Where rows are events, either `time` or the `start` and `end` of a step is among them.
        guessed: Roles whose column was recognised by its name.
        others: Further columns that might name units.
        steps: Where a row holds the steps of a case.
    """

    columns: dict[str, str]
    guessed: tuple[str, ...]
    shape: Shape
    others: tuple[str, ...]
    steps: tuple[Step, ...] = ()

    @property
    def table(self) -> bool:
        """Whether a row is a case from its start to its end: nothing is known of hand-overs then."""
        return self.shape is Shape.CASES


def shape_of(present: Sequence[str], options: LogOptions) -> Shape:
    """Return what a row is, by the options and the names of the columns.

    A case table has no activities and no time of events; who names --start or --end has one, unless there are
    activities. Steps are guessed where several times and units of one case stand side by side.
    """
    found = guesses(present)
    if options.steps:
        return Shape.STEPS
    of_events = options.activity not in (None, NOTHING) or "activity" in found
    if options.start is not None or options.end is not None:
        return Shape.EVENTS if options.activity not in (None, NOTHING) else Shape.CASES
    if not of_events and "time" not in found and _steps(present, options):
        return Shape.STEPS
    if of_events or "start" not in found or "end" not in found:
        return Shape.EVENTS
    by_name = options.time == found["start"][0] or (options.time is None and "time" not in found)
    return Shape.CASES if by_name else Shape.EVENTS


def other_shapes(present: Sequence[str], options: LogOptions, shape: Shape) -> list[Shape]:
    """Return what a row may be besides, where the rows show that it is not what the names say; the likeliest first."""
    found, said = guesses(present), options.time is not None or options.activity is not None
    shapes = list[Shape]()
    if shape is Shape.EVENTS and not said and options.unit is None and _steps(present, options):
        shapes.append(Shape.STEPS)
    if shape is Shape.EVENTS and not said and "start" in found and "end" in found and "activity" not in found:
        shapes.append(Shape.CASES)
    if shape is not Shape.EVENTS and not options.steps:
        shapes.append(Shape.EVENTS)
    return shapes


def _steps(present: Sequence[str], options: LogOptions) -> tuple[Step, ...]:
    if options.steps:
        return given_steps(options.steps)
    named = any(getattr(options, role) for role in NOT_OF["steps"])
    return () if named else guessed_steps(present)


def map_columns(present: Sequence[str], options: LogOptions, shape: Shape | None = None) -> Mapped:
    """Return the column of every role, given those of the file.

    Args:
        shape: What a row is; None: as `shape_of` has it.

    Raises:
        WrongInput: With every column that was named and is not there, is there twice, or is needed and was not found.
    """
    shape = shape or shape_of(present, options)
    steps = _steps(present, options) if shape is Shape.STEPS else ()
    found, named = _found(present, options, shape, steps), options.columns()
    if shape is Shape.CASES and options.time is not None:
        named.setdefault("start", options.time)
    columns, guessed, problems = dict[str, str](), [], list[str]()
    for role in _wanted(shape, found, options):
        if named.get(role) == NOTHING and role in OPTIONAL and NOTHING not in present:
            continue
        if role in named:
            columns[role] = named[role]
            problems += _not_there(flag_of(role), named[role], present, options)
        elif role in found and not (role == "case_end" and (options.closed_by or options.state)):
            columns[role] = found[role]
            guessed.append(role)
        elif role in NEEDED[shape]:
            problems.append(f"{options.path}: no column recognised as {role} among {_listed(present)}. Name it with "
                            f"{flag_of(role)} COLUMN.")  # fmt: skip
    for name in dict.fromkeys(name for step in steps for name in (step.time, *step.units)):
        problems += _not_there("--steps", name, present, options)
    problems += _not_meant(shape, options)
    problems += [f"{options.path}: has {list(present).count(name)} columns named '{name}'. Rename all but one."
                 for name in dict.fromkeys(columns.values()) if list(present).count(name) > 1]  # fmt: skip
    raise_if_any(problems)
    if steps:
        columns |= {"unit": ", ".join(dict.fromkeys(name for step in steps for name in step.units)),
                    "time": ", ".join(step.time for step in steps), "activity": STEP}  # fmt: skip
    others = tuple(name for name in _units(present) if name != columns.get("unit")) if not steps else ()
    return Mapped(columns, tuple(guessed), shape, others, steps)


NEEDED: Mapping[Shape, tuple[str, ...]] = {
    Shape.EVENTS: ("case", "unit", "time"), Shape.CASES: ("start", "end"), Shape.STEPS: ("case",),
}  # fmt: skip
"""Roles without which a log cannot be read."""


def _wanted(shape: Shape, found: Mapping[str, str], options: LogOptions) -> Iterator[str]:
    """Yield the roles that columns may play where a row is this."""
    if shape is Shape.EVENTS:
        paired = options.time is None and (options.start or options.end or "time" not in found)
        paired = paired and (options.start or "start" in found) and (options.end or "end" in found)
        yield from ("case", "unit", *(("start", "end") if paired else ("time",)), *OPTIONAL)
    elif shape is Shape.CASES:
        yield from ("start", "end", "case", "unit", "kind", "deadline")
    else:
        yield from ("case", "kind", "case_start", "case_end", "deadline")
    yield "state"


def _found(present: Sequence[str], options: LogOptions, shape: Shape, steps: Sequence[Step]) -> dict[str, str]:
    """Return the likeliest column of each role."""
    found = {role: names[0] for role, names in guesses(present).items()}
    if shape is Shape.STEPS:
        found.pop("case_end", None)
        if options.steps or closes(steps[-1]):
            found["case_end"] = steps[-1].time
        return found
    if shape is Shape.CASES:
        return found
    start, end = (next(iter(usual(role, present)), None) for role in ("start", "end"))
    of_steps = among(start, STEP_STARTS) and among(end, STEP_ENDS)
    if found.get("time") == end and of_steps:
        del found["time"]
    elif not of_steps and "activity" not in found and options.start is None:
        found.pop("start", None)
    times, states = (usual(role, present, STATES) for role in ("time", "activity"))
    if times and "time" not in found and "end" not in found:
        found["time"] = times[0]
    if states and "activity" not in found and states[0] != options.state:
        found["activity"] = states[0]
    return found


def _units(present: Sequence[str]) -> list[str]:
    """Return the columns that might name units, in the order of the file."""
    likely = {*usual("unit", present), *alike("unit", present), *usual("unit", present, PEOPLE)}
    return [name for name in dict.fromkeys(present) if not name.startswith("case:")
            and (name in likely or re.search(r"(?i)\borg|organi[sz]ation", name))]  # fmt: skip


def _not_there(flag: str, name: str, present: Sequence[str], options: LogOptions) -> Iterator[str]:
    if name not in present:
        near = nearest(name, list(present)[:MOST_NAMES])
        listed = f" It has {_listed(present)}." if "did you mean" in near else ""
        yield f"{flag}: {options.path} has no column '{name}'{near}{listed}"


def _not_meant(shape: Shape, options: LogOptions) -> Iterator[str]:
    """Yield what is wrong with options that mean nothing where a row is this."""
    unused = [flag_of(role) for role in NOT_OF.get(shape, ()) if getattr(options, role)]
    if shape is Shape.CASES:
        for flag in unused:
            yield (f"{flag}: {options.path} is read as a case table (one row per case), which has no events. Leave "
                   "out the flag, or name the time of events with --time, or those of steps with --steps.")  # fmt: skip
    elif unused:
        yield f"{', '.join(unused)}: cannot be combined with --steps, which names times and units. Leave them out."


def _listed(present: Sequence[str]) -> str:
    shown = [name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in present[:MOST_NAMES]]
    more = f" and {len(present) - MOST_NAMES} more" if len(present) > MOST_NAMES else ""
    return quoted(shown) + more if shown else "none"
