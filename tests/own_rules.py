"""Files of own rules for tests: each rule as it is shipped, or turned a little, in runs in which it has a say."""

from __future__ import annotations

import ast
import atexit
import functools
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from model import INSTRUMENTS, OwnRules, Scenario, load_scenario, rules_of, starting_file, to_yaml

EVERYTHING = {
    "run.window_days": 60, "run.warm_up_days": 0, "run.follow_up_days": 60,
    "trade.secondment": 1.0, "trade.borrowing": 1.0, "trade.mutual_aid": 1.0, "trade.entrusting": 1.0,
    "trade.staff_follows": 0.5, "trade.responsibility_follows": 0.5, "trade.answer_days": 0, "lending.look_days": 2,
    "entrusting.ground": 0.0, "office.attention": 1.0, "learning.trust": 1.0, "learning.propensity": 1.0,
    "letters.emergency_first": 0.5, "letters.weekend_answers": 0.5, "skill.out_of_field": 0.5,
    "staffing.dynamic": 0.5, "staffing.gap_days": 0.1, "staffing.period_days": 10,
    "whistle.acceptances_per_day": 5, "whistle.sources_per_day": 100, "whistle.analyses_per_day": 100,
    "whistle.sendings_per_day": 100, "whistle.meetings_per_day": 100, "closed_loop.call_backs_per_day": 200,
    "demand.latent": 2.0, "citizens.member_hours": 0.5, "citizens.usual_standing": 0.05, "citizens.feedback": 0.9,
    "channels.hotline": 1.0, "channels.media": 1.0,
}  # fmt: skip
"""Settings under which every rule has something to say in a short run of one of `RUNS`."""

EVERY = "every instrument"
RUNS = ("flattened", "worst_case", EVERY, "inverted")


@functools.cache
def _every_instrument() -> str:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "every.yaml"
    path.write_text(to_yaml({"extends": ["flattened", *(each.regime for each in INSTRUMENTS)]}), encoding="utf-8")
    return str(path)


def busy(regime: str, rules: OwnRules | None = None) -> Scenario:
    """Return a short run of the tiny district in which much happens."""
    name = _every_instrument() if regime == EVERY else regime
    return load_scenario(name, district="tiny", overrides=EVERYTHING, rules=rules)


_OTHERWISE = {
    "float": ("0.5 * found + 0.25", "1.0 - found", "2.0 * found + 1.0"), "int": ("found + 1", "0"),
    "bool": ("not found",),
}  # fmt: skip


def turned(name: str) -> list[OwnRules]:
    """Return files in which a rule answers otherwise than it is shipped, each in another way."""
    tree = ast.parse(starting_file([name]))
    rule = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    arguments = ", ".join(each.arg for each in rule.args.args)
    assert rule.returns is not None
    kind, rule.name = ast.unparse(rule.returns), "_as_shipped"
    before = ast.unparse(ast.fix_missing_locations(tree))
    count = 4 if "..." in kind else 3  # reasons to decline, and to refuse
    reasons = ", ".join(f"0.5 * found[{place}] + 1.0" for place in range(count))
    after = f"\n\ndef {name}({arguments}):\n    found = _as_shipped({arguments})\n    return "
    return [rules_of(f"{before}{after}{said}\n", f"{name}.py") for said in _OTHERWISE.get(kind, (reasons,))]


def bits(tables: Any) -> list[bytes]:
    """Return the content of all tables of a run, without what lies between columns."""
    return [one for table in tables for one in _columns(np.asarray(table))]


def _columns(table: np.ndarray[Any, Any]) -> list[bytes]:
    if table.dtype.names is None:
        return [table.tobytes()]
    return [one for name in table.dtype.names for one in _columns(table[name])]
