"""Why a function cannot be compiled, in a line or two instead of the pages that numba prints."""

import linecache
import re
from pathlib import Path
from types import FunctionType

_LONGEST = 200  # letters of a reason; what numba says after that are types in full


class CannotCompile(Exception):
    """A function uses what cannot be compiled; the message names it, the reason and, where it is known, the line."""


def told(function: FunctionType, error: Exception) -> str:
    """Return in one line which function cannot be compiled and why; in a second one, what stands there."""
    text, code = re.sub(r"\x1b\[\d*m", "", str(error)), function.__code__
    file = "/".join(Path(code.co_filename).parts[-1 - function.__module__.count(".") :])
    said = f"{function.__module__}.{function.__qualname__} ({file}:{code.co_firstlineno}) cannot be compiled: "
    found = re.search(rf'File "[^"]*{re.escape(Path(code.co_filename).name)}", line (\d+)', text)
    found = found or re.search(rf"at {re.escape(code.co_filename)} \((\d+)\)", text)
    line = linecache.getline(code.co_filename, int(found[1])).strip() if found else ""
    return said + _reason(error, text) + (f"\n    line {found[1]}: {line}" if found and line else "")


def _reason(error: Exception, text: str) -> str:
    """Return why, out of the pages that numba prints: the first of its reasons is about the code that it was given."""
    if "NRT required" in text:
        return "it allocates an object (a list, an array, a string) on every call"
    lines = [line.strip() for line in text.splitlines()]
    reasons = [line for line in lines if line and not re.match(r"Failed in|File |During|- Resolution failure", line)]
    reason = next(iter(reasons), type(error).__name__)
    if (call := next((line for line in reasons if line.startswith(">>> ")), None)) and "No implementation" in reason:
        reason = f"no implementation of {call[4:]}"
    reason = re.sub(r"\b(Row|District) [0-9a-f]{8}\b", r"\1", reason)
    return reason if len(reason) <= _LONGEST else reason[:_LONGEST] + " …"
