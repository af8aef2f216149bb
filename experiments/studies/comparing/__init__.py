"""The paired comparison: the same seeds under several regimes."""
