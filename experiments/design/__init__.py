"""What a study runs: its file, its design, its points and seeds."""
