"""A district learned from any office's log, tested on what it has not seen."""
