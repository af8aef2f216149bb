"""What a Mesa model of the district is given: seeds in all of Mesa's forms, a regime with settings over it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from model.config.declared import declared_topics
from model.config.overrides import read_overrides
from model.config.scenario import Scenario, load_scenario, vary
from model.config.topics import topics
from model.errors import ConfigError, nearest, noting
from model.own import OwnRules
from model.rng import seed_problems

DISTRICT = "chaoyang"

Seed = (
    int | np.integer[Any] | str | Sequence[int] | np.random.SeedSequence | np.random.Generator
    | np.random.BitGenerator | None
)  # fmt: skip
"""What Mesa takes for a seed."""

Rules = str | os.PathLike[str] | OwnRules | None
"""A file of own rules."""

_BITS = 53  # of a seed that is drawn: tables, JSON and floating-point numbers keep it


def seed_of(seed: Any, rng: Any) -> tuple[int, list[str]]:
    """Return the seed of a run, and what is wrong with what is given.

    Args:
        seed, rng: At most one: a whole number (also as text, as a page's input field has it) is the seed itself; of a
            Generator or BitGenerator it is drawn, of a SeedSequence or a sequence of whole numbers it is made; with
            neither it is a fresh one.
    """
    if seed is not None and rng is not None:
        return 0, [f"seed, rng: expected one of them, got seed={seed!r} and rng={rng!r}."]
    given = rng if seed is None else seed
    if isinstance(given, str) and given.strip().isdecimal():
        given = int(given)
    if isinstance(given, np.random.BitGenerator):
        given = np.random.Generator(given)
    if isinstance(given, np.random.Generator):
        return int(given.integers(1 << _BITS)), []
    if given is None or isinstance(given, np.random.SeedSequence):
        return _made(given or np.random.SeedSequence()), []
    if isinstance(given, Sequence | np.ndarray) and not isinstance(given, str | bytes):
        wrong = [problem for part in given for problem in seed_problems(part)]
        return (0, wrong) if wrong else (_made(np.random.SeedSequence([int(part) for part in given])), [])
    wrong = seed_problems(given)
    return (0, wrong) if wrong else (int(given), [])


def _made(source: np.random.SeedSequence) -> int:
    return int(source.generate_state(1, np.uint64)[0]) >> (64 - _BITS)


def settings_of(overrides: Any, more: Mapping[str, Any], words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return all settings by dotted key, and what is wrong with how they are given.

    Args:
        overrides: As `load_scenario` takes them; also one "key=value".
        more: Keywords: settings, or words that nobody knows.
        words: The keywords that there are.
    """
    if isinstance(overrides, str) and "=" not in overrides:
        return {}, [
            f"overrides: expected settings by key, got {overrides!r}. (mesa.batch_run takes a mapping apart: give it "
            f'settings as parameters, {{"{overrides}": [value, …]}}, or a list of mappings.)'
        ]
    if isinstance(overrides, Mapping):
        settings, problems = dict(overrides), list[str]()
    else:
        settings, problems = read_overrides([overrides] if isinstance(overrides, str) else overrides or ())
    problems += [f"{key}: expected once, got it in overrides and as a keyword." for key in more if key in settings]
    problems += [_unknown(name, words) for name in more if not _is_setting(name)]
    return {**settings, **{key: value for key, value in more.items() if _is_setting(key)}}, problems


def _is_setting(name: str) -> bool:
    return "." in name or name in topics()


def _unknown(name: str, words: Sequence[str]) -> str:
    keys = [f"{topic.name}.{key}" for topic in declared_topics() if not topic.listed for key in topic.keys]
    return f"unknown keyword '{name}'{nearest(name, [*get_close_matches(name, keys, n=1), *words])}"


def setting_of(scenario: Any, district: str, settings: Mapping[str, Any], rules: Rules = None) -> Scenario:
    """Return the scenario of a run: loaded, or an own one with settings over it; ConfigError for what is wrong."""
    if isinstance(scenario, str | os.PathLike):
        return load_scenario(str(scenario), district=district, overrides=settings, rules=rules)
    if not isinstance(scenario, Scenario):
        raise ConfigError([f"scenario: expected a regime's name, a path or a Scenario, got {scenario!r}."])
    problems = []
    if district != DISTRICT:
        problems.append(f"district: expected nothing, because the scenario is already loaded, got {district!r}.")
    if rules is not None:
        problems.append(f"rules: expected nothing, because the scenario is already loaded, got {rules!r}.")
    varied = scenario
    with noting(problems):
        varied = vary(scenario, settings) if settings else scenario
    if problems:
        raise ConfigError(problems)
    return varied
