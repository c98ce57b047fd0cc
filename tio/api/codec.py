"""Values to JSON and back, the same for every door."""

from typing import Any, TypeVar

import msgspec

from tio.api.series import Series, Times

T = TypeVar("T")


def _lower(value: object) -> object:
    match value:
        case Series() | Times():
            return value.listed()
    raise NotImplementedError(f"{type(value).__name__} does not travel")


def _raise(kind: type, value: object) -> object:
    if kind is Series and isinstance(value, list):
        return _series(value)
    if kind is Times and isinstance(value, list):
        return _times(value)
    raise TypeError(f"expected an array, was {type(value).__name__}")


def _series(values: list[object]) -> Series:
    if not all(
        v is None or (isinstance(v, int | float) and not isinstance(v, bool)) for v in values
    ):
        raise ValueError("expected numbers or null")
    return Series(values)  # type: ignore[arg-type]


def _times(values: list[object]) -> Times:
    if not all(isinstance(value, str) for value in values):
        raise ValueError("expected ISO-8601 times")
    return Times.parsed(values)  # type: ignore[arg-type]


def _schema(kind: type) -> dict[str, Any]:
    if kind is Series:
        return {"type": "array", "items": {"type": ["number", "null"]}}
    if kind is Times:
        return {"type": "array", "items": {"type": "string", "format": "date-time"}}
    raise NotImplementedError(f"{kind.__name__} has no schema")


_encoder = msgspec.json.Encoder(enc_hook=_lower, decimal_format="string")
_decoders: dict[object, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> bytes:
    """JSON bytes of any value of the api."""
    return _encoder.encode(value)


def decode(data: bytes | str, kind: type[T]) -> T:
    """The value in JSON bytes; raises msgspec.ValidationError or DecodeError."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind, dec_hook=_raise)
    value: T = decoder.decode(data)
    return value


def convert(value: object, kind: type[T]) -> T:
    """A value out of decoded JSON; texts become numbers where a number is meant (queries)."""
    return msgspec.convert(value, kind, strict=False, dec_hook=_raise)


def schema(kind: object) -> dict[str, Any]:
    """The JSON schema of a type."""
    return msgspec.json.schema(kind, schema_hook=_schema)
