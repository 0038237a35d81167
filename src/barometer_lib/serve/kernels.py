"""How many kernels may run, how a kernel is started, and when one that nobody reads is ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Float, Int

PREHEATED = "VOILA_PREHEAT"
ASK_AGAIN_AFTER = 0.5
KERNEL_OPTIONS = ["--HistoryManager.enabled=False", "--InteractiveShell.cache_size=0"]


class BoundedKernelManager(AsyncMappingKernelManager):  # type: ignore[misc, unused-ignore]
    """A kernel manager with a cap.

    A reader who comes when the cap is reached is told so (503). A warmed-up kernel for readers to
    come waits until there is room: were it refused, Voila would warm up no kernel again before the
    next start.

    A kernel whose browser went away, or never came, is ended when it has been alone for
    ``alone_timeout`` seconds, also in the midst of a computation. A connected one is ended by the
    stack's own, longer limit (``cull_idle_timeout``); a warmed-up one waits as long as it takes.
    """

    max_kernels = Int(40, help="Kernels that may run at once: readers and warmed-up ones.").tag(
        config=True
    )
    alone_timeout = Float(90, help="Seconds that a kernel without a browser is kept.").tag(
        config=True
    )
    _starting = 0
    waiting = 0

    def __init__(self, **kwargs: Any) -> None:
        """Start without kernels."""
        self._alone_since: dict[str, float] = {}
        self._warmed_by: dict[str, asyncio.Task[Any] | None] = {}
        super().__init__(**kwargs)  # type: ignore[no-untyped-call, unused-ignore]

    def has_room(self) -> bool:
        """Tell whether one more kernel may start."""
        return len(self.list_kernel_ids()) + self._starting < self.max_kernels

    async def _async_start_kernel(  # type: ignore[override, unused-ignore]
        self, *, kernel_id: str | None = None, path: Any = None, **kwargs: Any
    ) -> str:
        environment: Mapping[str, str] = kwargs.get("env") or {}
        while not self.has_room():
            if environment.get(PREHEATED) != "True":
                raise HTTPError(503, "no room for one more kernel")
            self.waiting += 1
            try:
                await asyncio.sleep(ASK_AGAIN_AFTER)
            finally:
                self.waiting -= 1
        self._starting += 1
        try:
            kwargs.setdefault("extra_arguments", list(KERNEL_OPTIONS))
            started: str = await super()._async_start_kernel(
                kernel_id=kernel_id, path=path, **kwargs
            )
            self._alone_since[started] = time.monotonic()
            if environment.get(PREHEATED) == "True":
                self._warmed_by[started] = asyncio.current_task()
            return started
        finally:
            self._starting -= 1

    start_kernel = _async_start_kernel  # type: ignore[assignment, unused-ignore]

    def notify_connect(self, kernel_id: str) -> None:
        """A browser came, or came back."""
        super().notify_connect(kernel_id)  # type: ignore[no-untyped-call, unused-ignore]
        self._alone_since.pop(kernel_id, None)

    def notify_disconnect(self, kernel_id: str) -> None:
        """A browser went; where it was the last one, the kernel is alone from now."""
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call, unused-ignore]
        if self._kernel_connections.get(kernel_id, 0) <= 0:
            self._alone_since[kernel_id] = time.monotonic()

    async def cull_kernels(self) -> None:
        """End what is to be ended, and see to it that each dashboard has its warmed-up kernel."""
        for pool in self._warm_pools().values():
            drop_failed(pool)
        running = set(self.list_kernel_ids())
        for kept in (self._alone_since, self._warmed_by):
            for kernel_id in kept.keys() - running:
                del kept[kernel_id]
        for kernel_id in running:
            if self._waits_for_a_reader(kernel_id):
                self._alone_since[kernel_id] = time.monotonic()
        await super().cull_kernels()  # type: ignore[no-untyped-call, unused-ignore]
        with_pools: Any = self  # Voila adds the pools to this class
        for notebook in list(self._warm_pools()):
            with_pools.fill_if_needed(notebook_name=notebook)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that was alone for too long, or whose reader does nothing any more."""
        if kernel_id not in self:
            return
        now = time.monotonic()
        if now - self._alone_since.get(kernel_id, now) > self.alone_timeout:
            self.log.info("a kernel without a reader is ended: %s", kernel_id)
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call, unused-ignore]
        else:
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call, unused-ignore]

    def _waits_for_a_reader(self, kernel_id: str) -> bool:
        """Tell whether a kernel is warmed up, or being so, and no page has taken it yet."""
        warming = self._warmed_by.get(kernel_id)
        return warming is not None and any(warming in pool for pool in self._warm_pools().values())

    def _warm_pools(self) -> dict[str, list[asyncio.Task[Any]]]:
        """By notebook, the tasks that warm up its kernels; Voila takes one out for each page."""
        pools: dict[str, list[asyncio.Task[Any]]] = getattr(self, "_pools", {})
        return pools


def drop_failed(pool: list[asyncio.Task[Any]]) -> None:
    """Take out of a pool what could not be warmed up: nobody would, and it breaks the ending of
    every other kernel."""
    for entry in [one for one in pool if one.done() and (one.cancelled() or one.exception())]:
        pool.remove(entry)
