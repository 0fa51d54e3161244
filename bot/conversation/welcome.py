"""The first bubble, and at most four turns until a person is known well enough to be taught."""

from __future__ import annotations

from bot.conversation import people
from bot.conversation.state import BANDS, Band, Option, Profile, Role
from bot.conversation.turn import Turn
from bot.messages import LANGUAGES, Language, Words

YOUNG: tuple[Band, ...] = ("7-9", "10-12")


def begin(turn: Turn, chosen: Language | None = None) -> None:
    """Somebody new: the first bubble in four languages, before any question (care.md, 2)."""
    turn.plain(first_bubble(turn))
    turn.change(active=None)
    if chosen:
        _chose_language(turn, chosen)
    else:
        turn.go("welcome", "language")
    ask(turn)


def first_bubble(turn: Turn) -> str:
    """What Teman is, and the way to help, in all four languages at once."""
    keys = ("welcome.first", "welcome.demo") if turn.house.demo else ("welcome.first",)
    paragraphs = ("\n".join(turn.text_in(language, key) for key in keys) for language in LANGUAGES)
    return "\n\n".join(paragraphs)


def show(turn: Turn) -> None:
    """Where somebody new stands; the first bubble again as long as no language is chosen."""
    if turn.state.place.step in ("", "language"):
        begin(turn)
    else:
        ask(turn)


def step_of(profile: Profile | None) -> str:
    """Where the onboarding of a profile goes on."""
    if profile is None:
        return "language"
    if profile.role is None:
        return "role"
    return "about" if profile.role != "child" or profile.band else "band"


def ask(turn: Turn) -> None:
    """The question of the step."""
    step = turn.state.place.step
    match step:
        case "role":
            turn.say("welcome.role")
            turn.ask("welcome", step, [turn.option(r) for r in ("child", "parent", "teacher")])
        case "band":
            turn.say("welcome.band")
            turn.ask(
                "welcome", step, [turn.option(b, f"band_{b.replace('-', '_')}") for b in BANDS]
            )
        case "about":
            _about(turn)
        case _:
            turn.ask("welcome", "language", language_options(turn))


def language_options(turn: Turn) -> list[Option]:
    """The four languages, each by its own name."""
    return [Option(language, turn.text_in(language, "language.name")) for language in LANGUAGES]


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """One step further, or the same question once more."""
    step = turn.state.place.step
    if choice is None:
        if text and turn.profile:
            turn.say("common.not_understood")
        show(turn)
    elif step == "role":
        _chose_role(turn, choice)
    elif step == "band":
        turn.change_profile(band=choice)
        turn.go("welcome", "about")
        ask(turn)
    elif step == "about":
        _ready(turn, choice)
    else:
        _chose_language(turn, _language(choice))
        ask(turn)


def _language(choice: str) -> Language:
    return next(language for language in LANGUAGES if language == choice)


def _chose_language(turn: Turn, language: Language) -> None:
    turn.change(language=language)
    people.add(turn, language)
    turn.go("welcome", "role")


def _chose_role(turn: Turn, choice: str) -> None:
    role: Role = "parent" if choice == "parent" else "teacher" if choice == "teacher" else "child"
    turn.change_profile(role=role)
    turn.go("welcome", "band" if role == "child" else "about")
    ask(turn)


def _about(turn: Turn) -> None:
    """What I am and who reads; under 13 also: is a grown-up there (care.md, 15)."""
    turn.say("welcome.about", operator=turn.house.operator, safe=turn.safe_word)
    if platform := {"telegram": "Telegram", "whatsapp": "WhatsApp"}.get(turn.house.channel):
        turn.say("welcome.held_by", platform=platform)
    if turn.house.break_glass:
        turn.say("welcome.break_glass", operator=turn.house.operator)
    if _asks_for_adult(turn):
        turn.say("welcome.adult_here")
        turn.ask(
            "welcome", "about", [turn.option("yes", "answer_yes"), turn.option("no", "answer_no")]
        )
    else:
        turn.ask("welcome", "about", [turn.option("ok")])


def _asks_for_adult(turn: Turn) -> bool:
    profile = turn.profile
    return profile is not None and profile.band in YOUNG and turn.house.under_13 != "allow"


def _ready(turn: Turn, choice: str) -> None:
    if choice in ("yes", "no"):
        turn.change_profile(with_adult=choice)
    if choice == "no":
        turn.say("welcome.alone", url=turn.house.public_url + "/")
        turn.say("welcome.alone_help")
    turn.change_profile(ready=True)
    if len(turn.state.profiles) > 1:
        turn.say("welcome.animal", **people.label_values(turn, turn.profile))
    turn.move("menu")
