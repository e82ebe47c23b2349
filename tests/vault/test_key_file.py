"""Who has the passphrase or the code has the key; nobody else, and nobody with a changed file."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.errors import InputError
from lengthwise.vault import key_file
from lengthwise.vault.errors import TooSoonError, WrongSecretError
from lengthwise.vault.key_file import (
    KeyFile,
    State,
    in_state,
    key_path,
    new_key_file,
    opened,
    opened_by_code,
    read_key_file,
    with_new_code,
    with_passphrase,
    write_key_file,
)
from lengthwise.vault.keys import hkdf
from lengthwise.vault.recovery_code import ALPHABET, fresh_code, normal_code
from lengthwise.vault.tries import LONGEST_WAIT_S, check_wait, count_wrong, forget_tries, wait_after

WORDS = "four words of mine"


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id in a thousandth of the time: what is asked here does not depend on it."""
    for name, value in {"_MEMORY_KIB": 64, "_PASSES": 1, "_LANES": 1}.items():
        monkeypatch.setattr(key_file, name, value)


def test_a_key_is_stretched_with_what_the_rfc_recommends() -> None:
    file, key, _ = new_key_file(WORDS)
    for wrapped in (file.by_passphrase, file.by_code):
        assert wrapped.memory_kib >= 64 * 1024 and wrapped.passes >= 3
        assert len(wrapped.salt) == 16
    assert file.by_passphrase.salt != file.by_code.salt
    assert opened(file, WORDS).raw() == key.raw()


@pytest.mark.usefixtures("light")
def test_passphrase_and_code_open_the_same_key_and_nothing_else_does() -> None:
    file, key, code = new_key_file(WORDS)
    assert opened(file, WORDS).raw() == opened_by_code(file, code.lower()).raw() == key.raw()
    for wrong in ("", WORDS + " ", WORDS.upper(), code, "\udcff" * 12):
        with pytest.raises(WrongSecretError) as said:
            opened(file, wrong)
        assert not wrong or wrong not in str(said.value)
    with pytest.raises(WrongSecretError):
        opened_by_code(file, fresh_code())


@pytest.mark.usefixtures("light")
def test_the_same_letters_composed_otherwise_are_the_same_passphrase() -> None:
    file, key, _ = new_key_file("vier Wörter für mich")
    assert opened(file, "vier Wo\u0308rter fu\u0308r mich").raw() == key.raw()


@pytest.mark.usefixtures("light")
def test_another_passphrase_wraps_the_same_key_and_the_old_one_opens_nothing() -> None:
    file, key, code = new_key_file(WORDS)
    changed = with_passphrase(file, key, "other words than before")
    assert opened(changed, "other words than before").raw() == key.raw()
    assert opened_by_code(changed, code).raw() == key.raw()
    with pytest.raises(WrongSecretError):
        opened(changed, WORDS)
    recoded, fresh = with_new_code(changed, key)
    assert opened_by_code(recoded, fresh).raw() == key.raw()
    with pytest.raises(WrongSecretError):
        opened_by_code(recoded, code)


@pytest.mark.usefixtures("light")
def test_a_state_that_was_set_without_the_key_opens_nothing(tmp_path: Path) -> None:
    file, key, _ = new_key_file(WORDS)
    done = in_state(file, key, State.ENCRYPTED)
    with pytest.raises(InputError, match="state"):
        opened(replace(done, state=State.DECRYPTING), WORDS)
    write_key_file(tmp_path, done)
    assert read_key_file(tmp_path) == done
    assert [p.name for p in tmp_path.iterdir()] == ["key.json"]
    assert key.raw() not in key_path(tmp_path).read_bytes()


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("field", ["memory_kib", "passes", "lanes"])
def test_a_file_that_asks_for_the_whole_machine_is_refused(tmp_path: Path, field: str) -> None:
    file, _, _ = new_key_file(WORDS)
    greedy = replace(file, by_passphrase=replace(file.by_passphrase, **{field: 10**9}))
    key_path(tmp_path).write_bytes(msgspec.json.encode(greedy))
    with pytest.raises(InputError, match="parameters"):
        read_key_file(tmp_path)


@given(st.binary(max_size=200))
def test_whatever_stands_in_its_place_is_one_line(content: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        key_path(Path(folder)).write_bytes(content)
        with pytest.raises(InputError, match="key file"):
            read_key_file(Path(folder))


@pytest.mark.parametrize("phrase", ["", "short", "x" * 9, "x" * 201])
def test_a_passphrase_that_is_too_short_is_refused_and_never_repeated(phrase: str) -> None:
    with pytest.raises(InputError) as said:
        new_key_file(phrase)
    assert "four words" in str(said.value)
    assert not phrase or phrase not in str(said.value)


@given(st.integers(0, 23), st.integers(0, 23), st.sampled_from(ALPHABET))
def test_one_wrong_place_and_any_exchange_are_noticed(i: int, j: int, sign: str) -> None:
    code = normal_code(fresh_code())
    places = list(code)
    wrong = "".join([*places[:i], sign, *places[i + 1 :]])
    places[i], places[j] = places[j], places[i]
    for changed in {wrong, "".join(places)} - {code}:
        with pytest.raises(InputError) as said:
            normal_code(changed)
        assert changed not in str(said.value)


def test_a_code_is_read_as_people_write_it() -> None:
    code = "".join(c for c in fresh_code())
    assert normal_code(code) == normal_code(code.lower().replace("-", " "))
    assert normal_code(code.replace("1", "I").replace("0", "o")) == normal_code(code)
    assert [len(group) for group in code.split("-")] == [4] * 6


def test_waiting_grows_and_ends() -> None:
    waits = [wait_after(count) for count in range(60)]
    assert waits[:3] == [0.0, 0.0, 0.0] and waits[3] > 0.0
    assert waits == sorted(waits) and waits[-1] == LONGEST_WAIT_S


def test_wrong_ones_are_counted_until_a_right_one(tmp_path: Path) -> None:
    for _ in range(4):
        wait_s = count_wrong(tmp_path, clock_s=lambda: 1000.0)
    with pytest.raises(TooSoonError):
        check_wait(tmp_path, clock_s=lambda: 1000.0 + wait_s - 0.5)
    with pytest.raises(TooSoonError):
        check_wait(tmp_path, clock_s=lambda: -1.0e6)
    check_wait(tmp_path, clock_s=lambda: 1000.0 + wait_s)
    forget_tries(tmp_path)
    check_wait(tmp_path, clock_s=lambda: 1000.0)


def test_the_derivation_is_that_of_the_rfc() -> None:
    """RFC 5869, test cases 1 and 3 (their first 32 bytes)."""
    key = b"\x0b" * 22
    first = hkdf(key, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA)))
    assert first.hex().startswith(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
    )
    third = hkdf(key, salt=b"", info=b"")
    assert third.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"


def test_a_key_is_not_shown(tmp_path: Path) -> None:
    import pickle

    file, key, code = KeyFile, key_file.DataKey.fresh(), fresh_code()
    assert key.raw().hex() not in repr(key) and code and file
    with pytest.raises(TypeError):
        pickle.dumps(key)
