"""One polite question after another: pauses, retries with growing waits, whole answers only."""

from __future__ import annotations

import http.client
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from barometer_lib.errors import BarometerError

USER_AGENT = "IntegrationBarometer (barometer fetch)"
PASSING = {408, 425, 429, 500, 502, 503, 504}
PIECE = 64 * 1024
SAID = 300
# Why an answer is no answer yet.
HALF = "half"
LATER = "later"

Tell = Callable[..., None]


def silent(code: str, **fields: Any) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the whole body, and the address that was asked."""

    status: int
    body: bytes
    address: str
    headers: Mapping[str, str]

    def json(self) -> Any:
        """The body as JSON, or `None` where it is none."""
        try:
            return json.loads(self.body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return None


class _Passing(Exception):
    """A fault that may be gone on the next try."""

    def __init__(self, why: str, after: float | None = None, answer: Answer | None = None) -> None:
        self.why, self.after, self.answer = why, after, answer
        super().__init__(why)


class _Stay(urllib.request.HTTPRedirectHandler):
    """An answer that points elsewhere is told, not followed."""

    def redirect_request(self, *_given: Any, **_named: Any) -> None:
        return None


@dataclass
class Client:
    """Asks one host, one question at a time.

    `pause` is the least time in seconds between two questions, `wait` the first wait after a
    fault (it doubles, with jitter, up to `longest_wait`), `timeout` how long silence is borne,
    `deadline` how long one whole answer may take, `tries` how often a question is put.
    """

    tell: Tell = silent
    pause: float = 1.0
    wait: float = 1.0
    longest_wait: float = 60.0
    longest_asked: float = 300.0
    timeout: float = 60.0
    deadline: float = 900.0
    tries: int = 6
    sleep: Callable[[float], None] = time.sleep
    _last: float = field(default=float("-inf"), init=False)

    def ask(
        self,
        address: str,
        query: Mapping[str, Any] | None = None,
        lacking: Callable[[Answer], str | None] | None = None,
    ) -> Answer:
        """The answer to a GET, or to a POST of `query` as JSON.

        An answer for which `lacking` gives a reason ("half", "later") is asked for again. An
        answer with another status than 200 comes back as it is, unless it may pass. Raises
        `BarometerError` when every try failed, or when the host asks to wait longer than
        `longest_asked` seconds.
        """
        for number in range(1, self.tries + 1):
            try:
                return self._once(address, query, lacking)
            except _Passing as passing:
                last = passing
            if number < self.tries:
                self._bide(last, number)
        if last.answer is not None and last.answer.status in PASSING:
            raise refused(last.answer, self.tries)
        raise BarometerError("fetch_failed", address=address, why=last.why, tries=self.tries)

    def _bide(self, passing: _Passing, number: int) -> None:
        grown = min(self.wait * 2 ** (number - 1), self.longest_wait)
        seconds = grown * (0.5 + secrets.randbelow(1001) / 2000)
        if passing.after is not None:
            if passing.after > self.longest_asked:
                raise BarometerError("fetch_later", seconds=round(passing.after))
            seconds = max(seconds, passing.after)
        self.tell("wait", seconds=seconds, why=passing.why)
        self.sleep(seconds)

    def _once(
        self,
        address: str,
        query: Mapping[str, Any] | None,
        lacking: Callable[[Answer], str | None] | None,
    ) -> Answer:
        early = self._last + self.pause - time.monotonic()
        if early > 0:
            self.sleep(early)
        try:
            answer = self._answer(address, query)
        except (http.client.HTTPException, OSError) as error:
            raise _Passing(_why(error)) from error
        finally:
            self._last = time.monotonic()
        if answer.status in PASSING:
            raise _Passing(f"HTTP {answer.status}", _asked(answer), answer)
        why = lacking(answer) if answer.status == 200 and lacking is not None else None
        if why is not None:
            raise _Passing(why, None, answer)
        return answer

    def _answer(self, address: str, query: Mapping[str, Any] | None) -> Answer:
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        body = None
        if query is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
            body = json.dumps(query, ensure_ascii=False).encode("utf-8")
        request = urllib.request.Request(address, body, headers)  # noqa: S310 - `base` checks it
        opener = urllib.request.build_opener(_Stay)
        try:
            with opener.open(request, timeout=self.timeout) as reply:
                return Answer(reply.status, self._body(reply), address, _plain(reply.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read(PIECE), address, _plain(error.headers))

    def _body(self, reply: http.client.HTTPResponse) -> bytes:
        started, pieces, have = time.monotonic(), [], 0
        while piece := reply.read1(PIECE):
            pieces.append(piece)
            have += len(piece)
            self.tell("bytes", count=have)
            if time.monotonic() - started > self.deadline:
                raise TimeoutError
        stated = reply.headers.get("Content-Length")
        if stated is not None and stated.isdigit() and have < int(stated):
            raise http.client.IncompleteRead(b"", int(stated) - have)
        return b"".join(pieces)


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return "timeout"
    if isinstance(reason, http.client.IncompleteRead):
        return HALF
    return plain_words(str(reason) or type(reason).__name__)


def _plain(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _asked(answer: Answer) -> float | None:
    """The wait in seconds that the host asked for: a number or a moment."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def plain_words(words: str) -> str:
    """What a host said, fit for a terminal: one line, no control characters, not long."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:SAID]


def refused(answer: Answer, tries: int = 1) -> BarometerError:
    """The error that tells a refusal in the host's own words."""
    said = plain_words(_said(answer) or http.client.responses.get(answer.status, ""))
    return BarometerError(
        "fetch_refused", address=answer.address, status=answer.status, said=said, tries=tries
    )


def is_error(answer: Answer) -> bool:
    """Whether an answer that looks good says an error: Eurostat does where nothing matches."""
    if not answer.body.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
        return False
    found = answer.json()
    return isinstance(found, dict) and ("error" in found or "errorTypeCode" in found)


def _said(answer: Answer) -> str:
    """StatBank says `{errorTypeCode, message}`, Eurostat `{error: [{status, id, label}]}`."""
    found = answer.json()
    if not isinstance(found, dict):
        return ""
    if "errorTypeCode" in found or "message" in found:
        return f"{found.get('errorTypeCode', '')}: {found.get('message', '')}"
    error = found.get("error")
    first = error[0] if isinstance(error, list) and error else error
    return str(first.get("label", "")) if isinstance(first, dict) else ""
