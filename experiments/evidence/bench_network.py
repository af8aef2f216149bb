"""The passing network on the engine, on SimPy and on Ciw, at equal accuracy.

All three simulate the same district for the same days, to find the mean time from report to end; what chance leaves in
it is the same for all. The engine alone has a second error, for it goes by steps of the day: it is given as many as
make that error smaller than chance. The exact mean is known (Jackson), so both are measured again with every bench.
"""

from __future__ import annotations

import importlib.util
import math
import random
import statistics
from bisect import bisect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.design.reading import load_all
from experiments.evidence.bench_timing import Effort, Results, by_turns, over_rounds
from model import simulate

if TYPE_CHECKING:
    from model import Record, Scenario

_REGIME, _DISTRICT = "null_queue", "network"


@dataclass(frozen=True)
class Network:
    """A Jackson network."""

    arrivals: list[float]  # requests a day that enter at each department
    servers: list[int]  # people of each department
    routing: list[list[float]]  # chance that a request served here goes there next; what is missing to 1 leaves
    service_days: float  # mean work of a visit, person-days
    warm_up: int  # days before requests count
    days: int  # watched in all

    def flows(self) -> list[float]:
        """Return the visits a day of each department: the solution of the traffic equations."""
        onward = np.eye(len(self.servers)) - np.array(self.routing).T
        return list(map(float, np.linalg.solve(onward, self.arrivals)))

    def days_in_system(self) -> float:
        """Return the exact mean time from report to end (Jackson's theorem, Little's law)."""
        present = 0.0
        for flow, servers in zip(self.flows(), self.servers, strict=True):
            load, blocked = flow * self.service_days, 1.0
            for server in range(1, servers + 1):  # Erlang's B by its recursion, which does not overflow
                blocked = load * blocked / (server + load * blocked)
            waits = blocked / (1.0 - load / servers * (1.0 - blocked))  # Erlang's C
            present += load + waits * load / (servers - load)
        return present / sum(self.arrivals)


class Seen(NamedTuple):
    """What a simulator saw: requests and visits of the whole run, mean days of those after the warm-up that left."""

    requests: int
    visits: int
    days_in_system: float


def network_of(scenario: Scenario) -> Network:
    """Read the network out of a scenario of `network.yaml` under `null_queue`."""
    values = scenario.resolved()
    departments, kind, run = values["departments"], values["kinds"][0], values["run"]
    codes = [department["code"] for department in departments]
    noise = values["routing"]["noise"]
    weights = [math.exp((kind["duties"]["diffuse"][code] - 1.0) / noise) for code in codes]
    requests = values["demand"]["requests_per_year"] * values["demand"]["scale"] / 365.0
    return Network(
        arrivals=[requests * weight / sum(weights) for weight in weights],
        servers=[department["staff"] for department in departments],
        routing=[[department["hands_over"].get(code, 0.0) for code in codes] for department in departments],
        service_days=kind["work_days"],
        warm_up=run["warm_up_days"],
        days=run["warm_up_days"] + run["window_days"] + run["follow_up_days"],
    )


def on_simpy(network: Network, seed: int) -> Seen:
    """Simulate the network on SimPy."""
    import simpy

    world, chance = simpy.Environment(), random.Random(seed)
    desks = [simpy.Resource(world, servers) for servers in network.servers]
    entry, onward = list(accumulate(network.arrivals)), [list(accumulate(row)) for row in network.routing]
    requests = visits = 0
    spent: list[float] = []

    def request(here: int) -> Generator[Any, Any, None]:
        nonlocal visits
        came = world.now
        while here < len(desks):
            visits += 1
            with desks[here].request() as turn:
                yield turn
                yield world.timeout(chance.expovariate(1.0 / network.service_days))
            here = bisect(onward[here], chance.random())
        if came >= network.warm_up:
            spent.append(world.now - came)

    def source() -> Generator[Any, Any, None]:
        nonlocal requests
        while True:
            yield world.timeout(chance.expovariate(entry[-1]))
            requests += 1
            world.process(request(bisect(entry, chance.random() * entry[-1])))

    world.process(source())
    world.run(until=network.days)
    return Seen(requests, visits, sum(spent) / max(1, len(spent)))


def on_ciw(network: Network, seed: int) -> Seen:
    """Simulate the network on Ciw."""
    import ciw

    ciw.seed(seed)
    plan = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate) for rate in network.arrivals],
        service_distributions=[ciw.dists.Exponential(1.0 / network.service_days) for _ in network.servers],
        number_of_servers=network.servers,
        routing=network.routing,
    )
    simulation = ciw.Simulation(plan)
    simulation.simulate_until_max_time(network.days)
    histories = [request.data_records for request in simulation.nodes[-1].all_individuals]
    counted = [visits for visits in histories if visits[0].arrival_date >= network.warm_up]
    spent = [visits[-1].exit_date - visits[0].arrival_date for visits in counted]
    return Seen(
        requests=int(simulation.nodes[0].number_of_individuals),
        visits=sum(len(visits) for visits in histories),
        days_in_system=sum(spent) / max(1, len(spent)),
    )


SIMULATORS = {"simpy": on_simpy, "ciw": on_ciw}  # by the name of the library; both belong to the development extras


@dataclass(frozen=True)
class Size:
    """How large the network is: as shipped, for tests against theory; or as a user of SimPy would ask.

    That is the volume at which every study runs by default, 1:20 of Chaoyang, by the same departments and routing.
    """

    suffix: str  # of its keys in the JSON object
    steps: int  # a day, of the engine: the error that they leave is smaller than that of chance
    warm_up: int  # days before requests count
    requests_a_day: float | None = None  # None: network and people as shipped
    busy: float = 0.9  # share of the time that people are busy; fixes how many there are


OF_A_YEAR = Size("", steps=6, warm_up=100, requests_a_day=104.0)
SHIPPED = Size("_small", steps=5, warm_up=400)
SIZES = {"year": OF_A_YEAR, "shipped": SHIPPED}


def scenario_of(size: Size, days: int, steps: int | None = None) -> Scenario:
    """Return the network of a size, watched for so many days after its warm-up."""
    settings: dict[str, Any] = {
        "run.steps_per_day": steps or size.steps,
        "run.warm_up_days": size.warm_up,
        "run.window_days": days,
        "run.follow_up_days": 1,
    }
    if size.requests_a_day:
        shipped = load_all([_REGIME], _DISTRICT, {})[0]
        network, departments = network_of(shipped), shipped.resolved()["departments"]
        larger = size.requests_a_day / sum(network.arrivals) * network.service_days / size.busy
        settings["demand.requests_per_year"] = size.requests_a_day * 365.0
        for department, flow in zip(departments, network.flows(), strict=True):
            settings[f"departments.{department['code']}.staff"] = math.ceil(flow * larger)
    return load_all([_REGIME], _DISTRICT, settings)[0]


def days_in_system(record: Record, warm_up: int) -> float:
    """Return the mean time from report to end as a run of the engine shows it, by Little's law."""
    window = slice(warm_up, -1)
    return float(record.daily["open"][window].sum() / record.daily["reported"][window].sum())


def against_simulators(_: str, effort: Effort) -> Results:
    """Time both sizes of the network by turns on the engine, SimPy and Ciw; null for what is not installed."""
    results: Results = {"network_accuracy": {}}
    installed = [name for name in SIMULATORS if importlib.util.find_spec(name)]
    for name, days in (("year", effort.network_days), ("shipped", effort.network_days_small)):
        size, scenario = SIZES[name], scenario_of(SIZES[name], days)
        calls: dict[str, Callable[[int], int]] = {"engine": partial(_on_engine, scenario)}
        calls |= {other: partial(_requests, other, network_of(scenario)) for other in installed}
        calls["daily"] = partial(_on_engine, scenario_of(size, days, steps=1))
        timed = by_turns(calls, effort.rounds_plain, effort.least_turn)
        results["network_accuracy"][name] = accuracy(scenario, effort.network_runs)
        results[f"ns_per_case_network{size.suffix}"] = timed["engine"].typical_ns
        results[f"ns_per_case_network_daily{size.suffix}"] = timed["daily"].typical_ns
        for other in SIMULATORS:
            ratio, cost = f"ratio_{other}{size.suffix}", f"ns_per_case_{other}{size.suffix}"
            results |= dict.fromkeys((ratio, f"{ratio}_spread", cost))
            if other in installed:
                results |= over_rounds({ratio: timed[other].times(timed["engine"])})
                results[cost] = timed[other].typical_ns
    return results


def _on_engine(scenario: Scenario, turn: int) -> int:
    record = simulate(scenario, turn)
    days_in_system(record, scenario.world.run.warm_up_days)
    return record.cases_total


def _requests(simulator: str, network: Network, turn: int) -> int:
    return SIMULATORS[simulator](network, turn).requests


def accuracy(scenario: Scenario, runs: int) -> Results:
    """Compare runs of the engine with the exact mean: as shares of it the error of the steps and that of chance.

    The error of the steps is the mean of the runs less the exact one, that of chance the standard deviation of one run.
    """
    exact, run = network_of(scenario).days_in_system(), scenario.world.run
    seen = [days_in_system(simulate(scenario, seed), run.warm_up_days) / exact for seed in range(1, runs + 1)]
    return {
        "exact_days": exact,
        "error_of_steps": statistics.mean(seen) - 1.0,
        "error_of_chance": statistics.stdev(seen),
        "steps_a_day": run.steps_per_day,
        "runs": runs,
    }
