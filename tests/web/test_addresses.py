"""An address as a SOURCE: fetched by the rules, kept, named in what is written."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.system import addresses, copies
from rural_forecast.system.addresses import shown_address
from rural_forecast.system.transfer import is_public
from tests.inside import Cli, rows
from tests.web.server import Reply, Server

pytest.importorskip("aiohttp")

SALES = "year,value\n2018,10\n2019,11\n2020,13\n2021,14\n2022,17\n"
YEARS = range(2015, 2023)
NORTH = "".join(f"North,{year},{year - 2010}\n" for year in YEARS)
SOUTH = "".join(f"South,{year},{year - 2009}\n" for year in YEARS)
TWO = f"id,year,value\n{NORTH}{SOUTH}"


def forecast_of(cli: Cli, source: str, *options: str) -> list[dict[str, str]]:
    outcome = cli("project", source, *options)
    assert outcome.code == 0, outcome.err
    return rows(outcome.out)


def test_an_address_gives_what_its_file_gives(cli: Cli, server: Server, here: Path) -> None:
    (here / "sales.csv").write_text(SALES)
    address = server.answer("/sales.csv", SALES)
    assert cli("project", address).out == cli("project", "sales.csv").out


PAGE = "<!DOCTYPE html><html><body><p>Sign in to go on.</p></body></html>"


def test_a_page_in_place_of_a_file_is_named_as_one(cli: Cli, server: Server) -> None:
    address = server.answer("/sales.csv", PAGE)
    refused = cli("project", address)
    assert refused.code == 3
    assert "is a web page without a table" in refused.err
    assert "in a browser" in refused.err


def test_a_page_in_place_of_a_file_is_not_kept(cli: Cli, server: Server) -> None:
    address = server.answer("/sales.csv", PAGE)
    cli("project", address)
    server.answer("/sales.csv", SALES)
    assert forecast_of(cli, address)


def test_every_fault_of_an_address_is_listed(cli: Cli, server: Server) -> None:
    address = server.answer(
        "/sales.csv", "year,value\n2018,1o\n2019,12\n2020,1z\n2021,13\n2021,14\n"
    )
    listed = rows(cli("series", "check", address).out)
    assert [row["line"] for row in listed] == ["2", "4", "6"]
    assert {row["path"] for row in listed} == {address}


def test_a_series_of_an_address(cli: Cli, server: Server) -> None:
    address = server.answer("/two.csv", TWO)
    assert forecast_of(cli, f"{address}::South")[0]["series_id"] == "South"


def test_every_door_takes_an_address(cli: Cli, server: Server, here: Path) -> None:
    address = server.answer("/two.csv", TWO)
    sales = server.answer("/sales.csv", SALES)
    for line in (
        ("batch", address),
        ("panel", address, "--parents", "tree.csv"),
        ("project", sales, "--like", f"{address}::North"),
        ("project", f"{address}::North", "--within", "::South"),
        ("compare", sales),
        ("series", "show", sales),
        ("series", "read", address),
        ("series", "check", sales),
        ("growth", f"{address}::North", "::South"),
    ):
        (here / "tree.csv").write_text("child,parent\nNorth,all\nSouth,all\n")
        outcome = cli(*line, "-q")
        assert outcome.code == 0, (line, outcome.err)
    assert server.asked.count("/two.csv") == 1


def test_python_takes_an_address(server: Server) -> None:
    address = server.answer("/sales.csv", SALES)
    assert rf.series(address).publisher == "127.0.0.1"
    assert rf.read(address).observations[-1].value == 17
    assert rf.forecast(address, year=2024).origin == 2022
    assert server.asked == ["/sales.csv"]


def test_an_address_is_fetched_once_a_day(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.answer("/sales.csv", Reply(SALES.encode(), headers={"ETag": '"1"'}))
    forecast_of(cli, address)
    forecast_of(cli, address)
    assert len(server.asked) == 1
    monkeypatch.setattr(copies, "today", lambda: "2999-01-01")
    server.answer("/sales.csv", Reply(status=304))
    forecast_of(cli, address)
    assert server.headers[-1]["If-None-Match"] == '"1"'
    forecast_of(cli, address)
    assert len(server.asked) == 2


def test_refresh_fetches_anew(cli: Cli, server: Server) -> None:
    address = server.answer("/sales.csv", SALES)
    before = forecast_of(cli, address)
    server.answer("/sales.csv", SALES.replace("17", "16"))
    assert forecast_of(cli, address) == before
    assert forecast_of(cli, address, "--refresh") != before


def test_offline_uses_the_copy_and_says_its_day(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.answer("/sales.csv", SALES)
    outcome = cli("project", address, "--offline")
    assert outcome.code == 3
    assert "--offline" in outcome.err
    assert server.asked == []
    day = copies.today()
    before = forecast_of(cli, address)
    monkeypatch.setattr(copies, "today", lambda: "2999-01-01")
    outcome = cli("project", address, "--offline")
    assert rows(outcome.out) == before
    assert f"as it was on {day}" in outcome.err
    assert len(server.asked) == 1


def test_a_failure_offers_the_copy_that_is_kept(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.answer("/sales.csv", SALES)
    forecast_of(cli, address)
    monkeypatch.setattr(copies, "today", lambda: "2999-01-01")
    server.answer("/sales.csv", Reply(status=500))
    outcome = cli("project", address)
    assert outcome.code == 3
    assert "--offline uses the copy of" in outcome.err


def test_a_damaged_copy_is_fetched_again(cli: Cli, server: Server, kept: Path) -> None:
    address = server.answer("/sales.csv", SALES)
    before = forecast_of(cli, address)
    (content,) = kept.glob("*.csv")
    content.write_text("year,value\n2018,99\n")
    assert forecast_of(cli, address) == before
    assert len(server.asked) == 2


def test_the_record_names_address_day_and_digest(cli: Cli, server: Server) -> None:
    from hashlib import sha256

    address = server.answer("/two.csv", TWO)
    document = json.loads(cli("project", f"{address}::North", "-f", "json").out)
    (fetched,) = document["provenance"]["addresses"]
    assert fetched["address"] == address
    assert date.fromisoformat(fetched["fetched"])
    assert fetched["digest"] == f"sha256:{sha256(TWO.encode()).hexdigest()}"
    batch = json.loads(cli("batch", address, "-f", "json").out)
    assert batch["provenance"]["addresses"] == [fetched]
    assert json.loads(rf.forecast(rf.series(address, series_id="North")).to_json())["provenance"][
        "addresses"
    ] == [fetched]


def test_the_appendix_of_a_page_names_the_address(cli: Cli, server: Server, here: Path) -> None:
    address = server.answer("/sales.csv", SALES)
    assert cli("exhibit", address, "--appendix", "-o", "page.html").code == 0
    page = (here / "page.html").read_text()
    assert f"from {address}" in page
    assert "sha256:" in page


def test_what_is_secret_in_an_address_is_written_nowhere(cli: Cli, server: Server) -> None:
    server.answer("/sales.csv?token=hush&x=1", SALES)
    address = server.url.replace("//", "//me:pass@") + "/sales.csv?token=hush&x=1"
    outcome = cli("project", address, "-f", "json", "-v")
    assert outcome.code == 0
    assert "hush" not in outcome.out + outcome.err
    assert "pass@" not in outcome.out + outcome.err
    assert "token=...&x=1" in outcome.out
    assert shown_address("s3://a/b.csv?X-Amz-Signature=f#1").endswith("Signature=...#1")


# Faults

FAULTS = {
    "not there": (Reply(b"gone", 404), "nothing at this address", 1),
    "forbidden": (Reply(b"", 403), "refuses access", 1),
    "ill": (Reply(b"", 503), "answers 503", 3),
    "cut off": (Reply(SALES.encode(), cut=20), "cut off", 3),
    "too large": (Reply(b"1" * 100_001), "more than 0 MB", 1),
    "silent": (Reply(SALES.encode(), wait=0.8), "no answer in time", 3),
    "a circle": (Reply(status=302, headers={"Location": "/x.csv"}), "redirects", 11),
    "another scheme": (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "file", 1),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.slow
def test_a_fault_is_one_sentence(cli: Cli, server: Server, name: str) -> None:
    reply, words, tries = FAULTS[name]
    address = server.answer("/x.csv", reply)
    outcome = cli("project", address)
    assert outcome.code in (2, 3)
    assert words in outcome.err
    assert outcome.err.count("error:") == outcome.err.count("hint:") == 1
    assert len(server.asked) == tries


def test_a_passing_fault_is_tried_again(cli: Cli, server: Server) -> None:
    address = server.answer("/sales.csv", Reply(status=500), Reply(SALES.encode(), cut=5), SALES)
    assert forecast_of(cli, address)
    assert len(server.asked) == 3


def test_a_server_is_waited_for_as_it_asks(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("rural_forecast.system.transfer.time.sleep", pauses.append)
    address = server.answer("/sales.csv", Reply(status=429, headers={"Retry-After": "7"}), SALES)
    assert forecast_of(cli, address)
    assert 7 in pauses


def test_a_server_that_asks_for_an_hour_is_not_waited_for(cli: Cli, server: Server) -> None:
    address = server.answer("/sales.csv", Reply(status=429, headers={"Retry-After": "3600"}))
    outcome = cli("project", address)
    assert outcome.code == 3
    assert "asks to wait 3600 seconds" in outcome.err
    assert len(server.asked) == 1


def test_nobody_answers(cli: Cli) -> None:
    outcome = cli("project", "http://127.0.0.1:1/sales.csv")
    assert outcome.code == 3
    assert "Connection refused" in outcome.err


def test_redirects_are_followed(cli: Cli, server: Server) -> None:
    server.answer("/sales.csv", SALES)
    address = server.answer("/old", Reply(status=301, headers={"Location": "/sales.csv"}))
    assert forecast_of(cli, address)


def test_a_proxy_of_the_environment_is_used(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    server.answer("http://example.org/sales.csv", SALES)
    assert forecast_of(cli, "http://example.org/sales.csv")
    assert server.asked == ["http://example.org/sales.csv"]


@pytest.mark.parametrize("scheme", ["memory", "file", "local", "zip", "simplecache", "javascript"])
def test_other_schemes_are_refused(cli: Cli, scheme: str) -> None:
    outcome = cli("project", f"{scheme}://x/sales.csv")
    assert outcome.code == 2
    assert "error:" in outcome.err


def test_a_store_is_read_by_fsspec(cli: Cli) -> None:
    import fsspec
    from fsspec.implementations.memory import MemoryFileSystem
    from fsspec.registry import _registry

    class Store(MemoryFileSystem):
        protocol = "gs"

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return "/" + path.removeprefix("gs://").lstrip("/")

    fsspec.register_implementation("gs", Store, clobber=True)
    try:
        Store().pipe("/bucket/sales.csv", SALES.encode())
        assert forecast_of(cli, "gs://bucket/sales.csv")[0]["series_id"] == "sales"
        outcome = cli("project", "gs://bucket/other.csv")
        assert outcome.code == 3
        assert "nothing at this address" in outcome.err
    finally:
        _registry.pop("gs", None)
        Store().rm("/bucket", recursive=True)


def test_a_store_whose_library_is_missing_gives_its_install_line(cli: Cli) -> None:
    pytest.importorskip("fsspec")
    if _has("s3fs"):
        pytest.skip("s3fs is installed")
    outcome = cli("project", "s3://bucket/sales.csv")
    assert outcome.code == 2
    assert "pip install s3fs" in outcome.err


def _has(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


# Agents


def test_an_address_is_refused_where_none_is_allowed(server: Server) -> None:
    address = server.answer("/sales.csv", SALES)
    with addresses.ruled(access="none"), pytest.raises(UsageError, match="not allowed here"):
        rf.series(address)
    assert server.asked == []


def test_a_machine_of_this_network_is_never_read_for_an_agent(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"):
        with addresses.ruled(access="public"), pytest.raises((UsageError, InputError)):
            rf.series(f"http://{host}:{port}/sales.csv")
    assert server.asked == []


def test_a_redirect_to_this_network_is_not_followed_for_an_agent(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first machine counts as public, and that which it leads to does not.
    answers = iter([True])
    monkeypatch.setattr("rural_forecast.system.transfer.is_public", lambda _: next(answers, False))
    server.answer("/secret.csv", SALES)
    address = server.answer("/x", Reply(status=302, headers={"Location": "/secret.csv"}))
    with addresses.ruled(access="public"), pytest.raises(UsageError, match="of this network"):
        rf.series(address)
    assert server.asked == ["/x"]


MACHINES = {
    "8.8.8.8": True,
    "2001:4860:4860::8888": True,
    "127.0.0.1": False,
    "10.1.2.3": False,
    "192.168.0.1": False,
    "169.254.169.254": False,
    "100.64.0.1": False,
    "0.0.0.0": False,
    "224.0.0.1": False,
    "::1": False,
    "fe80::1%eth0": False,
    "fd00::1": False,
    "::ffff:10.0.0.1": False,
    "64:ff9b::a00:1": False,
    "2002:a00:1::": False,
}


@pytest.mark.parametrize("machine", MACHINES)
def test_public_machines(machine: str) -> None:
    assert is_public(machine) == MACHINES[machine]


# Options


def test_fetching_is_for_addresses(cli: Cli) -> None:
    for option in ("--refresh", "--offline"):
        outcome = cli("project", "mofcom", option)
        assert outcome.code == 2
        assert "is for addresses" in outcome.err
    outcome = cli("project", "http://127.0.0.1:1/x.csv", "--refresh", "--offline")
    assert outcome.code == 2
    with pytest.raises(TypeError):
        rf.series("mofcom", refresh=True)


@pytest.mark.slow
def test_a_file_loads_no_client_of_the_web(here: Path) -> None:
    (here / "sales.csv").write_text(SALES)
    code = (
        "import sys; from rural_forecast.cli.app import run; run(['project', 'sales.csv']); "
        "print('loaded', *({'aiohttp', 'fsspec', 'httpx', 'asyncio', 'ssl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded"


@pytest.mark.slow
def test_without_the_extra_the_install_line_is_given(here: Path) -> None:
    code = (
        "import sys; sys.modules['aiohttp'] = None; from rural_forecast.cli.app import run; "
        "sys.exit(run(['project', 'https://example.org/sales.csv']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "rural-forecast[web]" in done.stderr
