"""Tests: what the field knows, what the code promises."""
