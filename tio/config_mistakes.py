"""What is wrong with a config.toml, each mistake with its line, its key and a likely remedy."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from tio.api.clean import clean

Path = tuple[str, ...]

PLAIN = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
SHOWN = 60


def mistakes(text: str, kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Every mistake as "LINE: sentence", in the order of the lines; none when `text` is good."""
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        return ("1: not TOML: nested too deeply",)
    except ValueError as error:
        return (_syntax(str(error), text),)
    lines = _lines(text)
    wrong = tuple(_walk(tree, kind, (), kind))
    if not wrong:
        told = tree.get("analyst", {})
        wrong = wrong_models(told.get("models", ()), told.get("model", ()))
    found = [(_line(lines, path), sentence) for path, sentence in wrong]
    return tuple(f"{line}: {sentence}" for line, sentence in sorted(found))


def is_zone(name: str) -> bool:
    """Whether `name` is "local", "UTC" or a time zone this machine knows."""
    from zoneinfo import ZoneInfo

    try:
        return name in ("local", "UTC") or bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def wrong_models(models: Sequence[str], tables: Iterable[str]) -> tuple[tuple[Path, str], ...]:
    """What is wrong with [analyst] beyond its values: each path with a sentence about it."""
    order, found = ("analyst", "models"), list[tuple[Path, str]]()
    for place, name in enumerate(models):
        if name in models[:place]:
            found.append((order, f"{_name(order)}: {clean(name)!r} is there twice"))
        elif "rules" in models[:place]:
            why = "stands after 'rules', which always answer"
            found.append((order, f"{_name(order)}: {clean(name)!r} {why}"))
        elif not _has_address(name):
            found.append((order, f"{_name(order)}: {clean(name)!r} has no address of a server"))
    for name in tables:
        if name not in models:
            path = ("analyst", "model", name)
            near = _nearest(name, tuple(models))
            found.append((path, f"{_name(path)}: [analyst] models does not name it{near}"))
    return tuple(found)


def _has_address(model: str) -> bool:
    """Whether the address of a model that names one can be taken apart."""
    from urllib.parse import urlsplit

    address = model.partition(":")[2].partition("#")[0]
    if not address.startswith(("http://", "https://")):
        return True
    try:
        web = urlsplit(address)
        return bool(web.hostname) and web.port != 0
    except ValueError:
        return False


def _walk(
    value: Any, kind: Any, path: Path, root: type[msgspec.Struct]
) -> Iterator[tuple[Path, str]]:
    """Each wrong key or value below `path`, with a sentence about it."""
    inner = _inner(kind)
    if inner is None:
        if not _fits(value, kind):
            yield (
                path,
                f"{_name(path)}: expected {_expected(kind)}, was {_shown(value)}"
                + (_nearest(value, _choices(kind))),
            )
    elif not isinstance(value, dict):
        yield path, f"{_name(path)}: expected a table, was {_shown(value)}"
    else:
        for key, below in value.items():
            here = (*path, key)
            if isinstance(inner, dict) and key not in inner:
                yield here, _unknown(here, below, tuple(inner), root)
            else:
                yield from _walk(
                    below, inner[key] if isinstance(inner, dict) else inner, here, root
                )


def _inner(kind: Any) -> Any:
    """A table's fields by name, the one type of a free table's values, or None for a value."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind, include_extras=True)
        return {name: hints[name] for name in kind.__struct_fields__}
    if get_origin(kind) is not dict:
        return None
    keys, values = get_args(kind)
    return dict.fromkeys(get_args(keys), values) if get_origin(keys) is Literal else values


def _unknown(path: Path, value: Any, known: tuple[str, ...], root: type[msgspec.Struct]) -> str:
    what = "table" if isinstance(value, dict) else "key"
    near = _nearest(path[-1], known)
    return f"{_name(path)}: unknown {what}{near or _elsewhere(path[-1], root)}"


def _elsewhere(key: str, root: type[msgspec.Struct]) -> str:
    """Says where a key belongs that stands in the wrong table."""
    for name, kind in get_type_hints(root, include_extras=True).items():
        fields = _inner(kind)
        if isinstance(fields, dict) and key in fields:
            return f"; it belongs in [{name}]"
    return ""


def _nearest(was: Any, choices: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(was, choices, n=1) if isinstance(was, str) else []
    return f"; did you mean {near[0]!r}?" if near else ""


def _fits(value: Any, kind: Any) -> bool:
    try:
        # As TOML is read: a date in quotes is a text.
        msgspec.convert(value, kind, builtin_types=(datetime, date, time))
    except msgspec.ValidationError:
        return False
    return not _names_zone(kind) or is_zone(value)


def _names_zone(kind: Any) -> bool:
    return get_origin(kind) is Annotated and kind.__metadata__[0].title == "zone"


def _choices(kind: Any) -> tuple[str, ...]:
    """The words a value may be, when they can be listed."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    if _names_zone(kind):
        from zoneinfo import available_timezones

        return ("local", "UTC", *available_timezones())
    return ()


def _expected(kind: Any) -> str:
    """A type in a person's words."""
    args = get_args(kind)
    match get_origin(kind):
        case origin if origin is Literal:
            return "one of " + ", ".join(repr(arg) for arg in args)
        case origin if origin is Annotated:
            said = kind.__metadata__[0].description
            return str(said) if said else _expected(args[0])
        case origin if origin is UnionType:
            return " or ".join(_expected(arg) for arg in args)
        case origin if origin in (tuple, list):
            return f"a list of {_expected(args[0])}"
    return PLAIN.get(kind, "another kind of value")


def _shown(value: Any) -> str:
    said = repr(value) if isinstance(value, float) else msgspec.json.encode(value).decode()
    text = _discreet(clean(said))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _discreet(text: str) -> str:
    """Without what may be a password: before an @ of an address, and after its ?."""
    return re.sub(r"(?<=\?)[^\s#\"]+", "…", re.sub(r"//[^\s\"#]*@", "//…@", text))


def _name(path: Path) -> str:
    """`[ui] theme` for ("ui", "theme"); a key at the top stands alone."""
    *tables, key = (clean(_discreet(part), limit=SHOWN) for part in path)
    return f"[{'.'.join(tables)}] {key}" if tables else key


def _syntax(message: str, text: str) -> str:
    place = re.search(r"\(at line (\d+), column \d+\)", message)
    line = int(place[1]) if place else text.count("\n") + 1
    said = clean(re.sub(r" \(at .*\)$", "", message))
    return f"{line}: not TOML: {said}"


def _lines(text: str) -> dict[Path, int]:
    """The line on which each key and table first stands."""
    lines: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare.startswith("["):
            table = _path(bare) or table
            path = table
        else:
            key, equals, _ = bare.partition("=")
            path = (*table, *_path(f"{key} = 0")) if equals else ()
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], number)
    return lines


def _path(line: str) -> Path:
    """The key a single line of TOML sets or the table it opens; empty when it does neither."""
    try:
        node: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(node, dict) and node:
        key, node = next(iter(node.items()))
        path.append(key)
    return tuple(path)


def _line(lines: dict[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest table around it (inline tables)."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)
