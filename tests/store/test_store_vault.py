from __future__ import annotations

import base64
import copy
import pickle

import pytest

from bot.errors import KeysWrong, SettingsWrong, Unreadable
from bot.store import vault as vaults
from bot.store.vault import DataKey, Vault, invent_key, parse_keys

SECRET = base64.b64encode(bytes(range(32))).decode()


def test_what_is_sealed_opens_again_and_only_for_what_it_is_about(vault: Vault) -> None:
    key = vault.new_data_key()
    sealed = key.seal(b"hello", "chats.state/1")
    assert key.open(sealed, "chats.state/1") == b"hello"
    assert "hello" not in sealed
    assert sealed != key.seal(b"hello", "chats.state/1")
    with pytest.raises(Unreadable):
        key.open(sealed, "chats.state/2")


@pytest.mark.parametrize("place", [0, 3, 12, -1])
def test_a_tampered_ciphertext_is_unreadable(vault: Vault, place: int) -> None:
    key = vault.new_data_key()
    sealed = key.seal(b"hello", "a")
    other = "B" if sealed[place] != "B" else "C"
    changed = list(sealed)
    changed[place] = other
    with pytest.raises(Unreadable):
        key.open("".join(changed), "a")


@pytest.mark.parametrize("text", ["", "1", "1.x", "..", "1..", "2.first.AAAA", "1.first.!"])
def test_no_ciphertext_at_all_is_unreadable(vault: Vault, text: str) -> None:
    with pytest.raises(Unreadable):
        vault.open(text, "a")
    with pytest.raises(Unreadable):
        vault.new_data_key().open(text, "a")


def test_the_key_id_stands_in_every_ciphertext(vault: Vault) -> None:
    key = vault.new_data_key()
    assert vault.seal(b"x", "a").split(".")[1] == "first"
    assert vault.wrap(key, "owner").split(".")[1] == "first"
    assert key.seal(b"x", "a").split(".")[1] == key.id


def test_a_wrapped_key_opens_for_its_owner_alone(vault: Vault) -> None:
    key = vault.new_data_key()
    wrapped = vault.wrap(key, "case-1")
    sealed = key.seal(b"words", "a")
    assert vault.unwrap(wrapped, "case-1").open(sealed, "a") == b"words"
    with pytest.raises(Unreadable):
        vault.unwrap(wrapped, "case-2")
    other = vault.new_data_key()
    assert vault.unwrap(vault.wrap(other, "case-1"), "case-1").id == other.id


def test_rotation_new_key_first_old_data_still_opens(key_text: str) -> None:
    old = Vault(parse_keys(key_text))
    key = old.new_data_key()
    sealed, wrapped, found = old.seal(b"x", "a"), old.wrap(key, "o"), old.find_hash("chat", "t")
    ring = Vault(parse_keys(f"second:{invent_key()},{key_text}"))
    assert ring.open(sealed, "a") == b"x"
    assert ring.unwrap(wrapped, "o").id == key.id
    assert found in ring.find_hashes("chat", "t")
    assert ring.find_hashes("chat", "t")[0] == ring.find_hash("chat", "t") != found
    assert ring.seal(b"x", "a").startswith("1.second.")
    without = Vault(parse_keys(f"second:{invent_key()}"))
    with pytest.raises(Unreadable):
        without.open(sealed, "a")


def test_hashes_differ_by_kind_and_key(vault: Vault) -> None:
    other = Vault(parse_keys(f"first:{invent_key()}"))
    hashes = {
        vault.find_hash("chat", "t"),
        vault.find_hash("seen", "t"),
        vault.find_hash("chat", "u"),
        other.find_hash("chat", "t"),
    }
    assert len(hashes) == 4
    assert vault.find_hash("chat", "\ud800")


def test_key_check_refuses_another_key_under_the_same_id(vault: Vault, key_text: str) -> None:
    checks = {"first": vault.key_check()}
    Vault(parse_keys(key_text)).fits(checks)
    with pytest.raises(KeysWrong):
        Vault(parse_keys(f"first:{invent_key()}")).fits(checks)
    with pytest.raises(KeysWrong, match="lacks"):
        Vault(parse_keys(f"other:{invent_key()}")).fits(checks)


def test_keys_are_read_in_every_usual_form() -> None:
    url_safe = SECRET.replace("+", "-").replace("/", "_").rstrip("=")
    first, second, third = parse_keys(f" a:{SECRET},\n b:{url_safe} {SECRET} ")
    assert (first.id, second.id) == ("a", "b")
    assert len(third.id) == 8
    assert first.open(first.seal(b"x", "q"), "q") == b"x"
    assert parse_keys(invent_key())[0].id != parse_keys(invent_key())[0].id


@pytest.mark.parametrize(
    "text",
    ["", " , ", "abc", f"a:{SECRET[:-6]}", f"a b:{SECRET}", f"a%:{SECRET}", f":{SECRET}", "ä:€"],
)
def test_what_is_no_key_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(SettingsWrong) as caught:
        parse_keys(text)
    assert SECRET[:8] not in str(caught.value)


def test_two_keys_of_one_id_are_refused() -> None:
    with pytest.raises(SettingsWrong):
        Vault(parse_keys(f"a:{SECRET},a:{invent_key()}"))
    with pytest.raises(SettingsWrong):
        Vault([])


def test_keys_refuse_to_print_pickle_or_copy(key_text: str) -> None:
    master = parse_keys(key_text)[0]
    secret = bytes(range(32))
    things = [master, Vault([master]), DataKey(secret)]
    for thing in things:
        for shown in (repr(thing), str(thing), f"{thing}", f"{[thing]!r}"):
            assert key_text.partition(":")[2] not in shown
            assert SECRET not in shown
            assert secret.hex() not in shown
            assert "cipher" not in shown
        assert not hasattr(thing, "__dict__") or isinstance(thing, Vault)
        with pytest.raises(TypeError):
            pickle.dumps(thing)
        with pytest.raises(TypeError):
            copy.copy(thing)


def test_the_memory_of_data_keys_is_bounded_and_forgets(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vaults, "REMEMBERED", 3)
    wrapped = {str(n): vault.wrap(vault.new_data_key(), str(n)) for n in range(5)}
    opened = {owner: vault.unwrap(text, owner) for owner, text in wrapped.items()}
    assert vault.unwrap(wrapped["4"], "4") is opened["4"]
    assert vault.unwrap(wrapped["0"], "0") is not opened["0"]
    vault.forget("4")
    assert vault.unwrap(wrapped["4"], "4") is not opened["4"]
