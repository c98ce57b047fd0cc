"""Models by their short names: `openai:http://host/v1#small` is `small`."""

import re

_NAME = re.compile(r"\b(?:openai|ollama):(?:https?://[^\s#]*#)?([\w./:@-]*\w)")


def short(model: str) -> str:
    """A model without its kind and its server."""
    kind, _, rest = model.partition(":")
    return rest.rpartition("#")[2] or kind


def shortened(text: str) -> str:
    """A sentence with the models it names by their short names."""
    return _NAME.sub(lambda found: found[1], text)
