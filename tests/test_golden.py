"""The outcomes are those that were last agreed on; whoever changes them says so in the changelog."""

from __future__ import annotations

import pytest

from experiments.evidence.golden import REGIMES, SEEDS, known, outcomes


@pytest.fixture(scope="module")
def now() -> dict[str, dict[str, float | None]]:
    return outcomes()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("regime", REGIMES)
def test_outcomes_are_the_golden_ones(now: dict[str, dict[str, float | None]], regime: str, seed: int) -> None:
    """To the last bit; to take over new ones: `make golden`, and say in CHANGELOG.md whose results change."""
    run = f"{regime}, seed {seed}"
    changed = {
        name: (known()[run].get(name), value) for name, value in now[run].items() if known()[run].get(name) != value
    }
    assert changed == {}
    assert set(known()[run]) == set(now[run])
