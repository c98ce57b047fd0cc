"""Models as a person writes them."""

import pytest

from tio.api.errors import Misconfigured
from tio.engine.analyst.models.settings import settings


@pytest.mark.parametrize(
    ("told", "kind", "url", "model"),
    [
        ("ollama:qwen3:8b", "ollama", "http://127.0.0.1:11434", "qwen3:8b"),
        ("ollama:http://box:11434#qwen3", "ollama", "http://box:11434", "qwen3"),
        ("openai:https://host/v1#org/model", "openai", "https://host/v1", "org/model"),
    ],
)
def test_a_model_names_its_wire_its_server_and_itself(
    told: str, kind: str, url: str, model: str
) -> None:
    made = settings(told)
    assert (made.kind, made.url, made.model, made.name) == (kind, url, model, told)


@pytest.mark.parametrize(
    "told",
    ["", "qwen3", "ollama:", "openai:model", "openai:https://host/v1", "openai:ftp://host#m"]
    + ["openai:https://me:secret@host/v1#m", "other:https://host#m"],
)
def test_what_names_no_model_is_refused_with_what_to_write(told: str) -> None:
    with pytest.raises(Misconfigured, match="names no model") as refused:
        settings(told)
    assert "secret" not in f"{refused.value.message} {refused.value.next}"
