"""Carrying out a plan: in this process, in several, on a cluster."""
