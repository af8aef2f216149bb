"""Drawing: marks, style and words that all figures share, and the figures of each kind of study."""
