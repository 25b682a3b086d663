"""Addresses: which are read, by which rules they are fetched, and how messages write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Literal

from rural_forecast.errors import UsageError
from rural_forecast.system.process import holding

SCHEMES = ("http", "https", "s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "ftp", "sftp")
"""Those of addresses that are read. Others of fsspec name files and programs of this machine."""
ONLY_WEB = ("http", "https")
CHECK_ADDRESS = "Check the address."
"""The hint where there is nothing at an address."""
Access = Literal["any", "public", "none"]
"""Which addresses may be read: `public` leaves out those of this machine and its network."""
Progress = Callable[[str], AbstractContextManager[Callable[[int, int | None], None]]]
"""Shows how much of an address has come: called with the bytes so far, and of all if known."""

# Texts, which `re` compiles at first use: most commands read no address.
_SCHEME = r"(?i)([a-z][a-z0-9+.-]*)://"
_USER = r"(?<=://)[^/?#@]*@"
_CREDENTIAL = r"(?i)([?&][^=&]*(?:key|token|secret|signature|sig|password|credential)=)[^&#]*"


@dataclass(frozen=True)
class TransferLimits:
    """The most that a transfer takes."""

    size: int = 64 * 1024**2  # bytes: the most that a reader takes at once
    connecting: float = 10.0  # seconds
    silence: float = 30.0  # seconds between two pieces
    whole: float = 300.0  # seconds of one try
    redirects: int = 10
    tries: int = 4
    pause: float = 1.0  # seconds before the second try; each later pause is twice as long
    longest_pause: float = 60.0  # seconds that a server may ask to wait


@dataclass(frozen=True)
class Rules:
    """How addresses are fetched within a run."""

    access: Access = "any"
    refresh: bool = False
    """Fetch anew, whatever is kept."""
    offline: bool = False
    """Use what is kept, however old, and never the network."""
    limits: TransferLimits = TransferLimits()
    progress: Progress | None = None
    say: Callable[[str], None] | None = None
    copies: dict[str, Copy] | None = None
    """Those that were used, by address, within `ruled`."""


@dataclass(frozen=True)
class Copy:
    """The content of an address on a day, with the facts that its publisher states."""

    address: str
    """As messages and records name it: without a password or a key."""
    path: str
    day: str
    digest: str
    """Of its bytes, `sha256:...`."""
    named: str = ""
    """The name that was typed, where that is not the address."""
    publisher: str = ""
    title: str = ""
    unit: str = ""
    licence: str = ""
    updated: str = ""
    """The day on which the publisher last changed it."""

    def record(self) -> dict[str, str]:
        """Its origin, for records; what is not known is left out."""
        facts = {
            "named": self.named,
            "address": self.address,
            "fetched": self.day,
            "digest": self.digest,
            "publisher": self.publisher,
            "licence": self.licence,
            "updated": self.updated,
        }
        return {name: text for name, text in facts.items() if text}


_USUAL = Rules()
_rules: ContextVar[Rules] = ContextVar("rules", default=_USUAL)


def rules() -> Rules:
    """Give the rules of the run."""
    return _rules.get()


@contextmanager
def ruled(**changed: Any) -> Iterator[Rules]:
    """Fetch by other rules within the block, which begins without copies."""
    new = replace(_rules.get(), **{"copies": {}, **changed})
    with holding(_rules, new):
        yield new


def set_rules(**changed: Any) -> None:
    """Change the rules of the run that began with `ruled`; its copies stay."""
    _rules.set(replace(_rules.get(), **changed))


def is_address(name: str) -> bool:
    """Return true for a name that begins with a scheme, such as `https://`."""
    return re.match(_SCHEME, name) is not None


def without_scheme(address: str) -> str:
    """Return what follows the scheme."""
    return re.sub(_SCHEME, "", address)


def shown_address(address: str) -> str:
    """Write an address for messages and records: without a password, a key or a signature."""
    return re.sub(_CREDENTIAL, r"\1...", re.sub(_USER, "", address))


def require_allowed(address: str) -> str:
    """Check that an address may be read, and return its scheme. Raises UsageError if not."""
    match = re.match(_SCHEME, address)
    scheme = match[1].lower() if match else "https"  # of the short name of a publisher
    access = _rules.get().access
    if access == "none":
        raise UsageError(
            f"{shown_address(address)} is not read: addresses are not allowed here.",
            "Start the server with --allow-web, or name a file in an allowed folder.",
        )
    if scheme == "file":
        hint = "Name the file by its path, without file://."
        raise UsageError(f"{address} is a file of this machine.", hint)
    allowed = SCHEMES if access == "any" else ONLY_WEB
    if scheme not in allowed:
        hint = f"Addresses begin with {', '.join(f'{name}://' for name in allowed)}."
        raise UsageError(f"{scheme}:// is not read.", hint)
    return scheme
