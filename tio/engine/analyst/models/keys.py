"""Keys of the servers of models: kept as those of sources are, by server, never by model."""

from tio.api.errors import Invalid, Misconfigured
from tio.api.models import ModelKey
from tio.api.sources import KeyPlace
from tio.engine.analyst.models.settings import Settings
from tio.engine.keys.vault import Vault, variable

FIELD = "key"
_UNSENDABLE = "is no key: it has blanks, or letters no request can carry"


class ModelKeys:
    """A key goes to the very server it was given for: host, port and whether it is encrypted."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._loaded: set[str] = set()

    async def load(self, *models: Settings) -> None:
        """Read the keys of these once; may ask the keyring, in a thread."""
        wanted = {_source(each) for each in models} - self._loaded
        if wanted:
            await self._vault.load(dict.fromkeys(wanted, (FIELD,)))
            self._loaded |= wanted

    async def secret(self, model: Settings) -> str:
        """The key of its server; "" when there is none."""
        await self.load(model)
        key = self._vault.secret(_source(model), FIELD).strip()
        if not sendable(key):
            raise Misconfigured(f"the key for {model.origin} {_UNSENDABLE}")
        return key

    async def keep(self, model: Settings, value: str) -> None:
        """Keep the key of its server; Invalid where no request could carry it."""
        value = value.strip()
        if not value or not sendable(value):
            raise Invalid(f"this {_UNSENDABLE}; nothing was changed", "copy the key alone")
        await self._vault.keep(_source(model), FIELD, value)
        self._loaded.add(_source(model))

    async def forget(self, model: Settings) -> None:
        await self._vault.forget(_source(model), FIELD)

    def place(self, model: Settings) -> ModelKey:
        """Where it is; as far as it was loaded."""
        place = self._vault.place(_source(model), FIELD)
        if place is not KeyPlace.absent:
            return ModelKey[place.name]
        return ModelKey.not_needed if model.loopback else ModelKey.missing

    def variable(self, model: Settings) -> str:
        """The environment variable that may hold it: `TIO_MODEL_API_EXAMPLE_COM_KEY`."""
        return variable(_source(model), FIELD)


def sendable(key: str) -> bool:
    """Whether a header can carry it."""
    return key.isascii() and key.isprintable() and " " not in key


def _source(model: Settings) -> str:
    return f"model {model.origin}"
