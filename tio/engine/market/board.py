"""The board: the newest quote of each instrument, with where it came from and how old it is."""

from collections.abc import Mapping
from math import isnan

from msgspec.structs import replace

from tio.api.market import AssetClass, Instrument, Quote, Session
from tio.api.series import instant, moment
from tio.engine.market.ladder import Row
from tio.engine.market.line import Line
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.plugin import Clock

_VENUE_FIGURES = (AssetClass.crypto, AssetClass.simulated)


class QuoteBoard:
    """Lines by symbol; `render` makes the quote somebody sees."""

    def __init__(self, clock: Clock, instruments: Mapping[str, Instrument]) -> None:
        self.lines: dict[str, Line] = {}
        self.remembered: dict[str, Quote] = {}
        """What was stored of symbols nobody has told of yet."""
        self._clock = clock
        self._instruments = instruments

    def render(self, symbol: str) -> Quote | None:
        """The quote of a symbol as of now, None when nobody has said anything of it."""
        line = self.lines.get(symbol)
        if line is None or not line.received_at:
            return self._recalled(symbol)
        return quote_of(line, self._now())

    def _recalled(self, symbol: str) -> Quote | None:
        """A quote out of what is stored, its age and session of now."""
        quote = self.remembered.get(symbol)
        if quote is None or quote.as_of is None:
            return None
        instrument = self._instruments.get(symbol) or classify(symbol)
        now = self._now()
        return replace(
            quote,
            age=max(0.0, (now - instant(quote.as_of)) / 1_000_000),
            session=rules_of(instrument).session(now),
        )

    def quote(self, symbol: str) -> Quote:
        """The quote of a symbol; one nobody has spoken of has its session and no prices."""
        quote = self.render(symbol)
        if quote is not None:
            return quote
        instrument = self._instruments.get(symbol) or classify(symbol)
        return Quote(
            symbol=symbol,
            name=instrument.name,
            currency=instrument.currency,
            source=instrument.source,
            session=rules_of(instrument).session(self._now()),
            price_decimals=instrument.price_decimals,
            asset_class=instrument.asset_class,
        )

    def all(self) -> tuple[Quote, ...]:
        """Every quote there is."""
        found = (self.render(symbol) for symbol in self.lines)
        return tuple(quote for quote in found if quote is not None)

    def turned(self) -> list[str]:
        """Symbols whose session or staleness is not what it was at the last call."""
        now = self._now()
        turned = []
        for symbol, line in self.lines.items():
            standing = standing_of(line, now)
            if standing != line.standing:
                line.standing = standing
                turned.append(symbol)
        return turned

    def _now(self) -> int:
        return instant(self._clock.now())


def quote_of(line: Line, now: int) -> Quote:
    """What a line comes to at the instant `now`."""
    instrument, origin = line.instrument, line.origin
    age = age_of(line, now)
    session, stale = standing_of(line, now)
    figures = day_figures(line)
    return Quote(
        symbol=line.symbol,
        name=instrument.name,
        last=line.last,
        bid=line.bid,
        ask=line.ask,
        bid_size=line.bid_size,
        ask_size=line.ask_size,
        open=figures.get("open"),
        high=figures.get("high"),
        low=figures.get("low"),
        previous_close=figures.get("previous_close"),
        change=figures.get("change"),
        change_percent=figures.get("change_percent"),
        volume=figures.get("volume"),
        currency=instrument.currency,
        session=session,
        as_of=None if line.as_of is None else moment(line.as_of),
        received_at=moment(line.received_at),
        source=origin.name,
        delay=origin.delay,
        delay_minutes=origin.delay_minutes,
        age=age,
        stale=stale,
        coverage=origin.coverage,
        flags=line.flags(stale),
        price_decimals=line.price_decimals(),
        asset_class=instrument.asset_class,
        note=line.note,
    )


def age_of(line: Line, now: int) -> float:
    """Seconds since the venue said the newest of this line, else since it was received."""
    since = line.as_of if line.as_of is not None else line.received_at
    return max(0.0, (now - since) / 1_000_000)


def standing_of(line: Line, now: int) -> tuple[Session, bool]:
    """The session a line is in, and whether it is stale: silent while that is open."""
    session = line.bars.rules.session(now)
    patience = line.origin.stale_after + 60 * line.origin.delay_minutes
    return session, session is Session.regular and age_of(line, now) > patience


def day_figures(line: Line) -> dict[str, float]:
    """Open, high, low, previous close, volume and change of the day, as its asset class means it.

    Crypto and simulated instruments: the venue's own figures or nothing. Others: the venue's where
    they are of the day of the last trade, else the daily bars'.
    """
    if line.instrument.asset_class in _VENUE_FIGURES:
        figures = dict(line.figures)
        reference = figures.get("open")
        if line.instrument.asset_class is AssetClass.simulated:
            reference = figures.get("previous_close", reference)
    else:
        figures = _from_bars(line)
        reference = figures.get("previous_close")
    if line.last is not None and reference is not None:
        change = line.last - reference
        figures.setdefault("change", change)
        if reference:
            figures.setdefault("change_percent", change / abs(reference) * 100)
    return figures


def _from_bars(line: Line) -> dict[str, float]:
    bars = line.bars
    traded_at = line.last_at if line.last is not None else line.newest_at
    day = bars.rules.day(traded_at if traded_at > 0 else line.received_at)
    figures: dict[str, float] = {}
    today = bars.today()
    if today is not None and today.time == day.date:
        figures |= _figures(today)
    before = bars.ladders[bars.DAILY].before(day.date)
    if before is not None:
        figures["previous_close"] = before.close
    if day.start <= line.figures_at < day.end or line.figures_at < 0:
        figures |= line.figures
    return figures


def _figures(row: Row) -> dict[str, float]:
    figures = {"open": row.open, "high": row.high, "low": row.low}
    if not isnan(row.volume):
        figures["volume"] = row.volume
    return figures
