from portfolio_table import page

import recorded

PAGE = recorded.PROJECT / "docs" / "portfolio-truth.md"


def test_the_page_on_the_ledgers_truth_says_what_the_comparison_says() -> None:
    assert PAGE.read_text("utf-8") == page()
