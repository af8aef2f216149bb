"""The tab in which packages are compared."""

from __future__ import annotations
