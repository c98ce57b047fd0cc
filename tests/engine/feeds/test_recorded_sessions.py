"""Every recorded frame, read by the parsers and counted beside a plain reading of the same file."""

import json
from collections import Counter
from typing import Any

import pytest

from tio.api.ticks import BookSnapshot, Trade
from tio.engine.feeds.frames import Direction, Frame, Garbage, detect, read_frames
from tio.engine.feeds.sources import PARSERS

import recorded

CAPTURES = "1_exchange_captures/"
SESSIONS = {
    "COINBASE.ws.28.0.shared": "coinbase",
    "KRAKEN.ws.48.0": "kraken",
    "KRAKEN_FUTURES.ws.1.0": "kraken_futures",
    "BINANCE.ws.1.0.shared": "binance",
    "BINANCE_FUTURES.ws.1.0": "binance_futures",
}


def plain_messages(name: str) -> list[Any]:
    """The received frames as plain JSON: lines that begin with a number."""
    found = []
    for line in recorded.lines(name):
        head, _, body = line.partition(": ")
        if head.replace(".", "", 1).isdigit():
            found.append(json.loads(body))
    return found


def expected(message: Any) -> Counter[str]:
    """How many ticks of each kind a message holds, by the venues' own words."""
    if isinstance(message, list):
        return Counter(Trade=len(message[1]))  # of v1 only trades were recorded
    said = message.get("data", message)
    kind = said.get("type") or said.get("e") or said.get("feed") or said.get("event")
    if "feed" in said:
        kind = said.get("event") or said["feed"]
    match kind:
        case "match" | "aggTrade" | "trade":
            return Counter(Trade=1)
        case "last_match":
            return Counter(silent=1)
        case "trade_snapshot":
            return Counter(silent=len(said["trades"]))
        case "ticker" | "ticker_lite":
            return Counter(DayFigures=1, TopOfBook=1)
        case "bookTicker":
            return Counter(TopOfBook=1)
        case "snapshot" | "book_snapshot":
            return Counter(BookSnapshot=1)
        case "l2update" | "book" | "depthUpdate":
            return Counter(BookChange=1)
        case "kline":
            return Counter(SourceBar=1)
        case "subscriptions" | "subscribed" | "info" | "heartbeat" | "systemStatus":
            return Counter()
        case "subscriptionStatus":
            return Counter()
        case None if "b" in said and "B" in said:
            return Counter(TopOfBook=1)
    raise AssertionError(f"the plain reading does not know {str(message)[:200]}")


@pytest.mark.parametrize("session", SESSIONS)
def test_every_frame_of_a_session_gives_what_a_plain_reading_counts(session: str) -> None:
    name = f"{CAPTURES}cryptofeed/{session}.txt.gz"
    parser = PARSERS[SESSIONS[session]]
    told: Counter[str] = Counter()
    frames = 0
    for frame in read_frames(recorded.path(name)):
        assert isinstance(frame, Frame), frame
        if frame.direction is Direction.received:
            frames += 1
            for tick in parser.parse(frame.text):
                silent = isinstance(tick, Trade) and not tick.folds
                told["silent" if silent else type(tick).__name__] += 1
    messages = plain_messages(name)
    assert frames == len(messages) > 0
    assert told == sum((expected(message) for message in messages), Counter())


@pytest.mark.parametrize(
    ("session", "source"), [item for item in SESSIONS.items() if "BINANCE_FUTURES" not in item[0]]
)
def test_a_session_tells_its_source_by_its_address(session: str, source: str) -> None:
    assert detect(recorded.path(f"{CAPTURES}cryptofeed/{session}.txt.gz")) == source


def test_matches_of_the_coinbase_session_are_the_trades_told() -> None:
    name = f"{CAPTURES}cryptofeed/COINBASE.ws.28.0.shared.txt.gz"
    plain = [
        (message["product_id"], float(message["price"]), float(message["size"]), message["time"])
        for message in plain_messages(name)
        if message["type"] == "match"
    ]
    told = [
        (tick.symbol, tick.price, tick.size, tick.at)
        for frame in read_frames(recorded.path(name))
        if isinstance(frame, Frame) and frame.direction is Direction.received
        for tick in PARSERS["coinbase"].parse(frame.text)
        if isinstance(tick, Trade) and tick.folds
    ]
    assert [trade[:3] for trade in told] == [trade[:3] for trade in plain]
    for (*_, at), (*_, text) in zip(told, plain, strict=True):
        assert at % 1_000_000 == int(text[20:26])
        assert at // 1_000_000 % 60 == int(text[17:19])


def test_depth_bodies_of_binance_are_whole_books() -> None:
    name = f"{CAPTURES}cryptofeed/BINANCE.http.0.0.txt.gz"
    told = []
    for frame in read_frames(recorded.path(name)):
        assert isinstance(frame, Frame)
        (book,) = PARSERS["binance"].parse_rest(frame.url, frame.text)
        assert isinstance(book, BookSnapshot)
        told.append((book.symbol.replace("-", ""), book.sequence, len(book.bids)))
    plain = []
    for line in recorded.lines(name):
        if line.startswith("https://"):
            url, _, rest = line.partition(" -> ")
            body = json.loads(rest.partition(": ")[2])
            symbol = url.split("symbol=")[1].split("&")[0]
            plain.append((symbol, body["lastUpdateId"], len(body["bids"])))
    assert told == plain


@pytest.mark.parametrize(
    ("fixtures", "source", "wanted"),
    [
        ("nautilus/coinbase.json.gz", "coinbase", "ws_"),
        ("nautilus/binance.json.gz", "binance_futures", "futures/market_data_json/"),
        ("nautilus/binance.json.gz", "binance_futures", "futures/user_data_json/"),
        ("nautilus/binance.json.gz", "binance", "spot/user_data_json/"),
        ("nautilus/kraken.json.gz", "kraken_futures", "ws_futures_"),
        ("nautilus/kraken.json.gz", "kraken", "ws_"),
        ("xchange/stream-kraken.json.gz", "kraken", ""),
    ],
)
def test_fixtures_of_other_projects_are_read_or_knowingly_ignored(
    fixtures: str, source: str, wanted: str
) -> None:
    told: Counter[str] = Counter()
    for name, message in json.loads(recorded.read_text(CAPTURES + fixtures)).items():
        if name.startswith(wanted) and (source != "kraken" or "futures" not in name):
            ticks = PARSERS[source].parse(json.dumps(message))
            told["some" if ticks else "none"] += 1
    assert told["some"] > 0 or "user_data" in wanted
    assert told["some"] + told["none"] > 1


@pytest.mark.parametrize("name", ["kraken.wsHandleData.jsonl", "kraken.wsAllTrades.jsonl"])
def test_kraken_lines_of_gocryptotrader_are_read(name: str) -> None:
    for line in recorded.lines(f"{CAPTURES}gocryptotrader/{name}"):
        if line:
            PARSERS["kraken"].parse(line)


@pytest.mark.parametrize("fixtures", ["xchange/bitstamp.json.gz", "xchange/coinbasepro.json.gz"])
def test_rest_bodies_are_not_taken_for_frames(fixtures: str) -> None:
    source = "bitstamp" if "bitstamp" in fixtures else "coinbase"
    for message in json.loads(recorded.read_text(CAPTURES + fixtures)).values():
        with pytest.raises(Garbage):
            PARSERS[source].parse(json.dumps(message))
