"""`python -m experiments.expectations [ID…]` measures all expectations, or those named, and writes table and page."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from experiments.disk.files import replace_text
from experiments.errors import WrongInput
from experiments.expectations.measuring import MEASURED, found, measure
from experiments.expectations.page import PAGE, page
from experiments.expectations.reading import read_expectations
from model import nearest


def main(named: Sequence[str]) -> None:
    """Measure the expectations named, or all; the others keep what was measured last.

    Raises
    ------
    WrongInput
        For what is wrong in the file, or an id that nobody wrote.
    """
    expectations = {each.id: each for each in read_expectations().expectations}
    unknown = [each for each in named if each not in expectations]
    if unknown:
        raise WrongInput([f"expectation '{each}': unknown{nearest(each, list(expectations))}" for each in unknown])
    measured = measure([expectations[each] for each in named or expectations])
    rows = {**(found() if named else {}), **measured}
    replace_text(MEASURED, json.dumps({each: rows[each] for each in expectations}, indent=1) + "\n")
    replace_text(PAGE, page())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except WrongInput as error:
        sys.exit(f"{error}")
