"""Tables of a TOML file as pydantic models, whose errors become refusals with file, line, key and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from rural_forecast.errors import Problem
from rural_forecast.toml.file import Keys, TomlFile


class TableError(Problem, ValueError):
    """What is wrong with a value, without its place; made by `of`."""

    path: Keys = ()
    """Keys from the table that is checked to the value."""

    @classmethod
    def of(cls, reason: str, *path: str | int, **fields: object) -> Self:
        """A reason with its fields, and the keys to the value."""
        error = cls(reason, **fields)
        error.path = path
        return error


@contextmanager
def at(*path: str | int) -> Iterator[None]:
    """Put keys before the path of a problem."""
    try:
        yield
    except TableError as problem:
        problem.path = (*path, *problem.path)
        raise


class Table(BaseModel):
    """A table of a file; every value has the type in TOML that its field has here."""

    model_config = ConfigDict(strict=True, frozen=True, arbitrary_types_allowed=True)
    otherwise: ClassVar[str]
    """The reason to refuse anything but a table, except for the whole file, which is one.

    Those for missing keys are the descriptions of the fields.
    """

    @classmethod
    def allowed(cls, content: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG003
        """The keys that such a table may have."""
        return tuple(cls.model_fields)

    @model_validator(mode="before")
    @classmethod
    def _check_keys(cls, content: Any, info: ValidationInfo[Any]) -> Any:
        if not isinstance(content, dict):
            raise TableError.of(cls.otherwise, written=content)
        known, (top, of_top) = cls.allowed(content), (info.context["schema"], info.context["schema"].model_fields)
        for key in content:
            if key not in known and key in of_top and cls is not top:
                raise TableError.of("misplaced_key", key)
            if key not in known:
                raise TableError.of("unknown_key", key, name=key, known=known)
        for key, field in cls.model_fields.items():
            if field.is_required() and key not in content:
                assert field.description
                raise TableError.of(field.description)
        return content


T = TypeVar("T", bound=Table)
V = TypeVar("V")
_TYPES = {
    "string_type": "not_text",
    "bool_type": "not_true_or_false",
    "list_type": "not_a_list",
}


@contextmanager
def refusing(file: TomlFile) -> Iterator[None]:
    """Raise the first problem as an InputError that names its place in the file."""
    try:
        yield
    except TableError as error:
        raise file.refuse(error.path, error) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = tuple(key for key in first["loc"] if key != "[key]")
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, TableError):
            raise file.refuse((*path, *cause.path), cause) from None
        reason = _TYPES.get(first["type"], "invalid_value")
        raise file.refuse(path, Problem(reason, written=first["input"], why=first["msg"].lower())) from None


def validated(file: TomlFile, schema: type[T]) -> T:
    """The content of a file. Raises InputError with the place of the first problem."""
    with refusing(file):
        return schema.model_validate(file.content, context={"schema": schema})


def _year(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 9999:
        raise TableError.of("toml_not_a_year", written=value)
    return value


def by_year(table: Any, read: Callable[[Any], V]) -> dict[int, V]:
    """The values of `{ 2026 = ..., 2027 = ... }`, in order of year.

    Raises TableError if it is not such a table, or `read` refuses a value.
    """
    if not isinstance(table, dict):
        raise TableError.of("not_by_year", written=table)
    values = {}
    for key, value in table.items():
        with at(key):
            if not re.fullmatch(r"\d{1,4}", key, re.ASCII) or int(key) == 0:
                raise TableError.of("key_not_a_year", written=key)
            values[int(key)] = read(value)
    return dict(sorted(values.items()))


def filled(reason: str, most: int = 1000) -> BeforeValidator:
    """Refuse anything but a table of tables, for `reason`, and one of more than `most`."""

    def check(table: Any) -> Any:
        if not isinstance(table, dict) or not table:
            raise TableError.of(reason)
        if len(table) > most:
            raise TableError.of("too_many_tables", count=len(table), most=most)
        return table

    return BeforeValidator(check)


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
"""Text without space around it."""
Year = Annotated[int, BeforeValidator(_year)]
