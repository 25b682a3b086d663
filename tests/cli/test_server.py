"""The server for agents, by the client of the protocol's own SDK."""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

import rural_forecast as rf
from rural_forecast.cli.agents.calls import Surroundings, answer
from rural_forecast.cli.agents.schemas import answer_schema_of, schema_of
from rural_forecast.cli.agents.tools import TOOLS
from rural_forecast.cli.agents.words import in_words
from rural_forecast.sizing.model import load
from rural_forecast.system.extras import data_folder

pytest.importorskip("mcp")
pytestmark = pytest.mark.slow

DATA = "id,year,value\n" + "".join(
    f"{name},{year},{year - 2010 + at}\n"
    for at, name in enumerate("ab")
    for year in range(2015, 2022)
)
Call = Callable[..., Awaitable[tuple[bool, dict[str, Any]]]]


def connected(folders: list[Path], conversation: Callable[[Any], Awaitable[None]]) -> None:
    """Start the server, and give its client to a conversation."""
    import anyio
    from mcp import Client, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def run() -> None:
        line = ["-m", "rural_forecast", "mcp", *map(str, folders)]
        server = stdio_client(StdioServerParameters(command=sys.executable, args=line))
        async with Client(server) as client:
            await conversation(client)

    anyio.run(run)


def talk(folders: list[Path], conversation: Callable[[Call, list[str]], Awaitable[None]]) -> None:
    """Start the server, and talk to it."""

    async def told(client: Any) -> None:
        async def call(name: str, **arguments: object) -> tuple[bool, dict[str, Any]]:
            result: Any = await client.call_tool(name, arguments)
            (text,) = result.content
            whole = json.dumps(result.structured_content)
            assert text.text
            assert len(text.text) < max(len(whole), 300), "one copy of an answer"
            return result.is_error, result.structured_content

        await conversation(call, [tool.name for tool in (await client.list_tools()).tools])

    connected(folders, told)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    (allowed / "two.csv").write_text(DATA)
    (tmp_path / "secret.csv").write_text("year,value\n2020,4711\n")
    (allowed / "link.csv").symlink_to(tmp_path / "secret.csv")
    model = load("rural_retailer").file.text.replace(
        '"rural_internet_users"', f'"{tmp_path / "secret.csv"}"'
    )
    (allowed / "model.toml").write_text(model)
    kept = rf.forecast("mofcom", until=2021, year=2023).to_json()
    (allowed / "kept.json").write_text(kept, encoding="utf-8")
    return allowed


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """A server that is called in text: the client of the SDK cannot write half a surrogate pair."""
    parameters = json.dumps(
        {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "an agent", "version": "1"},
        }
    )
    line = [sys.executable, "-m", "rural_forecast", "mcp", str(tmp_path_factory.mktemp("allowed"))]
    numbers = count(1)
    with subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        written = process.stdin
        answers = process.stdout

        def send(line: str) -> None:
            written.write(f"{line}\n")
            written.flush()

        def call(called: str) -> Any:
            number = next(numbers)
            send(
                f'{{"jsonrpc": "2.0", "id": {number}, "method": "tools/call", "params": {called}}}'
            )
            reply = json.loads(answers.readline())
            assert reply["id"] == number
            return reply["result"]

        send(f'{{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {parameters}}}')
        answers.readline()
        send('{"jsonrpc": "2.0", "method": "notifications/initialized"}')
        yield call
        written.close()


def test_a_tool_gives_a_script_of_what_it_did(folder: Path) -> None:
    asked = {"source": str(folder / "two.csv"), "series": "a", "year": 2023, "as_python": True}
    reply, failed = answer("project", Surroundings([folder]), asked)
    assert not failed
    assert f'"{folder / "two.csv"}"' in reply["script"]
    assert "result = rf.forecast(series, year=2023)" in reply["script"].splitlines()


def run(script: str) -> str:
    """Run a script and return its output."""
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return process.stdout.decode()


def test_a_script_of_values_gives_the_rows_of_the_answer() -> None:
    given = {"values": VALUES, "title": 'Meals "sold"', "unit": "m", "year": 2024}
    reply, failed = asked("project", **given, as_python=True)
    assert not failed
    assert "rf.series({2019: 41, 2020: 44, 2021: 52, 2022: 57}, id=" in reply["script"]
    found, _ = asked("project", **given)
    rows = pd.read_csv(StringIO(run(reply["script"])))
    assert rows["period"].tolist() == [row["period"] for row in found["rows"]]
    assert rows["value"].tolist() == pytest.approx([row["value"] for row in found["rows"]], 1e-4)
    assert set(rows["series_id"]) == {found["series"][0]["id"]}


def test_questions_of_an_agent_of_files_in_the_folders_alone(folder: Path) -> None:
    file = str(folder / "two.csv")

    async def conversation(call: Call, tools: list[str]) -> None:
        assert tools == [*TOOLS]
        failed, found = await call("check", source=file)
        assert not failed
        assert found["rows"] == []
        failed, found = await call("project", source=file, year=2024)
        assert failed
        assert found["error"]["code"] == "choice_needed"
        assert "series='a'" in found["error"]["hint"]
        failed, found = await call("project", source=file, year=2024, series="b")
        assert [row["period"] for row in found["rows"]] == [2022, 2023, 2024]
        assert "inputs" not in found
        assert "provenance" not in found
        failed, found = await call("compare", source="turnover")
        assert "consensus" in {row["model"] for row in found["rows"]}
        failed, found = await call("size", model="rural_retailer", year=2026)
        assert {row["item"] for row in found["rows"]} >= {"users"}
        assert "[drivers" not in str(found)
        failed, found = await call("score", records=[str(folder / "kept.json")], actuals=file)
        assert failed
        assert found["error"]["code"] == "choice_needed"
        assert "actuals=" in found["error"]["hint"] or "series=" in found["error"]["hint"]
        failed, found = await call("score", records=[str(folder / "kept.json")])
        assert [row["period"] for row in found["rows"]] == [2022, 2023]

        rows = "".join(
            f"{name},{year},{year}\n" for name in range(100, 170) for year in (2020, 2021)
        )
        (folder / "many.csv").write_text("id,year,value\n" + rows)
        _, found = await call("check", source=str(folder / "many.csv"))
        assert (len(found["series"]), found["more_series"]) == (20, 50), "twenty are described"

        for source in (
            folder.parent / "secret.csv",
            folder / "link.csv",
            f"{folder}/../secret.csv",
            "-",
            "/etc/passwd",
        ):
            failed, found = await call("project", source=str(source))
            assert failed
            assert found["error"]["code"] == "usage"
            assert "4711" not in str(found)
        failed, found = await call("size", model=str(folder / "model.toml"))
        assert "in none of the folders" in found["error"]["message"]
        assert "4711" not in str(found)

    talk([folder], conversation)


VALUES = {"2019": 41, "2020": 44, "2021": 52, "2022": 57}


def asked(tool: str, **arguments: Any) -> tuple[dict[str, Any], bool]:
    """The answer of a tool, without the protocol."""
    return answer(tool, Surroundings([data_folder()]), arguments)


def test_values_stand_in_place_of_a_file() -> None:
    found, failed = asked("project", values=VALUES, title="Meals (sold)", unit="m", year=2024)
    assert not failed
    assert [row["period"] for row in found["rows"]] == [2023, 2024]
    assert found["common"]["unit"] == "m"
    assert found["series"][0]["id"] == "Meals (sold)"


@pytest.mark.parametrize(
    ("tool", "arguments", "problem"),
    [
        ("project", {"source": "mofcom", "horizn": 5}, "has no argument 'horizn'"),
        ("project", {"source": "mofcom", "targets": [4000]}, "has no argument 'targets'"),
        ("project", {}, "needs source, or values"),
        ("project", {"source": "mofcom", "values": VALUES}, "stand in place of source"),
        ("project", {"source": "mofcom", "unit": "m"}, "unit is for values"),
        ("project", {"values": []}, "no object of values by year"),
        ("size", {}, "needs model"),
        ("project", {"values": {"2022H1": 4}}, "'2022H1' is not a year"),
        ("project", {"values": VALUES, "keep": True}, "has no argument 'keep'"),
        ("project", {"values": VALUES, "as_python": True, "sources": True}, "gives a script"),
        ("revise", {"old": "a.json"}, "needs new, or values"),
        ("score", {}, "needs records"),
        ("project", {"source": "mofcom", "year": {"a": 1}}, "is one value"),
    ],
)
def test_an_argument_that_is_not_understood_is_refused(
    tool: str, arguments: dict[str, Any], problem: str
) -> None:
    found, failed = asked(tool, **arguments)
    assert failed
    assert problem in found["error"]["message"]
    assert found["error"]["hint"]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_takes_no_argument_that_its_schema_does_not_have(tool: str) -> None:
    schema = schema_of(TOOLS[tool])
    assert schema["additionalProperties"] is False
    assert set(schema.get("required", ())) <= set(schema["properties"])


@pytest.mark.parametrize(
    ("tool", "arguments", "most"),
    [
        ("project", {"source": "mofcom"}, 3000),
        ("project", {"source": "turnover", "year": 2020, "target": 600}, 3000),
        ("compare", {"source": "mofcom"}, 4000),
        ("size", {"model": "rural_online_retail", "year": 2028}, 4000),
    ],
)
def test_an_answer_is_short(tool: str, arguments: dict[str, Any], most: int) -> None:
    found, _ = asked(tool, **arguments)
    assert len(json.dumps(found)) <= most


def test_the_list_of_tools_is_short(tmp_path: Path) -> None:
    async def conversation(client: Any) -> None:
        listed = await client.list_tools()
        described = listed.model_dump_json(by_alias=True, exclude_none=True)
        assert len(described) <= 12_000

    connected([tmp_path], conversation)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_arguments_of_a_tool_are_described_by_a_valid_schema(tool: str) -> None:
    schema = schema_of(TOOLS[tool], keeps=True)
    Draft202012Validator.check_schema(schema)
    assert not [name for name, described in schema["properties"].items() if not described]


def test_the_schemas_of_answers_are_resources(tmp_path: Path) -> None:
    from mcp import MCPError

    async def conversation(client: Any) -> None:
        listed = (await client.list_resources()).resources
        assert [str(one.uri) for one in listed] == [f"answers://{name}" for name in TOOLS]
        for one in listed:
            (content,) = (await client.read_resource(one.uri)).contents
            name = str(one.uri).removeprefix("answers://")
            assert json.loads(content.text) == answer_schema_of(TOOLS[name])
        with pytest.raises(MCPError, match="There is no resource 'answers://projects'"):
            await client.read_resource("answers://projects")

    connected([tmp_path], conversation)


@pytest.mark.parametrize("more", [{}, {"sources": True}], ids=["rows", "sources"])
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("list_series", {}),
        ("show_series", {"source": "turnover"}),
        ("check", {"values": {"2019": 41, "2021": 4400}}),
        ("project", {"source": "turnover"}),
        ("project", {"source": "mofcom", "level": [50, 90], "target": [900, 1000]}),
        ("project", {"source": "mofcom", "model": ["naive", "linear"]}),
        ("project", {"source": "nothing"}),
        ("compare", {"source": "mofcom"}),
        ("size", {"model": "rural_online_retail", "year": 2028}),
        ("scenario", {"source": "mofcom", "growth": 5}),
        ("nowcast", {"source": "turnover", "partial": "2017H1=537.62"}),
        ("triangulate", {"source": "mofcom"}),
    ],
    ids=lambda part: json.dumps(part).strip('"'),
)
def test_an_answer_follows_the_schema_of_its_tool(
    tool: str, arguments: dict[str, Any], more: dict[str, Any]
) -> None:
    reply, failed = asked(tool, **arguments, **more)
    assert failed == ("error" in reply)
    Draft202012Validator(answer_schema_of(TOOLS[tool])).validate(reply)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("project", {"values": {"2019": 41, "2020": 44}, "keep": True}),
        ("compare", {"source": "mofcom", "as_python": True}),
        ("score", {}),
        ("revise", {"old": "", "year": 2025}),
    ],
    ids=["kept", "script", "score", "revise"],
)
def test_an_answer_about_records_follows_the_schema_of_its_tool(
    keeping: Surroundings, record: str, tool: str, arguments: dict[str, Any]
) -> None:
    if tool in ("score", "revise"):
        arguments = {**arguments, "values": CAME}
    if "old" in arguments:
        arguments = {**arguments, "old": record}
    reply, failed = answer(tool, keeping, arguments)
    assert not failed
    Draft202012Validator(answer_schema_of(TOOLS[tool])).validate(reply)


def test_a_chance_comes_with_the_forecast_that_it_is_of() -> None:
    found, _ = asked("project", values=VALUES, year=2024, target=60)
    forecast, _ = asked("project", values=VALUES, year=2024)
    assert [row["chance"] for row in found["rows"]]
    assert [year["value"] for year in found["figures"]["forecast"]] == [
        row["value"] for row in forecast["rows"]
    ]
    assert "2024: chance of 60 or more " in in_words(found, failed=False)
    assert "2024: 66" in in_words(found, failed=False)


CAME = {**VALUES, "2023": 60, "2024": 66}


@pytest.fixture
def keeping(tmp_path: Path) -> Surroundings:
    return Surroundings([data_folder()], keep=tmp_path / "kept")


@pytest.fixture
def record(keeping: Surroundings) -> str:
    """The path of a record of values that an agent kept."""
    found, failed = answer("project", keeping, {"values": VALUES, "year": 2025, "keep": True})
    assert not failed
    path: str = found["kept"]
    return path


def test_a_forecast_of_values_is_kept_and_scored_by_values(
    keeping: Surroundings, record: str
) -> None:
    named, _ = answer("score", keeping, {"records": record, "values": CAME})
    assert [row["actual"] for row in named["rows"]] == [60, 66]
    every, _ = answer("score", keeping, {"values": CAME})
    assert every == named
    assert "consensus 2024: 66 came, forecast 66" in in_words(named, failed=False)


def test_a_forecast_of_values_is_revised_by_values(keeping: Surroundings, record: str) -> None:
    found, _ = answer("revise", keeping, {"old": record, "values": CAME, "year": 2025})
    assert [row["step"] for row in found["rows"]] == ["kept", "2023", "2024"]
    assert "2023, came 60, not" in in_words(found, failed=False)


def test_nothing_is_kept_unless_it_is_asked_for(keeping: Surroundings) -> None:
    found, _ = answer("project", keeping, {"values": VALUES, "year": 2024})
    assert "kept" not in found
    assert keeping.keep is not None
    assert not keeping.keep.exists()
    found, failed = answer("score", keeping, {"values": CAME})
    assert failed
    assert found["error"]["message"] == "No record is kept yet."


def test_sources_are_given_on_request() -> None:
    found, _ = asked("project", source="turnover", sources=True)
    assert found["series"][0]["sources"]
    assert found["provenance"]["data_digest"]


def test_series_are_listed_and_searched() -> None:
    found, _ = asked("list_series", words=["shopping"])
    ids = {row["series_id"] for row in found["rows"]}
    assert "rural_online_shopping_turnover" in ids


def test_assumptions_are_texts_or_objects_by_year() -> None:
    as_object, _ = asked("scenario", source="mofcom", growth={"2026": 5, "2027": 4})
    as_text, _ = asked("scenario", source="mofcom", growth="2026=5,2027=4")
    assert as_object == as_text
    assert {row["kind"] for row in as_text["rows"]} == {"forecast", "scenario"}


def test_a_hint_names_tools_and_their_arguments() -> None:
    found, _ = asked("project", source="no_such_series")
    assert "rural-forecast" not in found["error"]["hint"]
    assert "--" not in found["error"]["hint"]


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        pytest.param("project", r'{"source": "a\u0000.csv"}', "input", id="NUL in a file"),
        pytest.param("project", r'{"source": "a\u0000"}', "unknown_name", id="NUL in an id"),
        pytest.param("size", r'{"model": "a\u0000.toml"}', "input", id="NUL in a model"),
        pytest.param("score", r'{"records": ["a\u0000.json"]}', "input", id="NUL in a record"),
        pytest.param("project", r'{"source": "a\ud800.csv"}', "usage", id="half in a file"),
        pytest.param("project", r'{"source": "a\uDFFF"}', "unknown_name", id="half in an id"),
        pytest.param("project", r'{"source": "a\ud83d\ude00"}', "unknown_name", id="a whole pair"),
        pytest.param("project", r'{"source": "a\\ud800"}', "usage", id="a backslash"),
    ],
)
def test_a_name_that_no_file_can_have_gets_an_error_with_a_code(
    tool: str, arguments: str, code: str, plain_server: Callable[[str], dict[str, Any]]
) -> None:
    reply = plain_server(f'{{"name": "{tool}", "arguments": {arguments}}}')
    assert reply["structuredContent"]["error"]["code"] == code


def test_an_agent_reads_no_address(folder: Path) -> None:
    async def conversation(call: Call, tools: list[str]) -> None:
        for source in ("https://example.org/sales.csv", "wb:SP.RUR.TOTL/CHN", "s3://a/b.csv"):
            failed, answer = await call("project", source=source)
            assert failed
            assert "not allowed here" in answer["error"]["message"]

    talk([folder], conversation)


def test_an_agent_reads_public_addresses_alone_where_they_are_allowed(folder: Path) -> None:
    pytest.importorskip("aiohttp")

    async def conversation(call: Call, tools: list[str]) -> None:
        for source in ("http://127.0.0.1:1/sales.csv", "http://[::1]:1/sales.csv"):
            failed, answer = await call("project", source=source)
            assert failed
            assert "of this network" in answer["error"]["message"]
        failed, answer = await call("project", source="s3://bucket/sales.csv")
        assert failed
        assert "s3:// is not read" in answer["error"]["message"]

    talk([folder, Path("--allow-web")], conversation)
