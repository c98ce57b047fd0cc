"""A simulated market: the same seed gives the same prices, in history and live."""
