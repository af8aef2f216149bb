"""Calibration: which values of unknown parameters agree with what was observed, and which observations cannot tell."""
