"""A profile with a passphrase: nothing in clear, nothing lost, and nothing left when deleted."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from locked_profiles import CANARY, IN_CLEAR, WORDS, all_bytes, locked, make_light, recorded
from recorded_sessions import SESSION_ID, session

from lengthwise.contracts.errors import InputError, LengthwiseError, StorageError
from lengthwise.contracts.screening import SafetyStop
from lengthwise.record import encrypting, locking
from lengthwise.record.log import LogWriter
from lengthwise.record.recover import recover
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.record.session_folder import session_folder
from lengthwise.record.store import ProfileStore
from lengthwise.vault import keyring
from lengthwise.vault.errors import LockedError, TooSoonError, WrongSecretError
from lengthwise.vault.files import read_bytes
from lengthwise.vault.key_file import KEY_NAME, State, read_key_file


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make_light(monkeypatch)
    yield
    keyring._held.clear()


def content(home: Path) -> tuple[object, ...]:
    """Everything that a profile holds, as it is read."""
    with ProfileStore.open(home, "anna") as store:
        sealed = session_folder(home, "anna", SESSION_ID).sealed
        events = sum(1 for _ in read_sealed(sealed))
        return store.person(), store.sessions(), events, read_bytes(sealed.parent / "report.html")


def test_with_a_passphrase_nothing_is_in_clear_and_everything_is_there(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    before = content(tmp_path)
    assert all(word in all_bytes(folder) for word in IN_CLEAR)
    locked(tmp_path)
    assert not any(word in all_bytes(folder) for word in IN_CLEAR)
    assert encrypting.in_clear(folder) == ()
    assert content(tmp_path) == before
    keyring.drop(folder)
    for attempt in (content, lambda home: recover(home / "profiles" / "anna" / "sessions")):
        with pytest.raises(LockedError):
            attempt(tmp_path) or content(tmp_path)
    locking.unlock(tmp_path, "anna", WORDS)
    assert content(tmp_path) == before
    locking.remove(tmp_path, "anna", WORDS)
    assert content(tmp_path) == before
    assert not (folder / KEY_NAME).exists() and all(w in all_bytes(folder) for w in IN_CLEAR)


class CutError(OSError):
    """The machine is gone: nothing behind this line happens."""


@pytest.mark.parametrize("back", [False, True], ids=["encrypting", "decrypting"])
def test_cut_off_at_any_step_nothing_is_lost_and_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, back: bool
) -> None:
    """Each step that changes a name on the disk is the last one in turn."""
    origin = tmp_path / "origin"
    recorded(origin)
    before = content(origin)
    if back:
        locked(origin)
        keyring._held.clear()
    real = Path.replace
    steps = 0
    for last in range(40):
        home = tmp_path / f"cut{last}"
        shutil.copytree(origin, home)
        left = last

        def cut(self: Path, target: Path) -> Path:
            nonlocal left
            if left == 0:
                raise CutError(errno.EIO, "cut off")
            left -= 1
            return real(self, target)

        monkeypatch.setattr(Path, "replace", cut)
        try:
            locking.remove(home, "anna", WORDS) if back else locked(home)
        except (StorageError, CutError):
            done = False
        else:
            done = True
        monkeypatch.setattr(Path, "replace", real)
        keyring._held.clear()
        folder = home / "profiles" / "anna"
        if (folder / KEY_NAME).exists():
            locking.unlock(home, "anna", WORDS)
        assert content(home) == before, last
        if (folder / KEY_NAME).exists() and not back:
            assert encrypting.in_clear(folder) == () and CANARY.encode() not in all_bytes(folder)
            file = read_key_file(folder)
            assert file is not None and file.state is State.ENCRYPTED
        assert not list(folder.rglob("*.turning*"))
        keyring._held.clear()
        shutil.rmtree(home)
        steps += 1
        if done:
            break
    assert done and steps >= 5


_SET_IT = """
import sys
from pathlib import Path
from lengthwise.record import locking
from lengthwise.vault import key_file
key_file._MEMORY_KIB, key_file._PASSES, key_file._LANES = 64, 1, 1
home = Path(sys.argv[1])
lock = locking.prepared(home, "anna", sys.argv[2])
print("begins", flush=True)
locking.encrypt(home, "anna", lock)
"""


@pytest.mark.parametrize("after_s", [0.0, 0.01, 0.03, 0.06])
def test_killed_in_the_middle_it_goes_on(tmp_path: Path, after_s: float) -> None:
    folder = recorded(tmp_path)
    before = content(tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", _SET_IT, str(tmp_path), WORDS], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None and child.stdout.readline() == "begins\n"
    try:
        child.wait(timeout=after_s)
    except subprocess.TimeoutExpired:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    child.stdout.close()
    if (folder / KEY_NAME).exists():
        locking.unlock(tmp_path, "anna", WORDS)
        assert CANARY.encode() not in all_bytes(folder)
    assert content(tmp_path) == before


def test_a_wrong_passphrase_is_one_line_and_waits_longer_each_time(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    locked(tmp_path)
    keyring.drop(folder)
    for _ in range(3):
        with pytest.raises(WrongSecretError) as said:
            locking.unlock(tmp_path, "anna", "not these words at all")
        assert "\n" not in str(said.value) and "not these" not in str(said.value)
    with pytest.raises(TooSoonError):
        locking.unlock(tmp_path, "anna", WORDS)
    (folder / "key.tries").unlink()
    locking.unlock(tmp_path, "anna", WORDS)
    assert not (folder / "key.tries").exists()


def test_another_passphrase_writes_no_other_file(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    code = locked(tmp_path)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != KEY_NAME}
    locking.change(tmp_path, "anna", WORDS, "quite other words")
    assert before == {p: p.read_bytes() for p in before}
    keyring.drop(folder)
    with pytest.raises(WrongSecretError):
        locking.unlock(tmp_path, "anna", WORDS)
    locking.unlock(tmp_path, "anna", "quite other words")
    second = locking.reset_by_code(tmp_path, "anna", code, "words of a third kind")
    with pytest.raises(WrongSecretError):
        locking.reset_by_code(tmp_path, "anna", code, "words of a fourth kind")
    locking.reset_by_code(tmp_path, "anna", second, "words of a fourth kind")
    assert content(tmp_path)[0]


def test_what_remains_of_a_deleted_profile_is_not_read_even_with_the_passphrase(
    tmp_path: Path,
) -> None:
    folder = recorded(tmp_path)
    code = locked(tmp_path)
    copied = tmp_path / "copy" / "profiles" / "anna"
    shutil.copytree(folder, copied)
    assert locking.delete_profile(tmp_path, "anna").key_destroyed
    assert not folder.exists()
    (copied / KEY_NAME).unlink()
    keyring._held.clear()
    home = tmp_path / "copy"
    for attempt in (
        lambda: locking.unlock(home, "anna", WORDS) or content(home),
        lambda: locking.reset_by_code(home, "anna", code, WORDS),
        lambda: read_bytes(copied / "sessions" / SESSION_ID / "report.html"),
        lambda: list(read_sealed(copied / "sessions" / SESSION_ID / "session.mcap")),
    ):
        with pytest.raises(LengthwiseError):
            attempt()
    assert not any(word in all_bytes(copied) for word in IN_CLEAR)
    # A new key for the same passphrase does not fit either.
    locking.write_key_file(copied, locking.prepared(home, "anna", WORDS).file)
    locking.unlock(home, "anna", WORDS)
    with pytest.raises(LengthwiseError):
        content(home)


def test_the_key_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = recorded(tmp_path)
    locked(tmp_path)

    def refused(path: Path) -> None:
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(locking.shutil, "rmtree", refused)
    with pytest.raises(StorageError, match="deleting") as why:
        locking.delete_profile(tmp_path, "anna")
    assert why.value.code is None
    assert not (folder / KEY_NAME).exists() and (folder / "store.sqlite").exists()
    monkeypatch.undo()
    make_light(monkeypatch)
    locking.delete_profile(tmp_path, "anna")
    assert not folder.exists()


def test_nothing_is_turned_while_a_session_is_written(tmp_path: Path) -> None:
    recorded(tmp_path)
    folder = session_folder(tmp_path, "anna", "20260201T081500Z-a1b2c4").create()
    with LogWriter(folder.log) as log:
        log.append(next(iter(session(10))))
        for attempt in (locked, lambda home: locking.delete_profile(home, "anna")):
            with pytest.raises(InputError, match="going on"):
                attempt(tmp_path)
    assert not (tmp_path / "profiles" / "anna" / KEY_NAME).exists()


def test_nothing_is_turned_while_somebody_has_the_store_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encrypting, "_BUSY_S", 0.1)
    recorded(tmp_path)
    before = content(tmp_path)
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.sessions()
        with pytest.raises(StorageError, match="another program") as why:
            locked(tmp_path)
        assert why.value.code == "in_use"
        store.save_person(store.person())
    assert content(tmp_path) == before
    locking.unlock(tmp_path, "anna", WORDS)
    assert encrypting.in_clear(tmp_path / "profiles" / "anna") == ()


def test_a_database_in_clear_put_into_an_encrypted_profile_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path)
    plain = (tmp_path / "profiles" / "anna" / "store.sqlite").read_bytes()
    locked(tmp_path)
    (tmp_path / "profiles" / "anna" / "store.sqlite").write_bytes(plain)
    with pytest.raises(InputError, match="not a sound"):
        content(tmp_path)


_WRITE_ON = """
import sys
from pathlib import Path
from lengthwise.record import locking
from lengthwise.record.store import ProfileStore
home = Path(sys.argv[1])
locking.unlock(home, "anna", sys.argv[2])
with ProfileStore.open(home, "anna") as store:
    for n in range(10_000):
        store.add_safety_stop(f"s{n}", at_s=float(n))
        print(n, flush=True)
"""


def test_what_the_encrypted_store_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    recorded(tmp_path)
    locked(tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", _WRITE_ON, str(tmp_path), WORDS], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = [child.stdout.readline() for _ in range(20)]
    os.kill(child.pid, signal.SIGKILL)
    told += child.stdout.read().splitlines()
    child.wait()
    with ProfileStore.open(tmp_path, "anna") as store:
        last = store.told_of_safety()[-1]
    assert isinstance(last, SafetyStop) and last.at_s >= float(told[-1])
    assert not any(word in all_bytes(tmp_path / "profiles") for word in IN_CLEAR)


def test_the_real_parameters_open_a_profile_soon_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most 1.5 s of processor time, of all lanes together: here others are at work."""
    import time

    monkeypatch.undo()
    recorded(tmp_path)
    locked(tmp_path)
    keyring._held.clear()
    begun_s = time.process_time()
    locking.unlock(tmp_path, "anna", WORDS)
    with ProfileStore.open(tmp_path, "anna") as store:
        store.person()
    assert time.process_time() - begun_s < 1.5


def test_a_recording_is_analysed_again_only_with_the_key(tmp_path: Path) -> None:
    from lengthwise.sensing.driver import OpenOptions
    from lengthwise.sensing.sealed_session import DRIVER

    sealed = recorded(tmp_path) / "sessions" / SESSION_ID / "session.mcap"

    def read() -> list[object]:
        return [type(item) for item in DRIVER.open(sealed, OpenOptions()).read()]

    before = read()
    locked(tmp_path)
    assert read() == before and before
    keyring._held.clear()
    with pytest.raises(LockedError):
        read()


def test_deleting_one_session_of_a_locked_profile_leaves_the_others(tmp_path: Path) -> None:
    recorded(tmp_path)
    locked(tmp_path)
    with ProfileStore.open(tmp_path, "anna") as store:
        store.delete_session(SESSION_ID)
        assert store.sessions() == [] and store.person().measures
    assert not session_folder(tmp_path, "anna", SESSION_ID).path.exists()
