"""Catalogs: made from the sources, kept by key, read by gettext's tools."""

from __future__ import annotations

import gettext
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from babel.messages import extract as babel_extract

from bot import texts
from bot.errors import ContentWrong
from bot.library import catalogs, entries, po
from bot.messages import LANGUAGES
from tests.library.project import Project

WORDS = "locales/words.yaml"


def files(root: Path) -> dict[str, bytes]:
    """All catalogs of a project."""
    return {path.name + path.parts[-3]: path.read_bytes() for path in root.rglob("teman.*")}


def test_babel_finds_the_extractor_by_its_name(content: Project) -> None:
    keywords: dict[str, Any] = {"text": ((1, "c"), 2), "counted": ((1, "c"), 2, 3)}
    found = list(
        babel_extract.extract(
            catalogs.EXTRACTOR,
            io.BytesIO(content.path(WORDS).read_bytes()),
            keywords,
            options={"name": WORDS},
        )
    )
    assert (1, "English", [], "language.name") in found
    assert ("{count} lesson played", "{count} lessons played") in [row[1] for row in found]
    assert {row[3] for row in found} >= {"menu.ask@child", "menu.ask@adult"}


def test_the_template_holds_every_source_in_its_order(content: Project) -> None:
    units = catalogs.template(content.root).units
    assert [unit.key for unit in units] == [entry.key for entry in entries.all_of(content.root)]
    assert units[0].key == "language.name"
    assert units[-1].key == "lessons.B1.steps.end.say"
    notes = {unit.key: unit.notes for unit in units}
    assert notes["button.yes"] == ("button: at most 20 characters",)
    assert "to an adult" in notes["menu.ask@adult"][0]
    assert notes["lessons.B1.steps.end.say"] == ("for 10-12",)


def test_updating_twice_changes_nothing(content: Project) -> None:
    catalogs.update(content.root)
    first = files(content.root)
    assert len(first) == 4
    catalogs.update(content.root)
    assert files(content.root) == first


def test_changed_english_keeps_the_string_of_its_key_as_fuzzy(content: Project) -> None:
    before = content.unit("zh", "menu.ask@adult").strings
    content.swap(WORDS, '"What now?"', '"What would you like?"')
    catalogs.update(content.root)
    unit = content.unit("zh", "menu.ask@adult")
    assert unit.strings == before
    assert unit.fuzzy
    assert unit.previous == ("What now?",)
    assert unit.english == ("What would you like?",)
    catalogs.update(content.root)
    assert content.unit("zh", "menu.ask@adult") == unit
    content.swap(WORDS, '"What would you like?"', '"What next?"')
    catalogs.update(content.root)
    assert content.unit("zh", "menu.ask@adult").previous == ("What now?",)
    content.swap(WORDS, '"What next?"', '"What now?"')
    catalogs.update(content.root)
    unit = content.unit("zh", "menu.ask@adult")
    assert (unit.fuzzy, unit.previous, unit.strings) == (False, (), before)


def test_equal_english_of_another_key_gives_nothing_away(content: Project) -> None:
    content.swap(WORDS, 'yes: "Yes"', 'yes: "Yes", sure: "Yes"')
    catalogs.update(content.root)
    assert content.unit("ms", "button.sure").empty
    assert not content.unit("ms", "button.yes").empty


def test_a_removed_key_becomes_obsolete_and_comes_back(content: Project) -> None:
    before = content.unit("ta", "button.no")
    content.swap(WORDS, ', no: "No"', "")
    catalogs.update(content.root)
    path = catalogs.po_path(content.root, "ta")
    file = po.read(path)
    assert "button.no" not in {unit.key for unit in file.units}
    assert [unit.key for unit in file.obsolete] == ["button.no"]
    assert '#~ msgctxt "button.no"' in path.read_text("utf-8")
    content.swap(WORDS, 'yes: "Yes"', 'yes: "Yes", no: "No"')
    catalogs.update(content.root)
    assert content.unit("ta", "button.no") == before
    assert po.read(path).obsolete == ()


def test_a_text_that_becomes_counted_keeps_its_string_in_every_form(content: Project) -> None:
    content.swap(WORDS, 'no: "No"', 'no: {one: "No", other: "{count} times no"}')
    catalogs.update(content.root)
    assert content.unit("ta", "button.no").strings == ("சரி", "சரி")
    assert content.unit("zh", "button.no").strings == ("好",)
    assert content.unit("zh", "button.no").fuzzy


def test_translators_comments_and_headers_stay(content: Project) -> None:
    path = catalogs.po_path(content.root, "ms")
    text = path.read_text("utf-8")
    text = text.replace("Last-Translator: Teman", "Last-Translator: A teacher")
    text = text.replace('"Language: ms\\n"', '"Language: ms\\n"\n"X-Generator: Poedit 3.4\\n"')
    text = text.replace('\nmsgctxt "button.yes"', '\nmsgctxt "button.yes"', 1)
    text = text.replace("#. button: at most", "# keep it short\n#. button: at most", 1)
    path.write_text(text)
    catalogs.update(content.root)
    file = po.read(path)
    headers = dict(file.headers)
    assert headers["Last-Translator"] == "A teacher"
    assert headers["X-Generator"] == "Poedit 3.4"
    assert "POT-Creation-Date" not in headers
    assert [unit.key for unit in file.units if unit.comments] == ["button.yes"]


def hard_units() -> po.Po:
    """Units with everything that has to be escaped, long, counted, fuzzy and obsolete."""
    long = "word " * 60 + "end"
    units = (
        po.Unit("a", ('say "x" \\ y\tz',), ("eins\nzwei\n",), file="locales/words.yaml"),
        po.Unit("b", (long,), (long,), previous=("old " + long + "\nnext",), fuzzy=True),
        po.Unit("c", ("{count} one", "{count} other"), ("x {count}", "y {count}")),
        po.Unit("d", ("தமிழ் 中文 😀",), ("",), comments=("a comment",), notes=("a note",)),
    )
    gone = (po.Unit("z", ("gone\nfor ever",), ("weg\nfür immer",)),)
    return po.Po("# A test", catalogs._headers("ta"), units, gone)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    hard = hard_units()
    path.write_text(po.written(hard))
    assert po.read(path) == hard
    assert max(map(len, po.written(hard).splitlines())) > 300


def gettext_is_here() -> bool:
    """Whether gettext's own tools are on this machine; where everything is checked they must be."""
    there = shutil.which("msgfmt") is not None
    assert there or "CI" not in os.environ, "gettext is to be installed"
    return there


def test_gettexts_tools_take_our_files_and_we_theirs(content: Project, tmp_path: Path) -> None:
    if not gettext_is_here():
        return
    content.swap(WORDS, '"What now?"', '"What would you like?"')
    catalogs.update(content.root)
    for language in catalogs.TRANSLATED:
        path = catalogs.po_path(content.root, language)
        told = subprocess.run(
            ["msgfmt", "-c", "-o", "/dev/null", str(path)], capture_output=True, text=True
        )
        assert (told.returncode, told.stderr) == (0, "")
        again = tmp_path / "again.po"
        template = str(content.path(catalogs.TEMPLATE))
        command = ["msgmerge", "--previous", "--no-wrap", "-q", "-N", str(path), template]
        again.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
        assert po.read(again).units == po.read(path).units


def test_obsolete_strings_of_msgmerge_are_read(content: Project, tmp_path: Path) -> None:
    if not gettext_is_here():
        return
    content.swap(WORDS, '"What now?"', '"What would you like?"')
    catalogs.update(content.root)
    small = tmp_path / "small.pot"
    small.write_text(po.written(po.Po("", catalogs._headers(None), ())))
    command = [
        "msgmerge",
        "--previous",
        "-q",
        str(catalogs.po_path(content.root, "ta")),
        str(small),
    ]
    path = tmp_path / "gone.po"
    path.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    assert "#~|" in path.read_text("utf-8")
    assert len(po.read(path).obsolete) > 30


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('msgctxt "a"\nmsgid "x"\nmsgstr "y"\n\nmsgctxt "a"\nmsgid "z"\nmsgstr "y"\n', "twice"),
        ('msgid "x"\nmsgstr "y"\n', "no msgctxt"),
        ('msgctxt "a"\nmsgid "x"\nmsgstx "y"\n', r"x.po:\d+"),
        ('<<<<<<< HEAD\nmsgctxt "a"\n', r"x.po:1"),
    ],
)
def test_a_spoilt_po_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "x.po"
    path.write_text(text)
    with pytest.raises(ContentWrong, match=told):
        po.read(path)


def test_compiled_catalogs_hold_what_is_finished(content: Project) -> None:
    content.swap(WORDS, '"What now?"', '"What would you like?"')
    catalogs.update(content.root)
    written = catalogs.compile(content.root)
    assert len(written) == 4
    malay = texts.read(texts.mo_path(content.path("locales"), "ms"), "ms")
    assert "menu.ask@child" not in malay
    assert malay["button.yes"] == ("Baik",)
    assert malay["lesson.played"] == ("Baik, kita teruskan. {count}",)
    english = texts.read(texts.mo_path(content.path("locales"), "en"), "en")
    assert english["menu.ask@child"] == ("What would you like?",)
    assert len(english["lesson.played"]) == texts.forms("en") == 2
    with texts.mo_path(content.path("locales"), "ta").open("rb") as file:
        assert gettext.GNUTranslations(file).pgettext("button.yes", "Yes") == "சரி"
    assert not [path for path in content.root.rglob("*") if path.name.startswith(".")]


def test_stale_catalogs_are_told(content: Project) -> None:
    assert len(catalogs.stale(content.root)) == 4
    catalogs.compile(content.root)
    assert catalogs.stale(content.root) == []
    content.swap(WORDS, '"What now?"', '"What would you like?"')
    assert catalogs.stale(content.root) == [
        "locales/en/LC_MESSAGES/teman.mo is older than its sources"
    ]
    catalogs.update(content.root)
    assert len(catalogs.stale(content.root)) == 4
    catalogs.compile(content.root)
    assert catalogs.stale(content.root) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name: "English"', "name: 5", r"words.yaml:1: language.name must be text"),
        ('name: "English"', 'name: ""', r"words.yaml:1: language.name must be text"),
        ('name: "English"', '"a b": "x"', r"words.yaml:1: 'a b' is no key"),
        ("language:", "lessons: {a: b}\nlanguage:", "belongs to the folder lessons"),
        ('other: "{count} lessons played"', "other: 5", "lesson.played must be text"),
    ],
)
def test_what_is_wrong_in_the_words_is_told(
    content: Project, old: str, new: str, told: str
) -> None:
    content.swap(WORDS, old, new)
    with pytest.raises(ContentWrong, match=told):
        catalogs.extract(content.root)


def test_the_plural_headers_fit_the_rules_of_the_languages() -> None:
    for language in LANGUAGES:
        assert catalogs.PLURALS[language].startswith(f"nplurals={texts.forms(language)};")
        assert msgspec.json.encode(dict(catalogs._headers(language)))
