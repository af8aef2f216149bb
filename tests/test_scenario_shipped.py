"""What is shipped: every regime with every district, and documents that are current."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.config.declared import schema
from model.config.files import names, shipped_root
from model.config.overrides import read_overrides
from model.config.scenario import load_scenario
from model.config.topics import topics
from model.config.yamlfile import parse, parse_value, scalar, to_yaml
from model.parameter import declarations, is_topic
from model.policy import Law

REGIMES = {
    "base", "inverted", "flattened", "rules_only", "placement_only", "r01", "r03", "r06", "r08", "r10", "r11", "n01",
    "delegated_2020", "delegated_2020_with_staff", "worst_case", "null_queue",
}  # fmt: skip


def test_these_regimes_are_shipped() -> None:
    assert set(names("regime")) >= REGIMES
    assert set(names("district")) >= {"tiny", "queue", "network"}


@pytest.mark.parametrize("district", sorted(names("district")))
@pytest.mark.parametrize("regime", sorted(names("regime")))
def test_every_regime_fits_every_district_and_has_both_titles(regime: str, district: str) -> None:
    scenario = load_scenario(regime, district=district)
    assert scenario.title.zh != scenario.title.en
    assert any("一" <= letter <= "鿿" for letter in scenario.title.zh) and scenario.title.en.isascii()


def test_flattened_is_rules_and_placement_together() -> None:
    law = load_scenario("flattened", district="tiny").law
    rules, people = (load_scenario(name, district="tiny").law for name in ("rules_only", "placement_only"))
    for field in dataclasses.fields(Law):
        before, after = (dataclasses.asdict(getattr(side, field.name)) for side in (Law(), law))
        by_rules, by_people = (dataclasses.asdict(getattr(side, field.name)) for side in (rules, people))
        for key, value in after.items():
            assert value == (by_people[key] if by_people[key] != before[key] else by_rules[key])
            assert before[key] in (by_rules[key], by_people[key])


def test_inverted_is_the_law_before_the_reform() -> None:
    assert load_scenario("inverted", district="tiny").law == Law()


def test_every_default_lies_within_its_bounds() -> None:
    for name, topic in topics().items():
        for field, known in declarations(topic) if is_topic(topic) else ():
            default: Any = field.default
            if known.bounds:
                assert known.bounds[0] <= default <= known.bounds[1], f"{name}.{field.name}"
            assert known.meaning and known.zh and known.source and known.unit


def test_the_schema_knows_bounds_and_refuses_unknown_keys() -> None:
    made = schema()
    weight = made["$defs"]["Assessment"]["properties"]["street_weight"]
    assert (weight["minimum"], weight["maximum"], weight["default"]) == (0.0, 1.0, 0.0)
    assert made["additionalProperties"] is False
    assert {"title", "extends", "parts", "assessment", "kinds"} <= set(made["properties"])


def test_loading_needs_no_compiler() -> None:
    code = "from model.config.scenario import load_scenario; load_scenario('base', district='tiny'); import sys; " \
           "print([name for name in ('numba', 'mesa', 'pandas', 'matplotlib') if name in sys.modules])"  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=shipped_root().parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@given(st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False), st.booleans(), st.none()))
def test_plain_values_are_read_as_they_are_written(value: float | None) -> None:
    words = {None: "null", True: "true", False: "false"}
    text = words[value] if value is None or isinstance(value, bool) else repr(value).replace("inf", ".inf")
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


KEYS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
WORDS = KEYS | st.sampled_from(["NO", "on", "1e5", "0o17", "0x1f", "2020-01-01", "12:30", "~", "null", ".nan", "1_000"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS


@given(
    st.dictionaries(
        KEYS, st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=8)
    )
)
def test_yaml_that_is_written_is_read_back(values: dict[str, Any]) -> None:
    assert parse(to_yaml(values) or "{}", "x.yaml").values == values
    assert parse_value(to_yaml({"value": values})) == {"value": values}


@pytest.mark.parametrize(
    ("text", "value"),
    [("0_", "0_"), ("1_.5", "1_.5"), ("756_000", 756_000), ("1_000.5e1", 10_005.0), ("NO", "NO"), ("'1'", "1"),
     ("2020-01-01", "2020-01-01"), ("[1, 2.5, a]", [1, 2.5, "a"]), ("# nothing", None), ("{a: on}", {"a": "on"})],
)  # fmt: skip
def test_a_value_of_any_kind_is_read_as_in_a_file(text: str, value: Any) -> None:
    assert parse_value(text) == value
    assert read_overrides([f"a.b={text}"]) == ({"a.b": value}, [])
