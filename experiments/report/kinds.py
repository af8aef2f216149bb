"""Which kinds of problem gain, as a table: for a terminal, and for the annex of the report."""

from collections.abc import Iterator

from experiments.blocks import Table
from experiments.formatting import over_worlds
from experiments.messages import msg
from experiments.stats.comparison import Comparison
from experiments.stats.kinds import DAYS, MEASURES, KindFound, Level, faster_first


def kind_tables(comparison: Comparison) -> Iterator[Table]:
    """Yield a row a kind: with one regime beside the first all measures, with more the days of each; else nothing."""
    if not comparison.kinds:
        return
    two = len(comparison.others) == 1
    known = {"before": comparison.first, "after": comparison.names[comparison.regimes[-1]], "basis": comparison.basis}
    caption = msg("kinds_table_two" if two else "kinds_table_many", **known)
    note = over_worlds("kinds_table_note", comparison.worlds)
    first = faster_first(comparison.kinds, comparison.regimes[-1])
    if two:
        header = (msg("kinds_kind"), *(msg(f"kinds_{name}") for name in MEASURES), msg("kinds_verdict"))
        rows = tuple((each.title, *(_cell(each, name) for name in MEASURES), _verdict(each)) for each in first)
        yield Table(header, rows, caption, note)
        return
    by_name = {(each.regime, each.code): each for each in comparison.kinds}
    header = (msg("kinds_kind"), *(comparison.names[regime] for regime in comparison.others))
    rows = tuple(
        (each.title, *(_several(by_name.get((regime, each.code))) for regime in comparison.others)) for each in first
    )
    yield Table(header, rows, caption, note)


def _several(found: KindFound | None) -> str:
    return msg("undefined") if found is None else msg("kinds_cell", days=_cell(found, DAYS), verdict=_verdict(found))


def _verdict(found: KindFound) -> str:
    return msg(f"kinds_verdict_{found.verdict}")


def _cell(found: KindFound, name: str) -> str:
    """Return a measure before and after, marked where its difference is not clear."""
    if name not in found.measured:
        return msg("undefined")
    before, after = (_level(side[name], name, found.follow_up) for side in (found.before, found.after))
    return f"{before} → {after}" + ("" if found.measured[name].clear else " °")


def _level(level: Level, name: str, follow_up: int) -> str:
    if not level.reached:
        return f"> {follow_up}"
    size = level.middle * (1.0 if name == DAYS else 100.0)
    return f"{size:.1f}" if size < 10.0 else f"{size:.0f}"
