"""Whatever comes, in whatever order: an answer, a way to help, and a state that can be stored."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import effects, events
from bot.messages import LANGUAGES
from tests.conversation.said import EMERGENCY, FRIEND, SUICIDAL, THREAT
from tests.conversation.talk import DAY, HOUR, MINUTE, Talk

WORDS = st.one_of(
    st.sampled_from(
        [
            *THREAT.values(),
            *FRIEND.values(),
            *SUICIDAL.values(),
            *EMERGENCY.values(),
            "help",
            "tolong",
            "hide",
            "sorok",
            "stop",
            "menu",
            "bahasa",
            "switch",
            "forget",
            "open",
            "umbrella",
            "start",
            "privacy",
            "1",
            "2",
            "9",
            "0",
            "ok",
            "hi",
            "🐱",
            "",
        ]
    ),
    st.text(max_size=40),
)
STEPS = st.one_of(
    st.tuples(st.just("say"), WORDS),
    st.tuples(st.just("tap"), st.integers(0, 9)),
    st.tuples(st.just("stale"), st.integers(0, 9)),
    st.tuples(st.just("kind"), st.sampled_from(["media", "voice", "location", "other", "start"])),
    st.tuples(st.just("wait"), st.sampled_from([MINUTE, HOUR, 25 * HOUR, -HOUR, 400 * DAY])),
    st.tuples(
        st.just("timer"),
        st.sampled_from(["emergency_draft", "draft_expiry", "follow_up", "unread_line"]),
    ),
    st.tuples(st.just("staff"), st.sampled_from(["answer", "read", "taken", "closed"])),
    st.tuples(st.just("left"), st.none()),
)


class Walk:
    """A talk, with what must hold after each step."""

    def __init__(self, channel: str, house: dict[str, bool]) -> None:
        self.talk = Talk(channel, **house)
        self.old_tokens: list[str] = []
        self.opened: set[str] = set()

    def do(self, step: tuple[str, object]) -> None:
        talk, (what, value) = self.talk, step
        self.old_tokens += [c.token for c in talk.choices][:1]
        match what:
            case "say":
                talk.say(str(value))
            case "tap" if talk.choices:
                talk.message("tap", token=talk.choices[int(str(value)) % len(talk.choices)].token)
            case "stale" if self.old_tokens:
                index = int(str(value)) % len(self.old_tokens)
                talk.message("tap", token=self.old_tokens[index])
            case "kind":
                talk.message(value)  # type: ignore[arg-type]
            case "wait":
                talk.wait(int(str(value)))
                return
            case "timer" if talk.state.cases:
                talk.fire(value)  # type: ignore[arg-type]
            case "staff" if talk.state.cases:
                self.staff(str(value))
            case "left":
                talk.message("left")
            case _:
                return
        self.check(answered=what in ("say", "tap", "stale", "kind"))

    def staff(self, what: str) -> None:
        case, name = self.talk.case.id, f"s{self.talk.turns}"
        if what == "answer":
            self.talk.take(events.StaffMessage(name, case))
        else:
            self.talk.take(events.ReportStatus(name, case, what))  # type: ignore[arg-type]

    def check(self, *, answered: bool) -> None:
        talk = self.talk
        assert talk.said or not answered, "silence"
        assert len(talk.out) <= 1
        for choice in talk.choices:
            assert choice.label
            assert len(choice.label) <= 24
            assert len(choice.token.encode()) <= 64
        assert len(talk.choices) <= 10
        assert len([p for p in talk.state.profiles if p.ready]) <= 6
        for report in talk.asked(effects.OpenReport):
            assert report.case.id not in self.opened, "handed over twice"
            assert talk.house.intake_open
            self.opened.add(report.case.id)
        for kept in talk.asked(effects.KeepWords):
            assert kept.case in {c.id for c in talk.state.cases}, "words kept for no case"


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    channel=st.sampled_from(["web", "telegram", "whatsapp", "terminal"]),
    house=st.fixed_dictionaries(
        {"intake_open": st.booleans(), "pass_without_answer": st.booleans(), "demo": st.booleans()}
    ),
    language=st.sampled_from([*LANGUAGES, None]),
    steps=st.lists(STEPS, max_size=40),
)
def test_no_walk_ends_in_silence_or_an_error(
    channel: str, house: dict[str, bool], language: str | None, steps: list[tuple[str, object]]
) -> None:
    walk = Walk(channel, house)
    if language:
        walk.talk.onboard(language)  # type: ignore[arg-type]
    for step in steps:
        walk.do(step)
