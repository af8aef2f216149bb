"""Figures of a comparison, one small file each; drawn without any global state of matplotlib."""

from experiments.figures.draw import draw_all

__all__ = ["draw_all"]
