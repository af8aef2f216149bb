"""`whistle new-district` and `whistle check`: a district of one's own, begun and looked at."""

from pathlib import Path

from experiments.cli import options
from experiments.cli.terminal import guarded, print_json
from experiments.console import show
from experiments.messages import Language, in_language, msg


@guarded
def new_district(
    folder: options.DistrictFolder,
    format: options.DistrictFormat = "xlsx",
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
) -> None:
    """Write a district to fill in: a workbook with notes and examples, or a commented YAML file."""
    from experiments.own_district import new_district as write

    written = write(folder, format=format, lang=lang.value)
    print_json({"district": str(written)}) if as_json else show(msg("new_written", lang, path=written, folder=folder))


@guarded
def check(
    district: options.DistrictToCheck,
    no_trial: options.NoTrial = False,
    seed: options.Seed = 1,
    lang: options.Lang = Language.EN,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Look at a district: what is missing, what is assumed, how full its units are, a short trial run."""
    from experiments.own_district import check as look

    found = look(
        Path(district) if Path(district).exists() else district, trial=not no_trial, seed=seed, lang=lang.value
    )
    if as_json:
        print_json(found.answer)
        return
    with in_language(lang):
        show(*found.results().blocks())
