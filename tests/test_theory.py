"""With behaviour off the district is what queueing theory knows.

Every comparison is a `check` that a wrong number of servers, load or formula is shown to fail.
The mean wait is compared at the arrival rate and mean work that the run really had; both are compared
with what was asked for on their own. That takes out most of the chance in a long queue's mean.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from model.config.scenario import Scenario, load_scenario
from model.simulation import blueprint_of, prepare, run_tables
from model.terms import TICKS_PER_DAY

SERVICE = 0.1
"""Mean work, days."""

RUNS = 32


def erlang_c(servers: int, load: float) -> float:
    """Return the chance to wait in M/M/c with `load` = arrival rate × mean service."""
    busy = load**servers / math.factorial(servers) / (1.0 - load / servers)
    return busy / (sum(load**k / math.factorial(k) for k in range(servers)) + busy)


def wait_mmc(servers: int, rate: float, service: float) -> float:
    return erlang_c(servers, rate * service) * service / (servers - rate * service)


def wait_md1(rate: float, service: float) -> float:
    """Pollaczek-Khinchine without variance of service."""
    return rate * service * service / (2.0 * (1.0 - rate * service))


class Seen(NamedTuple):
    """What a queue showed: arrivals a day, mean work, time in the system, number in the system."""

    rate: float
    service: float
    sojourn: float
    number: float

    @property
    def wait(self) -> float:
        return self.sojourn - self.service


def near(seen: float, expected: float, tolerance: float) -> bool:
    return abs(seen / expected - 1.0) <= tolerance


def steps_for(rate: float, arrivals_a_step: float) -> int:
    """Return steps a day so fine that at most so many arrive in one; a step is a whole number of ticks."""
    steps = math.ceil(rate / arrivals_a_step)
    while TICKS_PER_DAY % steps:
        steps += 1
    return steps


def queue(servers: int, load: float, steps: int, days: int, **more: Any) -> Scenario:
    """Return the queue district with behaviour off; `load` is per server."""
    settings = {
        "run.steps_per_day": steps,
        "run.warm_up_days": 30,
        "run.window_days": days,
        "run.follow_up_days": 1,
        "kinds.request.work_days": SERVICE,
        "departments.office.staff": servers,
        "demand.requests_per_year": servers * load / SERVICE * 365.0,
        **more,
    }
    return load_scenario("null_queue", district="queue", overrides=settings)


def units_of(scenario: Scenario, runs: int) -> list[Any]:
    """Return the unit tables of several runs; kernels release the interpreter, so they run side by side."""
    prepare(scenario)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(lambda seed: run_tables(scenario, seed).units, range(runs)))


def seen(tables: list[Any], unit: int, days: int) -> Seen:
    worked = sum(int(units[unit].worked) for units in tables)
    total = len(tables) * days
    return Seen(
        rate=worked / total,
        service=sum(int(units[unit].case_ticks) for units in tables) / worked / TICKS_PER_DAY,
        sojourn=sum(float(units[unit].sojourn) for units in tables) / worked / TICKS_PER_DAY,
        number=sum(float(units[unit].queue_area) for units in tables) / total / TICKS_PER_DAY,
    )


@cache
def queue_seen(servers: int, load: float, cases: int, arrivals_a_step: float = 0.25, work: str = "exponential") -> Seen:
    rate = servers * load / SERVICE
    days = round(cases / RUNS / rate)
    scenario = queue(servers, load, steps_for(rate, arrivals_a_step), days, **{"demand.work": work})
    return seen(units_of(scenario, RUNS), blueprint_of(scenario).first_department, days)


SETTINGS = [
    # servers, load a server, cases for a chance error of the mean wait of about half a percent
    (1, 0.5, 600_000),
    (1, 0.75, 2_500_000),
    (3, 0.5, 2_500_000),
    (3, 0.75, 3_500_000),
    (10, 0.75, 5_000_000),
]


@pytest.mark.parametrize(("servers", "load", "cases"), SETTINGS)
def test_one_department_without_behaviour_is_the_mmc_queue(servers: int, load: float, cases: int) -> None:
    saw = queue_seen(servers, load, cases)
    assert near(saw.rate, servers * load / SERVICE, 0.01)
    assert near(saw.service, SERVICE, 0.01)
    assert near(saw.wait, wait_mmc(servers, saw.rate, saw.service), 0.02)
    assert near(saw.sojourn, wait_mmc(servers, saw.rate, saw.service) + SERVICE, 0.02)


@pytest.mark.parametrize(("servers", "load", "cases"), SETTINGS)
def test_a_wrong_number_of_servers_or_a_wrong_load_fails_the_check_against_erlang(
    servers: int, load: float, cases: int
) -> None:
    saw = queue_seen(servers, load, cases)
    assert not near(saw.wait, wait_mmc(servers + 1, saw.rate, saw.service), 0.02)
    assert not near(saw.wait, wait_mmc(servers, saw.rate * 1.02, saw.service), 0.02)
    assert not near(saw.wait, wait_mmc(servers, saw.rate, saw.service * 1.02), 0.02)
    assert not near(saw.wait, wait_md1(saw.rate / servers, saw.service), 0.02)


def test_ten_busy_servers_have_the_sojourn_of_erlang() -> None:
    """At 90 % the wait is long and its chance error large, so the whole sojourn is compared."""
    saw = queue_seen(10, 0.9, 2_000_000)
    assert near(saw.sojourn, wait_mmc(10, saw.rate, saw.service) + SERVICE, 0.02)
    assert not near(saw.sojourn, wait_mmc(11, saw.rate, saw.service) + SERVICE, 0.02)
    assert not near(saw.sojourn, wait_mmc(10, saw.rate * 1.02, saw.service) + SERVICE, 0.02)


def test_the_error_against_erlang_shrinks_as_steps_become_finer() -> None:
    """A step spreads its arrivals evenly; at 7.5 a step that calms the queue, at a fraction it does not."""
    errors = []
    for arrivals in (7.5, 7.5 / 4, 7.5 / 16):
        saw = queue_seen(1, 0.75, 1_000_000, arrivals)
        errors.append(abs(saw.wait / wait_mmc(1, saw.rate, saw.service) - 1.0))
    assert errors[0] > 0.1
    assert errors[1] < errors[0] / 2.0
    assert errors[2] < errors[1] / 2.0


@pytest.mark.parametrize(("load", "cases"), [(0.5, 400_000), (0.75, 1_500_000)])
def test_constant_work_gives_half_the_wait_of_exponential_work(load: float, cases: int) -> None:
    saw = queue_seen(1, load, cases, 0.2, "deterministic")
    assert near(saw.service, SERVICE, 1e-3)
    assert near(saw.wait, wait_md1(saw.rate, saw.service), 0.02)
    assert not near(saw.wait, wait_mmc(1, saw.rate, saw.service), 0.02)
    assert not near(saw.wait, wait_md1(saw.rate * 1.02, saw.service), 0.02)


@pytest.mark.parametrize(("servers", "load", "cases"), SETTINGS)
def test_number_in_the_queue_is_arrivals_times_sojourn(servers: int, load: float, cases: int) -> None:
    """Little's law: the left side is counted at the ends of steps, the right side case by case."""
    saw = queue_seen(servers, load, cases)
    assert near(saw.number, saw.rate * saw.sojourn, 0.005)
    assert not near(saw.number, saw.rate * saw.wait, 0.005)


class Jackson(NamedTuple):
    """The passing network: entry rates, routing, what the runs showed."""

    entry: np.ndarray[Any, Any]
    routing: np.ndarray[Any, Any]
    staff: tuple[int, ...]
    nodes: tuple[Seen, ...]
    hand_overs: np.ndarray[Any, Any]
    cases: float
    passes: float

    def flows(self, routing: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the solution of the traffic equations, visits a day."""
        solved: np.ndarray[Any, Any] = np.linalg.solve(np.eye(len(routing)) - routing.T, self.entry)
        return solved


@pytest.fixture(scope="module")
def jackson() -> Jackson:
    days, runs = 3000, 16
    settings = {"run.steps_per_day": 40, "run.warm_up_days": 100, "run.window_days": days, "run.follow_up_days": 60}
    scenario = load_scenario("null_queue", district="network", overrides=settings)
    prepare(scenario)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        tables = list(threads.map(lambda seed: run_tables(scenario, seed), range(runs)))
    plan = blueprint_of(scenario)
    claims = scenario.world.kinds[0].duties.diffuse
    memberships = np.array([claims[unit.code] for unit in scenario.world.departments])
    weights = np.exp(memberships / scenario.habits.routing.noise)
    units = [table.units for table in tables]
    first = plan.first_department
    return Jackson(
        entry=scenario.world.demand.requests_per_year / 365.0 * weights / weights.sum(),
        routing=np.array(plan.transfers),
        staff=tuple(unit.staff or 0 for unit in scenario.world.departments),
        nodes=tuple(seen(units, first + d, days) for d in range(plan.departments)),
        hand_overs=sum(table.hand_overs[: plan.departments, : plan.departments] for table in tables) / (runs * days),
        cases=sum(int(table.tallies[0].problems) for table in tables),
        passes=sum(int(table.tallies[0].passes) for table in tables),
    )


def test_throughput_of_each_department_solves_the_traffic_equations(jackson: Jackson) -> None:
    rates = [node.rate for node in jackson.nodes]
    assert rates == pytest.approx(jackson.flows(jackson.routing), rel=0.01)
    wrong = jackson.routing.copy()
    wrong[0, 1] += 0.05
    assert rates != pytest.approx(jackson.flows(wrong), rel=0.01)
    assert rates != pytest.approx(jackson.flows(jackson.routing.T), rel=0.01)


def test_hand_overs_between_departments_are_flow_times_routing(jackson: Jackson) -> None:
    flows = jackson.flows(jackson.routing)
    assert jackson.hand_overs == pytest.approx(flows[:, None] * jackson.routing, rel=0.025, abs=1e-9)
    assert jackson.hand_overs != pytest.approx(flows[None, :] * jackson.routing, rel=0.025, abs=1e-9)


def test_expected_hand_overs_of_a_case_follow_from_the_fundamental_matrix(jackson: Jackson) -> None:
    """Visits of a case that enters at i are the row sums of (I - P)^-1; hand-overs are visits less one."""
    visits = np.linalg.inv(np.eye(len(jackson.routing)) - jackson.routing).sum(axis=1)
    share = jackson.entry / jackson.entry.sum()
    expected = float(share @ visits) - 1.0
    assert near(jackson.passes / jackson.cases, expected, 0.01)
    assert not near(jackson.passes / jackson.cases, expected + 0.05, 0.01)
    assert not near(jackson.passes / jackson.cases, float(visits.mean()) - 1.0, 0.01)


def test_each_department_of_the_network_is_an_mmc_queue_of_its_own(jackson: Jackson) -> None:
    """Jackson's theorem: the mean number at each department is that of M/M/c fed at its flow."""
    for staff, node in zip(jackson.staff, jackson.nodes, strict=True):
        expected = node.rate * (wait_mmc(staff, node.rate, node.service) + node.service)
        fewer = node.rate * (wait_mmc(staff + 1, node.rate, node.service) + node.service)
        assert near(node.number, expected, 0.03)
        assert not near(node.number, fewer, 0.03)


def test_littles_law_holds_at_each_department_of_the_network(jackson: Jackson) -> None:
    for node in jackson.nodes:
        assert near(node.number, node.rate * node.sojourn, 0.01)
        assert not near(node.number, node.rate * node.service, 0.01)
