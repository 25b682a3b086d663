"""The question of a record: that of its command, with the choices that came after the forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rural_forecast.question.question import CONSENSUS, RECORDED_AS, Question

if TYPE_CHECKING:
    from rural_forecast.record.kept import Record


@dataclass(frozen=True, kw_only=True)
class KeptQuestion(Question):
    """All that a record keeps of what was asked, by the names of its options.

    Series are named here; `State` has the series themselves. A new field is a step of `revise`,
    unless `NOT_RUN` there names it.
    """

    pool: Mapping[str, Any] | None = None  # stated weights of the voices; None without a pool
    model: str = CONSENSUS  # of a panel
    method: str = "weighted"  # of a panel
    scenarios: Mapping[str, Any] | None = None  # assumptions by the name of the scenario
    sizing: str | None = None  # the text of the model that was sized
    draws: int | None = None
    seed: int | None = None
    real: int | None = None
    inflation: float | str | None = None
    rate: float | str | None = None
    currency: str | None = None
    converted_from: str | None = None
    same_definition: bool = False
    known_parts: Mapping[str, Any] | None = field(default=None, metadata={RECORDED_AS: "known"})
    """parts of the year of a nowcast, by period."""
    weights: Mapping[str, Any] | None = None  # of the arguments of `triangulate`
    definition: str | None = None  # the other definition among them
    years: Sequence[int] = ()  # that were sized
    top_down: str | None = None  # the series that a sizing is set against
    all_models: bool = False
    history: bool = False
    factors: Sequence[float] = ()  # widths of the intervals of a batch, see `calibration`
    shift: float = 0.0
    leaders: Sequence[Any] = ()
    lead: float = field(default=1.0)


YEAR = KeptQuestion.__dataclass_fields__["year"].metadata[RECORDED_AS]  # key of the last year


def question_of(record: Record) -> KeptQuestion:
    """Return the question that a record answers. Raises InputError for an unknown option."""
    options = dict(record.options)
    if record.command == "size":
        options["sizing"] = record.model
    if "year" in options:  # a batch keeps it by this name
        options[YEAR] = options.pop("year")
    models = options.get("models") or [CONSENSUS]
    if isinstance(models, list) and CONSENSUS not in models:
        # The kind of a file is recorded, though it changes nothing where other models answer.
        options.pop("kind", None)
    return KeptQuestion.from_json(options)
