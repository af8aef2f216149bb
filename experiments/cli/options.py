"""The flags of commands, with their help."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.messages import Language
from experiments.runner import Engine

Regime = Annotated[str, typer.Argument(help="Shipped name, or a path with / or .yaml.", show_default=False)]
Regimes = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[REGIME]...",
        help="Default: inverted rules_only placement_only flattened, a 2 × 2. The others are compared with the first.",
    ),
]
Seed = Annotated[int, typer.Option(help="First random seed, from 0; pair i uses seed + i.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes; default: the processors this process may use.")]
Out = Annotated[Path, typer.Option(help="Parent folder of studies.")]
District = Annotated[
    str, typer.Option(help="Shipped name, or a path with /, .yaml or .xlsx; a folder has one of them.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value; repeatable. Keys: whistle show-config."),
]
Lang = Annotated[Language, typer.Option(help="Language of tables and sentences.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]
RuleNames = Annotated[list[str] | None, typer.Argument(metavar="[RULE]...", help="blame, …", show_default=False)]
OwnNumbers = Annotated[bool, typer.Option("--numbers", help="Show how own numbers and outcomes are declared.")]
Rules = Annotated[Path | None, typer.Option("--rules", metavar="FILE", help="File of own rules.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the input, say what would be done, do nothing.")]
LogFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="calibrate: a log of your own that targets with a measure are taken from.",
                 show_default=False),
]  # fmt: skip
Days = Annotated[int | None, typer.Option(min=1, help="Days observed after the warm-up (run.window_days).")]
MaybePairs = Annotated[
    int | None,
    typer.Option("--pairs", min=1, show_default=False,
                 help="Paired runs: replicates of each regime; by default 2 in each world, or 30 in one."),
]  # fmt: skip
MaybeRegime = Annotated[str | None, typer.Argument(help="Shipped name, or a path.", show_default=False)]
PatternIds = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="S1, S2, …; default: all.", show_default=False)
]
PatternsFile = Annotated[
    Path | None, typer.Option("--file", help="Patterns of your own; default: the shipped ones.", show_default=False)
]
PatternsRegime = Annotated[
    str | None,
    typer.Option("--regime", help="Look at all under this regime, not each under its own.", show_default=False),
]
Arms = Annotated[int, typer.Option("--pairs", min=2, help="Runs of each arm, all arms on the same random seeds.")]
NoNull = Annotated[bool, typer.Option("--no-null", help="Leave out the bare queue; nothing then earns credit.")]
Instruments = Annotated[bool, typer.Option("--instruments", help="The table of all instruments, as last measured.")]
CapacityNeutral = Annotated[
    bool, typer.Option("--capacity-neutral", help="Take back volunteers' hours and hours saved (booked, not used).")
]
Events = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the event log: FILE.parquet, .csv, .xes, .jsonocel or .json (OCEL 2.0).",
                 show_default=False),
]  # fmt: skip
OfStudies = Annotated[bool, typer.Option("--study", help="Of studies' files.")]
StudyName = Annotated[str, typer.Option("--study", help="Name of the study folder.")]
ExecutorName = Annotated[
    Engine | None,
    typer.Option("--executor", help="local: processes of this machine; dask: a Dask cluster.", show_default=False),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="A Dask scheduler that already runs, as tcp://host:8786.", show_default=False),
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Workers as jobs of SLURM and the like: shipped name or path.",
                 show_default=False),
]  # fmt: skip
StudyArgument = Annotated[
    str, typer.Argument(metavar="STUDY", help="Shipped name, or a path with / or .yaml.", show_default=False)
]
Ranges = Annotated[bool, typer.Option("--ranges", help="The numbers that nobody knows, which a world samples.")]
WorldsStudy = Annotated[
    str | None,
    typer.Argument(metavar="[STUDY]", help="To make worlds: shipped name, or a path with / or .yaml.",
                   show_default=False),
]  # fmt: skip
Ensemble = Annotated[
    Path | None,
    typer.Option("--ensemble", help="Table of worlds; by default the one shipped.", show_default=False),
]
WorldNumber = Annotated[
    int | None, typer.Option("--world", help="Number of a plausible world, from 0.", show_default=False)
]
Reference = Annotated[
    bool, typer.Option("--reference", help="Print the world in the middle of all as a district's reference.yaml.")
]
Worlds = Annotated[
    str | None,
    typer.Option("--worlds", metavar="N|reference", show_default=False,
                 help="Plausible worlds looked at; by default 40, or half the pairs; reference: the one as written."),
]  # fmt: skip
StudyWorlds = Annotated[
    str | None,
    typer.Option("--worlds", metavar="N|reference", show_default=False,
                 help="Plausible worlds instead of the file's, each with a replicate at least; reference: as written."),
]  # fmt: skip
StudyEnsemble = Annotated[
    Path | None, typer.Option("--ensemble", help="Table of worlds instead of the file's.", show_default=False)
]
StudySeed = Annotated[int | None, typer.Option("--seed", help="Instead of the file's.", show_default=False)]
StudyDistrict = Annotated[str | None, typer.Option("--district", help="Instead of the file's.", show_default=False)]
StudyOut = Annotated[Path, typer.Option("--out", help="Parent folder of studies.")]
Host = Annotated[str, typer.Option("--host", help="Address to bind to; beyond loopback a link with a token lets in.")]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Default: a free one.", show_default=False)]
RealNames = Annotated[
    bool, typer.Option("--real-names", help="Call departments by their real names; otherwise by their category.")
]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")]
QuickBench = Annotated[bool, typer.Option("--quick", help="Small sizes, one repetition: figures that mean nothing.")]
OnlyStudies = Annotated[bool, typer.Option("--experiments", help="What concerns studies alone: some minutes.")]
LogOut = Annotated[
    Path | None,
    typer.Option("--out", help="Parent folder for figures and tables; without it none are written.",
                 show_default=False),
]  # fmt: skip
FitOut = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the district.", show_default=False)]
Split = Annotated[
    str | None,
    typer.Option("--split", metavar="DATE", show_default=False,
                 help="When the last part begins; default: after 70 % of the fair span."),
]  # fmt: skip
LogColumns = Annotated[
    bool, typer.Option("--columns", help="Show the columns, samples of their values, and what each is taken for.")
]
NoNotes = Annotated[
    bool, typer.Option("--quiet", help="Print no notes on standard error; --json has them all the same.")
]
DistrictFolder = Annotated[Path, typer.Argument(help="Folder of the district; made where it is not there.",
                                         show_default=False)]  # fmt: skip
DistrictFormat = Annotated[str, typer.Option("--format", metavar="xlsx|yaml", help="xlsx: a workbook; yaml: text.")]
DistrictToCheck = Annotated[
    str, typer.Argument(metavar="DIR", help="Folder or file of a district, or a shipped name.", show_default=False)
]
NoTrial = Annotated[bool, typer.Option("--no-trial", help="Make no run.")]
StudyFolder = Annotated[Path, typer.Argument(help="Folder of a study.", show_default=False)]
