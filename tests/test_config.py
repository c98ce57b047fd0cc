import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio import config
from tio.api.errors import Misconfigured
from tio.config import Config, SourceSettings, load, parse
from tio.paths import Paths


def mistake(text: str) -> str:
    with pytest.raises(Misconfigured) as caught:
        parse(text)
    assert caught.value.exit_code == 78
    assert "config check" in caught.value.next
    return caught.value.message


def test_a_missing_file_means_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == Config()
    assert load() == Config()


def test_the_persons_own_file_is_found(home: Path) -> None:
    file = Paths.find().config_file
    file.parent.mkdir(parents=True)
    file.write_text("[ui]\nrise_is_red = true\n")

    assert load().ui.rise_is_red


def test_the_shipped_file_equals_the_defaults() -> None:
    assert load(config.shipped()) == Config()


def test_the_shipped_file_names_every_setting() -> None:
    shipped = tomllib.loads(config.shipped().read_text("utf-8"))
    free = {"keys", "sources"}

    for name, section in msgspec.to_builtins(Config()).items():
        assert name in shipped
        if name not in free:
            assert shipped[name].keys() == section.keys(), name


def test_values_are_read_and_frozen() -> None:
    read = parse(
        """
        [desk]
        symbols = ["AAPL", "BTC-USD"]
        [keys]
        "app.palette" = "ctrl+k"
        "chart.zoom_in" = ["plus", "z"]
        [sources.kraken]
        enabled = false
        base_url = "http://127.0.0.1:8000"
        [plugins.settings.csv_folder]
        folder = "here"
        """
    )

    assert read.desk.symbols == ("AAPL", "BTC-USD")
    assert read.keys["chart.zoom_in"] == ["plus", "z"]
    assert read.source("kraken") == SourceSettings(False, "http://127.0.0.1:8000")
    assert read.source("coinbase") == SourceSettings()
    assert read.plugins.settings["csv_folder"]["folder"] == "here"
    with pytest.raises(AttributeError):
        read.ui.theme = "light"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[ui]\ntheem = 'dark'", "config.toml:2: [ui] theem: unknown key; did you mean 'theme'?"),
        ("[engin]\nx = 1", "config.toml:1: engin: unknown table; did you mean 'engine'?"),
        ("[demo]\n\nrate = 9\ntheme = 'x'", ":4: [demo] theme: unknown key; it belongs in [ui]"),
        ("xyzzy = 1", "config.toml:1: xyzzy: unknown key"),
        ("[ui]\ntheme = 'drak'", "was \"drak\"; did you mean 'dark'?"),
        ("[ui]\nrise_is_red = 'yes'", ':2: [ui] rise_is_red: expected true or false, was "yes"'),
        ("[demo]\nsymbols = 1.5", "expected a whole number from 1 to 2000, was 1.5"),
        ("[demo]\nrate = 50000", "expected a number from 1 to 20000, was 50000"),
        ("[log]\nkeep = true", "expected a whole number from 0 to 100, was true"),
        ("[desk]\nsymbols = 'AAPL'", 'expected a list of text, was "AAPL"'),
        ("[keys]\nquit = 7", "config.toml:2: [keys] quit: expected text or a list of text, was 7"),
        ("ui = 3", "config.toml:1: ui: expected a table, was 3"),
        ("[sources]\nkraken = 1", ":2: [sources] kraken: expected a table, was 1"),
        (
            "[sources.kraken]\n# a line\nws_url = 'http://x'",
            ':3: [sources.kraken] ws_url: expected a ws:// or wss:// address, was "http://x"',
        ),
        (
            "[sources.kraken]\nbase_ulr = ''",
            ":2: [sources.kraken] base_ulr: unknown key; did you mean 'base_url'?",
        ),
        (
            "[plugins.enabled]\ncsv_folder = 'yes'",
            ':2: [plugins.enabled] csv_folder: expected "sha256:" and 64 hexadecimal digits',
        ),
        ("[ui]\ntime_zone = 'Europe/Viena'", "did you mean 'Europe/Vienna'?"),
        ("[ui]\ntime_zone = '../../etc/passwd'", ":2: [ui] time_zone: expected"),
        ("[ui]\ntime_zone = 3", ":2: [ui] time_zone: expected"),
        ("[engine]\nworkspace = '../x'", ":2: [engine] workspace: expected a workspace name"),
        ("ui = {\n mouse = 3 }", "config.toml:1: not TOML"),
        ("a = " + "[" * 100_000, "config.toml:1: not TOML: nested too deeply"),
        ("[demo]\nseed = " + "9" * 5000, "not TOML: Exceeds the limit"),
        ("[demo]\nrate = nan", "expected a number from 1 to 20000, was nan"),
        ("[ui]\nmouse = true\nmouse = true", "config.toml:3: not TOML"),
        ("a = 1\n[ui\n", "config.toml:2: not TOML"),
        ("ui.mouse = 3", "config.toml:1: [ui] mouse: expected true or false"),
        ("\n'ui' = { 'mouse' = 3 }", "config.toml:2: [ui] mouse: expected true or false"),
        ("[history.keep]\n1x = 3", ":2: [history.keep] 1x: unknown key"),
        (
            "[paper.fees.equty]\nleast = 1",
            ":1: [paper.fees] equty: unknown table; did you mean 'eq",
        ),
        ("[paper.fees.fx]\nleast = -1", ":2: [paper.fees.fx] least: expected a number, zero or ab"),
        ("[paper]\nmargin = 0.5", ":2: [paper] margin: expected a number from 1 to 100, was 0.5"),
        ("[ui] # looks\nmouse = 1 # c", "config.toml:2: [ui] mouse: expected true or false"),
    ],
)
def test_a_mistake_is_told_with_line_key_and_remedy(text: str, told: str) -> None:
    assert told in mistake(text)


def test_every_mistake_is_told_in_the_order_of_the_lines() -> None:
    told = mistake("[ui]\nmouse = 1\n[log]\nkeep = 'x'\n[demo]\nsed = 1\n").splitlines()

    assert [line.split(":")[1] for line in told] == ["2", "4", "6"]


def test_control_characters_of_a_mistake_are_not_repeated() -> None:
    told = mistake('[ui]\n"\\u001b[2Jtheme" = 1\ncurrency = "\\u009b31m"\n')

    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in told.replace("\n", ""))


@pytest.mark.parametrize("data", [b"\xff\xfe", b"ui = \xc3"])
def test_a_file_that_is_not_text_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(data)

    with pytest.raises(Misconfigured, match="UTF-8"):
        load(tmp_path / "config.toml")


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        load(tmp_path)


VALUES: Any = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(st.characters(codec="ascii"), max_size=4),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


@given(
    st.dictionaries(
        st.sampled_from(["desk", "ui", "keys", "engine", "demo", "sources", "plugins", "logs"]),
        st.dictionaries(st.sampled_from(["symbols", "theme", "kraken", "x"]), VALUES, max_size=3),
        max_size=3,
    )
)
def test_any_table_is_either_read_or_refused_with_a_line(tree: dict[str, dict[str, Any]]) -> None:
    text = "".join(
        f"[{table}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in body.items())
        for table, body in tree.items()
    )
    try:
        read = parse(text)
    except Misconfigured as error:
        assert error.message
        for line in error.message.splitlines():
            assert 1 <= int(line.split(":")[1]) <= text.count("\n")
    else:
        assert isinstance(read, Config)


def _toml(value: Any) -> str:
    return msgspec.json.encode(value).decode().replace("\x7f", "")


def test_reading_a_good_config_imports_no_time_zones_and_no_platformdirs() -> None:
    code = (
        "import sys; from tio.config import parse; parse('[ui]\\ntheme = \"light\"');"
        "sys.exit(bool({'zoneinfo', 'platformdirs', 'difflib', 'numpy'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


MODELS = 'models = ["ollama:qwen3", "openai:https://host/v1#org/m@2", "rules"]'


def test_models_are_read_in_their_order_with_their_terms() -> None:
    analyst = parse(
        f"""
        [analyst]
        {MODELS}
        tokens_a_day = 500000
        [analyst.model."ollama:qwen3"]
        context = 8192
        price_read = 0.15
        knows_until = 2025-01-31
        """
    ).analyst
    assert analyst.models == ("ollama:qwen3", "openai:https://host/v1#org/m@2", "rules")
    assert analyst.terms("ollama:qwen3").context == 8192
    assert analyst.terms("ollama:qwen3").price_read == 0.15
    assert analyst.terms("ollama:qwen3").knows_until == date(2025, 1, 31)
    assert analyst.terms(analyst.models[1]) == config.ModelTerms()
    assert analyst.tokens_a_day == 500_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('models = ["olama:qwen3"]', ':2: [analyst] models: expected a list of "ollama:MODEL"'),
        ('models = ["openai:model"]', ":2: [analyst] models: expected a list of"),
        ('models = ["ollama:https://host"]', ":2: [analyst] models: expected a list of"),
        ('models = ["ollama:a", "ollama:a"]', "[analyst] models: 'ollama:a' is there twice"),
        ('models = ["rules", "ollama:a"]', "'ollama:a' stands after 'rules'"),
        ("modles = []", ":2: [analyst] modles: unknown key; did you mean 'models'?"),
        ('models = ["openai:http://[::1/v1#m"]', "has no address of a server"),
        ('models = ["ollama:http://host:99999#m"]', "has no address of a server"),
        (
            f'{MODELS}\n[analyst.model."ollama:qwen3"]\nknows_until = "2025-01-31"',
            'expected a date as 2025-01-31, was "2025-01-31"',
        ),
        ("rounds = 0", "expected a whole number from 1 to 64, was 0"),
        (
            f'{MODELS}\n[analyst.model."ollama:qwn3"]\n',
            ":3: [analyst.model] ollama:qwn3: [analyst]",
        ),
        (f'{MODELS}\n[analyst.model."ollama:qwn3"]\n', "did you mean 'ollama:qwen3'?"),
        (
            f'{MODELS}\n[analyst.model."ollama:qwen3"]\ncontxt = 1',
            ":4: [analyst.model.ollama:qwen3] contxt: unknown key; did you mean 'context'?",
        ),
        (
            f'{MODELS}\n[analyst.model."ollama:qwen3"]\nknows_until = "2025"',
            'expected a date as 2025-01-31, was "2025"',
        ),
    ],
)
def test_a_mistake_about_models_names_its_line_and_what_was_meant(text: str, told: str) -> None:
    assert told in mistake(f"[analyst]\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        'models = ["openai:https://me:canary-7391@host/v1#m"]',
        'models = ["openai:https://host/v1?key=canary-7391#m"]',
        '[analyst.model."openai:https://me:canary-7391@host/v1#m"]',
    ],
)
def test_a_password_in_a_models_address_is_refused_and_not_repeated(text: str) -> None:
    assert "canary" not in mistake(f"[analyst]\n{text}")
