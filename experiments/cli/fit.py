"""`whistle fit`: a district and an ensemble learned from an event log, tested on its last part."""

from pathlib import Path
from typing import Any

from experiments.cli import options
from experiments.cli.log import of_log, tell
from experiments.cli.terminal import guarded, print_json
from experiments.console import show
from experiments.messages import Language, in_language


@guarded
def fit(
    path: list[Path],
    out: options.FitOut,
    split: options.Split = None,
    jobs: options.Jobs = None,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    **given: Any,
) -> None:
    """Learn a district and its doubt from an event log, and test them on the part that it has not seen."""
    from experiments.fitted import FitFindings, Refused
    from experiments.learning.fitting import Asked
    from experiments.learning.results import refusal_blocks, refusal_json
    from experiments.logs.options import LogOptions
    from experiments.runner.progress import saying

    asked = Asked(LogOptions.of(path, given), out, split, jobs)
    try:
        with saying(not quiet) as say:
            found = FitFindings(asked, lang, say)
    except Refused as refused:
        with in_language(lang):
            if as_json:
                print_json(refusal_json(refused.looked))
            else:
                show(*refusal_blocks(refused.looked))
        raise
    tell(found, () if quiet else found.fitted.looked.notes, as_json=as_json)


vars(fit)["__signature__"] = of_log(fit)
