"""Noticing a model that says the same over and over, as small ones do."""

TIMES = 5
"""Times a passage stands in a row until it is no answer any more."""
_LONGEST, _SHORTEST = 240, 4
_LEAST = 120
"""Characters a repetition has at least: a rule of dashes is none."""


def repeats(text: str) -> bool:
    """Whether the text ends in one passage said five times in a row."""
    text = text.rstrip()
    if len(text) < _LEAST:
        return False
    for size in range(_SHORTEST, min(_LONGEST, len(text) // TIMES) + 1):
        passage = text[-size:]
        if not any(char.isalnum() for char in passage):
            continue
        times = max(TIMES, -(-_LEAST // size))
        if len(text) >= size * times and text.endswith(passage * times):
            return True
    return False
