"""How long regimes take to recover from a surge of demand or a loss of hours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from experiments.design.naming import shown_name
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import agenda_of
from experiments.runner.worker import Reduction
from experiments.store.opened import OpenStudy
from experiments.studies.dated.common import by_run, frame_problems, keeping
from experiments.studies.dated.recovery import Recovery, Rule, open_cases, recovery
from experiments.studies.dated.shocks import Shock, lost_street_hours, recording_burden, surge

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]

SHOCKED = "{} + shock"
"""Label of a regime in the world with the shock."""


class RecoveryOptions(BaseModel):
    """Options of a shock."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shock: Literal["surge", "lost_street_hours", "recording_burden"] = Field(
        description="surge: more requests in some months; lost_street_hours: streets lose hours from a day on, the "
        "nearest to a cut in their posts; recording_burden: more work on every case from a day on, for every unit."
    )
    months: tuple[int, ...] = Field((6, 7), description="surge: months of the year in a row, 0 to 11.")
    extra: float = Field(0.5, gt=0.0, le=10.0, description="surge: extra requests over those of a mean month.")
    day: int = Field(240, ge=0, description="Others: day of the run from which on hours are lost.")
    person_days: float = Field(
        3.0, gt=0.0, description="lost_street_hours: of a street a month at full scale, up to 50; recording_burden: of "
        "every party on each case, up to 0.8."
    )  # fmt: skip
    tolerance: float = Field(0.05, gt=0.0, lt=1.0, description="Share of the peak that counts as recovered.")
    days_in_a_row: int = Field(14, ge=1, le=365)


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept, options = keeping(study), RecoveryOptions(**study.analysis)
    plain, *_ = collect_errors(
        lambda: bases_of(kept, places=places),
        lambda: raise_if_any(outcome_problems(kept, places)),
        lambda: raise_if_any(frame_problems(kept, places, (), regimes=None)),
    )
    shocks = [_shock(base, options, places) for base in plain]
    plan = make_plan(kept, bases_of(kept, list(_worlds(plain, shocks)), places), places=places)
    return Layout(plan, lambda _: agenda_of(plan), Reduction(open_cases))


def _shock(base: Base, options: RecoveryOptions, places: Places) -> Shock:
    try:
        if options.shock == "surge":
            return surge(base.scenario, options.months, options.extra)
        make = lost_street_hours if options.shock == "lost_street_hours" else recording_burden
        return make(base.scenario, options.day, options.person_days)
    except ValueError as error:
        raise WrongInput([f"{places('analysis')}{error}"]) from error


def _worlds(plain: Iterable[Base], shocks: Iterable[Shock]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for base, shock in zip(plain, shocks, strict=True):
        yield base.label, base.regime, shock.without
        yield SHOCKED.format(base.label), base.regime, shock.with_it


class RecoveryResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.options = RecoveryOptions(**opened.study.analysis)
        self.folder = str(opened.folder)
        bases = opened.manifest["bases"]
        regimes = [(place, base) for place, base in enumerate(bases) if place % 2 == 0]
        self.names = {base["label"]: shown_name(base["label"], base["resolved"]["title"]) for _, base in regimes}
        plain = bases_of(opened.study)
        runs = by_run(opened)
        self.found = [
            self._recovery(base["label"], _shock(plain[place // 2], self.options, Places()), runs, place)
            for place, base in regimes
        ]

    def _recovery(
        self, label: str, shock: Shock, runs: Mapping[tuple[int, int], Mapping[str, Any]], place: int
    ) -> Recovery:
        calm, shocked = ({each for point, each in runs if point == at} for at in (place, place + 1))
        pairs = sorted(calm & shocked)
        if len(pairs) < 2:
            raise WrongInput([f"{label}: expected two or more successful pairs, got {len(pairs)}."])
        without, with_it = (np.array([runs[at, each]["daily_open"] for each in pairs]) for at in (place, place + 1))
        return recovery(label, without, with_it, shock, Rule(self.options.tolerance, self.options.days_in_a_row))

    def as_json(self) -> dict[str, Any]:
        return {
            "study": self.folder,
            "shock": self.options.shock,
            "day": self.found[0].day,
            "until": self.found[0].until,
            "regimes": [each.as_json() for each in self.found],
        }

    def blocks(self) -> Iterable[Any]:
        from experiments.studies.dated.told import recovery_sentences

        yield from recovery_sentences(self.found, self.names)

    def tables(self) -> Mapping[str, CsvTable]:
        rows = (
            [each.label, each.day + place, each.excess[place], each.low[place], each.high[place]]
            for each in self.found
            for place in range(len(each.excess))
        )
        return {"excess": (["regime", "day", "mean", "ci_low", "ci_high"], rows)}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.dated.figures import excess_backlog

        return {"excess_backlog": partial(excess_backlog, self.found, self.names)}


KIND = Kind(RecoveryOptions, lay_out, RecoveryResults)
