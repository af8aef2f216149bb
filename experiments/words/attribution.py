"""Words of attributions to instruments."""

from __future__ import annotations

__all__ = ["ATTRIBUTION"]

ATTRIBUTION: dict[str, tuple[str, str]] = {}
"""By key: English and Chinese."""
