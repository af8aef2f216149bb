"""What a colleague writes on top of Whistle; checked by mypy, strictly, against the installed wheel, and run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments import Result, compare, open_study
from model import OUTCOMES, DistrictModel, Outcome, Record, Scenario, fingerprint, load_scenario, simulate, vary


def closure(scenario: Scenario, seeds: range) -> list[float | None]:
    """Return the share closed in runs of a scenario."""
    records: list[Record] = [simulate(scenario, seed) for seed in seeds]
    return [record.outcomes["closure_rate"] for record in records]


def longest_queue(district: DistrictModel, days: int) -> str:
    """Return the code of the unit with the longest queue after some days."""
    for _ in range(days):
        district.step()
    return max(district.units, key=lambda unit: unit.queued).code


def differences(regimes: list[str]) -> pd.DataFrame:
    """Return how regimes differ in a few small runs."""
    settings: dict[str, object] = {"run.warm_up_days": 5, "run.window_days": 20}
    found: Result = compare(regimes, pairs=2, worlds="reference", district="tiny", set=settings, out=None)
    sentences: list[str] = found.sentences("zh")
    assert sentences
    return found.differences


def rows(folder: Path) -> int:
    """Return how many runs a study has."""
    return len(open_study(folder).runs)


def main() -> None:
    """Run a small district twice."""
    small = {"run.warm_up_days": 5, "run.window_days": 20}
    scenario = load_scenario("flattened", district="tiny", overrides=small)
    outcome: Outcome = OUTCOMES["closure_rate"]
    print(outcome.unit, closure(vary(scenario, {"demand.scale": 0.5}), range(1, 3)), fingerprint())
    print(differences(["inverted", "flattened"])["outcome"].nunique())
    print(longest_queue(DistrictModel("inverted", district="tiny", seed=1, overrides=small), 10))


if __name__ == "__main__":
    main()
