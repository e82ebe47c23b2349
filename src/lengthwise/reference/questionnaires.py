"""Questionnaires as data: how answers become a score, and which change of it matters."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Scoring(StrEnum):
    """`PERCENT`: of the most that the answered items allow; `TABLE`: of the sum; `PARTS`: each part
    on its own and no total; `START_BACK`: a total with a group by rule; `DIFFERENCE`: the second
    answer less the first, which counts the other way round."""

    SUM = "sum"
    MEAN = "mean"
    PERCENT = "percent"
    TABLE = "table"
    DIFFERENCE = "difference"
    PARTS = "parts"
    START_BACK = "start_back"


class Higher(StrEnum):
    WORSE = "worse"
    BETTER = "better"


class Band(Struct, frozen=True, forbid_unknown_fields=True, rename={"lowest": "from"}):
    """A name for scores from `lowest` upwards."""

    lowest: float
    name: str


class Questionnaire(Struct, frozen=True, forbid_unknown_fields=True):
    """Items are numbered from 1 and answered from `least` to `most`; those in `reversed` count the
    other way round. `parts`: items of each part. `important_change` in points of the score,
    `important_share` of the first score: either is enough. `sem`: standard error of measurement in
    points of the score, None where none was found. `text`: empty where it may not be packaged;
    `intro` stands above it, `options` say the answers from `least` on. A part that reaches
    `closer_look_from` is answered with `closer_look`."""

    name: str
    items: int
    least: int
    most: int
    scoring: Scoring
    least_answered: int
    higher: Higher
    source: str
    licence: str
    reversed: tuple[int, ...] = ()
    parts: dict[str, tuple[int, ...]] = {}
    bands: tuple[Band, ...] = ()
    important_change: float | None = None
    important_share: float | None = None
    recovered_at_most: float | None = None
    table_from: int = 0
    table: tuple[float, ...] = ()
    text: tuple[str, ...] = ()
    intro: str = ""
    options: tuple[str, ...] = ()
    sem: float | None = None
    sem_source: str = ""
    closer_look_from: float | None = None
    closer_look: str = ""


@cache
def questionnaires() -> dict[str, Questionnaire]:
    """All by id; treat as read-only."""
    raw = (files("lengthwise.reference") / "questionnaires.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, Questionnaire])
