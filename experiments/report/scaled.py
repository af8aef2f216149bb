"""Which outcomes a study at small volume may not tell, by what was measured (`make scales`)."""

from collections.abc import Iterable

from experiments.store.files import read_measured

MARK = "‡"  # beside an outcome that is told otherwise at full volume


def untold(outcomes: Iterable[str], scale: float) -> frozenset[str]:
    """Return the outcomes whose difference over worlds was measured to be another one than at full volume.

    Outcomes that were never measured are not among them; at full volume there are none.
    """
    measured = read_measured("scales").get("outcomes", {})
    return frozenset(
        name for name in outcomes
        if scale < 1.0 and name in measured and not (measured[name]["from"] or 1.0) <= scale
    )  # fmt: skip
