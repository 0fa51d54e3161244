"""The door against its contract: schemathesis makes calls from docs/intake.openapi.yaml, each is
signed, and there is neither a fault nor an answer that is not written there.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
import uvicorn
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

from tests.handoff.door_scene import Door, door

DOCS = Path(__file__).parents[2] / "docs"
INWARD = ("/reports/{id}/messages", "/reports/{id}/status")


def contract() -> Any:
    """The inward half, with the path's parameter declared as OpenAPI wants it."""
    text = (DOCS / "intake.openapi.yaml").read_text(encoding="utf-8")
    whole = yaml.safe_load(text)
    paths = {path: whole["paths"][path] for path in INWARD}
    for path in paths.values():
        path["parameters"] = [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ]
    return {**whole, "paths": paths}


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Door, str]]:
    """The door on a real server in a thread of its own; its address, itself and an open report."""
    ready, found = threading.Event(), []
    stop: list[uvicorn.Server] = []

    async def run() -> None:
        async with door(folder) as desk:
            _, case = await desk.told()
            config = uvicorn.Config(desk.scene.app, port=0, lifespan="off", log_config=None)
            server = uvicorn.Server(config)
            stop.append(server)
            serving = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            found.append((f"http://127.0.0.1:{port}/intake", desk, case))
            ready.set()
            await serving

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert ready.wait(30)
    try:
        yield found[0]
    finally:
        stop[0].should_exit = True
        thread.join(20)


@pytest.mark.parametrize("path", INWARD)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_call_finds_a_fault_or_an_answer_that_is_not_in_the_contract(
    tmp_path: Path, path: str
) -> None:
    statuses: set[int] = set()
    with served(tmp_path) as (url, desk, case):
        schema = schemathesis.openapi.from_dict(contract())
        operation = schema[path]["POST"]
        session = requests.Session()

        def call(drawn: Any) -> None:
            if len(statuses) % 2 == 0 or len(str(drawn.path_parameters)) % 3:
                drawn.path_parameters["id"] = case
            request = requests.Request(**drawn.as_transport_kwargs(base_url=url)).prepare()
            body: Any = request.body or b""
            raw: bytes = body.encode() if isinstance(body, str) else body
            request.headers.update(desk.fake.signed(urlsplit(request.url or "").path, raw))
            response = session.send(request, timeout=20)
            statuses.add(response.status_code)
            answer = schemathesis.Response.from_requests(response, verify=False)
            drawn.validate_response(answer, checks=[not_a_server_error, status_code_conformance])

        bounded = settings(
            max_examples=60, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck), derandomize=True,
        )  # fmt: skip
        bounded(given(drawn=_calls(operation))(call))()
        session.close()
    assert {202, 422} <= statuses, statuses
    assert statuses <= {202, 401, 404, 409, 410, 413, 422}


def _calls(operation: Any) -> st.SearchStrategy[Any]:
    """Calls as the contract wants them, and others."""
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))


def test_the_contract_names_every_answer_of_the_door() -> None:
    paths = contract()["paths"]
    for path in INWARD:
        answers = set(paths[path]["post"]["responses"])
        assert {"202", "401", "404", "409", "410", "413", "422", "503"} == answers
