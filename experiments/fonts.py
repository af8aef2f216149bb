"""The face of page, brief and figures: Noto Sans SC, regular and bold, under the SIL Open Font License.

In `typefaces/` lie the letters that are likely to be needed, which `make fonts` takes out of the whole face: as WOFF2
for browsers, and the bold ones as TTF for figures and print. The whole regular face comes with the package zhplot;
letters outside these are taken from it.
"""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from experiments.errors import WrongInput

FOLDER = Path(__file__).with_name("typefaces")
FAMILY = "Noto Sans SC"
BOLD = FOLDER / "NotoSansSC-Bold.ttf"
WEIGHTS = {400: FOLDER / "NotoSansSC-Regular.woff2", 700: FOLDER / "NotoSansSC-Bold.woff2"}
"""Files for browsers by weight."""

PLACE = "/whistle/fonts/"  # where a page finds the files
BEFORE_ALL = (
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
)  # asked on the machine before all are sent
ALL = "Whistle All Letters"  # name in a style sheet of the whole regular face
LIKELY, CHINESE = "U+20-FFFF", "U+2E80-2FDF, U+3400-9FFF, U+F900-FAFF, U+20000-3FFFF"
"""For which letters a browser asks for a file; while it waits for one, it does not ask for the next."""
STACK = ", ".join(f'"{name}"' for name in (FAMILY, *BEFORE_ALL, ALL)) + ", system-ui, sans-serif"
"""What a style sheet lists as family: the letters that are likely, those of the machine, and last the whole face."""


def whole_font() -> Path:
    """Return the file of the regular face with all letters, which comes with zhplot; that is not imported.

    Raises:
        WrongInput: If the package is missing.
    """
    spec = find_spec("zhplot")
    path = Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise WrongInput(
            ["Chinese figures: package 'zhplot', which provides their font, not found. Reinstall Whistle."]
        )
    return path


def print_folders() -> list[Path]:
    """Return the folders in which Typst finds both weights."""
    return [FOLDER, whole_font().parent]


@cache
def files() -> dict[str, Path]:
    """Return the files that a page may ask for by address, which changes with their content."""
    found = [*WEIGHTS.values(), whole_font()]
    return {
        f"{PLACE}{path.stem}.{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}{path.suffix}": path for path in found
    }


def css() -> str:
    """Return the rules that make the face known to a page; the family to list is the variable `--face`."""
    *likely, last = files()
    faces = [(FAMILY, *each, LIKELY) for each in zip(WEIGHTS, likely, strict=True)] + [(ALL, 400, last, CHINESE)]
    rules = [
        f'@font-face {{ font-family: "{name}"; font-weight: {weight}; font-display: swap; src: url("{address}"); '
        f"unicode-range: {letters}; }}"
        for name, weight, address, letters in faces
    ]
    return "\n".join([*rules, f":root {{ --face: {STACK}; }}"])
