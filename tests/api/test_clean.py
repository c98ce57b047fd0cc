"""No text that entered through `clean` can steer a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.clean import clean

PAYLOADS = [
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\x1b]52;c;aGk=\x1b\\",
    "a\u202eb",
    "a\u200bb",
    "\ufeffBTC",
    "\x7f\x00\x08",
    "\U000e0041tag",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_loses_its_controls(payload: str) -> None:
    cleaned = clean(payload)
    assert not any(unicodedata.category(c) in ("Cc", "Cf") for c in cleaned)


@given(st.text())
def test_cleaned_text_holds_no_control_character(text: str) -> None:
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in clean(text))


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_newline_and_tab_become_spaces() -> None:
    assert clean("a\r\nb\tc") == "a b c"


def test_prose_keeps_its_newlines_and_nothing_else() -> None:
    assert clean("a\r\nb\x1b[2J\tc", prose=True) == "a\nb[2J c"


def test_ordinary_text_stays_as_it_is() -> None:
    text = "Müller & Söhne – 日本 ▲ £1,234.50 👍"
    assert clean(text) == text


def test_text_over_the_limit_is_cut() -> None:
    assert clean("x" * 50, limit=10) == "x" * 10
