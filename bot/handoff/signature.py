"""How both sides of a hand-off know each other: an HMAC over time, method, path and body.

`X-Teman-Signature: sha256=HEX(HMAC-SHA256(secret, timestamp "." METHOD "." path "." raw body))`
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

TIMESTAMP: Final = "X-Teman-Timestamp"
SIGNATURE: Final = "X-Teman-Signature"
WINDOW_S: Final = 300
"""A call signed longer ago than this, or as far in the future, is refused."""
_SECONDS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNED: Final = re.compile(r"sha256=([0-9a-fA-F]{64})", re.ASCII)


def headers(secret: bytes, method: str, path: bytes, body: bytes, *, now_s: int) -> dict[str, str]:
    """Both headers of a call. `path` is what stands in the request line, without its query; `now_s`
    is Unix seconds.
    """
    stamp = str(now_s)
    return {TIMESTAMP: stamp, SIGNATURE: "sha256=" + _mac(secret, stamp, method, path, body)}


def fits(
    secret: bytes,
    method: str,
    path: bytes,
    body: bytes,
    *,
    timestamp: str | None,
    signed: str | None,
    now_s: int,
) -> bool:
    """Whether the call was signed with this secret, for this very path and body, within the window.

    Takes as long for a nearly right signature as for a wrong one. Any text may be handed in.
    """
    found = _SIGNED.fullmatch(signed or "")
    if found is None or not _SECONDS.fullmatch(timestamp or ""):
        return False
    stamp = timestamp or ""
    if abs(now_s - int(stamp)) > WINDOW_S:
        return False
    expected = _mac(secret, stamp, method, path, body)
    return hmac.compare_digest(expected, found.group(1).lower())


def _mac(secret: bytes, stamp: str, method: str, path: bytes, body: bytes) -> str:
    said = b".".join((stamp.encode("ascii"), method.upper().encode("ascii"), path, body))
    return hmac.new(secret, said, hashlib.sha256).hexdigest()
