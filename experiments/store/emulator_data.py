"""A study's runs as emulators are trained on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.errors import WrongInput, raise_if_any
from model import needs

if TYPE_CHECKING:
    import pandas as pd

    from experiments.store.opened import OpenStudy


class EmulatorData(NamedTuple):
    """Runs as scikit-learn takes them.

    Attributes:
        inputs (rows, varied): What was varied; words and regimes as columns of 0 and 1.
        outputs (rows, outcomes): Outcomes.
        groups (array (rows,)): Number of the world of each run, or of its point where there is one world: rows of a
            group share what was not varied, so a split must not part them.
    """

    inputs: pd.DataFrame
    outputs: pd.DataFrame
    groups: NDArray[np.int64]


def emulator_data(
    study: str | OpenStudy | Any, outcomes: str | Sequence[str], free: Sequence[str] = ()
) -> EmulatorData:
    """Return a study's runs as inputs and outputs of an emulator; runs with an undefined outcome are left out.

    Args:
        study: Folder of a study, what `open_study` returns, or the result of a command.
        free: Free numbers that are inputs as well, with the values that they have in each run's world.

    Raises:
        WrongInput: For outcomes that the study does not keep, free numbers that its worlds do not have, or where
            nothing varies.
    """
    needs("notebook", "tables for pandas", "pandas")
    import pandas as pd

    opened = _opened(study)
    wanted = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    known = set(opened.worlds[0]) if opened.worlds else set[str]()
    raise_if_any([*_unknown("outcomes", wanted, opened.outcomes), *_unknown("free", free, known)])
    runs = opened.runs.dropna(subset=wanted).reset_index(drop=True)
    varied = [name for name in opened.varied if name in opened.study.parameters]
    inputs = runs[[*varied, *(["regime"] if len(opened.labels) > 1 else [])]]
    groups = np.asarray(opened.world_of(runs["replicate"]) or runs["point"], dtype=np.int64)
    if opened.worlds:
        inputs = inputs.assign(**{key: [opened.worlds[number][key] for number in groups] for key in free})
    if inputs.shape[1] == 0:
        raise WrongInput([f"{opened.folder}: expected a study in which something varies, got one regime at one point."])
    words = [name for name in inputs if not pd.api.types.is_numeric_dtype(inputs[name])]
    return EmulatorData(pd.get_dummies(inputs, columns=words, dtype=float).astype(float), runs[wanted], groups)


def _opened(study: str | OpenStudy | Any) -> OpenStudy:
    from experiments.store.opened import OpenStudy

    return study if isinstance(study, OpenStudy) else OpenStudy(getattr(study, "folder", study))


def _unknown(place: str, names: Iterable[str], known: Iterable[str]) -> Iterable[str]:
    from model import nearest

    words = sorted(known)
    return [f"{place}: unknown '{name}'{nearest(name, words)}" for name in names if name not in words]
