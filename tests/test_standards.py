"""Logs written by the model are what the published standards demand: OCEL 2.0 as JSON, and XES (IEEE 1849-2016)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from model.events import log_run
from model.events.columns import SAID_BY
from tests.support import tiny

STANDARDS = Path(__file__).parent / "standards"
XES = "{http://www.xes-standard.org/}"
CASTS: dict[str, Any] = {"integer": int, "boolean": ("true", "false").index, "string": str}


@pytest.fixture(scope="module", params=["flattened", pytest.param("trading", marks=pytest.mark.slow)])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the same run in both formats."""
    made = tmp_path_factory.mktemp("logs")
    for suffix in (".json", ".xes"):
        log_run(tiny(request.param, 6, warm_up=2, follow_up=10), 5, made / f"log{suffix}")
    return made


def ocel_schema() -> Any:
    return json.loads((STANDARDS / "ocel20.json").read_text("utf-8"))


def test_ocel_is_what_its_schema_demands(folder: Path) -> None:
    whole = json.loads((folder / "log.json").read_text("utf-8"))
    jsonschema.validate(whole, ocel_schema(), cls=jsonschema.Draft7Validator)
    whole["objects"][-1]["attributes"][-1]["value"] = True
    with pytest.raises(jsonschema.ValidationError, match="True is not of type 'string'"):
        jsonschema.validate(whole, ocel_schema(), cls=jsonschema.Draft7Validator)


@pytest.mark.parametrize(("things", "types"), [("events", "eventTypes"), ("objects", "objectTypes")])
def test_ocel_says_what_is_declared_of_each_type_and_in_the_type_that_is_declared(
    folder: Path, things: str, types: str
) -> None:
    whole = json.loads((folder / "log.json").read_text("utf-8"))
    declared = {kind["name"]: {each["name"]: each["type"] for each in kind["attributes"]} for kind in whole[types]}
    said = {(each["type"], value["name"], value["value"]) for each in whole[things] for value in each["attributes"]}
    for kind, name, value in said:
        CASTS[declared[kind][name]](value)
    assert len({name for _, name, _ in said}) >= 3


def test_ocel_relates_everything_to_what_is_there_and_tells_every_id_once(folder: Path) -> None:
    whole = json.loads((folder / "log.json").read_text("utf-8"))
    ids = [each["id"] for each in whole["objects"]]
    assert len(ids) == len(set(ids))
    assert len({each["id"] for each in whole["events"]}) == len(whole["events"])
    for each in (*whole["objects"], *whole["events"]):
        assert {link["objectId"] for link in each["relationships"]} <= set(ids)
    runs = [each for each in whole["objects"] if each["type"] == "run"]
    assert [json.loads(each["attributes"][0]["value"])["seed"] for each in runs] == [5]


def test_xes_is_what_its_schema_demands(folder: Path) -> None:
    schema = xmlschema.XMLSchema(STANDARDS / "xes.xsd")
    text = (folder / "log.xes").read_text("utf-8")
    schema.validate(text)
    for right, wrong in (
        ('xes.version="1849.2016"', 'xes.version="1849-2016"'),
        ('<int key="phase" value="1"/>', '<int key="phase" value="one"/>'),
        ('<classifier name="activity"', '<classifier name="the activity"'),
    ):
        assert right in text
        assert not schema.is_valid(text.replace(right, wrong, 1))


def test_xes_has_in_every_trace_and_event_what_it_declares_global_and_classifies_by(folder: Path) -> None:
    root = ElementTree.parse(folder / "log.xes").getroot()
    declared = {each.get("scope"): {child.get("key") for child in each} for each in root.iter(f"{XES}global")}
    for scope in ("trace", "event"):
        things = list(root.iter(f"{XES}{scope}"))
        assert len(things) > 100
        assert all(declared[scope] <= {child.get("key") for child in each} for each in things)
    classified = {key for each in root.iter(f"{XES}classifier") for key in (each.get("keys") or "").split()}
    assert classified <= declared["event"]
    prefixes = {each.get("prefix") for each in root.iter(f"{XES}extension")}
    named = {key.split(":")[0] for key in (child.get("key", "") for child in root.iter()) if ":" in key}
    assert named <= prefixes
    own = {child.get("key") for event in root.iter(f"{XES}event") for child in event} - {*declared["event"], "run"}
    assert own <= set(SAID_BY)
