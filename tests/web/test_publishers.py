"""Short names of publishers: the address that each stands for, and what comes with the data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed import publishers
from rural_forecast.observed.publishers import dbnomics, eurostat, fred, oecd, world_bank
from rural_forecast.observed.source_names import PUBLISHERS
from tests.inside import Cli, rows
from tests.web.server import Reply, Server

pytest.importorskip("aiohttp")

ANSWERS = Path(__file__).parent / "answers"
WB = "/v2/country/FRA/indicator/NY.GDP.MKTP.CD?format=json&per_page=20000"
DATA = "/eurostat/api/dissemination/statistics/1.0/data"
OECD = "/public/rest/data/OECD.ECO.MPD,DSD_AN_HOUSE_PRICES@DF_HOUSE_PRICES,1.0/USA.A.HPI."
NAMES = {
    "wb:NY.GDP.MKTP.CD/FRA": (WB, "world_bank.json"),
    "eurostat:tec00114/DE": (f"{DATA}/tec00114?format=JSON&lang=EN&geo=DE", "eurostat.json"),
    "oecd:OECD.ECO.MPD,DSD_AN_HOUSE_PRICES@DF_HOUSE_PRICES,1.0/USA.A.HPI.": (
        f"{OECD}?format=csvfilewithlabels",
        "oecd.csv",
    ),
    "fred:MEHOINUSA672N": ("/graph/fredgraph.csv?id=MEHOINUSA672N", "fred.csv"),
    "dbnomics:WB/WDI/A-NY.GDP.MKTP.CD-FRA": (
        "/v22/series/WB/WDI/A-NY.GDP.MKTP.CD-FRA?observations=1&format=json",
        "dbnomics.json",
    ),
}
COMES_WITH = {
    "wb:": ("GDP (current US$), France", "World Bank", "CC BY 4.0", "2024-03-28"),
    "eurostat:": ("GDP per capita in PPS, Germany", "Eurostat", "CC BY 4.0", "2025-03-27"),
    "oecd:": ("Analytical house prices indicators", "OECD", "CC BY 4.0", ""),
    "fred:": ("", "FRED, Federal Reserve Bank of St. Louis", "as each source of FRED states", ""),
    "dbnomics:": (
        "World Development Indicators: Annual – GDP (current US$) – France",
        "World Bank, by DBnomics",
        "https://datacatalog.worldbank.org/public-licenses",
        "2024-04-02",
    ),
}


@pytest.fixture(autouse=True)
def hosts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every publisher be a server of this machine, with what it answered once."""
    for module in (world_bank, eurostat, oecd, fred, dbnomics):
        monkeypatch.setattr(module, "HOST", server.url)
    for path, file in NAMES.values():
        server.answer(path, (ANSWERS / file).read_bytes())


def test_every_publisher_has_a_name() -> None:
    assert tuple(publishers.BY_PREFIX) == PUBLISHERS


@pytest.mark.parametrize("name", NAMES)
def test_a_name_gives_the_series_and_what_its_publisher_says(
    cli: Cli, server: Server, name: str
) -> None:
    outcome = cli("project", name, "-f", "json", "--history")
    assert outcome.code == 0, outcome.err
    document = json.loads(outcome.out)
    title, publisher, licence, updated = COMES_WITH[f"{name.partition(':')[0]}:"]
    (series,) = document["series"]
    assert (series["id"], series["title"], series["publisher"]) == (name, title, publisher)
    (fetched,) = document["provenance"]["addresses"]
    assert fetched["named"] == name
    assert fetched["address"].startswith(server.url)
    assert (fetched["licence"], fetched.get("updated", "")) == (licence, updated)
    actual = [row for row in document["rows"] if row["kind"] == "actual"]
    assert len(actual) >= 12
    (note,) = [note for note in document["notes"] if note["code"] == "address"]
    assert publisher in note["text"]


def test_values_and_unit_are_those_of_the_publisher() -> None:
    series = rf.series("wb:NY.GDP.MKTP.CD/FRA")
    assert series.observations[-1].value == 2779092236505.85
    series = rf.series("eurostat:tec00114/DE")
    assert [series.observations[0].value, series.observations[-1].value] == [126, 115]
    assert series.observations[-1].status == "preliminary"
    assert rf.series(list(NAMES)[2]).unit == "Index"


def test_several_places_are_several_series(cli: Cli, server: Server) -> None:
    path = f"{DATA}/tec00114?format=JSON&lang=EN&geo=DE&geo=FR"
    server.answer(path, (ANSWERS / "eurostat_two.json").read_bytes())
    outcome = cli("project", "eurostat:tec00114/DE+FR")
    assert outcome.code == 3
    assert "--series" in outcome.err
    assert cli("project", "eurostat:tec00114/DE+FR::France").code == 0
    forecasts = rows(cli("batch", "eurostat:tec00114/DE+FR").out)
    assert {row["series_id"] for row in forecasts} == {"Germany", "France"}


def test_dimensions_are_chosen_in_the_name(server: Server) -> None:
    server.answer(
        f"{DATA}/x?format=JSON&lang=EN&geo=DE&unit=PC", (ANSWERS / "eurostat.json").read_bytes()
    )
    assert rf.series("eurostat:x/DE?unit=PC").observations


@pytest.mark.parametrize(
    "name", ["wb:", "wb:A/B/C", "eurostat:", "oecd:DF", "fred:", "fred:A/B", "dbnomics:WB/WDI"]
)
def test_a_name_that_is_none_shows_how_one_is_written(name: str, server: Server) -> None:
    with pytest.raises(UsageError) as refused:
        rf.series(name)
    assert publishers.BY_PREFIX[name.partition(":")[0]].example in refused.value.hint
    assert server.asked == []


def test_a_key_cannot_reach_another_address() -> None:
    for module in (world_bank, oecd, fred, dbnomics):
        key = {"oecd": "A,B,C/x?y#z"}.get(module.PUBLISHER.prefix, "..%2f?x=1&y")
        try:
            address = module.PUBLISHER.address(key)
        except ValueError:
            continue
        assert address.count("?") == 1
        assert "x=1" not in address
        assert "#" not in address


SAYS_NO = {
    "world bank": (
        "wb:NY.GDP.MKTP.CD/FRA",
        b'[{"message":[{"id":"120","value":"The provided parameter value is not valid"}]}]',
        "The provided parameter value is not valid",
    ),
    "world bank, no rows": (
        "wb:NY.GDP.MKTP.CD/FRA",
        b'[{"page":0,"pages":0,"per_page":0,"total":0,"lastupdated":null},null]',
        "no values of this indicator",
    ),
    "eurostat": (
        "eurostat:tec00114/DE",
        b'{"error":[{"status":400,"id":150,"label":"Dimension GEO has no code XX"}]}',
        "has no code XX",
    ),
    "oecd": (
        "oecd:OECD.ECO.MPD,DSD_AN_HOUSE_PRICES@DF_HOUSE_PRICES,1.0/USA.A.HPI.",
        b"Could not find Dataflow and/or DSD related with this data request",
        "Could not find Dataflow",
    ),
    "dbnomics": (
        "dbnomics:WB/WDI/A-NY.GDP.MKTP.CD-FRA",
        b'{"series":{"docs":[],"limit":1000,"num_found":0,"offset":0}}',
        "no such series",
    ),
}


@pytest.mark.parametrize("case", SAYS_NO)
def test_an_answer_without_data_is_refused_and_not_kept(
    server: Server, kept: Path, case: str
) -> None:
    name, answer, words = SAYS_NO[case]
    server.answer(NAMES[name][0], answer)
    with pytest.raises(InputError, match=words) as refused:
        rf.series(name)
    assert refused.value.hint
    assert [*kept.glob("*")] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", ["page", "not there", "cut off"])
def test_a_fault_of_a_publisher_is_one_sentence(
    cli: Cli, server: Server, name: str, fault: str
) -> None:
    path, file = NAMES[name]
    reply = {
        "page": Reply(b"<!DOCTYPE html><html><body>Under maintenance</body></html>"),
        "not there": Reply(b"<html>404</html>", 404),
        "cut off": Reply((ANSWERS / file).read_bytes(), cut=100),
    }[fault]
    server.answer(path, reply)
    outcome = cli("project", name)
    assert outcome.code == 3
    assert outcome.err.count("error:") == outcome.err.count("hint:") == 1
    assert "Traceback" not in outcome.err
    assert ("with a page in place of" in outcome.err) == (fault == "page")
    assert name in outcome.err


def test_a_search_lists_what_has_every_word(cli: Cli, server: Server) -> None:
    indicators = [
        {"page": 1, "pages": 1, "per_page": "20000", "total": 3},
        [
            {"id": "SP.RUR.TOTL", "name": "Rural population", "unit": ""},
            {
                "id": "SP.RUR.TOTL.ZS",
                "name": "Rural population (% of total population)",
                "unit": "",
            },
            {"id": "SP.POP.TOTL", "name": "Population, total", "unit": ""},
        ],
    ]
    server.answer("/v2/source/2/indicator?format=json&per_page=20000", json.dumps(indicators))
    listed = rows(cli("series", "list", "wb:rural").out)
    assert [row["series_id"] for row in listed] == ["wb:SP.RUR.TOTL", "wb:SP.RUR.TOTL.ZS"]
    assert cli("series", "list", "wb:rural", "total", "-f", "table").out.count("wb:") >= 1
    assert len([path for path in server.asked if "source/2" in path]) == 1


def test_the_table_of_contents_of_eurostat_is_searched(cli: Cli, server: Server) -> None:
    contents = (
        '"title"\t"code"\t"type"\t"last update of data"\t"last table structure change"\t'
        '"data start"\t"data end"\t"values"\n'
        '"Database by themes"\t"data"\t"folder"\t" "\t" "\t" "\t" "\t\n'
        '"    GDP per capita in PPS"\t"tec00114"\t"table"\t"27.03.2025"\t"27.03.2025"\t"2013"\t"2024"\t456\n'
    )
    server.answer("/eurostat/api/dissemination/catalogue/toc/txt?lang=en", contents)
    (only,) = rows(cli("series", "list", "eurostat:PPS").out)
    assert (only["series_id"], only["title"]) == ("eurostat:tec00114", "GDP per capita in PPS")
    assert "2025-03-27" in cli("series", "list", "eurostat:pps", "-f", "table").out


def test_dbnomics_searches_itself(cli: Cli, server: Server) -> None:
    answer = (
        '{"results":{"docs":[{"code":"WEO:2025-04","provider_code":"IMF",'
        '"name":"World Economic Outlook","nb_series":100}],"num_found":1}}'
    )
    server.answer("/v22/search?q=world%20outlook&limit=100", answer)
    (only,) = rows(cli("series", "list", "dbnomics:world", "outlook").out)
    assert only["series_id"] == "dbnomics:IMF/WEO:2025-04/"


def test_a_publisher_without_a_search_says_so(cli: Cli) -> None:
    outcome = cli("series", "list", "fred:gdp")
    assert outcome.code == 2
    assert "no search without a key" in outcome.err
    assert cli("series", "list", "wb:").code == 2


def test_a_leading_market_of_a_publisher(cli: Cli, here: Path) -> None:
    (here / "sales.csv").write_text("year,value\n2018,10\n2019,11\n2020,13\n2021,14\n2022,17\n")
    outcome = cli(
        "project", "sales.csv", "--like", "wb:NY.GDP.MKTP.CD/FRA", "--within", list(NAMES)[3]
    )
    assert outcome.code == 0, outcome.err


def test_a_series_of_a_publisher_is_read_again_by_its_name(cli: Cli) -> None:
    series = rf.series("wb:NY.GDP.MKTP.CD/FRA")
    assert rf.series(series.named) == series
