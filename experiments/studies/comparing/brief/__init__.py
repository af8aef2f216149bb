"""A comparison told to readers without statistics: the body and the annexes of its report."""

from __future__ import annotations

from experiments.studies.comparing.brief.body import annex, body, title

__all__ = ["annex", "body", "title"]
