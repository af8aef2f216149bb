"""When delegation turns bad: a threshold by hand, and the simulated phase diagram beside it."""
