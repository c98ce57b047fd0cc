"""Words out of JSON with their path in the refusal, and items to JSON, each quote encoded once."""

from typing import Any

import msgspec

from tio.api import codec
from tio.api.contract import Item, Request, Topic, Word, is_request
from tio.api.errors import Broken, Fault, Invalid, TioError
from tio.api.market import Quote
from tio.api.words import find


def request(name: str, body: bytes) -> Request[Any]:
    """The request `name` with the fields in `body` (none when empty); UnknownWord, Invalid."""
    kind = find(name)
    if not is_request(kind):
        raise Invalid(f"{name} is a topic", f"watch it: GET /v1/watch/{name}")
    return parsed(body or b"{}", kind, name)  # type: ignore[return-value]


def topic(name: str, fields: bytes = b"{}") -> Topic[Any]:
    """The topic `name` with its fields in JSON; UnknownWord, Invalid."""
    return parsed(fields or b"{}", _topic_kind(name), name)  # type: ignore[return-value]


def topic_from_query(name: str, query: dict[str, str]) -> Topic[Any]:
    """The topic `name` with fields as texts, lists separated by commas; UnknownWord, Invalid."""
    kind = _topic_kind(name)
    listed = {
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if isinstance(
            _bare(msgspec.inspect.type_info(field.type)),
            msgspec.inspect.VarTupleType | msgspec.inspect.ListType,
        )
    }
    fields: dict[str, object] = {
        key: [part for part in text.split(",") if part] if key in listed else text
        for key, text in query.items()
    }
    try:
        said: Word = codec.convert(fields, kind)
    except (msgspec.ValidationError, ValueError) as error:
        raise Invalid(f"{name}: {error}", f"`tio words {name}` shows its fields") from error
    return said  # type: ignore[return-value]


def parsed(data: bytes, kind: type[Word], name: str) -> Word:
    """A word out of JSON; Invalid says what is wrong and where."""
    try:
        return codec.decode(data, kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Invalid(
            f"{name}: {_sentence(error)}", f"`tio words {name}` shows its fields"
        ) from error


def error_body(fault: Fault) -> bytes:
    """`{"error": {…}}`, as every door answers what went wrong."""
    return codec.encode({"error": fault})


def fault_of(error: Exception) -> TioError:
    """The error as it may travel; what is not ours is a Broken without its insides."""
    if isinstance(error, TioError):
        return error
    return Broken(f"the engine failed ({type(error).__name__})", "`tio daemon logs` has the rest")


class ItemEncoder:
    """Items to JSON; a quote that many clients watch is encoded once for each change."""

    def __init__(self) -> None:
        self._quotes: dict[str, tuple[Quote, bytes]] = {}
        self._epoch = ("", b'""')

    def line(self, item: Item[Any], head: bytes = b"{") -> bytes:
        """The item as one JSON object that begins with `head` (as `{"id":1,`)."""
        epoch, encoded = self._epoch
        if item.epoch != epoch:
            encoded = codec.encode(item.epoch)
            self._epoch = (item.epoch, encoded)
        return b'%b"epoch":%b,"seq":%d,"snapshot":%b,"value":%b}' % (
            head,
            encoded,
            item.seq,
            b"true" if item.snapshot else b"false",
            self.value(item.value),
        )

    def value(self, value: object) -> bytes:
        if isinstance(value, tuple) and value and type(value[0]) is Quote:
            kept = self._quotes
            return b"[%b]" % b",".join(
                [
                    found[1]
                    if (found := kept.get(quote.symbol)) is not None and found[0] is quote
                    else self._encoded(quote)
                    for quote in value
                ]
            )
        return codec.encode(value)

    def _encoded(self, quote: Quote) -> bytes:
        data = codec.encode(quote)
        self._quotes[quote.symbol] = (quote, data)
        return data


def _topic_kind(name: str) -> type[Word]:
    kind = find(name)
    if is_request(kind):
        raise Invalid(f"{name} is a request", f"ask it: POST /v1/ask/{name}")
    return kind


def _bare(kind: msgspec.inspect.Type) -> msgspec.inspect.Type:
    while isinstance(kind, msgspec.inspect.Metadata):
        kind = kind.type
    return kind


def _sentence(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "the JSON is nested too deeply"
    return str(error) if str(error).strip() else type(error).__name__
