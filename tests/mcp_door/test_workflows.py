import re

import pytest

from tio.api.contract import Role
from tio.api.errors import Invalid, NotFound
from tio.mcp.offered import offered
from tio.mcp.workflows import WORKFLOWS, Workflow, find, usable

VIEWERS = [kind.__name__ for kind in offered(Role.viewer)]


def test_all_of_ours_can_be_used_by_a_viewer() -> None:
    assert list(usable(VIEWERS)) == ["brief", "portfolio_review", "risk_review", "journal_review"]


def test_one_whose_word_is_no_tool_is_left_out_by_itself() -> None:
    made_up = Workflow("leaves", "Leaves", "Count them.", ("GetBars", "CountLeaves"), "Count.")

    assert usable(VIEWERS, [made_up]) == {}
    assert usable([*VIEWERS, "CountLeaves"], [made_up]) == {"leaves": made_up}


@pytest.mark.parametrize("flow", WORKFLOWS, ids=lambda flow: flow.name)
def test_a_workflow_names_the_words_it_needs_and_no_other(flow: Workflow) -> None:
    named = set(re.findall(r"\b(?:Get|List|Compute|Stress|Preview|Find)[A-Z]\w+", flow.text))

    assert named == set(flow.needs)


@pytest.mark.parametrize("flow", WORKFLOWS, ids=lambda flow: flow.name)
def test_a_workflow_is_filled_with_what_it_is_given(flow: Workflow) -> None:
    text = flow.filled({each.name: f"X{each.name}X" for each in flow.given})

    assert all(f"X{each.name}X" in text for each in flow.given)
    assert "{" not in text


def test_what_may_be_left_out_has_its_default() -> None:
    flow = find("brief", usable(VIEWERS))

    assert "(1d, limit 60)" in flow.filled({"symbol": "BTC-USD\x1b[2J"})
    assert "\x1b" not in flow.filled({"symbol": "BTC-USD\x1b[2J"})


def test_what_is_missing_or_unknown_is_told() -> None:
    flow = find("brief", usable(VIEWERS))

    with pytest.raises(Invalid, match="brief needs symbol"):
        flow.filled({"symbol": " "})
    with pytest.raises(Invalid, match="no argument 'size'"):
        flow.filled({"symbol": "X", "size": "1"})
    with pytest.raises(NotFound, match="no prompt 'x'"):
        find("x", usable(VIEWERS))
