"""Every command as a function: the same words, the same study folder, results for pandas and notebooks.

`compare(["inverted", "flattened"], pairs=20).differences` is a table of paired differences. A study is given as its
command takes it, by a shipped name or a path, or as a mapping with what its file would say:
`sweep({"regimes": ["inverted"], "parameters": {"demand.scale": {"values": [0.05, 0.1]}}})`.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

from experiments.errors import collect_errors
from experiments.execution import How, carry_out, check_folder, lay_out, shown
from experiments.findings import Findings
from experiments.fitted import fit
from experiments.log_and_worlds import log, worlds_of
from experiments.own_district import check, new_district
from experiments.requests import (
    ANY,
    DISTRICT,
    PAIRS,
    Common,
    NameOrPath,
    Request,
    language_of,
    of_comparison,
    of_file,
    of_folder,
    of_patterns,
    where_of,
)
from experiments.result import Result, open_study
from experiments.runner import Where
from experiments.studies import help_of

if TYPE_CHECKING:
    from experiments.kinds import Layout

__all__ = [
    "attribute", "bias_map", "calibrate", "check", "compare", "discover", "event_study", "fit", "log", "new_district",
    "open_study", "patterns", "phase", "recovery", "resume", "saturation", "search", "sensitivity", "study",
    "superadditivity", "sweep", "worlds",
]  # fmt: skip

Study = NameOrPath | Mapping[str, Any]
Settings = Mapping[str, Any] | None
Lang = Literal["en", "zh"]
Executor = Literal["local", "dask"] | None
Given = ParamSpec("Given")

COMMON = """
    seed: First random seed, from 0; replicate i uses seed + i.
    district: Shipped name, or a path.
    set: Values over every regime by dotted path, as {"assessment.street_weight": 0.5}.
    rules: File of own rules.
    worlds: Plausible worlds looked at; "reference": the district as it is written.
    ensemble: Table of worlds; by default the one shipped.
"""  # what every study takes
CARRIED = """
    jobs: Processes; by default the processors this process may use.
    out: Parent folder of the study's, as the command's; a call with the same values goes on there where it stopped.
        None: a temporary folder that goes with the result, in which report and figures are not written.
    lang: Language of sentences and figures, "en" or "zh".
    progress: Whether it is shown; by default where somebody looks, in a terminal or a notebook.
    executor: "local": processes of this machine; "dask": a Dask cluster.
    scheduler: Address of a Dask scheduler that already runs.
    cluster: Workers as jobs of SLURM and the like: shipped name or path.

Raises:
    WrongInput: With everything that is wrong; nothing is written.
    Interrupted: After Ctrl-C; what is finished is kept, and the same call goes on.

Warns:
    RuntimeWarning: If runs failed; they are left out, and `failures` of the result has them.
"""  # what is common to all that run something


def compare(
    regimes: Sequence[NameOrPath] | None = None,
    *,
    pairs: int | None = None,
    worlds: int | Literal["reference"] | None = None,
    ensemble: NameOrPath | None = None,
    study: str = "compare",
    seed: int = 1,
    jobs: int | None = None,
    out: NameOrPath | None = None,
    district: NameOrPath = DISTRICT,
    set: Settings = None,
    rules: NameOrPath | None = None,
    capacity_neutral: bool = False,
    lang: Lang = "en",
    progress: bool | None = None,
    executor: Executor = None,
    scheduler: str | None = None,
    cluster: str | None = None,
) -> Result:
    """Compare regimes on the same requests and random seeds: `levels`, paired `differences`, `doubt` over worlds.

    Args:
        regimes: Shipped names or paths; the first is what the others are compared with. None: a 2 × 2 of staff and
            rules.
        pairs: Runs of each regime; None: half as many again as there are worlds, or 30 in one.
        study: Name of the study.
        capacity_neutral: Whether volunteers' hours and hours saved are taken back (booked, not used).
    """
    common = Common(seed, district, set, rules, worlds, ensemble)
    return _run(
        partial(of_comparison, regimes, pairs, common, neutral=capacity_neutral, name=study),
        partial(_how, out, lang, progress, partial(where_of, jobs, executor, scheduler, cluster)),
    )


def patterns(
    ids: Sequence[str] | None = None,
    *,
    regime: NameOrPath | None = None,
    pairs: int = PAIRS,
    file: NameOrPath | None = None,
    null: bool = True,
    worlds: int | Literal["reference"] | None = None,
    ensemble: NameOrPath | None = None,
    seed: int = 1,
    jobs: int | None = None,
    out: NameOrPath | None = None,
    district: NameOrPath = DISTRICT,
    set: Settings = None,
    rules: NameOrPath | None = None,
    lang: Lang = "en",
    progress: bool | None = None,
    executor: Executor = None,
    scheduler: str | None = None,
    cluster: str | None = None,
) -> Result:
    """Measure the stylised facts that the model must show at once, over plausible worlds and beside a bare queue.

    Args:
        ids: Of the patterns, "S1", "S2", …; None: all.
        regime: Under which all are looked at; None: each under its own.
        pairs: Runs of each arm, all arms on the same random seeds.
        file: Patterns of one's own.
        null: Whether each is looked at in a bare queue as well; without it nothing earns credit.
    """
    common = Common(seed, district, set, rules, worlds, ensemble)
    return _run(
        partial(of_patterns, ids, regime, pairs, file, null=null, common=common),
        partial(_how, out, lang, progress, partial(where_of, jobs, executor, scheduler, cluster)),
    )


class _Studies:
    """Studies of a kind, or of any; `kind` is its name."""

    def __init__(self, kind: str | None) -> None:
        self.kind = kind

    def run(
        self,
        study: Study,
        *,
        seed: int | None = None,
        jobs: int | None = None,
        out: NameOrPath | None = None,
        district: NameOrPath | None = None,
        set: Settings = None,
        rules: NameOrPath | None = None,
        worlds: int | Literal["reference"] | None = None,
        ensemble: NameOrPath | None = None,
        log: NameOrPath | None = None,
        lang: Lang = "en",
        progress: bool | None = None,
        executor: Executor = None,
        scheduler: str | None = None,
        cluster: str | None = None,
    ) -> Result:
        """Run any study, whatever its kind.

        What is given here stands over what the study says.

        Args:
            study: Shipped name, path of a file, or a mapping with what a file would say.
            log: Of `calibrate`: an event log of one's own that targets with a measure are taken from.
        """
        common = Common(seed, district, set, rules, worlds, ensemble)
        return _run(
            partial(of_file, self.kind, study, common, log),
            partial(_how, out, lang, progress, partial(where_of, jobs, executor, scheduler, cluster)),
        )


def _named(name: str, run: Callable[Given, Result]) -> Callable[Given, Result]:
    """Return the function of a kind, with its name and what its file says of it."""

    @functools.wraps(run)
    def of_kind(*given: Given.args, **named: Given.kwargs) -> Result:
        return run(*given, **named)

    first, rest = inspect.cleandoc(run.__doc__ or "").split("\n", 1)
    of_kind.__name__ = of_kind.__qualname__ = name
    of_kind.__doc__ = f"{first if name == ANY else help_of(name)}\n{rest}"
    return of_kind


study = _named(ANY, _Studies(None).run)
attribute = _named("attribute", _Studies("attribute").run)
bias_map = _named("bias_map", _Studies("bias_map").run)
calibrate = _named("calibrate", _Studies("calibrate").run)
discover = _named("discover", _Studies("discover").run)
event_study = _named("event_study", _Studies("event_study").run)
phase = _named("phase", _Studies("phase").run)
recovery = _named("recovery", _Studies("recovery").run)
saturation = _named("saturation", _Studies("saturation").run)
search = _named("search", _Studies("search").run)
sensitivity = _named("sensitivity", _Studies("sensitivity").run)
superadditivity = _named("superadditivity", _Studies("superadditivity").run)
sweep = _named("sweep", _Studies("sweep").run)


def worlds(
    study: Study | None = None,
    *,
    ensemble: NameOrPath | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: NameOrPath | None = None,
    district: NameOrPath | None = None,
    set: Settings = None,
    rules: NameOrPath | None = None,
    lang: Lang = "en",
    progress: bool | None = None,
    executor: Executor = None,
    scheduler: str | None = None,
    cluster: str | None = None,
) -> Findings:
    """Return the plausible worlds of a district, or make them with a study.

    Args:
        study: To make worlds: shipped name, path of a file, or a mapping with what a file would say; the result is
            then a `Result`. None: those of `ensemble`, or shipped for `district`, are read.
    """
    if study is None:
        return worlds_of(district, ensemble, language_of(lang))
    return _run(
        partial(of_file, "worlds", study, Common(seed, district, set, rules, ensemble=ensemble)),
        partial(_how, out, lang, progress, partial(where_of, jobs, executor, scheduler, cluster)),
    )


def resume(
    folder: str | Path,
    *,
    jobs: int | None = None,
    lang: Lang = "en",
    progress: bool | None = None,
    executor: Executor = None,
    scheduler: str | None = None,
    cluster: str | None = None,
) -> Result:
    """Go on with a study as it was asked for.

    Args:
        folder: Of the study.
    """
    path = Path(folder).absolute()
    return _run(
        partial(of_folder, Path(folder)),
        partial(_how, path.parent, lang, progress, partial(where_of, jobs, executor, scheduler, cluster)),
        partial(check_folder, Path(folder)),
    )


def _how(out: NameOrPath | None, lang: str, progress: bool | None, where: Callable[[], Where]) -> How:
    """Return how a study is carried out; raises `WrongInput` with all that is wrong."""
    language, place = collect_errors(lambda: language_of(lang), where)
    return How(place, None if out is None else Path(out), language, not shown(progress))


def _run(
    request: Callable[[], Request], how: Callable[[], How], check: Callable[[Layout], None] = lambda _: None
) -> Result:
    """Carry out a study whose layout nothing speaks against, and warn of runs that failed."""
    asked, carried = collect_errors(request, how)
    layout = lay_out(asked)
    check(layout)
    result = carry_out(layout, carried)
    if failed := result.failures:
        words = f"{len(failed)} of {result.manifest['planned']} runs failed and are left out; see `.failures`."
        warnings.warn(words, RuntimeWarning, stacklevel=3)
    return result


def _document(function: Callable[..., Any], *sections: str) -> None:
    """Put what functions have in common behind the docstring of one."""
    parts = [inspect.cleandoc(function.__doc__ or ""), *(section.strip("\n") for section in sections)]
    function.__doc__ = "\n".join(parts) + "\n"


for _each in (compare, patterns, study, attribute, bias_map, calibrate, discover, event_study, phase, recovery,
              saturation, search, sensitivity, superadditivity, sweep, worlds):  # fmt: skip
    _document(_each, COMMON, CARRIED)
_document(resume, CARRIED)
_document(check)
_document(new_district)
