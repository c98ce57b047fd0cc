"""chart: prices drawn once, for the terminal or for a file."""

from typing import Annotated

import typer

from tio.commands import options


def join(cli: typer.Typer) -> None:
    cli.command()(chart)


Kind = Annotated[
    str,
    typer.Option(
        "--kind",
        help="candles hollow heikin-ashi bars line area [default: candles, --grid: line]",
        autocompletion=options.among("candles", "hollow", "heikin-ashi", "bars", "line", "area"),
    ),
]
Scale = Annotated[
    str,
    typer.Option(
        help="linear log percent", autocompletion=options.among("linear", "log", "percent")
    ),
]
Style = Annotated[
    str,
    typer.Option(
        help="plotext, blocks (as the screens draw) or ascii",
        autocompletion=options.among("plotext", "blocks", "ascii"),
    ),
]
Colour = Annotated[
    str,
    typer.Option(
        "--color",
        help="auto (on a terminal, unless NO_COLOR), always, never",
        autocompletion=options.among("auto", "always", "never"),
    ),
]
Theme = Annotated[
    str,
    typer.Option(
        help="dark light colour-blind 16-colours; none: as config.toml says",
        autocompletion=options.among("dark", "light", "colour-blind", "16-colours"),
    ),
]


def chart(
    symbols: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SYMBOL...",
            help="e.g. AAPL; several with --grid or --heat",
            autocompletion=options.symbols,
        ),
    ] = None,
    timeframe: options.Timeframe = "1d",
    limit: Annotated[int, typer.Option(help="The newest so many bars.")] = 120,
    start: Annotated[str, typer.Option(help="Not before, e.g. 2026-01-31 or …T14:30Z.")] = "",
    end: Annotated[str, typer.Option(help="Not after.")] = "",
    kind: Kind = "",
    line: Annotated[bool, typer.Option("--line", help="The same as --kind line.")] = False,
    scale: Scale = "linear",
    indicators: Annotated[
        list[str] | None,
        typer.Option(
            "--indicators",
            "-i",
            help="e.g. ema:20,macd:12,26,9,rsi (`tio indicators list`)",
            autocompletion=options.indicators,
        ),
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(help="Other symbols, rebased: SPY,QQQ", autocompletion=options.symbols),
    ] = None,
    ratio: Annotated[
        str, typer.Option(help="Divided by this symbol.", autocompletion=options.symbols)
    ] = "",
    levels: Annotated[bool, typer.Option("--levels", help="With the session's levels.")] = False,
    drawings: Annotated[
        bool, typer.Option("--drawings", help="With what you drew (blocks, ascii, --svg).")
    ] = False,
    volume: Annotated[bool, typer.Option(help="With the volume (blocks, ascii).")] = True,
    hours: options.Hours = "extended",
    adjusted: options.Adjusted = "split",
    grid: Annotated[
        bool, typer.Option("--grid", help="A small chart of each symbol, side by side.")
    ] = False,
    heat: Annotated[
        bool, typer.Option("--heat", help="A heat map of the symbols' change of today.")
    ] = False,
    watchlist: Annotated[
        str,
        typer.Option(
            "--list",
            help="The symbols of this watchlist (--grid, --heat).",
            autocompletion=options.list_names,
        ),
    ] = "",
    style: Style = "plotext",
    width: Annotated[int, typer.Option(help="Columns; 0: the terminal's.")] = 0,
    height: Annotated[int, typer.Option(help="Rows; 0: the terminal's.")] = 0,
    colour: Colour = "auto",
    theme: Theme = "",
    svg: Annotated[
        str, typer.Option(metavar="FILE", help="Into a new SVG file, - for standard output.")
    ] = "",
    workspace: options.Workspace = "",
) -> None:
    """A price chart, printed, with indicators, other symbols and the session's levels.

    Example: tio chart AAPL --tf 1d --indicators ema:20,rsi --compare SPY
    """
    from tio.commands import chart_print, charting, charting_many
    from tio.commands.asking import ask_all

    asked = tuple(symbols or ())
    several = grid or heat
    wanted = charting.checked(
        charting.Wanted(
            "" if several else charting.only(asked, watchlist),
            timeframe,
            limit,
            start,
            end,
            "line" if line else kind or ("line" if grid else "candles"),
            scale,
            tuple(indicators or ()),
            charting.symbols_in(compare or ()),
            ratio,
            levels,
            drawings,
            volume,
            hours,
            adjusted,
        )
    )
    paper = chart_print.paper(style, width, height, colour, theme, svg)
    place = options.chosen(workspace)
    if not several:
        chart_print.check(wanted, paper)
        charted = ask_all(lambda engine: charting.chart(engine, wanted), place)
        chart_print.print_chart(charted, paper)
        return
    charting_many.check(wanted, grid=grid, heat=heat)
    if grid:
        small = ask_all(lambda engine: charting_many.grid(engine, asked, watchlist, wanted), place)
        chart_print.print_grid(small, wanted, paper)
    else:
        tiles = ask_all(lambda engine: charting_many.heat(engine, asked, watchlist), place)
        chart_print.print_heat(tiles, paper)
