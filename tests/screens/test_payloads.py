"""What others write reaches the terminal as text alone: read is what the driver is told to write.

The payloads come in where they really do: recorded frames, files and their names, lists, settings,
the log, what is pasted. Their sequences carry numbers tio never sends, so that none can hide.
"""

import base64
import json
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from spoken_screen import NEVER, PAYLOADS, heard, hearing, judge
from textual import events
from textual.pilot import Pilot
from waiting import until

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.files import ImportBars, Replays, StartReplay
from tio.api.market import Timeframe
from tio.api.system import SaveSetting
from tio.api.watchlists import SaveWatchlist
from tio.app import TioApp
from tio.config import Config, Ui
from tio.engine.local import LocalEngine
from tio.paths import Paths


def listening(engine: Engine) -> TioApp:
    async def open_engine() -> Engine:
        return engine

    config = Config(ui=Ui(time_zone="UTC"))
    return hearing(TioApp(open_engine, config=config, workspace="replay"))


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    local = LocalEngine(Paths.find().workspace("replay"), Config())
    await local.start()
    yield local.session()
    await local.close()


def _recording(folder: Path) -> Path:
    """A recording named and filled with the payloads."""
    name = "".join(PAYLOADS).replace("/", "").replace("\x00", "")
    path = folder / f"{name}.txt"
    sound = {
        "type": "match",
        "trade_id": 1,
        "side": "buy",
        "size": "1",
        "price": "100.5",
        "product_id": "BTC-USD",
        "time": "2021-04-17T16:43:37.000000Z",
    }
    frames: list[dict[str, Any]] = [sound]
    for payload in PAYLOADS:
        frames += [
            {**sound, "trade_id": 2, "price": "99", "product_id": payload},
            {**sound, "trade_id": 3, "price": "98", "product_id": f"{payload}-USD"},
            {"type": "error", "message": payload, "reason": payload},
            {"type": payload, "product_id": payload},
        ]
    lines = [f"{1_618_677_817 + n}.5: {json.dumps(frame)}" for n, frame in enumerate(frames)]
    lines += [f"1618677900.5: {payload}" for payload in PAYLOADS]
    opened = "wss://ws-feed.exchange.coinbase.com <-> 1618677816.84"
    path.write_text("\n".join([opened, *lines]) + "\n")
    return path


async def _poison(engine: Engine, folder: Path) -> None:
    """Bring the payloads in by every door; a door may refuse them."""

    async def ask(request: Any) -> None:
        try:
            await engine.ask(request)
        except TioError as error:
            logging.getLogger("tio.engine").warning("refused: %s %s", error.message, error.next)

    async with engine.watch(Replays()) as reports:
        await ask(StartReplay(str(_recording(folder)), source="coinbase", speed=0))
        async for report in reports:
            if report.value.done:
                break
    for number, payload in enumerate(PAYLOADS):
        table = folder / f"bars{number}.csv"
        table.write_text(
            f"date,open,high,low,close\n2024-01-02,1,2,0.5,1\n{payload},1,{payload},1\n"
        )
        await ask(ImportBars(str(table), symbol=payload, timeframe=Timeframe.d1))
        await ask(ImportBars(str(folder / f"{payload}.csv")))
        symbols = ("BTC-USD", payload, f"{payload}-USD")
        await ask(SaveWatchlist(f"{number} {payload}"[:60], symbols, (payload, "last", "name")))
        for key in ("command.history", "ui.theme", "chart.type", "watchlist.list", "chart.scale"):
            await ask(SaveSetting(key=key, value=json.dumps(payload)))
        logging.getLogger("tio.engine.feeds").error("a feed said %s", payload)


async def _pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    for _ in range(4):
        await pilot.pause(0.02)


async def test_no_control_of_what_others_wrote_reaches_the_terminal(
    engine: Engine, tmp_path: Path
) -> None:
    await _poison(engine, tmp_path)
    app = listening(engine)
    async with app.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: app.symbol in app.quotes)
        for _ in PAYLOADS:
            for keys in ("down", "space", "escape", "down", "l"):
                await _pressed(pilot, keys)
        for keys in ("slash", "s", "escape", "ctrl+p", "escape", "c", "escape", "ctrl+delete"):
            await _pressed(pilot, keys)
        for keys in ("escape", "delete", "0", "f3", "escape", "f2", "escape", "2", "home"):
            await _pressed(pilot, keys)
        for keys in ("question_mark", "escape", "1"):
            await _pressed(pilot, keys)
        judge(heard(app))
        assert "a feed said" in heard(app)


@pytest.mark.parametrize("key", ["f", "n", "plus", "c", "colon", "slash"])
async def test_no_control_of_what_is_pasted_reaches_the_terminal(engine: Engine, key: str) -> None:
    app = listening(engine)
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: app.engine is not None and app.focused is not None)
        for payload in PAYLOADS:
            await _pressed(pilot, key)
            assert app.focused is not None
            app.focused.post_message(events.Paste(payload))
            await _pressed(pilot, "x")
            await _pressed(pilot, "enter")
        judge(heard(app))


async def test_what_is_copied_is_one_sequence_and_clean_inside(
    engine: Engine, tmp_path: Path
) -> None:
    await _poison(engine, tmp_path)
    app = listening(engine)
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: app.symbol in app.quotes)
        await pilot.press("y")
        await until(pilot, lambda: "\x1b]52;c;" in heard(app))
        said = heard(app)
    (copied,) = re.findall(r"\x1b\]52;c;([^\x07]*)\x07", said)
    text = base64.b64decode(copied).decode()
    assert "BTC-USD" in text
    assert not NEVER.findall(text)


def test_the_judge_finds_each_payload() -> None:
    for payload in PAYLOADS[:-1]:
        with pytest.raises(AssertionError):
            judge("x" * 10_001 + payload)
    judge("x" * 10_001 + PAYLOADS[-1] + "\x1b[38;2;1;2;3mok\x1b[3;4H")
