from datetime import timedelta

from ledgers import KIND, entry
from msgspec.structs import replace

from tio.engine.portfolio.importing.doubles import doubled

BOUGHT = entry(KIND.buy, 0, id="1", symbol="AAA", quantity=10, price="5.00", reference="T1")


def test_the_same_id_is_the_same_entry_whatever_else_was_changed() -> None:
    edited = replace(BOUGHT, note="mine", price=BOUGHT.quantity)
    assert doubled([edited], [BOUGHT]) == [True]


def test_another_id_is_another_entry_though_all_else_is_alike() -> None:
    assert doubled([BOUGHT], [replace(BOUGHT, reference="T2")]) == [False]


def test_an_id_of_another_account_or_kind_is_another() -> None:
    other = replace(BOUGHT, account="ira", quantity=BOUGHT.price)
    assert doubled([BOUGHT], [other]) == [False]


def test_without_ids_the_same_day_kind_symbol_and_numbers_are_the_same() -> None:
    nameless = replace(BOUGHT, reference="")
    later = entry(KIND.buy, 0, id="2", symbol="AAA", quantity="10.0", price=5)
    later = replace(later, at=later.at + timedelta(hours=7))
    assert doubled([nameless], [later]) == [True]
    assert doubled([nameless], [replace(later, fee=BOUGHT.price)]) == [False]


def test_of_two_alike_one_is_new_where_the_ledger_has_one() -> None:
    nameless = replace(BOUGHT, reference="")
    assert doubled([nameless], [nameless, nameless]) == [True, False]


def test_what_was_entered_by_hand_is_found_in_the_brokers_file() -> None:
    by_hand = replace(BOUGHT, reference="")
    assert doubled([by_hand], [BOUGHT]) == [True]
