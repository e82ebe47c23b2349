"""Whatever a page may send by the published schema, and what it may not: never a server error, and
every answer is one that the schema declares."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
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
from served_inside import GOOD, OURS, served

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
