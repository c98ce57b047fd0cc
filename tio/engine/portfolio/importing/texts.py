"""A file's bytes, and the text they are."""

import gzip
import zlib
from pathlib import Path

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound

MOST_BYTES = 64 * 1024 * 1024


def octets(path: Path) -> bytes:
    """A whole file; Invalid or NotFound in one sentence. Not for the event loop."""
    if not path.is_absolute():
        raise Invalid(f"the path must be absolute, was {clean(str(path), limit=200)!r}")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Invalid(f"{path.name} is larger than 64 MiB", "split it")
        data = _unpacked(path)
    except FileNotFoundError:
        raise NotFound(f"there is no file {clean(str(path), limit=200)}") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Invalid(f"{path.name} is packed by gzip and broken", "fetch it again") from None
    except OSError as error:
        raise Invalid(f"{path.name} cannot be read: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise Invalid(f"{path.name} is larger than 64 MiB unpacked", "split it")
    return data


def _unpacked(path: Path) -> bytes:
    """The file's bytes, of a gzip file those packed in it, at most one more than may be."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not packed:
            return file.read()
        with gzip.GzipFile(fileobj=file) as content:
            return content.read(MOST_BYTES + 1)


def text_of(data: bytes, encoding: str = "") -> str:
    """The text bytes are, in the encoding told, else in the likeliest."""
    return data.decode(_CODECS.get(encoding, encoding) or encoding_of(data), errors="replace")


def encoding_of(data: bytes) -> str:
    """UTF-16 where a file is marked so, UTF-8 where it can be that, else cp1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


_CODECS = {"utf-8": "utf-8-sig"}
