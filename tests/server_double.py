"""A local server that answers as StatBank and Eurostat do, errors included.

    with Offices() as offices:
        offices.tables["RAS200"] = table(...)
        offices.script.append(Trouble(status=429, headers={"Retry-After": "1"}))

Shapes follow the offices: StatBank answers a wrong question with 400 and `{errorTypeCode,
message}`, Eurostat with `{error: [{status, id, label}]}`. A figure is worked out from the codes it
stands under, so that a test can tell every cell. Troubles are taken from `script`, one per
question for figures; `None` in it is a question answered well.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass
class Trouble:
    """What goes wrong with one answer."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    keep: float = 1.0  # the share of the answer that is sent
    stated: bool = True  # whether its length is stated
    silence: float = 0.0  # seconds before anything is sent


@dataclass
class Asked:
    """One question that came: when, how, for what."""

    moment: float
    method: str
    path: str
    query: dict
    headers: dict[str, str]


def variable(id, text, values, *, elimination=False, time=False):
    """A variable of a table, as tableinfo has it."""
    codes = values if isinstance(values, dict) else {one: one for one in values}
    return {
        "id": id,
        "text": text,
        "elimination": elimination,
        "time": time,
        "values": [{"id": code, "text": label} for code, label in codes.items()],
    }


def table(id, variables, **changed):
    """A table, as tableinfo has it."""
    described = {
        "id": id,
        "text": f"Text of {id}",
        "description": f"Description of {id}",
        "unit": "Antal",
        "suppressedDataValue": "0",
        "updated": "2021-12-13T08:00:00",
        "active": True,
        "footnote": None,
        "variables": variables,
    }
    return described | changed


class Offices:
    """Both offices on one loopback port; `asked` holds every question that came."""

    def __init__(self):
        self.tables: dict[str, dict] = {}
        self.datasets: dict[str, dict[str, dict[str, str]]] = {}
        self.values: dict[tuple[str, ...], str] = {}
        self.script: list[Trouble | None] = []
        self.asked: list[Asked] = []
        self.most_cells = 1_000_000
        self.updated = itertools.repeat(None)
        handler = type("Handler", (_Handler,), {"offices": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def figures(self) -> list[Asked]:
        """The questions that asked for figures."""
        return [one for one in self.asked if "tableinfo" not in one.path]

    def figure(self, codes: tuple[str, ...]) -> str:
        """The figure under codes: as set, or worked out from them: 1 to 99."""
        return self.values.get(codes, str(sum(map(ord, "".join(codes))) % 99 + 1))


class _Handler(BaseHTTPRequestHandler):
    offices: Offices
    protocol_version = "HTTP/1.1"

    def log_message(self, *_given):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        self._note(dict(parse_qsl(parts.query)))
        path = unquote(parts.path)
        if path.startswith("/v1/tableinfo/"):
            self._send(*self._tableinfo(path.rsplit("/", 1)[1]))
        elif path.startswith("/statistics/1.0/data/"):
            self._figures(*self._dataset(path.rsplit("/", 1)[1], parse_qsl(parts.query)))
        else:
            self._send(404, "<html>Not Found</html>", "text/html")

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        query = json.loads(self.rfile.read(length).decode("utf-8"))
        self._note(query)
        if self.path == "/v1/data":
            self._figures(*self._data(query))
        else:
            self._send(404, "<html>Not Found</html>", "text/html")

    def _note(self, query):
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(time.monotonic(), self.command, self.path, query, headers)
        self.offices.asked.append(asked)

    # StatBank

    def _tableinfo(self, id):
        found = self.offices.tables.get(id.upper())
        if found is None:
            return _statbank_error("EXTRACT-NOTFOUND", f"Tabel findes ikke: {id}")
        updated = next(self.offices.updated)
        return 200, json.dumps(found | ({"updated": updated} if updated else {}))

    def _data(self, query):
        found = self.offices.tables.get(query.get("table", ""))
        if found is None:
            return _statbank_error("EXTRACT-NOTFOUND", f"Tabel findes ikke: {query.get('table')}")
        chosen = {one["code"]: one["values"] for one in query["variables"]}
        for one in found["variables"]:
            if one["id"] not in chosen and not one["elimination"]:
                message = f"Der skal vælges værdier for variabel: {one['id']}"
                return _statbank_error("EXTRACT-NOTALLOWED", message)
        known = {one["id"]: [v["id"] for v in one["values"]] for one in found["variables"]}
        cells = 1
        for name, codes in chosen.items():
            for code in codes:
                if code not in known.get(name, ()):
                    message = f"Kan ikke finde værdi: {code} ({name})"
                    return _statbank_error("EXTRACT-NOTFOUND", message)
            cells *= len(codes)
        if cells > self.offices.most_cells:
            message = (
                f"Forespørgslen på op mod {cells} celler er over begrænsningen på "
                f"{self.offices.most_cells} celler for denne filtype. Anvend BULK eller andet "
                "streaming format i stedet."
            )
            return _statbank_error("REQUEST-LIMIT", message)
        if query["format"] == "CSV":
            return 200, self._csv(query, chosen), "text/csv; charset=utf-8"
        return 200, self._jsonstat(found, chosen)

    def _csv(self, query, chosen):
        assert query["delimiter"] == "Semicolon"
        assert query["valuePresentation"] == "Code"
        lines = [";".join([*(name.upper() for name in chosen), "INDHOLD"])]
        for codes in itertools.product(*chosen.values()):
            shown = [code.replace("K", "Q") if query["lang"] == "en" else code for code in codes]
            lines.append(";".join([*shown, self.offices.figure(codes)]))
        return "\ufeff" + "\r\n".join(lines) + "\r\n"

    def _jsonstat(self, found, chosen):
        labels = {
            one["id"]: {v["id"]: v["text"] for v in one["values"]} for one in found["variables"]
        }
        dimension = {
            name: {
                "label": name,
                "category": {
                    "index": {code: at for at, code in enumerate(codes)},
                    "label": {code: labels[name][code] for code in codes},
                },
            }
            for name, codes in chosen.items()
        }
        dimension["ContentsCode"] = {"category": {"index": {found["id"]: 0}}}
        dimension |= {
            "id": [*chosen, "ContentsCode"],
            "size": [*(len(codes) for codes in chosen.values()), 1],
            "role": {"metric": ["ContentsCode"]},
        }
        values = [
            json.loads(figure) if figure[0].isdigit() else None
            for figure in map(self.offices.figure, itertools.product(*chosen.values()))
        ]
        dataset = {"dimension": dimension, "label": found["text"], "value": values}
        return json.dumps({"dataset": dataset | {"updated": found["updated"]}})

    # Eurostat

    def _dataset(self, id, pairs):
        found = self.offices.datasets.get(id)
        if found is None:
            label = f"ERR_NOT_FOUND_4: {id.upper()} is not available for dissemination."
            return _eurostat_error(404, 100, label)
        given: dict[str, list[str]] = {}
        for name, code in pairs:
            given.setdefault(name, []).append(code)
        assert given.pop("format") == ["JSON"]
        assert given.pop("lang") == ["EN"]
        if wrong := given.keys() - found.keys():
            label = f"Invalid dimension: {', '.join(sorted(wrong))}"
            return _eurostat_error(400, 150, label)
        chosen = {
            name: [code for code in codes if code in given.get(name, [*codes])]
            for name, codes in found.items()
        }
        sizes = [len(codes) for codes in chosen.values()]
        if len(list(itertools.product(*chosen.values()))) > self.offices.most_cells:
            label = "EXTRACTION_TOO_BIG: The requested extraction is too big, estimated 7 rows"
            return _eurostat_error(413, 413, label)
        cells = itertools.product(*chosen.values())
        values = {str(at): int(self.offices.figure(codes)) for at, codes in enumerate(cells)}
        dimension = {
            name: {
                "label": name,
                "category": {
                    "index": {code: at for at, code in enumerate(codes)},
                    "label": {code: found[name][code] for code in codes},
                },
            }
            for name, codes in chosen.items()
        }
        updated = next(self.offices.updated) or "2026-10-01T11:00:00+0200"
        document = {
            "version": "2.0",
            "class": "dataset",
            "label": f"Label of {id}",
            "source": "ESTAT",
            "updated": updated,
            "value": values,
            "id": list(chosen),
            "size": sizes,
            "dimension": dimension,
            "extension": {"lang": "EN"},
        }
        return 200, json.dumps(document)

    # Sending

    def _figures(self, status, text, kind="application/json; charset=utf-8"):
        trouble = self.offices.script.pop(0) if self.offices.script else None
        if trouble is None:
            self._send(status, text, kind)
            return
        time.sleep(trouble.silence)
        sent = text if trouble.body is None else trouble.body
        self._send(trouble.status if trouble.status != 200 else status, sent, kind, trouble)

    def _send(self, status, text, kind="application/json; charset=utf-8", trouble=None):
        trouble = trouble or Trouble()
        body = text.encode("utf-8")
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            for name, value in trouble.headers.items():
                self.send_header(name, value)
            if trouble.stated:
                self.send_header("Content-Length", str(len(body)))
            if trouble.keep < 1 or not trouble.stated:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            self.wfile.write(body[: int(len(body) * trouble.keep)])
        except OSError:
            self.close_connection = True


def _statbank_error(code, message):
    return 400, json.dumps({"errorTypeCode": code, "message": message})


def _eurostat_error(status, id, label):
    return status, json.dumps({"error": [{"status": status, "id": id, "label": label}]})
