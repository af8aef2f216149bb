"""What is checked before anything else is imported: that `model` is ours, and that nothing needed is missing."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

OURS = Path(__file__).parents[1]
COMMANDS = ("whistle", "-m")  # how a process is called that was started as a command


def check_packages() -> None:
    """Check that `model` is ours, not a file `model.py` of the user's own, and that a plain installation is whole.

    A command ends here with exit code 2 and the sentence.

    Raises:
        ImportError: With the file that hides the package, or the packages that are missing, and what to do.
    """
    try:
        _check_model()
        from model import needs

        needs("core", "experiments")
    except ImportError as error:
        if Path(sys.argv[0]).stem not in COMMANDS:
            raise
        print(error, file=sys.stderr)
        raise SystemExit(2) from error


def _check_model() -> None:
    spec = find_spec("model")
    if spec is None or spec.origin is None:
        raise ImportError(f"package 'model' not found in {OURS}, beside 'experiments'. Reinstall Whistle.")
    found = Path(spec.origin)
    if found.parent != OURS / "model":
        raise ImportError(
            f"{found}: this 'model' hides the package that belongs to 'experiments' in {OURS}; "
            "rename the file, run from another folder, or remove it from PYTHONPATH."
        )
