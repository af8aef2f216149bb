"""The passing network on two general simulators, SimPy and Ciw: the same district, read from the same scenario."""

from __future__ import annotations

import importlib.util
import math
import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

    from model import Scenario

__all__ = ["Network", "installed", "network_of", "on_ciw", "on_simpy"]


@dataclass(frozen=True)
class Network:
    """A Jackson network.

    Attributes
    ----------
    arrivals : list of float
        Requests a day that enter at each department.
    servers : list of int
        People of each department.
    routing : list of list of float
        Chance that a request served here goes there next; what is missing to 1 leaves.
    service_days : float
        Mean work of a visit, person-days.
    days : int
        How long it is watched.
    """

    arrivals: list[float]
    servers: list[int]
    routing: list[list[float]]
    service_days: float
    days: int


def network_of(scenario: Scenario) -> Network:
    """Read the network out of a scenario of `network.yaml` under `null_queue`."""
    values = scenario.resolved()
    departments, kind, run = values["departments"], values["kinds"][0], values["run"]
    codes = [department["code"] for department in departments]
    noise = values["routing"]["noise"]
    weights = [math.exp((kind["duties"]["diffuse"][code] - 1.0) / noise) for code in codes]
    requests = values["demand"]["requests_per_year"] / 365.0
    return Network(
        arrivals=[requests * weight / sum(weights) for weight in weights],
        servers=[department["staff"] for department in departments],
        routing=[[department["hands_over"].get(code, 0.0) for code in codes] for department in departments],
        service_days=kind["work_days"],
        days=run["warm_up_days"] + run["window_days"] + run["follow_up_days"],
    )


def installed(library: str) -> bool:
    """Tell whether a library is there; both belong to the development extras."""
    return importlib.util.find_spec(library) is not None


def on_simpy(network: Network, seed: int) -> tuple[int, int]:
    """Simulate the network on SimPy; return requests and visits."""
    import simpy

    world, luck = simpy.Environment(), random.Random(seed)
    desks = [simpy.Resource(world, servers) for servers in network.servers]
    entry, onward = list(accumulate(network.arrivals)), [list(accumulate(row)) for row in network.routing]
    counts = {"requests": 0, "visits": 0}

    def request(here: int) -> Generator[Any, Any, None]:
        while here < len(desks):
            counts["visits"] += 1
            with desks[here].request() as turn:
                yield turn
                yield world.timeout(luck.expovariate(1.0 / network.service_days))
            here = bisect(onward[here], luck.random())

    def source() -> Generator[Any, Any, None]:
        while True:
            yield world.timeout(luck.expovariate(entry[-1]))
            counts["requests"] += 1
            world.process(request(bisect(entry, luck.random() * entry[-1])))

    world.process(source())
    world.run(until=network.days)
    return counts["requests"], counts["visits"]


def on_ciw(network: Network) -> int:
    """Simulate the network on Ciw; return requests."""
    import ciw

    plan = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate) for rate in network.arrivals],
        service_distributions=[ciw.dists.Exponential(1.0 / network.service_days) for _ in network.servers],
        number_of_servers=network.servers,
        routing=network.routing,
    )
    simulation = ciw.Simulation(plan)
    simulation.simulate_until_max_time(network.days)
    return int(simulation.nodes[0].number_of_individuals)
