"""Text of a configuration file, and what its plain words stand for (YAML 1.2 core schema)."""

from __future__ import annotations

import re
from pathlib import Path

from model.errors import ConfigError

__all__ = ["LARGEST_FILE", "quote", "read_text", "scalar"]

LARGEST_FILE = 2_000_000
"""Bytes; the whole of Chaoyang takes some 60,000."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {word: value for value, words in (
    (None, ("", "~", "null", "Null", "NULL")), (True, ("true", "True", "TRUE")), (False, ("false", "False", "FALSE")),
) for word in words}  # fmt: skip
_MOST_DIGITS = 300


def read_text(path: Path, shown: str) -> str:
    """Return the text of a file.

    Raises
    ------
    ConfigError
        For a file that is missing, not a file, unreadable, too large, not UTF-8, empty, or no text.
    """
    text = _decoded(_bytes(path, shown), shown)
    control = _CONTROL.search(text)
    if control:
        line, column = text.count("\n", 0, control.start()) + 1, control.start() - text.rfind("\n", 0, control.start())
        raise ConfigError(
            [f"{shown}:{line}:{column}: expected plain text, got the control character U+{ord(control[0]):04X}."]
        )
    if not text.strip():
        raise ConfigError([f"{shown}:1:1: expected a mapping of topics, got an empty file."])
    return text


def scalar(text: str) -> str | int | float | bool | None:
    """Return what a plain (unquoted) word stands for; NO, on and 2020-01-01 are words."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _MOST_DIGITS and _INTEGER.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text, base)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def quote(value: object) -> str:
    """Return a value as a message shows it: YAML words, long ones cut."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, int) and value.bit_length() > 200:
        return "a very large number"
    text = repr(value) if isinstance(value, str) else str(value)
    text = f".{text}" if text in ("nan", "inf") else text.replace("-inf", "-.inf")
    return text if len(text) <= 60 else text[:57] + "…"


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if not path.exists():
            raise ConfigError([f"{shown}: does not exist."])
        if not path.is_file():
            raise ConfigError(
                [f"{shown}: is {'a folder' if path.is_dir() else 'not a regular file'}. Name a YAML file."]
            )
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ConfigError([f"{shown}: expected at most {LARGEST_FILE:,} bytes, got {size:,}."])
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError([f"{shown}: cannot be read: {getattr(error, 'strerror', None) or error}."]) from error


def _decoded(raw: bytes, shown: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise ConfigError(
            [f"{shown}:{line}:{column}: expected UTF-8, got the byte 0x{raw[error.start]:02x}. Save the file as UTF-8."]
        ) from error
