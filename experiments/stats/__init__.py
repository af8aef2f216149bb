"""Estimators: arrays in, intervals and dataclasses out; everything undefined is None, never NaN."""

from experiments.stats.intervals import Interval, bca_interval, holm, mean_interval, paired_difference, to_json

__all__ = ["Interval", "bca_interval", "holm", "mean_interval", "paired_difference", "to_json"]
