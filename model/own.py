"""Own rules: a file of Python whose functions stand in for rules of the same name, with own numbers and outcomes.

The engine compiles the stand-ins in place of the shipped rules; whatever is plain Python finds them in the modules of
`model.rules` while they are `in_force`. What belongs to a file travels and is kept as its text.
"""

from __future__ import annotations

import dataclasses
import hashlib
import linecache
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from inspect import isfunction
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, cast

from model import rules as shipped
from model.behaviour import SLOTS, Slots
from model.errors import ConfigError, nearest, raise_if_any
from model.own_checks import calls_forbidden, declared_wrongly, named_wrongly, signature_wrong
from model.own_outcome import REGISTERED, OwnOutcome
from model.own_syntax import NUMBERS, spelled_for_the_engine
from model.parameter import declarations, default_of, hints, parameter

LOCK = threading.RLock()
"""Held while rules stand in the modules in place of the shipped ones: nobody else compiles or reads rules then."""


@dataclasses.dataclass(frozen=True)
class OwnRules:
    """A file of own rules, checked.

    Attributes:
        text: Of the file; what it defines follows from it alone.
        file: As messages show it.
    """

    text: str
    file: str = dataclasses.field(compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as text: another process defines the functions anew."""
        return rules_of, (self.text, self.file)

    @property
    def sha256(self) -> str:
        """Hash of the text."""
        return _digest(self.text)

    @cached_property
    def module(self) -> ModuleType:
        """What the file defines."""
        return _defined(self.text, self.file)

    @cached_property
    def rules(self) -> Mapping[str, FunctionType]:
        """Own functions by the name of the rule that they replace, a name of `model.rules.REPLACEABLE`."""
        own = {name: value for name, value in vars(self.module).items() if _is_own(value, self.module)}
        return {name: own[name] for name in own if name in shipped.REPLACEABLE}

    @cached_property
    def stand_ins(self) -> Mapping[FunctionType, FunctionType]:
        """Own functions by the shipped ones for which they stand."""
        return {cast(FunctionType, shipped.REPLACEABLE[name]): own for name, own in self.rules.items()}

    @cached_property
    def numbers(self) -> type | None:
        """The class `Own` with the numbers that the file declares."""
        found: type | None = vars(self.module).get(NUMBERS)
        return found

    @cached_property
    def outcomes(self) -> Mapping[str, OwnOutcome]:
        """Own outcomes by name."""
        made = (value for value in vars(self.module).values() if isinstance(value, OwnOutcome))
        return {outcome.name: outcome for outcome in made}

    def slots(self, values: Mapping[str, Any]) -> Slots:
        """Return numbers by name as the engine keeps them; those not given have their default."""
        all_numbers = dataclasses.asdict(self.numbers(**values)) if self.numbers else {}
        return Slots(*map(float, all_numbers.values()))

    def values(self, slots: Slots) -> dict[str, Any]:
        """Return the numbers by name, each of the type that it was declared with."""
        kinds = hints(self.numbers) if self.numbers else {}
        kept = zip(kinds.items(), dataclasses.astuple(slots), strict=False)
        return {name: kind(value) for (name, kind), value in kept}

    def told(self, slots: Slots) -> dict[str, Any]:
        """Return what provenance and a study's manifest say: file, hash, what is replaced, numbers, outcomes."""
        return {
            "file": Path(self.file).name, "sha256": self.sha256, "replaces": list(self.rules),
            "numbers": self.values(slots), "outcomes": list(self.outcomes),
        }  # fmt: skip

    def words(self) -> dict[str, Any]:
        """Return what is declared of own numbers and outcomes as plain values, for those who must not execute them."""
        numbers = dict(_declared_numbers(self.numbers)) if self.numbers else {}
        return {"numbers": numbers, "outcomes": {name: each.words() for name, each in self.outcomes.items()}}


def _declared_numbers(numbers: type) -> Iterator[tuple[str, dict[str, Any]]]:
    for field, known in declarations(numbers):
        bounds = list(known.bounds) if known.bounds else None
        default = default_of(field)
        said = {"default": default, "unit": known.unit, "bounds": bounds, "meaning": known.meaning, "zh": known.zh}
        yield field.name, said


def learn_words(words: Mapping[str, Any]) -> None:
    """Let own numbers and outcomes be named as `OwnRules.words` has them; nothing of their file is executed."""
    for name, said in words["outcomes"].items():
        REGISTERED.setdefault(name, OwnOutcome(name, line=0, function=_unmeasured, **said))
    fields = [
        (name, type(said["default"]), parameter(**{**said, "bounds": said["bounds"] and tuple(said["bounds"])}))
        for name, said in words["numbers"].items()
    ]
    known = any(set(hints(each)) >= set(words["numbers"]) for each in NUMBERS_READ)
    if fields and not known:
        NUMBERS_READ.append(dataclasses.make_dataclass(NUMBERS, fields, frozen=True))


def _unmeasured(cases: Any) -> float | None:
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_rules(path: str | os.PathLike[str]) -> OwnRules:
    """Read a file of own rules and check all that can be checked before it is compiled.

    Raises:
        ConfigError: With every problem found, each with file and line.
    """
    place = Path(path)
    try:
        text = place.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path}: expected UTF-8, got the byte 0x{error.object[error.start]:02x}."]) from error
    except OSError as error:
        what = error.strerror or "cannot be read"
        raise ConfigError([f"{path}: {what}. Name a file of own rules; `whistle rules NAME` prints one."]) from error
    here = Path.cwd()
    shown = place.relative_to(here) if place.is_relative_to(here) else place
    return rules_of(text, str(shown))


@lru_cache(maxsize=64)
def rules_of(text: str, file: str) -> OwnRules:
    """Return own rules from the text of their file; ConfigError as `read_rules`."""
    own = OwnRules(text, file)
    raise_if_any(list(_problems(own)))
    REGISTERED.update(own.outcomes)
    if own.numbers:
        NUMBERS_READ[:] = [own.numbers, *(each for each in NUMBERS_READ if each is not own.numbers)]
    return own


NUMBERS_READ: list[type] = []
"""Classes of own numbers that this process has read, the last one first: their words are looked up here."""


def _problems(own: OwnRules) -> Iterator[str]:
    """Yield what is wrong with what the file defines; ConfigError for a file that cannot be executed at all."""
    module = own.module
    functions = {name: value for name, value in vars(module).items() if _is_own(value, module)}
    yield from spelled_for_the_engine(own.text, own.file)[1]
    yield from declared_wrongly(own.numbers, own.file, len(SLOTS))
    for name, function in functions.items():
        place = f"{own.file}:{function.__code__.co_firstlineno}"
        if function.__name__ == "<lambda>":
            yield f"{place}: {name}: expected `def {name}(…):`, got a lambda."
        elif name.startswith("_"):
            yield from calls_forbidden(function, own.text, own.file, module)
        elif name not in shipped.REPLACEABLE:
            yield f"{place}: {named_wrongly(name)} A function of your own has a name that begins with '_'."
        else:
            yield from (f"{place}: {problem}" for problem in signature_wrong(name, function))
            yield from calls_forbidden(function, own.text, own.file, module)
    for outcome in own.outcomes.values():
        yield from (f"{own.file}:{outcome.line}: {problem}" for problem in outcome.problems())
    if not (functions or own.outcomes or own.numbers):
        names = nearest("", list(shipped.REPLACEABLE)[:5])
        yield f"{own.file}:1: expected a function with the name of a rule, got none{names} `whistle rules` lists them."


def _is_own(value: Any, module: ModuleType) -> bool:
    return isfunction(value) and value.__code__.co_filename == module.__file__


def _defined(text: str, file: str) -> ModuleType:
    """Execute the file as a module of its own, in which shipped rules that it replaces are still the shipped ones."""
    code, _ = spelled_for_the_engine(text, file)
    module = ModuleType(f"own_rules_{_digest(text)[:16]}")
    module.__file__ = file
    sys.modules[module.__name__] = module  # where dataclasses and pickles look for what it defines
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    try:
        exec(code, vars(module))
    except ConfigError:
        raise
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        line = lines[-1] if lines else getattr(error, "lineno", None) or 1
        raise ConfigError([f"{file}:{line}: {type(error).__name__}: {error}."]) from error
    replaced = {shipped.REPLACEABLE[name] for name in vars(module) if name in shipped.REPLACEABLE}
    for name, value in list(vars(module).items()):
        vars(module)[name] = _as_shipped(value, replaced, module)
    return module


def _as_shipped(value: Any, replaced: set[Callable[..., Any]], module: ModuleType) -> Any:
    """Return a shipped rule that the file replaces, or a module that holds such, as what the file means by it."""
    if isfunction(value) and value in replaced:
        return _copy(value, module)
    if not (isinstance(value, ModuleType) and value.__name__.startswith(f"{shipped.__name__}.")):
        return value
    if replaced.isdisjoint(one for one in vars(value).values() if isfunction(one)):
        return value
    with_copies = ModuleType(value.__name__)
    vars(with_copies).update({name: _as_shipped(one, replaced, module) for name, one in vars(value).items()})
    return with_copies


def _copy(rule: FunctionType, module: ModuleType) -> FunctionType:
    """Return a shipped rule under a name in the file's module, so that both can be compiled side by side."""
    name = f"shipped_{rule.__module__.rpartition('.')[2]}_{rule.__name__}"
    copy = vars(module).get(name)
    if not isfunction(copy):
        copy = FunctionType(rule.__code__, rule.__globals__, name, rule.__defaults__, rule.__closure__)
        copy.__module__, copy.__qualname__, copy.__annotations__ = module.__name__, name, rule.__annotations__
        copy.__doc__ = rule.__doc__
        vars(module)[name] = copy
    return copy


@contextmanager
def in_force(own: OwnRules | None) -> Iterator[None]:
    """Let own rules stand in the modules of `model.rules` for plain Python; nobody else reads rules meanwhile."""
    if own is None or not own.rules:
        yield
        return
    with LOCK:
        before = [(sys.modules[rule.__module__], rule.__name__, rule) for rule in own.stand_ins]
        kept = [(module, name, vars(module)[name]) for module, name, _ in before]
        try:
            for module, name, rule in before:
                setattr(module, name, own.stand_ins[rule])
            yield
        finally:
            for module, name, value in kept:
                setattr(module, name, value)
