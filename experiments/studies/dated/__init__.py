"""Shocks and dated reforms: what an observer on the ground would estimate, beside what only a simulation knows."""
