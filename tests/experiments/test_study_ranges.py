"""What a shipped study varies: around the values that it starts from, and within what was declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from experiments.design.factors import Factor, factors_over, reference
from experiments.design.objectives import SearchOptions
from experiments.design.plan import bases_of
from experiments.design.reading import Places, read_study, shipped_studies
from experiments.design.studyfile import StudyFile
from experiments.store.shards import flat
from experiments.studies import OPTIONS
from experiments.studies.bias_map import LOAD, BiasOptions
from model import declared_at, vary
from tests.support import hand_set

ELSEWHERE: Mapping[tuple[str, str, str], str] = {}
"""By study, regime and key: why a regime starts from a value outside what the study varies. None does at present."""


def factors_varied(study: StudyFile, places: Places) -> Iterator[Factor]:
    """Yield all that a study varies, in whichever section of its file it stands."""
    district = reference(study)
    yield from factors_over(study.parameters, district, places, ())
    if study.experiment == "search":
        worlds = SearchOptions(**study.analysis).worlds
        yield from factors_over(worlds.parameters, district, places, ("analysis", "worlds"))
    if study.experiment == "bias_map":
        yield Factor(LOAD, "values", choices=BiasOptions(**study.analysis).loads)


def values_tried(factor: Factor) -> Iterator[tuple[str, list[Any]]]:
    """Yield each key that a factor sets with its values, of a range the two ends."""
    for path in sorted(factor.paths()):
        if factor.sets:
            yield path, [settings[path] for settings in factor.sets if path in settings]
        else:
            ends = (int(each) if factor.whole else each for each in (factor.low, factor.high))
            yield path, list(factor.choices or ends)


def reaches(tried: list[Any], start: Any) -> bool:
    """Tell whether a value lies between those that are tried, or is one of them where they are words or switches."""
    if isinstance(start, bool | str):
        return start in tried
    return bool(min(tried) <= start <= max(tried))


def out_of_reach(study: StudyFile, places: Places) -> list[tuple[str, str, str]]:
    """Return study, regime and key where a regime starts from a value that the study goes past.

    What nobody knows starts elsewhere in every world; counted is the district as it was set by hand.
    """
    if study.district == "chaoyang":
        study = study.model_copy(update={"district": hand_set()})
    starts = {base.label: flat(base.resolved) for base in bases_of(study)}
    return [
        (study.name, label, path)
        for factor in factors_varied(study, places)
        for path, tried in values_tried(factor)
        for label, start in starts.items()
        if not reaches(tried, start[path])
    ]


@pytest.mark.parametrize("name", sorted(shipped_studies()))
def test_a_study_varies_around_the_values_that_it_starts_from(name: str) -> None:
    assert [found for found in out_of_reach(*read_study(name, OPTIONS)) if found not in ELSEWHERE] == []


def test_every_start_elsewhere_is_still_one_and_has_its_reason() -> None:
    found = {each for name in {study for study, _, _ in ELSEWHERE} for each in out_of_reach(*read_study(name, OPTIONS))}
    assert set(ELSEWHERE) <= found and all(ELSEWHERE.values())


@pytest.mark.parametrize("name", sorted(shipped_studies()))
def test_a_study_stays_within_the_declared_bounds(name: str) -> None:
    study, places = read_study(name, OPTIONS)
    district = reference(study)
    for factor in factors_varied(study, places):
        for path, tried in values_tried(factor):
            bounds = declared_at(path, district.world).bounds
            if bounds is not None:
                assert bounds[0] <= min(tried) and max(tried) <= bounds[1], path
            for value in () if factor.shape == "between" else tried:
                vary(district, {path: value})


RANGES = {
    "a range": "parameters: {acceptance.load: {uniform: [0, 2]}}",
    "values": "parameters: {acceptance.load: {values: [0, 1, 2]}}",
    "words": "parameters: {demand.arrivals: {categorical: [poisson, deterministic]}}",
    "bundles": "parameters: {burden: {bundles: {light: {acceptance.load: 0}, some: {acceptance.load: 2}}}}",
    "a line": "parameters: {burden: {between: [{acceptance.load: 0}, {acceptance.load: 2}]}}",
    "a value that the study sets itself": "set: {demand.dispersion: 1.5}\n"
    "parameters: {demand.dispersion: {uniform: [2, 14]}}",
}


@pytest.mark.parametrize("spread", RANGES)
def test_a_start_outside_would_be_found(tmp_path: Path, spread: str) -> None:
    path = tmp_path / "planted.yaml"
    path.write_text(f"experiment: sensitivity\nregimes: [inverted]\ndistrict: tiny\n{RANGES[spread]}\n", "utf-8")
    (found,) = out_of_reach(*read_study(str(path), OPTIONS))
    assert found[:2] == ("planted", "inverted")


def test_a_start_outside_the_worlds_of_a_search_or_the_loads_of_a_map_would_be_found(tmp_path: Path) -> None:
    worlds = "analysis: {worlds: {parameters: {staff.load: {uniform: [0.6, 0.9]}}}}\n"
    search = f"extends: robust_package\nset: {{staff.load: 0.95}}\n{worlds}"
    loads = "extends: bias_map_smoke\nanalysis: {loads: [0.75, 0.8]}\n"
    for name, text in (("search", search), ("loads", loads)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        found = out_of_reach(*read_study(str(tmp_path / f"{name}.yaml"), OPTIONS))
        assert {key for _, _, key in found} == {"staff.load"}
