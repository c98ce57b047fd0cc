"""Which addresses are connected to, and what is hidden of them."""

import pytest

from tio.engine.feeds.http import addresses
from tio.engine.feeds.http.addresses import Forbidden, is_public, names_private, place_of
from tio.engine.feeds.http.redact import Redactor

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1",
    "100.64.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "::8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_a_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/", "https://localhost/", "http://venue.example/"]
)
def test_only_the_owner_may_name_private_or_open_lines(url: str) -> None:
    with pytest.raises(Forbidden):
        addresses.check(url, frozenset())
    addresses.check(url, frozenset({place_of(url)}))


@pytest.mark.parametrize(
    "url", ["ftp://x/", "https://u:p@x/", "https://", "file:///etc/passwd", "x"]
)
def test_what_is_no_address_of_a_host_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        place_of(url)


def test_a_venues_name_is_never_taken_for_the_owners_own() -> None:
    assert names_private("http://127.0.0.1:8080")
    assert not names_private("https://api.kraken.com")


def test_secrets_are_hidden_by_name_and_by_value() -> None:
    redactor = Redactor(["s3cret/of+mine"])
    shown = redactor.url("https://u:p@x.example/s3cret%2Fof%2Bmine?apikey=demo&crumb=abc&s=A#f")
    assert shown == "https://x.example/***?apikey=***&crumb=***&s=A"
    assert redactor.body(b'"key s3cret/of+mine"') == b'"key ***"'
