"""What may pass between a browser and its kernel.

Inwards: the widget's own messages, small and not too many. Nothing that runs code, asks about code
or opens a widget of the browser's choosing. Outwards: no error, no print: a reader's browser never
sees a traceback, a path or a name from inside. What is held back outwards is in the server's log.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
)
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

PROTOCOL_V1 = "v1.kernel.websocket.jupyter.org"
LARGEST_MESSAGE = 256 * 1024
PER_SECOND, AT_ONCE = 50, 200
ADMITTED = frozenset(
    {"comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request"}
)
ADMITTED_TARGET = "jupyter.widget.control"
HELD_BACK = frozenset({"error", "stream", "display_data", "execute_result"})
MALFORMED, BROKE_THE_RULES = 1007, 1008
SOME_ERROR = {"ename": "Error", "evalue": "", "traceback": []}


class Allowance:
    """So many messages per second, with a reserve for bursts."""

    def __init__(self) -> None:
        """Start with the full reserve."""
        self._left = float(AT_ONCE)
        self._since = time.monotonic()

    def take(self) -> bool:
        """Use one; False when there is none left."""
        now = time.monotonic()
        self._left = min(float(AT_ONCE), self._left + (now - self._since) * PER_SECOND)
        self._since = now
        self._left -= 1
        return self._left >= 0


def admitted(channel: object, header: object, content: object) -> bool:
    """Tell whether a message from a browser may reach its kernel."""
    if channel != "shell" or not isinstance(header, dict) or not isinstance(content, dict):
        return False
    kind = header.get("msg_type")
    if not isinstance(kind, str) or kind not in ADMITTED:
        return False
    return kind != "comm_open" or content.get("target_name") == ADMITTED_TARGET


class HardenedConnection(ZMQChannelsWebsocketConnection):  # type: ignore[misc, unused-ignore]
    """The websocket between one browser and its kernel."""

    _allowance: Allowance | None = None

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass on what is admitted; drop the rest; close on floods and on garbage."""
        if self._allowance is None:
            self._allowance = Allowance()
        if not self._allowance.take():
            self._close(BROKE_THE_RULES, "too many messages")
            return
        if len(incoming_msg) > LARGEST_MESSAGE:
            self._close(BROKE_THE_RULES, "message too large")
            return
        try:
            channel, header, content = self._parts_of(incoming_msg)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
            self._close(MALFORMED, "malformed message")
            return
        except Exception:
            self.log.exception("a browser's message could not be read")
            self._close(MALFORMED, "malformed message")
            return
        if admitted(channel, header, content):
            super().handle_incoming_message(incoming_msg)
        else:
            self.log.warning("A browser's message was dropped: %.100r", header)

    def _parts_of(self, message: Any) -> tuple[object, object, object]:
        """Channel, header and content, read in the same way as they will be sent on."""
        if self.subprotocol == PROTOCOL_V1:
            channel, parts = deserialize_msg_from_ws_v1(message)  # type: ignore[no-untyped-call]
            return channel, self.session.unpack(parts[0]), self.session.unpack(parts[3])
        whole = (
            deserialize_binary_message(message)  # type: ignore[no-untyped-call]
            if isinstance(message, bytes)
            else json.loads(message)
        )
        if "msg_type" in whole and whole["msg_type"] != whole["header"]["msg_type"]:
            raise ValueError("two message types")
        return whole["channel"], whole["header"], whole["content"]

    def _on_error(self, channel: str, msg: dict[str, Any], msg_list: Sequence[Any]) -> None:
        """Take out of an outgoing message what a browser must not see, and log it instead."""
        if channel not in ("iopub", "shell", "control"):
            return
        header: dict[str, Any] = self._part("header", msg, msg_list)
        content: dict[str, Any] = self._part("content", msg, msg_list)
        kind = header["msg_type"]
        if channel != "iopub" and content.get("status") != "error":
            return
        if channel == "iopub" and kind not in HELD_BACK:
            return
        self._log(kind, content)
        replaced = _emptied(kind, content)
        msg["content"] = replaced
        if self.subprotocol == PROTOCOL_V1:
            msg_list[3] = self.session.pack(replaced)  # type: ignore[index]

    def _part(self, name: str, msg: dict[str, Any], msg_list: Sequence[Any]) -> dict[str, Any]:
        part: dict[str, Any] = self.get_part(name, msg[name], msg_list)  # type: ignore[no-untyped-call]
        return part

    def _log(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "stream":
            self.log.info("a kernel wrote: %s", content.get("text", ""))
        elif "traceback" in content:
            self.log.error("a kernel failed:\n%s", "\n".join(content["traceback"]))

    def _close(self, code: int, reason: str) -> None:
        self.log.warning("A browser's connection was closed: %s", reason)
        self.websocket_handler.close(code, reason)


def _emptied(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """The content of the same kind of message with nothing in it."""
    if kind == "stream":
        return {"name": content.get("name", "stderr"), "text": ""}
    if kind in ("display_data", "execute_result"):
        return {**content, "data": {}, "metadata": {}}
    return {**content, **SOME_ERROR}
