"""Carrying out a page: its files are written, its changes applied, its commands run, what it prints compared.

A fenced block says by its first word what it is: `yaml title="…"` and `csv title="…"` a file, `diff` a change of the
source, `sh` commands, `python` a program; a `text` block after one of these is what is printed, with `...` for what
may differ. A command followed by `# exit code N` ends so, and what it says of that is printed.
"""

from __future__ import annotations

import dataclasses
import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "paper" / "docs"

LONGEST = 1200
"""Seconds that a command may take."""

_FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclasses.dataclass(frozen=True)
class Block:
    """A fenced block: its first word, the file it names, its text."""

    kind: str
    title: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    return [Block(*found.groups("")) for found in _FENCE.finditer(page.read_text(encoding="utf-8"))]


def copy_of_the_repository(target: Path) -> None:
    """Copy what is under version control, as it stands, into a new repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode("utf-8").split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run(["git", "init", "--quiet"], cwd=target, check=True)


def carry_out(page: Path, room: Path) -> None:
    """Follow a page in a folder, word for word.

    Raises:
        AssertionError: Where a command fails, or prints something else than the page says.
    """
    found = blocks(page)
    for place, block in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        wanted = after.text if after is not None and after.kind == "text" else None
        if block.title:
            (room / block.title).write_text(block.text, encoding="utf-8")
        elif block.kind == "diff":
            apply(block.text, room)
        elif block.kind in ("sh", "python"):
            _compare("".join(_run(block, room)), wanted, block)


def apply(change: str, room: Path) -> None:
    """Apply a diff in a folder."""
    done = subprocess.run(["git", "apply", "-"], cwd=room, input=change, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def _run(block: Block, room: Path) -> Iterator[str]:
    lines = _commands(block.text, room) if block.kind == "sh" else iter([([sys.executable, "-c", block.text], 0)])
    env = os.environ | {"PYTHONPATH": os.pathsep.join(_path(room)), "COLUMNS": "120", "NO_COLOR": "1"}
    for words, code in lines:
        done = subprocess.run(words, cwd=room, capture_output=True, text=True, env=env, timeout=LONGEST, check=False)
        assert done.returncode == code, (shlex.join(words), done.stdout[-2000:], done.stderr[-2000:])
        yield done.stdout + (done.stderr if code else "")


def _path(room: Path) -> Sequence[str]:
    """Return where `model` is found: in the copy, where the page works on one."""
    return [str(room)] if (room / "model").is_dir() else [str(ROOT)]


def _commands(text: str, room: Path) -> Iterator[tuple[list[str], int]]:
    """Yield the words of each command, as a shell would (wildcards stand for files that there are), and its code."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words:
            given = [each for msg in words[1:] for each in _files(msg, room)]
            code = re.search(r"# exit code (\d+)$", line)
            yield [*_PROGRAMS.get(words[0], [words[0]]), *given], int(code[1]) if code else 0


def _files(msg: str, room: Path) -> list[str]:
    found = sorted(str(path.relative_to(room)) for path in room.glob(msg)) if "*" in msg else []
    return found or [msg]


_PROGRAMS = {
    ".venv/bin/whistle": [sys.executable, "-m", "experiments.cli"],
    "whistle": [sys.executable, "-m", "experiments.cli"],
    ".venv/bin/python": [sys.executable],
}
"""What stands for the programs of the page: those of the environment that runs the tests."""


def _compare(said: str, wanted: str | None, block: Block) -> None:
    if wanted is not None:
        assert doctest.OutputChecker().check_output(wanted, said, _LOOSE), (
            f"{block.text}\nshould print\n{wanted}\nbut prints\n{said}"
        )
