"""Patterns that one parameter set must show at once: measured, held against their bands, and beside a bare queue."""
