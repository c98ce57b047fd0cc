import base64
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import AssetClass, Coverage, Delay
from tio.api.ticks import DayFigures, TopOfBook, Trade
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo import parse
from tio.engine.feeds.yahoo_listings import traits_of
from tio.engine.feeds.yahoo_stream import (
    Pricing,
    decode_pricing,
    read_pricing,
    stream_traits,
    ticks_of,
)

GOLDEN = "CgRBQVBMFQDAh0MYsIXggdVmKgNOTVMwCDgCRSS5/D1lH4WrPtgBBA=="


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def message(**fields: float | str) -> str:
    """A frame of the second version, made of fields named by number as `f2=271.5`."""
    raw = b""
    for name, value in fields.items():
        number = int(name[1:])
        if isinstance(value, str):
            raw += varint(number << 3 | 2) + varint(len(value.encode())) + value.encode()
        elif isinstance(value, float):
            raw += varint(number << 3 | 5) + struct.pack("<f", value)
        else:
            zigzag = number in (3, 9, 22, 27)
            raw += varint(number << 3) + varint(value << 1 if zigzag else value)
    return json.dumps({"type": "pricing", "message": base64.b64encode(raw).decode()})


def test_golden_message_is_read_field_by_field() -> None:
    pricing = read_pricing(json.dumps({"type": "pricing", "message": GOLDEN}))
    assert pricing is not None
    assert (pricing.id, pricing.price, pricing.exchange) == ("AAPL", 271.5, "NMS")
    assert pricing.time == 1_763_756_999_000
    assert (pricing.quote_type, pricing.market_hours, pricing.price_hint) == (8, 2, 2)
    assert pricing.change_percent == pytest.approx(0.1234, abs=1e-7)
    assert pricing.change == pytest.approx(0.335, abs=1e-7)


def test_bare_base64_of_the_first_version_says_the_same() -> None:
    assert read_pricing(GOLDEN) == read_pricing(json.dumps({"message": GOLDEN}))


def test_message_after_hours_says_its_price_and_no_change_of_another_close() -> None:
    assert parse(GOLDEN) == (DayFigures(symbol="AAPL", at=1_763_756_999_000_000, last=271.5),)


def test_message_of_the_session_says_the_day_and_the_best_and_never_a_trade() -> None:
    frame = message(
        f1="MSFT", f2=408.43, f3=1_763_750_000_000, f5="NMS", f6=8, f7=1, f9=20_000_000,
        f10=410.2, f11=401.12, f15=402.0, f16=405.5, f22=100, f23=408.42, f25=408.45, f27=2,
    )  # fmt: skip
    at = 1_763_750_000_000_000
    ticks = parse(frame)
    assert ticks == (
        TopOfBook("MSFT", 408.42, 408.45, at=at),
        DayFigures(
            symbol="MSFT",
            at=at,
            last=408.43,
            open=402.0,
            high=410.2,
            low=401.12,
            previous_close=405.5,
            volume=20_000_000.0,
        ),
    )
    assert not any(isinstance(tick, Trade) for tick in ticks)


def test_float32_is_the_price_at_the_decimals_yahoo_shows() -> None:
    assert struct.unpack("<f", struct.pack("<f", 97123.45))[0] == 97123.453125
    frame = message(f1="BTC-USD", f2=97123.45, f3=1_763_750_000_000, f6=41, f27=2)
    (figures,) = parse(frame)
    assert isinstance(figures, DayFigures)
    assert figures.last == 97123.45
    (unhinted,) = ticks_of(Pricing(id="DOGE-USD", price=0.12345679104328156, quote_type=41))
    assert isinstance(unhinted, DayFigures)
    assert unhinted.last == 0.1234568


def test_coins_tell_their_change_of_24_hours_and_no_dollars_as_volume() -> None:
    frame = message(f1="BTC-USD", f2=96000.0, f6=41, f7=1, f8=-1.25, f9=10**10, f12=-1200.5, f27=2)
    assert parse(frame) == (
        DayFigures(symbol="BTC-USD", last=96000.0, change=-1200.5, change_percent=-1.25),
    )


def test_pence_are_pounds_and_a_price_that_may_be_pence_is_not_told() -> None:
    frame = message(f1="VOD.L", f2=72.5, f4="GBp", f6=8, f7=1, f8=1.5, f27=2)
    (pounds,) = parse(frame)
    assert isinstance(pounds, DayFigures)
    assert (pounds.symbol, pounds.last) == ("VOD.LSE", 0.725)
    unsaid = message(f1="VOD.L", f2=72.5, f6=8, f7=1, f8=1.5, f27=2)
    assert parse(unsaid) == (DayFigures(symbol="VOD.LSE", change_percent=1.5),)
    pricing = read_pricing(unsaid)
    assert pricing is not None
    (learned,) = ticks_of(pricing, divisor=100.0)
    assert isinstance(learned, DayFigures)
    assert learned.last == 0.725


def test_heartbeats_and_other_frames_say_nothing() -> None:
    assert parse(message(f1="AAPL", f6=7)) == ()
    assert parse('{"type":"status","code":200}') == ()


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{}",
        "not base64!",
        '{"type":"pricing","message":"####"}',
        '{"type":"pricing"}',
        json.dumps({"message": base64.b64encode(b"\x0a\xff\x01").decode()}),
        json.dumps({"message": base64.b64encode(b"\x0d\x00").decode()}),
        json.dumps({"message": base64.b64encode(b"\xff" * 30).decode()}),
        json.dumps({"message": "A" * 100_000}),
        message(f1="AAPL"),
        message(f2=1.5),
        message(f1="\x1b[2J", f2=1.5),
    ],
)
def test_what_is_no_pricing_is_garbage(frame: str) -> None:
    with pytest.raises(Garbage):
        parse(frame)


def test_a_message_comes_as_late_as_the_last_quote_of_its_instrument_said() -> None:
    late = traits_of(AssetClass.equity, "NMS", 0, "Delayed Quote")
    pricing = Pricing(id="AAPL", price=1.0, exchange="NMS", quote_type=8)
    assert stream_traits(pricing, {"AAPL": late}) is late
    usual = stream_traits(pricing, {})
    assert (usual.delay, usual.coverage) == (Delay.realtime, Coverage.single_venue)
    london = stream_traits(Pricing(id="VOD.L", exchange="LSE", quote_type=8), {})
    assert (london.delay, london.delay_minutes) == (Delay.delayed, 15)


@given(st.binary(max_size=120))
def test_any_bytes_are_a_pricing_or_garbage(raw: bytes) -> None:
    try:
        pricing = decode_pricing(raw)
        ticks_of(pricing)
    except Garbage as garbage:
        assert garbage.sentence.isprintable()


def test_a_future_below_zero_is_told_and_a_share_there_is_not() -> None:
    (figures,) = parse(message(f1="CL=F", f2=-37.63, f3=1_587_414_600_000, f4="USD", f6=18, f27=2))
    assert isinstance(figures, DayFigures)
    assert figures.last == -37.63
    with pytest.raises(Garbage, match="no price"):
        parse(message(f1="AAPL", f2=-37.63, f3=1_587_414_600_000, f4="USD", f6=8, f27=2))
