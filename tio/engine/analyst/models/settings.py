"""Where a model is, as a person wrote it."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from tio.api.clean import clean
from tio.api.errors import Misconfigured

OLLAMA = "http://127.0.0.1:11434"
RULES = "rules"


@dataclass(frozen=True, slots=True)
class Settings:
    """A model and its server. `first`: seconds until a round says something; `between`: until it
    says more; `opens`: until the server takes a connection."""

    kind: str
    model: str
    url: str
    name: str
    key: str = field(default="", repr=False)
    proxy: str = ""
    opens: float = 5.0
    first: float = 60.0
    between: float = 30.0
    context: int = 0
    """Tokens of its window, as a person says; 0: as the server does."""
    think: bool | None = None
    """Whether it thinks first; None: as the server has it."""

    @property
    def origin(self) -> str:
        """The server a key is for: `api.example.com`, `http://box:8080`."""
        web = urlsplit(self.url)
        return (
            web.netloc.lower() if web.scheme == "https" else f"{web.scheme}://{web.netloc}".lower()
        )

    @property
    def loopback(self) -> bool:
        """Whether the server is this machine, which needs no network."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return True
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False


def settings(told: str) -> Settings:
    """`ollama:qwen3`, `ollama:http://host:11434#qwen3`, `openai:https://host/v1#model`.

    Raises Misconfigured where it is none of these.
    """
    told = clean(told, limit=2_000).strip()
    kind, _, rest = told.partition(":")
    address, mark, model = rest.partition("#")
    if kind == "ollama" and not mark:
        address, model = OLLAMA, rest
    web = urlsplit(address) if re.match(r"https?://[^/\s]+", address) else None
    if kind not in ("ollama", "openai") or not model.strip() or web is None or web.username:
        # What stands before an @ may be a password.
        shown = re.sub(r"//.*@", "//…@", told)[:120]
        raise Misconfigured(
            f"[analyst] models: {shown!r} names no model",
            'write "ollama:MODEL", "openai:https://HOST/v1#MODEL" or "rules"',
        )
    return Settings(kind, model.strip(), address, told)
