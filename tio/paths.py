"""Where tio keeps things on this machine: `Paths` a person, `WorkspacePaths` a workspace."""

import os
import re
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tio.api.errors import Invalid, Misconfigured

WORKSPACE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
# The kernel's sockaddr_un holds 108 bytes on Linux, 104 on macOS, the closing NUL included.
SOCKET_BYTES = 103 if sys.platform == "darwin" else 107


@dataclass(frozen=True)
class WorkspacePaths:
    """The files of one workspace; `folder` holds its databases and its lock."""

    name: str
    folder: Path
    tio_db: Path
    market_db: Path
    lock: Path
    socket: Path
    log: Path

    def make_folders(self) -> None:
        """Create what is missing, each 0700; Misconfigured when the socket's folder is not safe."""
        for folder in (self.folder, self.log.parent):
            _made(folder)
        private_folder(self.socket.parent)


@dataclass(frozen=True)
class Paths:
    """Folders for configuration, data, state, cache and the socket; nothing is created here."""

    config: Path
    data: Path
    state: Path
    cache: Path
    runtime: Path

    @classmethod
    def find(cls, environ: Mapping[str, str] | None = None) -> "Paths":
        """All under TIO_HOME when it is set, else by the XDG convention of the platform."""
        given = os.environ if environ is None else environ
        if home := given.get("TIO_HOME"):
            root = Path(home).expanduser().absolute()
            return cls(root, root / "data", root / "state", root / "cache", root / "run")
        state = _xdg(given, "state")
        runtime = given.get("XDG_RUNTIME_DIR", "")
        return cls(
            config=_xdg(given, "config"),
            data=_xdg(given, "data"),
            state=state,
            cache=_xdg(given, "cache"),
            runtime=Path(runtime) / "tio" if runtime.startswith("/") else state / "run",
        )

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def plugins(self) -> Path:
        """Where a person puts plugins of their own."""
        return self.config / "plugins"

    def workspace(self, name: str) -> WorkspacePaths:
        """The files of workspace `name`; Invalid: a bad name, Misconfigured: a socket too long."""
        if not WORKSPACE_NAME.fullmatch(name):
            raise Invalid(
                f"{name!r} cannot name a workspace: use 1 to 32 of a–z, 0–9, _ and -, "
                "beginning with a letter or a digit",
                next="Choose another name with --workspace or TIO_WORKSPACE.",
            )
        folder = self.data / name
        return WorkspacePaths(
            name=name,
            folder=folder,
            tio_db=folder / "tio.db",
            market_db=folder / "market.db",
            lock=folder / "lock",
            socket=_short_enough(self.runtime / f"{name}.sock"),
            log=self.state / f"{name}.log",
        )


def private_folder(folder: Path) -> None:
    """Make `folder` 0700 and ours; Misconfigured when it is a link, a file or someone else's."""
    _made(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        _refuse(folder, "is not a folder of its own but a link or a file")
    if found.st_uid != os.getuid():
        _refuse(folder, f"belongs to user {found.st_uid}, not to you ({os.getuid()})")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def _made(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        _refuse(folder, "is not a folder of its own but a link or a file")
    except OSError as error:
        _refuse(folder, f"cannot be made: {error.strerror}")


def _refuse(folder: Path, why: str) -> None:
    raise Misconfigured(
        f"{folder} {why}",
        next="Move it away, or set TIO_HOME or XDG_RUNTIME_DIR to a folder that is yours.",
    )


def _short_enough(socket: Path) -> Path:
    length = len(os.fsencode(socket))
    if length > SOCKET_BYTES:
        raise Misconfigured(
            f"the socket's path is {length} bytes long, {SOCKET_BYTES} is the most: {socket}",
            next="Set XDG_RUNTIME_DIR or TIO_HOME to a shorter folder.",
        )
    return socket


def _xdg(environ: Mapping[str, str], kind: str) -> Path:
    """The person's folder of a kind: what `environ` says, else the platform's convention."""
    given = environ.get(f"XDG_{kind.upper()}_HOME", "")
    if given.startswith("/"):
        return Path(given) / "tio"
    import platformdirs

    match kind:
        case "config":
            return platformdirs.user_config_path("tio")
        case "data":
            return platformdirs.user_data_path("tio")
        case "state":
            return platformdirs.user_state_path("tio")
        case _:
            return platformdirs.user_cache_path("tio")
