"""R12, channel by channel: a hidden problem is found sooner, later on the desk, and its whistle more or less true."""


def gain(strength: float, volume: float, mix: float) -> float:
    """Return how much sooner problems of a kind are found through a channel as far as it is open."""
    return strength * volume * mix


def place(draw: float, others: float, channels: float) -> float:
    """Return where a found problem falls on the rates at which it could be found: channels first, then all others.

    `others` and `channels` are gains; who goes along the channels and takes away the gain of each finds the one.
    """
    return draw * (1.0 + others + channels)
