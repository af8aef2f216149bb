"""The reference implementation: the engine's day with ordinary Mesa agents, lists and loops, and the same histories.

`agents` and `state` are what there is; the phases of the day stand in files named as the engine's, so that each
function has its counterpart there; `district` puts them in order.
"""

from model.reference.district import ReferenceRecord, simulate_reference

__all__ = ["ReferenceRecord", "simulate_reference"]
