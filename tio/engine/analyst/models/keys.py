"""Keys of the servers of models: kept as those of sources are, by server, never by model."""

from tio.api.models import ModelKey
from tio.api.sources import KeyPlace
from tio.engine.analyst.models.settings import Settings
from tio.engine.keys.vault import Vault, variable

FIELD = "key"


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
        return self._vault.secret(_source(model), FIELD)

    async def keep(self, model: Settings, value: str) -> None:
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


def _source(model: Settings) -> str:
    return f"model {model.origin}"
