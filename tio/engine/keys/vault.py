"""Where a credential lives: the environment over the system's keyring over a file of mode 0600.

The file serves machines that have no keyring, and says so wherever it is used. It also names what
is in the keyring, which is so never imported for nothing.
"""

import asyncio
import contextlib
import json
import os
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from tio.api.errors import Misconfigured
from tio.api.sources import KeyPlace

SERVICE = "tio"


class Ring(Protocol):
    """The system's keyring; any error means that there is none to be used."""

    def get(self, account: str) -> str | None: ...
    def set(self, account: str, value: str) -> None: ...
    def delete(self, account: str) -> None: ...


class SystemRing:
    """The keyring of this desktop, through the `keyring` library, imported when first asked."""

    def get(self, account: str) -> str | None:
        import keyring

        return keyring.get_password(SERVICE, account)

    def set(self, account: str, value: str) -> None:
        import keyring

        keyring.set_password(SERVICE, account, value)

    def delete(self, account: str) -> None:
        import keyring
        from keyring.errors import PasswordDeleteError

        with contextlib.suppress(PasswordDeleteError):
            keyring.delete_password(SERVICE, account)


class Vault:
    """Credentials by source and field. Reading never blocks; `load` and `keep` use a thread.

    A value read is remembered until it is kept anew or forgotten.
    """

    def __init__(
        self,
        file: Path,
        ring: Ring | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._file = file
        self._ring: Ring = ring or SystemRing()
        self._environ = environ
        self._known: dict[tuple[str, str], tuple[str, KeyPlace]] = {}
        self._changing = threading.Lock()
        """Held while the file is read, changed and written: two keys may be kept at once."""
        self.ringless = ""
        """Why the keyring cannot be used; empty while it can."""
        self.listeners: list[Callable[[str], None]] = []
        """Told the source whose credential changed."""

    def secret(self, source: str, field: str = "key") -> str:
        """The credential, "" when there is none (or `load` has not yet read it)."""
        given = self._environ.get(variable(source, field), "")
        return given or self._known.get((source, field), ("", KeyPlace.absent))[0]

    def place(self, source: str, field: str = "key") -> KeyPlace:
        """Where `secret` finds it."""
        if self._environ.get(variable(source, field)):
            return KeyPlace.environment
        return self._known.get((source, field), ("", KeyPlace.absent))[1]

    async def load(self, wanted: Mapping[str, tuple[str, ...]]) -> None:
        """Read the credentials these sources have fields for."""
        await asyncio.to_thread(self._load, wanted)

    async def keep(self, source: str, field: str, value: str) -> KeyPlace:
        """Keep a credential, over the one there was; where it went."""
        place = await asyncio.to_thread(self._keep, account(source, field), value)
        self._known[source, field] = value, place
        self._tell(source)
        return place

    async def forget(self, source: str, field: str) -> None:
        """Forget a credential wherever it was kept."""
        await asyncio.to_thread(self._forget, account(source, field))
        self._known.pop((source, field), None)
        self._tell(source)

    def _tell(self, source: str) -> None:
        for listener in self.listeners:
            listener(source)

    def _load(self, wanted: Mapping[str, tuple[str, ...]]) -> None:
        filed = self._read_file()
        for source, fields in wanted.items():
            for field in fields:
                name = account(source, field)
                if name not in filed:
                    continue
                kept = filed[name]
                value = self._from_ring(name) if kept is None else kept
                if value:
                    place = KeyPlace.keyring if kept is None else KeyPlace.file
                    self._known[source, field] = value, place

    def _keep(self, name: str, value: str) -> KeyPlace:
        with self._changing:
            if self._in_ring(lambda ring: ring.set(name, value)):
                self._write_file(self._read_file() | {name: None})
                return KeyPlace.keyring
            self._write_file(self._read_file() | {name: value})
            return KeyPlace.file

    def _forget(self, name: str) -> None:
        with self._changing:
            self._in_ring(lambda ring: ring.delete(name))
            self._drop_filed(name)

    def _from_ring(self, name: str) -> str | None:
        found: list[str | None] = []
        self._in_ring(lambda ring: found.append(ring.get(name)))
        return found[0] if found else None

    def _in_ring(self, act: Callable[[Ring], None]) -> bool:
        if self.ringless:
            return False
        try:
            act(self._ring)
        except Exception as error:  # noqa: BLE001 — a back-end may raise anything: it is of no use
            self.ringless = type(error).__name__
            return False
        return True

    def _drop_filed(self, name: str) -> None:
        filed = self._read_file()
        if name in filed:
            del filed[name]
            self._write_file(filed)

    def _read_file(self) -> dict[str, str | None]:
        """Names and values; None where the keyring has it."""
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise Misconfigured(
                f"{self._file} cannot be read: {type(error).__name__}",
                "mend it, or remove it and set the keys again",
            ) from error
        if not isinstance(found, dict):
            raise Misconfigured(f"{self._file} holds no keys", "remove it and set the keys again")
        return {name: value for name, value in found.items() if isinstance(value, str | None)}

    def _write_file(self, filed: Mapping[str, str | None]) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
            os.fchmod(out.fileno(), 0o600)
            json.dump(dict(filed), out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._file)


def account(source: str, field: str) -> str:
    """The keyring's name of a credential."""
    return f"{source}.{field}"


def variable(source: str, field: str) -> str:
    """The environment variable of a credential: `TIO_ALPACA_SECRET`."""
    return re.sub(r"[^A-Za-z0-9]+", "_", f"TIO_{source}_{field}").upper()
