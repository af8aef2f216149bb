"""Which regularities the model shows, as measured last by `make patterns`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from experiments.blocks import Block, Paragraph, Table
from experiments.messages import current_language, msg, running_text
from experiments.store.measured import read_measured

__all__ = ["regularities"]


def regularities(fingerprint: str) -> Iterator[Block]:
    """Yield how many hold, and each with its verdict; nothing where none were measured.

    Parameters
    ----------
    fingerprint : str
        Of the model's code behind the study that is reported.
    """
    found = read_measured("patterns")
    if not found:
        return
    patterns = found["patterns"]
    passed = sum(each["verdict"] == "pass" for each in patterns)
    credit = sum(each["credit"] for each in patterns)
    words = [msg("report_patterns", total=len(patterns), passed=passed, credit=credit)]
    if found["fingerprint"] != fingerprint:
        words.append(msg("report_patterns_other"))
    yield Paragraph(running_text(words))
    header = (msg("patterns_pattern"), msg("patterns_verdict"), msg("report_credit"))
    rows = tuple(
        (f"{each['id']} {each['title'][current_language()]}", msg(f"patterns_{each['verdict']}"), _credit(each))
        for each in patterns
    )
    yield Table(header, rows, msg("report_patterns_caption"), msg("report_patterns_note"), words=3)


def _credit(each: dict[str, Any]) -> str:
    if each["role"] != "evidence":
        return msg(f"report_credit_{each['role']}")
    if each["verdict"] != "pass" or each["null_verdict"] is None:
        return msg("patterns_unknown")
    return msg("patterns_yes" if each["credit"] else "report_credit_plain")
