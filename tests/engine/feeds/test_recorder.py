import threading
from pathlib import Path

import pytest

from tio.api.errors import Conflict, NotFound
from tio.api.ticks import Tick, TopOfBook, Trade
from tio.engine.feeds import recorder as module
from tio.engine.feeds.frames import Direction, Frame, detect, header_sources, read_frames
from tio.engine.feeds.recorder import Recorder
from tio.engine.feeds.sources import PARSERS, source_at
from tio.engine.feeds.steps import read_steps

AT = 1_618_678_132_000_001
KRAKEN = "wss://ws.kraken.com"
BINANCE = "wss://stream.binance.com:9443/ws"


@pytest.mark.parametrize("name", ["session.txt", "session.txt.gz"])
def test_frames_of_several_sources_come_back_exactly(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    recorder = Recorder(file, ("kraken", "binance"))
    said = [
        ("kraken", KRAKEN, '{"event":"heartbeat"}'),
        ("kraken", KRAKEN, '{"name":"é✓"}'),
        ("binance", BINANCE, '{"u":1}'),
        ("kraken", KRAKEN, '{"event":\n"heartbeat"}'),
    ]
    for index, (source, url, text) in enumerate(said):
        recorder.frame(source, url, text, AT + index)
    report = recorder.stop()
    assert not report.recording
    assert report.lines == 8
    assert report.bytes == file.stat().st_size
    assert (file.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")
    assert header_sources(file) == ("kraken", "binance")
    read = [frame for frame in read_frames(file) if isinstance(frame, Frame)]
    heard = [frame for frame in read if frame.direction is Direction.received]
    assert [(source_at(f.url), f.at, f.text) for f in heard] == [
        (source, AT + index, text.replace("\n", " "))
        for index, (source, _, text) in enumerate(said)
    ]
    assert detect(file) == "kraken"


def test_ticks_of_a_source_without_frames_are_replayed_exactly(tmp_path: Path) -> None:
    file = tmp_path / "demo.gz"
    emissions: list[tuple[Tick, ...]] = [
        (Trade("SIM:ACME", 0.1 + 0.2, 3.0, AT), TopOfBook("SIM:ACME", 0.3, 0.31, at=AT)),
        (Trade("SIM:ACME", 1 / 3, 3.0, AT + 7, id="8"),),
    ]
    recorder = Recorder(file, ("tio_ticks",))
    for index, ticks in enumerate(emissions):
        recorder.ticks("simulator", ticks, AT + index)
    recorder.stop()
    steps = list(read_steps(file, detect(file)))
    assert [step.ticks for step in steps] == emissions
    assert [step.at for step in steps] == [AT, AT + 1]


def test_a_connection_made_again_comes_back_where_it_happened(tmp_path: Path) -> None:
    file = tmp_path / "session.txt.gz"
    trade = '[0,[["1.0","2.0","1618678132.0","s","l",""]],"trade","XBT/USD"]'
    recorder = Recorder(file, ("kraken", "binance"))
    recorder.reconnected("kraken")  # nothing was heard of it before
    said = [KRAKEN, "again", KRAKEN, BINANCE, "again", BINANCE, KRAKEN, KRAKEN]
    for index, url in enumerate(said):
        if url == "again":
            recorder.reconnected("kraken")
        elif url == BINANCE:
            recorder.frame("binance", url, '{"result":null,"id":1}', AT + index)
        else:
            recorder.frame("kraken", url, trade, AT + index)
    recorder.stop()
    steps = list(read_steps(file, detect(file)))
    assert [(step.at, step.reconnected) for step in steps] == [
        (AT, False),
        (AT + 2, True),
        (AT + 2, False),
        (AT + 3, False),
        (AT + 5, False),
        (AT + 6, True),
        (AT + 6, False),
        (AT + 7, False),
    ]
    assert {step.traits.name for step in steps if step.reconnected and step.traits} == {"kraken"}


def test_a_source_without_frames_that_began_again_is_told_too(tmp_path: Path) -> None:
    file = tmp_path / "demo.gz"
    recorder = Recorder(file, ("tio_ticks",))
    recorder.ticks("simulator", (Trade("SIM:ACME", 1.0, 3.0, AT),), AT)
    recorder.reconnected("simulator")
    recorder.ticks("simulator", (Trade("SIM:ACME", 1.0, 3.0, AT + 1),), AT + 1)
    recorder.stop()
    steps = list(read_steps(file, detect(file)))
    assert [step.reconnected for step in steps] == [False, True, False]


def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("precious")
    with pytest.raises(Conflict, match="exists already"):
        Recorder(file, ())
    assert file.read_text() == "precious"
    with pytest.raises(NotFound, match="no folder"):
        Recorder(tmp_path / "none" / "session", ())


@pytest.mark.parametrize("name", ["session.txt", "session.txt.gz"])
def test_what_was_said_is_on_disk_while_it_still_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    flushed = threading.Event()
    flush = Recorder._flush

    def told(self: Recorder) -> None:
        flush(self)
        flushed.set()

    monkeypatch.setattr(Recorder, "_flush", told)
    monkeypatch.setattr(module, "_FLUSH_EVERY", 0.01)
    file = tmp_path / name
    recorder = Recorder(file, ("kraken",))
    recorder.frame("kraken", KRAKEN, '{"event":"heartbeat"}', AT)
    for _ in range(3):
        flushed.clear()
        assert flushed.wait(10)
    heard = [f for f in read_frames(file) if isinstance(f, Frame) and f.text]
    assert [frame.at for frame in heard] == [AT]
    assert recorder.recording
    recorder.stop()


@pytest.mark.parametrize("name", ["full", "full.gz"])
def test_a_full_disk_ends_the_recording_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    monkeypatch.setattr(module, "_created", lambda path: full.open("wb"))
    recorder = Recorder(tmp_path / name, ("kraken",))
    for index in range(2_000):
        recorder.frame("kraken", KRAKEN, f'{{"filler":{index * 7919}}}' * 20, AT + index)
    report = recorder.stop()
    assert not report.recording
    assert "No space left" in recorder.reason
    recorder.frame("kraken", KRAKEN, "{}", AT)
    assert recorder.stop() == report


def test_what_the_disk_cannot_keep_up_with_is_dropped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    say = Recorder._say

    def stuck(self: Recorder, line: str) -> None:
        held.wait(10)
        say(self, line)

    monkeypatch.setattr(Recorder, "_say", stuck)
    monkeypatch.setattr(module, "_MOST_WAITING", 5)
    recorder = Recorder(tmp_path / "session", ("kraken",))
    for index in range(20):
        recorder.frame("kraken", KRAKEN, "{}", AT + index)
    assert recorder.dropped == 15
    held.set()
    assert recorder.stop().lines == 7


def test_recording_cut_by_a_crash_still_gives_its_frames(tmp_path: Path) -> None:
    file = tmp_path / "cut.gz"
    recorder = Recorder(file, ("kraken",))
    for index in range(3_000):
        recorder.frame("kraken", KRAKEN, f'[{index},[],"trade","XBT/USD"]', AT + index)
    recorder.stop()
    file.write_bytes(file.read_bytes()[:-200])
    items = list(read_frames(file))
    assert len([item for item in items if isinstance(item, Frame)]) > 1_000
    assert PARSERS[detect(file)].NAME == "kraken"
