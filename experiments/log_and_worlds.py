"""What is found without a study: of a real event log, of the plausible worlds of a district."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack, get_type_hints

from experiments.errors import WrongInput
from experiments.findings import Findings
from experiments.messages import Language, in_language
from experiments.requests import DISTRICT, NameOrPath, language_of

if TYPE_CHECKING:
    from experiments.kinds import Results
    from experiments.logs.options import LogOptions
    from experiments.logs.results import LogResults
    from experiments.studies.worlds import EnsembleResults


class LogFindings(Findings):
    """What a real event log says, under the measures that the model applies to itself.

    Attributes:
        options: With which it was read.
        folder: Of figures and tables; None where none were written.
    """

    def __init__(self, options: LogOptions, language: Language, out: Path | None = None) -> None:
        super().__init__()
        self.options, self.language = options, language
        self.results()  # what is wrong with the log is told now
        self.folder = None if out is None else self._written(out)

    def _written(self, out: Path) -> Path:
        from experiments.logs.results import write_results

        with in_language(self.language):
            return write_results(self.log_results, self.options, out)

    @property
    def log_results(self) -> LogResults:
        """The measures, with their intervals."""
        from experiments.logs.results import LogResults

        results = self.results()
        assert isinstance(results, LogResults)
        return results

    @property
    def notes(self) -> list[str]:
        """What was left out or taken for granted when the log was read."""
        return list(self.log_results.log.notes)

    def _read(self) -> Results:
        from experiments.logs.measuring import measured
        from experiments.logs.results import LogResults

        return LogResults(measured(self.options))

    def _about(self) -> Iterator[str]:
        counts = self.log_results.log.counts
        yield f"event log {self.options.path}: {counts['cases']} cases, {counts['events']} events"


class Columns(TypedDict, total=False):
    """Options of `log` by name; see the help of `whistle log`."""

    case: str | None
    unit: str | None
    time: str | None
    activity: str | None
    kind: str | None
    lifecycle: str | None
    steps: str | None
    start: str | None
    end: str | None
    case_start: str | None
    case_end: str | None
    deadline: str | None
    state: str | None
    closed_by: str | Sequence[str]
    closed_state: str | Sequence[str]
    work: str | Sequence[str]
    limit: float | None
    before: str | None
    after: str | None
    separator: str | None
    encoding: str | None
    time_format: str | None
    time_zone: str | None
    drop_duplicates: bool
    hide_units: bool
    sheet: str | None
    case_type: str | None
    unit_type: str | None


def log(
    path: str | Path | Sequence[str | Path],
    *,
    out: str | Path | None = None,
    lang: Literal["en", "zh"] = "en",
    **columns: Unpack[Columns],
) -> LogFindings:
    """Measure a real event log: hand-overs, ping-pong, days with open cases, who passes on, arrivals, lateness.

    Args:
        path: An event log: CSV, Excel, XES and what else `whistle log --help` names; a folder, an archive, or several
            files make up one.
        out: Parent folder for figures and tables; None: none are written.
        lang: Language of sentences and figures, "en" or "zh".
        **columns: Columns by their role (case, unit, time, …), limit in days, before, after and the like, as the
            command's flags.

    Raises:
        WrongInput: With everything that is wrong with the options, or with the log.
    """
    from experiments.logs.options import LogOptions

    return LogFindings(LogOptions.of(path, columns), language_of(lang), None if out is None else Path(out))


def with_columns(function: Callable[..., object]) -> Signature:
    """Return what a function takes that has columns behind its own parameters: each option of a log by name."""
    from experiments.logs.options import LogOptions

    *own, _ = Signature.from_callable(function).parameters.values()
    first = [each for each in own if each.kind is not Parameter.KEYWORD_ONLY]
    kinds = get_type_hints(Columns)
    named = [
        Parameter(
            each.name,
            Parameter.KEYWORD_ONLY,
            default=None if each.default == () else each.default,
            annotation=kinds[each.name],
        )
        for each in fields(LogOptions)[1:]
    ]
    returned = function.__annotations__["return"]
    return Signature([*first, *named, *own[len(first) :]], return_annotation=returned)


vars(log)["__signature__"] = with_columns(log)


class WorldsFindings(Findings):
    """The plausible worlds of a district: how far the numbers that nobody knows are known."""

    def __init__(self, path: Path, language: Language) -> None:
        super().__init__()
        self.path, self.language = path, language
        self.results()

    def _read(self) -> EnsembleResults:
        from experiments.studies.worlds import EnsembleResults

        return EnsembleResults(self.path)

    def reference(self) -> str:
        """Return the world in the middle of all as the text of a district's `reference.yaml`."""
        with in_language(self.language):
            return self._read().reference()

    def _about(self) -> Iterator[str]:
        yield f"plausible worlds {self.path}"


def worlds_of(district: NameOrPath | None, ensemble: NameOrPath | None, language: Language) -> WorldsFindings:
    """Return the plausible worlds of a table, or those that are shipped for a district.

    Raises:
        WrongInput: If the district has none.
    """
    from experiments.design.ensemble import ensemble_of_district

    path = Path(ensemble) if ensemble else ensemble_of_district(str(district or DISTRICT))
    if path is None:
        raise WrongInput([f"--district {district}: has no plausible worlds. Make them: whistle worlds STUDY."])
    return WorldsFindings(path, language)
