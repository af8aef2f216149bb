"""Targets measured from a real event log: the value enters the study with the log's hash, the log stays where it is."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from experiments.design.reading import Places
from experiments.design.targets import PARTS, CalibrateOptions, LogSource, Target
from experiments.errors import WrongInput, raise_if_any
from experiments.logs import formats_text

Measuring = Callable[..., Mapping[str, Any]]  # returns the measures of a log by name, given its path and columns
Measured = tuple[Mapping[str, Any], str]  # measures of a log, and its SHA-256


def with_values(
    analysis: Mapping[str, Any], options: CalibrateOptions, places: Places, measuring: Measuring
) -> dict[str, Any]:
    """Return the section `analysis` in which every target has a value; a log that is named goes over a value given.

    A measured target keeps its measure, the log's name without its folder, its columns and its hash: another log is
    another study, and the same log elsewhere is the same one.

    Raises:
        WrongInput: For logs that cannot be read, and measures that they do not give.
    """
    known = dict[str, Measured]()

    def with_value(target: Target, part: str, number: int) -> Target:
        source = target.log or options.log
        if (target.log is not None and target.log.sha256) or target.measure is None or not (source and source.file):
            return target  # its value stands, or was measured when the study was laid out first
        key, path = source.model_dump_json(), ("analysis", part, number, "log") if target.log else ("analysis", "log")
        if key not in known:
            known[key] = _read(source, places, path, measuring)
        measures, sha256 = known[key]
        value = measures.get(str(target.measure))
        if isinstance(value, bool) or not isinstance(value, int | float):
            numbers = ", ".join(name for name, each in measures.items() if isinstance(each, int | float))
            where = places("analysis", part, number, "measure")
            raise WrongInput([f"{where}expected {numbers} here, got '{target.measure}'."])
        named = LogSource(file=Path(source.file).name, columns=source.columns, sha256=sha256)
        text = f"{target.measure} of {named.file}"
        return target.model_copy(update={"value": float(value), "log": named, "source": text})

    made, problems = {**analysis}, list[str]()
    for part in PARTS:
        targets = []
        for number, target in enumerate(getattr(options, part)):
            try:
                targets.append(with_value(target, part, number).model_dump(mode="json", exclude_defaults=True))
            except WrongInput as error:
                problems += error.problems
        if targets:
            made[part] = targets
    raise_if_any(problems)
    made.pop("log", None)
    return made


def _read(source: LogSource, places: Places, path: tuple[str | int, ...], measuring: Measuring) -> Measured:
    """Measure a log, which lies beside the study's file that names it, or in the current folder."""
    where = places(*path, "file")
    study = Path(where.partition(":")[0])
    files = [study.parent / source.file] if study.suffix in (".yaml", ".yml") else []
    files.append(Path(source.file))
    file = next((each for each in files if each.is_file()), None)
    if file is None:
        looked = ", ".join(dict.fromkeys(str(each.parent.resolve()) for each in files))
        raise WrongInput([
            f"{where}'{source.file}' not found in {looked}. No log is shipped: give the path of your own "
            f"({formats_text()}) here, or with whistle calibrate --log FILE."
        ])  # fmt: skip
    try:
        measures = measuring(file, **source.columns)
    except WrongInput as error:
        raise WrongInput([f"{places(*path)}{problem}" for problem in error.problems]) from error
    return measures, hashlib.sha256(file.read_bytes()).hexdigest()
