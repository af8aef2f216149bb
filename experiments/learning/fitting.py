"""From a log to a district: read, looked at, learned, tested on its last part, and written."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.design.ensemble import MARK
from experiments.errors import Unwritable, WrongInput
from experiments.learning.diagnosis import Diagnosis, diagnose
from experiments.learning.diagnosis_limits import PERIOD_CASES
from experiments.learning.foretelling import (
    MOST_PERIODS,
    Foretold,
    Say,
    foretell,
    period_length,
    usual_limit,
)
from experiments.learning.mechanism import Mechanism
from experiments.learning.paths import Courses, Paths
from experiments.learning.reading import paths_of
from experiments.learning.running import Runner
from experiments.learning.trial import Setting
from experiments.learning.units import Unit, guess_units, read_units, write_units
from experiments.logs.options import LogOptions, accepts, instant
from experiments.logs.reading import WholeLog, read_whole
from experiments.logs.values import DAY
from experiments.messages import msg
from experiments.runner import usable_processors
from experiments.store.files import LOCK, WRITER, one_writer

if TYPE_CHECKING:
    from model import Unknowns

FIT_FILE, UNITS_FILE = "fit.json", "units.csv"
SEED = 1


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes:
        out: Folder of the district.
        split: Date on which the last part begins; None: where it is fair.
    """

    log: LogOptions
    out: Path
    split: str | None = None
    jobs: int | None = None


@dataclass(frozen=True)
class Looked:
    """A log before anything is learned from it.

    Attributes:
        fair: Its fair part; `known` of it what the first part shows.
        setting: Of the forecasts; None where no split is fair.
    """

    log: WholeLog
    notes: tuple[str, ...]
    paths: Paths
    diagnosis: Diagnosis
    fair: Paths
    known: Paths
    setting: Setting | None


@dataclass(frozen=True)
class Fitted:
    """A district that was learned.

    Attributes:
        out: Its folder.
        units: With their levels, as they were used.
    """

    looked: Looked
    out: Path
    units: tuple[Unit, ...]
    mechanism: Mechanism
    foretold: Foretold

    @cached_property
    def worlds(self) -> list[Unknowns]:
        """The ensemble of districts."""
        return self.mechanism.worlds()


def look(asked: Asked) -> Looked:
    """Read a log and look at it; WrongInput for what cannot be read."""
    if asked.split is not None and not accepts(datetime.fromisoformat, asked.split):
        raise WrongInput([f"--split: expected a date such as 2014-01-01, got '{asked.split}'."])
    notes: list[str] = []
    return looked_at(asked, read_whole(asked.log, notes), notes)


def looked_at(asked: Asked, log: WholeLog, notes: Sequence[str]) -> Looked:
    """Look at a log that was read."""
    paths = paths_of(log.events, log.cases)
    given = None if asked.split is None else instant(asked.split, asked.log.time_zone) / DAY
    diagnosis = diagnose(paths, split=given)
    low, high = diagnosis.window
    fair = paths.of(paths.start >= low).until(high)
    known = fair.until(diagnosis.split)
    return Looked(log, tuple(notes), paths, diagnosis, fair, known, _setting(asked, fair, known, diagnosis.split))


def _setting(asked: Asked, fair: Paths, known: Paths, split: float) -> Setting | None:
    length = period_length(known) if len(known) else None
    if length is None:
        return None
    limit = asked.log.limit if asked.log.limit is not None else usual_limit(known)
    return Setting(length, limit, min(MOST_PERIODS, int((fair.horizon - split) / length + 1e-9)), SEED)


def refusal(looked: Looked) -> str | None:
    """Return why no district can be learned from a log and be tested on its last part; None where it can."""
    if looked.diagnosis.refused is not None:
        return looked.diagnosis.refused
    if looked.setting is None or looked.setting.most < 1:
        return msg("fit_too_short")
    if (handed := handed_over(looked.known)) < PERIOD_CASES:
        return msg("fit_no_handover", cases=len(looked.known), handed=handed, least=PERIOD_CASES)
    return None


def handed_over(paths: Paths) -> int:
    """Return how many cases of a log are handed over at least once."""
    return int(np.isfinite(Courses.of(paths).passed).any(axis=1).sum())


def fit_district(asked: Asked, looked: Looked, say: Say) -> Fitted:
    """Learn a district and an ensemble from the first part of a log, and foretell its last part once.

    Raises:
        WrongInput: If the log is refused, or the folder holds something else.
    """
    if (why := refusal(looked)) is not None:
        raise WrongInput([f"{asked.log.path}: {why}"])
    from model import needs

    needs("worlds", "whistle fit")  # said before minutes have passed
    check_out(asked.out)
    assert looked.setting is not None
    units = _units(asked.out, looked.known)
    limit, split = looked.setting.limit, looked.diagnosis.split
    with Runner(asked.jobs or usable_processors()) as runner:
        mechanism = Mechanism.learn(
            looked.known, units, limit, say, runner=runner, log=asked.log.path.name, ahead=looked.fair.horizon - split
        )
        foretold = foretell(looked.fair, split, looked.setting, mechanism.foretell, say)
    return Fitted(looked, asked.out, units, mechanism, foretold)


def _units(out: Path, known: Paths) -> tuple[Unit, ...]:
    """Return the units with their levels: those that somebody has written beside, else guessed."""
    path = out / UNITS_FILE
    units = guess_units(known)
    return read_units(path, units) if path.is_file() else units


def check_out(out: Path) -> None:
    """Check that a folder is free for a district: not there, empty but for units, or made by this command.

    Raises:
        WrongInput: If it is not.
    """
    if out.exists() and not out.is_dir():
        raise WrongInput([f"--out {out}: expected a folder, got a file. Choose another name."])
    if not out.exists() or (out / FIT_FILE).is_file():
        return
    others = sorted(each.name for each in out.iterdir() if each.name not in (UNITS_FILE, LOCK, WRITER))
    if others:
        raise WrongInput([f"--out {out}: expected a new folder or one that `whistle fit` made, got one with "
                          f"'{others[0]}'. Choose another."])  # fmt: skip


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """Yield a folder beside another, whose files are moved into it at the end, so that nothing half-written is there.

    Raises:
        WrongInput: If another process writes the same folder.
        Unwritable: If it cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with one_writer(out), tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as name:
            yield Path(name)
            for each in sorted(Path(name).iterdir(), key=lambda path: path.name == FIT_FILE):
                target = out / each.name
                if target.is_dir():
                    shutil.rmtree(target)
                os.replace(each, target)
    except OSError as error:
        why = error.strerror or error
        raise Unwritable(f"--out {out}: cannot be written ({why}). Free space or choose another folder.") from error
    finally:
        if out.is_dir() and {each.name for each in out.iterdir()} <= {LOCK, WRITER}:
            shutil.rmtree(out, ignore_errors=True)


def write_district(fitted: Fitted, mark: Mapping[str, object], room: Path) -> None:
    """Write district, units and worlds into a folder; the mark goes with the worlds into every study of them."""
    fitted.mechanism.write(room, {"name": fitted.out.name, "district": str(fitted.out), MARK: mark})
    write_units(fitted.units, room / UNITS_FILE)


def write_json(answer: dict[str, object], room: Path) -> None:
    """Write what `--json` prints into a folder."""
    text = json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False)
    (room / FIT_FILE).write_text(text + "\n", encoding="utf-8")
