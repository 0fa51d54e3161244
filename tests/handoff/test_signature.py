"""The signature: what fits, and that nothing else does; and how answers of an intake are read."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff import signature
from bot.handoff.webhook import WAIT_LIMIT_S, Kind, meaning, retry_after

NOW = 1_795_000_000
SECRET = b"what both sides know"


def fits(headers: dict[str, str], **changes: object) -> bool:
    given: dict[str, object] = {
        "secret": SECRET, "method": "POST", "path": b"/reports", "body": b"{}",
        "timestamp": headers.get(signature.TIMESTAMP), "signed": headers.get(signature.SIGNATURE),
        "now_s": NOW,
    }  # fmt: skip
    return signature.fits(**{**given, **changes})  # type: ignore[arg-type]


def made(secret: bytes = SECRET, now_s: int = NOW) -> dict[str, str]:
    return signature.headers(secret, "POST", b"/reports", b"{}", now_s=now_s)


def test_it_is_the_contract_s_hmac() -> None:
    said = f"{NOW}.POST./reports.{{}}".encode()
    expected = hmac.new(SECRET, said, hashlib.sha256).hexdigest()
    assert made()["X-Teman-Signature"] == f"sha256={expected}"
    assert made()["X-Teman-Timestamp"] == str(NOW)


def test_only_this_call_fits() -> None:
    assert fits(made())
    assert fits({k: v.replace("sha256=", "sha256=").upper().replace("SHA256", "sha256")
                 for k, v in made().items()})  # fmt: skip
    assert not fits(made(b"another secret"))
    assert not fits({})
    for changed in (
        {"method": "PUT"}, {"path": b"/reports/"}, {"body": b"{} "}, {"secret": b""},
        {"timestamp": str(NOW + 1)}, {"timestamp": f"+{NOW}"}, {"timestamp": f" {NOW}"},
        {"timestamp": "١٧"}, {"signed": None}, {"signed": "sha256="}, {"timestamp": ""},
    ):  # fmt: skip
        assert not fits(made(), **changed), changed


@pytest.mark.parametrize(("age", "taken"), [(0, True), (300, True), (301, False), (-300, True),
                                            (-301, False), (10**9, False)])  # fmt: skip
def test_the_window(age: int, taken: bool) -> None:
    assert fits(made(now_s=NOW - age)) is taken


@given(
    body=st.binary(max_size=200), path=st.binary(max_size=40), secret=st.binary(min_size=1),
    flip=st.integers(0, 10_000),
)  # fmt: skip
def test_whatever_is_signed_fits_and_any_other_byte_does_not(
    body: bytes, path: bytes, secret: bytes, flip: int
) -> None:
    headers = signature.headers(secret, "POST", path, body, now_s=NOW)

    def check(said: bytes) -> bool:
        return signature.fits(
            secret, "POST", path, said, timestamp=headers[signature.TIMESTAMP],
            signed=headers[signature.SIGNATURE], now_s=NOW,
        )  # fmt: skip

    assert check(body)
    assert not check(body + b"x")
    if body:
        at = flip % len(body)
        assert not check(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])


@given(
    timestamp=st.none() | st.text(), signed=st.none() | st.text() | st.just("sha256=" + "é" * 64)
)
def test_no_header_raises(timestamp: str | None, signed: str | None) -> None:
    assert not signature.fits(
        SECRET, "POST", b"/", b"", timestamp=timestamp, signed=signed, now_s=NOW
    )


@given(kind=st.sampled_from(("report", "message", "withdraw")), status=st.integers(100, 999))
def test_every_status_means_something(kind: Kind, status: int) -> None:
    said = meaning(kind, status).said
    if 200 <= status < 300:
        assert said == "taken"
    elif status in (408, 425, 429) or status < 200 or 300 <= status < 400 or status >= 500:
        assert said == "later"
    elif status == 409:
        assert said == ("asked_before" if kind == "withdraw" else "taken")
    else:
        assert said in ("refused", "read", "missing", "ended")


@given(st.none() | st.text() | st.integers().map(str))
def test_any_retry_after_is_read_or_ignored(value: str | None) -> None:
    wait = retry_after(value, now_s=NOW)
    assert wait is None or 0 <= wait <= WAIT_LIMIT_S


@pytest.mark.parametrize(
    ("value", "wait"),
    [("7", 7.0), ("99999999999", WAIT_LIMIT_S), ("soon", None), ("", None), ("-3", None),
     ("Wed, 18 Nov 2026 23:07:30 GMT", 690.0), ("Wed, 18 Nov 2020 23:07:30 GMT", None)],
)  # fmt: skip
def test_seconds_and_dates(value: str, wait: float | None) -> None:
    found = retry_after(value, now_s=1_795_042_560)
    assert found == wait
