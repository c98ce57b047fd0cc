"""What Kraken's socket says besides prices: how a request ended, and how its engine does."""

from typing import Literal

import msgspec

from tio.api.clean import clean
from tio.engine.feeds.decoding import decoded, decoder


class Ended(msgspec.Struct, frozen=True):
    """How a subscription or its end was answered: `error` is "" when well."""

    method: str
    channel: str
    spelling: str
    error: str = ""

    @property
    def refuses(self) -> bool:
        """Whether the venue does not serve this symbol, rather than not at this moment."""
        return self.method == "subscribe" and "currency pair" in self.error.lower()


class System(msgspec.Struct, frozen=True):
    """How the venue's engine does, in its own word: online, maintenance, cancel_only, post_only."""

    status: str


class TooFast(msgspec.Struct, frozen=True):
    """It dropped what we said, for we said too much."""

    error: str


def read_answer(text: str | bytes) -> Ended | System | TooFast | None:
    """What a frame without prices answers; None when it answers nothing."""
    said = decoded(_SAID, text, "Kraken")
    if said.error_of_rate:
        return TooFast(clean(said.error_of_rate, limit=200))
    if said.channel == "status" and said.data:
        return System(clean(said.data[0].system, limit=40))
    if said.method in ("subscribe", "unsubscribe"):
        result = said.result or _Result()
        return Ended(
            said.method,
            clean(result.channel, limit=40),
            clean(said.symbol or result.symbol, limit=80),
            "" if said.success else clean(said.error, limit=200) or "refused",
        )
    return None


def is_too_fast(frame: str | bytes) -> bool:
    """Whether a frame says that what we said was dropped: only a new connection mends that."""
    opening = frame[:40]
    return (b'"Error"' in opening) if isinstance(opening, bytes) else ('"Error"' in opening)


def subscribing(
    method: Literal["subscribe", "unsubscribe"], channel: str, spellings: list[str], depth: int
) -> str:
    """The message that begins or ends to tell a channel of these symbols."""
    begins = method == "subscribe"
    params = _Params(
        channel=channel,
        symbol=spellings,
        depth=depth if channel == "book" else None,
        event_trigger="bbo" if channel == "ticker" else None,
        snapshot=True if begins else None,
    )
    return msgspec.json.encode(_Message(method, params)).decode()


class _Params(msgspec.Struct, omit_defaults=True):
    channel: str
    symbol: list[str]
    depth: int | None = None
    event_trigger: str | None = None
    snapshot: bool | None = None


class _Message(msgspec.Struct):
    method: str
    params: _Params


class _Result(msgspec.Struct):
    channel: str = ""
    symbol: str = ""


class _State(msgspec.Struct):
    system: str = ""


class _Said(msgspec.Struct):
    channel: str = ""
    method: str = ""
    symbol: str = ""
    success: bool = False
    error: str = ""
    result: _Result | None = None
    data: tuple[_State, ...] = ()
    error_of_rate: str = msgspec.field(default="", name="Error")


_SAID = decoder(_Said)
