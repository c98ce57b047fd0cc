from datetime import UTC, datetime
from decimal import Decimal

from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.sequence import oldest_first, once


def row(line: int, day: int, reference: str = "", account: str = "") -> Row:
    return Row(
        line,
        Transaction(
            kind=TransactionKind.deposit,
            at=datetime(2024, 1, day, tzinfo=UTC),
            amount=Decimal(1),
            currency="USD",
            reference=reference,
            account=account,
        ),
    )


def test_an_id_told_again_is_refused_and_its_first_line_named() -> None:
    rows = [row(2, 1, "a"), row(2, 1, "a"), row(3, 1, "b"), row(4, 1, "a"), row(5, 1, "a", "x")]

    told = list(once([*rows, row(6, 1), row(7, 1), Row(8, refusal="no")]))

    assert [each.refusal for each in told[:3]] == ["", "", ""]
    assert told[3] == Row(4, refusal="a double: line 2 has the same id a")
    assert [each.refusal for each in told[4:]] == ["", "", "", "no"]


def test_a_file_that_begins_with_the_newest_is_turned_round_by_lines() -> None:
    rows = [row(2, 3), row(3, 2, "a"), row(3, 2, "b"), Row(4, refusal="no"), row(5, 1)]

    told = oldest_first(rows)

    assert [each.line for each in told] == [5, 4, 3, 3, 2]
    assert [each.transaction and each.transaction.reference for each in told][2:4] == ["a", "b"]
    assert oldest_first(told) == told
    assert oldest_first([Row(1, refusal="no")]) == [Row(1, refusal="no")]
