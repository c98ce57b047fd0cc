"""Takes secrets out of addresses, bodies and words before anyone sees them."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

HIDDEN = "***"
_SHORTEST = 8
"""Shorter secrets (`demo`) are hidden in addresses by their name, not searched for in bodies."""
_NAMES = re.compile(
    r"^(x[-_])?(api[-_]?key|apikey|key|token|access[-_]?token|auth[-_]?token|secret|signature|sig"
    r"|crumb|password|authorization|cookie|api[-_]?token|refresh[-_]?token)$|api-?key|secret",
    re.IGNORECASE,
)
_PASSING = re.compile("^crumb$", re.IGNORECASE)
"""Hidden in addresses; no secret of the person, and a body may have to tell it."""


def is_secret(name: str) -> bool:
    """Whether a parameter or header of that name holds a secret."""
    return bool(_NAMES.search(name))


class Redactor:
    """Knows the secrets of one host; whatever it passes on has `***` in their place."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._said: re.Pattern[str] | None = None
        self._sent: re.Pattern[bytes] | None = None
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """From now on hide this as well, however it is quoted in an address."""
        if len(secret) < _SHORTEST or secret in self._values:
            return
        self._values |= {secret, quote(secret, safe=""), quote_plus(secret)}
        longest = sorted(self._values, key=len, reverse=True)
        pattern = "|".join(re.escape(value) for value in longest)
        self._said = re.compile(pattern)
        self._sent = re.compile(pattern.encode())

    def learn_from(self, told: Mapping[str, str]) -> None:
        """Learn the secrets among parameters or headers."""
        for name, value in told.items():
            if is_secret(name) and not _PASSING.match(name):
                self.learn(value.removeprefix("Bearer ").removeprefix("Token "))

    def text(self, text: str) -> str:
        """Words without secrets."""
        return self._said.sub(HIDDEN, text) if self._said else text

    def body(self, body: bytes) -> bytes:
        """A body without secrets: some servers echo the key."""
        return self._sent.sub(HIDDEN.encode(), body) if self._sent else body

    def url(self, url: str) -> str:
        """An address without secrets, user and fragment."""
        try:
            parts = urlsplit(url)
            pairs = parse_qsl(parts.query, keep_blank_values=True)
            host = parts.netloc.rpartition("@")[2]
        except ValueError:
            return HIDDEN
        shown = [(name, HIDDEN if is_secret(name) else value) for name, value in pairs]
        query = urlencode(shown, safe="*,:/")
        return self.text(urlunsplit((parts.scheme, host, parts.path, query, "")))
