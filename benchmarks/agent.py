"""Five tasks of an agent, by the client of the protocol's own SDK and a server that it starts.

    python benchmarks/agent.py

It prints calls, calls that failed and characters of the answers by task, and writes `agent.md`.
The calls are those that an agent makes at first sight of the schemas of the tools, and by what an
answer says; each task ends with the fact that was asked for, so that one that is not done fails.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PAGE = Path(__file__).with_suffix(".md")
MEALS = {"2018": 36.5, "2019": 41, "2020": 44, "2021": 52, "2022": 57}
MESSY = """Region,FY,Sales (m)
North,2016/17,"1,204"
North,2017/18,"1,310"
North,2018/19,1 452
North,2019/20,15o3
North,2020/21,n/a
North,2021/22,"1,702"
North,2021/22,"1,720"
North,2022/23,"1,890"
South,2016/17,310
South,2017/18,331
South,2018/19,355
South,2019/20,372
South,2020/21,389
South,2021/22,3990
South,2022/23,452
"""
MENDED = {"15o3": "1503", "3,990": "399"}
"""The figures that are meant, by the cells that an answer names."""


@dataclass
class Account:
    """The calls of a task."""

    calls: int = 0
    failed: int = 0
    characters: int = 0
    longest: int = 0
    messages: list[str] = field(default_factory=list)
    """those of calls that failed."""


class Agent:
    """A client of the server, and the account of its task."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.account = Account()

    async def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        """Call a tool and count the call, and the characters of its structured content."""
        result = await self.client.call_tool(tool, arguments)
        answer: dict[str, Any] = result.structured_content
        length = len(json.dumps(answer, ensure_ascii=False))
        self.account.calls += 1
        self.account.characters += length
        self.account.longest = max(self.account.longest, length)
        if result.is_error:
            self.account.failed += 1
            self.account.messages.append(f"{tool}: {answer['error']['message']}")
        return answer


async def forecast_chance(agent: Agent, _: Path) -> None:
    """Forecast the rural online shopping of the founding case, with the chance of 600 bn CNY."""
    answer = await agent.call("list_series", words=["rural", "online", "shopping"])
    (found,) = (
        row for row in answer["rows"] if row["series_id"] == "rural_online_shopping_turnover"
    )
    answer = await agent.call("project", source=found["series_id"], year=2020, target=600)
    forecast = answer["figures"]["forecast"][-1]
    assert forecast["lower_80"] < forecast["value"] < forecast["upper_80"]
    assert answer["rows"][-1]["period"] == 2020
    assert 0 < answer["rows"][-1]["chance"] < 1


async def mend_file(agent: Agent, folder: Path) -> None:
    """Check a messy file of two regions, mend it by what the answers say, and forecast one."""
    file = folder / "regions.csv"
    file.write_text(MESSY, encoding="utf-8")
    answer = await agent.call("check", source=str(file))
    stated = re.search(r"decimal='(.)'", str([row["text"] for row in answer["rows"]]))
    assert stated
    mark = stated[1]
    answer = await agent.call("check", source=str(file), decimal=mark)
    lines = MESSY.splitlines()
    common = answer.get("common", {})
    for row in sorted(answer["rows"], key=lambda row: row["line"], reverse=True):
        if "Remove one of them" in row["text"]:
            del lines[row["line"] - 1]
            continue
        (cell,) = (cell for cell in MENDED if cell in row["text"])
        before, _, _ = lines[row["line"] - 1].rpartition(",")
        lines[row["line"] - 1] = f"{before},{MENDED[cell]}"
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    answer = await agent.call("check", source=str(file), decimal=mark)
    assert not any({**common, **row}["severity"] == "error" for row in answer["rows"])
    answer = await agent.call("project", source=str(file), series="South", year=2024, decimal=mark)
    assert [row["period"] for row in answer["rows"]] == [2023, 2024]


async def size_market(agent: Agent, _: Path) -> None:
    """Size a market from its drivers, beside the forecast of its past."""
    answer = await agent.call("size", model="rural_online_retail", year=2028)
    last = {row["item"]: row for row in answer["rows"] if row["period"] == 2028}
    assert last["result"]["lower_80"] < last["result"]["value"] < last["result"]["upper_80"]
    assert last["top_down"]["value"]


async def keep_score_revise(agent: Agent, _: Path) -> None:
    """Keep a forecast; when two years have come, score it, and say why the answer moved."""
    about = {"title": "Meals sold", "unit": "m"}
    answer = await agent.call("project", values=MEALS, **about, year=2026, keep=True)
    record = answer["kept"]
    came = {**MEALS, "2023": 60, "2024": 66}
    answer = await agent.call("score", records=record, values=came, **about)
    assert [row["period"] for row in answer["rows"]] == [2023, 2024]
    answer = await agent.call("revise", old=record, values=came, **about, year=2026)
    assert [row["step"] for row in answer["rows"]] == ["kept", "2023", "2024"]


async def compare_models(agent: Agent, _: Path) -> None:
    """Compare all models, and give the Python script of it, which gives the same rows."""
    answer = await agent.call("compare", source="mofcom", year=2027)
    models = [row["model"] for row in answer["rows"]]
    answer = await agent.call("compare", source="mofcom", year=2027, as_python=True)
    script = [sys.executable, "-c", answer["script"]]
    printed = subprocess.run(script, capture_output=True, check=True, text=True).stdout
    assert {line.split(",")[1] for line in printed.splitlines()} >= {*models}


Task = Callable[[Agent, Path], Awaitable[None]]
TASKS: tuple[Task, ...] = (
    forecast_chance,
    mend_file,
    size_market,
    keep_score_revise,
    compare_models,
)


def accounts() -> tuple[dict[str, Account], dict[str, int]]:
    """Start the server and do the tasks.

    It gives the account of each task by its first sentence, and the characters by which the list
    of tools describes each tool.
    """
    import anyio
    from mcp import Client, StdioServerParameters
    from mcp.client.stdio import stdio_client

    by_task = dict[str, Account]()
    by_tool = dict[str, int]()

    async def run(folder: Path) -> None:
        line = ["-m", "rural_forecast", "mcp", str(folder), "--keep", str(folder / "kept")]
        server = stdio_client(StdioServerParameters(command=sys.executable, args=line))
        async with Client(server) as client:
            for tool in (await client.list_tools()).tools:
                described = tool.model_dump_json(by_alias=True, exclude_none=True)
                by_tool[tool.name] = len(described)
            for task in TASKS:
                agent = Agent(client)
                try:
                    await task(agent, folder)
                except (AssertionError, KeyError, IndexError, ValueError) as error:
                    agent.account.messages.append(f"{task.__name__} is not done: {error!r}")
                by_task[str(task.__doc__)] = agent.account

    with TemporaryDirectory() as folder:
        anyio.run(run, Path(folder))
    return by_task, by_tool


def page(by_task: dict[str, Account], by_tool: dict[str, int]) -> str:
    """Write the tables by task and by tool."""
    lines = [
        "# Agents",
        "",
        "Calls of five tasks by the client of the Model Context Protocol, by `agent.py`: those that",
        "failed, whether the task was done at the first attempt, and characters of the answers.",
        "",
        "| task | calls | failed | first attempt | characters | longest answer |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for title, account in by_task.items():
        at_first = "no" if account.messages else "yes"
        lines.append(
            f"| {title} | {account.calls} | {account.failed} | {at_first} "
            f"| {account.characters:,} | {account.longest:,} |"
        )
    lines += [
        "",
        f"Characters of the list of tools, {sum(by_tool.values()):,} in all, which an agent reads",
        "before every task:",
        "",
        "| tool | characters |",
        "| --- | --- |",
    ]
    lines += [f"| `{name}` | {characters:,} |" for name, characters in by_tool.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print and write the table, and name the calls that failed."""
    by_task, by_tool = accounts()
    table = page(by_task, by_tool)
    print(table)
    failures = [message for account in by_task.values() for message in account.messages]
    print(*failures, sep="\n")
    PAGE.write_text(table, encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
