"""Sign-in, sessions, and what every request of the desk is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsWrong
from bot.host import staff
from bot.store import staff as accounts
from bot.texts import local
from tests.web.desk_scene import HOUR, MINUTE, OURS, PASSWORD, Scene, desk_of, together


async def test_sign_in_gives_a_strict_cookie_and_the_database_holds_no_token(
    tmp_path: Path,
) -> None:
    async with desk_of(tmp_path) as scene:
        await scene.add("Aminah  BINTI Ali")
        visitor = scene.visitor()
        assert (await visitor.get("/desk")).headers["location"] == "/desk/sign-in"
        came = await visitor.sign_in("aminah binti ali")
        cookie = came.headers["set-cookie"].lower()
        for part in ("desk=", "httponly", "samesite=strict", "path=/desk"):
            assert part in cookie
        token = visitor.client.cookies["desk"]
        assert "Queue" in (await visitor.get("/desk")).text
    database = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"aminah binti ali" in database
    assert token.encode() not in database
    assert PASSWORD.encode() not in database
    assert b"$argon2id$" in database


async def test_the_cookie_is_bound_to_the_host_where_the_site_is_secure(tmp_path: Path) -> None:
    async with desk_of(tmp_path, secure=True) as scene:
        await scene.add("aminah")
        sent = await scene.visitor().client.post(
            "/desk/sign-in", data={"name": "aminah", "password": PASSWORD}, headers=OURS
        )
        cookie = sent.headers["set-cookie"]
        assert cookie.startswith("__Host-desk=")
        assert "Secure" in cookie
        assert "Path=/;" in cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("name", "password"),
    [("aminah", "wrong"), ("nobody", PASSWORD), ("", ""), ("aminah", "x" * 9999)],
)
async def test_a_miss_says_nothing_of_what_was_wrong(
    tmp_path: Path, name: str, password: str
) -> None:
    async with desk_of(tmp_path) as scene:
        await scene.add("aminah")
        sent = await scene.visitor().sign_in(name, password)
        assert sent.status_code == 401
        assert "Name or password is not right." in sent.text
        assert "set-cookie" not in sent.headers


async def test_five_misses_close_the_door_for_a_name_and_only_for_a_while(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        await scene.add("aminah")
        await scene.add("bala")
        visitor = scene.visitor()
        tried = await together(*(visitor.sign_in("aminah", "wrong") for _ in range(8)))
        assert sorted(sent.status_code for sent in tried) == [401] * 5 + [429] * 3
        assert (await visitor.sign_in("aminah")).status_code == 429
        assert (await visitor.sign_in("bala")).status_code == 303
        scene.now += 15 * MINUTE
        assert (await visitor.sign_in("aminah")).status_code == 303
        assert ("sign-in refused", "") in await scene.audits()


async def test_misses_in_all_are_limited_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "MISSES_IN_ALL", 6)
    async with desk_of(tmp_path) as scene:
        await scene.add("aminah")
        visitor = scene.visitor()
        for n in range(6):
            assert (await visitor.sign_in(f"guess{n}")).status_code == 401
        assert (await visitor.sign_in("aminah")).status_code == 429


async def test_a_session_ends_after_thirty_idle_minutes_and_a_page_by_itself_is_idle(
    tmp_path: Path,
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        for _ in range(3):
            scene.now += 29 * MINUTE
            assert (await visitor.get("/desk")).status_code == 200
        assert "signed out within" not in (await visitor.get("/desk?auto=1")).text
        scene.now += 26 * MINUTE
        assert "signed out within" in (await visitor.get("/desk?auto=1")).text
        scene.now += 5 * MINUTE
        assert (await visitor.get("/desk?auto=1")).status_code == 303


async def test_a_session_ends_after_twelve_hours_whatever_is_done(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        for _ in range(47):
            scene.now += HOUR // 4
            assert (await visitor.get("/desk")).status_code == 200
        scene.now += HOUR // 4
        assert (await visitor.get("/desk")).status_code == 303


async def test_signing_out_ends_the_session_and_gives_the_reports_back(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        await visitor.post(f"{filed.path}/claim")
        assert (await scene.row(filed)).taken_by
        token = visitor.client.cookies["desk"]
        assert (await visitor.post("/desk/sign-out")).headers["location"] == "/desk/sign-in"
        visitor.client.cookies.set("desk", token, domain="desk.test", path="/desk")
        assert (await visitor.get("/desk")).status_code == 303
        row = await scene.row(filed)
        assert (row.taken_by, row.status) == (None, "received")
        assert ("signed out", "1 given back") in await scene.audits()


async def test_an_expired_session_gives_its_reports_back(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        gone, here = await scene.worker("aminah"), await scene.worker("bala")
        filed, other = await scene.report("x"), await scene.report("y")
        await gone.post(f"{filed.path}/claim")
        await here.post(f"{other.path}/claim")
        for _ in range(2):
            scene.now += 16 * MINUTE
            await here.get("/desk")
        assert (await scene.row(filed)).taken_by is None
        assert (await scene.row(other)).taken_by is not None
        assert ("shift ended", "1 given back") in await scene.audits()


async def test_two_browsers_of_one_person_are_one_shift(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        first = await scene.worker("aminah")
        filed = await scene.report("x")
        await first.post(f"{filed.path}/claim")
        scene.now += 20 * MINUTE
        second = scene.visitor()
        await second.sign_in("aminah")
        scene.now += 20 * MINUTE
        assert (await first.get("/desk")).status_code == 303
        assert (await second.get("/desk")).status_code == 200
        assert (await scene.row(filed)).taken_by is not None


async def test_a_disabled_account_is_out_at_once(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker("aminah")
        filed = await scene.report("x")
        await visitor.post(f"{filed.path}/claim")
        assert await staff.disable(scene.host.store, " AMINAH ", now=scene.now)
        assert not await staff.disable(scene.host.store, "aminah", now=scene.now)
        assert (await visitor.get(filed.path)).status_code == 303
        assert (await visitor.sign_in("aminah")).status_code == 401
        assert (await scene.row(filed)).taken_by is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://desk.test"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_form_of_another_site_is_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        for path, fields in (
            (f"{filed.path}/claim", {"csrf": visitor.csrf}),
            ("/desk/sign-in", {"name": "aminah", "password": PASSWORD}),
        ):
            sent = await visitor.client.post(path, data=fields, headers=headers)
            assert sent.status_code == 403
        assert (await scene.row(filed)).taken_by is None


async def test_a_form_needs_the_token_of_its_own_session(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor, other = await scene.worker("aminah"), await scene.worker("bala")
        filed = await scene.report("x")
        assert visitor.csrf != other.csrf
        for wrong in ("", other.csrf, visitor.csrf[:-1], "ü" * 64):
            sent = await visitor.client.post(
                f"{filed.path}/claim", data={"csrf": wrong}, headers=OURS
            )
            assert sent.status_code == 403
        assert (await scene.row(filed)).taken_by is None
        sent = await scene.visitor().post(f"{filed.path}/claim")
        assert sent.status_code == 401


async def test_a_form_that_is_none_is_refused(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        path = "/desk/sign-in"
        form = {"Content-Type": "application/x-www-form-urlencoded"} | OURS
        for body, headers, status in (
            (b"{}", {"Content-Type": "application/json"} | OURS, 415),
            (b"a=" + b"x" * 200_000, form, 413),
            (b"&".join(b"f%d=1" % n for n in range(40)), form, 400),
            (b"\xff\xfe", form, 400),
        ):
            sent = await visitor.client.post(path, content=body, headers=headers)
            assert sent.status_code == status


async def test_every_answer_of_the_desk_is_kept_by_nobody_and_loads_nothing_foreign(
    tmp_path: Path,
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker(role="supervisor")
        filed = await scene.report("x")
        paths = ["/desk", "/desk/sign-in", "/desk/audit", filed.path, "/desk/reports/none"]
        answers = [await visitor.get(path) for path in paths]
        answers += [await scene.visitor().get("/desk"), await visitor.post("/desk/nothing")]
        for got in answers[:-1]:
            assert got.headers["cache-control"] == "no-store"
            assert got.headers["content-security-policy"].startswith("default-src 'none'; ")
            assert "unsafe" not in got.headers["content-security-policy"]
            assert got.headers["referrer-policy"] == "same-origin"
            assert "//" not in got.text.replace("http://desk.test", "")
            assert "style=" not in got.text
            assert "onclick" not in got.text


@pytest.mark.parametrize(
    ("name", "role", "languages", "password"),
    [
        ("", "worker", "ms", PASSWORD),
        ("x" * 61, "worker", "ms", PASSWORD),
        ("aminah", "boss", "ms", PASSWORD),
        ("aminah", "worker", "", PASSWORD),
        ("aminah", "worker", "ms fr", PASSWORD),
        ("aminah", "worker", "ms", "short"),
    ],
)
async def test_an_account_that_will_not_do_is_refused(
    tmp_path: Path, name: str, role: str, languages: str, password: str
) -> None:
    async with desk_of(tmp_path) as scene:
        with pytest.raises(SettingsWrong):
            await staff.add(
                scene.host.store, name, role, languages.split(), password, now=scene.now
            )
        assert await _names(scene) == []


async def test_a_name_is_given_once(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        store, now = scene.host.store, scene.now
        await staff.add(store, "Aminah", "worker", ["ta", "ms", "ta"], PASSWORD, now=now)
        with pytest.raises(SettingsWrong):
            await staff.add(store, "AMINAH", "worker", ["ms"], PASSWORD, now=now)
        assert await _names(scene) == [("aminah", ("ms", "ta"))]
        assert await scene.audits() == [("account made", "worker")]


async def _names(scene: Scene) -> list[tuple[str, tuple[str, ...]]]:
    found = await scene.run(accounts.all)
    return [(person.name, person.languages) for person in found]


async def test_the_queue_says_how_old_the_help_lines_facts_are(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        worker = await scene.worker()
        page = (await worker.get("/desk")).text
        days = scene.host.library.helplines.oldest(local(scene.now).date())
        assert f"were read {days} days ago or later" in page


async def test_something_to_take_down_is_named_so_and_its_address_is_no_link(
    tmp_path: Path,
) -> None:
    async with desk_of(tmp_path) as scene:
        worker = await scene.worker()
        filed = await scene.report("t.me/some_channel_11", kind="content", links=("t.me/x_11",))
        assert "Page to take down" in (await worker.get("/desk")).text
        await worker.post(f"{filed.path}/claim")
        page = (await worker.get(filed.path)).text
        assert "t.me/x_11" in page
        assert 'href="t.me' not in page
        assert 'href="https://t.me' not in page
