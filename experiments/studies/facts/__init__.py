"""Patterns that one parameter set must show at once: measured, held against their bands, and beside a bare queue."""

PAIRS = 20
"""Runs of each arm where nobody asks for another number."""
