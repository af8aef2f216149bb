"""Shocks and dated reforms as kinds of experiment."""
