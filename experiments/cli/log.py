"""`whistle log`: a real event log under the measures that the model applies to itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Json, Lang
from experiments.cli.terminal import guarded, print_json
from experiments.console import show
from experiments.messages import Language, in_language, msg

if TYPE_CHECKING:
    from experiments.logs.asked import Asked
    from experiments.logs.measuring import Measured

__all__ = ["log"]

File = Annotated[
    Path, typer.Argument(help="A log: CSV or XES (also .gz), Parquet, or this model's OCEL.", show_default=False)
]


def _column(help_text: str) -> Any:
    return typer.Option(metavar="COLUMN", show_default=False, help=help_text)


Case = Annotated[str | None, _column("Column of the case; guessed from usual names, as are the others.")]
Unit = Annotated[str | None, _column("Column of the unit: a person, a team, an organisation.")]
Time = Annotated[str | None, _column("Column of the time of an event.")]
Activity = Annotated[str | None, _column("Column of the activity; 'none': leave it out.")]
Start = Annotated[str | None, _column("Of a case table, one row a case: when the case begins.")]
End = Annotated[str | None, _column("Of a case table: when the case ends; empty while it is open.")]
CaseStart = Annotated[str | None, _column("When the case begins; 'none': with its first event.")]
CaseEnd = Annotated[str | None, _column("When the case ends, empty while it is open; 'none': with its last event.")]
Deadline = Annotated[str | None, _column("Until when the case shall be closed; 'none': the --limit for all.")]
Limit = Annotated[
    float | None,
    typer.Option(
        metavar="DAYS", help="Days within which a case without a deadline shall be closed.", show_default=False
    ),
]
State = Annotated[str | None, _column("State of the case after an event.")]
ClosedState = Annotated[
    list[str] | None, typer.Option(metavar="STATE", help="A state of a closed case; repeatable.", show_default=False)
]
ClosedBy = Annotated[
    list[str] | None,
    typer.Option(metavar="ACTIVITY", help="An activity that closes a case; repeatable.", show_default=False),
]
Work = Annotated[
    list[str] | None,
    typer.Option(metavar="ACTIVITY", help="An activity that is work, for the circulating time; repeatable.",
                 show_default=False),
]  # fmt: skip
Before = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only cases that began before it.", show_default=False)
]
After = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only cases that began on it or later.", show_default=False)
]
Separator = Annotated[str | None, typer.Option(metavar="CHARACTER", help="Of a CSV file; guessed.", show_default=False)]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="Of a CSV file, such as gb18030; UTF-8.", show_default=False)
]
TimeFormat = Annotated[
    str | None,
    typer.Option(metavar="FORMAT", help="Of times that are not ISO 8601, such as '%d.%m.%Y %H:%M'.",
                 show_default=False),
]  # fmt: skip
TimeZone = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Where times without a zone were taken, such as Asia/Shanghai; UTC.",
                 show_default=False),
]  # fmt: skip
DropDuplicates = Annotated[bool, typer.Option("--drop-duplicates", help="Count equal events once.")]
LogOut = Annotated[
    Path | None,
    typer.Option("--out", help="Parent folder for figures and tables; none are written without it.",
                 show_default=False),
]  # fmt: skip
Quiet = Annotated[
    bool, typer.Option("--quiet", help="Do not say on standard error what was chosen; --json has it all the same.")
]


@guarded
def log(
    file: File,
    case: Case = None,
    unit: Unit = None,
    time: Time = None,
    activity: Activity = None,
    start: Start = None,
    end: End = None,
    case_start: CaseStart = None,
    case_end: CaseEnd = None,
    deadline: Deadline = None,
    limit: Limit = None,
    state: State = None,
    closed_state: ClosedState = None,
    closed_by: ClosedBy = None,
    work: Work = None,
    before: Before = None,
    after: After = None,
    separator: Separator = None,
    encoding: Encoding = None,
    time_format: TimeFormat = None,
    time_zone: TimeZone = None,
    drop_duplicates: DropDuplicates = False,
    out: LogOut = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure a real event log: hand-overs, ping-pong, days with open cases, who passes on, arrivals, lateness."""
    from experiments.logs.asked import Asked
    from experiments.logs.measuring import measured

    asked = Asked(
        path=file, case=case, unit=unit, time=time, activity=activity, start=start, end=end, case_start=case_start,
        case_end=case_end, deadline=deadline, limit=limit, state=state, closed_state=tuple(closed_state or ()),
        closed_by=tuple(closed_by or ()), work=tuple(work or ()), before=before, after=after, separator=separator,
        encoding=encoding, time_format=time_format, time_zone=time_zone, drop_duplicates=drop_duplicates,
    )  # fmt: skip
    with in_language(lang):
        _tell(measured(asked), asked, out, as_json, quiet)


def _tell(found: Measured, asked: Asked, out: Path | None, as_json: bool, quiet: bool) -> None:
    from experiments.logs.answer import as_json as object_of
    from experiments.logs.folder import written
    from experiments.logs.told import sentences, tables

    for each in () if quiet else found.notes:
        typer.echo(each.text(), err=True)
    folder = None if out is None else written(found, asked, out)
    if as_json:
        print_json(object_of(found))
        return
    show(*tables(found), *sentences(found))
    if folder is not None:
        show(msg("log_written", folder=folder))
