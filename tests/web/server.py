"""A web server of this machine that answers as it is told, faults included."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """One answer; `cut` leaves the last bytes out, `wait` comes before the first."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    wait: float = 0.0


@dataclass
class Server:
    url: str
    replies: dict[str, Reply | list[Reply]]
    """By path with its query; of a list one an answer, the last for all that follow."""
    asked: list[str]
    """The paths that were asked for, in order."""
    headers: list[Mapping[str, str]]

    def answer(self, path: str, *replies: Reply | str | bytes) -> str:
        """Answer a path, and give its address."""
        answers = [self._reply(reply) for reply in replies]
        self.replies[path] = answers
        return self.url + path

    @staticmethod
    def _reply(reply: Reply | str | bytes) -> Reply:
        if isinstance(reply, Reply):
            return reply
        return Reply(reply.encode() if isinstance(reply, str) else reply)


@contextmanager
def serving() -> Iterator[Server]:
    server = Server("", {}, [], [])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            server.headers.append(dict(self.headers))
            replies = server.replies.get(self.path, [Reply(b"nothing here", 404)])
            assert isinstance(replies, list)
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
            time.sleep(reply.wait)
            try:
                self.send_response(reply.status)
                for name, text in reply.headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body[: len(reply.body) - reply.cut])
            except OSError:  # the client has gone
                return

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        server.url = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        listening.shutdown()
        thread.join()
