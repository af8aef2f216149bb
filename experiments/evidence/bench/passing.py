"""The passing network on the engine, on SimPy and on Ciw, at equal accuracy.

What is wanted is what such a network is simulated for: the mean time from report to end. All three
simulate the same district for the same days, so about the same requests, and what chance leaves in the
mean is the same for all. A discrete-event simulator has no other error; the engine goes by steps of the
day, so it is given as many steps as make the error of the steps smaller than that of chance. The exact
mean is known (Jackson), so both errors of the engine are measured again with every bench.

Measured (100 runs of the engine; error of steps ± its own chance | chance of one run; the 12 runs of SimPy
tell theirs to a fifth):

==================  ====  ==============================================================  ============
network             wait  steps a day                                                     SimPy
==================  ====  ==============================================================  ============
shipped, 26,800      22%  2: 2.4 ± 0.2 % | 1.6 %; 4: 0.9 | 1.6; **5: 0.8 | 1.5**; 8: 0.3    1.9 %
of a year, 48,500     7%  2: 5.2 ± 0.1 % | 1.4 %; 4: 1.9 | 1.3; **6: 1.0 | 1.3**; 8: 0.8    1.7 %
==================  ====  ==============================================================  ============

Two sizes, since the answer depends on it. *Shipped*: 6 requests a day at five departments of 3 or 4
people, 4,000 days, a size for tests against theory. *Of a year*: the same departments, entry shares and
routing at the volume at which every study of this project runs by default, 1:20 of Chaoyang (104 requests a
day), for a year, with so many people that each department is busy nine tenths of the time. This is the
size of the question that a user of SimPy would put: departments of a district cannot be made small
without changing their waits, so they are simulated as they are. A ratio is of times a request within a
round: whole runs, from the network to the mean, start-up and outcomes of each included.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.design.reading import load_all
from experiments.evidence.bench.clock import Timed, by_turns, over_rounds, quotients
from experiments.evidence.bench.networks import Seen, installed, network_of, on_ciw, on_simpy

if TYPE_CHECKING:
    from experiments.evidence.bench.effort import Effort
    from model import Record, Scenario

__all__ = [
    "OF_A_YEAR", "SHIPPED", "SUFFIXES", "Size", "accuracy", "against_simulators", "days_in_system", "scenario_of",
]  # fmt: skip

Results = dict[str, Any]

_REGIME, _DISTRICT = "null_queue", "network"


@dataclass(frozen=True)
class Size:
    """How large the network is.

    Attributes
    ----------
    suffix : str
        Of its keys in the JSON object.
    steps : int
        Steps a day of the engine: the error that they leave is smaller than that of chance.
    warm_up : int
        Days before requests count.
    requests_a_day : float or None
        None: network and people as shipped.
    busy : float
        Share of the time that people are busy; fixes how many there are.
    """

    suffix: str
    steps: int
    warm_up: int
    requests_a_day: float | None = None
    busy: float = 0.9

    def settings(self) -> dict[str, Any]:
        """Return what differs from the shipped network."""
        if self.requests_a_day is None:
            return {}
        shipped = load_all([_REGIME], _DISTRICT, {})[0]
        network, departments = network_of(shipped), shipped.resolved()["departments"]
        larger = self.requests_a_day / sum(network.arrivals) * network.service_days / self.busy
        staff = {
            f"departments.{department['code']}.staff": math.ceil(flow * larger)
            for department, flow in zip(departments, network.flows(), strict=True)
        }
        return {"demand.requests_per_year": self.requests_a_day * 365.0, **staff}


OF_A_YEAR = Size("", steps=6, warm_up=100, requests_a_day=104.0)
SHIPPED = Size("_small", steps=5, warm_up=400)
SUFFIXES = {"year": OF_A_YEAR.suffix, "shipped": SHIPPED.suffix}


def scenario_of(size: Size, days: int, steps: int | None = None) -> Scenario:
    """Return the network of a size, watched for so many days after its warm-up."""
    settings = {
        **size.settings(),
        "run.steps_per_day": steps or size.steps,
        "run.warm_up_days": size.warm_up,
        "run.window_days": days,
        "run.follow_up_days": 1,
    }
    return load_all([_REGIME], _DISTRICT, settings)[0]


def days_in_system(record: Record, warm_up: int) -> float:
    """Return the mean time from report to end as a run of the engine shows it, by Little's law."""
    window = slice(warm_up, -1)
    return float(record.daily["open"][window].sum() / record.daily["reported"][window].sum())


def against_simulators(effort: Effort) -> Results:
    """Time both sizes of the network by turns on the engine, SimPy and Ciw; null for what is not installed."""
    results: Results = {"network_accuracy": {}}
    for size, days in ((OF_A_YEAR, effort.network_days), (SHIPPED, effort.network_days_small)):
        scenario = scenario_of(size, days)
        results |= _timed(size, scenario, days, effort)
        results["network_accuracy"]["shipped" if size is SHIPPED else "year"] = accuracy(scenario, effort.network_runs)
    return results


def _timed(size: Size, scenario: Scenario, days: int, effort: Effort) -> Results:
    network = network_of(scenario)
    others = {"simpy": partial(on_simpy, network), "ciw": partial(on_ciw, network)}
    there = {name: _requests(simulator) for name, simulator in others.items() if installed(name)}
    calls = {"engine": _engine(scenario), **there, "daily": _engine(scenario_of(size, days, steps=1))}
    timed = by_turns(calls, effort.rounds_plain, effort.least_turn)
    results: Results = {
        f"ns_per_case_network{size.suffix}": timed["engine"].typical_ns,
        f"ns_per_case_network_daily{size.suffix}": timed["daily"].typical_ns,
    }
    for name in others:
        results |= _against(name, size.suffix, timed)
    return results


def _against(name: str, suffix: str, timed: dict[str, Timed]) -> Results:
    if name not in timed:
        return dict.fromkeys((f"ratio_{name}{suffix}", f"ratio_{name}{suffix}_spread", f"ns_per_case_{name}{suffix}"))
    ratios = over_rounds(f"ratio_{name}{suffix}", quotients(timed[name], timed["engine"]))
    return {**ratios, f"ns_per_case_{name}{suffix}": timed[name].typical_ns}


def _engine(scenario: Scenario) -> Callable[[int], int]:
    from model import simulate

    warm_up = scenario.world.run.warm_up_days

    def run(turn: int) -> int:
        record = simulate(scenario, turn)
        days_in_system(record, warm_up)
        return int(record.cases_total)

    return run


def _requests(simulator: Callable[[int], Seen]) -> Callable[[int], int]:
    return lambda turn: simulator(turn).requests


def accuracy(scenario: Scenario, runs: int) -> Results:
    """Compare runs of the engine with the exact mean.

    Returns
    -------
    dict
        `exact_days`; as shares of it `error_of_steps` (mean of the runs less the exact one) and
        `error_of_chance` (standard deviation of one run); `steps_a_day`, `runs`.
    """
    from model import simulate

    exact, run = network_of(scenario).days_in_system(), scenario.world.run
    seen = [days_in_system(simulate(scenario, seed), run.warm_up_days) / exact for seed in range(1, runs + 1)]
    return {
        "exact_days": exact,
        "error_of_steps": statistics.mean(seen) - 1.0,
        "error_of_chance": statistics.stdev(seen),
        "steps_a_day": run.steps_per_day,
        "runs": runs,
    }
