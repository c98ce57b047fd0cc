"""From how a file spells instruments to symbols here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tio.api.errors import NotFound, TioError
from tio.engine.portfolio.importing.rows import Security


@dataclass(frozen=True, slots=True)
class Named:
    """What a spelling stands for; `listed` is whether some source knows it."""

    symbol: str
    listed: bool


class Naming:
    """Resolves spellings once each: by what a person said, then by the market, else unlisted."""

    def __init__(self, said: Mapping[str, str], market: Callable[[str], str]) -> None:
        self._said = said
        self._market = market
        self._known: dict[str, Named] = {}

    def named(self, spelled: str, security: Security) -> Named:
        """What a spelling stands for; NotFound where a person's own choice is unknown."""
        if spelled not in self._known:
            self._known[spelled] = self._resolved(spelled, security)
        return self._known[spelled]

    def _resolved(self, spelled: str, security: Security) -> Named:
        for key in (spelled, security.isin, security.ticker):
            if key and key in self._said:
                return self._chosen(key, self._said[key])
        for text in dict.fromkeys(filter(None, (spelled, security.ticker))):
            try:
                return Named(self._market(text), True)
            except TioError:
                continue
        return Named(spelled, False)

    def _chosen(self, spelled: str, symbol: str) -> Named:
        try:
            return Named(self._market(symbol), True)
        except NotFound as error:
            raise NotFound(f"{spelled} → {symbol}: {error.message}", error.next) from None
