"""What is kept of runs as they came out: golden outcomes, by which a change of results is noticed, and stylised facts.

`make golden` writes the outcomes of four regimes under two seeds; a test compares them with what the code gives.
"""

import json
from pathlib import Path

from experiments.errors import WrongInput
from experiments.store.files import keep_measured, replace_text
from experiments.store.opened import OpenStudy
from experiments.studies import kind_of
from model import load_scenario, simulate

GOLDEN = Path(__file__).resolve().parents[2] / "results" / "golden" / "outcomes.json"
REGIMES = ("inverted", "flattened", "rules_only", "null_queue")
SEEDS = (1, 2)
SCALE = {"demand.scale": 0.25}  # all units keep several people, and eight runs take some seconds
PATTERN = ("id", "title", "role", "verdict", "credit", "null_verdict", "share")  # what is kept of a pattern


def outcomes() -> dict[str, dict[str, float | None]]:
    """Return every outcome by "regime, seed", as the code gives it."""
    return {
        f"{regime}, seed {seed}": simulate(load_scenario(regime, overrides=SCALE), seed).outcomes
        for regime in REGIMES
        for seed in SEEDS
    }


def keep_outcomes() -> None:
    """Write the golden outcomes."""
    replace_text(GOLDEN, json.dumps(outcomes(), indent=1) + "\n")


def keep_patterns(folder: Path) -> None:
    """Keep what a study of the stylised facts found: verdicts, number of runs and fingerprint of the model's code.

    Raises:
        WrongInput: Where the folder holds another kind of study, or one without the bare queue or plausible worlds.
    """
    opened = OpenStudy(folder)
    with_null = opened.study.experiment == "patterns" and opened.study.analysis.get("null", True)
    if not (with_null and opened.worlds):
        what = "a study of `whistle patterns` over worlds with its bare queue"
        raise WrongInput([f"{folder}: expected {what}, got another kind."])
    found = kind_of("patterns").results(opened).as_json()
    patterns = [{name: each[name] for name in PATTERN} for each in found["patterns"]]
    about = {"fingerprint": opened.manifest["fingerprint"], "pairs": found["pairs"], "worlds": found["worlds"]}
    keep_measured("patterns", {**about, "patterns": patterns})
