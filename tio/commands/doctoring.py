"""What `tio doctor` looks at."""

import os
import platform
import shutil
import sys
from collections.abc import Callable

import msgspec

from tio import __version__
from tio.api.errors import TioError
from tio.api.system import GetConfig, GetHealth, GetStorage
from tio.commands.printing import print_json, print_table
from tio.config import load
from tio.paths import Paths


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at: fine or not, what was found, what to do."""

    what: str
    fine: bool
    found: str
    next: str = ""


def examine(workspace: str, *, json: bool) -> int:
    """Print every finding; 0 when all is fine, else 1."""
    findings = [_guarded(what, look, workspace) for what, look in LOOKS.items()]
    if json:
        print_json(findings)
    else:
        print_table(
            ("", "WHAT", "FOUND", "NEXT"),
            [["ok" if f.fine else "!!", f.what, f.found, f.next] for f in findings],
        )
    return 0 if all(finding.fine for finding in findings) else 1


def probe_sources(workspace: str, *, json: bool) -> int:
    """Ask each source one cheap thing and print what came of it; 0 when any answered."""
    from tio.api.sources import ProbeSources
    from tio.commands.asking import ask
    from tio.commands.source_tables import ago

    probes = ask(ProbeSources(), workspace)
    if json:
        print_json(probes)
    else:
        print_table(
            ("", "SOURCE", "LATENCY", "AS OF", "SAID"),
            [
                [
                    "ok" if each.well else "!!",
                    each.source,
                    "" if each.latency_ms is None else f"{each.latency_ms:.0f} ms",
                    ago(each.as_of),
                    each.said,
                ]
                for each in probes
            ],
        )
    return 0 if any(each.well for each in probes) else 4


def _guarded(what: str, look: Callable[[str], Finding], workspace: str) -> Finding:
    try:
        return look(workspace)
    except TioError as error:
        return Finding(what, False, error.message, error.next)


def _program(_: str) -> Finding:
    python = platform.python_version()
    return Finding("program", True, f"tio {__version__}, Python {python}, {platform.system()}")


def _terminal(_: str) -> Finding:
    size = shutil.get_terminal_size()
    colours = os.environ.get("COLORTERM") or os.environ.get("TERM", "none")
    fine = size.columns >= 60 and size.lines >= 20
    found = f"{size.columns}×{size.lines}, {colours}, {sys.stdout.encoding}"
    return Finding("terminal", fine, found, "" if fine else "tio needs 60×20")


def _config(_: str) -> Finding:
    file = Paths.find().config_file
    load(file)
    return Finding("configuration", True, str(file) if file.exists() else f"defaults ({file})")


def _settings(workspace: str) -> Finding:
    from tio.commands.asking import ask

    state = ask(GetConfig(), workspace)
    if state.problem:
        found = f"the last good ones; {state.problem}"
        return Finding("settings in use", False, found, "mend it with `tio config edit`")
    if state.waiting:
        waiting = ", ".join(state.waiting)
        return Finding("settings in use", True, f"as started; {waiting} changed", "restart tio")
    return Finding("settings in use", True, "those of the file")


def _folders(workspace: str) -> Finding:
    place = Paths.find().workspace(workspace)
    place.make_folders()
    free = shutil.disk_usage(place.folder).free / 1e9
    fine = free > 0.5
    found = f"{place.folder}, {free:.1f} GB free"
    return Finding("data", fine, found, "" if fine else "make room: entries need it")


def _socket(workspace: str) -> Finding:
    place = Paths.find().workspace(workspace)
    there = place.socket.exists()
    return Finding("socket", True, f"{place.socket}{'' if there else ' (no engine runs)'}")


def _engine(workspace: str) -> Finding:
    from tio.commands.asking import ask

    health = ask(GetHealth(), workspace)
    found = f"{workspace}: {health.instruments} instruments, {health.clients} clients"
    return Finding("engine", not health.banner, found, health.banner)


def _store(workspace: str) -> Finding:
    from tio.commands.asking import ask

    reports = ask(GetStorage(check=True), workspace)
    fine = all(report.integrity == "ok" for report in reports)
    found = ", ".join(f"{r.file} {r.bytes / 1e6:.1f} MB {r.integrity}" for r in reports)
    return Finding("store", fine, found, "" if fine else "`tio daemon logs` tells more")


LOOKS: dict[str, Callable[[str], Finding]] = {
    "program": _program,
    "terminal": _terminal,
    "configuration": _config,
    "settings in use": _settings,
    "data": _folders,
    "socket": _socket,
    "engine": _engine,
    "store": _store,
}
