"""What is asked for, on the command line or in Python, as a study's form: here alone stand defaults and refusals.

Nothing heavy is imported before a function is called, because the options of every command load this.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.messages import Language
from experiments.runner import Engine, Where, usable_processors

if TYPE_CHECKING:
    from experiments.design.reading import Places
    from experiments.design.studyfile import StudyFile

ANY = "study"  # the command that takes every kind
OF_FLAGS = ("compare", "patterns")  # kinds whose commands make the study from flags
LOGGED = "calibrate"  # the kind whose targets may be measured from a log

DEFAULT_REGIMES = ("inverted", "rules_only", "placement_only", "flattened")
"""The 2 × 2, so that nobody takes a gain of placement for a gain of rules."""

NEUTRAL = "staff.capacity_neutral"  # the setting that is true where capacity is kept the same
PAIRS_OF_ONE_WORLD, PAIRS_A_WORLD = 30, 1.5  # of a comparison where nobody asks: half of the worlds tell what luck does
PAIRS = 20  # runs of each arm where nobody asks for another number
DISTRICT = "chaoyang"

NameOrPath = str | Path
Worlds = int | str | None  # so many plausible worlds, or "reference"
Settings = Mapping[str, Any] | Sequence[str] | None  # values by dotted path, or `path=value` each


@dataclass(frozen=True)
class Request:
    """A study that is asked for, and where its values stand, for messages."""

    study: StudyFile
    places: Places


@dataclass(frozen=True)
class Common:
    """What every study can be told, as it is given; None leaves it to the study."""

    seed: int | None = None
    district: NameOrPath | None = None
    settings: Settings = None
    rules: NameOrPath | None = None
    worlds: Worlds = None
    ensemble: NameOrPath | None = None

    def checked(self) -> dict[str, Any]:
        """Return what is given as fields of `StudyFile`.

        Raises:
            WrongInput: With everything that is wrong.
        """
        wanted: dict[str, tuple[Any, Callable[[Any], Any]]] = {
            "seed": (self.seed, checked_seed),
            "district": (self.district, resolved_district),
            "set": (self.settings, checked_settings),
            "rules": (self.rules, checked_rules),
            "worlds": (self.worlds, checked_worlds),
            "ensemble": (self.ensemble, lambda path: str(Path(path).absolute())),
        }
        given = {name: partial(check, value) for name, (value, check) in wanted.items() if value is not None}
        return dict(zip(given, collect_errors(*given.values()), strict=True))


def of_comparison(
    regimes: Sequence[NameOrPath] | None, pairs: int | None, common: Common, *, neutral: bool, name: str
) -> Request:
    """Return a comparison.

    Args:
        regimes: The first is what the others are compared with; None: the 2 × 2.
        pairs: Runs of each; None: as many as the worlds take, or thirty.
        neutral: Whether capacity is kept the same.
        name: Of the study.
    """
    from experiments.design.reading import Places
    from experiments.design.studyfile import Replicates, StudyFile

    named = [resolved(each) for each in regimes or DEFAULT_REGIMES]
    told, *_ = collect_errors(
        lambda: _neutral(common.checked(), neutral),
        lambda: raise_if_any(_comparison_problems(named, name)),
        lambda: checked_count("--pairs", pairs),
    )
    pairs = None if pairs is None else int(pairs)
    asked = {"name": name, "experiment": "compare", "regimes": tuple(named), "series": True, "seed": 1, **told}
    study = StudyFile(**asked, replicates=Replicates(fixed=pairs or 1))
    return Request(study if pairs else StudyFile(**{**study.model_dump(), **_enough(study)}), Places())


def _comparison_problems(named: Sequence[str], name: str) -> list[str]:
    problems = [f"compare: expected two or more regimes, got one ({named[0]})."] if len(named) < 2 else []
    problems += [f"regime '{regime}': expected once in a study, got it more than once."
                 for regime in sorted(set(named)) if named.count(regime) > 1]  # fmt: skip
    if not re.fullmatch(r"[\w][\w.-]*", name):
        problems.append(f"--study: expected letters, digits, '_', '-' or '.', got '{name}'.")
    return problems


def _neutral(told: Mapping[str, Any], neutral: bool) -> dict[str, Any]:
    """Return fields with the setting that keeps capacity the same among them."""
    settings = dict(told.get("set", {}))
    if neutral and NEUTRAL in settings:
        raise WrongInput([f"--capacity-neutral: expected '{NEUTRAL}' once, got it twice."])
    return {**told, "set": settings | ({NEUTRAL: True} if neutral else {})}


def _enough(study: StudyFile) -> dict[str, Any]:
    """Return worlds and pairs of a comparison where nobody says how many, or pairs of the district as it is written."""
    from experiments.design.ensemble import REFERENCE, USUAL, ensemble_of_district, read_ensemble

    table = Path(study.ensemble) if study.ensemble else ensemble_of_district(study.district)
    if study.worlds == REFERENCE or (study.worlds is None and table is None):
        return {"replicates": {"fixed": PAIRS_OF_ONE_WORLD}}
    worlds = study.worlds
    if table is not None and worlds is None:
        with suppress(WrongInput):  # which is told with all else that is wrong
            worlds = min(USUAL, len(read_ensemble(table).worlds))
    worlds = int(worlds or USUAL)
    return {"worlds": worlds, "replicates": {"fixed": math.ceil(PAIRS_A_WORLD * worlds)}}


def of_patterns(
    ids: Sequence[str] | None, regime: NameOrPath | None, pairs: int, file: NameOrPath | None, *,
    null: bool, common: Common,
) -> Request:  # fmt: skip
    """Return a look at stylised facts.

    Args:
        ids: Of the patterns; None: all.
        regime: Under which all are looked at; None: each under its own.
        pairs: Runs of each arm.
        file: Patterns of one's own; None: the shipped ones.
        null: Whether each is looked at in a bare queue as well.
    """
    from experiments.design.patterns import PatternOptions, chosen, patterns_file, patterns_study, read_patterns
    from experiments.design.reading import Places

    facts, told, _ = collect_errors(
        lambda: chosen(read_patterns(Path(file) if file else patterns_file()), ids or ()),
        common.checked,
        lambda: checked_count("--pairs", pairs, least=2),
    )
    asked = PatternOptions(patterns=facts, regime=None if regime is None else resolved(regime), null=null)
    seed, district, settings = told.pop("seed", 1), told.pop("district", DISTRICT), told.pop("set", {})
    study = patterns_study(asked, int(pairs), seed, district, settings)
    return Request(study.model_copy(update=told), Places())


def of_file(
    kind: str | None, study: NameOrPath | Mapping[str, Any], common: Common, log: NameOrPath | None = None
) -> Request:
    """Return a study with what is said over it.

    Args:
        kind: Which it must be; None takes every kind.
        study: A shipped name, a path, or values as a file has them.
        log: Event log of one's own from which targets are measured.

    Raises:
        WrongInput: With everything that is wrong.
    """
    from experiments.design.reading import read_study, study_of
    from experiments.studies import OPTIONS

    if isinstance(study, Mapping):
        given, places = study_of(plain(study), OPTIONS, kind)
    else:
        given, places = read_study(resolved(study) if isinstance(study, Path) else study, OPTIONS)
    if kind not in (None, given.experiment):
        other = ANY if given.experiment in OF_FLAGS else given.experiment
        way = f"Call {other}" if isinstance(study, Mapping) else f"Run whistle {other} {study}"
        raise WrongInput([f"{places('experiment')}expected {kind}, got '{given.experiment}'. {way}"])
    told, logged = collect_errors(common.checked, lambda: _logged(given, log))
    if "set" in told:
        told["set"] = {**given.set, **told["set"]}
    return Request(given.model_copy(update={**told, **logged}), places)


def _logged(study: StudyFile, log: NameOrPath | None) -> dict[str, Any]:
    """Return the section `analysis` with a log of the user's own; nothing where none is given."""
    if log is None:
        return {}
    if study.experiment != LOGGED:
        raise WrongInput([f"--log: expected a study of kind {LOGGED}, got {study.experiment}."])
    path = Path(log)
    if not path.is_file():
        from experiments.logs import formats_text

        raise WrongInput([f"--log: expected the path of an event log ({formats_text()}), but {log} is not a file."])
    named = {**study.analysis.get("log", {}), "file": str(path.absolute())}
    return {"analysis": {**study.analysis, "log": named}}


def of_folder(folder: Path) -> Request:
    """Return the study that a folder holds, as it was asked for."""
    from experiments.design.reading import Places
    from experiments.store.opened import OpenStudy

    return Request(OpenStudy(folder).study, Places())


def resolved(name_or_path: NameOrPath) -> str:
    """Return a shipped name, or a path as seen from any folder."""
    from experiments.design.studyfile import resolved_path

    if isinstance(name_or_path, Path):
        return str(name_or_path.absolute())
    return resolved_path(str(name_or_path), Path())


def resolved_district(name_or_path: NameOrPath) -> str:
    """Return a shipped district's name, or the path of a file or a folder with a district as seen from any folder."""
    from model import shipped_root

    folder, shipped = Path(name_or_path), shipped_root() / "districts"
    if not folder.is_dir() or any((shipped / f"{name_or_path}{end}").is_file() for end in (".yaml", "/district.yaml")):
        return resolved(name_or_path)
    file = folder / "district.yaml"
    return str((file if file.is_file() else folder).absolute())


def plain(value: Any) -> Any:
    """Return values as a YAML file has them: lists for tuples, ranges and arrays, text for paths, plain numbers."""
    match value:
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | range():
            return [plain(each) for each in value]
        case Path():
            return str(value)
        case _:
            return value.tolist() if hasattr(value, "tolist") else value


def checked_settings(settings: Mapping[str, Any] | Sequence[str]) -> dict[str, Any]:
    """Return settings by dotted path."""
    if isinstance(settings, Mapping):
        return dict(plain(settings))
    from experiments.design.reading import parse_overrides

    return parse_overrides([settings] if isinstance(settings, str) else settings)


def checked_seed(seed: Any) -> int:
    """Return the seed of a command; raises `WrongInput` for one out of range."""
    from model import seed_problems  # not above: `whistle --help` loads no model

    if not hasattr(seed, "__index__"):
        raise WrongInput([f"--seed: expected a whole number, got {seed!r}."])
    raise_if_any(f"--{problem}" for problem in seed_problems(int(seed)))
    return int(seed)


def checked_worlds(worlds: int | str) -> int | Literal["reference"]:
    """Return how many worlds are looked at, or that it is the district as it is written.

    Raises:
        WrongInput: For anything else.
    """
    if worlds == "reference":
        return "reference"
    number = str(worlds)
    if isinstance(worlds, bool) or not number.isdigit() or int(number) < 1:
        raise WrongInput([f"--worlds: expected a number from 1, or reference, got '{worlds}'."])
    return int(number)


def checked_rules(rules: NameOrPath | None) -> str | None:
    """Return the absolute path of a file of own rules, None without; raises `WrongInput` if there is no such file."""
    from experiments.design.studyfile import rules_path

    return rules_path(rules, Path(), "--rules: ")


def checked_count(flag: str, count: Any, least: int = 1) -> None:
    """Raise `WrongInput` for a count that is given and too small, or none."""
    whole = hasattr(count, "__index__") and not isinstance(count, bool)
    if count is None or (whole and count >= least):
        return
    raise WrongInput([f"{flag}: expected a whole number from {least}, got {count!r}."])


def language_of(lang: str) -> Language:
    """Return a language by its tag; raises `WrongInput` for others."""
    if lang not in list(Language):
        raise WrongInput([f"--lang: expected {' or '.join(Language)}, got {lang!r}."])
    return Language(lang)


def where_of(
    jobs: int | None, executor: str | None = None, scheduler: str | None = None, cluster: str | None = None
) -> Where:
    """Return where runs are executed; as many processes as this process may use, unless told.

    Raises:
        WrongInput: For no processes, an unknown executor, a scheduler or a cluster without Dask, or both.
    """
    problems = list[str]()
    if executor is not None and executor not in list(Engine):
        problems.append(f"--executor: expected {' or '.join(Engine)}, got {executor!r}.")
    if (scheduler or cluster) and executor == Engine.LOCAL:
        asked = f"--scheduler {scheduler}" if scheduler else f"--cluster {cluster}"
        problems.append(f"{asked}: expected --executor dask with it, got --executor local.")
    if scheduler and cluster:
        problems.append(f"expected --cluster or --scheduler, got both ({cluster}, {scheduler}).")
    collect_errors(lambda: checked_count("--jobs", jobs), lambda: raise_if_any(problems))
    return Where(jobs or usable_processors(), Engine(executor or Engine.LOCAL), scheduler, cluster)
