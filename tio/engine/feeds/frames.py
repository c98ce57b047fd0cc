"""The recording file: what was received, sent and fetched, one line each, gzipped or not.

    URL <-> T            connected; the frames below came from here until the next such line
    URL <- T: text       what we sent
    URL -> T: body       the answer to a REST request
    T: text              a frame received

T is the receipt in Unix seconds. Lines that begin with `#` or `configuration:` and empty ones say
nothing. A recording of tio's own begins `# tio recording 1 NAME…`, and its URLs carry the source's
name as their fragment (`wss://ws.kraken.com/v2#kraken`), so several sources share one file: a
connect line is written again whenever the next frame comes from another address, and twice in a
row when the connection was lost and made again. In any other recording a second connect line of an
address says that.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid, NotAllowed, NotFound

HEADER = "# tio recording 1"
LONGEST_LINE = 64 * 1024 * 1024
"""Bytes; a longer line is garbage and is skipped without being held in memory."""

_EARLIEST, _LATEST = 946_684_800.0, 4_102_444_800.0  # the years 2000 to 2100
_WITH_URL = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*://\S*) (<->|<-|->) ([0-9.]{1,32})(?:: ?(.*))?")


class Garbage(ValueError):
    """What is not a frame of its source, or not a line of a recording (`line` from 1, else 0)."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


class Direction(StrEnum):
    received = "received"
    sent = "sent"
    body = "body"
    connected = "connected"


class Frame(msgspec.Struct, frozen=True):
    """One line of a recording; `at` is the receipt in µs UTC, `url` empty when none was told."""

    at: int
    url: str
    direction: Direction
    text: str
    line: int


def read_frames(path: Path) -> Iterator[Frame | Garbage]:
    """Every line that says something, in the file's order, without holding the file in memory.

    Damage in the middle of the file ends it with one `Garbage`; nothing readable raises Invalid.
    """
    url, number = "", 0
    with open_recording(path) as file:
        while True:
            try:
                raw = file.readline(LONGEST_LINE)
            except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
                if number == 0:
                    raise Invalid(f"{path} is damaged gzip: {damage}") from None
                yield Garbage(f"the file is cut or damaged after line {number}: {damage}", number)
                return
            except OSError as wrong:
                raise Invalid(f"{path} cannot be read: {wrong.strerror or wrong}") from None
            if not raw:
                return
            number += 1
            if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
                _skip_line(file)
                yield Garbage(f"line {number} is longer than {LONGEST_LINE >> 20} MB", number)
                continue
            read = _line(raw, url, number)
            if read is None:
                continue
            if isinstance(read, Frame) and read.direction is Direction.connected:
                url = read.url
            yield read


def open_recording(path: Path) -> BinaryIO:
    """The file's bytes, gunzipped when they are gzip; what is wrong is said in one sentence."""
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
        return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", "check the path") from None
    except IsADirectoryError:
        raise Invalid(f"{path} is a folder, expected a recording") from None
    except PermissionError:
        raise NotAllowed(f"{path} may not be read", "check the file's permissions") from None
    except (OSError, ValueError) as wrong:
        raise Invalid(f"{path!s:.200} cannot be read: {wrong}") from None


def detect(path: Path) -> str:
    """The name of the source that sent the frames of `path`, from its header or its addresses."""
    # The parsers import this module, so who sent a frame is asked of them only here.
    from tio.engine.feeds.sources import SOURCES, source_at

    hosts: list[str] = []
    named = header_sources(path)
    for count, frame in enumerate(read_frames(path)):
        if isinstance(frame, Frame) and frame.url and frame.url not in hosts:
            if found := source_at(frame.url):
                return found
            hosts.append(frame.url)
        if count >= 1_000:
            break
    if len(named) == 1:
        return named[0]
    what = f"its addresses ({_listed(hosts)}) belong to none" if hosts else "it names no address"
    raise Invalid(
        f"cannot tell which source sent {path.name}: {what}",
        f"name it with --source {'|'.join(SOURCES)}",
    )


def is_ours(path: Path) -> bool:
    """Whether this is a recording of tio's own."""
    return _first_line(path).startswith(HEADER + " ")


def header_sources(path: Path) -> tuple[str, ...]:
    """The known sources a recording of tio's own names in its first line; () for any other file."""
    from tio.engine.feeds.sources import SOURCES

    first = _first_line(path)
    if not first.startswith(HEADER + " "):
        return ()
    return tuple(name for name in first[len(HEADER) :].split() if name in SOURCES)


def stamp(at: int) -> str:
    """An instant (µs) as a recording writes it: Unix seconds, exactly."""
    return f"{at // 1_000_000}.{at % 1_000_000:06d}"


def _first_line(path: Path) -> str:
    with open_recording(path) as file:
        try:
            return file.readline(4_096).decode(errors="replace")
        except (OSError, EOFError, zlib.error):
            return ""


def _line(raw: bytes, url: str, number: int) -> Frame | Garbage | None:
    try:
        text = raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return Garbage(f"line {number} is not UTF-8 text", number)
    if number == 1:
        text = text.removeprefix("\ufeff")
    if not text or text.isspace() or text.startswith(("#", "configuration:")):
        return None
    head, colon, body = text.partition(": ")
    if colon and (at := _instant(head)) is not None:
        return Frame(at, url, Direction.received, body, number)
    if found := _WITH_URL.fullmatch(text):
        address, arrow, seconds, said = found.groups()
        if (at := _instant(seconds)) is not None and (said is None) == (arrow == "<->"):
            return Frame(at, address, _ARROWS[arrow], said or "", number)
    return Garbage(f"line {number} is not of a recording: {clean(text, limit=60)!r}", number)


_ARROWS = {"<->": Direction.connected, "<-": Direction.sent, "->": Direction.body}


def _instant(seconds: str) -> int | None:
    if len(seconds) > 32 or not seconds[:1].isdigit():
        return None
    try:
        value = float(seconds)
    except ValueError:
        return None
    return round(value * 1_000_000) if _EARLIEST <= value < _LATEST else None


def _skip_line(file: BinaryIO) -> None:
    while (more := file.readline(1 << 20)) and not more.endswith(b"\n"):
        pass


def _listed(urls: list[str]) -> str:
    return clean(", ".join(urls[:3]), limit=200)
