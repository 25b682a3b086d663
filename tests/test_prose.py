"""Prose never decides: what code branches on is a field, not a sentence, whether the sentence is ours or the user's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

import pytest

import rural_forecast as rf
from rural_forecast.errors import UsageError
from tests.inside import Cli
from tests.sources import PACKAGE, nodes

SENTENCES = {"note", "notes", "message", "reason", "problem", "hint", "text_of", "caveat"}
"""Attributes that hold sentences."""
READS = {"startswith", "endswith", "partition", "rpartition", "removeprefix", "removesuffix", "split", "find", "index"}
MATCHES = {"match", "fullmatch", "search", "findall", "finditer"}
LIBRARIES = {
    "system/process.py": "the loader of libraries says only in words that memory is short",
    "errors.py": "an error built from one sentence, with its place in front",
    "series/folder.py": "the csv module says only in words what is wrong",
    "series/reading/delimited.py": "the csv module says only in words what is wrong",
    "sizing/toml.py": "tomllib says only in words where a fault is, before Python 3.14",
    "series/reading/xml_tables.py": "the XML parser says only in words what is wrong",
    "series/reading/unpack.py": "the decoder says only in words that a character is cut at the end",
}
"""Files that may read a sentence, and why."""


def _is_sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in SENTENCES
    told = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and node.args
    return bool(told) and isinstance(node.args[0], ast.Name) and node.args[0].id in {"error", "problem", "failure"}  # type: ignore[attr-defined]


def _readings(nodes: Iterable[ast.AST]) -> Iterator[int]:
    """Lines that search a sentence, or compare it with another."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            searched = node.func.attr in READS and _is_sentence(node.func.value)
            matched = node.func.attr in MATCHES and any(map(_is_sentence, node.args))
            if searched or matched:
                yield node.lineno
        elif isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            constant = any(isinstance(side, ast.Constant) and side.value in ("", None) for side in sides)
            if any(map(_is_sentence, sides)) and not constant:
                held = isinstance(node.ops[0], ast.In | ast.NotIn) and not _is_sentence(node.comparators[0])
                if not held:
                    yield node.lineno


def test_no_code_reads_a_sentence_back() -> None:
    found = {name: list(_readings(every)) for name, every in nodes().items() if name not in LIBRARIES}
    assert not any(found.values()), found


def test_the_search_finds_what_it_looks_for() -> None:
    read = "\n".join(
        (
            "one.note.startswith('derived')",
            "re.search('slip', one.note)",
            "'mean' in error.message",
            "str(error) == 'NaN'",
            "error.message.rstrip('.')",
            "one.note == ''",
        )
    )
    assert list(_readings(ast.walk(ast.parse(read)))) == [1, 2, 3, 4]


MARKET = """year,value,status,source,note,doubtful
2019,10,actual,a,,
2020,11,actual,a,,
2021,12.5,actual,a,,
2022,14,actual,a,counted from delivery slips,{mark}
2022,19,estimate,b,,
"""


@pytest.mark.parametrize(
    "note", ["counted from delivery slips", "a misprint elsewhere", "derived", "the sum of all", ""]
)
def test_a_note_changes_no_number(cli: Cli, note: str) -> None:
    plain = MARKET.format(mark="").replace("counted from delivery slips", note)
    asked = ("project", "-", "--year", "2023", "--format", "csv", "--history")
    rows = cli(*asked, stdin=plain).out.splitlines()
    assert ",2022,actual,,14.0," in rows[4]
    assert rows[1:] == cli(*asked, stdin=MARKET.format(mark="")).out.splitlines()[1:]


@pytest.mark.parametrize("mark", ["yes", "x", "TRUE", "1", "是"])
def test_a_value_marked_as_doubtful_comes_last(cli: Cli, mark: str) -> None:
    done = cli("project", "-", "--year", "2023", "--format", "csv", "--history", stdin=MARKET.format(mark=mark))
    assert ",2022,actual,,19.0," in done.out


def test_a_mark_says_yes_or_no(cli: Cli) -> None:
    done = cli(
        "project", "-", stdin=MARKET.format(mark="maybe").replace("2021,12.5,actual,a,,", "2021,12.5,actual,a,,no")
    )
    assert done.code == 3
    assert "standard input:5: column 'doubtful': 'maybe' is neither yes nor no" in done.err


def test_figures_of_what_is_doubtful_are_values(cli: Cli) -> None:
    done = cli("project", "-", "--format", "csv", stdin="year,doubtful\n2021,5\n2022,7\n2023,8\n")
    assert (done.code, done.out.count("doubtful,2024,")) == (0, 1)


EXCEPTED = {"system/extras.py", "models/base.py"}
"""The options of pip, and a reason that the machine formats of `compare` hold."""
OPTION = re.compile(r"(?<![\w-])--[a-z]|(?<![\w-])-o\b")


def _options(nodes: Iterable[ast.AST]) -> Iterator[int]:
    """Lines of texts, docstrings excepted, that name an option."""
    docstrings = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes:
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docstrings else None
        if isinstance(text, str) and OPTION.search(text):
            yield node.lineno


def test_only_the_command_line_and_the_views_name_options() -> None:
    above = ("cli/", "views/", "render/", "__main__")
    found = {
        name: list(_options(every))
        for name, every in nodes().items()
        if not name.startswith(above) and name not in EXCEPTED
    }
    assert not any(found.values()), found


def test_a_hint_names_arguments_in_python_and_options_on_the_command_line(cli: Cli) -> None:
    with pytest.raises(UsageError, match="The level 29 is not between 30 and 99") as refused:
        rf.forecast(rf.read("turnover"), levels=[29])
    assert refused.value.hint == "Give whole percents, such as levels=[90]."
    assert "Give whole percents, such as --level 90." in cli("project", "turnover", "--level", "29").err


DIALECT = re.compile(
    r"\b(?:steps? aside|for want of|in sight of|kin|deaf to|gone with it|holds to|leaves it to|never was"
    r"|beside (?:the|a|an|it|its|ours|them|this|each|what|jumps)|stands? (?:in|for|alone|apart|there|beside)"
    r"|(?:is|are|was) told|tells (?:of|which|whether|where)|told (?:by|from|closer))\b"
)
"""Words of the glossary's list of those not to use."""
ROOT = PACKAGE.parent


def test_texts_use_the_terms_of_the_glossary() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.json")]
    found = [
        f"{page.relative_to(ROOT)}:{number}: {line.strip()}"
        for page in pages
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if DIALECT.search(line)
    ]
    assert not found, "\n".join(found)
