"""A district of one's own: the files to begin with, and a look at it before it is used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from experiments.errors import WrongInput, collect_errors
from experiments.findings import Findings
from experiments.messages import Language, in_language
from experiments.requests import NameOrPath, checked_seed, language_of

if TYPE_CHECKING:
    from experiments.report.checked import CheckResults


class CheckFindings(Findings):
    """What a district says before it is used: numbers that it leaves open, loads of its units, a short trial run."""

    def __init__(self, district: str, language: Language, seed: int, *, trial: bool) -> None:
        super().__init__()
        self.district, self.language, self.seed, self.trial = district, language, seed, trial
        self.results()  # what is wrong with it is told now

    def _read(self) -> CheckResults:
        from experiments.report.checked import check_results

        return check_results(self.district, self.seed, trial=self.trial)

    def _about(self) -> Iterator[str]:
        yield f"district {self.district}"


def new_district(folder: NameOrPath, *, format: str = "xlsx", lang: Literal["en", "zh"] = "en") -> Path:
    """Write the file with which an office begins its own district, and return it.

    Args:
        folder: Of the district; made where it is not there.
        format: "xlsx": a workbook to fill in; "yaml": a commented text file.
        lang: Language of headers, notes and comments, "en" or "zh".

    Raises:
        WrongInput: If the folder holds a district already, or cannot be written.
    """
    from experiments.starting_district import FORMATS, write_district

    if format not in FORMATS:
        raise WrongInput([f"--format: expected {' or '.join(FORMATS)}, got {format!r}."])
    with in_language(language_of(lang)):
        return write_district(Path(folder), format)


def check(
    district: NameOrPath, *, trial: bool = True, seed: int = 1, lang: Literal["en", "zh"] = "en"
) -> CheckFindings:
    """Look at a district before it is used: what is missing, what is assumed, how full its units are, a short run.

    Args:
        district: Its folder or file, or a shipped name.
        trial: Whether a short run is made.
        seed: Of that run.
        lang: Language of sentences, "en" or "zh".

    Raises:
        WrongInput: With everything that is missing or wrong, if it does not run.
    """
    seed, language = collect_errors(partial(checked_seed, seed), lambda: language_of(lang))
    named = str(Path(district).absolute()) if Path(district).exists() else str(district)
    return CheckFindings(named, language, seed, trial=trial)
