"""What is on the screen as Python: the first cell of a notebook that asks for the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from experiments.page.log_job import learned
from experiments.page.package import Choice, Package, common
from experiments.page.state import Link
from experiments.page.watch import WATCHED

WIDEST = 100  # letters of a line


def python_of(screen: Link, running: Link) -> str:
    """Return a program that asks for what a tab shows; empty where it shows no run.

    Args:
        screen: The page as it is.
        running: With the rules and the seed of the district that runs.
    """
    if screen.tab == "compare":
        own = learned(screen.learned) if screen.choice.learned else None
        return comparison_text(screen.choice, screen.package, screen.seed, own.district if own else "")
    if screen.tab == "rules":
        return district_text(screen.package, screen.seed, {})
    return district_text(running.package, running.seed, WATCHED) if screen.tab == "district" else ""


def district_text(package: Package, seed: int, settings: Mapping[str, Any]) -> str:
    """Return the program of one run, under settings besides those of the package."""
    overrides = {**common(), **dict(package.values), **settings}
    given = [_text(package.preset), *([f"overrides={_mapping(overrides)}"] if overrides else [])]
    lines = (
        "from model import load_scenario, simulate\n",
        f"scenario = {_call('load_scenario', given)}",
        f"record = simulate(scenario, seed={seed})",
        "record",
    )
    return "\n".join(lines) + "\n"


def comparison_text(choice: Choice, mine: Package, seed: int, district: str = "") -> str:
    """Return the program of a comparison; packages that were changed are written as files.

    Args:
        choice: Of packages and options.
        mine: The package of the Rules tab.
        seed: The first one.
        district: Folder of a learned one, where it was unpacked; "": the shipped district.
    """
    packages = choice.packages(mine)
    regimes = ", ".join(_text(package.file if package.values else package.preset) for package in packages)
    given = [f"[{regimes}]", f"set={_mapping(choice.settings)}", f"pairs={choice.pairs}", f"seed={seed}"]
    given += [f"district={_text(district)}"] if district else []
    files = "".join(_files(packages))
    first = "from pathlib import Path\n\n" if files else ""
    return f"{first}from experiments import compare\n\n{files}result = {_call('compare', given)}\nresult\n"


def _files(packages: tuple[Package, ...]) -> Iterator[str]:
    for package in dict.fromkeys(package for package in packages if package.values):
        yield f'Path("{package.file}").write_text("""\\\n{package.yaml()}""", encoding="utf-8")\n'


def _call(name: str, given: list[str]) -> str:
    """Return a call, an argument a line where one line is too long."""
    short = f"{name}({', '.join(given)})"
    if len(short) <= WIDEST and "\n" not in short:
        return short
    return f"{name}(\n" + "".join(f"    {each},\n" for each in given) + ")"


def _mapping(values: Mapping[str, Any]) -> str:
    entries = [f"{_text(key)}: {_text(value) if isinstance(value, str) else repr(value)}"
               for key, value in values.items()]  # fmt: skip
    if len(entries) <= 2:
        return f"{{{', '.join(entries)}}}"
    return "{\n" + "".join(f"        {each},\n" for each in entries) + "    }"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
