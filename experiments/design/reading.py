"""Reading what a user gives: the YAML file of a study or of another form, regimes, settings; all errors at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from experiments.design.studyfile import StudyFile, is_path, resolved_path, rules_path
from experiments.errors import WrongInput, collect_errors, raise_if_any

if TYPE_CHECKING:
    from model import Scenario, Sheet

Options = Mapping[str, type[BaseModel]]  # form of the section `analysis` by experiment

Form = TypeVar("Form", bound=BaseModel)

EXTENDS = "extends"  # key of a study that says only what differs from another: its smoke version, or a user's own
DEEPEST = 8  # studies that may extend each other in a row


class Places:
    """Where things stand in a study's files, for messages.

    Args:
        sheets: The file, then those it extends; none for a study given on the command line.
    """

    def __init__(self, sheets: Sequence[Sheet] = ()) -> None:
        self._sheets = sheets

    def __call__(self, *path: str | int) -> str:
        """Return "file:line:column: dotted.path: ", or the dotted path alone."""
        above = (path[:length] for length in range(len(path), 0, -1))
        known = (sheet.places[part] for part in above for sheet in self._sheets if part in sheet.places)
        nearest = next(known, self._sheets[0].place(()) if self._sheets else "")
        return "".join(f"{part}: " for part in (nearest, ".".join(map(str, path))) if part)


def shipped_studies() -> dict[str, Path]:
    """Return the shipped studies by name."""
    from model import shipped_root

    return {path.stem: path for path in sorted((shipped_root() / "studies").glob("*.yaml"))}


def read_study(name_or_path: str, options: Options) -> tuple[StudyFile, Places]:
    """Read a study: a shipped name, or a path (with `/` or `.yaml`) from the current folder.

    Returns:
        Paths in it are absolute; they are resolved beside the file.

    Raises:
        WrongInput: With every problem found.
    """
    path = _found(name_or_path, Path())
    sheets = _chain(path)
    said_in = {key: file.parent for sheet, file in reversed(sheets) for key in sheet.values}
    study, places = _read(sheets, {}, said_in, options)
    return study.model_copy(update={"name": study.name or path.stem}), places


def study_of(values: Mapping[str, Any], options: Options, kind: str | None = None) -> tuple[StudyFile, Places]:
    """Return a study given as values, as a file has them; paths in it are resolved from the current folder.

    Args:
        values: May extend a study, by its shipped name or path.
        kind: Its kind, where the values do not name one; also its name, unless they do.

    Raises:
        WrongInput: With every problem found.
    """
    above = values.get(EXTENDS)
    sheets = [] if above is None else _chain(_found(str(above), Path()))
    said_in = {key: file.parent for sheet, file in reversed(sheets) for key in sheet.values}
    said_in |= dict.fromkeys(values, Path())
    known = {} if kind is None or "experiment" in said_in else {"experiment": kind}
    study, places = _read(sheets, {**known, **values}, said_in, options)
    return study.model_copy(update={"name": study.name or study.experiment}), places


def _read(
    sheets: Sequence[tuple[Sheet, Path]], over: Mapping[str, Any], said_in: Mapping[str, Path], options: Options
) -> tuple[StudyFile, Places]:
    """Return the study of sheets that extend each other, with values over them.

    Args:
        said_in: Folder from which the paths under a key are resolved.
    """
    from model import one_of

    values: dict[str, Any] = {}
    for sheet, _ in reversed(sheets):
        values = _merged(values, sheet.values)
    values = _merged(values, over)
    values.pop(EXTENDS, None)
    places = Places([sheet for sheet, _ in sheets])

    def right_kind() -> None:
        experiment, analysis = values.get("experiment"), values.get("analysis", {})
        form = options.get(str(experiment))
        if form is not None and isinstance(analysis, Mapping):
            _checked(form, analysis, places, ("analysis",))
        elif form is None and isinstance(experiment, str):
            raise WrongInput([f"{places('experiment')}expected {one_of(options)}, got {experiment!r}."])

    study: StudyFile = collect_errors(lambda: _checked(StudyFile, values, places), right_kind)[0]
    changes: dict[str, Any] = {
        "regimes": tuple(resolved_path(regime, said_in["regimes"]) for regime in study.regimes),
        "district": resolved_path(study.district, said_in.get("district", Path())),
        "rules": rules_path(study.rules, said_in.get("rules", Path()), places("rules")),
    }
    return study.model_copy(update=changes), places


def _chain(path: Path) -> list[tuple[Sheet, Path]]:
    """Return a study's sheet and those it extends, each with its file."""
    chain: list[tuple[Sheet, Path]] = []
    while True:
        sheet = _sheet(path)
        raise_if_any(sheet.problems)
        chain.append((sheet, path))
        above = sheet.values.get(EXTENDS)
        if above is None:
            return chain
        where = f"{sheet.place((EXTENDS,))}: extends:"
        if not isinstance(above, str):
            raise WrongInput([f"{where} expected the name of a study, got {above!r}."])
        if len(chain) > DEEPEST:
            raise WrongInput([f"{where} expected at most {DEEPEST} studies in a row. Does one extend itself?"])
        try:
            path = _found(above, path.parent)
        except WrongInput as error:
            raise WrongInput([f"{where} {problem}" for problem in error.problems]) from error


def _sheet(path: Path) -> Sheet:
    from model import ConfigError, read_yaml

    try:
        return read_yaml(path)
    except ConfigError as error:
        raise WrongInput(error.problems) from error


def _merged(below: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with others over them: sections key by key, a parameter's values or a list as a whole."""
    merged = dict(below)
    for key, value in over.items():
        before = below.get(key)
        if not isinstance(before, Mapping) or not isinstance(value, Mapping) or key == "replicates":
            merged[key] = value
            continue
        merged[key] = {**before, **value}
        for name, spread in value.items() if key == "parameters" else ():
            old = before.get(name)
            if isinstance(old, Mapping) and isinstance(spread, Mapping):
                # the words of the old spread stay, unless the new one has its own
                merged[key][name] = {word: old[word] for word in ("title", "names") if word in old} | dict(spread)
    return merged


def _found(name_or_path: str, beside: Path) -> Path:
    from model import nearest

    if is_path(name_or_path):
        path = beside / name_or_path
        if not path.is_file():
            raise WrongInput([f"study {name_or_path}: no such file. Name a shipped study or the path of a YAML file."])
        return path
    known = shipped_studies()
    if name_or_path not in known:
        raise WrongInput([f"unknown study '{name_or_path}'{nearest(name_or_path, list(known))}"])
    return known[name_or_path]


def read_form(
    path: Path, form: type[Form], problems_of: Callable[[Form, Places], Iterable[str]] = lambda *_: ()
) -> Form:
    """Read a file of a form, and check by `problems_of` what the form cannot say.

    Raises:
        WrongInput: With every problem found.
    """
    sheet = _sheet(path)
    places = Places([sheet])

    def checked() -> Form:
        read = _checked(form, sheet.values, places)
        raise_if_any(problems_of(read, places))
        return read

    read: Form = collect_errors(lambda: raise_if_any(sheet.problems), checked)[1]
    return read


def _checked(form: type[Form], values: Mapping[str, Any], places: Places, above: tuple[str, ...] = ()) -> Form:
    """Return values of a section as its form, or raise `WrongInput` with what pydantic found wrong, in our words."""
    try:
        return form(**values)
    except ValidationError as error:
        details = error.errors()
        inside = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
        # a list whose entries are all wrong is not short, though pydantic says so
        found = [each for each in details if each["type"] != "too_short" or each["loc"] not in inside]
        raise WrongInput([_form_problem(each, form, places, above) for each in found]) from error


def unknown_outcome(name: str, study: StudyFile) -> str:
    """Return what is wrong with an outcome that an analysis names: that it does not exist, or that it is not kept."""
    from model import OUTCOMES, nearest

    if name not in OUTCOMES:
        return f"unknown outcome '{name}'{nearest(name, list(OUTCOMES))}"
    if study.outcomes and name not in study.outcomes:
        return f"expected one of the outcomes kept ({', '.join(study.outcomes)}), got '{name}'."
    return ""


def outcome_problems(study: StudyFile, places: Places, analysed: Sequence[str] = ()) -> Iterator[str]:
    """Yield what is wrong with the outcomes that a study names, and with those that its section `analysis` names."""
    until = study.replicates.until
    named = [(places("outcomes", number), name) for number, name in enumerate(study.outcomes)]
    listed = {key: value if isinstance(value, list) else [value] for key, value in study.analysis.items()}
    options = {str(name): key for key, names in listed.items() for name in names}
    named += [(places("analysis", options.get(name, "outcomes")), name) for name in analysed]
    for part in ("level", "difference") if until else ():
        named += [(places("replicates", "until", part, name), name) for name in getattr(until, part)]
    for where, name in named:
        if problem := unknown_outcome(name, study):
            yield f"{where}{problem}"
    if until and until.difference and len(study.regimes) < 2:
        yield f"{places('replicates', 'until', 'difference')}expected two or more regimes to compare, got one."


def load_all(
    regimes: Sequence[str], district: str, overrides: Mapping[str, Any], rules: str | None = None
) -> list[Scenario]:
    """Load regimes under the same settings; see `load_each`."""
    return load_each([(regime, overrides) for regime in regimes], district, rules)


def load_each(
    regimes: Sequence[tuple[str, Mapping[str, Any]]], district: str, rules: str | None = None
) -> list[Scenario]:
    """Load regimes, each with settings over it by dotted path, and report the problems of all at once.

    Args:
        rules: File of own rules.

    Raises:
        WrongInput: With every problem found.
    """
    from model import ConfigError, load_scenario

    scenarios, problems = [], list[str]()
    for regime, settings in regimes:
        try:
            scenarios.append(load_scenario(regime, district=district, overrides=dict(settings), rules=rules))
        except ConfigError as error:
            problems += error.problems
    raise_if_any(problems)
    return scenarios


def read_own_rules(study: StudyFile, places: Places) -> None:
    """Read a study's file of own rules, so that its outcomes and numbers are known; WrongInput as for `load_each`."""
    if study.rules is None:
        return
    from model import ConfigError, read_rules

    try:
        read_rules(study.rules)
    except ConfigError as error:
        raise WrongInput([f"{places('rules')}{problem}" for problem in error.problems]) from error


def parse_overrides(settings: Sequence[str]) -> dict[str, Any]:
    """Read `key=value` settings; a value is read as in a configuration file.

    Raises:
        WrongInput: For a setting without key or value, one that is not YAML, or a key given twice.
    """
    from model import read_overrides

    values, problems = read_overrides(settings)
    raise_if_any(problems)
    return values


_WANTED = {
    "greater_than_equal": "at least {ge}", "greater_than": "more than {gt}", "less_than_equal": "at most {le}",
    "less_than": "less than {lt}", "too_short": "at least {min_length} entries",
    "one": "at least one entry",
    "too_long": "at most {max_length} entries", "string_pattern_mismatch": "text that matches {pattern}",
    "model_type": "a mapping", "model_attributes_type": "a mapping", "dict_type": "a mapping", "tuple_type": "a list",
    "list_type": "a list", "string_type": "text", "bool_type": "true or false", "bool_parsing": "true or false",
    "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number",
    "float_type": "a number", "float_parsing": "a number", "finite_number": "a finite number",
    "string_too_short": "text that is not empty",
}  # fmt: skip
"""What a form wants, by pydantic's kind of error."""


def _form_problem(detail: ErrorDetails, form: type[BaseModel], places: Places, above: tuple[str, ...]) -> str:
    """Return what pydantic found wrong in the words of the other messages."""
    from model import nearest

    kind, context, path = detail["type"], detail.get("ctx", {}), (*above, *detail["loc"])
    section, last = form, str(path[-1])
    for step in detail["loc"][:-1]:
        # a number in a list, or a name of the user's own, leads no deeper
        field = section.model_fields.get(str(step))
        section = (_section_in(field.annotation) if field else None) or section
    if kind == "extra_forbidden":
        return f"{places(*path)}unknown key{nearest(last, list(section.model_fields))}"
    if kind == "missing":
        lacking = f"entry {path[-1] + 1}" if isinstance(path[-1], int) else f"key '{last}'"
        field = section.model_fields.get(last)
        meaning = f": {field.description.rstrip('.')}" if field and field.description else ""
        return f"{places(*path[:-1])}missing {lacking}{meaning}."
    if kind == "value_error":
        return f"{places(*path)}{context['error']}."
    if kind == "too_short" and context["min_length"] == 1:
        kind = "one"
    wanted = _WANTED[kind].format(**context) if kind in _WANTED else detail["msg"].removeprefix("Input should be ")
    given = repr(detail["input"]) if isinstance(detail["input"], str) else str(detail["input"])
    return f"{places(*path)}expected {wanted}, got {given if len(given) <= 60 else f'{given[:59]}…'}."


def _section_in(hint: Any) -> type[BaseModel] | None:
    """Return the section that a type holds, however it is wrapped."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint
    found = (_section_in(part) for part in getattr(hint, "__args__", ()))
    return next((part for part in found if part is not None), None)
