"""Every word describes itself: schema, role, effect, docstring."""

import msgspec
import pytest

from tio.api import words
from tio.api.codec import decode, encode
from tio.api.contract import WORDS, Effect, Request, Role, word
from tio.api.errors import KINDS, Broken, Fault, NotFound, UnknownWord, revive
from tio.api.market import Bars, GetBars


def test_every_word_has_a_docstring_and_an_answer() -> None:
    for name, kind in WORDS.items():
        assert kind.__doc__, name
        assert kind.answer is not None, name


def test_every_word_can_be_described_as_json() -> None:
    described = words.describe()
    assert [entry.name for entry in described] == sorted(WORDS)
    assert b'"with"' in encode(described)


def test_a_word_knows_its_answer_type() -> None:
    assert GetBars.answer is Bars


def test_no_order_and_no_danger_is_a_tool() -> None:
    for name, kind in WORDS.items():
        if kind.meaning.effect in (Effect.order, Effect.danger):
            assert not kind.meaning.tool, name


def test_reading_files_of_the_machine_is_the_owners_alone() -> None:
    for kind in WORDS.values():
        if "path" in kind.__struct_fields__:
            assert kind.meaning.role is Role.owner, kind.__name__


def test_unknown_field_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="colour"):
        decode(b'{"symbol":"A","colour":1}', GetBars)


def test_misspelt_word_names_the_nearest() -> None:
    with pytest.raises(UnknownWord) as caught:
        words.find("GetBar")
    assert "GetBars" in caught.value.next


def test_word_declared_twice_is_refused() -> None:
    with pytest.raises(TypeError, match="declared twice"):

        @word()
        class GetBars(Request[Bars], frozen=True):
            """A second one."""


def test_roles_are_ordered() -> None:
    assert Role.owner.covers(Role.viewer)
    assert Role.trader.covers(Role.trader)
    assert not Role.viewer.covers(Role.trader)


@pytest.mark.parametrize("kind", list(KINDS.values()))
def test_error_comes_back_as_what_it_was(kind: type[NotFound]) -> None:
    error = revive(decode(encode(kind("what", "next").fault), Fault))
    assert type(error) is kind
    assert (error.message, error.next) == ("what", "next")


def test_error_of_a_newer_engine_is_still_an_error() -> None:
    assert isinstance(revive(Fault("invented", "what")), Broken)
