"""What instruments are and what happened to them: asked of the sources that know, kept a while."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.companies import CorporateEvent, GetEvents, GetProfile, Profile
from tio.api.contract import Request, Topic
from tio.api.errors import SourceUnavailable, TioError
from tio.api.market import AssetClass, Instrument, Quote
from tio.api.series import instant, moment
from tio.engine.service import Answer, Stream
from tio.engine.store.companies import CompanyStore
from tio.plugin import Clock, Happenings, Profiles, Source

log = logging.getLogger(__name__)

Asked = Callable[[str], Iterator[tuple[str, Source]]]

PROFILE_LASTS = 24 * 3_600 * 1_000_000
EVENTS_LAST = 12 * 3_600.0
SHARES = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=400)
_OWN = frozenset({"symbol", "told_by", "as_of", "asset_class"})


class Companies:
    """Answers for profiles and events; only shares and funds have splits and dividends."""

    def __init__(
        self,
        clock: Clock,
        store: CompanyStore,
        symbol: Callable[[str], str],
        instrument: Callable[[str], Instrument],
        quote: Callable[[str], Quote],
        eventful: Asked = lambda _: iter(()),
        profiling: Asked = lambda _: iter(()),
    ) -> None:
        self._clock = clock
        self._store = store
        self._symbol = symbol
        self._instrument = instrument
        self._quote = quote
        self._eventful = eventful
        self._profiling = profiling
        self._asked: dict[str, float] = {}

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {GetProfile: self._get_profile, GetEvents: self._get_events}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing runs here until somebody asks."""

    async def close(self) -> None:
        """The store is the engine's to close."""

    async def events(self, symbol: str) -> tuple[CorporateEvent, ...] | None:
        """What is known to have happened, asked for anew twice a day; a failure is logged.

        None when nobody has ever told: then it is not known that nothing happened.
        """
        if self._instrument(symbol).asset_class not in SHARES:
            return None
        await self._refresh(symbol)
        if not await self._store.told(symbol):
            return None
        return await self._store.events(symbol)

    async def _refresh(self, symbol: str) -> None:
        asked = self._asked.get(symbol)
        now = self._clock.monotonic()
        if asked is not None and now - asked < EVENTS_LAST:
            return
        self._asked[symbol] = now
        until = self._clock.now() + _AHEAD
        for name, source in self._eventful(symbol):
            if not isinstance(source, Happenings):
                continue
            try:
                told = await source.events(symbol, _FIRST, until)
            except (TioError, OSError, TimeoutError) as error:
                log.info("%s did not tell the events of %s: %s", name, symbol, error)
                self._asked[symbol] = now - EVENTS_LAST + 60.0  # again in a minute
                continue
            if told is not None:
                await self._store.add_events(symbol, name, told, instant(self._clock.now()))
                self._asked[symbol] = now
                return

    async def _get_events(self, asked: GetEvents, by: Principal) -> tuple[CorporateEvent, ...]:
        start, end = asked.start or date.min, asked.end or date.max
        found = await self.events(self._symbol(asked.symbol)) or ()
        return tuple(event for event in found if start <= event.ex_date <= end)

    async def _get_profile(self, asked: GetProfile, by: Principal) -> Profile:
        symbol = self._symbol(asked.symbol)
        kept = await self._store.profile(symbol)
        now = instant(self._clock.now())
        if kept is not None and now - kept[0] < PROFILE_LASTS:
            return self._with_quote(kept[1])
        told, troubles = await self._ask(symbol)
        if told is not None:
            await self._store.put_profile(told, now)
            return self._with_quote(told)
        if kept is not None:
            return self._with_quote(kept[1])
        if troubles:
            raise SourceUnavailable(
                f"no source could tell what {symbol} is: {'; '.join(troubles)}",
                "`tio sources` says when they are tried again",
            )
        return self._with_quote(self._bare(symbol))

    async def _ask(self, symbol: str) -> tuple[Profile | None, list[str]]:
        """The first source's profile, what it lacks filled in from the next."""
        whole: Profile | None = None
        troubles = []
        for name, source in self._profiling(symbol):
            if not isinstance(source, Profiles):
                continue
            try:
                told = await source.profile(symbol)
            except (TioError, OSError, TimeoutError) as error:
                troubles.append(f"{name}: {error}")
                continue
            if told is not None:
                whole = merged(whole or self._bare(symbol), told, name, self._clock.now())
        return whole, troubles

    def _bare(self, symbol: str) -> Profile:
        instrument = self._instrument(symbol)
        return Profile(
            symbol=symbol,
            name=instrument.name,
            asset_class=instrument.asset_class,
            exchange=instrument.venue,
            mic=instrument.mic,
            currency=instrument.currency,
        )

    def _with_quote(self, profile: Profile) -> Profile:
        """The day's range as it is on the board now."""
        quote = self._quote(profile.symbol)
        if quote.high is None or quote.low is None:
            return profile
        told = {**profile.told_by, "day_high": quote.source, "day_low": quote.source}
        return replace(profile, day_high=quote.high, day_low=quote.low, told_by=told)


def merged(known: Profile, told: Profile, source: str, at: datetime) -> Profile:
    """What was known, filled with what a source tells; who told each field stands in `told_by`."""
    fresh: dict[str, Any] = {}
    for field in msgspec.structs.fields(Profile):
        value = getattr(told, field.name)
        if field.name not in _OWN and not _said(getattr(known, field.name)) and _said(value):
            fresh[field.name] = value
    told_by = {**known.told_by, **dict.fromkeys(fresh, source)}
    moment_told = known.as_of or told.as_of or moment(instant(at))
    return replace(known, **fresh, told_by=told_by, as_of=moment_told)


def _said(value: object) -> bool:
    """Whether a field says anything; a zero does."""
    return value is not None and value is not False and value != ""
