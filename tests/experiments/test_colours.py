"""One palette: what may be seen beside each other can be told apart, and orange means worse."""

import itertools
import re
from pathlib import Path

import experiments
from experiments.colours import BEFORE, INK, PACKAGE, PAPER, QUIET, RAMP, REGIMES, SERIES, WARN, WORSE, css, of_regime

LEAST_TEXT, LEAST_MARK = 4.5, 3.0  # contrasts that WCAG asks of text and of marks
APART = 7.0  # of CIE lightness


def _luminance(shade: str) -> float:
    parts = [int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(shade: str) -> float:
    return (_luminance(PAPER) + 0.05) / (_luminance(shade) + 0.05)


def _lightness(shade: str) -> float:
    return float(116 * _luminance(shade) ** (1 / 3) - 16)


def test_words_and_marks_stand_out_from_paper() -> None:
    assert all(_contrast(shade) >= LEAST_TEXT for shade in (INK, QUIET, WARN, WORSE, PACKAGE, BEFORE))
    assert all(_contrast(shade) >= LEAST_MARK for shade in (*REGIMES, *SERIES))


def test_regimes_and_amounts_are_told_apart_by_lightness_alone() -> None:
    for first, second in itertools.combinations(REGIMES, 2):
        assert abs(_lightness(first) - _lightness(second)) > APART
    steps = [_lightness(shade) for shade in RAMP]
    assert all(light - dark > APART for light, dark in itertools.pairwise(steps))


def test_a_regime_keeps_its_colour_and_none_is_orange() -> None:
    many = [of_regime(place) for place in range(9)]
    assert many[:4] == list(REGIMES)
    assert many[4:7] == list(REGIMES[1:])
    assert WORSE not in many + list(SERIES)
    assert BEFORE not in many[1:]


def test_no_figure_has_a_colour_of_its_own() -> None:
    rooms = Path(experiments.__file__).parent
    found = [
        (path.name, shade)
        for room in ("charts", "logs", "report")
        for path in (rooms / room).glob("*.py")
        for shade in re.findall(r'"#[0-9a-fA-F]{6}"', path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_style_sheet_gets_every_colour_by_name() -> None:
    assert f"--package: {PACKAGE};" in css() and f"--worse: {WORSE};" in css() and f"--ramp-6: {RAMP[5]};" in css()
