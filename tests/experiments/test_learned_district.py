"""A district that is learned from a log: its units, its file, what its runs show, what they foretell."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.design.ensemble import ensemble_of_district, read_ensemble, table_of
from experiments.errors import WrongInput
from experiments.learning.counting import learn
from experiments.learning.district import Built, Tuned, build
from experiments.learning.forecasting import Origin
from experiments.learning.matching import MATCHED, Ages, Observed, misses, quantile, weighed
from experiments.learning.mechanism import Mechanism
from experiments.learning.paths import Courses, Paths
from experiments.learning.running import Runner
from experiments.learning.simulated import TICKS, Pool, Reading
from experiments.learning.units import guess_units, read_units, write_units
from experiments.learning.worlds import Cube
from experiments.requests import resolved_district
from experiments.stats.intervals import Floats
from model import Activity, Scenario, free_numbers, in_world, load_scenario, log_run, offered_load, read_log, simulate
from model.terms import TICKS_PER_DAY

NAMES = ("street", "bureau", "court")


def office(cases: int = 400, seed: int = 1) -> Paths:
    """Return a log in which a street opens every case, a bureau gets most, and a court some of those."""
    rng = np.random.default_rng(seed)
    start = np.sort(rng.uniform(0.0, 800.0, cases))
    steps = [[0, 1, 1, 2][: 1 + int(rng.integers(4))] for _ in range(cases)]
    lengths = np.array([len(each) for each in steps])
    first = np.append(0, np.cumsum(lengths))
    place = np.arange(first[-1]) - np.repeat(first[:-1], lengths)
    time = np.repeat(start, lengths) + 4.0 * place
    end = start + 4.0 * lengths + rng.lognormal(2.0, 0.7, cases)
    kind = (rng.random(cases) < 0.3).astype(np.int64)
    whole = Paths(
        start, end, kind, first, time, np.concatenate(steps), np.full(int(first[-1]), -1), NAMES,
        ("roads", "noise"), (), float(end.max()),
    )  # fmt: skip
    return whole.until(800.0)


@pytest.fixture(scope="module")
def log() -> Paths:
    return office()


def test_who_opens_cases_is_a_street_and_who_receives_them_a_department(log: Paths) -> None:
    assert [unit.level for unit in guess_units(log)] == ["street", "department", "department"]


def test_coming_back_to_whoever_opened_a_case_makes_no_department_of_it() -> None:
    back = dataclasses.replace(office(), unit=np.where(office().unit == 2, 0, office().unit))
    assert guess_units(back)[0].level == "street" and guess_units(back)[0].received == 0


def test_an_office_of_one_unit_has_both_sides() -> None:
    alone = dataclasses.replace(office(), unit=np.zeros(office().unit.size, np.int64))
    assert guess_units(alone)[0].level == "both"


def test_the_table_of_units_is_read_back_as_it_was_corrected(tmp_path: Path, log: Paths) -> None:
    path, units = tmp_path / "units.csv", guess_units(log)
    write_units(units, path)
    assert read_units(path, units) == units
    path.write_text(path.read_text().replace("court,department,", "court,both,"))
    assert [unit.level for unit in read_units(path, units)] == ["street", "department", "both"]


def test_a_wrong_table_of_units_tells_all_that_is_wrong(tmp_path: Path, log: Paths) -> None:
    path = tmp_path / "units.csv"
    path.write_text("unit,level,people\nbureau,office,0\nbureu,street,1\nstreet,department,1\n")
    with pytest.raises(WrongInput) as caught:
        read_units(path, guess_units(log))
    told = "\n".join(caught.value.problems)
    assert ":2: level: got 'office'" in told and ":2: people: expected a whole number" in told
    assert "no 'bureu'; did you mean 'bureau'?" in told and "at least one unit that opens cases" in told


def built(log: Paths) -> Built:
    return build(learn(log, guess_units(log)), Tuned(), 30.0, "a log")


def test_every_number_of_a_learned_district_has_its_source(log: Paths) -> None:
    world = built(log).scenario({}).world
    for entries in (world.streets, world.departments, world.kinds):
        told = [source for entry in entries for source in entry.evidence.values()]
        assert told and all(source.startswith(("learned", "assumption", "units.csv")) for source in told)
    shares = {kind.title.en: kind.share for kind in world.kinds}
    assert shares["noise"] == pytest.approx(np.mean(log.kind == 1), abs=1e-5)
    assert world.demand.requests_per_year == pytest.approx(len(log) / 801.0 * 365.25, rel=5e-3)


def test_no_unit_of_a_learned_district_is_overloaded(log: Paths) -> None:
    busy = dataclasses.replace(log, time=log.time, start=log.start / 20.0, end=log.end / 20.0, horizon=40.0)
    loads = [pool.load for pool in offered_load(built(busy).scenario({})) if pool.load is not None]
    assert max(loads) < 0.6


def test_a_worked_share_of_moves_becomes_further_work(log: Paths) -> None:
    learned = learn(log, guess_units(log))
    scenarios = [build(learned, Tuned(hands_over=part), 30.0, "a log").scenario({}) for part in (0.0, 0.8)]
    onward = [[department.hands_over for department in each.world.departments] for each in scenarios]
    assert not any(onward[0]) and any(onward[1])


def reading_of(scenario: Scenario) -> Reading:
    """Return how a run of a district is read as a log of this model."""
    world = scenario.world
    codes = [*(unit.code for unit in world.streets), *(unit.code for unit in world.departments)]
    kinds = [kind.code for kind in world.kinds]
    places, of_kinds = ({code: place for place, code in enumerate(each)} for each in (codes, kinds))
    return Reading(places, tuple(codes), tuple(kinds), of_kinds, own=True, closed_by_street=True)


def test_a_run_is_read_as_its_log_is(tmp_path: Path) -> None:
    scenario = load_scenario(
        "inverted", district="tiny", overrides={"run.warm_up_days": 5, "run.window_days": 60, "run.follow_up_days": 1}
    )
    reading = reading_of(scenario)
    paths = reading.of(simulate(scenario, 3, events=True))
    log_run(scenario, 3, path := tmp_path / "run.parquet")
    log = read_log(path)
    reported = log.activity == Activity.REPORTED
    assert len(paths) == len(set(log.case[reported]))
    np.testing.assert_allclose(paths.start, np.sort(_first(log.case[reported], log.when[reported])) / TICKS)
    closing = np.isin(log.activity, (Activity.CLOSED, Activity.CLOSED_COSMETICALLY))
    assert paths.closed.sum() == len(set(log.case[closing]))
    assert TICKS == TICKS_PER_DAY


def _first(case: Any, when: Any) -> Floats:
    found: dict[str, float] = {}
    for name, time in zip(case, when, strict=True):
        found[name] = min(float(time), found.get(name, np.inf))
    return np.array(list(found.values()))


def pool(closed: Sequence[float], passed: Sequence[float]) -> Pool:
    """Return simulated cases that arrive every second day, each handed over once."""
    count = len(closed)
    courses = Courses(
        np.array(closed), np.array(passed)[:, None], np.zeros((count, 1), np.int64), np.zeros((count, 1), np.bool_)
    )
    return Pool(np.arange(count, dtype=np.float64) * 2, np.zeros(count, np.int64), courses, 400.0)


def test_an_open_case_keeps_its_history_and_is_closed_later_than_it_was_seen() -> None:
    known = office(60).until(400.0)
    stock = known.of(~known.closed)
    runs = [pool(np.linspace(1.0, 200.0, 100).tolist(), np.linspace(0.5, 190.0, 100).tolist())]
    origin = Origin(stock, np.zeros(len(stock), np.int64), runs, 100.0)
    drawn = next(iter(origin.drawn(np.array([1.0, 5.0]), np.zeros(2, np.int64), np.random.default_rng(1), 20)))
    age, history = 400.0 - stock.start, Courses.of(stock)
    assert len(stock) > 0 and (drawn.closed[:, : len(stock)] > age).all()
    before = (drawn.passed[:, : len(stock)] <= age[:, None]).sum(axis=-1)
    assert (before == (history.passed <= age[:, None]).sum(axis=-1)).all()
    assert drawn.closed.shape == (20, len(stock) + 2) and np.isfinite(drawn.closed[:, -2:]).all()


def test_draws_in_parts_are_as_many_as_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.learning.forecasting.MOST_AT_ONCE", 1)
    stock = office(60).until(400.0)
    stock = stock.of(~stock.closed)
    origin = Origin(stock, np.zeros(len(stock), np.int64), [pool([5.0] * 50, [1.0] * 50)], 100.0)
    parts = list(origin.drawn(np.array([1.0]), np.zeros(1, np.int64), np.random.default_rng(1), 7))
    assert sum(part.closed.shape[0] for part in parts) == 7 == len(parts)


def test_runs_near_the_log_weigh_most_and_a_measure_out_of_reach_is_told(log: Paths) -> None:
    observed = Observed.of(log, Ages.of(log, 30.0), np.random.default_rng(1))
    rng = np.random.default_rng(2)
    sims = observed.values + observed.spread * rng.normal(0.0, 2.0, (300, len(MATCHED)))
    back = MATCHED.index("ping_pong_share")
    sims[:, back] = observed.values[back] + 50.0 * observed.spread[back]
    wider = observed.widened(sims)
    assert wider.discrepancy[back] > 20.0 * observed.discrepancy[back]
    others = np.arange(len(MATCHED)) != back
    np.testing.assert_array_equal(wider.discrepancy[others], observed.discrepancy[others])
    found = weighed(sims, wider, np.ones(300))
    distance = (((sims - observed.values) / observed.spread)[:, others] ** 2).sum(axis=1)
    assert (found.weight * distance).sum() < 0.7 * distance.mean()
    told = {row["measure"]: row["reached"] for row in misses(list(sims), wider, found)}
    assert not told["ping_pong_share"] and told["handover_share"]


def test_what_a_log_shows_does_not_hang_on_cases_that_are_seen_too_short(log: Paths) -> None:
    ages = Ages.of(log, 30.0)
    late = log.start > log.horizon - ages.cut
    assert late.any()
    changed = dataclasses.replace(log, end=np.where(late, log.start, log.end))
    seen = [Observed.of(each, ages, np.random.default_rng(1)).values for each in (log, changed)]
    np.testing.assert_array_equal(seen[0], seen[1])


def test_a_folder_is_a_district_and_brings_its_worlds(
    tmp_path: Path, log: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "ours"
    built(log).write(folder / "district.yaml")
    assert resolved_district("ours") == str(folder / "district.yaml") and resolved_district("tiny") == "tiny"
    assert ensemble_of_district(resolved_district("ours")) is None
    number = free_numbers()[0]
    pq.write_table(table_of([{number.key: number.at(0.5)}], {"name": "ours"}), folder / "worlds.parquet")
    table = ensemble_of_district(resolved_district("ours"))
    assert table is not None and read_ensemble(table).worlds[0] == {number.key: number.at(0.5)}


def test_what_the_log_states_no_world_varies(log: Paths) -> None:
    keys = {number.key for number in Cube.of(learn(log, guess_units(log))).numbers}
    assert "acceptance.intercept" in keys and "kinds.*.waiting_days" in keys
    assert not {"demand.dispersion", "staff.load", "deadlines.normal", "kinds.*.hidden"} & keys


def known_world() -> tuple[dict[str, float], Paths]:
    """Return a world, and the log that the tiny district leaves in it."""
    days = {"run.warm_up_days": 60, "run.window_days": 700, "run.follow_up_days": 1}
    scenario = load_scenario("inverted", district="tiny", overrides={**days, "demand.requests_per_year": 2500})
    reading = reading_of(scenario)
    rng = np.random.default_rng(11)
    world = {number.key: number.at(rng.uniform(0.1, 0.9)) for number in free_numbers()
             if not number.key.startswith(("staff", "demand", "tables"))}  # fmt: skip
    paths = reading.of(simulate(in_world(scenario, world), 5, events=True))
    return world, dataclasses.replace(paths.of(paths.start >= 60.0), activities=("assembled",))


@pytest.mark.slow
def test_the_numbers_of_a_log_of_the_model_are_inside_its_ensemble() -> None:
    """Nine in ten of them within 5-95 %, and those on which the measures hang narrowed."""
    world, log = known_world()
    with Runner(2) as runner:
        mechanism = Mechanism.learn(log, guess_units(log), 7.0, lambda _: None, runner=runner, seconds=60.0)
    weight, numbers = mechanism.weighed.weight, mechanism.design.cube.numbers
    points = mechanism.design.points
    inside, narrowed = [], []
    for place, number in enumerate(numbers):
        if number.key in world:
            low, high = (quantile(points[:, place], weight, share) for share in (0.05, 0.95))
            inside.append(low <= number.quantile(world[number.key]) <= high)
        mean = float(weight @ points[:, place])
        narrowed.append(float(np.sqrt(weight @ (points[:, place] - mean) ** 2 * 12.0)))
    assert np.mean(inside) > 0.85
    values = mechanism.design.values[:60]
    known = np.isfinite(values).all(axis=1)
    ties = np.abs(np.corrcoef(points[:60][known].T, values[known].T)[: len(numbers), len(numbers) :])
    strongest = np.argsort(-ties.max(axis=1))[:3]
    assert np.mean(np.array(narrowed)[strongest]) < np.mean(narrowed)
    told = mechanism.told()["measures"]
    assert np.mean([row["reached"] for row in told]) > 0.6
    assert mechanism.learned.own and mechanism.tuned.hands_over == 0.0
