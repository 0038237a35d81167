"""How many kernels may run, and how a kernel is started."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Int

PREHEATED = "VOILA_PREHEAT"
ASK_AGAIN_AFTER = 0.5
KERNEL_OPTIONS = ["--HistoryManager.enabled=False", "--InteractiveShell.cache_size=0"]


class BoundedKernelManager(AsyncMappingKernelManager):  # type: ignore[misc, unused-ignore]
    """A kernel manager with a cap.

    A reader who comes when the cap is reached is told so (503). A warmed-up kernel for readers to
    come waits until there is room: were it refused, Voila would warm up no kernel again before the
    next start.
    """

    max_kernels = Int(40, help="Kernels that may run at once: readers and warmed-up ones.").tag(
        config=True
    )
    _starting = 0
    waiting = 0

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
            return started
        finally:
            self._starting -= 1

    start_kernel = _async_start_kernel  # type: ignore[assignment, unused-ignore]
