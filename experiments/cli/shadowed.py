"""A file `model.py` of the user's own would silently take the place of our package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from experiments.errors import WrongInput

__all__ = ["check_packages"]


def check_packages() -> None:
    """Check that the packages `model` and `experiments` lie side by side.

    Raises
    ------
    WrongInput
        If Python finds another `model` than the one that came with `experiments`.
    """
    ours = Path(__file__).parents[2]
    spec = find_spec("model")
    if spec is None or spec.origin is None:
        raise WrongInput([f"package 'model' not found in {ours}, beside 'experiments'. Reinstall Whistle."])
    found = Path(spec.origin)
    if found.parent != ours / "model":
        raise WrongInput(
            [
                f"{found}: this 'model' hides the package that belongs to 'experiments' in {ours}; "
                "rename the file, run from another folder, or remove it from PYTHONPATH."
            ]
        )
