"""What a run leaves: figures, outcomes, record."""
