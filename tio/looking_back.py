"""The whole terminal at a past moment, with or without its name and date; and back to now."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from tio.api.contract import Engine
from tio.api.errors import Conflict, NotFound, TioError
from tio.api.market import Bars, GetBars, GetQuotes, Timeframe
from tio.api.past import ListStoredBars
from tio.api.series import moment
from tio.api.watchlists import ListWatchlists
from tio.as_of import AsOfEngine
from tio.blindfold import BLIND, Blindfold, Mask
from tio.screens.following import in_words
from tio.screens.moments import StoodClock, moment_meant
from tio.screens.stage import Stage

_BEFORE, _AFTER = 120, 20
"""Days a drill has before its moment to look at, and after it to be told of."""
_TRIES = 20
_TOLD = (1, 5, 20)
"""Sessions after a drill of which its end tells."""


class LookingBack:
    """Where a stage stands in time; it owns which engine the screens see."""

    def __init__(self, stage: Stage, chance: random.Random | None = None) -> None:
        self._stage = stage
        self._chance = chance or random.Random()
        self._clock = stage.clock
        self._live: Engine | None = None
        self._at: datetime | None = None
        self._mask: Mask | None = None
        self._symbol = ""
        """What was looked at before a drill."""

    def go(self, words: Sequence[str]) -> None:
        """To the moment the words mean, from where one stands; beyond now is now."""
        here = self._at or self._clock.now()
        at = moment_meant(words, here, self._stage.zone)
        if at >= self._clock.now():
            self.now()
        else:
            self._stand(at)
            local = at.astimezone(self._stage.zone)
            shown = "" if self._mask else f"{local:%a %d %b %Y %H:%M %Z}. "
            self._stage.say(f"{shown}AS-OF +1d goes on, NOW goes back.", "rise")

    def now(self) -> None:
        """Back to now."""
        if self._at is None:
            self._stage.say("This is now.")
            return
        self._unmask()
        self._stand(None)
        self._stage.say("Back to now.", "rise")

    async def blind(self) -> None:
        """To a drill: a symbol and a moment by chance, neither told."""
        live = self._stage.engine if self._live is None else self._live
        if live is None:
            self._stage.say("The engine is not there yet; try again in a moment.", "fall")
            return
        try:
            symbol, at = await self._chosen(live)
        except TioError as error:
            self._stage.say(in_words(error), "fall")
            return
        if self._mask is None:
            self._symbol = self._stage.symbol
        self._mask = Mask.of(symbol, at)
        self._stand(at)
        self._stage.symbol = BLIND
        self._stage.timeframe = Timeframe.d1
        self._stage.say("AS-OF +1d goes on, REVEAL tells what it was.", "rise")

    async def reveal(self) -> None:
        """End the drill where it stands, and tell what it was and what came after."""
        if self._mask is None or self._live is None or self._at is None:
            self._stage.say("There is no blind drill to reveal. BLIND begins one.", "fall")
            return
        symbol, at = self._mask.symbol, self._at
        self._mask = None
        self._stand(at)
        self._stage.symbol = symbol
        try:
            came = await what_came(self._live, symbol, at)
        except TioError as error:
            came = in_words(error)
        self._stage.say(f"{symbol} on {at.astimezone(self._stage.zone):%a %d %b %Y}. {came}")

    def _unmask(self) -> None:
        if self._mask is not None:
            self._mask = None
            self._stage.symbol = self._symbol

    def _stand(self, at: datetime | None) -> None:
        """Show everything at a moment, None for now; nothing seen before stays on a screen."""
        stage = self._stage
        if self._live is None:
            if stage.engine is None:
                raise Conflict("the engine is not there yet", "try again in a moment")
            self._live = stage.engine
        self._at = at
        stage.leave_screens()
        stage.quotes.clear()
        if at is None:
            stage.clock, stage.blind = self._clock, False
            stage.as_of, stage.engine = None, self._live
            return
        shown = at if self._mask is None else at - self._mask.moved
        stage.clock, stage.blind = StoodClock(shown, self._clock), self._mask is not None
        stage.as_of = shown
        engine: Engine = AsOfEngine(self._live, at)
        stage.engine = engine if self._mask is None else Blindfold(engine, self._mask)

    async def _chosen(self, live: Engine) -> tuple[str, datetime]:
        """A symbol with enough days, and one of them at its end."""
        names = await _stored(live)
        names |= {s for each in await live.ask(ListWatchlists()) for s in each.symbols}
        names |= {quote.symbol for quote in await live.ask(GetQuotes())}
        symbols = sorted(names)
        self._chance.shuffle(symbols)
        for symbol in symbols[:_TRIES]:
            bars = await _days(live, symbol)
            if len(bars) > _BEFORE + _AFTER:
                row = self._chance.randrange(_BEFORE, len(bars) - _AFTER)
                return symbol, moment(int(bars.time[row])) + timedelta(days=1)
        raise NotFound(
            f"no symbol has the {_BEFORE + _AFTER} days of bars a drill needs",
            "add symbols to a watchlist, or `tio history fill`",
        )


async def _stored(live: Engine) -> set[str]:
    try:
        return {each.symbol for each in await live.ask(ListStoredBars())}
    except Conflict:
        return set()  # the demo keeps no bars


async def _days(live: Engine, symbol: str) -> Bars:
    try:
        return await live.ask(GetBars(symbol, Timeframe.d1, limit=5_000))
    except TioError:
        return Bars(symbol=symbol, timeframe=Timeframe.d1)  # another symbol is taken


async def what_came(live: Engine, symbol: str, at: datetime) -> str:
    """How far the closes after a moment were from the last one before it, in a sentence."""
    asked = GetBars(symbol, Timeframe.d1, start=at, limit=50_000)
    later = await live.ask(asked)
    before = await live.ask(GetBars(symbol, Timeframe.d1, end=at, limit=1))
    if not len(before):
        return "What came after is not known."
    last = before.close[-1]
    told = [
        f"{days} {'session' if days == 1 else 'sessions'} later "
        f"{(later.close[days - 1] / last - 1) * 100:+.1f} %"
        for days in _TOLD
        if len(later) >= days
    ]
    return ", ".join(told) + "." if told else "Nothing has come after yet."
