"""What one server does not take of OpenAI's requests, learnt from its refusals."""

import re
from typing import Any

_NEWER = "max_completion_tokens"
_UNWANTED = re.compile(
    r"unsupported|not supported|does not support|not permitted|unrecognized|unknown|unexpected"
    r"|extra (?:inputs|fields)|only the default",
    re.IGNORECASE,
)
_LEFT_OUT = ("temperature", "stream_options", "chat_template_kwargs")


class Dialect:
    """Begins with what most servers take; each refusal that names a field changes that field."""

    def __init__(self) -> None:
        self._newer = False
        self._left_out: set[str] = set()

    def spoken(self, body: dict[str, Any]) -> dict[str, Any]:
        """The request as this server takes it."""
        told = {name: value for name, value in body.items() if name not in self._left_out}
        if self._newer and "max_tokens" in told:
            told[_NEWER] = told.pop("max_tokens")
        return told

    def learns(self, status: int, refusal: str) -> bool:
        """Whether a refusal taught something, so that the same may be asked once more."""
        if status not in (400, 422):
            return False
        if _NEWER in refusal and not self._newer:
            self._newer = True
            return True
        for name in _LEFT_OUT:
            if name in refusal and name not in self._left_out and _UNWANTED.search(refusal):
                self._left_out.add(name)
                return True
        return False
