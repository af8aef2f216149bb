"""Whatever runs the model more than once: studies, comparisons, figures, the command line.

`from experiments import compare, sweep, open_study`: every command is a function of the same name, see
`experiments.api`; each returns a `Result`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from experiments.start import check_packages

if TYPE_CHECKING:
    from experiments.api import (
        attribute,
        bias_map,
        calibrate,
        check,
        compare,
        discover,
        event_study,
        fit,
        log,
        new_district,
        open_study,
        patterns,
        phase,
        recovery,
        resume,
        saturation,
        search,
        sensitivity,
        study,
        superadditivity,
        sweep,
        worlds,
    )
    from experiments.errors import Interrupted, Unwritable, WrongInput
    from experiments.findings import Findings
    from experiments.result import Result

__all__ = [
    "Findings", "Interrupted", "Result", "Unwritable", "WrongInput", "attribute", "bias_map", "calibrate", "check",
    "compare", "discover", "event_study", "fit", "log", "new_district", "open_study", "patterns", "phase", "recovery",
    "resume", "saturation", "search", "sensitivity", "study", "superadditivity", "sweep", "worlds",
]  # fmt: skip

_ELSEWHERE = {
    "Findings": "findings", "Interrupted": "errors", "Result": "result", "Unwritable": "errors", "WrongInput": "errors",
}  # fmt: skip

check_packages()


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_ELSEWHERE.get(name, 'api')}"), name)


def __dir__() -> list[str]:
    return __all__
