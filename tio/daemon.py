"""The engine without a screen, as a process: run, start, stop, status, logs."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPException

import msgspec

from tio import frugal
from tio.api.contract import Engine
from tio.api.errors import Broken, Busy, NotFound, TioError
from tio.config import Config, load
from tio.daemon_log import keep_log, last_lines, log_to_stderr
from tio.hosted import Hosted
from tio.lock import Lock, holder
from tio.paths import Paths, WorkspacePaths
from tio.wire import systemd
from tio.wire.oneshot import ask_bytes

log = logging.getLogger(__name__)

READY_WITHIN = 10.0
STOPPED_WITHIN = 15.0
POLL = 0.03


class DaemonStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the engine of a workspace runs; `holder` says as what: daemon, terminal, command."""

    running: bool
    pid: int = 0
    socket: str
    version: str = ""
    uptime: float = 0.0
    clients: int = 0
    workspace: str
    holder: str = ""


class _Health(msgspec.Struct, frozen=True):
    version: str
    uptime: float
    clients: int


def run(place: WorkspacePaths, config: Config, *, background: bool = False) -> None:
    """Be the daemon until SIGTERM, SIGINT or `Shutdown`; Busy when another is.

    SIGHUP, where no terminal can have sent it, lets the engine read config.toml again.
    Logs to standard error, in the `background` to the workspace's rotated file.
    """
    os.umask(0o077)
    place.make_folders()
    if background:
        keep_log(place.log, config.log)
    else:
        log_to_stderr(config.log)
    frugal.allow_descriptors()
    lock = _taken(place)
    systemd_door = systemd.inherited()
    asyncio.run(_serve(place, config, lock, systemd_door))


def start(place: WorkspacePaths) -> DaemonStatus:
    """Start a daemon in the background and wait until it answers; Busy when one runs already.

    A terminal that holds the engine hands it over. Broken says why a daemon did not start.
    """
    place.make_folders()
    held_by = holder(place.lock)
    if held_by is not None and held_by.kind == "daemon":
        raise _already(place, held_by.pid)
    with open(place.log, "ab", opener=_private) as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "tio.daemon", place.name],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if child.poll() is not None:
            raise _failed(place, child.returncode)
        found = status(place)
        if found.running and found.pid == child.pid:
            child.returncode = 0  # it goes on without us
            return found
        time.sleep(POLL)
    child.terminate()
    raise Broken(
        f"the daemon did not answer within {READY_WITHIN:g} s", "`tio daemon logs` tells more"
    )


def stop(place: WorkspacePaths) -> int:
    """Ask the daemon to finish and leave, and wait for it; its pid. NotFound when none runs."""
    held_by = holder(place.lock)
    if held_by is None or held_by.kind != "daemon":
        raise NotFound(
            f"no daemon runs in the workspace {place.name}",
            f"a {held_by.kind} holds its engine (process {held_by.pid})" if held_by else "",
        )
    os.kill(held_by.pid, signal.SIGTERM)
    until = time.monotonic() + STOPPED_WITHIN
    while time.monotonic() < until:
        now = holder(place.lock)
        if now is None or now.pid != held_by.pid:
            return held_by.pid
        time.sleep(POLL)
    raise Broken(
        f"the daemon (process {held_by.pid}) did not leave within {STOPPED_WITHIN:g} s",
        "`tio daemon logs` tells what it is doing",
    )


def status(place: WorkspacePaths) -> DaemonStatus:
    """Whether an engine answers at the workspace's socket, and what it says of itself."""
    held_by = holder(place.lock)
    socket = str(place.socket)
    if held_by is None:
        return DaemonStatus(running=False, socket=socket, workspace=place.name)
    try:
        code, data = ask_bytes(place.socket, "GetHealth", within=3.0)
        health = msgspec.json.decode(data, type=_Health) if code == 200 else None
    except (OSError, HTTPException, msgspec.MsgspecError):
        health = None
    return DaemonStatus(
        running=health is not None,
        pid=held_by.pid,
        socket=socket,
        version=health.version if health else "",
        uptime=health.uptime if health else 0.0,
        clients=health.clients if health else 0,
        workspace=place.name,
        holder=held_by.kind,
    )


async def _serve(place: WorkspacePaths, config: Config, lock: Lock, inherited: object) -> None:
    from tio.engine.clock import RealClock
    from tio.wire.socket_door import Door

    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    again = asyncio.Event()
    if not os.isatty(0):
        # Where a terminal is, SIGHUP says that it was closed.
        loop.add_signal_handler(signal.SIGHUP, again.set)
    hosted = await Hosted.start(
        place,
        config,
        lock,
        crowd=True,
        door=Door(inherited, None) if inherited else None,  # type: ignore[arg-type]
        on_shutdown=lambda _hand_over: ending.set(),
    )
    reading = asyncio.create_task(_read_again(again, hosted.engine), name="reads config.toml")
    frugal.set_apart()
    systemd.notify("READY=1")
    log.info("the daemon of workspace %s serves %s", place.name, place.socket)
    giving_back = asyncio.create_task(frugal.give_back_memory(RealClock()), name="give back")
    await ending.wait()
    systemd.notify("STOPPING=1")
    log.info("the daemon of workspace %s leaves", place.name)
    for task in (reading, giving_back):
        task.cancel()
    await asyncio.gather(reading, giving_back, return_exceptions=True)
    await hosted.close()


async def _read_again(again: asyncio.Event, engine: Engine) -> None:
    """Let the engine read config.toml at each SIGHUP."""
    from tio.api.system import ReloadConfig

    while True:
        await again.wait()
        again.clear()
        try:
            await engine.ask(ReloadConfig())
        except TioError as error:
            log.error("config.toml was not read again: %s", error.message)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _taken(place: WorkspacePaths) -> Lock:
    """The lock, handed over by a terminal if one holds it; Busy when it is a daemon's."""
    until = time.monotonic() + READY_WITHIN
    asked = False
    while (lock := Lock.take(place.lock, "daemon")) is None:
        held_by = holder(place.lock)
        if held_by is not None and held_by.kind == "daemon":
            raise _already(place, held_by.pid)
        if held_by is not None and held_by.kind == "terminal" and not asked:
            asked = _asked_to_hand_over(place)
        if time.monotonic() > until:
            raise Busy(
                f"the workspace {place.name} is held by process {held_by.pid if held_by else 0}",
                "Close that terminal or try again in a moment.",
            )
        time.sleep(POLL)
    return lock


def _asked_to_hand_over(place: WorkspacePaths) -> bool:
    try:
        code, _ = ask_bytes(place.socket, "Shutdown", b'{"hand_over":true}', within=3.0)
    except (OSError, HTTPException):
        return False
    return code == 200


def _already(place: WorkspacePaths, pid: int) -> Busy:
    return Busy(
        f"a daemon runs already in the workspace {place.name} (process {pid})",
        "`tio daemon status` tells more, `tio daemon stop` ends it",
    )


def _failed(place: WorkspacePaths, code: int) -> TioError:
    said = "\n".join(last_lines(place.log, 5))
    if code == Busy.exit_code:
        held_by = holder(place.lock)
        return _already(place, held_by.pid if held_by else 0)
    return Broken(f"the daemon ended with exit code {code}; its last words:\n{said}")


def main(name: str, load_config: Callable[[], Config] = load) -> int:
    """The background process that `start` makes; its exit code."""
    try:
        run(Paths.find().workspace(name), load_config(), background=True)
    except TioError as error:
        log.error("%s", error.message)
        if not logging.getLogger().handlers:
            sys.stderr.write(f"{error.message}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
