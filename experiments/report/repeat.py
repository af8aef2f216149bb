"""How to repeat a study: the command, and the hashes that tell whether it was the same."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.blocks import Block, Code, Heading, Paragraph, Table
from experiments.design.replicates import Replicates
from experiments.design.studyfile import StudyFile, is_path
from experiments.messages import msg

if TYPE_CHECKING:
    from experiments.store.opened import OpenStudy

__all__ = ["repeat"]


def repeat(opened: OpenStudy) -> Iterator[Block]:
    """Yield the command that repeats the study, its file where a command alone cannot say it, and the hashes."""
    study = opened.study
    yield Heading(msg("report_repeat"))
    command = _command(study) if _typed(study) == study else _shipped(study)
    if command:
        yield Paragraph(msg("report_repeat_how"))
        yield Code(command)
        if any(map(is_path, study.regimes)):
            yield Paragraph(msg("report_repeat_beside"))
    else:
        file = f"{study.name}.yaml"
        yield Paragraph(msg("report_repeat_file", file=file))
        yield Code(f"whistle study ./{file}")
        yield Code(_yaml(study))
    header = (msg("report_repeat_item"), msg("report_repeat_value"))
    yield Table(header, tuple(_identity(opened)), words=2)


def _typed(study: StudyFile) -> StudyFile:
    """Return the study that the command of a comparison would ask for."""
    return StudyFile(
        name=study.name, experiment="compare", regimes=study.regimes, district=study.district, set=study.set,
        replicates=Replicates(fixed=study.replicates.first), seed=study.seed, series=True,
    )  # fmt: skip


def _command(study: StudyFile) -> str:
    words = ["whistle", "compare", *map(_beside, study.regimes), "--pairs", str(study.replicates.first)]
    words += ["--seed", str(study.seed), "--district", _beside(study.district)]
    words += ["--study", study.name] if study.name != "compare" else []
    for key, value in study.set.items():
        words += ["--set", f"{key}={json.dumps(value, ensure_ascii=False)}"]
    return shlex.join(words)


def _beside(regime: str) -> str:
    """Return a regime as it is typed where its file lies in the folder."""
    return f"./{Path(regime).name}" if is_path(regime) else regime


def _shipped(study: StudyFile) -> str:
    """Return the command of a shipped study, "" where it was asked for otherwise than it is shipped."""
    from experiments.design.reading import read_study, shipped_studies
    from experiments.studies import OPTIONS, kind_of

    if study.name not in shipped_studies():
        return ""
    laid_out = kind_of(study.experiment).lay_out(*read_study(study.name, OPTIONS)).plan.study
    return f"whistle study {study.name}" if laid_out == study else ""


def _yaml(study: StudyFile) -> str:
    from model import to_yaml

    return to_yaml(study.to_dict()).rstrip()


def _identity(opened: OpenStudy) -> Iterator[tuple[str, str]]:
    manifest, code = opened.manifest, opened.manifest["code"]
    yield msg("report_repeat_folder"), opened.folder.resolve().name
    yield msg("report_repeat_seed"), str(opened.study.seed)
    yield msg("report_repeat_hash"), opened.runs_hash
    for base in manifest["bases"]:
        yield msg("report_repeat_configuration", regime=base["label"]), base["configuration"]
    yield msg("report_repeat_fingerprint"), manifest["fingerprint"]
    commit = code["commit"] or msg("report_repeat_unknown")
    yield msg("report_repeat_commit"), msg("report_repeat_dirty", commit=commit) if code["dirty"] else commit
    packages = manifest["packages"]
    yield msg("report_repeat_python"), ", ".join([manifest["python"], packages["numpy"], packages["numba"]])
