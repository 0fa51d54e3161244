"""The parameters of a call, however they were sent: in the address, as JSON, urlencoded or
multipart.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.platforms.server import Request

_NAME: Final = re.compile(rb'name="?([^";\r\n]+)"?')
_FILE: Final = re.compile(rb'filename="?([^";\r\n]*)"?')


class Malformed(ValueError):
    """The body is not what its content type says."""


def parameters(request: Request) -> dict[str, Any]:
    """All parameters by name. A file of a multipart body is bytes; what came as JSON keeps its
    type; all else is a string.
    """
    kind = request.headers.get("content-type", "").lower()
    return {**request.query, **_of_body(kind, request)}


def _of_body(kind: str, request: Request) -> dict[str, Any]:
    body = request.body
    if not body:
        return {}
    if "json" in kind:
        return _object(body)
    if "multipart/form-data" in kind:
        return _parts(request.headers["content-type"], body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Malformed("no JSON") from error
    if not isinstance(found, dict):
        raise Malformed("no JSON object")
    return found


def _parts(kind: str, body: bytes) -> dict[str, Any]:
    edge = b"--" + kind.partition("boundary=")[2].split(";")[0].strip('"').encode()
    found: dict[str, Any] = {}
    for part in (b"\r\n" + body).split(b"\r\n" + edge)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        if name := _NAME.search(head):
            found[name[1].decode()] = value if _FILE.search(head) else value.decode()
    return found


def structured(value: Any) -> Any:
    """A parameter that may be JSON inside a form field. Raises Malformed."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Malformed("no JSON") from error
