"""What is fitted and what is held out: from the runs of one parameter set to its values and its distance."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.messages import Language, current_language
from experiments.studies.calibrating.monthly import path_of, shape_of
from experiments.studies.calibrating.options import CalibrateOptions, Shape, Target

__all__ = ["Aim", "Run", "aims_of", "distances", "values_of"]


@dataclasses.dataclass(frozen=True)
class Run:
    """One run: its outcomes, and its monthly counts where these are kept."""

    outcomes: Mapping[str, float | None]
    months: Mapping[str, NDArray[Any]]


@dataclasses.dataclass(frozen=True)
class Aim:
    """A target with its value known.

    Attributes
    ----------
    name, zh : str
    value, tolerance : float
        In the unit of the outcome, or of the shape.
    outcome : str or None
    shape : Shape or None
        One of both is given.
    source : str
    held_out : bool
    """

    name: str
    zh: str
    value: float
    tolerance: float
    outcome: str | None
    shape: Shape | None
    source: str
    held_out: bool

    @property
    def shown(self) -> str:
        """Name in the language that is spoken."""
        return self.zh if current_language() is Language.ZH and self.zh else self.name

    @property
    def unit(self) -> str:
        """Unit of the value, as outcomes name theirs."""
        from model import OUTCOMES

        if self.outcome is not None:
            return OUTCOMES[self.outcome].unit
        return "share" if self.shape is not None and self.shape.shape == "rise" else "1"


def aims_of(options: CalibrateOptions) -> tuple[Aim, ...]:
    """Return all targets, those fitted first; their values are known by then."""
    return tuple(
        [_aim(target, False) for target in options.targets] + [_aim(target, True) for target in options.held_out]
    )


def _aim(target: Target, held_out: bool) -> Aim:
    assert target.value is not None  # measured, where a log was named, when the study was laid out
    return Aim(target.name, target.zh, target.value, target.tolerance, target.outcome, target.over_time,
               target.source, held_out)  # fmt: skip


def values_of(aims: Sequence[Aim], runs: Sequence[Sequence[Run | None]]) -> NDArray[np.float64]:
    """Return what a parameter set gives for each aim.

    Parameters
    ----------
    aims : sequence of Aim
    runs : sequence of sequence of Run or None
        By replicate, then by base scenario; the last base is what outcomes are taken of. None where a run failed.

    Returns
    -------
    array (aims,)
        Outcomes: mean over replicates. Shapes: of the counts of all replicates together. NaN where a run failed, or
        an outcome or a shape is undefined.
    """
    complete = [[run for run in replicate if run is not None] for replicate in runs]
    if any(len(known) < len(replicate) for known, replicate in zip(complete, runs, strict=True)):
        return np.full(len(aims), np.nan)
    path = None
    if any(aim.shape is not None for aim in aims):
        path = path_of([[run.months for run in replicate] for replicate in complete])
    values = []
    for aim in aims:
        if aim.shape is not None:
            assert path is not None  # made where any aim has a shape
            values.append(shape_of(path, aim.shape))
        else:
            values.append(_mean([replicate[-1].outcomes.get(str(aim.outcome)) for replicate in complete]))
    return np.array(values, dtype=np.float64)


def _mean(values: Sequence[float | None]) -> float:
    return float(np.mean([np.nan if value is None else value for value in values]))


def distances(values: NDArray[np.float64], aims: Sequence[Aim]) -> NDArray[np.float64]:
    """Return the root mean square of (value − observed) ÷ tolerance over the aims.

    Parameters
    ----------
    values : array (sets, aims)
    aims : sequence of Aim
        Those fitted.

    Returns
    -------
    array (sets,)
        1 is one tolerance on average; infinite where a value is undefined, so that the set is rejected.
    """
    observed = np.array([aim.value for aim in aims])
    tolerance = np.array([aim.tolerance for aim in aims])
    squares = ((values - observed) / tolerance) ** 2
    far = np.sqrt(np.mean(squares, axis=1))
    return np.where(np.isfinite(far), far, np.inf)
