"""Which plugins there are: read and hashed, not run."""

import ast
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import tio
from tio.api.clean import clean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "tio.plugins"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Found:
    """A plugin that lies somewhere; `digest` is "sha256:…" over `code`, `fault` why it cannot run.

    `module` is the import path of an installed one; the others are the one file at `path`.
    """

    name: str
    origin: str
    path: Path
    code: bytes = b""
    digest: str = ""
    summary: str = ""
    fault: str = ""
    module: str = ""


def find(own: Path, shipped: Path | None = None) -> dict[str, Found]:
    """Every plugin by name: the person's folder first, then installed packages, then tio's own."""
    found: dict[str, Found] = {}
    for plugin in (
        *_in_folder(own, "your folder"),
        *_installed(_points(sys.path)),
        *_in_folder(shipped or shipped_folder(), "ships with tio"),
    ):
        found.setdefault(plugin.name, plugin)
    return dict(sorted(found.items()))


def shipped_folder() -> Path:
    """The plugins that came with tio: in the wheel inside the package, else in the checkout."""
    package = Path(tio.__file__).resolve().parent
    inside = package / "plugins"
    return inside if inside.is_dir() else package.parent / "plugins"


def _in_folder(folder: Path, origin: str) -> Iterator[Found]:
    try:
        files = sorted(folder.glob("*.py"))
    except OSError:
        return
    for file in files:
        if NAME.fullmatch(file.stem):
            yield _read(Found(file.stem, origin, file), [file])


def _points(places: Iterable[str]) -> Iterable["EntryPoint"]:
    """The entry points of our group; where no package names it nothing else is read.

    Reading them all takes longer than the first prices may.
    """
    if not any(_names_us(Path(place)) for place in places):
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


def _names_us(place: Path) -> bool:
    """Whether a package in a folder of `sys.path` names our group; of an archive nobody knows."""
    if place.is_file():
        return True
    try:
        told = [*place.glob("*-info/entry_points.txt")]
        return any(GROUP.encode() in file.read_bytes() for file in told)
    except OSError:
        return True


def _installed(points: Iterable["EntryPoint"]) -> Iterator[Found]:
    """Plugins of installed packages, located by their file list: importing would run them."""
    for point in points:
        if not NAME.fullmatch(point.name) or point.dist is None:
            continue
        place = Path(str(point.dist.locate_file(point.module.replace(".", "/"))))
        package = place / "__init__.py"
        file = package if package.exists() else place.with_suffix(".py")
        found = Found(point.name, f"package {point.dist.name}", file, module=point.module)
        yield _read(found, sorted(place.rglob("*.py")) if file is package else [file])


def _read(found: Found, files: list[Path]) -> Found:
    """With code, hash and the first line of its docstring; `fault` when that cannot be had."""
    try:
        if sum(file.stat().st_size for file in files) > MOST_BYTES:
            return replace(found, fault=f"is larger than {MOST_BYTES // 1_000_000} MB")
        parts = [file.read_bytes() for file in files]
    except OSError as error:
        return replace(found, fault=f"cannot be read: {error.strerror}")
    digest = hashlib.sha256()
    for file, part in zip(files, parts, strict=True):
        if len(files) > 1:
            digest.update(f"{file.relative_to(found.path.parent)} {len(part)}\n".encode())
        digest.update(part)
    code = parts[files.index(found.path)]
    found = replace(found, code=code, digest=f"sha256:{digest.hexdigest()}")
    try:
        doc = ast.get_docstring(ast.parse(code)) or ""
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return replace(found, fault=clean(f"is not Python: {error}", limit=200))
    return replace(found, summary=clean(doc.partition("\n")[0], limit=200))
