from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rural_forecast.system import addresses, copies
from tests.web.server import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of copies of one's own, no proxy, and short pauses."""
    folder = tmp_path / "copies"
    monkeypatch.setenv(copies.CACHE, str(folder))
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    limits = addresses.TransferLimits(
        size=100_000, connecting=2, silence=0.4, whole=3, tries=3, pause=0.01
    )
    token = addresses._rules.set(addresses.Rules(limits=limits))
    yield folder
    addresses._rules.reset(token)
