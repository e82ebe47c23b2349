"""Whatever a page may send by the published schema, and what it may not: never a server error, and
every answer is one that the schema declares."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from led_inside import end, is_led
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from lengthwise.vault import key_file, keyring
from served_inside import GOOD, NEW, OURS, served

EXAMPLES = 300 if settings.get_current_profile_name() == "new" else 6
CHECKED = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    patch = pytest.MonkeyPatch()
    for name, value in {"_MEMORY_KIB": 64, "_PASSES": 1, "_LANES": 1}.items():
        patch.setattr(key_file, name, value)
    with served(tmp_path_factory.mktemp("home")) as inside:
        assert inside.post("/api/screening", json=GOOD).status_code == 200
        yield inside
    patch.undo()
    keyring._held.clear()


def operations(client: TestClient) -> list[Any]:
    schema = schemathesis.openapi.from_dict(client.get("/api/openapi.json").json())
    return [result.ok() for result in schema.get_all_operations()]


def law(client: TestClient, operation: Any, mode: GenerationMode) -> Callable[[], None]:
    """What holds for one operation, as a test over examples."""

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def holds(case: schemathesis.Case) -> None:
        sent = case.as_transport_kwargs(base_url=OURS)
        sent.pop("cookies", None)
        case.validate_response(client.request(**sent), checks=CHECKED)

    return holds


NOT_PUBLISHED = {"/api/openapi.json"}
STREAMS = {"/api/sessions/{session_id}/stream", "/api/sessions/{session_id}/view"}
"""Fuzzed as streams: `test_stream_fuzz.py`, `test_viewers.py`."""


def test_no_route_is_left_out(client: TestClient) -> None:
    """A route that is added later is asked as well, or it is named here."""
    guard: Any = client.app
    served = list(every_route(guard._app.routes))
    asked = {(op.path, op.method.upper()) for op in operations(client)}
    of_http = {(r.path, m) for r in served for m in getattr(r, "methods", None) or ()}
    left_out = {path for path, method in of_http - asked if method not in ("HEAD", "OPTIONS")}
    assert left_out == NOT_PUBLISHED
    assert {r.path for r in served if "WebSocket" in type(r).__name__} == STREAMS
    files = {r.path for r in served if type(r).__name__ == "Mount"}
    assert files == {"", "/models"}, "what is served as a file is of nobody"


def every_route(routes: list[Any]) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from every_route(inner.routes) if inner is not None else (route,)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_makes_a_server_error_and_every_answer_is_declared(
    client: TestClient, mode: GenerationMode
) -> None:
    found = operations(client)
    asked = 0
    for operation in found:
        try:
            law(client, operation, mode)()
            asked += 1
        except Unsatisfiable:
            # Where anything is allowed, nothing can be sent that is not.
            assert mode is GenerationMode.NEGATIVE
    assert asked == len(found) if mode is GenerationMode.POSITIVE else asked >= 10


@pytest.fixture
def lived_in(tmp_path: Path) -> Iterator[TestClient]:
    """With a plan, and a session that was led."""
    with served(tmp_path, processes=1) as inside:
        assert inside.post("/api/screening", json=GOOD).status_code == 200
        begun = inside.post("/api/sessions", json=NEW).json()
        is_led(inside, begun)
        end(inside, begun)
        assert inside.post("/api/plan/intake", json={"usual_nrs": 2.0}).status_code == 200
        assert inside.post("/api/plan/day", json={"pain": 2.0}).status_code == 200
        assert inside.post("/api/ladder", json={"ladder": "bending"}).status_code == 200
        yield inside


def known_ids(client: TestClient) -> dict[str, list[Any]]:
    """What stands for something, by the field that it is sent in."""
    get = client.get
    return {
        "session_id": [s["session_id"] for s in get("/api/sessions").json()],
        "exercise_id": [e["id"] for e in get("/api/exercises").json()][:12],
        "test": ["modified_thomas", "knee_extension_90_90", "lumbar_flexion"],
        "value": [12.0],
        "ladder": ["bending", "lifting"],
        "rung": [each["id"] for each in get("/api/ladder").json()["rungs"]],
        "region": ["AT", "DE"],
        "language": ["de", "en"],
    }


NEVER_THERE = {
    ("POST", "/api/sessions/{session_id}/end"),
    ("POST", "/api/sessions/{session_id}/view"),
    ("POST", "/api/tests/{session_id}/taken"),
    ("POST", "/api/phone/stand"),
    ("POST", "/api/phone/check"),
    ("POST", "/api/ladder"),
}
"""Of a session that goes on, of a test, of a phone that is connected: none of these is here; and a
second ladder beside one that is gone on with."""


def test_behind_names_that_there_are_nothing_falls_over_either(lived_in: TestClient) -> None:
    """A made-up name is not there, so what it would lead to is not asked. Here it is."""
    known = known_ids(lived_in)
    assert all(known.values()), known
    reached: dict[tuple[str, str], set[int]] = {}
    # What takes away comes last: before it everything is there.
    for op in sorted(operations(lived_in), key=lambda op: op.method.lower() == "delete"):
        name = (op.method.upper(), op.path)
        answers: set[int] = set()

        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
        @given(op.as_strategy(), st.data())
        def holds(case: schemathesis.Case, data: st.DataObject) -> None:
            swapped = False
            for fields in (case.path_parameters, case.query, case.body):
                for field in set(fields) & set(known) if isinstance(fields, dict) else ():
                    fields[field] = data.draw(st.sampled_from(known[field]))
                    swapped = True
            if not swapped:
                return
            sent = case.as_transport_kwargs(base_url=OURS)
            sent.pop("cookies", None)
            answer = lived_in.request(**sent)
            case.validate_response(answer, checks=CHECKED)
            answers.add(answer.status_code)  # noqa: B023

        holds()
        if answers:
            reached[name] = answers
    assert len(reached) >= 20
    assert {name for name, found in reached.items() if found <= {404}} == NEVER_THERE
