"""Text of others as it may stand in a line of the terminal."""

from tio.api.clean import clean


def drawn(text: str) -> str:
    """Clean, and without the mark that makes a character wider than it was measured."""
    return clean(text).replace("\ufe0f", "")
