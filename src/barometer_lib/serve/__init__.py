"""The dashboards on the web: one hardened Voilà, our own pages around it, nothing else reachable.

* ``server``      the server: its settings, its addresses, its end
* ``pages``       what answers an address: start page, dashboards, files, "no such page"
* ``shell``       the page around the content, made before any kernel is asked
* ``choices``     the two words of an address that the server itself reads: language and dataset
* ``kernels``     how many kernels may run, how one is started, when one without a reader is ended
* ``connection``  what may pass between a browser and its kernel
"""

from __future__ import annotations

from pathlib import Path


def run(
    store: Path | None = None,
    port: int = 8866,
    ip: str = "127.0.0.1",
    base_url: str = "/",
    lang: str = "da",
    dashboards: Path | None = None,
    readers: int = 40,
    alone: float = 90,
) -> int:
    """Serve the dashboards until Ctrl-C or SIGTERM; give the exit code.

    ``store`` is the pointer file of the published store; it is handed to the kernels as
    ``BAROMETER_STORE``, its whole path (None: what that variable names, else
    ``store/barometer.json`` here). ``port`` 0 takes a free one. ``lang`` is the language of readers
    whose address names none. ``dashboards`` is the folder of notebooks; None finds the repository's
    own. ``readers`` is how many may have a dashboard open at once; who comes above that is asked to
    wait. ``alone`` is how many seconds a page whose browser went away without a word is kept for it
    to come back to.

    The address is printed to stdout when it answers; the log goes to stderr.

    Exit codes: 0 ended in good order, 1 could not be served (port taken, no dashboards, front-end
    parts not installed), with one sentence on stderr.
    """
    from barometer_lib.serve.server import serve

    return serve(store, port, ip, base_url, lang, dashboards, readers, alone)
