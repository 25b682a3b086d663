"""Fetches what stands at an address: tries, pauses, redirects, limits.

aiohttp speaks `http` and `https`: it is the client that fsspec asks for, and used by itself it
gives the status, the headers and the machine that is connected to before a byte is read. All other
schemes are those of fsspec.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from rural_forecast.errors import InputError, RuralForecastError, UsageError
from rural_forecast.system.addresses import CHECK_ADDRESS, ONLY_WEB, Rules, require_allowed
from rural_forecast.system.extras import need
from rural_forecast.version import __version__

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")
Advance = Callable[[int, int | None], None]
_PIECE = 1 << 16
# What a later try may change: too many requests, or a server error.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNCHANGED = 304
_TRANSLATED = IPv6Network("64:ff9b::/96")  # addresses of the old kind, for networks of the new
_WHY = {
    401: "it asks for a login",
    403: "it refuses access",
    404: "there is nothing at this address",
    410: "it is gone",
    429: "too many requests were made",
}


@dataclass(frozen=True)
class Content:
    """The content of an address, and by what its server knows whether it changed."""

    content: bytes
    validators: dict[str, str]


class _PassingError(Exception):
    """A failure that another try may mend."""

    def __init__(self, why: str, pause: float | None = None) -> None:
        super().__init__(why)
        self.pause = pause  # seconds that the server asks to wait


def fetch(
    address: str,
    name: str,
    scheme: str,
    validators: Mapping[str, str],
    rules: Rules,
    advance: Advance,
) -> Content | None:
    """Fetch an address; None if its server says that it did not change.

    `name` stands for it in messages.

    Raises InputError if it cannot be fetched, UsageError if an extra is missing.
    """
    need("fsspec", "web", "An address")
    need("aiohttp", "web", "An address")
    pause = rules.limits.pause
    for left in reversed(range(rules.limits.tries)):
        try:
            if scheme in ONLY_WEB:
                return _run(_of_web(address, name, validators, rules, advance))
            return _of_store(address, name, scheme, rules, advance)
        except _PassingError as error:
            wanted = pause if error.pause is None else error.pause
            if left and wanted <= rules.limits.longest_pause:
                time.sleep(wanted)
                pause *= 2
                continue
            wait = ""
            if error.pause:
                unit = "second" if round(error.pause) == 1 else "seconds"
                wait = f"; it asks to wait {error.pause:.0f} {unit}"
            raise _failed(name, f"{error}{wait}") from None
    raise AssertionError  # the last try returns or raises


def _failed(name: str, why: str, hint: str = "", code: str = "address") -> InputError:
    hint = hint or "Try again later, or download it and name the file."
    return InputError(f"{name} could not be fetched: {why}.", hint, code=code)


def _too_large(name: str, rules: Rules) -> InputError:
    most = f"{rules.limits.size / 1024**2:,.0f} MB"
    return InputError(
        f"{name} holds more than {most}, the most that is fetched.",
        "Ask its publisher for fewer series, or download it and name the file.",
        code="too_large",
    )


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end; in a thread of its own where a loop runs, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    outcome: list[T] = []
    errors: list[BaseException] = []

    def alone() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    thread = Thread(target=alone, daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return outcome[0]


# By http


async def _of_web(
    address: str, name: str, validators: Mapping[str, str], rules: Rules, advance: Advance
) -> Content | None:
    import aiohttp

    limits = rules.limits
    guard = _Guard()
    try:
        async with asyncio.timeout(limits.whole):
            current = address
            for _ in range(limits.redirects + 1):
                require_allowed(current)
                proxy = _proxy(current)
                if rules.access == "public" and proxy:
                    await guard.look_up(current)
                guarding = rules.access == "public" and not proxy
                async with (
                    _client(validators, rules, guard if guarding else None) as client,
                    client.get(current, allow_redirects=False, proxy=proxy) as response,
                ):
                    if response.status not in _REDIRECTS:
                        return await _content(response, name, rules, advance)
                    current = urljoin(current, response.headers.get("Location", ""))
    except TimeoutError:
        raise _PassingError("no answer in time") from None
    except aiohttp.ClientConnectorCertificateError:
        hint = "Trust it by SSL_CERT_FILE, or download it and name the file."
        raise _failed(name, "its certificate is not trusted", hint) from None
    except aiohttp.InvalidURL:
        raise _failed(name, "it is no address", CHECK_ADDRESS) from None
    except aiohttp.ClientPayloadError:
        raise _PassingError("it was cut off") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        if guard.refused:
            raise _private(name) from None
        raise _PassingError(_words_of(error)) from None
    hint = "Check the address, or download it and name the file."
    raise _failed(name, f"it redirects more than {limits.redirects} times", hint)


def _client(
    validators: Mapping[str, str], rules: Rules, guard: _Guard | None
) -> aiohttp.ClientSession:
    import aiohttp

    limits = rules.limits
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=guard.socket if guard else None),
        timeout=aiohttp.ClientTimeout(
            total=None, sock_connect=limits.connecting, sock_read=limits.silence
        ),
        headers={"User-Agent": f"rural-forecast/{__version__}", "Accept": "*/*", **validators},
    )


def _words_of(error: Exception) -> str:
    cause = getattr(error, "os_error", None) or error
    number = getattr(cause, "errno", None)
    # Of an error of a connection; those of looking up a name are numbers below zero.
    words = os.strerror(number) if number and number > 0 else getattr(cause, "strerror", None)
    return str(words or cause or type(error).__name__).strip().rstrip(".")


async def _content(
    response: aiohttp.ClientResponse, name: str, rules: Rules, advance: Advance
) -> Content | None:
    status = response.status
    if status == _UNCHANGED:
        return None
    if status in _PASSING:
        why = _WHY.get(status, f"its server answers {status}")
        raise _PassingError(why, _asked_pause(response.headers.get("Retry-After")))
    if status >= 400:
        why = _WHY.get(status, f"its server answers {status}")
        reason = await _reason(response)
        code = "not_found" if status in (404, 410) else "address"
        raise _failed(name, f"{why}{reason}", CHECK_ADDRESS, code)
    whole = response.content_length
    if whole is not None and whole > rules.limits.size:
        raise _too_large(name, rules)
    pieces: list[bytes] = []
    size = 0
    async for piece in response.content.iter_chunked(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > rules.limits.size:
            raise _too_large(name, rules)
        advance(size, whole)
    validators = {}
    for answered, asked in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
        if answered in response.headers:
            validators[asked] = response.headers[answered]
    return Content(b"".join(pieces), validators)


async def _reason(response: aiohttp.ClientResponse) -> str:
    """Give the message of a server about an error, if it is one short sentence of plain text."""
    if not response.content_type.startswith("text/plain"):
        return ""
    text = (await response.content.read(300)).decode("utf-8", "replace").strip()
    if not text.isprintable() or not 0 < len(text) < 200:
        return ""
    return f" ({text.rstrip('.')})"


def _asked_pause(text: str | None) -> float | None:
    """The seconds of a header Retry-After, which states them or a time."""
    if not text:
        return None
    try:
        return max(float(text), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except ValueError:
        return None


def _proxy(address: str) -> str | None:
    """The proxy that the environment names for an address."""
    parts = urlsplit(address)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme.lower())


# Addresses of this machine and its network


class _Guard:
    """Lets no connection be made to this machine or its network.

    The check is at the connection, after each redirect too: a name may stand for other machines
    at another time.
    """

    def __init__(self) -> None:
        self.refused = False

    def socket(self, target: Any) -> socket.socket:
        """Make the socket of a connection. Raises OSError if it would be to a private machine."""
        family, kind, protocol, _, machine = target
        self._check(str(machine[0]))
        return socket.socket(family, kind, protocol)

    async def look_up(self, address: str) -> None:
        """Check the machines of a name to which a proxy connects in our place."""
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        for *_, machine in await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM):
            self._check(str(machine[0]))

    def _check(self, machine: str) -> None:
        if not is_public(machine):
            self.refused = True
            raise OSError("a private address")


def is_public(machine: str) -> bool:
    """Return true for the number of a machine that all of the internet can reach."""
    number: IPv4Address | IPv6Address | None = ip_address(machine.partition("%")[0])
    if isinstance(number, IPv6Address):
        # An address of the old kind may be written within one of the new kind.
        within = number.ipv4_mapped or number.sixtofour or (number.teredo or (None, None))[1]
        if within is None and number in _TRANSLATED:
            within = IPv4Address(int(number) & 0xFFFFFFFF)
        number = within or number
    return number is not None and number.is_global and not number.is_multicast


def _private(name: str) -> UsageError:
    return UsageError(
        f"{name} is, or leads to, a machine of this network, which is not read here.",
        "Name a public address.",
    )


# By fsspec


def _of_store(address: str, name: str, scheme: str, rules: Rules, advance: Advance) -> Content:
    import fsspec
    from fsspec.registry import known_implementations

    try:
        files = fsspec.filesystem(scheme)
    except ImportError:
        implementation = known_implementations.get(scheme, {})
        library = str(implementation.get("err", "")).partition("nstall ")[2].partition(" ")[0]
        raise UsageError(
            f"{scheme}:// needs the library {library or 'of its store'}, which is not installed.",
            f"Install it: {sys.executable} -m pip install {library}" if library else "Install it.",
            code="missing_extra",
        ) from None
    try:
        with files.open(address, "rb") as stream:
            return Content(_whole(stream, name, rules, advance), {})
    except RuralForecastError:
        raise
    except FileNotFoundError:
        why = "there is nothing at this address"
        raise _failed(name, why, CHECK_ADDRESS, "not_found") from None
    except PermissionError:
        raise _failed(name, "access is refused", "Sign in to the store.") from None
    except (TimeoutError, ConnectionError) as error:
        raise _PassingError(_words_of(error)) from None
    except Exception as error:  # noqa: BLE001 - each store has errors of its own
        hint = "Check the address, and that you are signed in."
        raise _failed(name, _words_of(error), hint) from None


def _whole(stream: BinaryIO, name: str, rules: Rules, advance: Advance) -> bytes:
    """Read a stream to its end. Raises InputError if that is too far."""
    pieces: list[bytes] = []
    size = 0
    whole = getattr(stream, "size", None)
    while piece := stream.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if max(size, whole or 0) > rules.limits.size:
            raise _too_large(name, rules)
        advance(size, whole)
    return b"".join(pieces)
