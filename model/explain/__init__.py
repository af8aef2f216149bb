"""What a regime is, in plain words and first-order figures, before anything runs."""
