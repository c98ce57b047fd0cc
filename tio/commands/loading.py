"""The simulator's load, as `tio demo` asks for it."""

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.config import Config, load


def demo_load(symbols: int | None, rate: float | None, seed: int | None) -> Config:
    """The configuration with what the options say; Invalid for a load out of range."""
    config = load()
    if symbols is not None and not 1 <= symbols <= 2_000:
        raise Invalid(f"--symbols {symbols} is out of range", "from 1 to 2,000 instruments")
    if rate is not None and not 1 <= rate <= 20_000:
        raise Invalid(f"--rate {rate:g} is out of range", "from 1 to 20,000 ticks a second")
    demo = replace(
        config.demo,
        symbols=config.demo.symbols if symbols is None else symbols,
        rate=config.demo.rate if rate is None else rate,
        seed=config.demo.seed if seed is None else seed,
    )
    return replace(config, demo=demo)
