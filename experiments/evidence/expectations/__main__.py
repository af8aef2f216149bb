"""`python -m experiments.evidence.expectations [ID… | changed]` measures all, those named, or those that are new.

It writes the table, and the page once every expectation stands in it as it is asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from experiments.errors import WrongInput
from experiments.evidence.expectations.measuring import MEASURED, changed, found, measure
from experiments.evidence.expectations.page import PAGE, page
from experiments.evidence.expectations.reading import read_expectations
from experiments.store.files import replace_text
from model import nearest

CHANGED = "changed"


def main(named: Sequence[str]) -> None:
    """Measure the expectations named, or all; the others keep what was measured last.

    `changed` names those that were not measured as they are asked now.

    Raises
    ------
    WrongInput
        For what is wrong in the file, or an id that nobody wrote.
    """
    expectations = {each.id: each for each in read_expectations().expectations}
    before = found() if named else {}
    new = changed(list(expectations.values()), before)
    chosen = new if list(named) == [CHANGED] else _known(named, list(expectations))
    rows = {**before, **measure([expectations[each] for each in chosen])}
    replace_text(MEASURED, json.dumps({each: rows[each] for each in expectations if each in rows}, indent=1) + "\n")
    replace_text(PAGE, page())


def _known(named: Sequence[str], ids: list[str]) -> list[str]:
    """Return the ids named, all where none is; an unknown one is wrong input."""
    unknown = [each for each in named if each not in ids]
    if unknown:
        raise WrongInput([f"unknown expectation '{each}'{nearest(each, [*ids, CHANGED])}" for each in unknown])
    return list(named) or ids


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except WrongInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
