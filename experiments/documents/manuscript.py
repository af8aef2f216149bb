"""The manuscript: what finished studies found that it quotes, by key, and its PDF. No number is typed in it.

`python -m experiments.documents.manuscript` typesets `paper/paper.pdf` from `paper/record/` (`make paper`).
`--record OUT` first makes the record from the folders of finished studies in OUT; `--commands` prints the commands that
run these studies (`make record`).
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.design.naming import Names
from experiments.design.reading import Places, read_study
from experiments.errors import WrongInput
from experiments.evidence.instruments import CLAIMS, MEASURED, SIDES, before, beside, verdict
from experiments.store.files import replace_text, whole
from experiments.store.opened import OpenStudy
from experiments.store.store import read_manifest
from experiments.studies import OPTIONS, kind_of
from model import OUTCOMES, PHASE_WORDS, Instrument, declared_at, fingerprint, load_scenario, offered_load, read_yaml

PAPER = Path(__file__).resolve().parents[2] / "paper"

RECORD = PAPER / "record"  # what `make record` kept of the studies: results, figures, and tables made from declarations
PATTERNS = "patterns"  # the one study that is no file: it has a command of its own

FACTS = ("fingerprint", "seed", "done", "failed", "runs_hash", "code")
REQUEST = ("experiment", "regimes", "set", "replicates", "parameters", "analysis")

Quoted = Mapping[str, Sequence[str]]  # by name of a study: the figures that are shown


def quoted() -> Quoted:
    """Return the studies that the manuscript quotes, each with the figures that it shows."""
    return read_yaml(PAPER / "studies.yaml").values


def gather(out: Path, record: Path, studies: Quoted) -> None:
    """Keep the results and figures of finished studies, and the tables that are made from declarations.

    Args:
        out: Parent folder of the studies.
        record: Where they are kept; what was there is deleted.

    Raises:
        WrongInput: With the command for each study that is missing or was made by another version of the model; nothing
            is kept.
    """
    folders = {name: _folder_of(name, out) for name in studies}
    missing = [f"{_command(name)} --out {out}" for name, folder in folders.items() if folder is None]
    if missing:
        raise WrongInput([f"The manuscript needs: {line}" for line in missing])
    kept: dict[str, Any] = dict(declared())
    shutil.rmtree(record, ignore_errors=True)
    record.mkdir(parents=True)
    for name, folder in folders.items():
        assert folder is not None
        kept[name] = _kept(name, folder)
        for figure in studies[name]:
            shutil.copyfile(folder / "figures" / f"{figure}.svg", record / f"{name}_{figure}.svg")
    for name, content in kept.items():
        replace_text(record / f"{name}.json", json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _command(name: str) -> str:
    """Return the command that runs a study, without its folder."""
    return "whistle patterns" if name == PATTERNS else f"whistle study {name}"


def _folder_of(name: str, out: Path) -> Path | None:
    """Return the folder of a finished study as it would be made now, None where there is none."""
    from experiments.design.patterns import PatternOptions, patterns_file, patterns_study, read_patterns
    from experiments.requests import PAIRS

    if name == PATTERNS:
        study, places = patterns_study(PatternOptions(patterns=read_patterns(patterns_file())), PAIRS), Places()
    else:
        study, places = read_study(name, OPTIONS)
    folder = out / kind_of(study.experiment).lay_out(study, places).plan.folder_name
    answered = (folder / "tables" / "answer.json").is_file()
    return folder if answered and read_manifest(folder).get("ended") else None


def _kept(name: str, folder: Path) -> dict[str, Any]:
    """Return what is kept of a finished study: its question, its request, provenance and results."""
    opened = OpenStudy(folder)
    manifest, spreads = opened.manifest, opened.study.parameters
    request = manifest["request"]
    answer = json.loads((folder / "tables" / "answer.json").read_text(encoding="utf-8"))
    answer.pop("study", None)  # where it lay on this machine
    return {
        "study": folder.name,
        "command": _command(name),
        **{each: request[each]["en"] for each in ("title", "question") if each in request},
        **{each: request.get(each) for each in REQUEST},
        "names": {each: Names(spreads).of(each) for each in spreads},
        **{each: manifest[each] for each in FACTS},
        "answer": answer,
    }


def declared() -> Iterator[tuple[str, Any]]:
    """Yield name and content of each table that is made from declarations, or from what was measured of every claim."""
    yield "outcomes", [
        {"name": name, "title": each.title_en, "unit": each.unit, "direction": each.direction, "formula": each.formula,
         "means": each.means_en} for name, each in OUTCOMES.items()
    ]  # fmt: skip
    yield "claims", list(_claims())
    scenario = load_scenario("inverted")
    # every single number and switch of law, habits and world: its value before the reform, its declaration
    values = {f"{topic}.{name}": value for topic, values in scenario.resolved().items()
              if isinstance(values, dict) and topic != "title" for name, value in values.items()}  # fmt: skip
    known = {key: declared_at(key) for key in values}
    yield "parameters", [
        {"key": key, "value": values[key], "unit": each.unit, "bounds": each.bounds, "meaning": each.meaning,
         "source": each.told, "row": each.row} for key, each in known.items()
    ]  # fmt: skip
    world, run, limits = scenario.world, scenario.run, scenario.resolved()["deadlines"]
    yield "kinds", [
        {"title": each.title.en, "share": each.share, "hidden": each.hidden, "enforcement": each.enforcement,
         "joint": each.joint, "work": each.work_days, "waiting": each.waiting_days, "deadline": limits[each.deadline]}
        for each in world.kinds
    ]  # fmt: skip
    yield "district", {
        "streets": len(world.streets), "departments": len(world.departments), "kinds": len(world.kinds),
        "communities": sum(street.communities for street in world.streets),
        "requests": world.demand.requests_per_year, "phases": len(PHASE_WORDS),
        "days": {"warm_up": run.warm_up_days, "window": run.window_days, "follow_up": run.follow_up_days},
        "instrument_pairs": MEASURED.found()["pairs"],
        "load": {regime: dict(_loads(regime)) for regime in ("inverted", "flattened")},
    }  # fmt: skip


def _claims() -> Iterator[dict[str, Any]]:
    """Yield every row of the article, what is turned, where it should show, and what was measured there."""
    measured = MEASURED.rows()
    for each in CLAIMS:
        row, values = measured.get(each.row), before(each)
        if row is None:
            raise WrongInput([f"{each.row}: not measured as declared now; run `make instruments IDS=changed`."])
        yield {
            "row": each.row, "title": each.title_en, "outcome": each.outcome, "direction": each.direction,
            "beside": list(beside(each)), "by_construction": isinstance(each, Instrument) and each.by_construction,
            "keys": [{"key": key, "before": values[key], "after": after} for key, after in each.values.items()],
            **{side: row[side] | {"verdict": verdict(each, row, side)} for side in SIDES},
        }  # fmt: skip


def _loads(regime: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield by level the expected work over the hours held."""
    pools = offered_load(load_scenario(regime), 0)
    for level in dict.fromkeys(each.level for each in pools):
        here = [each for each in pools if each.level == level and each.hours > 0]
        hours = sum(each.hours for each in here)
        if not here:
            continue
        yield level, {"pools": len(here), "hours": hours, "load": sum(each.work for each in here) / hours}


def typeset(target: Path, root: Path = PAPER) -> None:
    """Typeset the manuscript.

    Args:
        target: The PDF.
        root: Folder of `paper.typ`, its text, its bibliographies and `record/`.

    Raises:
        typst.TypstError: Where the text quotes what the record does not hold, or says what the record does not show.
    """
    import typst

    from experiments.fonts import print_folders

    made: bytes = typst.compile(root / "paper.typ", root=root, font_paths=print_folders(), ignore_system_fonts=True)
    with whole(target) as sink:
        sink.write(made)


def main(words: Sequence[str]) -> int:
    """Gather, typeset, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m experiments.documents.manuscript", description=__doc__)
    parser.add_argument("--record", type=Path, metavar="OUT", help="make the record from the studies in OUT first")
    parser.add_argument("--commands", action="store_true", help="only print the commands that make these studies")
    options = parser.parse_args(words)
    if options.commands:
        print(*map(_command, quoted()), sep="\n")
        return 0
    try:
        if options.record:
            gather(options.record, RECORD, quoted())
    except WrongInput as error:
        print(error, file=sys.stderr)
        return 2
    made_by = {json.loads((RECORD / f"{name}.json").read_text(encoding="utf-8"))["fingerprint"] for name in quoted()}
    if made_by != {fingerprint()}:
        print(
            f"The record was made by version {', '.join(sorted(made_by))} of the model; here is {fingerprint()} (its "
            "code, Python, numba, numpy). `make record` runs the studies again.",
            file=sys.stderr,
        )
    typeset(PAPER / "paper.pdf")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
