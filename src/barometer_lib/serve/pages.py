"""What answers an address: the start page, a dashboard, our own files, "no such page"."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any, cast

import tornado.web
from jupyter_server.base.handlers import JupyterHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler

from barometer_lib.serve import shell
from barometer_lib.serve.choices import Choices, choices_of
from barometer_lib.serve.kernels import BoundedKernelManager, drop_failed

POLICY = (
    "default-src 'self'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FAILED_MARK = "data-cell-failed"
A_YEAR = 365 * 24 * 3600


class OurPage(JupyterHandler):  # type: ignore[misc, unused-ignore]
    """A page with our shell: policy, language, and errors as pages in that language."""

    @property
    def content_security_policy(self) -> str:
        """The same policy on every page."""
        return POLICY

    @property
    def site(self) -> shell.Site:
        """Where the pages lie and which dashboards there are."""
        site: shell.Site = self.settings["barometer_site"]
        return site

    @property
    def choices(self) -> Choices:
        """Language and dataset of this request."""
        return choices_of(self.request.query, self.settings["barometer_lang"])

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """One of our pages in place of a stack's own; never a detail of what went wrong."""
        named = {404: "missing", 503: "busy"}.get(status_code, "broken")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if status_code == 503:
            self.set_header("Retry-After", "60")
        self.finish(shell.page(self.site, named, self.choices))


class MissingPage(OurPage):
    """Every address that is none."""

    def prepare(self) -> None:  # type: ignore[override, unused-ignore]
        """Answer whatever the method."""
        raise tornado.web.HTTPError(404)


class StartPage(OurPage):
    """The start page: no kernel, its content from the views."""

    async def get(self) -> None:
        """Give the page; where its content fails, one sentence in its place."""
        choices = self.choices
        try:
            content = await asyncio.to_thread(_start_content, choices, self.site)
        except Exception:
            reference = secrets.token_hex(3)
            self.log.exception("the start page failed [%s]", reference)
            content = shell.sentence(choices.lang, "failed", reference=reference)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(shell.page(self.site, "start", choices, content))

    head = get  # the server itself leaves the body out


class DashboardPage(OurPage, TornadoVoilaHandler):  # type: ignore[misc, unused-ignore]
    """A dashboard: our shell at once, then the kernel's part as it comes."""

    async def get(self, name: str) -> None:  # type: ignore[override, unused-ignore]
        """Give the page, or 404 for a name that is no dashboard, or 503 where there is no room."""
        notebook = self._begin(name)
        choices = self.choices
        before, after = shell.page(self.site, name, choices).split(shell.KERNEL_MARK)
        self.write(before)
        await self.flush()
        try:
            await self._pass_on(notebook, choices.lang)
        except Exception:
            reference = secrets.token_hex(3)
            self.log.exception("a dashboard could not start [%s]", reference)
            self._say_failed(choices.lang, reference)
        self.finish(after)

    async def head(self, name: str) -> None:  # type: ignore[override, unused-ignore]
        """Answer as `get` would begin, and ask no kernel."""
        self._begin(name)
        await self.flush()  # the page has no length that is known beforehand
        self.finish()

    def _begin(self, name: str) -> str:
        """The dashboard's notebook, where the page can be given; its headers are set."""
        if name not in self.site.dashboards:
            raise tornado.web.HTTPError(404)
        notebook = f"{name}.ipynb"
        if not self._has_place(notebook):
            raise tornado.web.HTTPError(503)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        return notebook

    @property
    def kernels(self) -> BoundedKernelManager:
        """The server's kernels."""
        return cast("BoundedKernelManager", self.kernel_manager)

    async def _pass_on(self, notebook: str, lang: str) -> None:
        """Write the kernel's part; where a cell of the notebook failed, say so."""
        async for part in self.get_generator(path=notebook):
            if "voila_heartbeat" in part[:60]:
                continue
            self.write(part)
            if FAILED_MARK in part:
                self._say_failed(lang, "")
            await self.flush()

    def _say_failed(self, lang: str, reference: str) -> None:
        """An alert after the page's content; the boot script lifts it into place."""
        key, fields = ("failed", {"reference": reference}) if reference else ("cell_failed", {})
        self.write(f'<div id="kernel-failed">{shell.sentence(lang, key, **fields)}</div>')

    def _has_place(self, notebook: str) -> bool:
        """Tell whether a warmed-up kernel is ready or under way, or a new one may start."""
        pool = getattr(self.kernels, "_pools", {}).get(notebook, [])
        drop_failed(pool)
        ready = bool(pool) and (pool[0].done() or self.kernels.waiting == 0)
        return ready or self.kernels.has_room()

    def should_use_rendered_notebook(self, *given: Any) -> bool:
        """Take a warmed-up kernel, or one that is getting warm, whatever the address says."""
        pool_size: int = given[1]
        return pool_size > 0


class EndKernel(VoilaShutdownKernelHandler):  # type: ignore[misc, unused-ignore]
    """Ends a page's kernel when its reader leaves. The key is its id, known to its page alone."""

    def check_xsrf_cookie(self) -> None:
        """Our pages set no cookie; a browser says itself where a request comes from."""
        if self.request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise tornado.web.HTTPError(403)

    async def post(self, kernel_id: str) -> None:
        """End it, unless it has ended by itself.

        A kernel that dies in these very moments cannot be ended any more; that is the log's
        business, not that of a reader who has left.
        """
        try:
            if kernel_id in self.kernel_manager:
                await self.kernel_manager.shutdown_kernel(kernel_id, now=True)
        except Exception:
            self.log.exception("a kernel could not be ended: %s", kernel_id)
        self.set_status(204)


class OurFiles(tornado.web.StaticFileHandler):
    """Styles, scripts and fonts; kept long where the address carries a mark of the content."""

    def set_extra_headers(self, _path: str) -> None:
        """Add what every answer carries."""
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", POLICY)

    def get_cache_time(self, path: str, _modified: Any, _mime_type: str) -> int:
        """A year for a marked address and for fonts, an hour for anything else."""
        marked = bool(self.get_argument("v", "")) or path.endswith(".woff2")
        return A_YEAR if marked else 3600


def _start_content(choices: Choices, site: shell.Site) -> str:
    """What the views put on the start page, as HTML."""
    from barometer_lib.views.start import start_page

    return start_page(choices.lang, choices.dataset, site.dashboards)
