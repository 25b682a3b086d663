"""The question about a market: which of its values count, what a person states, what is answered.

A question is a frozen value that checks itself when it is made, and that every layer passes. The
command line makes one of its options, the Python API of keyword arguments, `record` of what was
kept. An option is a field here and a parameter of the command line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from datetime import date
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypeVar

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.observed.observation import MARKET_KINDS, NO_KIND, Series
from rural_forecast.text.cells import quoted

if TYPE_CHECKING:
    from rural_forecast.models.base import Ceiling
    from rural_forecast.observed.history import Basis, History

    class NamedModel(Protocol):
        """A model, ours or one of your own, see `OwnModel`."""

        @property
        def name(self) -> str:
            """Its name in rows and pictures."""


DEFAULT_LEVELS = (80, 95)
DEFAULT_HORIZON = 2
FARTHEST = 100  # years after the origin beyond which a target is refused
CONSENSUS = "consensus"
CUMULATIVE = "cumulative"
Q = TypeVar("Q")
Years = Sequence[int]
RECORDED_AS = "recorded as"  # metadata of a field: its key in a record


class Recorded:
    """A question that a record keeps."""

    def to_json(self) -> dict[str, Any]:
        """Give the fields that a record keeps: levels, and all others that are not usual."""
        options = dict[str, Any]()
        for option_field in fields(self):  # type: ignore[arg-type] # every question is a dataclass
            value = getattr(self, option_field.name)
            if option_field.name == "levels" or value != option_field.default:
                options[_key(option_field)] = _as_json(value)
        return options

    @classmethod
    def from_json(cls, options: Mapping[str, Any]) -> Self:
        """Make the question of what a record keeps. Raises InputError for an unknown key, or a
        value of another kind.
        """
        from rural_forecast.api import kind_wanted

        by_key = {_key(option_field): option_field for option_field in fields(cls)}  # type: ignore[arg-type]
        unknown = [key for key in options if key not in by_key]
        if unknown:
            problem = f"{quoted(unknown)} is no option of a record."
            raise InputError(problem, "A newer release may have kept it.", value=unknown[0])
        values = dict[str, Any]()
        for key, value in options.items():
            name = by_key[key].name
            annotation = str(by_key[key].type)
            values[name] = _from_json(value, annotation)
            if what := kind_wanted(annotation, values[name]):
                problem = f"The option {key} of a record is {what}, not {value!r}."
                raise InputError(problem, "Keep the answer again.", value=value)
        return cls(**values)

    def of(self, other: type[Q], /, **changed: Any) -> Q:
        """A question of another kind with the fields that both have, some of them `changed`."""
        own = {option_field.name for option_field in fields(self)}  # type: ignore[arg-type]
        shared = [option_field.name for option_field in fields(other) if option_field.name in own]  # type: ignore[arg-type]
        return other(**{name: getattr(self, name) for name in shared} | changed)


@dataclass(frozen=True, kw_only=True)
class Window(Recorded):
    """Which points of a series are used; the arguments of `annual`."""

    since: int | None = None  # first year used
    until: int | None = None  # last year used; later values are shown for comparison
    prefer: str | None = None
    """the source to use where several give a value, `median` or `rule`."""
    allow_gaps: bool = False  # accept missing years; only those after the last one are used
    as_of: date | None = None  # use only what had surely been published by this day
    basis: Basis = "comparable"
    """`comparable`: growth as published, or else as levels give it, and the latest level; `levels`
    as published; `chained`: earlier ones rebuilt from published growth.
    """
    breaks: Years = ()
    """first years on a new basis, with those that the series states: growth alone crosses them."""

    def history_of(self, series: Series) -> History:
        """The values of a series that models see."""
        from rural_forecast.observed.history import annual  # arrays: no help needs them

        return annual(
            series,
            since=self.since,
            until=self.until,
            prefer=self.prefer,
            allow_gaps=self.allow_gaps,
            as_of=self.as_of,
            basis=self.basis,
            breaks=self.breaks,
        )


@dataclass(frozen=True, kw_only=True)
class Statements(Recorded):
    """Knowledge of a market that a person states."""

    ceiling: Ceiling | None = None
    """Range in which the market saturates: growth curves join, and nothing lies above its upper
    end.
    """
    floor: float | None = None  # nothing lies below it
    measure: str | None = None
    """`cumulative` for a running total, which never falls; other measures are stated where a file
    or frame is read.
    """
    kind: str | None = None
    """Subject of the market, one of `MARKET_KINDS`, or `none`; left out, the one that the series
    states, or that its title says.
    """

    measures: ClassVar[tuple[str, ...]] = (CUMULATIVE,)

    def __post_init__(self) -> None:
        """Refuse statements that no market can have."""
        if self.ceiling is not None:
            low, high = map(float, self.ceiling)
            _set(self, ceiling=(low, high))
            if not 0 < low <= high < inf:
                problem = f"The ceiling {low:g} to {high:g} is not a range of positive numbers."
                raise UsageError(problem, "Give the lower end first.")
        if self.floor is not None:
            _set(self, floor=float(self.floor))
            _check_floor(self.floor, self.ceiling)
        if self.kind and self.kind not in (*MARKET_KINDS, NO_KIND):
            kinds = ", ".join(MARKET_KINDS)
            hint = f"There is one for {kinds}; {option('kind', NO_KIND)} is for all other markets."
            raise UsageError(f"There is no forecast for the kind of market {self.kind!r}.", hint)
        if self.measure is not None and self.measure not in self.measures:
            only = f"{option('measure', CUMULATIVE)} is the only one that a forecast takes."
            raise UsageError(
                f"The measure {self.measure} is stated where a file or frame is read.", only
            )


@dataclass(frozen=True, kw_only=True)
class MarketQuestion(Statements, Window):
    """Statements about a market, the points of its series that are used, and other markets."""

    within: Any = None
    """the total that it is a part of, in its unit; left out, the one that its file or the catalogue
    names.
    """
    like: Sequence[Any] = ()
    """The same product in other markets: those that are ahead lead the consensus. Each whatever
    makes a series.
    """


@dataclass(frozen=True, kw_only=True)
class Question(MarketQuestion):
    """The whole question that a forecast of one series answers."""

    year: int | None = field(default=None, metadata={RECORDED_AS: "target"})
    """last year to forecast; without it, `horizon`."""
    horizon: int | None = None  # years after the origin, 2 where both are left out
    models: Sequence[str | NamedModel] = ()
    """models that answer in place of the consensus, by name or of your own, see `OwnModel`."""
    kernels: bool = False  # True to ask all our kernels as well
    opinions: bool = False  # True to ask ARIMA and ETS as well
    levels: Sequence[int] = DEFAULT_LEVELS  # interval levels in whole percents, 30 to 99

    def __post_init__(self) -> None:
        """Refuse levels and a horizon that are impossible, and statements that change nothing."""
        _set(self, levels=checked_levels(self.levels), models=tuple(self.models))
        check_horizon(self.horizon, self.year)
        require_consensus(self.models, kind=self.kind, like=self.like)
        Statements.__post_init__(self)

    def to(self, year: int) -> Self:
        """The same question up to a year."""
        return replace(self, year=year, horizon=None)


def require_consensus(models: Sequence[object], **changing: object) -> None:
    """Refuse a kind, or leaders, where models are asked in place of the consensus, which alone
    these change.
    """
    if not models or CONSENSUS in models:
        return
    for name, given in changing.items():
        if given:
            problem = (
                f"{option(name)} changes the consensus alone, "
                "and other models are asked in its place."
            )
            also = option("models", [CONSENSUS])
            raise UsageError(problem, f"Leave {option(name)} out, or add {also}.")


def checked_levels(levels: Sequence[int]) -> tuple[int, ...]:
    """Interval levels in rising order, each once; those outside 30 to 99 are refused."""
    for level in levels:
        if not 30 <= level <= 99:
            hint = f"Give whole percents, such as {option('levels', [90])}."
            raise UsageError(f"The level {level} is not between 30 and 99.", hint)
    return tuple(sorted(set(levels)))


def headline(levels: Sequence[int]) -> int:
    """Place of the level that sentences name: the one nearest to 80 %, of two the wider."""
    nearest = min(levels, key=lambda level: (abs(level - 80), -level))
    return levels.index(nearest)


def check_horizon(horizon: int | None, year: int | None) -> None:
    """Refuse a horizon that is out of range, or given together with a year."""
    if horizon is None:
        return
    if year is not None:
        hint = f"Leave {option('horizon')} or {option('year')} out."
        raise UsageError("A horizon and a year contradict each other.", hint)
    if not 1 <= horizon <= FARTHEST:
        hint = f"Give one, such as {option('horizon', 3)}."
        raise UsageError(f"The horizon {horizon} is not between 1 and {FARTHEST} years.", hint)


def _check_floor(floor: float, ceiling: Ceiling | None) -> None:
    if not isfinite(floor):
        raise UsageError(
            f"The floor {floor:g} is not a finite number.", f"Give {option('floor', 100)}, say."
        )
    if ceiling is not None and floor >= ceiling[1]:
        problem = f"The floor of {floor:,.6g} is not below the ceiling of {ceiling[1]:,.6g}."
        raise UsageError(problem, "Lower the floor.")


def _set(question: object, **values: object) -> None:
    """Set fields of a frozen question while it is made."""
    for name, value in values.items():
        object.__setattr__(question, name, value)


def _key(of: Field[Any]) -> str:
    return str(of.metadata.get(RECORDED_AS, of.name))


def _as_json(value: Any) -> Any:
    """A value of a question as JSON has it: series by what gives them again."""
    if isinstance(value, Series):
        return value.named
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_as_json(part) for part in value]
    name = getattr(value, "name", None)
    return name if isinstance(name, str) else value


def _from_json(value: Any, annotation: str) -> Any:
    if annotation.startswith("date") and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return tuple(value) if isinstance(value, list) else value


DEFAULT = Question()
"""The question without a word: the consensus for the next two years."""
