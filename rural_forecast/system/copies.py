"""Copies of what stands at an address, kept by address.

An address is fetched at most once a day: the copy is kept, and a later day asks whether it changed.
Only an address that was typed comes here; `transfer` touches the network, and is loaded then.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rural_forecast.errors import InputError, option
from rural_forecast.system import inputs
from rural_forecast.system.addresses import (
    Copy,
    Rules,
    require_allowed,
    rules,
    shown_address,
    without_scheme,
)

CACHE = "RURAL_FORECAST_CACHE"
"""The variable that names the folder of copies."""
_by_path: dict[str, Copy] = {}


def fetched(address: str, name: str = "", check: Callable[[bytes], None] | None = None) -> Copy:
    """Give the copy of an address: the one that is kept from today, or a new one.

    `name` stands for the address in messages. `check` refuses, by raising, what is no answer to
    keep.

    Raises UsageError if it may not be read or an extra is missing, InputError if it cannot be.
    """
    scheme = require_allowed(address)
    run = rules()
    if run.copies is not None and address in run.copies:
        return run.copies[address]
    shelf = _Shelf(address)
    kept = shelf.kept()
    name = name or shown_address(address)
    if run.offline:
        return used(address, _offline(name, kept, run))
    if kept is not None and kept.copy.day == today() and not run.refresh:
        return used(address, kept.copy)
    from rural_forecast.system import transfer

    unchanged = {} if kept is None or run.refresh else kept.validators
    watching = run.progress(name) if run.progress else nullcontext(_unseen)
    try:
        with watching as advance:
            answer = transfer.fetch(address, name, scheme, unchanged, run, advance)
    except InputError as error:
        if kept is not None:
            error.hint += f" {option('offline')} uses the copy of {kept.copy.day}."
        raise
    if answer is None:
        assert kept is not None
        return used(address, shelf.keep(kept.content(), kept.validators))
    if check is not None:
        check(answer.content)
    return used(address, shelf.keep(answer.content, answer.validators))


def used(address: str, copy: Copy) -> Copy:
    """Note that a copy is used in this run, with all that is known of it."""
    copies = rules().copies
    if copies is not None:
        copies[address] = copy
    inputs.admit(copy.path)
    _by_path[copy.path] = copy
    return copy


def copy_at(path: str) -> Copy | None:
    """Give the copy whose file is at a path; None for any other file."""
    return _by_path.get(path)


def records() -> list[dict[str, str]]:
    """Give the origins of all copies that this run used."""
    return [copy.record() for copy in (rules().copies or {}).values()]


def _offline(name: str, kept: _Kept | None, run: Rules) -> Copy:
    """Give the copy that is kept, and say of which day it is."""
    if kept is None:
        raise InputError(
            f"No copy of {name} is kept.",
            f"Leave {option('offline')} out to fetch it.",
            code="not_found",
        )
    if run.say is not None and kept.copy.day != today():
        run.say(f"note: {name} is used as it was on {kept.copy.day}")
    return kept.copy


def _unseen(size: int, whole: int | None) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class _Kept:
    """A copy on the shelf, and by what its server knows whether it changed."""

    copy: Copy
    validators: dict[str, str]

    def content(self) -> bytes:
        return Path(self.copy.path).read_bytes()


class _Shelf:
    """The place of the copies of one address: a note beside each content, which is named last."""

    def __init__(self, address: str) -> None:
        # Not at the top, as it costs every start that fetches nothing.
        from hashlib import sha256

        self._address = address
        key = sha256(address.encode()).hexdigest()[:24]
        self._note = folder() / f"{key}.json"

    def kept(self) -> _Kept | None:
        """Give the copy that is kept; None if there is none, or it is damaged."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            note = json.loads(self._note.read_bytes())
            path = self._note.with_name(note["file"])
            if _digest(path.read_bytes()) == note["digest"]:
                copy = Copy(
                    shown_address(self._address), str(path), str(note["day"]), note["digest"]
                )
                return _Kept(copy, dict(note["validators"]))
        return None

    def keep(self, content: bytes, validators: dict[str, str]) -> Copy:
        """Keep a content as that of today, in place of an earlier one."""
        digest = _digest(content)
        stem = self._note.stem
        suffix = suffix_of(self._address)
        file = self._note.with_name(f"{stem}-{digest.partition(':')[2][:12]}{suffix}")
        address = shown_address(self._address)
        day = today()
        note = {
            "address": address,
            "file": file.name,
            "day": day,
            "digest": digest,
            "validators": validators,
        }
        try:
            self._note.parent.mkdir(parents=True, exist_ok=True)
            _write(file, content)
            _write(self._note, json.dumps(note, indent=1).encode())
            for earlier in self._note.parent.glob(f"{stem}-*"):
                if earlier != file:
                    earlier.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(
                f"The copy cannot be kept in {self._note.parent}: {error.strerror}.",
                f"Name a folder where you may write: {CACHE}=DIR.",
            ) from None
        return Copy(address, str(file), day, digest)


def folder() -> Path:
    """Find the folder of the copies: that of the variable, or the user's folder of caches."""
    named = os.environ.get(CACHE)
    if named:
        return Path(named).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "rural-forecast"


def suffix_of(address: str) -> str:
    """The suffix of the file that an address names, by which some readers are chosen."""
    path = re.split(r"[?#]", without_scheme(address))[0]
    suffix = os.path.splitext(path)[1].lower() if "/" in path else ""
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _digest(content: bytes) -> str:
    from hashlib import sha256

    return f"sha256:{sha256(content).hexdigest()}"


def today() -> str:
    """Give the day, by the clock that all machines share."""
    return datetime.now(UTC).date().isoformat()
