"""What OKX says besides prices: how a request ended, that it will close; errors, lists and bars."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Instrument
from tio.engine.feeds.decimals import decimals_of
from tio.engine.feeds.decoding import decoded, decoder, from_millis
from tio.engine.feeds.http import Throttled
from tio.engine.feeds.listing import listed
from tio.engine.feeds.okx import BARS, NAME, symbol_of
from tio.engine.feeds.rows import Row
from tio.engine.market.symbols import is_fx

SPELLED = {timeframe: spelled for spelled, timeframe in BARS.items()}
"""Our timeframes as it asks for them."""


class Ended(msgspec.Struct, frozen=True):
    """How a request was answered, or what a notice says; `error` is "" when well."""

    event: str
    channel: str = ""
    spelling: str = ""
    error: str = ""

    @property
    def refuses(self) -> bool:
        """Whether the venue has no such channel of such an instrument."""
        return self.event == "error" and bool(self.spelling)


def read_answer(text: str | bytes) -> Ended:
    """What a frame without prices answers."""
    said = decoded(_SAID, text, "OKX")
    words = clean(said.msg, limit=200)
    channel, spelling = said.arg.channel, said.arg.inst_id
    if said.code == _UNKNOWN and not spelling:
        found = _NAMED.search(words)
        channel, spelling = (found[1], found[2]) if found else ("", "")
    failed = said.event in ("error", "notice")
    return Ended(
        clean(said.event, limit=40),
        clean(channel, limit=40),
        clean(spelling, limit=60),
        (words or said.code) if failed else "",
    )


def is_farewell(frame: str | bytes) -> bool:
    """Whether it announces an upgrade, before which it wants another connection."""
    opening = frame[:200]
    if isinstance(opening, bytes):
        return b'"notice"' in opening and b'"64008"' in opening
    return '"notice"' in opening and '"64008"' in opening


def refusal(body: str | bytes) -> TioError | None:
    """The error an answer is, whatever its status; None when it is an answer."""
    said = decoded(_SAID, body, "OKX")
    if said.code == "0":
        return None
    words = clean(f"{said.msg or 'refused'} ({said.code})", limit=200)
    kind = _KINDS.get(said.code, SourceUnavailable)
    return kind(words)


def read_instruments(body: str | bytes) -> tuple[Instrument, ...]:
    """The spot pairs that trade; those of two currencies are none it is asked for."""
    told = decoded(_INSTRUMENTS, body, "OKX").data
    return listed([each for each in told if each.is_served], _listed, NAME)


def read_bars(body: str | bytes) -> tuple[Row, ...]:
    """The bars of one instrument, newest first as they come."""
    return tuple(
        Row(from_millis(row.ts), row.open, row.high, row.low, row.close, row.volume)
        for row in decoded(_ROWS, body, "OKX").data
    )


def requesting(op: str, items: Mapping[str, Sequence[str]]) -> str:
    """The one message that begins or ends to tell channels of these instruments."""
    args = [_Arg(channel, spelling) for channel, names in items.items() for spelling in names]
    return msgspec.json.encode(_Request(op, args)).decode()


_UNKNOWN = "60018"
_NAMED = re.compile(r"channel:([\w-]+),\s*instId:([\w-]+)")
_KINDS: Mapping[str, type[TioError]] = {
    "50011": Throttled,
    "50061": Throttled,
    "51001": NotFound,
    "50014": Invalid,
    "51000": Invalid,
}


class _Arg(msgspec.Struct):
    channel: str = ""
    inst_id: str = msgspec.field(default="", name="instId")


class _Request(msgspec.Struct):
    op: str
    args: list[_Arg]


class _Said(msgspec.Struct):
    event: str = ""
    code: str = ""
    msg: str = ""
    arg: _Arg = msgspec.field(default_factory=_Arg)


class _Instrument(msgspec.Struct, rename="camel"):
    inst_id: str
    base_ccy: str
    quote_ccy: str
    state: str
    tick_sz: str
    lot_sz: str

    @property
    def is_served(self) -> bool:
        return self.state == "live" and not is_fx(self.base_ccy + self.quote_ccy)


class _Instruments(msgspec.Struct):
    data: tuple[_Instrument, ...]


class _Row(msgspec.Struct, array_like=True):
    ts: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class _Rows(msgspec.Struct):
    data: tuple[_Row, ...]


def _listed(told: _Instrument) -> Instrument:
    spelling = clean(told.inst_id, limit=60)
    symbol = symbol_of(spelling)
    return Instrument(
        symbol=symbol,
        asset_class=AssetClass.crypto,
        venue="OKX",
        currency=symbol.split("-")[1],
        price_decimals=_decimals(told.tick_sz),
        size_decimals=_decimals(told.lot_sz),
        source=NAME,
        spellings={NAME: spelling},
    )


def _decimals(step: str) -> int | None:
    """Decimals of a step such as `0.00001`; None where it is no number."""
    try:
        return decimals_of(float(step)) if step else None
    except ValueError:
        return None


_SAID = decoder(_Said)
_INSTRUMENTS = decoder(_Instruments)
_ROWS = decoder(_Rows)
