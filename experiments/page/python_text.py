"""What is on the screen as Python: the first cell of a notebook that asks for the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.page.log_job import learned
from experiments.page.package import Choice, Package, common, numbered
from experiments.page.state import Link

PAIRS = Choice.pairs  # of the comparison of the home tab
WIDEST = 100  # letters of a line


def python_of(screen: Link, running: Link) -> str:
    """Return a program that asks for what a tab shows; empty where it shows no run.

    Args:
        screen: The page as it is.
        running: With the rules and the seed of the district that runs.
    """
    if screen.tab == "compare":
        own = learned(screen.learned) if screen.choice.learned else None
        packages = screen.choice.packages(screen.package)
        return comparison_text(packages, screen.choice.pairs, screen.seed, own.district if own else "")
    if screen.tab == "home":
        return comparison_text((screen.base, screen.package), PAIRS, 1)
    if screen.tab == "rules":
        return district_text(screen.package, screen.seed)
    return district_text(running.package, running.seed) if screen.tab == "district" else ""


def district_text(package: Package, seed: int) -> str:
    """Return the program of one run."""
    overrides = {**common(), **dict(package.values)}
    given = [_text(package.preset), *([f"overrides={_mapping(overrides)}"] if overrides else [])]
    lines = (
        "from model import load_scenario, simulate\n",
        f"scenario = {_call('load_scenario', given)}",
        f"record = simulate(scenario, seed={seed})",
        "record",
    )
    return "\n".join(lines) + "\n"


def comparison_text(packages: Sequence[Package], pairs: int, seed: int, district: str = "") -> str:
    """Return the program of a comparison; packages that were changed are written as files.

    Args:
        packages: The first is what the others are compared with.
        pairs: Runs of each.
        seed: The first one.
        district: Folder of a learned one, where it was unpacked; "": the shipped district.
    """
    names = [
        package.file(number) if package.values else package.preset
        for package, number in zip(packages, numbered(packages), strict=True)
    ]
    given = [f"[{', '.join(map(_text, names))}]", f"pairs={pairs}", f"seed={seed}"]
    given += [f"district={_text(district)}"] if district else []
    files = "".join(_files(packages))
    first = "from pathlib import Path\n\n" if files else ""
    return f"{first}from experiments import compare\n\n{files}result = {_call('compare', given)}\nresult\n"


def _files(packages: Sequence[Package]) -> Iterator[str]:
    written = dict(zip(packages, numbered(packages), strict=True))
    for package, number in written.items():
        if package.values:
            name = package.file(number)
            yield f'Path("{name}").write_text("""\\\n{package.yaml(number)}""", encoding="utf-8")\n'


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
