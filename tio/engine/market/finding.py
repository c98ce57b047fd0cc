"""Instruments looked for by name: what is known, what venues list, and what sources answer."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound, TioError
from tio.api.market import AssetClass, Instrument
from tio.engine.market.live import LiveSources
from tio.engine.market.market import Market
from tio.engine.market.symbols import search, unknown
from tio.plugin import Searches, Source

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds a source has to answer a search; what came until then is shown."""
COINS = frozenset(
    "ADA ATOM AVAX BCH BNB BTC DOGE DOT ETH ETC LINK LTC NEAR SHIB SOL SUI TON TRX UNI XLM XMR "
    "XRP".split()
)
"""Coins whose bare name a person means as often as the share that has the same letters."""


class Finding:
    """Searches everything there is; without live sources only what is known."""

    def __init__(self, market: Market) -> None:
        self.live: LiveSources | None = None
        self._market = market

    async def search(self, query: str, limit: int, sources: bool = True) -> tuple[Instrument, ...]:
        """The likeliest first: what is known or listed, then what the sources add."""
        pool = self._pool()
        # A venue lists thousands: that is too much for the loop.
        found = await asyncio.to_thread(search, query, pool, limit)
        if self.live is None or not sources or not query.strip() or len(found) >= limit:
            return found
        told = await self._asked(self.live, query, limit)
        known = {instrument.symbol for instrument in found}
        fresh = [each for each in told if each.symbol not in known]
        ranked = search(query, [*found, *fresh], limit)
        rest = [each for each in fresh if each not in ranked]
        return (*ranked, *rest)[:limit]

    async def suggest(self, text: str) -> NotFound:
        """The error for a symbol nobody serves, with what may have been meant."""
        error = unknown(text, self._market.instruments)
        if self.live is None:
            return error
        near = (await self.search(text, 3))[:3]
        if not near:
            return error
        return NotFound(error.message, f"did you mean {', '.join(map(described, near))}?")

    def refuse_ambiguous(self, text: str) -> None:
        """Invalid when a text may as well be a coin as a share; `$BTC` is always the share."""
        word = text.strip().upper()
        if self.live is None or word not in COINS or word in self._market.instruments:
            return
        coin = f"{word}-USD"
        if coin in self.live.listed or coin in self._market.instruments:
            raise Invalid(
                f"{word} can mean {coin} (the coin) or {word} (a share)",
                f"say {coin}, or ${word} for the share",
            )

    def _pool(self) -> Sequence[Instrument]:
        known = self._market.instruments
        if self.live is None:
            return list(known.values())
        return [*known.values(), *(i for s, i in self.live.listed.items() if s not in known)]

    async def _asked(self, live: LiveSources, query: str, limit: int) -> list[Instrument]:
        """What every source that can be searched answers in time, without doubles."""
        tasks = [
            asyncio.create_task(_ask(name, source, query, limit), name=f"searching {name}")
            for name, source in live.searching()
            if isinstance(source, Searches)
        ]
        if not tasks:
            return []
        done, late = await asyncio.wait(tasks, timeout=PATIENCE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        answers = [task.result() for task in tasks if task in done]
        live.remember(each for answer in answers for each in answer)
        return _once(each for answer in answers for each in answer)


async def _ask(name: str, source: Source, query: str, limit: int) -> Sequence[Instrument]:
    assert isinstance(source, Searches)
    try:
        return await source.search(query, limit)
    except (TioError, OSError, TimeoutError) as error:
        log.info("%s could not be searched: %s", name, error)
        return ()


def _once(instruments: Iterable[Instrument]) -> list[Instrument]:
    return list({each.symbol: each for each in instruments}.values())


def described(instrument: Instrument) -> str:
    """A symbol with what tells it apart: `AAPL (Apple Inc., NMS)`."""
    kind = "" if instrument.asset_class is AssetClass.equity else str(instrument.asset_class)
    told = [part for part in (instrument.name, instrument.venue or instrument.mic, kind) if part]
    return clean(f"{instrument.symbol} ({', '.join(told)})" if told else instrument.symbol)
