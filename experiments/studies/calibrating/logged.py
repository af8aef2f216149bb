"""Targets measured from a real event log: the value enters the study with the log's hash, the log stays where it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from experiments.design.reading import Places
from experiments.errors import WrongInput
from experiments.logs import formats_text
from experiments.studies.calibrating.options import CalibrateOptions, LogSource, Target

__all__ = ["Measuring", "with_values"]

Measuring = Callable[..., Mapping[str, Any]]
"""Returns the measures of a log by name, given its path and columns."""

PARTS = ("targets", "held_out")


def with_values(analysis: Mapping[str, Any], options: CalibrateOptions, places: Places, measuring: Measuring
                ) -> dict[str, Any]:  # fmt: skip
    """Return the section `analysis` in which every target has a value; a log that is named goes over a value given.

    A measured target keeps its measure, the log's name without its folder, its columns and its hash: another log is
    another study, and the same log elsewhere is the same one.

    Raises
    ------
    WrongInput
        For logs that cannot be read, and measures that they do not give.
    """
    made, problems = {**analysis}, list[str]()
    read = _Logs(measuring, places)
    for part in PARTS:
        targets = []
        for number, target in enumerate(getattr(options, part)):
            try:
                targets.append(_with_value(target, options, read, places, part, number))
            except WrongInput as error:
                problems += [each for each in error.problems if each not in problems]
        if targets:
            made[part] = [target.model_dump(mode="json", exclude_defaults=True) for target in targets]
    if problems:
        raise WrongInput(problems)
    made.pop("log", None)
    return made


def _with_value(
    target: Target, options: CalibrateOptions, read: _Logs, places: Places, part: str, number: int
) -> Target:
    source = target.log or options.log
    known = target.log is not None and target.log.sha256  # measured when the study was laid out first
    if known or target.measure is None or source is None or not source.file:
        return target
    own = ("analysis", part, number, "log") if target.log else ("analysis", "log")
    measures, sha256 = read(source, own)
    value = measures.get(target.measure)
    if isinstance(value, bool) or not isinstance(value, int | float):
        known = ", ".join(name for name, each in measures.items() if isinstance(each, int | float))
        raise WrongInput(
            [f"{places('analysis', part, number, 'measure')}expected {known} here, got '{target.measure}'."]
        )
    kept = LogSource(file=Path(source.file).name, columns=source.columns, sha256=sha256)
    told = f"{target.measure} of {kept.file}"
    return target.model_copy(update={"value": float(value), "log": kept, "source": told})


class _Logs:
    """Logs that were read, each once."""

    def __init__(self, measuring: Measuring, places: Places) -> None:
        self._measuring, self._places = measuring, places
        self._read: dict[str, tuple[Mapping[str, Any], str]] = {}

    def __call__(self, source: LogSource, path: tuple[str | int, ...]) -> tuple[Mapping[str, Any], str]:
        known = source.model_dump_json()
        if known not in self._read:
            self._read[known] = self._measured(source, self._places(*path, "file"), path)
        return self._read[known]

    def _measured(self, source: LogSource, where: str, path: tuple[str | int, ...]) -> tuple[Mapping[str, Any], str]:
        file = next((each for each in _candidates(source.file, where) if each.is_file()), None)
        if file is None:
            looked = ", ".join(dict.fromkeys(str(each.parent.resolve()) for each in _candidates(source.file, where)))
            raise WrongInput([
                f"{where}'{source.file}' not found in {looked}. No log is shipped: give the path of your own "
                f"({formats_text()}) here, or with whistle calibrate --log FILE."
            ])  # fmt: skip
        try:
            measures = self._measuring(file, **source.columns)
        except WrongInput as error:
            raise WrongInput([f"{self._places(*path)}{problem}" for problem in error.problems]) from error
        return measures, hashlib.sha256(file.read_bytes()).hexdigest()


def _candidates(file: str, where: str) -> Iterator[Path]:
    """Yield where a log may lie: beside the study's file that names it, or in the current folder."""
    study = Path(where.partition(":")[0])
    if study.suffix in (".yaml", ".yml"):
        yield study.parent / file
    yield Path(file)
