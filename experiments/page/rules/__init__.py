"""The tab in which rules are changed."""

from __future__ import annotations
