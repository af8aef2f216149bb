"""The manuscript: what the studies found that it quotes, by key, and its PDF. No number is typed in it.

`python -m experiments.manuscript OUT` (`make paper`) takes the folders of the studies that `paper/studies.yaml` names,
keeps their answers and figures in `paper/record/` and typesets `paper/paper.pdf`. `--smoke`: of the small versions.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.disk.files import replace_text, whole
from experiments.errors import WrongInput

if TYPE_CHECKING:
    from model import Condition, Instrument

__all__ = ["PAPER", "gather", "quoted", "typeset"]

PAPER = Path(__file__).resolve().parents[1] / "paper"

SMOKE = "_smoke"

Quoted = Mapping[str, Sequence[str]]
"""By name of a study: the figures that are shown."""


def quoted() -> Quoted:
    """Return the studies that the manuscript quotes, each with the figures that it shows."""
    from ruamel.yaml import YAML

    read: dict[str, list[str]] = YAML(typ="safe").load((PAPER / "studies.yaml").read_text(encoding="utf-8"))
    return read


def gather(out: Path, record: Path, studies: Quoted, ending: str = "") -> None:
    """Keep the answers and figures of finished studies, and the tables that are made from declarations.

    Parameters
    ----------
    out : Path
        Parent folder of the studies.
    record : Path
        Where they are kept; what was there goes.
    studies : mapping
    ending : str
        Of the names of the studies that stand for them.

    Raises
    ------
    WrongInput
        With the command for each study that is missing or was made by another version of the model; nothing is kept.
    """
    folders = {name: _folder(name + ending, out) for name in studies}
    missing = [f"whistle study {name}{ending} --out {out}" for name, folder in folders.items() if folder is None]
    if missing:
        raise WrongInput([f"The manuscript lacks: {line}" for line in missing])
    shutil.rmtree(record, ignore_errors=True)
    record.mkdir(parents=True)
    for name, folder in folders.items():
        assert folder is not None
        _write(record / f"{name}.json", _told(folder))
        for figure in studies[name]:
            shutil.copyfile(folder / "figures" / f"{figure}.svg", record / f"{name}_{figure}.svg")
    for name, table in _declared():
        _write(record / f"{name}.json", table)


def _write(path: Path, content: Any) -> None:
    replace_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _folder(name: str, out: Path) -> Path | None:
    """Return the folder of a finished study as it would be made now, None where there is none."""
    from experiments.disk.store import read_manifest
    from experiments.kinds import OPTIONS, kind_of
    from experiments.planning.reading import read_study

    study, places = read_study(name, OPTIONS)
    folder = out / kind_of(study.experiment).lay_out(study, places).plan.folder_name
    if not (folder / "tables" / "answer.json").is_file():
        return None
    return folder if read_manifest(folder).get("ended") else None


def _told(folder: Path) -> dict[str, Any]:
    from experiments.disk.store import read_manifest

    manifest = read_manifest(folder)
    facts = {name: manifest[name] for name in ("fingerprint", "seed", "done", "failed", "runs_hash", "code")}
    answer = json.loads((folder / "tables" / "answer.json").read_text(encoding="utf-8"))
    return {"study": folder.name, **facts, "answer": answer}


def _declared() -> Iterator[tuple[str, Any]]:
    """Yield the tables that are made from declarations and from what was measured of every instrument and pattern."""
    from experiments.words import WORDS
    from model import OUTCOMES, shipped_root

    yield "outcomes", [
        {"name": name, "title": each.title_en, "unit": each.unit, "direction": each.direction,
         "formula": each.formula, "means": WORDS.get(f"means_{name}", ("", ""))[0]}
        for name, each in OUTCOMES.items()
    ]  # fmt: skip
    yield "claims", list(_claims())
    for name in ("instruments", "patterns_found"):
        yield name, json.loads((shipped_root() / f"{name}.json").read_text(encoding="utf-8"))


def _claims() -> Iterator[dict[str, Any]]:
    """Yield the rows of the article with their names and their parameters."""
    from model import CONDITIONS, INSTRUMENTS, declared_at, keys_of

    claims: list[Condition | Instrument] = [*CONDITIONS, *INSTRUMENTS]
    for each in claims:
        known = [(key, declared_at(key)) for key in keys_of(each.row)]
        yield {
            "row": each.row, "title": each.title_en, "title_zh": each.title_zh,
            "parameters": [
                {"key": key, "default": declared.default, "unit": declared.unit, "bounds": declared.bounds,
                 "meaning": declared.meaning, "source": declared.source}
                for key, declared in known
            ],
        }  # fmt: skip


def typeset(target: Path, root: Path = PAPER) -> None:
    """Typeset the manuscript from its record.

    Parameters
    ----------
    target : Path
        The PDF.
    root : Path
        Folder of `paper.typ`, its bibliography and `record/`.
    """
    import typst

    from experiments.figures.style import chinese_font

    made: bytes = typst.compile(
        root / "paper.typ", root=root, font_paths=[chinese_font().parent], ignore_system_fonts=True
    )
    with whole(target) as sink:
        sink.write(made)


def main(words: Sequence[str]) -> int:
    """Gather and typeset; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m experiments.manuscript", description=__doc__)
    parser.add_argument("out", type=Path, help="parent folder of the studies")
    parser.add_argument("--smoke", action="store_true", help="quote the small versions: to try the manuscript out")
    parser.add_argument("--names", action="store_true", help="only print the studies that are quoted")
    asked = parser.parse_args(words)
    ending = SMOKE if asked.smoke else ""
    if asked.names:
        print(*(name + ending for name in quoted()))
        return 0
    try:
        gather(asked.out, PAPER / "record", quoted(), ending)
    except WrongInput as error:
        print(error, file=sys.stderr)
        return 2
    typeset(PAPER / "paper.pdf")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
