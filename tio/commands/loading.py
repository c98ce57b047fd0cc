"""The simulator's load, as `tio demo` asks for it."""

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.config import Config, load


def demo_load(symbols: int, rate: float, seed: int) -> Config:
    """The configuration with what the options say; 0 or −1 leaves it as the file has it."""
    config = load()
    if rate and not 1 <= rate <= 20_000:
        raise Invalid(f"--rate {rate:g} is out of range", "from 1 to 20,000 ticks a second")
    demo = replace(
        config.demo,
        symbols=symbols or config.demo.symbols,
        rate=rate or config.demo.rate,
        seed=config.demo.seed if seed < 0 else seed,
    )
    return replace(config, demo=demo)
