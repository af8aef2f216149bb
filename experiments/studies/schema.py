"""The JSON schema of study files, for editors."""

from __future__ import annotations

from typing import Any

from experiments.design.studyfile import StudyFile
from experiments.studies import OPTIONS

__all__ = ["study_schema"]

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def study_schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of study files, with the options of every experiment."""
    made = StudyFile.model_json_schema()
    made["properties"] = {"extends": {"type": "string", "description": "Study that this one differs from."},
                          **made["properties"]}  # fmt: skip
    made["required"] = []  # what is missing may stand in the study that is extended
    made["allOf"] = []
    for experiment in OPTIONS:
        form = OPTIONS[experiment].model_json_schema()
        made["$defs"] = {**made.get("$defs", {}), **form.pop("$defs", {})}
        form.pop("required", None)
        when = {"properties": {"experiment": {"const": experiment}}, "required": ["experiment"]}
        made["allOf"].append({"if": when, "then": {"properties": {"analysis": form}}})
    return {"$schema": DRAFT, **made}
