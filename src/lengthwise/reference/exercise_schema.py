"""JSON Schema of an exercise file, with the rules between its fields that a type cannot say."""

from inspect import cleandoc
from typing import Any

import msgspec

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.reference.exercise_parts import (
    BEHAVIOUR,
    LENGTHENING,
    STABILISERS,
    TRAINING,
    UNTARGETED,
    Behaviour,
    ExerciseKind,
)
from lengthwise.reference.exercises import SMALLEST_REGION, Exercise

_Rule = dict[str, Any]
NEVER_LENGTHENED = (*sorted(g.value for g in STABILISERS), "transversus_abdominis")
"""Stabilisers by name; transversus abdominis is none of the groups and named for who reads it."""


def exercise_schema() -> dict[str, Any]:
    """`exercise.schema.json` beside this module holds a copy.

    The coordinates named in `start` are listed too: the generator leaves mapping keys open.
    """
    schema = msgspec.json.schema(Exercise)
    whole = schema["$defs"]["Exercise"]
    whole["properties"]["start"]["propertyNames"] = {"enum": [c.value for c in Coordinate]}
    whole["allOf"] = _rules()
    plain: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
    )
    for described in plain["$defs"].values():
        # As it reads, however the generator hands it on.
        if "description" in described:
            described["description"] = cleandoc(described["description"])
    return plain


def _rules() -> list[_Rule]:
    def led(*behaviours: Behaviour) -> frozenset[ExerciseKind]:
        return frozenset(kind for kind, b in BEHAVIOUR.items() if b in behaviours)

    timed, cycled = led(Behaviour.TIMED), led(Behaviour.TO_AND_FRO)
    with_path = frozenset(ExerciseKind) - timed
    not_stabiliser = {"not": {"enum": list(NEVER_LENGTHENED)}}
    of_group = {"properties": {"group": not_stabiliser}}
    empty = {"maxItems": 0}
    number = {"type": "integer"}
    return [
        _when(LENGTHENING, {"targets": {"minItems": 1, "items": of_group}}, "targets"),
        _when(UNTARGETED, {"targets": empty}),
        _when(TRAINING, {"trained": {"minItems": 1}}, "trained"),
        _when(frozenset(ExerciseKind) - TRAINING, {"effort": {"type": "null"}}),
        _when(with_path, {"path": {"minItems": 1}}, "path"),
        _when(timed, {"path": empty, "constraints": empty, "required": empty}),
        _when(cycled, {"dose": {"properties": {"cycles": number}, "required": ["cycles"]}}),
        _when(
            frozenset(ExerciseKind) - cycled,
            {"dose": {"properties": {"cycles": {"type": "null"}}}},
        ),
        {
            "if": {"properties": {"targets": {"minItems": 1}}, "required": ["targets"]},
            "then": {
                "properties": {"region": {"minItems": SMALLEST_REGION, "uniqueItems": True}},
                "required": ["region"],
            },
        },
    ]


def _when(kinds: frozenset[ExerciseKind], properties: _Rule, *required: str) -> _Rule:
    then: _Rule = {"properties": properties}
    if required:
        then["required"] = list(required)
    return {"if": {"properties": {"kind": {"enum": sorted(k.value for k in kinds)}}}, "then": then}
