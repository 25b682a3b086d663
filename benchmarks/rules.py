"""Switch off each rule by which a table is found, and count the files that are then read otherwise.

    python benchmarks/rules.py FOLDER [--only RULE ...] [--write]

FOLDER is that of `realfiles.py`. `rules.toml` has the rules: the property of tables that each states,
and a piece of its module with what takes its place where the rule is off. The files, and the small
ones of `tests/observed/reading/tables.toml`, are read with all rules first: each as one series
without options, unless that takes long, and with its options. A rule is needed by those of
which an id, a unit, a place, a period, a value, a status or a refusal is another without it.

A rule that no file and no case needs is tried on the other tests of reading as well. A rule about
the forms of periods is tried on the files that have such a cell alone. `--write` writes `rules.md`;
with `--only` the rows of the other rules there stay as they are.
"""

from __future__ import annotations

import argparse
import ast
import gc
import multiprocessing
import sys
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from io import StringIO
from pathlib import Path
from time import process_time
from types import FunctionType, ModuleType
from typing import Any

import pytest
from doors import options_of
from realfiles import wanted

from rural_forecast.errors import RuralForecastError
from rural_forecast.observed import reading
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions, read, read_one
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.periods import likely, read_head

HERE = Path(__file__).parent
PAGE = HERE / "rules.md"
TESTS = HERE.parent / "tests/observed/reading"
CASES = TESTS / "tables.toml"
PACKAGE = "rural_forecast.observed.reading"
FEW = 3  # files that are named
SLOW = 1.0  # seconds after which a file is read by its options alone
SECONDS = 1800
FORMS = ("periods", "period_forms")  # modules of rules about single cells


@dataclass(frozen=True)
class Rule:
    """A property of tables, and how it is switched off."""

    name: str
    module: str
    states: str  # the property of tables
    text: str
    off: str
    reason: str = ""  # why it stays, where one file or none needs it
    number: int = 0  # of the places of `text`, the one that counts

    @property
    def path(self) -> Path:
        """The file of its module."""
        return Path(str(import_module(f"{PACKAGE}.{self.module}").__file__))

    @property
    def source_without(self) -> str:
        """The source of the module without the rule."""
        source = self.path.read_text(encoding="utf-8")
        parts = source.split(self.text)
        if len(parts) < self.number + 2 or (len(parts) > 2 and not self.number):
            raise SystemExit(f"{self.name}: {self.text!r} is there {len(parts) - 1} times.")
        before = self.text.join(parts[: self.number + 1])
        return before + self.off + self.text.join(parts[self.number + 1 :])


@dataclass
class File:
    """A file with its options, and its reading with all rules."""

    name: str
    data: bytes
    path: str
    options: Sequence[ReadOptions]
    is_small: bool = False  # true for a case, which is read whole as well
    grids: dict[str | None, Any] = field(default_factory=dict)  # by the sheet that is asked for
    before: Sequence[object] = ()

    def __post_init__(self) -> None:
        self.before = self.read()  # and its bytes
        started = process_time()
        self.before = self.read()
        if process_time() - started > SLOW:
            self.options = self.options[-1:]
            self.before = self.read()

    def sheets(self, _data: bytes, name: str, *, encoding: str | None, sheet: str | None) -> Any:
        """Take the place of the reader of bytes, which need be read once."""
        if sheet not in self.grids:
            self.grids[sheet] = _grids(self.data, name, encoding=encoding, sheet=sheet)
        return self.grids[sheet]

    def read(self) -> list[object]:
        """Read the series of the file by each of its options, and whole."""
        reading.grids = self.sheets  # type: ignore[assignment] # keeps what was read
        reading.read_bytes = lambda _source, _stdin=None: self.data  # type: ignore[assignment] # as above
        results = [
            _result(lambda options=options: [read_one(self.path, options)])
            for options in self.options
        ]
        if self.is_small:
            results += [
                _result(lambda options=options: read(self.path, options))
                for options in self.options
            ]
        return results

    @property
    def all_grids(self) -> Iterator[Grid]:
        """Every grid that was read so far."""
        for grids in self.grids.values():
            if isinstance(grids, list | tuple):
                yield from grids

    @cached_property
    def heads(self) -> dict[Any, object]:
        """The reading of each cell that may be a period."""
        cells = {cell for grid in self.all_grids for cell in grid.words.cells if _may_be(cell)}
        return {cell: (read_head(cell), likely(cell)) for cell in cells}

    def differs(self, *, cells: bool) -> bool:
        """True if the file is read otherwise than before."""
        if cells:
            if all((read_head(c), likely(c)) == before for c, before in self.heads.items()):
                return False
            self.grids.clear()
        return self.read() != self.before


_grids: Callable[..., Any] = reading.grids
_read_bytes: Callable[..., Any] = reading.read_bytes


def _may_be(cell: Any) -> bool:
    """True for a text that may be a period, and no other number."""
    if not isinstance(cell, str) or len(cell) > 60:
        return False
    text = cell.strip()
    is_figure = text.replace(".", "").replace(",", "").replace("-", "").isdecimal()
    if is_figure and len(text) not in (4, 6, 7, 10):
        return False
    return any(sign.isdigit() or sign in "元〇一二" for sign in text)


def _result(of: Callable[[], Sequence[Series]]) -> object:
    """The series as values that can be compared, or the refusal."""
    try:
        return [_facts(series) for series in of()]
    except RuralForecastError as error:
        return str(error), error.hint
    except Exception as error:  # noqa: BLE001 - a rule may be what a later step takes for granted
        return type(error)


def _facts(series: Series) -> tuple[object, ...]:
    points = [(str(one.period), one.value, one.status) for one in series.observations]
    return series.id, series.unit, series.title, series.places, points


def files_of(folder: Path) -> Iterator[File]:
    """Read the files of a folder, with and without their options."""
    for one in wanted(folder):
        options = [ReadOptions(allow_gaps=True).dated()]
        if one.options:
            options.append(options_of(one)._replace(allow_gaps=True))
        yield File(one.slug, one.path.read_bytes(), str(one.path), options)


def cases() -> Iterator[File]:
    """Read the small files of the tests."""
    for name, case in tomllib.loads(CASES.read_text(encoding="utf-8")).items():
        for variant in case.get("each", [{}]):
            varied = case | variant
            options = ReadOptions(**varied.get("options", {}))
            for text in varied.get("texts") or [varied["text"]]:
                data = text.encode(varied.get("encoding", "utf-8"))
                yield File(name, data, "table.csv", [options], is_small=True)


def rules() -> list[Rule]:
    """The rules of `rules.toml`."""
    tables = tomllib.loads((HERE / "rules.toml").read_text(encoding="utf-8"))
    return [Rule(name, **table) for name, table in tables.items()]


def switch_off(rule: Rule) -> None:
    """Replace what differs without a rule in its module, which others have imported from already."""
    module = import_module(f"{PACKAGE}.{rule.module}")
    changed = ast.parse(rule.source_without)
    original = {ast.dump(node) for node in ast.parse(rule.path.read_text("utf-8")).body}
    is_constant_changed = False
    for node in changed.body:
        is_changed = ast.dump(node) not in original
        is_assignment = isinstance(node, ast.Assign | ast.AnnAssign)
        is_constant_changed |= is_changed and is_assignment
        if is_constant_changed and is_assignment:  # and those that are made of it
            exec(compile(ast.Module([node], []), rule.module, "exec"), module.__dict__)
        elif is_changed and isinstance(node, ast.FunctionDef | ast.ClassDef):
            _transplant(module, node)
    for value in vars(import_module(f"{PACKAGE}.periods")).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def _transplant(module: ModuleType, node: ast.FunctionDef | ast.ClassDef) -> None:
    fresh = dict(module.__dict__)
    flags = __import__("__future__").annotations.compiler_flag
    exec(compile(ast.Module([node], []), module.__name__, "exec", flags), fresh)
    old = module.__dict__[node.name]
    for before, after in _functions(old, fresh[node.name]):
        before.__code__ = after.__code__


def _functions(old: Any, new: Any) -> Iterator[tuple[FunctionType, FunctionType]]:
    if not isinstance(old, type):
        yield getattr(old, "__wrapped__", old), getattr(new, "__wrapped__", new)
        return
    for name, before in vars(old).items():
        after = vars(new).get(name)
        if isinstance(before, property):
            yield before.fget, after.fget  # type: ignore[misc, union-attr] # the same property of both
            continue
        are_functions = isinstance(before, FunctionType) and isinstance(after, FunctionType)
        if are_functions and before.__code__.co_freevars == after.__code__.co_freevars:
            yield before, after


class Failures:
    """A plugin of pytest that keeps the names of the tests that fail."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the name of a test that fails, with its file."""
        if report.failed:
            self.names.append(report.nodeid.rpartition("/")[2])


def failing_tests() -> list[str]:
    """Run the tests of reading but for the cases, in this process, and name those that fail."""
    reading.grids = _grids
    reading.read_bytes = _read_bytes
    sys.path.insert(0, str(HERE.parent))
    failures = Failures()
    ignored = f"--ignore={CASES.with_name('test_tables.py')}"
    options = ("-n", "0", "--hypothesis-profile=quick", "--no-header", "-p", "no:cacheprovider")
    with redirect_stdout(StringIO()):
        pytest.main([str(TESTS), ignored, *options], plugins=[failures])
    return failures.names


def _needs(rule: Rule, groups: Mapping[str, Sequence[File]], pipe: Any) -> None:
    """Send the names of the files of each group that are read otherwise without a rule."""
    switch_off(rule)
    found: dict[str, list[str]] = {}
    for group, files in groups.items():
        names = [file.name for file in files if file.differs(cells=rule.module in FORMS)]
        found[group] = list(dict.fromkeys(names))
    if not any(found.values()):
        found["tests"] = failing_tests()
    pipe.send(found)


def needs(rule: Rule, groups: Mapping[str, Sequence[File]]) -> dict[str, list[str]] | None:
    """Try a rule in a process of its own; None where that ends or takes too long."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_needs, args=(rule, groups, sender))
    process.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(SECONDS) else None  # type: ignore[no-any-return] # sent by `_needs`
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()


def counted(found: Mapping[str, Sequence[str]]) -> str:
    """The last cells of the row of a rule; that of tests is empty where they need not be run."""
    tests = len(found["tests"]) if "tests" in found else ""
    return f"{len(found['files'])} | {len(found['cases'])} | {tests}"


def counts_on_page() -> dict[str, str]:
    """The last cells of each row of the page, by its rule."""
    rows = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else []
    counts: dict[str, str] = {}
    for row in rows:
        if row.startswith("| "):
            name, _, files, cases, *tests = map(str.strip, row.strip("|").split("|"))
            counts[name] = f"{files} | {cases} | {''.join(tests)}"
    return counts


def written(counts_of: Mapping[str, str], file_count: int) -> str:
    """The page: a table a module, with how many files need each rule."""
    listed = [rule for rule in rules() if rule.name in counts_of]
    lines = [
        "# Rules of reading",
        "",
        (
            f"The property of tables that each rule states, and how many of {file_count} real "
            "files are read otherwise without it, by `rules.py`. Cases are small files of the "
            "tests. Where no file and no case is read otherwise, the other tests of reading that "
            "fail are counted."
        ),
    ]
    unneeded = [rule.name for rule in listed if counts_of[rule.name] == "0 | 0 | 0"]
    if unneeded:
        lines += ["", f"Nothing needs {len(unneeded)} of the {len(listed)} rules:"]
        lines += [f"{'; '.join(unneeded)}."]
    for module in dict.fromkeys(rule.module for rule in listed):
        lines += [
            "",
            f"## {module}",
            "",
            "| rule | property | files | cases | tests |",
            "| --- | --- | --- | --- | --- |",
        ]
        for rule in listed:
            if rule.module == module:
                property_ = f"{rule.states} ({rule.reason})" if rule.reason else rule.states
                lines.append(f"| {rule.name} | {property_} | {counts_of[rule.name]} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print a line a rule, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=(), help="names of rules")
    parser.add_argument("--jobs", type=int, default=1, help="rules that are tried at once")
    parser.add_argument("--write", action="store_true", help="write rules.md")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    chosen = [rule for rule in rules() if not asked.only or rule.name in asked.only]
    for rule in chosen:
        compile(rule.source_without, rule.module, "exec")
    groups = {"cases": [*cases()], "files": [*files_of(asked.folder)]}
    if any(rule.module in FORMS for rule in chosen):
        for files in groups.values():
            for file in files:
                _ = file.heads
    gc.freeze()
    counts_of = counts_on_page() if asked.only else {}
    pool = ThreadPoolExecutor(asked.jobs)
    for rule, found in zip(chosen, pool.map(lambda rule: needs(rule, groups), chosen), strict=True):
        if found is None:
            print(f"{rule.name}: ended without a result", flush=True)
            continue
        counts_of[rule.name] = counted(found)
        counts = ", ".join(f"{len(names)} {group}" for group, names in found.items())
        few = [name for names in found.values() for name in names[:FEW]]
        print(f"{rule.module}: {rule.name}: {counts}: {', '.join(few)}", flush=True)
    if asked.write:
        PAGE.write_text(written(counts_of, len(groups["files"])), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
