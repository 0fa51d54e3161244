"""A small, complete and faultless project to plant faults in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from bot import texts
from bot.library import catalogs, check, po
from bot.library.tree import Problem
from bot.messages import Language

WORDS = """\
language: {name: "English"}
menu:
  ask: {you: "What now?"}
lesson:
  welcome_back: "We go on there."
  order_first: "What comes first?"
  shown: "You did it in new scenes."
  played: {one: "{count} lesson played", other: "{count} lessons played"}
button: {yes: "Yes", no: "No"}
privacy: {text: {you: "{operator} runs me."}}
help:
  lifeline: "In danger now: call 999.\\nTalk to a person, day or night: \
15999 (Talian Kasih) or WhatsApp 019-261 5999."
"""

HELPLINES = """\
good_for_days: 180
lines:
  emergency_999:
    {kind: emergency, audience: everyone, phone: "999", hours: 24h, voice: true, built_in: true,
     checked: 2026-11-23, sources: [{url: "https://example.org", date: "2026"}],
     name: "Emergency", what: "danger now"}
  talian_kasih:
    {kind: child_helpline, audience: everyone, phone: "15999", whatsapp: "019-261 5999", hours: 24h,
     voice: true, built_in: true, checked: 2026-11-23,
     sources: [{url: "https://example.org", date: "2026"}], name: "Kasih", what: "to talk"}
  evening_line:
    {kind: mental_health, audience: everyone, phone: "15555", hours: ["18:00", "02:00"],
     voice: true,
     checked: 2026-11-23, sources: [{url: "https://example.org", date: "2026"}],
     name: "Evening", what: "to talk"}
"""

LESSON = """\
# yaml-language-server: $schema=lesson.schema.json
id: B1
band: 10-12
title: "A small lesson"
goal: "I tell."
skills: [S12]
risks: [R3]
minutes: 5
start: hook
steps:
  hook:
    kind: choose
    say: "Ready?"
    choices:
      start: {label: "Start", feedback: "Good.", next: plan, right: true}
      already: {label: "It happened", feedback: "Thank you. Write help.", next: already}
  already:
    kind: tell
    say: "It is not your fault. Nobody is angry. Telling was right. It can get better."
    next: plan
  plan:
    kind: order
    say: "Put them in order."
    items: {stop: {label: "Stop"}, tell: {label: "Tell"}}
    order: [stop, tell]
    feedback: "Stop, then tell."
    missed: "That helps, too. Look again."
    next: own
  own: {kind: write, say: "Write a line.", feedback: "You wrote it.", skip: "Skip", next: bad}
  bad:
    kind: choose
    check: true
    say: "He wants money. What now?"
    choices:
      pay: {label: "Pay", feedback: "You want it to stop.", next: again}
      tell: {label: "Tell", feedback: "You told.", next: fine, right: true}
  again: {kind: tell, say: "Let us look again.", next: bad}
  fine:
    kind: choose
    check: true
    safe: true
    say: "She sends a joke. What now?"
    choices:
      laugh: {label: "Laugh", feedback: "You saw it is a joke.", next: card, right: true}
      tell: {label: "Tell", feedback: "You took care.", next: card}
  card:
    kind: card
    say: "Your card."
    lines: {a: "Stop.", b: "Keep.", c: "Tell."}
    next: end
  end: {kind: end, say: "See you."}
"""

GLOSSARY = """\
terms:
  password:
    {en: [password], ms: [kata laluan], zh: [密码], ta: [கடவுச்சொ], enforce: true,
     avoid: {zh: [口令], en: [passcode]}}
  not_your_fault:
    {en: [not your fault], ms: [bukan salah kamu], zh: [不是你的错], ta: [தவறு அல்ல], enforce: true}
  block: {en: [block], ms: [sekat], zh: [封锁], ta: [தடை], scope: parents, avoid: {zh: [拉黑]}}
never:
  - {why: "no promise", en: ["not in trouble"], ms: ["tiada masalah"], zh: ["不会有麻烦"],
     ta: ["சிக்கல் வராது"]}
  - {why: "no secrecy", spare: true, en: ["nobody will know"], ms: ["tiada siapa akan tahu"],
     zh: ["没人会知道"], ta: ["யாருக்கும் தெரியாது"]}
  - {why: "not free", near: "15999", en: ['\\bfree\\b'], ms: [percuma], zh: [免费], ta: [இலவச]}
"""

REVIEWS = "B1:\n" + "".join(
    f"  {language}: {{state: drafted, by: Teman, when: 2026-11-23}}\n"
    for language in ("ms", "en", "zh", "ta")
)

PRETEND: dict[Language, tuple[str, str]] = {
    "ms": ("Baik, kita teruskan.", "Baik"),
    "zh": ("好的，我们继续。", "好"),
    "ta": ("சரி, தொடர்வோம்.", "சரி"),
}
NOT_YOUR_FAULT: dict[Language, str] = {
    "ms": "Ini bukan salah kamu.",
    "zh": "这不是你的错。",
    "ta": "இது உங்கள் தவறு அல்ல.",
}


def translated(language: Language, unit: po.Unit) -> tuple[str, ...]:
    """A pretend translation that breaks no rule."""
    long, short = PRETEND[language]
    if unit.key == "help.lifeline":
        return (texts.LIFELINE[language],)
    if "not your fault" in unit.english[0]:
        return (NOT_YOUR_FAULT[language],)
    names = "".join(f" {{{name}}}" for name in sorted(texts.placeholders(unit.english[0])))
    small = unit.key.endswith((".label", ".skip", ".title")) or unit.key.startswith("button.")
    return ((short if small else long) + names,) * len(unit.strings)


class Project:
    """A project folder, with the ways tests need to spoil it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """A file of the project."""
        return self.root / name

    def swap(self, name: str, old: str, new: str) -> None:
        """Replace a piece of a file; it must be there."""
        text = self.path(name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.path(name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def translate(self, change: Callable[[Language, po.Unit], po.Unit]) -> None:
        """Update the catalogs, fill what is empty, then apply a change to every unit."""
        catalogs.update(self.root)
        for language in catalogs.TRANSLATED:
            path = catalogs.po_path(self.root, language)
            file = po.read(path)
            units = tuple(
                change(language, _filled(language, unit) if unit.empty else unit)
                for unit in file.units
            )
            path.write_text(po.written(msgspec.structs.replace(file, units=units)))

    def fill(self) -> None:
        """Translate what has no translation yet."""
        self.translate(lambda language, unit: unit)

    def say(self, language: Language, key: str, *strings: str) -> None:
        """Give one text another translation."""

        def change(here: Language, unit: po.Unit) -> po.Unit:
            wanted = here == language and unit.key == key
            return msgspec.structs.replace(unit, strings=strings) if wanted else unit

        self.translate(change)

    def unit(self, language: Language, key: str) -> po.Unit:
        """One unit of a catalog."""
        units = po.read(catalogs.po_path(self.root, language)).units
        return next(unit for unit in units if unit.key == key)

    def problems(self) -> list[Problem]:
        """What the check finds."""
        return check.check(self.root)

    def rules(self) -> set[str]:
        """The rules that are broken."""
        return {problem.rule for problem in self.problems()}


def _filled(language: Language, unit: po.Unit) -> po.Unit:
    return msgspec.structs.replace(unit, strings=translated(language, unit))


def build(root: Path) -> None:
    """Write the faultless project."""
    for name, text in {
        "locales/words.yaml": WORDS,
        "lessons/B1.yaml": LESSON,
        "lessons/helplines.yaml": HELPLINES,
        "lessons/glossary.yaml": GLOSSARY,
        "lessons/reviews.yaml": REVIEWS,
        "lessons/return_words.yaml": return_words(),
    }.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    Project(root).fill()


def return_words() -> str:
    """Enough words in each language."""
    letters = {"en": "word", "ms": "kata", "zh": "词", "ta": "சொல்"}
    return "".join(
        f"{language}: [{', '.join(f'{word}{n}' for n in range(120))}]\n"
        for language, word in letters.items()
    )
