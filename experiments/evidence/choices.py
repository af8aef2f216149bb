"""How the answer over worlds hangs on choices that made the worlds: the same comparison over other ensembles.

Bands, discrepancies, patterns and ranges were chosen; so were the size of the district and that streets notice a jam.
Each row changes one of these. Ensembles made otherwise come from studies of `whistle worlds` of one's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.design.ensemble import ensemble_of_district, read_ensemble, table_of
from experiments.design.reading import Places
from experiments.design.studyfile import Replicates, StudyFile
from experiments.errors import WrongInput
from experiments.kinds import OpenStudy
from experiments.runner import Where
from experiments.runner.worlds import Space, prior_points
from experiments.stats.ensemble import agreement
from experiments.store.files import keep_measured
from experiments.store.shards import flat, write_shard
from experiments.studies import kind_of
from model import load_scenario

REGIMES = ("inverted", "flattened")
OUTCOMES = ("closure_rate", "closure_rate_30d", "backlog_end", "passes_per_case", "workload_street",
            "workload_department")  # fmt: skip
SCALE = {"demand.scale": 0.25}
FEWEST = 20  # worlds of an ensemble that is worth a row


@dataclass(frozen=True)
class Choice:
    """One row: an ensemble, and settings over both regimes.

    Attributes:
        name: Of the row.
        ensemble: Table of its worlds.
        settings: By dotted path; what they set is set in every world.
        skipped: Worlds of the ensemble that are left out at its start.
        regimes: Before and after.
    """

    name: str
    ensemble: Path
    settings: Mapping[str, Any] = field(default_factory=lambda: dict(SCALE))
    skipped: int = 0
    regimes: tuple[str, str] = REGIMES


def keep_choices(out: Path, others: Mapping[str, Path], worlds: int, jobs: int) -> None:
    """Compare before and after over every choice, and keep what came out.

    Args:
        out: Parent folder of the studies; an interrupted measurement resumes.
        others: Tables of worlds that were made otherwise, by the name of their row.
        worlds: In each row.
        jobs: Processes.

    Raises:
        WrongInput: Where no ensemble is shipped, one is too small, or runs failed.
    """
    shipped = ensemble_of_district("chaoyang")
    if shipped is None:
        raise WrongInput(["choices: the district chaoyang has no plausible worlds to compare with."])
    studies = {each.name: _compared(each, worlds, out, jobs) for each in _choices(shipped, others, worlds, out)}
    rows = {name: kind_of("compare").results(study).as_json() for name, study in studies.items()}
    kept = {
        name: {"worlds": each["worlds"], **_told(each)} for name, each in rows.items()
    }  # fmt: skip
    apart = {
        outcome: agreement(*(_differences(studies[name], outcome) for name in ("shipped", "other half")))
        for outcome in OUTCOMES
    }
    fingerprint = studies["shipped"].manifest["fingerprint"]
    keep_measured("choices", {"fingerprint": fingerprint, "scale": SCALE["demand.scale"], "rows": kept, "apart": apart})


def _choices(shipped: Path, others: Mapping[str, Path], worlds: int, out: Path) -> Iterator[Choice]:
    yield Choice("shipped", shipped)
    yield Choice("other half", shipped, skipped=worlds)
    prior = out / "prior_worlds.parquet"
    write_shard(prior, table_of(prior_worlds(worlds), {"name": "prior"}))
    yield Choice("prior", prior)
    for name, path in others.items():
        if len(read_ensemble(path).worlds) < FEWEST:
            raise WrongInput([f"{path}: expected {FEWEST} worlds or more, got {len(read_ensemble(path).worlds)}."])
        yield Choice(name, path)
    yield Choice("streets never notice a jam", shipped, regimes=("inverted", "flattened_blind"))
    yield Choice("behaviour off", shipped, {**SCALE, **_off()})
    yield Choice("full volume", shipped, {})


def prior_worlds(count: int) -> list[dict[str, float]]:
    """Return worlds drawn evenly from all declared ranges, whatever they show; shares of staff stay within theirs."""
    space = Space(load_scenario("inverted"))
    return [space.world(point) for point in prior_points(count)]


def _off() -> dict[str, Any]:
    """Return what the bare queue sets over the district before the reform."""
    before, bare = (flat(load_scenario(name).resolved()) for name in ("inverted", "null_queue"))
    names = ("name", "title.zh", "title.en")
    return {path: value for path, value in bare.items() if path not in names and before.get(path) != value}


def _compared(choice: Choice, worlds: int, out: Path, jobs: int) -> OpenStudy:
    from rich.console import Console

    known = read_ensemble(choice.ensemble)
    chosen = list(known.worlds[choice.skipped :][:worlds])
    path = out / "choices" / f"{choice.name.replace(' ', '_')}.parquet"
    write_shard(path, table_of(chosen, known.about))
    study = StudyFile(
        name=f"choice_{choice.name.replace(' ', '_')}", experiment="compare", regimes=choice.regimes,
        set=dict(choice.settings), worlds=len(chosen), ensemble=str(path.absolute()),
        replicates=Replicates(fixed=2 * len(chosen)),
    )  # fmt: skip
    run = kind_of("compare").lay_out(study, Places()).run(out, Where(jobs), Console(stderr=True))
    if run.failures():
        raise WrongInput([f"{run.folder}: {len(run.failures())} runs failed; see failures.jsonl there."])
    return OpenStudy(run.folder)


def _told(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the level before and the doubt of what is told first."""
    before, after = answer["regimes"]
    doubts = {outcome: answer["doubt"][after][outcome] for outcome in OUTCOMES}
    return {"before": answer["levels"][before]["closure_rate"]["mean"], "doubt": doubts}


def _differences(study: OpenStudy, outcome: str) -> Any:
    values = study.values(outcome)[0]
    pairs = values.shape[1]
    return (values[1] - values[0]).reshape(2, pairs // 2).T
