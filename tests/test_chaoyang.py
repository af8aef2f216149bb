"""The shipped data of Chaoyang: they add up, say where they come from, and describe a district that works."""

from __future__ import annotations

import csv
import importlib.util
import math
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from model import DistrictModel
from model.config.yamlfile import parse

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "configs" / "districts" / "chaoyang"
UNITS = ROOT.parent / "shared" / "reference" / "chaoyang_units.csv"
TOPICS = {
    "market": (98, {"consumer_dispute", "street_trade"}),
    "public services": (65, {"utilities", "sanitation", "ownerless_facility", "facility_hazard"}),
    "housing": (61, {"property_management", "group_rental"}),
    "health": (60, {"health_service"}),
    "construction and illegal building": (55, {"illegal_building", "construction_nuisance"}),
    "traffic and parking": (47, {"parking", "abandoned_vehicle"}),
    "public order": (47, {"noise_and_dogs"}),
    "labour": (36, {"labour_dispute"}),
    "education": (35, {"education"}),
}
NO_MANS_LAND = {"ownerless_facility", "abandoned_vehicle"}

Entry = dict[str, Any]


def _entries(topic: str) -> list[Entry]:
    text = (FOLDER / f"{topic}.yaml").read_text(encoding="utf-8")
    entries: list[Entry] = parse(text, topic).values[topic]
    return entries


STREETS, DEPARTMENTS, KINDS = _entries("streets"), _entries("departments"), _entries("kinds")
DUTY_ENTRIES = _entries("duty_entries")
ENFORCING = {department["code"] for department in DEPARTMENTS if department["enforcement"]}
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["code"])


def _mean(value: str) -> float:
    return math.fsum(kind["share"] * kind[value] for kind in KINDS)


def _claims(kind: Entry, version: str) -> dict[str, float]:
    return {code: claim for code, claim in kind["duties"][version].items() if code != "street"}


@pytest.fixture
def estimate() -> ModuleType:
    """The script that computed the estimates."""
    spec = importlib.util.spec_from_file_location("chaoyang_estimate", FOLDER / "estimate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_24_subdistricts_and_19_townships_with_codes_of_their_own() -> None:
    types = [street["type"] for street in STREETS]
    assert (types.count("subdistrict"), types.count("township")) == (24, 19)
    assert len({street["code"] for street in STREETS}) == 43
    assert all(isinstance(street["code"], str) for street in STREETS)


def test_residents_area_communities_and_villages_add_up_to_the_district() -> None:
    assert sum(street["population"] for street in STREETS) == 3_452_460
    assert sum(round(100 * street["area_km2"]) for street in STREETS) == 47_080
    assert sum(street["communities"] for street in STREETS) == 622
    assert sum(street["villages"] for street in STREETS) == 143


def test_units_fall_into_the_published_classes_of_size() -> None:
    residents = [street["population"] for street in STREETS]
    assert all(isinstance(number, int) for number in residents)
    assert sum(number > 100_000 for number in residents) == 13
    assert sum(50_000 <= number <= 100_000 for number in residents) == 21
    assert sum(number < 50_000 for number in residents) == 9


def test_published_ranks_by_residents_hold() -> None:
    ranked = [street["title"]["zh"] for street in sorted(STREETS, key=lambda street: -street["population"])]
    assert (ranked[2], ranked[27], ranked[42]) == ("望京街道", "东湖街道", "首都机场街道")


def test_estimates_follow_from_the_known_values(estimate: ModuleType) -> None:
    unknown = [street for street in STREETS if street["evidence"]["population"].startswith("estimate:")]
    assert len(unknown) == 28
    assert estimate.populations(STREETS) == {street["code"]: street["population"] for street in unknown}
    unknown = [street for street in STREETS if street["evidence"]["area_km2"].startswith("estimate:")]
    assert len(unknown) == 17
    assert estimate.areas(STREETS) == {street["code"]: street["area_km2"] for street in unknown}


def test_estimates_do_not_use_what_they_estimate(estimate: ModuleType) -> None:
    fields = ("population", "area_km2")
    blank = [
        street | {field: 0 for field in fields if street["evidence"][field].startswith("estimate:")}
        for street in STREETS
    ]
    assert estimate.populations(blank) == estimate.populations(STREETS)
    assert estimate.areas(blank) == estimate.areas(STREETS)


@pytest.mark.parametrize(
    "entries", [STREETS, DEPARTMENTS, KINDS, DUTY_ENTRIES], ids=["streets", "departments", "kinds", "duty entries"]
)
def test_every_number_has_evidence(entries: list[Entry]) -> None:
    for entry in entries:
        given = {key for key, value in entry.items() if key == "duties" or isinstance(value, int | float | list)}
        told = {key for key, words in entry["evidence"].items() if words.strip()}
        assert given <= told, entry["code"]
        assert told <= set(entry), entry["code"]


@pytest.mark.parametrize("entry", [*STREETS, *DEPARTMENTS, *KINDS, *DUTY_ENTRIES], ids=lambda entry: entry["code"])
def test_every_entry_has_a_title_in_both_languages(entry: Entry) -> None:
    titles = [entry["title"], entry.get("city_title", entry["title"])]
    assert all(title["zh"] and title["en"] for title in titles)


def test_departments_are_called_by_category_unless_real_names_are_wanted() -> None:
    usual, real = (
        {unit.code: (unit.title_zh, unit.title_en) for unit in DistrictModel("flattened", overrides=wanted).units}
        for wanted in (None, {"run.real_names": True})
    )
    assert usual.keys() == real.keys()
    for entry in DEPARTMENTS:
        code, title, category = entry["code"], entry["title"], entry["category"]
        assert (usual[code], real[code]) == ((category["zh"], category["en"]), (title["zh"], title["en"]))
        assert usual[f"{code}/city"] == (f"市级{category['zh']}", f"{category['en']} (city)")
        assert real[f"{code}/city"] == (entry["city_title"]["zh"], entry["city_title"]["en"])
    names = [name for name, _ in usual.values()]
    assert len(names) == len(set(names))
    assert [name for name in names if re.search("局|委员会|支队|北京|朝阳.*分局", name)] == []


def test_what_has_no_category_is_called_by_its_title() -> None:
    named = {unit.code: unit.title_zh for unit in DistrictModel("inverted", district="tiny").units}
    assert (named["enforcement"], named["enforcement/city"]) == ("城管执法局", "市城管执法局")


def test_shares_of_kinds_add_to_one_and_to_the_topics() -> None:
    share = {kind["code"]: kind["share"] for kind in KINDS}
    total = sum(requests for requests, _ in TOPICS.values())
    assert math.fsum(share.values()) == pytest.approx(1.0, abs=1e-12)
    assert set(share) == set().union(*(codes for _, codes in TOPICS.values()))
    for requests, codes in TOPICS.values():
        assert sum(share[code] for code in codes) == pytest.approx(requests / total, abs=3e-6)


@each_kind
def test_a_kind_keeps_its_numbers_within_reason(kind: Entry) -> None:
    assert len(kind["season"]) == 12
    assert math.fsum(kind["season"]) / 12 == pytest.approx(1.0, abs=1e-9)
    assert 0.1 <= kind["work_days"] <= 2.0
    assert 0.7 <= kind["work_sigma"] <= 1.1
    assert kind["waiting_days"] < {"emergency": 0.08, "utilities": 1, "normal": 7, "complex": 15}[kind["deadline"]]
    assert kind["recur_cogovernance"] < kind["recur_control"]


@each_kind
def test_duties_name_known_units_and_enough_of_them_hold_power(kind: Entry) -> None:
    known = {"street", *(department["code"] for department in DEPARTMENTS)}
    for version in ("diffuse", "sharp"):
        claims = _claims(kind, version)
        assert set(kind["duties"][version]) <= known
        assert 4 <= len(claims) <= 7
        assert all(0.0 < claim <= 1.0 for claim in claims.values())
        assert len(ENFORCING & set(claims)) >= (2 if kind["enforcement"] > 0 else 0)


@each_kind
def test_every_kind_has_one_lead_that_a_clear_list_sharpens(kind: Entry) -> None:
    diffuse, sharp = _claims(kind, "diffuse"), _claims(kind, "sharp")
    lead, second = sorted(sharp, key=lambda code: -sharp[code])[:2]
    assert sharp[lead] >= 0.85
    assert sharp[lead] - sharp[second] >= 0.4
    assert diffuse[lead] == max(diffuse.values())
    assert all(sharp[code] <= diffuse[code] for code in sharp if code != lead)
    assert kind["enforcement"] < 0.3 or lead in ENFORCING


@each_kind
def test_a_diffuse_list_has_a_heartland_with_fringe_claims_or_is_no_mans_land(kind: Entry) -> None:
    claims = sorted(_claims(kind, "diffuse").values(), reverse=True)
    if kind["code"] in NO_MANS_LAND:
        assert claims[0] <= 0.35
        assert claims[0] - claims[2] <= 0.05
    else:
        assert 0.45 <= claims[0] <= 0.7
        assert 2 <= sum(0.2 <= claim <= 0.55 for claim in claims[1:]) <= 5


def test_no_mans_land_is_two_to_four_percent_of_requests() -> None:
    assert 0.02 <= sum(kind["share"] for kind in KINDS if kind["code"] in NO_MANS_LAND) <= 0.04


@pytest.mark.parametrize("version", ["diffuse", "sharp"])
def test_two_fifths_to_a_half_of_requests_are_beyond_the_street(version: str) -> None:
    own = math.fsum(kind["share"] * (1 - kind["enforcement"]) * kind["duties"][version]["street"] for kind in KINDS)
    assert 0.40 <= 1.0 - own <= 0.50


def test_the_mix_of_kinds_has_the_known_shares() -> None:
    assert 0.25 <= _mean("enforcement") <= 0.30
    assert 0.10 <= _mean("joint") <= 0.16
    assert 0.3 <= _mean("work_days") <= 0.5


def test_thirty_departments_each_claim_something_and_only_enforcers_can_be_stationed() -> None:
    codes = {department["code"] for department in DEPARTMENTS}
    assert len(codes) == len(DEPARTMENTS) == 30
    assert codes == set().union(*(_claims(kind, "diffuse") for kind in KINDS))
    assert all(department["enforcement"] or department["stationable"] == 0 for department in DEPARTMENTS)


# The collected table is no part of the project, which ships what was taken from it: compared where the table lies.
@pytest.mark.skipif(not UNITS.is_file(), reason="needs the collected table, shared/reference/chaoyang_units.csv")
def test_known_values_are_those_of_the_collected_table() -> None:
    with UNITS.open(encoding="utf-8", newline="") as lines:
        table = {row["code"]: row for row in csv.DictReader(lines)}
    assert table.keys() == {street["code"] for street in STREETS}
    for street in STREETS:
        row = table[street["code"]]
        for field, column in (("population", "population_2020"), ("area_km2", "area_km2")):
            assert bool(row[column]) != street["evidence"][field].startswith("estimate:")
            assert not row[column] or street[field] == float(row[column])
        assert all(street[field] == float(row[field]) for field in ("communities", "villages", "lat", "lon"))
        assert (street["title"]["zh"], street["type"]) == (row["name_zh"], row["kind"])
