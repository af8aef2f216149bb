"""Whatever runs the model more than once: studies, comparisons, figures, the command line."""
