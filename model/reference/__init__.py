"""The twin: the same day with ordinary Mesa agents, lists and loops, compared bit for bit with the engine."""

from model.reference.record import PlainRecord, simulate_plainly

__all__ = ["PlainRecord", "simulate_plainly"]
