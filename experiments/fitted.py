"""A district learned from an event log: the function behind `whistle fit`, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from experiments.errors import WrongInput
from experiments.findings import Findings
from experiments.log_and_worlds import Columns, with_columns
from experiments.messages import Language, in_language
from experiments.requests import language_of

if TYPE_CHECKING:
    from experiments.learning.fitting import Asked, Fitted, Looked
    from experiments.learning.results import FitResults


class Refused(WrongInput):
    """A log from which no district can be learned and be tested.

    Attributes:
        looked: What was found when it was looked at.
    """

    def __init__(self, problems: list[str], looked: Looked) -> None:
        super().__init__(problems)
        self.looked = looked


class FitFindings(Findings):
    """A district learned from the first part of a log, and how well the last part was foretold.

    Attributes:
        fitted: What was learned.
        folder: Of district, units, worlds and report.
    """

    def __init__(self, asked: Asked, language: Language, say: Callable[[str], None]) -> None:
        super().__init__()
        self.language, self.folder = language, asked.out
        with in_language(language):
            self.fitted = self._fitted(asked, say)

    def _fitted(self, asked: Asked, say: Callable[[str], None]) -> Fitted:
        from experiments.learning.fitting import check_out, fit_district, look, refusal, written_whole

        check_out(asked.out)
        looked = look(asked)
        if (why := refusal(looked)) is not None:
            raise Refused([f"{asked.log.path}: {why}"], looked)
        with written_whole(asked.out) as room:
            fitted = fit_district(asked, looked, say)
            self._write(fitted, room)
        return fitted

    def _write(self, fitted: Fitted, room: Path) -> None:
        from experiments.learning.fitting import write_district, write_json
        from experiments.learning.results import FitResults
        from experiments.report.writing import FORMS, draw_charts, written

        results = FitResults(fitted)
        figures, alts = draw_charts(results, room / "figures")
        document = results.document(alts)
        write_district(fitted, results.mark(), room)
        for ending in FORMS:
            (room / f"report{ending}").write_bytes(written(document, figures, ending))
        write_json(results.as_json(), room)

    def _read(self) -> FitResults:
        from experiments.learning.results import FitResults

        return FitResults(self.fitted)

    def _about(self) -> Iterator[str]:
        yield f"district {self.folder}, learned from {self.fitted.looked.log.options.path}"


def fit(
    path: str | Path | Sequence[str | Path], out: str | Path, *, split: str | None = None, jobs: int | None = None,
    lang: Literal["en", "zh"] = "en", progress: bool | None = None, **columns: Unpack[Columns],
) -> FitFindings:  # fmt: skip
    """Learn a district and an ensemble of plausible worlds from an event log, and test them on its last part.

    Args:
        path: An event log, as for `log`.
        out: Folder of the district: `district.yaml`, `units.csv`, `worlds.parquet`, `fit.json`, a report.
        split: Date on which the last part begins; by default where 70 % of the fair span are over.
        jobs: Processes; by default the processors this process may use.
        lang: Language of sentences, figures and the report, "en" or "zh".
        progress: Whether it is told; by default in a terminal or a notebook.
        **columns: As for `log`.

    Raises:
        WrongInput: With everything that is wrong with the options, the log, or the folder; `Refused` where no split of
            the log is fair, with what was found.
    """
    from experiments.learning.fitting import Asked
    from experiments.logs.options import LogOptions
    from experiments.runner.progress import saying

    asked = Asked(LogOptions.of(path, columns), Path(out), split, jobs)
    with saying(progress) as say:
        return FitFindings(asked, language_of(lang), say)


vars(fit)["__signature__"] = with_columns(fit)
