"""The server: Voila with our settings, our addresses and nothing else, and its end."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from jupyter_server.auth.identity import User
from traitlets.config import Config
from voila.app import Voila
from voila.voila_identity_provider import VoilaIdentityProvider

from barometer_lib.locale import text
from barometer_lib.serve import pages, shell
from barometer_lib.serve.connection import HardenedConnection
from barometer_lib.serve.kernels import BoundedKernelManager
from barometer_lib.store import VARIABLE, pointer_path

HERE = Path(__file__).parent
POOL_PER_DASHBOARD = 1
PING_EVERY = 30_000
IDLE_READER, LOOK_EVERY = 1200, 10  # seconds
# Of the stack's own addresses these alone stay: a page's kernel and the stack's scripts.
KEPT = ("/api/kernels/", "/voila/static/", "/voila/labextensions/")
# A socket file's path may have some hundred characters; the connection files' names take half.
LONGEST_SOCKET_FOLDER = 40


class NamelessReaders(VoilaIdentityProvider):  # type: ignore[misc, unused-ignore]
    """Every reader is the same reader: no cookie, no made-up name."""

    def get_user(self, handler: Any) -> User:  # noqa: ARG002
        """The one reader."""
        return User(username="reader")


class BarometerServer(Voila):  # type: ignore[misc, unused-ignore]
    """Voila behind our own addresses."""

    site: shell.Site
    lang: str

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings, with what our pages need."""
        settings: dict[str, Any] = super().init_settings()
        return {
            **settings,
            "barometer_site": self.site,
            "barometer_lang": self.lang,
            "headers": pages.HEADERS,
            "default_handler_class": pages.MissingPage,
            "ws_ping_interval": PING_EVERY,
            "ws_ping_timeout": PING_EVERY,
        }

    def init_handlers(self) -> list[Any]:
        """Our addresses, then the few of Voila's that a page needs; every other is no page."""
        base = self.server_url
        voila = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        static = {"path": str(shell.STATIC)}
        kept = [
            handler
            for handler in super().init_handlers()
            if handler[0].removeprefix(base.rstrip("/")).startswith(KEPT)
        ]
        return [
            (base, pages.StartPage),
            (f"{base}static/(.*)", pages.OurFiles, static),
            (f"{base}([a-z0-9_]+)", pages.DashboardPage, voila),
            (f"{base}voila/api/shutdown/(.*)", pages.EndKernel),
            *kept,
            (".*", pages.MissingPage),
        ]

    def listen(self) -> None:
        """Say the address on stdout when it answers, and serve until told to end."""
        import tornado.ioloop

        tornado.ioloop.IOLoop.current().call_later(0, self._say_address)
        super().listen()

    def _say_address(self) -> None:
        print(f"http://{self.ip}:{self.port}{self.base_url}", flush=True)  # noqa: T201

    def _config_file_paths_default(self) -> list[str]:
        """No configuration is read from any folder: it would be executed."""
        return []


def serve(
    store: Path | None,
    port: int,
    ip: str,
    base_url: str,
    lang: str,
    dashboards: Path | None,
    readers: int,
    alone: float,
) -> int:
    """Serve until told to end; see :func:`barometer_lib.serve.run`."""
    folder = dashboards or _dashboards_folder()
    fault = _fault(folder, port, ip)
    if fault or folder is None:
        print(text(lang, f"serve.faults.{fault}", port=str(port)), file=sys.stderr)  # noqa: T201
        return 1
    names = shell.in_order([notebook.stem for notebook in folder.glob("*.ipynb")])
    with tempfile.TemporaryDirectory(prefix="barometer-", ignore_cleanup_errors=True) as private:
        _prepare_environment(store, Path(private))
        kernels = readers + POOL_PER_DASHBOARD * len(names)
        settings = _settings(folder, port or _free_port(ip), ip, base_url)
        settings.BoundedKernelManager = _limits(kernels, alone)
        server = BarometerServer(config=settings)
        server.site = shell.Site(_slashed(base_url), names)
        server.lang = lang
        server.initialize([])
        server.log.addFilter(lambda record: "is not trusted" not in record.getMessage())
        server.start()
    return 0


def _limits(kernels: int, alone: float) -> Config:
    """How many kernels there may be, and how long: alone, and with a reader who does nothing."""
    return Config(
        max_kernels=kernels,
        alone_timeout=alone,
        cull_idle_timeout=IDLE_READER,
        cull_interval=max(1, min(LOOK_EVERY, int(alone / 3))),
        cull_connected=True,
    )


def _settings(folder: Path, port: int, ip: str, base_url: str) -> Config:
    """Every other setting, with nothing left to a file or a reader."""
    settings: dict[str, dict[str, Any]] = {}
    settings["Voila"] = {
        "ip": ip,
        "port": port,
        "port_retries": 0,
        "base_url": _slashed(base_url),
        "root_dir": str(folder.resolve()),
        "open_browser": False,
        "log_level": "WARN",
        "kernel_websocket_connection_class": HardenedConnection,
        "identity_provider_class": NamelessReaders,
    }
    settings["VoilaConfiguration"] = {
        "multi_kernel_manager_class": BoundedKernelManager,
        "template": "barometer",
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "theme": "light",
        "show_tracebacks": False,
        "strip_sources": True,
        "file_allowlist": [],
        "extension_allowlist": [
            "@jupyter-widgets/jupyterlab-manager",
            "anywidget",
            "@voila-dashboards/widgets-manager8",
        ],
        "preheat_kernel": True,
        "default_pool_size": POOL_PER_DASHBOARD,
        "http_keep_alive_timeout": 60,
    }
    settings["VoilaKernelManager"] = {"fill_delay": 0}
    settings["VoilaExecutor"] = {"timeout": 30}
    if os.name == "posix" and len(tempfile.gettempdir()) <= LONGEST_SOCKET_FOLDER:
        settings["KernelManager"] = {"transport": "ipc"}
    return Config(settings)


def _prepare_environment(store: Path | None, private: Path) -> None:
    """What kernels inherit: the store, our template's place, no settings of the account's owner."""
    # A kernel works in the notebooks' folder: a pointer named from where we stand is not there.
    os.environ[VARIABLE] = str(pointer_path(store).resolve())
    places = [str(HERE / "jupyter"), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(place for place in places if place)
    for owned in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        os.environ[owned] = str(private)
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def _dashboards_folder() -> Path | None:
    """The repository's own dashboards, or those below the current folder; None without either."""
    for place in (HERE.parents[2], Path.cwd()):
        if any((place / "dashboards").glob("*.ipynb")):
            return place / "dashboards"
    return None


def _fault(folder: Path | None, port: int, ip: str) -> str | None:
    """Why it cannot be served, as a key of ``serve.faults``; None where it can."""
    if folder is None or not any(folder.glob("*.ipynb")):
        return "no_dashboards"
    if not (shell.STATIC / "vendor" / "barometer.css").is_file():
        return "no_assets"
    with closing(socket.socket()) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError:
            return "port_taken"
    return None


def _free_port(ip: str) -> int:
    with closing(socket.socket()) as probe:
        probe.bind((ip, 0))
        port: int = probe.getsockname()[1]
        return port


def _slashed(base_url: str) -> str:
    """The base address with a slash at both ends."""
    inner = base_url.strip("/")
    return f"/{inner}/" if inner else "/"
