"""One compilation for all tests, before any of them is timed."""

from __future__ import annotations

import pytest

from model.config.scenario import Scenario
from tests.support import tiny


@pytest.fixture(scope="session")
def inverted() -> Scenario:
    """Return the tiny district before the reform, forty days."""
    return tiny("inverted")


@pytest.fixture(scope="session")
def flattened() -> Scenario:
    """Return the tiny district after the reform, forty days."""
    return tiny("flattened")
