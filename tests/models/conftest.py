"""Tests with a real model are skipped, saying so, where none is named."""

from pathlib import Path

import pytest
from real_model import FILE, SERVER, URL

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE not in item.path.parents:
            continue
        item.add_marker(pytest.mark.models)
        if item.path.stem.endswith("killed"):
            if not (SERVER and FILE):
                item.add_marker(
                    pytest.mark.skip(
                        "no server to kill: set TIO_TEST_MODEL_SERVER and TIO_TEST_MODEL_FILE"
                        " (docs/models.md)"
                    )
                )
        elif not URL:
            item.add_marker(
                pytest.mark.skip("no model to ask: set TIO_TEST_MODEL_URL (docs/models.md)")
            )
