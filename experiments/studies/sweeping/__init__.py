"""Sweeps: how outcomes answer to one or two parameters."""
