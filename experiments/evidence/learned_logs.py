"""What `whistle fit` does on real logs: what it says of each, what it refuses, how it foretells the last parts.

The last part of a log is looked at once, by the run whose figures are kept here; nothing is chosen by them.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.errors import WrongInput
from experiments.messages import Language, in_language
from experiments.stats.intervals import to_json
from experiments.store.files import keep_measured, read_measured

if TYPE_CHECKING:
    from experiments.learning.fitting import Asked, Fitted, Looked
    from experiments.learning.foretelling import Foretold
    from experiments.learning.scores import Scores
    from experiments.learning.trial import Trial

NAME = "learned_logs"
DATA = Path(__file__).resolve().parents[3] / "shared" / "reference" / "data"  # beside a clone
Say = Callable[[str], None]


@dataclass(frozen=True)
class RealLog:
    """A real log and the flags with which it is read.

    Attributes:
        file: Name in the folder of the logs.
        flags: By name, as for `whistle fit`.
    """

    file: str
    flags: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The flags as they are typed."""
        return shlex.join(each for name, value in self.flags.items() for each in (_flag(name), value))


def _flag(name: str) -> str:
    from experiments.logs.options import flag_of

    return flag_of(name)


_PERMITS = {"unit": "org:resource", "closed_by": "01_HOOFD_5"}
LOGS = (
    RealLog("permits_municipality_1.xes.gz", _PERMITS), RealLog("permits_municipality_3.xes.gz", _PERMITS),
    RealLog("receipt.csv.gz", {"unit": "org:resource"}), RealLog("06_bpic2013_closed.xes.gz", {"unit": "org:group"}),
    RealLog("chicago_sanitation_311.csv.gz", {"unit": "ward"}),
)  # fmt: skip


def keep_learned_logs(names: Sequence[str], data: Path, out: Path, jobs: int, say: Say) -> None:
    """Learn from logs and keep what came of it; logs that are not named keep what was measured last.

    Args:
        names: Of files; none: all.
        data: Folder of the logs.
        out: Folder in which the district of each is left, and replaced.

    Raises:
        WrongInput: For a log that is unknown or not there.
    """
    from model import fingerprint

    wanted = _wanted(names, data)
    rows = read_measured(NAME).get("logs", {})
    for each in wanted:
        say(each.file)
        row = {**measured(each, data, out / Path(each.file).stem.partition(".")[0], jobs, say),
               "fingerprint": fingerprint()}  # fmt: skip
        rows = {**rows, each.file: row}
        keep_measured(NAME, {"logs": {log.file: rows[log.file] for log in LOGS if log.file in rows}})


def _wanted(names: Sequence[str], data: Path) -> list[RealLog]:
    known = {each.file: each for each in LOGS}
    problems = [f"{name}: no such log; expected one of {', '.join(known)}." for name in names if name not in known]
    wanted = [each for each in LOGS if not names or each.file in names]
    problems += [f"{data / each.file}: not there. Name the folder of the logs with --data (DATA=…)."
                 for each in wanted if not (data / each.file).is_file()]  # fmt: skip
    if problems:
        raise WrongInput(problems)
    return wanted


def measured(log: RealLog, data: Path, out: Path, jobs: int | None, say: Say) -> dict[str, Any]:
    """Learn from a log and return its row, refused or not."""
    from experiments.fitted import FitFindings, Refused
    from experiments.learning.fitting import Asked
    from experiments.logs.options import LogOptions

    asked = Asked(LogOptions.of(data / log.file, log.flags), out, None, jobs)
    begun = time.monotonic()
    try:
        fitted = FitFindings(asked, Language.EN, say).fitted
    except Refused as refused:
        return {"flags": log.words, **about(refused.looked, asked), "seconds": round(time.monotonic() - begun)}
    seconds = round(time.monotonic() - begun)
    return {"flags": log.words, **about(fitted.looked, asked), **learned(fitted), "seconds": seconds}


def about(looked: Looked, asked: Asked) -> dict[str, Any]:
    """Return what is said of a log before anything is learned from it, sentences in both languages."""
    low, high = looked.diagnosis.window
    return {
        "cases": len(looked.paths), "units": len(looked.paths.units), "kinds": len(looked.paths.kinds),
        "closed": looked.log.cases.rule, "window": [_day(low), _day(high)], "split": _day(looked.diagnosis.split),
        "said": {str(language): _said(asked, language) for language in Language},
    }  # fmt: skip


def _said(asked: Asked, language: Language) -> dict[str, Any]:
    from experiments.learning.fitting import look, refusal

    with in_language(language):
        looked = look(asked)
        findings = [each.to_dict() | {"severe": each.severe} for each in looked.diagnosis.findings]
        return {"findings": findings, "reason": looked.diagnosis.reason, "refused": refusal(looked)}


def learned(fitted: Fitted) -> dict[str, Any]:
    """Return how the last part of a log was foretold, and of the mechanism how it was found."""
    told = fitted.mechanism.told()
    found: dict[str, Any] = {**foretold_row(fitted.foretold), "worlds": len(fitted.worlds),
                             "ensemble": {name: told[name] for name in ("runs", "effective", "widened")}}  # fmt: skip
    setting = fitted.looked.setting
    return found if setting is None else {**found, "limit_days": setting.limit}


def foretold_row(foretold: Foretold) -> dict[str, Any]:
    """Return how the last part of a log was foretold: as a whole, by measure and figure, and at the inner origins."""
    from experiments.learning.fitting import SEED
    from experiments.learning.foretelling import corrected
    from experiments.learning.pool import LEVELS
    from experiments.learning.scores import POOL, TOLD, Scores

    scores, edges = Scores.of(foretold), foretold.last.periods.edges
    without = without_mechanism(foretold)
    found: dict[str, Any] = to_json({
        "period_days": float(edges[1] - edges[0]), "periods": len(edges) - 1, "foretold_to": _day(edges[-1]),
        "geometric": {name: scores.geometric(name) for name in TOLD}, "without": without.geometric(POOL),
        "figures": len(scores.rows), "inside": sum(row.inside for row in scores.rows), "coverage": scores.coverage,
        "interval": round(float(np.ptp(LEVELS)), 6),
        "weights": dict(zip(foretold.weights.members, foretold.weights.whole.tolist(), strict=True)),
        "replay": [{"memory_days": each.memory, "alike": each.alike} for each in foretold.habits],
        "measures": {name: _measure(name, scores, without, foretold) for name in scores.measures},
        "origins": [_origin(each) for each in corrected(foretold.inner, SEED)],
        "held_out": [row.as_json() for row in scores.rows],
    })  # fmt: skip
    return found


def without_mechanism(foretold: Foretold) -> Scores:
    """Return how a pool without the mechanism would have done, its weights learned on the same inner origins."""
    from experiments.learning.pool import MECHANISM, MEMBERS, learn_weights
    from experiments.learning.scores import Scores

    members = tuple(name for name in MEMBERS if name != MECHANISM)
    watched = [each for one in foretold.inner for _, each in one.watched(members)]
    return Scores.of(replace(foretold, weights=learn_weights(watched, members)))


def _measure(name: str, scores: Scores, without: Scores, foretold: Foretold) -> dict[str, Any]:
    """Return of a measure the scores in scores of yesterday, what the pool would do without the mechanism, weights."""
    from experiments.learning.scores import POOL, TOLD

    rows, weights = scores.of_measure(name), foretold.weights
    return {
        **{each: scores.ratio(each, name) for each in TOLD}, "without": without.ratio(POOL, name),
        "figures": len(rows), "inside": sum(row.inside for row in rows),
        "weights": dict(zip(weights.members, weights.of(name).tolist(), strict=True)),
    }  # fmt: skip


def _origin(trial: Trial) -> dict[str, Any]:
    """Return how each did at an origin: the geometric mean over measures of its scores in scores of yesterday."""
    from experiments.learning.foretelling import ratios_to_yesterday
    from experiments.learning.pool import LAST, MECHANISM, REPLAY
    from experiments.learning.trial import ORACLE, QUEUE

    found: dict[str, Any] = {"day": _day(trial.periods.origin)}
    for name in (MECHANISM, LAST, QUEUE, REPLAY, ORACLE):
        ratios = list(ratios_to_yesterday([trial], name).values()) if name in trial.said else []
        found[name] = float(np.exp(np.mean(np.log(np.maximum(ratios, 1e-9))))) if ratios else None
    return found


def _day(moment: float) -> str:
    return str(np.datetime64(int(np.floor(moment)), "D"))
