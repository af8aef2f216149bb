"""Instruments that are turned but do nothing, for what they act on is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model.config.scenario import Scenario
from model.eras import eras_of
from model.instruments import INSTRUMENTS, Instrument
from model.policy import Law

__all__ = ["Idle", "idle_instruments"]

_RULES = {instrument.regime: instrument for instrument in INSTRUMENTS}


@dataclass(frozen=True)
class Idle:
    """An instrument that acts on nothing.

    Attributes
    ----------
    row, title_en, title_zh : str
        What it is.
    needs : tuple of str
        Shipped regimes that it acts on and that are missing.
    """

    row: str
    title_en: str
    title_zh: str
    needs: tuple[str, ...]


def idle_instruments(scenario: Scenario) -> list[Idle]:
    """Return the instruments that are turned in a scenario but never together with what they act on."""
    days = scenario.run.warm_up_days + scenario.run.window_days
    eras = eras_of(scenario.law, scenario.stages, [street.code for street in scenario.world.streets], days)
    laws = [law for era in eras for law in era.laws]
    found = []
    for each in INSTRUMENTS:
        turned = [law for law in laws if _turned(each, law)]
        missing = tuple(name for name in each.beneath if not any(_stands(name, law, scenario) for law in turned))
        if turned and missing:
            found.append(Idle(each.row, each.title_en, each.title_zh, missing))
    return found


def _stands(name: str, law: Law, scenario: Scenario) -> bool:
    """Tell whether a regime holds under a law; one that is no instrument is what begins on a date."""
    if name not in _RULES:
        return bool(scenario.stages)
    switches = [value for value, _ in _values(_RULES[name], law) if isinstance(value, bool)]
    return _turned(_RULES[name], law) and all(switches)


def _turned(instrument: Instrument, law: Law) -> bool:
    return any(value != neutral for value, neutral in _values(instrument, law))


def _values(instrument: Instrument, law: Law) -> list[tuple[Any, Any]]:
    """Return the values of an instrument's keys under a law, each with its neutral value."""
    keys = [key.split(".") for key in instrument.topics]
    return [(getattr(getattr(law, topic), name), getattr(getattr(Law(), topic), name)) for topic, name in keys]
