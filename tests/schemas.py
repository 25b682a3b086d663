"""Documents and rows against the schemas that ship."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from rural_forecast.render.schemas import schema


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name))


def errors(name: str, value: object) -> list[str]:
    """List what breaks a schema, one sentence each."""
    return [error.message for error in _validator(name).iter_errors(value)]


def check(document: dict[str, Any], rows: str = "") -> None:
    """A document follows its schema; its rows follow theirs, where the document's own does not
    check them.
    """
    assert errors("document", document) == []
    assert not rows or [message for row in document["rows"] for message in errors(rows, row)] == []
