"""Measurements over worlds: numbers are those of direct runs, what is missing is run, and pages tell what was found."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.design.ensemble import table_of
from experiments.documents.measured import expectations_page, instruments_page
from experiments.documents.worlds_told import worlds_list
from experiments.errors import WrongInput
from experiments.evidence import expectations, instruments
from experiments.evidence.__main__ import main
from experiments.evidence.checks import Check
from experiments.evidence.expectations import read_expectations, subject
from experiments.evidence.instruments import CLAIMS, SIDES, change, change_in_worlds
from experiments.evidence.measuring import CHANGED, Arm, Measurements, Part, Subject, measure_over_worlds
from experiments.evidence.over_worlds import SCALE, OverWorlds, held, told
from model import Claim, in_world, load_scenario, simulate

TINY: dict[str, object] = {"demand.scale": 0.02, "run.warm_up_days": 10, "run.window_days": 20}
WORLDS = (
    {"staff.load": 0.75, "citizens.patience_days": 40.0},
    {"staff.load": 0.8, "citizens.patience_days": 90.0},
    {"staff.load": 0.9, "citizens.patience_days": 30.0},
    {"staff.load": 0.7, "citizens.patience_days": 60.0},
)
READ = read_expectations()
TELLS = next(each for each in READ.expectations if each.id == "X15")
"""Takes all choice away, so that passes fall to none in every world; a small district shows it in a few days."""


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the page reading anew what was read above."""
    monkeypatch.setattr("experiments.documents.measured.read_expectations", lambda: READ)


def ensemble(path: Path, worlds: Sequence[dict[str, float]] = WORLDS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table_of(worlds, {}), path)
    return path


@pytest.fixture
def over(tmp_path: Path) -> OverWorlds:
    return OverWorlds(3, TINY, ensemble(tmp_path / "worlds.parquet"))


def passes_in(arm: Arm, world: Mapping[str, float], seed: int) -> float:
    """Return the passes per case of an arm in a world, run by the model itself."""
    scenario = in_world(load_scenario(arm.regime, overrides={**TINY, **arm.settings}), world)
    return simulate(scenario, seed).outcomes["passes_per_case"] or 0.0


def test_what_worlds_say_is_recomputed_from_runs_of_the_same_worlds_and_seeds(over: OverWorlds, tmp_path: Path) -> None:
    row = measure_over_worlds("t", [subject(TELLS)], over, tmp_path / "out", jobs=1)[TELLS.id]
    passes = np.array([
        [passes_in(TELLS.arm(end), world, seed=1 + number) for end in ("start", "end")]
        for number, world in enumerate(WORLDS[:3])
    ])  # fmt: skip
    differences = passes[:, 1] - passes[:, 0]
    found = row["changes"]["change"]
    assert len(set(differences)) == 3 and found["holds"] == found["worlds"] == 3
    summary = found["outcomes"]["passes_per_case"]
    assert (summary["low"], summary["median"], summary["high"]) == pytest.approx(
        np.quantile(differences, (0.05, 0.5, 0.95)).tolist()
    )
    assert (summary["worlds"], summary["undefined"], summary["up"]) == (3, 0, 0.0)


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        (Check("up"), 6),
        (Check("down"), 2),
        (Check("none", 0.1), 3),
        (Check("up", reaches=(0.9, None)), 4),
        (Check("up", reaches=(None, 0.7)), 1),
    ],
)
def test_a_planted_sign_is_counted_and_what_is_undefined_or_still_does_not_hold(check: Check, holds: int) -> None:
    before = {"closure_rate": np.full(10, 0.5)}
    after = {"closure_rate": np.array([0.9, 0.95, 1.0, 0.9, 0.8, 0.6, 0.5, 0.42, 0.1, np.nan])}
    found = told(check, ("closure_rate",), before, after)
    assert (found["holds"], found["worlds"], found["outcomes"]["closure_rate"]["undefined"]) == (holds, 9, 1)
    assert found["outcomes"]["closure_rate"]["up"] == pytest.approx(6 / 9)


def test_measured_again_over_worlds_it_is_read_from_the_study(over: OverWorlds, tmp_path: Path) -> None:
    def row() -> dict[str, Any]:
        return measure_over_worlds("t", [subject(TELLS)], over, tmp_path / "out", jobs=1)

    first = row()
    (folder,) = (tmp_path / "out").iterdir()
    written = {path.name: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()}
    assert row() == first
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()} == written


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the file of what was measured last; nothing was."""
    kept: dict[str, Any] = {"pairs": 2, "rows": {}}
    monkeypatch.setattr("experiments.evidence.measuring.read_measured", lambda _: json.loads(json.dumps(kept)))
    monkeypatch.setattr("experiments.evidence.measuring.keep_measured", lambda _, content: kept.update(content))
    return kept


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Part, list[str]]]:
    """Return which parts of which rows are run; they are not."""
    asked: list[tuple[Part, list[str]]] = []

    def reference(_: str, chosen: list[Subject], *__: Any, **___: Any) -> dict[str, Any]:
        asked.append(("reference", [each.id for each in chosen]))
        return {each.id: {"definition": each.definition, "pairs": 2} for each in chosen}

    def worlds(_: str, chosen: list[Subject], over: OverWorlds, *__: Any, **___: Any) -> dict[str, Any]:
        asked.append(("worlds", [each.id for each in chosen]))
        return {each.id: {"definition": each.defined(over), "changes": {}} for each in chosen}

    monkeypatch.setattr("experiments.evidence.measuring.measure", reference)
    monkeypatch.setattr("experiments.evidence.measuring.measure_over_worlds", worlds)
    return asked


def some(over: OverWorlds, *ids: str) -> Measurements:
    return Measurements("t", 2, lambda: [subject(each) for each in READ.expectations if each.id in ids], over)


def test_only_the_part_that_is_missing_is_run_and_the_other_stays(
    over: OverWorlds, kept: dict[str, Any], ran: list[tuple[Part, list[str]]], tmp_path: Path
) -> None:
    table = some(over, "X03", "X05")
    table.renew([], tmp_path, 1, ["reference"])
    assert table.unmeasured() == [] and table.unmeasured("worlds") == ["X03", "X05"]
    table.renew(["X05"], tmp_path, 1, ["worlds"])
    assert kept["rows"]["X05"]["pairs"] == 2 and "worlds" not in kept["rows"]["X03"]
    table.renew([CHANGED], tmp_path, 1)
    assert ran == [("reference", ["X03", "X05"]), ("worlds", ["X05"]), ("reference", []), ("worlds", ["X03"])]
    table.renew(["X03"], tmp_path, 1, ["reference"])
    assert "worlds" in kept["rows"]["X03"] and table.unmeasured("worlds") == []


@pytest.mark.usefixtures("ran")
def test_other_worlds_another_size_or_another_claim_ask_for_worlds_again_and_for_nothing_else(
    over: OverWorlds, kept: dict[str, Any], tmp_path: Path
) -> None:
    some(over, "X05").renew([], tmp_path, 1)
    assert "worlds" in some(over, "X05").rows()["X05"]
    others = ensemble(tmp_path / "others.parquet", WORLDS[::-1])
    for changed in (
        dataclasses.replace(over, table=others),
        dataclasses.replace(over, count=2),
        dataclasses.replace(over, size={**TINY, "demand.scale": 0.03}),
    ):
        table = some(changed, "X05")
        assert table.unmeasured() == [] and table.unmeasured("worlds") == ["X05"]
        assert list(table.rows()["X05"]) == ["definition", "pairs"]
    turned = dataclasses.replace(subject(TELLS), check=Check("up"))
    assert turned.defined(over) != subject(TELLS).defined(over)
    assert len(kept["rows"]) == 1


def test_without_an_ensemble_it_says_so_before_anything_is_run(
    monkeypatch: pytest.MonkeyPatch, kept: dict[str, Any], ran: list[tuple[Part, list[str]]],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("experiments.evidence.over_worlds.ensemble_of_district", lambda _: None)
    assert main(["instruments", "R1"]) == 2
    said = capsys.readouterr().err
    assert "worlds/chaoyang.parquet: there are no plausible worlds" in said and "--only reference" in said
    assert ran == [] and kept["rows"] == {}
    assert main(["instruments", "R1", "--only", "reference"]) == 0
    assert ran == [("reference", ["R1"])] and list(kept["rows"]) == ["R1"]
    with pytest.raises(WrongInput, match="no plausible worlds"):
        OverWorlds().worlds()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda each: each.row)
def test_over_worlds_both_arms_set_what_is_claimed_and_nothing_else_differs(claim: Claim) -> None:
    for side in SIDES:
        told, pinned = change(claim, side), change_in_worlds(claim, side)
        assert set(pinned.before.settings) == set(pinned.after.settings) == set(claim.values)
        assert pinned.after == told.after and pinned.outcomes == told.outcomes
        assert pinned.before == told.before or whole(pinned.before) == whole(told.before)


@cache
def _resolved(key: str) -> dict[str, Any]:
    regime, settings = json.loads(key)
    return load_scenario(regime, overrides=settings).resolved()


def whole(arm: Arm) -> dict[str, Any]:
    """Return all values of an arm in the reference world."""
    return _resolved(arm.key)


def planted(holds: dict[str, int], over: OverWorlds, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Return what forty worlds say of every subject: 36 hold, unless another number is given by row and change."""
    rows = {}
    for each in subjects:
        changes = {}
        for name, arms in each.in_worlds.items():
            ends = {"worlds": 40, "undefined": 0, "median": 0.25, "low": -0.5, "high": 0.75, "up": 0.9}
            count = holds.get(f"{each.id} {name}", 36)
            changes[name] = {"holds": count, "worlds": 40, "outcomes": dict.fromkeys(arms.outcomes, ends)}
        rows[each.id] = {"definition": each.defined(over), "changes": changes}
    return rows


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return what lays worlds over the measurements that are kept, of an ensemble that stands for the shipped one."""
    path = ensemble(tmp_path / "shipped.parquet")
    monkeypatch.setattr("experiments.evidence.over_worlds.ensemble_of_district", lambda _: path)

    def lay(table: Measurements, holds: dict[str, int]) -> None:
        found = table.found()
        for id_, part in planted(holds, table.over, table.subjects()).items():
            found["rows"][id_]["worlds"] = part
        monkeypatch.setattr("experiments.evidence.measuring.read_measured", lambda _: found)

    return lay


def lines(page: str, start: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith(start)]


def test_the_page_of_expectations_tells_worlds_and_lists_what_most_do_not_show(plant: Any) -> None:
    plant(expectations.MEASURED, {"X01 change": 38, "X05 change": 19, "X07 change": 20})
    page = expectations_page()
    assert all(f" {cell} |" in lines(page, f"| {row} |")[0]
               for row, cell in (("X01", "38 of 40"), ("X05", "**19 of 40**"), ("X07", "20 of 40")))  # fmt: skip
    rare, often = page.split("## Holds in the reference world")[1].split("## Otherwise in the reference world")
    assert [line.split(",")[0] for line in lines(rare, "- ")] == ["- X05"]
    assert "19 of 40; +25.00 [-50.00, +75.00] pp" in rare and "Of 122 checks 121 hold" in rare
    surprises = [each.id for each in READ.expectations if each.surprise]
    assert [line.split(",")[0][2:] for line in lines(often.split("\n## ")[0], "- X")] == surprises
    assert f"at {SCALE:g} of the volume" in page and "the first 20 of the district" in page


def test_the_page_and_the_table_of_instruments_tell_worlds_on_both_sides(plant: Any) -> None:
    plant(instruments.MEASURED, {"P1 alone": 12, "P1 whole": 40})
    page = instruments_page()
    assert "| agrees | **12 of 40** |" in lines(page, "| P1 |")[0] and "| 40 of 40 |" in lines(page, "| P1 |")[0]
    rare = page.split("## Holds in the reference world")[1].split("## Otherwise")[0]
    assert [line[:18] for line in lines(rare, "- ")] == ["- P1, alone · 单独: "[:18]]
    (first,) = [row for row in instruments.table().rows if row[0].startswith("P1 ")]
    assert first[3].endswith("(12/40)") and first[4].endswith("(40/40)")


def test_before_worlds_are_measured_the_pages_and_the_table_say_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without = {table.name: table.found() for table in (expectations.MEASURED, instruments.MEASURED)}
    for found in without.values():
        for row in found["rows"].values():
            row.pop("worlds", None)
    monkeypatch.setattr("experiments.evidence.measuring.read_measured", without.__getitem__)
    for page, first in ((expectations_page(), "| X01 |"), (instruments_page(), "| P1 |")):
        assert "| not measured |" in lines(page, first)[0]
        assert "Over worlds: not measured · 各情形：尚未测量" in page and "of 40" not in page
    assert not any("/40)" in cell for row in instruments.table().rows for cell in row)
    assert worlds_list([]).startswith("Over worlds: not measured")


def test_what_is_undefined_everywhere_holds_nowhere() -> None:
    nan = {"closure_rate": np.full(4, np.nan)}
    row = {"worlds": {"changes": {"change": told(Check("none", 1.0), ("closure_rate",), nan, nan)}}}
    found = held(row, "change")
    assert found is not None and (found.holds, found.of, found.in_most, found.median) == (0, 0, False, None)
    assert held({}, "change") is None and held(None, "change") is None


@pytest.mark.parametrize("table", [expectations.MEASURED, instruments.MEASURED], ids=lambda each: each.name)
def test_what_is_kept_over_worlds_is_measured_as_it_is_defined_now(table: Measurements) -> None:
    """It may be missing as a whole, which the pages say; what is there of other worlds, or of a part, is forgotten."""
    if any("worlds" in row for row in table.found()["rows"].values()):
        assert table.unmeasured("worlds") == [], f"run `make {table.name} IDS=changed`"
