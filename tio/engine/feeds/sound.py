"""Numbers of a quote that can be meant: nonsense in one of them is as if it were not told."""


def price(told: float | None) -> float | None:
    """A price above zero and finite; None for any other, as for the 0 that means there is none."""
    return told if told is not None and 0 < told < 1e300 else None


def size(told: float | None) -> float | None:
    """A size or volume of zero or more, finite; None for any other."""
    return told if told is not None and 0 <= told < 1e300 else None
