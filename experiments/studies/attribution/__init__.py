"""Which instrument does the work: Shapley values of instruments from runs of their subsets."""
