"""The commands of run.py, as somebody types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conversation import transcript
from tests.conversation.said import THREAT
from tests.conversation.talk import ROOT, text

PASSWORD = "correct horse battery"


def run(folder: Path, *words: str, typed: str | bytes = "", **env: str) -> tuple[int, str, str]:
    """Status, stdout, stderr of `run.py words` in a folder of its own."""
    given = typed.encode() if isinstance(typed, str) else typed
    kept = {n: os.environ[n] for n in ("PATH", "HOME", "LANG") if n in os.environ}
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words],
        cwd=folder, env=kept | env, input=given, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_lesson_is_played_in_the_terminal(tmp_path: Path) -> None:
    status, out, _ = run(tmp_path, "chat", "--lang", "ms", typed="1\n3\n1\n1\n1\n1\n4\n")
    assert status == 0
    assert text("ms", "welcome.first") in out
    assert text("ms", "lessons.C4.steps.hook.say") in out
    assert text("ms", "lessons.C4.steps.hour1.say") in out
    assert "1. " in out


def test_a_recorded_conversation_is_played_again(tmp_path: Path) -> None:
    typed = "\n".join(["1", "3", "1", THREAT["en"], "ok", "1", "1", "1", "1"]) + "\n"
    record = tmp_path / "x.txt"
    status, _, _ = run(tmp_path, "chat", "--lang", "en", "--record", str(record), typed=typed)
    assert status == 0
    written = transcript.read(record)
    assert sum(step.mark == "=" for step in written.steps) > 8
    assert "> [help]" in record.read_text()
    transcript.Play(written).run()
    status, _, err = run(tmp_path, "chat", "--record", str(record), typed="")
    assert (status, "cannot be written" in err) == (1, True)


def test_a_drill_that_nobody_takes_prints_its_steps_and_says_what_is_missing(
    tmp_path: Path,
) -> None:
    status, out, err = run(tmp_path, "drill", "--lang", "ta", "--wait", "0.01")
    assert status == 1
    assert [line.split("  ")[-1].split(":")[0] for line in out.splitlines()] == [
        "door", "screening", "consent", "delivery",
    ]  # fmt: skip
    assert all(" s  " in line for line in out.splitlines())
    assert "claim: not within" in err
    _, out, _ = run(tmp_path, "reports", "list")
    assert out.rstrip().endswith("drill")


def test_screen_answers_a_line_a_line() -> None:
    lines = '{"text":"enaku saaganum pola iruku"}\n{"text":"hello"}\nnot json\n{"text": 5}\n'
    status, out, _ = run(ROOT, "screen", typed=lines)
    assert status == 0
    answers = [json.loads(line) for line in out.splitlines()]
    assert len(answers) == 4
    assert answers[0]["level"] != "none"
    assert answers[0]["lang"] == "ta"
    assert set(answers[0]) == {"level", "kinds", "about", "lang", "reasons"}
    assert answers[1]["level"] == "none"
    assert "error" in answers[2]


@pytest.mark.parametrize("typed", [b"\xff\xfe\x00broken\n", b"", b"\n\n", b'{"text":"a"}'])
def test_screen_survives_what_is_no_text(typed: bytes) -> None:
    status, out, err = run(ROOT, "screen", typed=typed)
    assert status == 0, err
    assert "Traceback" not in err
    for line in out.splitlines():
        json.loads(line)


def test_from_a_report_in_the_terminal_to_the_console(tmp_path: Path) -> None:
    talk = "\n".join(["1", "3", "1", THREAT["en"], "1", "1", "1", "1", "3"]) + "\n"
    status, out, _ = run(tmp_path, "chat", "--lang", "en", typed=talk)
    assert status == 0
    assert "Your reference is" in out
    status, out, _ = run(tmp_path, "reports", "list")
    assert status == 0
    reference = out.split("\t")[0]
    assert "urgent" in out
    assert THREAT["en"] not in out
    _, out, _ = run(tmp_path, "reports", "show", reference)
    assert THREAT["en"] not in out
    assert json.loads(out)["reference"] == reference
    _, out, _ = run(tmp_path, "reports", "show", reference, "--words")
    assert json.loads(out)["words"][0]["text"] == THREAT["en"]
    assert run(tmp_path, "reports", "show", "BBB-BBB")[0] == 1


def test_staff_is_added_listed_and_disabled(tmp_path: Path) -> None:
    assert run(tmp_path, "staff", "add", "aisyah", "--languages", "ms,ta", typed=PASSWORD)[0] == 0
    _, out, _ = run(tmp_path, "staff", "list")
    assert out == "aisyah\tworker\tms,ta\tactive\n"
    assert run(tmp_path, "staff", "disable", "aisyah")[0] == 0
    assert "disabled" in run(tmp_path, "staff", "list")[1]


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("staff", "add", "x"), "short"),
        (("staff", "add", "x", "--languages", "fr"), PASSWORD),
        (("staff", "disable", "nobody"), ""),
        (("lessons", "show", "Z9"), ""),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    tmp_path: Path, words: tuple[str, ...], typed: str
) -> None:
    status, out, err = run(tmp_path, *words, typed=typed)
    assert status == 1
    assert "Traceback" not in err
    assert len((out + err).strip().splitlines()) <= 3


def test_the_wrong_key_is_refused_and_touches_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "staff", "add", "aisyah", typed=PASSWORD)[0] == 0
    database = tmp_path / "data" / "teman.db"
    before = database.read_bytes()
    wrong = "other:" + "B" * 43 + "="
    status, _, err = run(tmp_path, "staff", "list", TEMAN_SECRET_KEYS=wrong)
    assert status == 1
    assert "key" in err
    assert "B" * 20 not in err
    assert database.read_bytes() == before
    (tmp_path / "secrets" / "teman.key").unlink()
    assert run(tmp_path, "staff", "list")[0] == 1


def test_the_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    run(tmp_path, "staff", "list")
    assert (tmp_path / "secrets" / "teman.key").stat().st_mode & 0o077 == 0


def test_doctor_gives_plain_advice(tmp_path: Path) -> None:
    status, out, err = run(tmp_path, "doctor")
    assert status == 1
    assert "run.py staff add" in out
    assert "Traceback" not in err
    run(tmp_path, "staff", "add", "aisyah", typed=PASSWORD)
    status, out, _ = run(tmp_path, "doctor")
    assert status == 0, out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TEMAN_TELEGRAM_TOKEN": "secret-token"}, "TEMAN_TELEGRAM_TOKEN"),
        (
            {"TEMAN_TELEGRAM_TOKEN": "42:secret-token", "TEMAN_TELEGRAM_MODE": "webhook"},
            "TEMAN_TELEGRAM_WEBHOOK_SECRET",
        ),
        ({"TEMAN_WHATSAPP_TOKEN": "secret-token"}, "TEMAN_WHATSAPP_APP_SECRET"),
        ({"TEMAN_INTAKE": "primero"}, "only desk and webhook are built"),
    ],
)
def test_a_door_that_lacks_something_is_refused(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    status, _, err = run(tmp_path, "serve", **settings)
    assert status == 1
    assert said in err
    assert "secret-token" not in err


def test_lessons_show_and_stats(tmp_path: Path) -> None:
    _, out, _ = run(tmp_path, "lessons", "show", "B6", "--lang", "ta")
    assert text("ta", "lessons.B6.title") in out
    _, out, _ = run(tmp_path, "lessons", "stats")
    assert "drafted" in out
    assert run(tmp_path, "lessons", "check")[0] == 0


def test_two_first_starts_at_once_keep_the_key(tmp_path: Path) -> None:
    script = "import sys; sys.argv = ['run.py', 'staff', 'list']; from bot import cli; cli.main()"
    kept = {n: os.environ[n] for n in ("PATH", "HOME") if n in os.environ}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script], cwd=tmp_path, env=kept | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in both:
        process.wait(60)
    assert run(tmp_path, "staff", "list")[0] == 0
    assert [p.name for p in (tmp_path / "secrets").iterdir()] == ["teman.key"]


@pytest.mark.parametrize("what", ["secrets is a file", "key is no ASCII", "data is a file"])
def test_a_folder_in_the_way_is_named_in_one_line(tmp_path: Path, what: str) -> None:
    if what == "secrets is a file":
        (tmp_path / "secrets").write_text("x")
    elif what == "key is no ASCII":
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "teman.key").write_bytes(b"\xff\xfe")
    else:
        (tmp_path / "data").write_text("x")
    status, _, err = run(tmp_path, "staff", "list")
    assert status == 1
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) <= 2


@pytest.mark.parametrize("line", ["TEMAN_HANDOF=1", "TEMAN_SECRET_KEYS_FILE=/nowhere"])
def test_a_typing_error_in_the_env_file_is_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(line + "\n")
    status, _, err = run(tmp_path, "staff", "list")
    assert status == 1
    assert line.partition("=")[0] in err
    assert not (tmp_path / "secrets").exists()


def test_lines_that_are_no_utf_8_lose_only_themselves(tmp_path: Path) -> None:
    typed = b'{"text":"hello"}\n{"text":"\xff\xfe"}\n{"text":"hello"}\n'
    status, out, _ = run(tmp_path, "screen", typed=typed, LC_ALL="C.UTF-8")
    assert status == 0
    assert len(out.splitlines()) == 3
