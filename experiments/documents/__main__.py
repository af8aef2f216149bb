"""`python -m experiments.documents` (`make documents`) writes every document that is made from declarations."""

import json
import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from experiments.documents.declared import (
    event_page,
    glossary,
    parameter_names,
    parameter_table,
    readable_table,
    studies_page,
    tools_table,
    totals_table,
)
from experiments.documents.doubt import doubt_tables
from experiments.documents.installing import installs_table
from experiments.documents.learned import learned_tables
from experiments.documents.measured import expectations_page, instruments_page, regime_file
from experiments.documents.public import public_names
from experiments.errors import WrongInput
from experiments.messages import Language
from experiments.store.files import replace_text
from experiments.studies import study_schema
from model import INSTRUMENTS, schema, shipped_root

ROOT = Path(__file__).resolve().parents[2]
_HOW_TO = "paper/docs/en/how-to"
_PARTS: Mapping[str, Callable[[], str]] = {
    "paper/odd.md": parameter_names,
    "paper/docs/en/explanation/doubt.md": doubt_tables,
    "paper/docs/en/explanation/learned_logs.md": partial(learned_tables, Language.EN),
    "paper/docs/zh/learned_logs.md": partial(learned_tables, Language.ZH),
    f"{_HOW_TO}/install.md": partial(installs_table, Language.EN),
    "paper/docs/zh/how-to/install.md": partial(installs_table, Language.ZH),
    "paper/docs/en/reference/public.md": partial(public_names, Language.EN),
    "paper/docs/zh/public.md": partial(public_names, Language.ZH),
    f"{_HOW_TO}/own_figure.md": partial(tools_table, "charts.marks", "charts.style"),
    f"{_HOW_TO}/own_outcome.md": totals_table,
    f"{_HOW_TO}/own_rule.md": readable_table,
    f"{_HOW_TO}/own_study.md": partial(
        tools_table, "kinds", "design.designs", "design.factors", "store.opened", "formatting", "stats.intervals"
    ),
}  # by page: what is made of it
_MADE = re.compile(r"(?<=<!-- made by `make documents` -->\n).*(?=<!-- end of what is made -->)", re.DOTALL)
"""The part of a written page that is made."""


def documents() -> Mapping[Path, Callable[[], str]]:
    """Return what makes each document, by its file."""
    configs = shipped_root()
    regimes = {configs / "regimes" / f"{each.regime}.yaml": partial(regime_file, each) for each in INSTRUMENTS}
    return {
        **regimes,  # first: the others read them
        configs / "README.md": parameter_table,
        configs / "schema.json": lambda: _json(schema()),
        configs / "EVENTS.md": event_page,
        configs / "INSTRUMENTS.md": instruments_page,
        configs / "EXPECTATIONS.md": expectations_page,
        configs / "studies" / "README.md": studies_page,
        configs / "studies" / "schema.json": lambda: _json(study_schema(), sort_keys=True),
        ROOT / "GLOSSARY.md": glossary,
        **{ROOT / page: partial(_renewed, ROOT / page, made) for page, made in _PARTS.items()},
    }


def _renewed(page: Path, made: Callable[[], str]) -> str:
    return _MADE.sub(lambda _: made(), page.read_text(encoding="utf-8"))


def _json(content: dict[str, Any], *, sort_keys: bool = False) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=sort_keys) + "\n"


def main() -> int:
    """Write every document that can be made, tell what is wrong with the others, and return the exit code."""
    problems = []
    for path, made in documents().items():
        try:
            replace_text(path, made())
        except WrongInput as error:
            problems.append(str(error))
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
    return 2 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
