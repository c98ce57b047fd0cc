"""Every tool, asked of the demo's engine."""

import json
from typing import Any

from both_engines import running

from tio.api import words
from tio.api.access import Principal
from tio.api.contract import Role
from tio.api.ledger import ListPortfolios
from tio.engine.analyst.models.speech import ToolCall
from tio.engine.analyst.tools.desk import ToolDesk
from tio.engine.analyst.tools.results import RESULT_TOKENS, tokens

from fakes import FakeClock

assert words
TOLD = {
    "symbol": "ACME", "symbols": ["ACME", "GLOBEX"], "specs": [{"name": "sma"}],
    "start": "2026-10-01", "end": "2026-11-19", "of": "NYSE", "figure": "nav", "side": "buy",
    "quantity": "1", "equity": "1000", "entry": "10", "stop": "9", "risk_percent": "1",
}  # fmt: skip
_AROUND = 400
"""Tokens of what stands around the data: handle, notes, what is left out."""


async def test_every_answer_has_its_room() -> None:
    good = 0
    async with running(portfolio=True) as engine:
        (portfolio, *_) = await engine.session().ask(ListPortfolios())
        desk = ToolDesk(engine, Principal(), FakeClock())
        told: dict[str, Any] = TOLD | {"portfolio": portfolio.name}
        for tool in desk.shelf:
            fields = tool.tool.schema.get("properties", {})
            arguments = {name: value for name, value in told.items() if name in fields}
            made = await desk.call(ToolCall("c", tool.name, json.dumps(arguments)))
            assert tokens(made.text) <= RESULT_TOKENS + _AROUND, tool.name
            if made.ok:
                good += 1
                json.loads(made.text.partition("<data>")[2].partition("</data>")[0])
    assert good > 35


async def test_a_viewer_reads_and_cannot_do_more() -> None:
    async with running() as engine:
        desk = ToolDesk(engine, Principal("guest", Role.viewer), FakeClock())
        made = await desk.call(ToolCall("c", "GetQuotes", '{"symbols": ["ACME"]}'))
        assert made.ok
        assert not [each for each in desk.shelf if each.proposes]
