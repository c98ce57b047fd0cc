"""Where credentials are kept, and that nothing tells them."""

import asyncio
import json
import stat
from pathlib import Path

import pytest

from tio.api.errors import Misconfigured
from tio.api.sources import KeyPlace
from tio.engine.keys.vault import Vault


class FakeRing:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, account: str) -> str | None:
        return self.kept.get(account)

    def set(self, account: str, value: str) -> None:
        self.kept[account] = value

    def delete(self, account: str) -> None:
        self.kept.pop(account, None)


class NoRing:
    """A machine without a keyring."""

    def get(self, account: str) -> str | None:
        raise RuntimeError("no backend")

    def set(self, account: str, value: str) -> None:
        raise RuntimeError("no backend")

    def delete(self, account: str) -> None:
        raise RuntimeError("no backend")


async def test_a_key_goes_into_the_keyring_and_the_file_only_names_it(tmp_path: Path) -> None:
    ring = FakeRing()
    vault = Vault(tmp_path / "keys.json", ring, {})
    assert await vault.keep("alpaca", "secret", "hush") is KeyPlace.keyring
    assert ring.kept == {"alpaca.secret": "hush"}
    assert "hush" not in (tmp_path / "keys.json").read_text()
    again = Vault(tmp_path / "keys.json", ring, {})
    await again.load({"alpaca": ("key", "secret")})
    assert again.secret("alpaca", "secret") == "hush"
    assert again.place("alpaca", "key") is KeyPlace.absent


async def test_without_a_keyring_a_file_only_the_owner_reads_serves(tmp_path: Path) -> None:
    file = tmp_path / "private" / "keys.json"
    vault = Vault(file, NoRing(), {})
    assert await vault.keep("finnhub", "key", "hush") is KeyPlace.file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert vault.ringless == "RuntimeError"
    again = Vault(file, NoRing(), {})
    await again.load({"finnhub": ("key",)})
    assert again.secret("finnhub") == "hush"
    assert again.place("finnhub") is KeyPlace.file


async def test_a_key_forgotten_is_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    vault = Vault(file, NoRing(), {})
    await vault.keep("finnhub", "key", "hush")
    await vault.forget("finnhub", "key")
    assert vault.secret("finnhub") == ""
    assert json.loads(file.read_text()) == {}


async def test_the_environment_wins_over_what_is_kept(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "keys.json", FakeRing(), {"TIO_ALPACA_KEY": "given"})
    await vault.keep("alpaca", "key", "kept")
    assert vault.secret("alpaca") == "given"
    assert vault.place("alpaca") is KeyPlace.environment


async def test_a_keyring_gained_takes_the_key_out_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    await Vault(file, NoRing(), {}).keep("alpaca", "key", "old")
    await Vault(file, FakeRing(), {}).keep("alpaca", "key", "new")
    assert json.loads(file.read_text()) == {"alpaca.key": None}


async def test_without_a_key_the_keyring_is_not_even_asked(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "keys.json", NoRing(), {})
    await vault.load({"alpaca": ("key", "secret")})
    assert vault.ringless == ""


async def test_a_broken_file_is_told_and_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text("{broken")
    with pytest.raises(Misconfigured, match="cannot be read"):
        await Vault(file, NoRing(), {}).keep("alpaca", "key", "new")
    assert file.read_text() == "{broken"


async def test_who_listens_hears_which_source_has_another_key(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "keys.json", FakeRing(), {})
    heard: list[str] = []
    vault.listeners.append(heard.append)
    await vault.keep("tiingo", "key", "a")
    await vault.forget("tiingo", "key")
    assert heard == ["tiingo", "tiingo"]


async def test_keys_kept_at_once_are_all_kept(tmp_path: Path) -> None:
    names = [f"field{number}" for number in range(24)]
    vault = Vault(tmp_path / "keys.json", NoRing(), {})
    await asyncio.gather(*(vault.keep("alpaca", name, name) for name in names))
    again = Vault(tmp_path / "keys.json", NoRing(), {})
    await again.load({"alpaca": tuple(names)})
    assert [again.secret("alpaca", name) for name in names] == names
