"""What other libraries find in small data sets, for `test_libraries.py`.

Run by hand in an environment of its own: these libraries are heavy or under other licences, and nothing else imports
them: `pip install pyfixest shapiq ema_workbench lifelines`, then `python tests/experiments/library_results.py`.
"""

from __future__ import annotations

import importlib
import json
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).with_suffix(".json")
LIBRARIES = ("pyfixest", "shapiq", "ema_workbench", "lifelines")


def panels() -> list[dict[str, Any]]:
    """Difference-in-differences and event studies by pyfixest, standard errors clustered by street."""
    pandas, pyfixest = importlib.import_module("pandas"), importlib.import_module("pyfixest")
    found = []
    for seed, (streets, periods, starts) in enumerate([(12, 6, (3,)), (30, 10, (4,)), (24, 9, (3, 5, 6))]):
        rng = np.random.default_rng(seed)
        adopted = np.array([starts[s // 2 % len(starts)] if s % 2 else periods for s in range(streets)])
        under = np.arange(periods) >= adopted[:, None]
        values = rng.normal(size=(streets, 1)) + rng.normal(size=periods) + 0.5 * under + rng.normal(size=under.shape)
        values = values.round(3)
        cells = pandas.DataFrame(
            {
                "y": values.ravel(), "street": np.repeat(np.arange(streets), periods),
                "period": np.tile(np.arange(periods), streets), "under": under.ravel().astype(float),
                "treated": np.repeat(adopted < periods, periods).astype(float),
            }
        )  # fmt: skip
        fit = pyfixest.feols("y ~ under | street + period", cells, vcov={"CRV1": "street"})
        one = {"values": values.tolist(), "adopted": adopted.tolist(), "did": _estimates(fit)[0]}
        if len(starts) == 1:
            reference = starts[0] - 1
            fit = pyfixest.feols(
                f"y ~ i(period, treated, ref={reference}) | street + period", cells, vcov={"CRV1": "street"}
            )
            one["event_study"] = _estimates(fit)
        found.append(one)
    return found


def _estimates(fit: Any) -> list[list[float]]:
    """Return coefficient, standard error, ends of the 95 % interval and p of each term."""
    table = fit.tidy()
    found: list[list[float]] = table[["Estimate", "Std. Error", "2.5%", "97.5%", "Pr(>|t|)"]].to_numpy().tolist()
    return found


def games() -> list[dict[str, Any]]:
    """Shapley values and pairwise Shapley interaction indices by shapiq."""
    shapiq = importlib.import_module("shapiq")
    found = []
    for players in (2, 4, 6):
        worth = np.r_[0.0, np.random.default_rng(players).normal(size=2**players - 1)]

        def game(coalitions: Any, worth: Any = worth) -> Any:
            return worth[coalitions.astype(int) @ (1 << np.arange(coalitions.shape[1]))]

        computer = shapiq.ExactComputer(game=game, n_players=players)
        values, pairs = computer("SV", 1), computer("SII", 2)
        found.append(
            {
                "worth": worth.tolist(),
                "shapley": [float(values[(player,)]) for player in range(players)],
                "pairs": [[*pair, float(pairs[pair])] for pair in combinations(range(players), 2)],
            }
        )
    return found


def boxes() -> list[dict[str, Any]]:
    """Coverage, density and restricted inputs of the most balanced box on the way, by the PRIM of the EMA Workbench."""
    pandas, prim = importlib.import_module("pandas"), importlib.import_module("ema_workbench.analysis.prim")
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        inputs = rng.random((200, 4)).round(3)
        low, high = rng.uniform(0.1, 0.4), rng.uniform(0.5, 0.8)
        sought = (inputs[:, 0] > low) & (inputs[:, 1] < high) & (rng.random(200) < 0.9)
        frame = pandas.DataFrame(inputs, columns=list("abcd"))
        box = prim.Prim(frame, sought, threshold=0.01, peel_alpha=0.05, mass_min=0.05, paste_alpha=0.05).find_box()
        path = box.peeling_trajectory
        found.append(
            {
                "inputs": inputs.tolist(),
                "sought": sought.tolist(),
                "coverage": path["coverage"].tolist(),
                "density": path["density"].tolist(),
                "mass": path["mass"].tolist(),
            }
        )
    return found


def survival() -> list[dict[str, Any]]:
    """Kaplan–Meier estimates by lifelines."""
    lifelines = importlib.import_module("lifelines")
    found = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        days, limits = rng.exponential(10.0, 60).round(), rng.exponential(20.0, 60).round()
        lasted, closed = np.minimum(days, limits) + 1.0, days <= limits
        fitted = lifelines.KaplanMeierFitter().fit(lasted, closed)
        table = fitted.survival_function_["KM_estimate"]
        found.append(
            {"days": lasted.tolist(), "closed": closed.tolist(), "times": table.index.tolist(), "open": table.tolist()}
        )
    return found


def main() -> None:
    """Write what they find, and their versions."""
    found = {
        "versions": {name: version(name) for name in LIBRARIES},
        "panels": panels(), "games": games(), "boxes": boxes(), "survival": survival(),
    }  # fmt: skip
    FILE.write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
