"""Elements of Interactive Brokers' Flex XML, with where they stand and what their dates mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.dates import Order, moment, order_of
from tio.engine.portfolio.importing.numbers import Style, number
from tio.engine.portfolio.importing.rows import Security
from tio.engine.portfolio.importing.xstream import Tree
from tio.engine.portfolio.moments import zone_named

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_WHEN = ("dateTime", "tradeDate", "date", "settleDate", "reportDate")


@dataclass(frozen=True, slots=True)
class Item:
    """One element and its attributes, "" where it has none of a name."""

    element: "Element"
    line: int
    account: str
    zone: ZoneInfo
    order: Order | None

    def __getitem__(self, name: str) -> str:
        return (self.element.get(name) or "").strip()

    def number(self, name: str) -> Decimal | None:
        """An attribute's number, None where it has none; Invalid."""
        return number(self[name], Style.point, name)

    def needed(self, name: str) -> Decimal:
        """An attribute's number; Invalid where it has none."""
        value = self.number(name)
        if value is None:
            raise Invalid(f"{self.element.tag} in line {self.line} has no {name}")
        return value

    @property
    def at(self) -> datetime:
        """The first time told; Invalid without one."""
        for name in _WHEN:
            told = self[name].strip("-")
            if told and name == "tradeDate":
                told = f"{told};{self['tradeTime']}"
            if told:
                return moment(told.rstrip(";"), self.zone, self.order, name)
        raise Invalid(f"{self.element.tag} in line {self.line} has no date")

    @property
    def currency(self) -> str:
        """What money of it is told in; Invalid where that is blank."""
        if not self["currency"]:
            raise Invalid(f"{self.element.tag} in line {self.line} has no currency")
        return self["currency"]

    @property
    def security(self) -> Security:
        """What the attributes say of an instrument."""
        return Security(
            ticker=self["symbol"],
            isin=self["isin"] or (self["securityID"] if self["securityIDType"] == "ISIN" else ""),
            name=self["description"],
            currency=self["currency"],
            exchange=self["listingExchange"] or self["exchange"],
        )

    @property
    def codes(self) -> frozenset[str]:
        """The broker's marks, of whichever attribute the query has them in."""
        told = f"{self['notes']};{self['code']};{self['openCloseIndicator']}"
        return frozenset(told.upper().replace(",", ";").replace(" ", "").split(";")) - {""}


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's part of a file."""

    tree: Tree
    element: "Element"
    zone: ZoneInfo
    order: Order | None

    def items(self, tag: str, level: str) -> list[Item]:
        """The elements of that name; where some are of the level asked for, those alone."""
        account = self.element.get("accountId", "")
        found = [
            Item(
                each, self.tree.line(each), each.get("accountId") or account, self.zone, self.order
            )
            for each in self.element.iter(tag)
        ]
        fine = [each for each in found if each["levelOfDetail"] == level]
        return fine or found


def statements(text: str, zone: str) -> Iterator[Statement]:
    """The parts of a Flex query's answer; Invalid where it is none, or of trade confirmations."""
    tree = Tree(text)
    if tree.root.tag != "FlexQueryResponse":
        raise Invalid(f"this is no Flex query: it begins with {tree.root.tag}")
    if tree.root.get("type") == "TCF":
        raise Invalid("this Flex query is of trade confirmations", "export one of account activity")
    order = order_of(
        each.get(name) or "" for each in tree.root.iter() for name in _WHEN if name in each.attrib
    )
    for element in tree.root.iter("FlexStatement"):
        yield Statement(tree, element, zone_named(zone), order)
