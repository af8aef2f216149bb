"""Colours of page, brief and figures by what they mean: one table, from which style sheets and figures are filled.

Grey is before, blue is a package, orange is worse and nothing else. Regimes are told apart by position and label; more
than one package by the lightness of blue, which every eye sees.
"""

from collections.abc import Mapping

BEFORE = "#6b7683"
PACKAGE = "#0b5a8f"
LIGHTER, DARKER = "#4c93c6", "#062c49"  # of a third and of a fourth regime
WORSE = "#a63a00"
BETTER = PACKAGE
NEITHER = BEFORE

INK, QUIET, LINE, TINT, PAPER = "#1b2430", "#525c69", "#d5dae1", "#f3f6f9", "#ffffff"
"""Of text, of notes and guides, of rules between rows, of grounds that set apart, of what is printed on."""
WARN, WARN_TINT = "#8a4500", "#fff7ed"
"""Of what nobody may overlook, and of its ground."""
STRONG = "#083f66"  # of a button that is pressed
FRAME = "#8b95a3"  # of a field that can be filled in
FOCUS = "#e08a00"  # of the ring around what has the focus

REGIMES = (BEFORE, PACKAGE, LIGHTER, DARKER)
"""Of the regimes of a study by place; the first is what the others are compared with."""

SERIES = (PACKAGE, "#2e7d74", INK, LIGHTER, "#7a6a9e", BEFORE)
"""Of what is neither a regime nor better or worse, such as the parameters of a search: told apart by marks as well."""

RAMP = ("#dce8f2", "#b4cfe4", "#86b0d2", "#5690bd", "#2b6fa1", "#0b4a78")
"""Of amounts on a map, from little to much: lightness alone tells them apart."""

UNSIGNED = (PAPER, *RAMP)
VERDICT = (WORSE, "#dd9f7e", PAPER, "#86b0d2", PACKAGE)  # from worse to better
SIGNED = ("#3f4854", "#a5adb7", PAPER, "#86b0d2", PACKAGE)  # from less to more, where neither is better

VARIABLES: Mapping[str, str] = {
    "before": BEFORE, "package": PACKAGE, "third": LIGHTER, "fourth": DARKER, "worse": WORSE, "better": BETTER,
    "ink": INK, "quiet": QUIET, "line": LINE, "tint": TINT, "paper": PAPER, "accent": PACKAGE, "accent-dark": STRONG,
    "frame": FRAME, "focus": FOCUS, "warn": WARN, "warn-tint": WARN_TINT, "good": BETTER, "bad": WORSE,
    **{f"ramp-{place}": shade for place, shade in enumerate(RAMP, 1)},
}  # fmt: skip
"""By name in a style sheet, without the dashes before it."""


def of_regime(place: int) -> str:
    """Return the colour of the regime at this place of a study; packages beyond the fourth begin anew with blue."""
    return REGIMES[place if place < len(REGIMES) else 1 + (place - 1) % (len(REGIMES) - 1)]


def css() -> str:
    """Return the rule that gives a page these colours as variables, for the head of its style sheet."""
    return ":root { " + " ".join(f"--{name}: {shade};" for name, shade in VARIABLES.items()) + " }"
