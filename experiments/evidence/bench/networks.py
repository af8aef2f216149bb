"""The passing network on two general simulators, SimPy and Ciw: the same district, read from the same scenario."""

from __future__ import annotations

import importlib.util
import math
import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Generator

    from model import Scenario

__all__ = ["Network", "Seen", "installed", "network_of", "on_ciw", "on_simpy"]


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
    warm_up, days : int
        Days before requests count; how long it is watched in all.
    """

    arrivals: list[float]
    servers: list[int]
    routing: list[list[float]]
    service_days: float
    warm_up: int
    days: int

    def flows(self) -> list[float]:
        """Return the visits a day of each department: the solution of the traffic equations."""
        onward = np.eye(len(self.servers)) - np.array(self.routing).T
        solved: list[float] = np.linalg.solve(onward, np.array(self.arrivals)).tolist()
        return solved

    def days_in_system(self) -> float:
        """Return the exact mean time from report to end (Jackson's theorem, Little's law)."""
        present = 0.0
        for flow, servers in zip(self.flows(), self.servers, strict=True):
            load = flow * self.service_days
            present += load + _chance_to_wait(servers, load) * load / (servers - load)
        return present / sum(self.arrivals)


@dataclass(frozen=True)
class Seen:
    """What a simulator saw.

    Attributes
    ----------
    requests, visits : int
        Of the whole run.
    days_in_system : float
        Mean of the requests that came after the warm-up and have left.
    """

    requests: int
    visits: int
    days_in_system: float


def _chance_to_wait(servers: int, load: float) -> float:
    """Return Erlang's C by the recursion of B, which does not overflow."""
    blocked = 1.0
    for server in range(1, servers + 1):
        blocked = load * blocked / (server + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


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


def installed(library: str) -> bool:
    """Tell whether a library is there; both belong to the development extras."""
    return importlib.util.find_spec(library) is not None


def on_simpy(network: Network, seed: int) -> Seen:
    """Simulate the network on SimPy."""
    import simpy

    world, luck = simpy.Environment(), random.Random(seed)
    desks = [simpy.Resource(world, servers) for servers in network.servers]
    entry, onward = list(accumulate(network.arrivals)), [list(accumulate(row)) for row in network.routing]
    counts = {"requests": 0, "visits": 0, "left": 0}
    spent = [0.0]

    def request(here: int) -> Generator[Any, Any, None]:
        came = world.now
        while here < len(desks):
            counts["visits"] += 1
            with desks[here].request() as turn:
                yield turn
                yield world.timeout(luck.expovariate(1.0 / network.service_days))
            here = bisect(onward[here], luck.random())
        if came >= network.warm_up:
            counts["left"] += 1
            spent[0] += world.now - came

    def source() -> Generator[Any, Any, None]:
        while True:
            yield world.timeout(luck.expovariate(entry[-1]))
            counts["requests"] += 1
            world.process(request(bisect(entry, luck.random() * entry[-1])))

    world.process(source())
    world.run(until=network.days)
    return Seen(counts["requests"], counts["visits"], spent[0] / max(1, counts["left"]))


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
    spent = [
        visits[-1].exit_date - visits[0].arrival_date
        for visits in histories
        if visits[0].arrival_date >= network.warm_up
    ]
    return Seen(
        requests=int(simulation.nodes[0].number_of_individuals),
        visits=sum(len(visits) for visits in histories),
        days_in_system=sum(spent) / max(1, len(spent)),
    )
