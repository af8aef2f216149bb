"""Pages of the documentation that are made: outcomes, commands, and what lies elsewhere in the repository.

`paper/mkdocs.yml` takes them through its hook; nothing of them is on disk.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.documents import table
from experiments.messages import Language

if TYPE_CHECKING:
    from click import Parameter

ROOT = Path(__file__).resolve().parents[2]

ELSEWHERE = {
    "configs/README.md": "reference/parameters.md",
    "configs/INSTRUMENTS.md": "reference/instruments.md",
    "configs/EXPECTATIONS.md": "reference/expectations.md",
    "configs/EVENTS.md": "reference/events.md",
    "configs/studies/README.md": "reference/studies.md",
    "configs/districts/chaoyang/README.md": "reference/chaoyang.md",
    "results/README.md": "reference/layout.md",
    "GLOSSARY.md": "reference/glossary.md",
    "paper/odd.md": "explanation/odd.md",
    "paper/departures.md": "explanation/departures.md",
    "paper/patterns.md": "explanation/patterns.md",
    "paper/calibration.md": "explanation/calibration.md",
    "paper/fluid_limit.md": "explanation/fluid_limit.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
}
"""By file of the repository: where it stands in the documentation."""

_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)")


def pages() -> dict[str, str]:
    """Return every page that is made, by its place."""
    made = {"reference/outcomes.md": outcomes(), "reference/commands.md": commands()}
    return made | {place: elsewhere(file) for file, place in ELSEWHERE.items()}


def elsewhere(file: str) -> str:
    """Return a file of the repository as a page: links lead to pages, and are plain where there is none."""
    here = ELSEWHERE[file]

    def linked(found: re.Match[str]) -> str:
        words, target, anchor = found.groups("")
        meant = os.path.normpath((Path(file).parent / target).as_posix())
        if meant not in ELSEWHERE:
            return f"`{meant}`" if words == meant or "`" in words else f"{words} (`{meant}`)"
        return f"[{words}]({os.path.relpath(ELSEWHERE[meant], Path(here).parent)}{anchor})"

    return _LINK.sub(linked, (ROOT / file).read_text(encoding="utf-8"))


def outcomes(language: Language = Language.EN) -> str:
    """Return the table of outcomes from their declarations."""
    from model import OUTCOMES

    chinese = language is Language.ZH
    signs = {1: "↑", -1: "↓", 0: ""}
    title, note, columns = _HEADS[language]
    rows = (
        (each.title_zh if chinese else each.title_en, f"`{name}`", each.unit, signs[each.direction],
         each.means_zh if chinese else each.means_en, each.formula)
        for name, each in OUTCOMES.items()
    )  # fmt: skip
    return f"# {title}\n\n{note}\n\n{table(columns, rows)}"


_HEADS = {
    Language.EN: ("Outcomes", "Made from the declarations in the code. ↑ higher is better, ↓ lower is better.",
                  ("outcome", "key", "unit", "", "meaning", "formula")),
    Language.ZH: ("指标", "由代码中的声明生成。↑ 越高越好，↓ 越低越好。", ("名称", "键", "单位", "", "含义", "公式")),
}  # fmt: skip


def commands() -> str:
    """Return every command with its options, from the command line itself."""
    import typer

    from experiments.cli.app import app

    group = typer.main.get_command(app)
    lines = ["# Commands", "", group.help or "", ""]
    for name, command in getattr(group, "commands", {}).items():
        rows = ((_named(each), (getattr(each, "help", "") or "").replace("|", "·")) for each in command.params
                if each.name != "help")  # fmt: skip
        lines += [
            f"## `whistle {name}`",
            "",
            (command.help or "").strip(),
            "",
            table(("argument or option", "what"), rows),
        ]
    return "\n".join(lines)


def _named(each: Parameter) -> str:
    return ", ".join(f"`{option}`" for option in each.opts) if each.param_type_name == "option" else f"`{each.name}`"
