"""The manuscript: what finished studies found that it quotes, by key, and its PDF. No number is typed in it."""

from pathlib import Path

__all__ = ["PAPER", "RECORD"]

PAPER = Path(__file__).resolve().parents[3] / "paper"

RECORD = PAPER / "record"
"""What `make record` kept of the studies: answers, figures, and tables made from declarations."""
