"""Coinbase's adapter streaming from a local server that speaks its language."""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from coinbase_venue import LIST, TRADES, Scene, beat, book, frame, product, trades
from faulty_server import Says, faulty_server, status

from tio.api.errors import NotAllowed
from tio.api.market import Side
from tio.api.sources import SourceState
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, TopOfBook, Trade
from tio.engine.feeds.coinbase import parse
from tio.engine.feeds.frames import Direction, Frame, read_frames
from tio.engine.feeds.live import coinbase
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.coinbase_stream import BOOKS, RENEWALS
from tio.engine.feeds.live.reach import Reach
from tio.plugin import Lists, Polls, Spells

import recorded


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with faulty_server() as server:
        found = Scene(server)
        yield found
        await found.web.close()


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Scene) -> None:
    known = CATALOGUE["coinbase"]
    assert (known.assets, known.needs_key) == (coinbase.ASSETS, coinbase.NEEDS_KEY)
    assert (known.unofficial, known.attribution) == (coinbase.UNOFFICIAL, coinbase.ATTRIBUTION)
    source = coinbase.open_source(Reach(scene.web, scene.clock))
    assert source.traits.name == "coinbase"
    for capability in (Spells, Lists, Polls):
        assert isinstance(source, capability)
    assert not scene.server.asked


async def test_the_list_decides_spellings_and_tethers_are_not_dollars(scene: Scene) -> None:
    assert scene.coinbase.spelled("BTC-USD") is None
    await scene.listed()
    spelled = [scene.coinbase.spelled(each) for each in ("BTC-USD", "BTC-USDC", "BTC-USDT", "X-Y")]
    assert spelled == ["BTC-USD", "BTC-USD", "BTC-USDT", None]


async def test_it_asks_for_heartbeats_first_and_for_what_is_wanted_and_no_more(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD"):
        assert scene.said()[0] == ("heartbeats", [])
        assert sorted(scene.said()[1:]) == [
            ("level2", ["BTC-USD"]),
            ("market_trades", ["BTC-USD"]),
            ("ticker", ["BTC-USD"]),
        ]
        assert scene.clock.monotonic() >= 3 * 0.25
        scene.demand.add(["ETH-USD"])
        scene.demand.drop(["BTC-USD"])
        await scene.until(lambda: len(scene.server.heard) == 10)
        assert {products[0] for _, products in scene.said("unsubscribe")} == {"BTC-USD"}
        assert {products[0] for _, products in scene.said()[4:]} == {"ETH-USD"}
        await scene.server.say(trades(0, 1), trades(1, 2, product="ETH-USD"))
        await scene.until(lambda: bool(scene.out.ticks))
        assert (scene.ids("BTC-USD"), scene.ids("ETH-USD")) == ([], ["2"])


async def test_prices_books_and_trades_are_told_and_past_trades_fold_into_nothing(
    scene: Scene,
) -> None:
    ticker = {"product_id": "BTC-USD", "price": "100", "best_bid": "99", "best_ask": "101"}
    async with scene.running("BTC-USD"):
        await scene.server.say(
            frame(0, "ticker", {"type": "snapshot", "tickers": [ticker]}),
            book(1),
            book(2, "update"),
            trades(3, 7, kind="snapshot"),
            trades(4, 8),
        )
        await scene.until(lambda: len(scene.out.ticks) == 6)
    figures, top, whole, change, past, new = scene.out.ticks
    assert isinstance(figures, DayFigures)
    assert isinstance(top, TopOfBook)
    assert isinstance(whole, BookSnapshot)
    assert isinstance(change, BookChange)
    assert isinstance(past, Trade)
    assert isinstance(new, Trade)
    assert (past.folds, new.folds, new.side) == (False, True, Side.buy)
    assert len(scene.out.frames) == 5


async def test_what_is_traded_in_dollars_is_told_of_the_usdc_pair_in_the_same_book(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD", "BTC-USDC"):
        assert all(products in ([], ["BTC-USD"]) for _, products in scene.said())
        await scene.server.say(trades(0, 1))
        await scene.until(lambda: len(scene.out.ticks) == 2)
        assert (scene.ids("BTC-USD"), scene.ids("BTC-USDC")) == (["1"], ["1"])


async def test_books_are_told_of_so_many_and_of_the_same_ones(scene: Scene) -> None:
    names = [f"C{number:03}-USD" for number in range(BOOKS + 5)]
    scene.server.answer(LIST, json={"products": [product(name) for name in ["A-USD", *names]]})
    async with scene.running(*names):
        await scene.until(lambda: any(channel == "level2" for channel, _ in scene.said()))
        assert [names for channel, names in scene.said() if channel == "level2"] == [names[:BOOKS]]
        scene.demand.add(["A-USD"])
        await scene.until(lambda: ("ticker", ["A-USD"]) in scene.said())
        scene.demand.drop([names[3]])
        await scene.until(lambda: ("level2", ["A-USD"]) in scene.said())
        assert ("level2", [names[3]]) in scene.said("unsubscribe")


async def test_a_book_that_is_watched_is_told_before_the_others(scene: Scene) -> None:
    names = [f"C{number:03}-USD" for number in range(BOOKS + 5)]
    scene.server.answer(LIST, json={"products": [product(name) for name in names]})
    async with scene.running(*names):
        await scene.until(lambda: any(channel == "level2" for channel, _ in scene.said()))
        scene.demand.look(names[-1])
        await scene.until(lambda: ("level2", [names[-1]]) in scene.said())
        assert ("level2", [names[BOOKS - 1]]) in scene.said("unsubscribe")


async def test_where_frames_are_missing_the_book_is_asked_for_anew(scene: Scene) -> None:
    def answer(text: str) -> list[str]:
        said = json.loads(text)
        if said["type"] != "unsubscribe":
            return []
        return [frame(9, "subscriptions", {"subscriptions": {"ticker": ["BTC-USD"]}})]

    scene.server.on_message = answer
    async with scene.running("BTC-USD"):
        await scene.server.say(beat(0), book(1), beat(2), beat(2), beat(8))
        await scene.until(lambda: len(scene.server.heard) == 6)
        assert scene.said("unsubscribe") == [("level2", ["BTC-USD"])]
        assert scene.said()[-1] == ("level2", ["BTC-USD"])
        await scene.server.say(beat(10), beat(11))
        await scene.passes(5)
        assert len(scene.server.heard) == 6
        assert scene.server.connected == 1


async def test_books_are_not_asked_for_anew_without_end(scene: Scene) -> None:
    def answer(text: str) -> list[str]:
        gone = json.loads(text)["type"] == "unsubscribe"
        return [frame(next(numbers), "subscriptions", {"subscriptions": {}})] if gone else []

    numbers = itertools.count(10, 10)
    scene.server.on_message = answer
    async with scene.running("BTC-USD"):
        await scene.server.say(beat(0))
        for _ in range(20):
            await scene.server.say(beat(next(numbers)))
            await scene.passes(3)
        assert 3 <= len(scene.said("unsubscribe")) <= RENEWALS
        assert scene.server.connected == 1


async def test_a_trade_number_that_is_skipped_is_asked_for_and_told_in_order(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say(trades(0, 1, 2), trades(1, 6), trades(2, 6), trades(3, 7))
        await scene.until(lambda: "5" in scene.ids())
        (asked,) = [each for each in scene.server.asked if each.path == TRADES]
        assert asked.query == {"limit": "3", "after": "6"}
        repaired = [each for each in scene.out.ticks if isinstance(each, Trade)]
        assert {each.id for each in repaired} == {"1", "2", "3", "4", "5", "6", "7"}
        # The Exchange says the side of the order that stood; here it was a buyer who took.
        assert {each.side for each in repaired} == {Side.buy}
        assert all(each.folds for each in repaired)


async def test_a_long_gap_is_asked_for_in_pages_and_a_longer_one_is_left_to_the_bars(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say(trades(0, 1), trades(1, 2_502))
        await scene.until(lambda: len(scene.ids()) == 2_502)
        assert scene.server.count(TRADES) == 3
        await scene.server.say(trades(2, 99_999))
        await scene.until(lambda: len(scene.ids()) == 2_503)
        await scene.passes(5)
        assert scene.server.count(TRADES) == 3


async def test_after_a_lost_connection_all_is_subscribed_and_what_was_missed_is_told(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say(trades(0, 1))
        await scene.until(lambda: scene.ids() == ["1"])
        await scene.server.close_sockets()
        await scene.until(lambda: len(scene.server.heard) == 8)
        assert sorted(scene.said()[:4]) == sorted(scene.said()[4:])
        await scene.server.say(trades(0, 5, 4, kind="snapshot"))
        await scene.until(lambda: len(scene.ids()) == 5)
        assert set(scene.ids()) == {"1", "2", "3", "4", "5"}
        assert all(tick.folds for tick in scene.out.ticks if isinstance(tick, Trade))
        assert SourceState.failed in {state for state, _ in scene.out.standings}


async def test_ten_seconds_without_a_heartbeat_are_a_lost_connection(scene: Scene) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say(beat(0))
        await scene.until(lambda: len(scene.out.frames) == 1)
        scene.server.deaf = True
        began = scene.clock.monotonic()
        await scene.until(lambda: scene.server.connected == 2)
        assert 10 <= scene.clock.monotonic() - began < 15
        assert any("no message for 10 s" in reason for _, reason in scene.out.standings)


async def test_a_product_the_venue_refuses_is_told_and_not_asked_for_again(scene: Scene) -> None:
    async with scene.running("BTC-USD", "ETH-USD"):
        await scene.server.say('{"type":"error","message":"ETH-USD is not a valid product"}')
        await scene.until(lambda: bool(scene.out.refusals))
        assert scene.out.refusals == {"ETH-USD": "Coinbase says: ETH-USD is not a valid product"}
        await scene.until(lambda: len(scene.said("unsubscribe")) == 3)
        await scene.server.close_sockets()
        await scene.until(lambda: len(scene.said()) == 8)
        assert all(products in ([], ["BTC-USD"]) for _, products in scene.said()[4:])


async def test_garbage_and_words_of_no_product_change_nothing(scene: Scene) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say("garbage", "[]", '{"channel":"wow"}', b"\xff")
        await scene.server.say('{"type":"error","message":"slow down"}', trades(0, 1))
        await scene.until(lambda: scene.ids() == ["1"])
        assert (SourceState.live, "Coinbase says: slow down") in scene.out.standings
        assert scene.server.connected == 1


async def test_a_recorded_session_of_the_exchange_goes_through_whole(scene: Scene) -> None:
    name = "1_exchange_captures/cryptofeed/COINBASE."
    listed = next(recorded.lines(f"{name}0.txt.gz")).partition(": ")[2]
    scene.server.answer(LIST, status(403))
    scene.server.answer("/products", Says(200, listed.encode()))
    frames = [
        each.text
        for each in read_frames(recorded.path(f"{name}ws.28.0.shared.txt.gz"))
        if isinstance(each, Frame) and each.direction is Direction.received
    ]
    expected = [tick for text in frames for tick in parse(text)]
    async with scene.running(*{tick.symbol for tick in expected}):
        await scene.server.say(*frames)
        await scene.until(lambda: len(scene.out.frames) == len(frames))
        assert len(frames) > 6_000
        assert Counter(map(type, scene.out.ticks)) == Counter(map(type, expected))
        assert scene.server.count(TRADES) == 0


async def test_where_it_does_not_stream_it_ends_and_is_not_asked_again(scene: Scene) -> None:
    await scene.listed()
    scene.server.refuse_sockets = 451
    scene.demand.add(["BTC-USD"])
    with pytest.raises(NotAllowed, match="does not stream to here"):
        await scene.told(scene.coinbase.run(scene.demand.follow(), scene.out))
    assert scene.server.connected == 1
    assert SourceState.failed not in {state for state, _ in scene.out.standings}


async def test_a_socket_out_of_order_is_tried_again_ever_more_slowly(scene: Scene) -> None:
    await scene.listed()
    scene.server.refuse_sockets = 503
    scene.demand.add(["BTC-USD"])
    task = asyncio.create_task(scene.coinbase.run(scene.demand.follow(), scene.out))
    await scene.until(lambda: scene.clock.monotonic() > 600, step=5.0)
    # Half of a second doubled up to a minute: ten minutes hold no more than this.
    assert 5 <= scene.server.connected <= 30
    scene.server.refuse_sockets = 0
    await scene.until(lambda: bool(scene.server.heard), step=5.0)
    assert any("(503), next try at " in reason for _, reason in scene.out.standings)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
