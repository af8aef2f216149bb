"""The tab in which a district is watched day by day."""

from __future__ import annotations
