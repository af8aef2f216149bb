"""The plausible worlds of a district: a table that `whistle worlds` made, one row a world, read and chosen from.

Worlds weigh equally: that is a convention, not a probability. Any first rows of the table are a sample of it.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile, is_path
from experiments.errors import WrongInput, raise_if_any

if TYPE_CHECKING:
    import pyarrow as pa

    from model import FreeNumber, Unknowns

REFERENCE: Literal["reference"] = "reference"  # the district as it is written, instead of an ensemble
DRAW = "tables.draw"  # the free number that means nothing: which draw of the tables' entries it is
USUAL = 40  # worlds over which an answer is told unless more or fewer are asked for
WORLDS_TABLE = "worlds.parquet"  # in a study's folder, or a district's
MARK = "mark"  # in what is known of a table: how far worlds that were learned from a log are to be believed
ABOUT = b"whistle"  # how it was made, as JSON, in the metadata of the table


@dataclasses.dataclass(frozen=True)
class Ensemble:
    """Plausible worlds of one district.

    Attributes:
        path: Its table.
        worlds: In the order of the rows.
        about: How it was made: study, code, patterns matched, shares of worlds that show each.
    """

    path: Path
    worlds: tuple[Unknowns, ...]
    about: dict[str, Any]


def ensemble_of_district(district: str) -> Path | None:
    """Return the table of worlds of a district: beside the file of one's own, or shipped; None where there is none."""
    from model import shipped_root

    if is_path(district):
        own = Path(district)
        path = (own if own.is_dir() else own.parent) / WORLDS_TABLE
    else:
        path = shipped_root() / "worlds" / f"{district}.parquet"
    return path if path.is_file() else None


def read_ensemble(path: Path) -> Ensemble:
    """Read a table of worlds, once unless it has changed.

    Raises:
        WrongInput: If it is none, with every column that is no free number and every value out of its range.
    """
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise WrongInput([f"{path}: expected a table of worlds (Parquet), got no file."]) from error


@functools.cache
def _read(path: Path, _written: int) -> Ensemble:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from model import free_numbers

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise WrongInput([f"{path}: expected a table of worlds (Parquet), got {error}."]) from error
    known = {number.key: number for number in free_numbers()}
    raise_if_any(_problems(path, table.to_pydict(), known))
    kept = table.select([name for name in table.column_names if name in known])
    about = json.loads((table.schema.metadata or {}).get(ABOUT, b"{}"))
    return Ensemble(path, tuple(kept.to_pylist()), about)


def mark_of_study(study: StudyFile) -> dict[str, Any]:
    """Return what a study's own table of worlds keeps of that which it was taken from: its mark, if it has one."""
    path = Path(study.ensemble) if study.ensemble else ensemble_of_district(study.district)
    mark = None if path is None else read_ensemble(path).about.get(MARK)
    return {} if mark is None else {MARK: mark}


def _problems(path: Path, columns: dict[str, list[Any]], known: dict[str, FreeNumber]) -> Iterable[str]:
    from model import nearest

    if not columns or not next(iter(columns.values())):
        yield f"{path}: expected one or more worlds, got none."
    for name, values in columns.items():
        if name.startswith("_"):
            continue
        if (number := known.get(name)) is None:
            yield f"{path}: unknown free number '{name}'{nearest(name, known)}"
            continue
        outside = [
            value
            for value in values
            if not isinstance(value, int | float) or not 0 <= value - number.low <= number.high - number.low
        ]
        if outside:
            yield f"{path}: {name}: got {outside[0]}; allowed {number.low:g} to {number.high:g}."


def ensemble_of_study(study: StudyFile, places: Places, *, by_default: bool) -> Ensemble | None:
    """Return the ensemble in which a study is looked at; None where it looks at the district as it is written.

    Args:
        by_default: Whether it is looked at in worlds unless told otherwise.

    Raises:
        WrongInput: If it asks for worlds of a district that has none.
    """
    path = Path(study.ensemble) if study.ensemble else ensemble_of_district(study.district)
    if study.worlds == REFERENCE or (study.worlds is None and (not by_default or path is None)):
        return None
    if path is None:
        raise WrongInput([
            f"{places('worlds')}the district {study.district} has no plausible worlds. Make some with `whistle worlds` "
            "and name their table as ensemble, or ask for worlds: reference."
        ])  # fmt: skip
    return read_ensemble(path)


def first_worlds(ensemble: Ensemble, count: int, where: str) -> tuple[Unknowns, ...]:
    """Return the first worlds of an ensemble, which are a sample of it; `where` is the place of their number.

    Raises:
        WrongInput: If it has fewer.
    """
    most = len(ensemble.worlds)
    if count > most:
        raise WrongInput([f"{where}expected at most {most}, which {ensemble.path} has, got {count}."])
    return ensemble.worlds[:count]


def worlds_of_study(study: StudyFile, places: Places, *, by_default: bool, seeds: int) -> tuple[Unknowns, ...]:
    """Return the worlds that a study looks at; none where it looks at the district as it is written.

    That it also does where nobody asked for worlds and its runs are too few for two of them.

    Args:
        by_default: Whether its kind speaks over worlds unless told otherwise.
        seeds: Runs of each world that its kind needs at least.

    Raises:
        WrongInput: If it asks for worlds of a district that has none, or for more than there are.
    """
    ensemble = ensemble_of_study(study, places, by_default=by_default)
    if ensemble is None:
        return ()
    most = len(ensemble.worlds)
    enough = most if study.replicates.until else study.replicates.most // seeds
    asked = isinstance(study.worlds, int) or study.ensemble is not None
    if not asked and enough < 2:
        return ()
    count = study.worlds if isinstance(study.worlds, int) else min(USUAL, most, max(1, enough))
    return first_worlds(ensemble, count, places("worlds"))


def with_every_world(study: StudyFile) -> StudyFile:
    """Return a study with at least one replicate in each of the worlds that it asks for."""
    fixed, asked = study.replicates.fixed, study.worlds
    if not isinstance(asked, int) or fixed is None or fixed >= asked:
        return study
    return study.model_copy(update={"replicates": study.replicates.model_copy(update={"fixed": asked})})


def numbered_world(number: int, ensemble: Path | None, district: str) -> Unknowns:
    """Return one world of an ensemble, of that which is shipped for the district unless another is given.

    Raises:
        WrongInput: If there is no such ensemble or world.
    """
    path = ensemble or ensemble_of_district(district)
    if path is None:
        raise WrongInput(
            [f"--world: the district {district} has no plausible worlds. Name their table with --ensemble."]
        )
    worlds = read_ensemble(path).worlds
    if not 0 <= number < len(worlds):
        raise WrongInput([f"--world: expected 0 to {len(worlds) - 1}, which {path} has, got {number}."])
    return worlds[number]


def table_of(worlds: Sequence[Unknowns], about: Mapping[str, Any]) -> pa.Table:
    """Return an ensemble as the table that `read_ensemble` reads; `about` says how it was made."""
    import pyarrow as pa

    columns = {key: [world[key] for world in worlds] for key in worlds[0]}
    return pa.table(columns).replace_schema_metadata({ABOUT: json.dumps(about, ensure_ascii=False).encode()})
