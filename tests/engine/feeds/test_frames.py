import gzip
from pathlib import Path

import pytest

from tio.api.errors import Invalid, NotFound
from tio.engine.feeds import frames
from tio.engine.feeds.frames import (
    Direction,
    Frame,
    Garbage,
    detect,
    header_sources,
    read_frames,
    stamp,
)

SESSION = """wss://ws.kraken.com <-> 1618678132.368463
wss://ws.kraken.com <- 1618678132.5: {"event":"subscribe"}

1618678132.831468: {"event":"heartbeat"}
https://api.kraken.com/0/public/Time -> 1618678133: {"error":[]}
configuration: {"ticker":[]}
# a remark
1618678134.0: {"event": "heartbeat"}
"""


def told(tmp_path: Path, text: str | bytes, name: str = "session.txt") -> list[Frame | Garbage]:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_frames(file))


def test_lines_are_read_with_time_address_and_direction(tmp_path: Path) -> None:
    kraken = "wss://ws.kraken.com"
    assert told(tmp_path, SESSION) == [
        Frame(1618678132368463, kraken, Direction.connected, "", 1),
        Frame(1618678132500000, kraken, Direction.sent, '{"event":"subscribe"}', 2),
        Frame(1618678132831468, kraken, Direction.received, '{"event":"heartbeat"}', 4),
        Frame(
            1618678133000000,
            "https://api.kraken.com/0/public/Time",
            Direction.body,
            '{"error":[]}',
            5,
        ),
        Frame(1618678134000000, kraken, Direction.received, '{"event": "heartbeat"}', 8),
    ]


def test_gzip_is_recognised_by_its_first_bytes(tmp_path: Path) -> None:
    zipped = told(tmp_path, gzip.compress(SESSION.encode()), "no-ending")
    assert zipped == told(tmp_path, SESSION)


@pytest.mark.parametrize(
    "line",
    [
        b"hello",
        b"1618678132.8 {}",
        b"nan: {}",
        b"1e300: {}",
        b"12: {}",
        b"99999999999: {}",
        b"wss://x <-> soon",
        b"wss://x -> 1618678132.8",
        b"wss://x <-> 1618678132.8: {}",
        b"1618678132.8: \xff\xfe",
        b"\x1b[2J",
    ],
)
def test_garbage_line_is_told_with_its_number_and_the_rest_is_read(
    tmp_path: Path, line: bytes
) -> None:
    read = told(tmp_path, b"1618678132.8: {}\n" + line + b"\n1618678133.8: {}\n")
    assert [type(item) for item in read] == [Frame, Garbage, Frame]
    garbage = read[1]
    assert isinstance(garbage, Garbage)
    assert garbage.line == 2
    assert garbage.sentence.isprintable()


def test_line_too_long_is_skipped_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "LONGEST_LINE", 1_000)
    read = told(tmp_path, f"1618678132.8: {'x' * 5_000}\n1618678133.8: {{}}\n")
    assert [type(item) for item in read] == [Garbage, Frame]


def test_cut_gzip_gives_what_came_before_and_says_so(tmp_path: Path) -> None:
    lines = "".join(f'{1618678132 + i}.0: {{"n":{i * 7919 % 1000}}}\n' for i in range(5_000))
    whole = gzip.compress(lines.encode())
    read = told(tmp_path, whole[: len(whole) // 2])
    assert len(read) > 1_000
    assert all(isinstance(item, Frame) for item in read[:-1])
    assert isinstance(read[-1], Garbage)
    assert "cut or damaged" in read[-1].sentence


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        list(read_frames(tmp_path / "none"))
    with pytest.raises(Invalid, match="is a folder"):
        list(read_frames(tmp_path))
    broken = tmp_path / "broken.gz"
    broken.write_bytes(b"\x1f\x8b" + b"\x00" * 50)
    with pytest.raises(Invalid, match="damaged gzip"):
        list(read_frames(broken))
    with pytest.raises(Invalid):
        list(read_frames(tmp_path / ("x" * 5_000)))


def test_source_is_told_by_address_fragment_or_header(tmp_path: Path) -> None:
    file = tmp_path / "session.txt"
    file.write_text(SESSION)
    assert detect(file) == "kraken"
    file.write_text("ws://127.0.0.1:9/x#binance <-> 1618678132.3\n")
    assert detect(file) == "binance"
    file.write_text("# tio recording 1 bitstamp\n1618678132.3: {}\n")
    assert header_sources(file) == ("bitstamp",)
    assert detect(file) == "bitstamp"


@pytest.mark.parametrize("text", ["1618678132.3: {}\n", "wss://x.test <-> 1618678132.3\n", "a,b\n"])
def test_unknown_source_is_invalid_and_names_the_choices(tmp_path: Path, text: str) -> None:
    file = tmp_path / "session.txt"
    file.write_text(text)
    with pytest.raises(Invalid, match="cannot tell which source") as caught:
        detect(file)
    assert "--source coinbase|kraken|" in caught.value.next


def test_stamp_keeps_every_microsecond(tmp_path: Path) -> None:
    for at in (1618678132000001, 1618678132999999, 4_102_444_799_999_999):
        (frame,) = told(tmp_path, f"{stamp(at)}: {{}}\n")
        assert isinstance(frame, Frame)
        assert frame.at == at
