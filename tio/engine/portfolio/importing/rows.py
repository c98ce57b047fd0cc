"""What a reader of somebody's file gives: a transaction a row, or why there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from tio.api.portfolio import Transaction


@dataclass(frozen=True, slots=True)
class Security:
    """What a file says of the instrument of a row; "" is what it does not say."""

    ticker: str = ""
    isin: str = ""
    name: str = ""
    currency: str = ""
    exchange: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: `line` counts from 1 in the file as it is.

    Either a transaction, its symbol spelled as the file does, or a `refusal`: a sentence that says
    what could not be read. An `oddity` is what a person should look at before it is taken.
    """

    line: int
    transaction: Transaction | None = None
    security: Security = Security()
    refusal: str = ""
    oddity: str = ""


class Reader(Protocol):
    """One kind of file. `label` is its name for people, `name` the one typed."""

    name: str
    label: str

    def recognises(self, text: str) -> bool:
        """Whether a file that begins so (up to 64 KiB) is of this kind."""

    def read(self, text: str, zone: str) -> Iterator[Row]:
        """Its rows, in its order; times without a zone are of `zone`.

        Raises Invalid when the whole file cannot be one of this kind.
        """
