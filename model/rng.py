"""Keyed random draws: each is a pure function of (seed, who or which case, decision, occurrence).

A stream has no state, so nothing that happens elsewhere moves a draw. Keys are 64-bit words mixed by the finaliser of
SplitMix64 (Steele, Lea & Flood 2014). Each function is defined on Python integers, to be read, and on `np.uint64`
(`word_…`), for the compiled engine; a test compares them.
"""

import hashlib
from typing import Any

import numpy as np

_MASK = (1 << 64) - 1
LARGEST_SEED = _MASK  # a larger seed, or one below 0, would silently give the run of another seed

_STEP = 0x9E3779B97F4A7C15
_TURN = 0xD1B54A32D192ED03
_M1 = 0xBF58476D1CE4E5B9
_M2 = 0x94D049BB133111EB
_FRACTION = 2.0**-53

_W_STEP, _W_TURN, _W_M1, _W_M2 = (np.uint64(word) for word in (_STEP, _TURN, _M1, _M2))
_W_30, _W_27, _W_31, _W_11 = (np.uint64(bits) for bits in (30, 27, 31, 11))


def seed_problems(seed: Any) -> list[str]:
    """Return what is wrong with a seed, in words."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= int(seed) <= LARGEST_SEED:
        return [f"seed: expected a whole number from 0 to {LARGEST_SEED}, got {seed!r}."]
    return []


def code_key(code: str) -> int:
    """Return the 64-bit key of a unit, kind or street code: by name, never by position."""
    return int.from_bytes(hashlib.blake2b(code.encode(), digest_size=8).digest(), "little")


def derive(key: int, label: int) -> int:
    """Return the key that belongs to `label` under `key`, e.g. a case under its street and step."""
    z = (int(key) + (int(label) + 1) * _STEP) & _MASK
    z = ((z ^ (z >> 30)) * _M1) & _MASK
    z = ((z ^ (z >> 27)) * _M2) & _MASK
    return z ^ (z >> 31)


def draw(key: int, decision: int, occurrence: int) -> float:
    """Return the draw in (0, 1) for one decision about the bearer of `key`."""
    return ((derive(int(key) ^ ((int(occurrence) * _TURN) & _MASK), decision) >> 11) + 0.5) * _FRACTION


def choice_draw(key: int, decision: int, occurrence: int, unit_key: int) -> float:
    """Return the draw in (0, 1) that belongs to one candidate unit in a choice."""
    return draw(int(key) ^ int(unit_key), decision, occurrence)


def word_derive(key: np.uint64, label: int) -> np.uint64:
    """Return `derive` on machine words."""
    z = key + (np.uint64(label) + np.uint64(1)) * _W_STEP
    z = (z ^ (z >> _W_30)) * _W_M1
    z = (z ^ (z >> _W_27)) * _W_M2
    return z ^ (z >> _W_31)


def word_draw(key: np.uint64, decision: int, occurrence: int) -> float:
    """Return `draw` on machine words."""
    z = word_derive(key ^ (np.uint64(occurrence) * _W_TURN), decision)
    return (np.float64(z >> _W_11) + 0.5) * _FRACTION


def word_choice_draw(key: np.uint64, decision: int, occurrence: int, unit_key: np.uint64) -> float:
    """Return `choice_draw` on machine words."""
    return word_draw(key ^ unit_key, decision, occurrence)
