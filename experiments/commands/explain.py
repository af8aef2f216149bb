"""`whistle explain`: a regime in plain words, or the difference of two, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.commands.guard import guarded, print_json, show
from experiments.commands.options import District, Instruments, Json, Lang, MaybeRegime, Settings
from experiments.errors import WrongInput
from experiments.explained import cost, last_start, told, zh
from experiments.words import Language, speaking

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
    """Say what a regime is: its rules, dates, duty list, offered load, cost of a run; or how two differ."""
    from experiments.scenarios import load_all, parse_overrides

    with speaking(lang):
        if instruments and regime is not None:
            raise WrongInput([f"explain: got the regime {regime} and --instruments; give one of them."])
        if instruments:
            _tell_instruments(as_json)
            return
        if regime is None:
            raise WrongInput(["explain: got no regime; name one (or two), or ask for --instruments."])
        overrides = parse_overrides(settings or ())
        if other is None:
            (before,), (subject,) = load_all(["base"], district, {}), load_all([regime], district, overrides)
        else:
            before, subject = load_all([regime, other], district, overrides)
        if as_json:
            print_json(_facts(before, subject, before.name if other else "before the reform"))
        else:
            show(*told(before, subject, alone=other is None))


def _facts(before: Scenario, subject: Scenario, against: str) -> dict[str, Any]:
    """Return everything as plain values; of a dated regime also the load and duties once all of it has begun."""
    import dataclasses

    from model import PHASE_WORDS, changes, dates_of, duty_list, idle, offered_load

    origins, day = subject.origins(), last_start(subject)
    duties = {at: duty_list(subject, at) for at in (0, day)}
    loads = {at: offered_load(subject, at) for at in (0, day)}
    return {
        "regime": subject.name,
        "against": against,
        "differences": [
            dataclasses.asdict(each) | {"origin": origins.get(each.key, ""), "sentence": each.sentence(zh())}
            for each in changes(before, subject)
        ],
        "idle": [each.row for each in idle(subject)],
        "dates": dates_of(subject),
        "dates_against": dates_of(before),
        "phases": {name: words[zh()] for name, words in PHASE_WORDS.items()},
        "duties": [dataclasses.asdict(each) | {"day": at} for at, found in duties.items() for each in found],
        "load": [
            dataclasses.asdict(each) | {"load": each.load, "day": at} for at, found in loads.items() for each in found
        ],
        "cost": cost(subject),
    }


def _tell_instruments(as_json: bool) -> None:
    from experiments.instruments import found
    from experiments.instruments_table import instruments_table

    print_json(found()) if as_json else show(instruments_table(found()))
