"""Practice that stays: one scene of a lesson on day 2, 7, 28 and 90, offered when somebody comes.

A skill is mastered when new scenes were got right now and again at day 7 or later, with at most one
false alarm on a scene where nothing was wrong (curriculum.md, 4). Nothing is lost by a miss: a
further scene comes two days later.
"""

from __future__ import annotations

from typing import Final

from bot.conversation import lesson_progress as progress
from bot.conversation import offering
from bot.conversation.turn import Turn
from bot.library.lesson_steps import Scene
from bot.library.lessons import Lesson
from bot.messages import Words

DAY_US: Final = 24 * 3600 * 1_000_000
DAYS: Final = (2, 7, 28, 90)
"""Days after the lesson on which a scene is due, one after the other."""
LATER_DAYS: Final = 7
FALSE_ALARMS: Final = 1


def first_scene(turn: Turn, lesson: Lesson) -> dict[str, object]:
    """What changes when a lesson has been played to its end: the first scene is due in two days.
    Played again to its end, its scenes begin anew.
    """
    if not lesson.boosters:
        return {}
    due = turn.now + DAYS[0] * DAY_US
    return {"finished_at": turn.now, "boosts": 0, "next_at": due, "later": False}


def begin(turn: Turn) -> None:
    """Play the scene that is due."""
    name = offering.due(turn)
    if name is None:
        turn.move("menu")
        return
    scenes = list(turn.library.lessons[name].boosters)
    turn.move("practice", scenes[progress.of(turn, name).practised % len(scenes)], name)


def _at_hand(turn: Turn) -> tuple[Lesson, Scene] | None:
    """None where content has changed under the feet of the user."""
    place = turn.state.place
    lesson = turn.library.lessons.get(place.about)
    scene = lesson.boosters.get(place.step) if lesson else None
    return (lesson, scene) if lesson and scene and turn.profile else None


def show(turn: Turn) -> None:
    """The scene, with help one tap away."""
    found = _at_hand(turn)
    if found is None:
        turn.move("menu")
        return
    lesson, scene = found
    name = turn.state.place.step
    turn.plain(turn.text(lesson.key("boosters", name, "say")))
    if scene.chat:
        progress.show_chat(turn, lesson, ("boosters", name), scene.chat)
    rows = progress.labels(turn, lesson, ("boosters", name), "choices", scene.choices)
    turn.ask("practice", name, [*rows, turn.option("help")])


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """Why, and when the next scene comes is nobody's business: back to the menu."""
    found = _at_hand(turn)
    if found is None:
        turn.move("menu")
    elif choice is None:
        if text:
            turn.say("common.not_understood")
        turn.again()
    elif choice == "help":
        turn.help_wanted = True
    else:
        lesson, scene = found
        turn.say(lesson.key("boosters", turn.state.place.step, "choices", choice, "feedback"))
        _note(turn, lesson, scene, right=scene.choices[choice].right)
        turn.move("menu")


def _note(turn: Turn, lesson: Lesson, scene: Scene, *, right: bool) -> None:
    known = progress.of(turn, lesson.id)
    days = (turn.now - known.finished_at) / DAY_US
    boosts = known.boosts + right
    later = known.later or (right and not scene.safe and days >= LATER_DAYS)
    alarms = known.alarms + (scene.safe and not right)
    mastered = known.mastered or (later and known.saw and alarms <= FALSE_ALARMS)
    if mastered and not known.mastered:
        turn.say("lesson.mastered")
    progress.change(
        turn,
        lesson.id,
        boosts=boosts,
        practised=known.practised + 1,
        later=later,
        alarms=alarms,
        mastered=mastered,
        next_at=_next(turn, known.finished_at, boosts, right=right),
    )


def _next(turn: Turn, finished_at: int, boosts: int, *, right: bool) -> int:
    """A miss brings another scene in two days; after the last one nothing is due any more."""
    if not right:
        return turn.now + DAYS[0] * DAY_US
    if boosts >= len(DAYS):
        return 0
    return max(finished_at + DAYS[boosts] * DAY_US, turn.now + DAY_US)
