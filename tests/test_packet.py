from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.state import Case
from bot.handoff import packet
from bot.messages import Language, Words
from bot.safeguarding.concern import LEVELS

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "report.schema.json").read_text())
NOW = 1_790_000_000_123_456
CASE = Case(
    id="01997b00-0000-7000-8000-000000000001",
    profile="01997b00-0000-7000-8000-0000000000aa",
    language="ta",
    level="urgent",
    at=NOW,
    kinds=("sexual_extortion", "image_abuse"),
    about="self",
    reasons=("threat to share a picture",),
    score=0.93,
    reference="BCD-234",
)


class Line(msgspec.Struct, frozen=True):
    id: str
    at: int
    text: Words
    language: Language | None = None
    sender: str = "child"


def built(case: Case, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "role": "child", "band": "13-17", "channel": "web",
        "operator": "Rumah Aman", "version": "0.1.0", "drill": False, "consent": "given",
        "created_at_us": NOW,
    }  # fmt: skip
    return packet.facts(case, **{**given, **changes})


VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def check(report: dict[str, Any]) -> None:
    VALIDATOR.validate(json.loads(json.dumps(report)))


def test_a_whole_report_fits_the_schema() -> None:
    lines = [
        Line("01997b00-0000-7000-8000-000000000003", NOW + 2, Words("second"), None),
        Line("01997b00-0000-7000-8000-000000000002", NOW + 1, Words("first"), "ta"),
        Line("01997b00-0000-7000-8000-000000000004", NOW + 3, Words("an answer"), "en", "worker"),
    ]
    report = packet.packet(built(CASE), lines)
    check(report)
    assert [line["text"] for line in report["words"]] == ["first", "second"]
    assert report["created_at"] == "2026-09-21T14:13:20.123Z"
    assert report["reporter"]["language"] == "ta"


def test_facts_hold_no_words_no_profile_and_no_address() -> None:
    facts = built(CASE)
    assert "words" not in facts
    assert CASE.profile not in json.dumps(facts)
    check(packet.packet(facts, []))


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_becomes_an_urgency_of_the_schema(level: Any) -> None:
    report = packet.packet(built(msgspec.structs.replace(CASE, level=level)), [])
    check(report)
    expected = level if level in ("urgent", "emergency") else "concern"
    assert report["urgency"] == expected


@pytest.mark.parametrize(
    ("role", "band"), [(None, None), ("neighbour", "18"), ("parent", "7-9"), ("unknown", "")]
)
def test_what_is_not_known_is_said_so(role: str | None, band: str | None) -> None:
    report = packet.packet(built(CASE, role=role, band=band), [])
    check(report)
    assert report["reporter"]["role"] == ("parent" if role == "parent" else "unknown")


@settings(max_examples=50)
@given(
    where_online=st.none() | st.text(max_size=200),
    where_now=st.none() | st.text(max_size=300),
    state=st.none() | st.text(max_size=8) | st.just("MY-14") | st.just("MY-14\n"),
    text=st.text(max_size=50),
)
def test_no_answer_breaks_a_report(
    where_online: str | None, where_now: str | None, state: str | None, text: str
) -> None:
    case = msgspec.structs.replace(
        CASE, where_online=where_online, where_now=where_now, state=state
    )
    line = Line("01997b00-0000-7000-8000-000000000002", NOW, Words(text))
    check(packet.packet(built(case), [line]))


def test_links_are_text_and_limited() -> None:
    report = packet.packet(built(CASE, links=["https://example.org/" + "x" * 3000] * 30), [])
    check(report)
    assert len(report["links"]) == 20


def test_a_case_without_a_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="reference"):
        built(msgspec.structs.replace(CASE, reference=None))


def test_the_check_sees_a_bad_report() -> None:
    report = packet.packet(built(CASE), [])
    with pytest.raises(jsonschema.ValidationError):
        check({**report, "name": "somebody"})
    with pytest.raises(jsonschema.ValidationError):
        check({**report, "created_at": "yesterday", "urgency": "soon"})
