"""Commands without their start: one process has imported everything, and forks for each command.

The program on the path is a small client. It hands its streams, arguments, folder and environment
to the server, waits, and ends as the command did. Most of the time would otherwise go into imports.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NoReturn

from rural_forecast.system.blas import pin_blas

LIBRARIES = (
    "jinja2",
    "narwhals",
    "pandas",
    "pyarrow.compute",
    "pyarrow.parquet",
    "python_calamine",
    "resvg_py",
    "rich.progress",
    "scipy.special",
    "statsmodels.tsa.arima.model",
    "statsmodels.tsa.exponential_smoothing.ets",
    "typst",
    "xlsxwriter",
)
LONGEST = 1 << 20
CLIENT = """#!{python} -ISE
import _socket, array, os, sys
open_ones = []
for number in range(3):
    try:
        os.fstat(number)
        open_ones.append(number)
    except OSError:
        pass
words = [repr(open_ones), os.getcwd(), str(len(sys.argv) - 1), *sys.argv[1:]]
words += [f"{{name}}={{value}}" for name, value in os.environ.items()]
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
server.connect({address!r})
data = os.fsencode("\\0".join(words))
server.sendmsg([data], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", open_ones))])
os._exit(server.recv(1)[0])
"""
_open = ExitStack()
atexit.register(_open.close)


@cache
def folder() -> Path:
    """A folder for the front of PATH with `rural-forecast` in it, there until the tests end."""
    return _open.enter_context(_program())


@contextmanager
def _program() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = str(folder / "socket")
        client = folder / "rural-forecast"
        client.write_text(CLIENT.format(python=sys.executable, address=address))
        client.chmod(0o755)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
            listening.bind(address)
            listening.listen()
            listening.set_inheritable(True)
            line = [sys.executable, "-m", "tests.warm", str(listening.fileno())]
            clean = {
                key: value
                for key, value in os.environ.items()
                if not key.startswith(("PYTHON", "RURAL_"))
            }
            clean |= {"LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parents[1])}
            server = subprocess.Popen(
                line, pass_fds=[listening.fileno()], env=clean, start_new_session=True
            )
        try:
            yield folder
        finally:
            server.kill()
            server.wait()


def serve(listening: socket.socket) -> NoReturn:
    """Fork for each client."""
    pin_blas()
    package = import_module("rural_forecast")
    for name in (
        *(module.name for module in walk_packages(package.__path__, "rural_forecast.")),
        *LIBRARIES,
    ):
        import_module(name)
    package.forecast(package.read("turnover"))  # reads the catalogue and the learned numbers
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for
    parent = os.getppid()
    listening.settimeout(5)
    while os.getppid() == parent:  # tests that are killed leave nothing behind
        try:
            client, _ = listening.accept()
        except TimeoutError:
            continue
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _handle(client)
        client.close()
    os._exit(0)


def _handle(client: socket.socket) -> NoReturn:
    """Run a command with the streams, folder and variables of the client, and give it the exit
    code.
    """
    size = array("i").itemsize
    data, passed, _, _ = client.recvmsg(LONGEST, socket.CMSG_SPACE(3 * size))
    numbers = array("i", passed[0][2]) if passed else array("i")
    opened, folder, count, *words = os.fsdecode(data).split("\0")
    streams = dict(zip(eval(opened), numbers, strict=True))
    for number in range(3):
        os.close(number)
        if number in streams:
            os.dup2(streams[number], number)
            os.close(streams[number])
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(word.split("=", 1) for word in words[int(count) :])
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        setattr(
            sys, name, _stream(number, "r" if number == 0 else "w") if number in streams else None
        )
    sys.argv = ["rural-forecast", *words[: int(count)]]
    code: Any = 1
    try:
        from rural_forecast.__main__ import main

        main()
        code = 0
    except SystemExit as stop:
        code = stop.code
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
        client.send(bytes([code if isinstance(code, int) else int(code is not None)]))
        os._exit(0)


def _stream(number: int, mode: str) -> Any:
    return open(
        number,
        mode,
        encoding="utf-8",
        errors="backslashreplace" if number == 2 else "strict",
        closefd=False,
    )


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
