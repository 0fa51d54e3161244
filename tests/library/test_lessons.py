"""Lessons: read strictly, and told exactly where they are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from bot.errors import ContentWrong
from bot.library import lessons, schema, sources
from bot.library.lesson_steps import Choose, Order, Write
from tests.library.project import LESSON, Project

FILE = "lessons/B1.yaml"


def test_a_lesson_is_read(content: Project) -> None:
    found = lessons.load(content.path("lessons"))
    assert list(found) == ["B1"]
    lesson = found["B1"]
    assert [*lesson.steps][:3] == ["hook", "already", "plan"]
    assert isinstance(lesson.steps["plan"], Order)
    assert isinstance(lesson.steps["own"], Write)
    scene = lesson.steps["fine"]
    assert isinstance(scene, Choose)
    assert scene.check
    assert scene.safe
    assert scene.choices["laugh"].right
    assert lesson.key("steps", "plan", "say") == "lessons.B1.steps.plan.say"


def test_every_text_of_a_lesson_is_listed_in_the_order_of_the_file() -> None:
    lesson = lessons.lesson_from(sources.parse(LESSON, FILE))
    found = [".".join(where) for where, _ in lesson.texts()]
    assert found[:6] == [
        "title",
        "goal",
        "steps.hook.say",
        "steps.hook.choices.start.label",
        "steps.hook.choices.start.feedback",
        "steps.hook.choices.already.label",
    ]
    assert {"steps.plan.missed", "steps.plan.items.stop.label", "steps.own.skip"} <= set(found)
    assert {"steps.card.lines.a", "steps.end.say"} <= set(found)
    assert len(found) == len(set(found)) == 32


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (', feedback: "You told."', "", r"B1.yaml:\d+: steps.bad.choices.tell: .*`feedback`"),
        ('feedback: "You told."', 'feedback: ""', r"steps.bad.choices.tell.feedback: .*length"),
        ('{label: "Stop"}', '{lable: "Stop"}', r"steps.plan.items.stop: .*`lable`|`label`"),
        ("minutes: 5", "minutes: five", r"B1.yaml:8: minutes: Expected `int`"),
        ("band: 10-12", "band: 10-13", r"B1.yaml:3: band: Invalid enum value '10-13'"),
        ("kind: order", "kind: ordr", r"B1.yaml:\d+: steps.plan.kind: Invalid value 'ordr'"),
        ("next: again}", "next: agian}", r"steps.bad: there is no step agian"),
        ("start: hook", "start: hooks", r"B1.yaml:9: start: there is no step hooks"),
        ("order: [stop, tell]", "order: [stop, stop]", r"steps.plan.order: must name each item"),
        ("id: B1", "id: B2", r"B1.yaml:2: id: the file must be named after the id"),
        ("id: B1", "id: B1\nextra: 1", r"B1.yaml.*unknown field `extra`"),
        ("id: B1", "id: B1\nid: B1", r"B1.yaml:3: id stands there twice"),
        ("steps:", "steps: [", r"B1.yaml:\d+: "),
        ("  again:", "  Again!:", r"B1.yaml"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_place(
    content: Project, old: str, new: str, told: str
) -> None:
    content.swap(FILE, old, new)
    with pytest.raises(ContentWrong, match=told):
        lessons.load(content.path("lessons"))


def test_yaml_says_what_it_looks_like() -> None:
    text = "a: yes\nb: 08:00\nno: off\nc: 12\nd: true\ne: null\nf: '7'\ng: 010\nh: 2026-11-23\n"
    assert sources.parse(text, "x").data == {
        "a": "yes",
        "b": "08:00",
        "no": "off",
        "c": 12,
        "d": True,
        "e": None,
        "f": "7",
        "g": "010",
        "h": "2026-11-23",
    }


@pytest.mark.parametrize(
    "text", ["{a: 1", "? [x]\n: 1", "a: 1\na: 2", "- " * 60 + "x", "!!x", "\tx"]
)
def test_broken_yaml_is_told_with_its_line(text: str) -> None:
    with pytest.raises(ContentWrong, match=r"name.yaml:\d+: "):
        sources.parse(text + "\n- b: {", "name.yaml")


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"a: \xff")
    with pytest.raises(ContentWrong, match="not UTF-8 at byte 3"):
        sources.read(tmp_path, tmp_path / "x.yaml")
    with pytest.raises(ContentWrong, match="cannot be read"):
        sources.read(tmp_path, tmp_path / "y.yaml")


def test_the_menu_of_a_band_is_in_order(content: Project) -> None:
    for name, band in (("B10", "10-12"), ("B2", "10-12"), ("A1", "7-9")):
        text = LESSON.replace("id: B1", f"id: {name}").replace("band: 10-12", f"band: {band}")
        content.path(f"lessons/{name}.yaml").write_text(text)
    found = lessons.load(content.path("lessons"))
    assert [lesson.id for lesson in lessons.menu(found, "10-12")] == ["B1", "B2", "B10"]
    assert [lesson.id for lesson in lessons.menu(found, "7-9")] == ["A1"]
    assert lessons.menu(found, "parents") == []


def test_a_lesson_stands_in_one_folder_only(content: Project) -> None:
    content.path("lessons/more").mkdir()
    content.path("lessons/more/B1.yaml").write_text(LESSON)
    with pytest.raises(ContentWrong, match="another folder"):
        lessons.load(content.path("lessons"))


def test_the_schema_for_editors_is_fresh_and_fits(house: Path) -> None:
    assert schema.fresh(house), "run: lessons extract"
    made = json.loads((house / schema.NAME).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(made)
    validator = jsonschema.Draft202012Validator(made)
    found = [*lessons.files(house / "lessons")]
    assert len(found) >= 3
    for source in found:
        validator.validate(source.data)
    spoilt = sources.parse(LESSON.replace("kind: card", "kind: cord"), FILE).data
    assert [*validator.iter_errors(spoilt)]
