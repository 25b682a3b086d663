"""Tables of a TOML file as pydantic models, whose errors become refusals with file, line, key and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from rural_forecast.toml.file import TomlFile, meant


def shown(value: object) -> str:
    """A value as messages show it, cut if it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


class TableError(ValueError):
    """What is wrong with a value, without its place.

    `sentence`: follows the key in the message and has no full stop; `hint`: what to do; `path`: keys from the table
    that is checked to the value.
    """

    def __init__(self, sentence: str, hint: str = "", *path: str | int) -> None:
        super().__init__(sentence)
        self.sentence, self.hint, self.path = sentence, hint, path


@contextmanager
def at(*path: str | int) -> Iterator[None]:
    """Put keys before the path of a problem."""
    try:
        yield
    except TableError as problem:
        raise TableError(problem.sentence, problem.hint, *path, *problem.path) from None


class Table(BaseModel):
    """A table of a file; every value has the type in TOML that its field has here."""

    model_config = ConfigDict(strict=True, frozen=True, arbitrary_types_allowed=True)
    example: ClassVar[str] = ""
    """What to write if something else than a table is found."""

    @classmethod
    def allowed(cls, content: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG003
        """The keys that such a table may have."""
        return tuple(cls.model_fields)

    @model_validator(mode="before")
    @classmethod
    def _check_keys(cls, content: Any, info: ValidationInfo[Any]) -> Any:
        if not isinstance(content, dict):
            raise TableError(f"{shown(content)} is not a table", cls.example)
        known, (top, of_top) = cls.allowed(content), (info.context["schema"], info.context["schema"].model_fields)
        for key in content:
            if key not in known and key in of_top and cls is not top:
                raise TableError("belongs to the whole file", "Move it to the top, above the first [table].", key)
            if key not in known:
                raise TableError("is not known here", meant(key, known), key)
        for key, field in cls.model_fields.items():
            if field.is_required() and key not in content:
                raise TableError(f"has no {key}", field.description or "")
        return content


T = TypeVar("T", bound=Table)
V = TypeVar("V")
_TYPES = {
    "string_type": ("is not text", "Put it between double quotes."),
    "bool_type": ("is neither true nor false", ""),
    "list_type": ("is not a list", "Write [[...]] before each table."),
    "dict_type": ("is not a table", ""),
}


@contextmanager
def refusing(file: TomlFile) -> Iterator[None]:
    """Raise the first problem as an InputError that names its place in the file."""
    try:
        yield
    except TableError as problem:
        raise file.refuse(problem.path, problem.sentence, problem.hint) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = tuple(key for key in first["loc"] if key != "[key]")
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, TableError):
            raise file.refuse((*path, *cause.path), cause.sentence, cause.hint) from None
        sentence, hint = _TYPES.get(first["type"], (first["msg"].lower(), ""))
        raise file.refuse(path, f"{shown(first['input'])} {sentence}", hint) from None


def validated(file: TomlFile, schema: type[T]) -> T:
    """The content of a file. Raises InputError with the place of the first problem."""
    with refusing(file):
        return schema.model_validate(file.content, context={"schema": schema})


def _year(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 9999:
        raise TableError(f"{shown(value)} is not a year", "Years are whole numbers from 1 to 9999.")
    return value


def by_year(table: Any, read: Callable[[Any], V]) -> dict[int, V]:
    """The values of `{ 2026 = ..., 2027 = ... }`, in order of year.

    Raises TableError if it is not such a table, or `read` refuses a value.
    """
    hint = "Write a value for each year: { 2026 = 5, 2027 = 4 }."
    if not isinstance(table, dict):
        raise TableError(f"{shown(table)} does not say for which year", hint)
    values = {}
    for key, value in table.items():
        with at(key):
            if not re.fullmatch(r"\d{1,4}", key, re.ASCII) or int(key) == 0:
                raise TableError(f"{shown(key)} is not a year", hint)
            values[int(key)] = read(value)
    return dict(sorted(values.items()))


def filled(problem: str, hint: str, most: int = 1000) -> BeforeValidator:
    """Refuse anything but a table of tables, and one of more than `most`."""

    def check(table: Any) -> Any:
        if not isinstance(table, dict) or not table:
            raise TableError(problem, hint)
        if len(table) > most:
            raise TableError(f"has {len(table):,} tables; a model has at most {most}", "Combine some.")
        return table

    return BeforeValidator(check)


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
"""Text without space around it."""
Year = Annotated[int, BeforeValidator(_year)]
