"""`whistle explain`: a regime in plain words, or the difference of two, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.cli.guard import guarded, print_json
from experiments.cli.options import District, Instruments, Json, Lang, MaybeRegime, Settings
from experiments.console import show
from experiments.errors import WrongInput
from experiments.messages import Language, in_language

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["explain"]


@guarded
def explain(
    regime: MaybeRegime = None,
    other: MaybeRegime = None,
    instruments: Instruments = False,
    district: District = "chaoyang",
    settings: Settings = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Say what a regime is: what it changes, dates, duty list, offered load, cost of a run; or how two differ."""
    from experiments.design.reading import load_all, parse_overrides
    from experiments.report.explained import facts, told

    with in_language(lang):
        if instruments and regime is not None:
            raise WrongInput([f"explain: expected a regime or --instruments, got both ({regime})."])
        if instruments:
            _tell_instruments(as_json)
            return
        if regime is None:
            raise WrongInput(["explain: expected one or two regimes, or --instruments, got neither."])
        named = [regime] if other is None else [regime, other]
        scenarios = load_all(named, district, parse_overrides(settings or ()))
        subject, against = scenarios[-1], scenarios[0] if other is not None else None
        before = against or _before_the_reform(district)
        if as_json:
            print_json(facts(subject, before, against))
        else:
            show(*told(subject, before, against))


def _before_the_reform(district: str) -> Scenario:
    from model import load_scenario

    return load_scenario("base", district=district)


def _tell_instruments(as_json: bool) -> None:
    from experiments.evidence.instruments import found
    from experiments.evidence.instruments_table import instruments_table

    print_json(found()) if as_json else show(instruments_table(found()))
