import pytest

from tio.api.errors import Invalid, NotFound
from tio.engine.portfolio.importing.readers import READERS, named, readers, recognised


def test_every_kind_has_a_name_of_its_own_and_a_label() -> None:
    names = [reader.name for reader in readers()]
    assert len(set(names)) == len(names) == len(READERS)
    assert all(reader.label for reader in readers())
    assert list(READERS) == sorted(READERS)


def test_a_kind_is_found_by_its_name() -> None:
    assert named("Ghostfolio").name == "ghostfolio"
    with pytest.raises(NotFound, match="no kind of file 'xyz'") as refused:
        named("xyz")
    assert "kraken" in refused.value.next


@pytest.mark.parametrize(
    "text", ["", "hello", "a,b,c\n1,2,3\n", "{}", "<xml/>", "\x00\x01", "\ufeff"]
)
def test_what_is_none_is_no_kind(text: str) -> None:
    for reader in readers():
        assert not reader.recognises(text), reader.name
    with pytest.raises(Invalid, match="no kind that is known here"):
        recognised(text)
