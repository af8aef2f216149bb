"""Units as agents: what Mesa lets agents do works or is refused with a reason; classes of one's own."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest

import model as package
from model import ConfigError, DepartmentAgent, DistrictAgent, DistrictModel, Scenario, StreetAgent, UnitAgent, simulate
from tests.support import same

REFUSED: dict[str, tuple[Callable[[DistrictModel], Any], type[Exception], str]] = {
    "remove": (lambda model: model.units[0].remove(), TypeError, "StreetAgent.remove: the engine's tables would not"),
    "remove all": (lambda model: model.remove_all_agents(), TypeError, "a regime can merge them"),
    "remove the district": (lambda model: model.district.remove(), TypeError, "DistrictAgent.remove"),
    "step": (lambda model: model.agents.do("step"), TypeError, "a step of the model is a day of all units"),
    "shuffled steps": (lambda model: model.agents.shuffle_do("step"), TypeError, "agents="),
    "advance": (lambda model: model.units[0].advance(), TypeError, "StreetAgent.step"),
    "set": (lambda model: model.agents.set("mood", 1), AttributeError, "StreetAgent has no attribute 'mood' that the"),
    "set a measure": (lambda model: model.agents.set("queued", 1), AttributeError, "DistrictModel.intervene changes"),
    "give a measure": (lambda model: setattr(model.units[0], "staff", 9), AttributeError, "StreetAgent.staff is read"),
    "give the district": (lambda model: setattr(model.district, "people", 9), AttributeError, "DistrictAgent.people"),
    "make a unit": (lambda model: StreetAgent(model, 0), TypeError, "the model makes its units itself"),
    "make a district": (DistrictAgent, TypeError, "name a class in agents="),
    "give tables": (lambda model: setattr(model, "tables", model.tables), AttributeError, "tables"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_without_effect_is_refused_with_a_reason(inverted: Scenario, name: str) -> None:
    call, kind, words = REFUSED[name]
    model = DistrictModel(inverted, seed=1)
    model.step()
    with pytest.raises(kind, match=words.replace("(", r"\(")):
        call(model)
    assert len(model.agents) == len(model.units) + 1
    model.run_model()
    assert model.outcomes == simulate(inverted, 1).outcomes


def test_rows_and_tables_are_read_only_and_stay_live_when_tables_grow(
    inverted: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.engine.tables._FIRST_ROWS", 4)
    model = DistrictModel(inverted, seed=1, events=True)
    row, units, unit = model.units[0].columns, model.tables.units, model.units[0]
    room = len(model.tables.cases)
    for _ in range(12):
        model.step()
    assert len(model.tables.cases) > room
    assert row["received"] == units["received"][0] == unit.received == model._tables.units["received"][0] > 0
    for write in (
        lambda: row.__setitem__("staff", 99), lambda: setattr(row, "staff", 99), lambda: unit.columns.__setitem__(0, 1),
        lambda: units["staff"].__setitem__(0, 99), lambda: model.tables.laws["assessment"]["street_weight"].fill(1.0),
        lambda: model.tables.districts[0].__setitem__("born", 0), lambda: model.tables.cases["stake"].fill(0.0),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="read-only"):
            write()
    model.run_model()
    assert model.outcomes == simulate(inverted, 1).outcomes


class Remembering(StreetAgent):
    """A street that remembers, and asks for people when it drowns."""

    def __init__(self, model: Any, row: int) -> None:
        super().__init__(model, row)
        self.memory: list[int] = []

    def step(self) -> None:
        self.memory.append(self.queued)
        if self.model.day == 10:
            self.model.intervene(self, by={"staff": 1}, why="it asked")


class Watching(DistrictAgent):
    """A district that counts its days."""

    days = 0

    def step(self) -> None:
        self.days += 1


class Silent(DepartmentAgent):
    """A department with a property of its own."""

    @property
    def busy(self) -> bool:
        """Whether it has anything to do."""
        return self.queued > 0


OWN: dict[str, type] = {"street": Remembering, "department": Silent, "district": Watching}


def test_classes_of_ones_own_hold_what_they_like_and_step_after_each_day(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=1, agents=OWN, agent_reporters=["busy", "queued"])
    model.run_model()
    streets = list(model.agents_by_type[Remembering])
    assert model.record is not None and isinstance(model.district, Watching)
    assert {type(unit).__name__ for unit in model.units} >= {"Remembering", "CommunityAgent", "Silent", "CityAgent"}
    assert {len(street.memory) for street in streets} == {model.days} == {model.district.days}
    assert sum(street.memory[-1] for street in streets) == model.today["queued_street"]
    assert [each[:3] for each in model.interventions] == [(10, street.code, "staff") for street in streets]
    assert model.record.provenance["interventions"] == model.interventions
    seen = model.datacollector.get_agent_vars_dataframe().groupby("AgentID")["busy"].count()
    assert (seen > 0).sum() == len(model.agents_by_type[Silent])
    for street in streets:
        street.mood = "gloomy"
        with pytest.raises(AttributeError, match=r"Remembering\.queued is read from the engine's tables"):
            street.queued = 0


def test_classes_of_ones_own_that_only_look_change_nothing_and_can_be_copied(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=1, agents={"department": Silent, "district": Watching})
    for _ in range(9):
        model.step()
    kept = pickle.loads(pickle.dumps(model))
    kept.run_model()
    model.run_model()
    assert kept.outcomes == model.outcomes == simulate(inverted, 1).outcomes
    assert same(kept._tables, model._tables) == [] and kept.district.days == model.days


def test_wrong_classes_are_told_at_once(inverted: Scenario) -> None:
    wrong: dict[str, Any] = {"stret": Remembering, "team": Remembering, "city": mesa.Agent, "district": 3}
    with pytest.raises(ConfigError) as caught:
        DistrictModel(inverted, agents=wrong)
    assert "agents: unknown level 'stret'; did you mean 'street'?" in caught.value.problems
    assert sum("expected a subclass of" in problem for problem in caught.value.problems) == 3


def test_the_classes_of_agents_are_public() -> None:
    names = {"StreetAgent", "CommunityAgent", "TeamAgent", "DepartmentAgent", "CityAgent", "DistrictAgent", "UnitAgent"}
    assert names <= set(package.__all__)
    assert all(issubclass(getattr(package, name), mesa.Agent) for name in names)
    assert issubclass(StreetAgent, UnitAgent) and not issubclass(DistrictAgent, UnitAgent)


def test_names_that_are_offered_are_public(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=1)
    assert set(dir(package)) == set(package.__all__) and "Any" not in dir(package)
    assert {"intervene", "outcomes", "step", "units", "tables"} <= set(dir(model))
    assert {"queued", "utilisation", "columns", "code"} <= set(dir(model.units[0]))
    for each in (model, model.units[0], model.district):
        assert not [name for name in dir(each) if name.startswith("_")]


def test_what_mesa_offers_to_read_agents_by_still_works(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=1)
    model.run_model()
    assert model.record is not None
    departments = model.agents_by_type[DepartmentAgent]
    of_record = model.record.units["passed"][model.record.units["level"] == "department"]
    assert departments.agg("passed", sum) == of_record.sum() > 0
    assert sorted(departments.get("queued")) == sorted(departments.shuffle().get("queued"))
    busiest = departments.select(at_most=1, filter_func=lambda unit: unit.passed == of_record.max())
    assert len(busiest) == 1 and set(model.agents.groupby(type).groups) == set(model.agents_by_type)
    assert np.isfinite(departments.map(lambda unit: unit.backlog_days)).all()
