"""The passphrase of a profile: setting, opening, changing and removing it; deleting the profile.

Deleting destroys the key first. Whoever has copied the files before can read nothing of them
afterwards, also with the passphrase; unless they had copied `key.json` as well.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.errors import InputError, LengthwiseError, StorageError
from lengthwise.record.encrypting import decrypt_all, encrypt_all, quiet
from lengthwise.record.session_folder import profile_folder
from lengthwise.record.store import ProfileStore, profiles
from lengthwise.vault import keyring
from lengthwise.vault.errors import WrongSecretError
from lengthwise.vault.key_file import (
    KeyFile,
    State,
    destroy_key_file,
    in_state,
    new_key_file,
    opened,
    opened_by_code,
    read_key_file,
    with_new_code,
    with_passphrase,
    write_key_file,
)
from lengthwise.vault.keys import DataKey
from lengthwise.vault.tries import check_wait, count_wrong, forget_tries
from lengthwise.vault.whole import overwrite


class NewLock(Struct, frozen=True):
    """A passphrase that is about to be set. `code`: the recovery code, to be shown before anything
    is encrypted, as it stands nowhere else."""

    file: KeyFile
    key: DataKey
    code: str


class DeletedProfile(Struct, frozen=True):
    """`key_destroyed`: it had a passphrase. `elsewhere`: recordings that the person had written to
    other places; they are left there. None: that could not be known without the passphrase."""

    profile_id: str
    key_destroyed: bool
    elsewhere: tuple[str, ...] | None


def has_passphrase(home: Path, profile_id: str) -> bool:
    return read_key_file(profile_folder(home, profile_id)) is not None


def is_locked(home: Path, profile_id: str) -> bool:
    """Whether its passphrase is needed before this process can read it."""
    return keyring.is_locked(profile_folder(home, profile_id))


def prepared(home: Path, profile_id: str, passphrase: str) -> NewLock:
    """Checks everything that can be checked; writes nothing. Raises InputError."""
    check_lockable(home, profile_id)
    return NewLock(*new_key_file(passphrase))


def check_lockable(home: Path, profile_id: str) -> None:
    """Raises InputError on a profile that is not there or has a passphrase."""
    folder = _known_folder(home, profile_id)
    if read_key_file(folder) is not None:
        raise InputError(
            f"profile {profile_id}",
            value="a passphrase that is set already",
            allowed="a profile without one",
            remedy=f"change it with: lengthwise person passphrase --profile {profile_id}",
        ).coded("passphrase_set")


def encrypt(home: Path, profile_id: str, lock: NewLock) -> None:
    """Encrypt the profile in place. Raises StorageError or InputError; cut off after its beginning,
    the passphrase is set, and the next opening goes on."""
    folder = _known_folder(home, profile_id)
    # A store of an older version is brought up to date while it is in clear.
    ProfileStore.open(home, profile_id).close()
    with quiet(folder):
        if read_key_file(folder) is not None:
            raise StorageError(
                f"profile {profile_id}",
                cause="somebody else has just set a passphrase",
                remedy="nothing was changed",
            )
        write_key_file(folder, lock.file)
        keyring.hold(folder, lock.key)
        encrypt_all(folder, lock.key)
        write_key_file(folder, in_state(lock.file, lock.key, State.ENCRYPTED))


def unlock(home: Path, profile_id: str, passphrase: str) -> None:
    """Give this process the key. Raises WrongSecretError, TooSoonError; without a passphrase there
    is nothing to do."""
    folder = profile_folder(home, profile_id)
    file = read_key_file(folder)
    if file is None:
        return
    key = _tried(folder, lambda: opened(file, passphrase))
    keyring.hold(folder, key)
    _go_on(folder, file, key)


def change(home: Path, profile_id: str, passphrase: str, new_passphrase: str) -> None:
    """Another passphrase for the same key; no other file is written."""
    folder, file = _locked_folder(home, profile_id)
    key = _tried(folder, lambda: opened(file, passphrase))
    write_key_file(folder, with_passphrase(file, key, new_passphrase))
    keyring.hold(folder, key)


def reset_by_code(home: Path, profile_id: str, code: str, new_passphrase: str) -> str:
    """A new passphrase for who has the recovery code, and a new code in place of the used one."""
    folder, file = _locked_folder(home, profile_id)
    key = _tried(folder, lambda: opened_by_code(file, code))
    file, new_code = with_new_code(with_passphrase(file, key, new_passphrase), key)
    write_key_file(folder, file)
    keyring.hold(folder, key)
    _go_on(folder, file, key)
    return new_code


def new_code(home: Path, profile_id: str, passphrase: str) -> str:
    """A new recovery code; the old one opens nothing any more."""
    folder, file = _locked_folder(home, profile_id)
    key = _tried(folder, lambda: opened(file, passphrase))
    file, code = with_new_code(file, key)
    write_key_file(folder, file)
    return code


def remove(home: Path, profile_id: str, passphrase: str) -> None:
    """Everything in clear again, and no passphrase. Cut off, the next opening goes on."""
    folder, file = _locked_folder(home, profile_id)
    key = _tried(folder, lambda: opened(file, passphrase))
    keyring.hold(folder, key)
    with quiet(folder):
        write_key_file(folder, in_state(file, key, State.DECRYPTING))
        decrypt_all(folder, key)
        destroy_key_file(folder)
    keyring.drop(folder)


def delete_profile(home: Path, profile_id: str) -> DeletedProfile:
    """Destroy the key, then remove every file of the profile. Cut off, it can be repeated; the key
    is gone by then. Raises InputError on an unknown profile or while a session is going on."""
    folder = _known_folder(home, profile_id)
    elsewhere = _elsewhere(home, profile_id)
    with quiet(folder):
        had_key = read_key_file_or_none(folder)
        destroy_key_file(folder)
        keyring.drop(folder)
        try:
            if not had_key:
                for path in folder.rglob("*"):
                    if path.is_file() and not path.is_symlink():
                        overwrite(path)
            shutil.rmtree(folder)
        except OSError as cause:
            raise StorageError(
                f"deleting {folder}",
                cause=cause.strerror or str(cause),
                remedy="check its permissions, then delete the profile again",
            ) from cause
    return DeletedProfile(profile_id, had_key, elsewhere)


def read_key_file_or_none(folder: Path) -> bool:
    """Whether there is a key file, sound or not."""
    try:
        return read_key_file(folder) is not None
    except LengthwiseError:
        return True


def _elsewhere(home: Path, profile_id: str) -> tuple[str, ...] | None:
    try:
        with ProfileStore.open(home, profile_id) as store:
            recordings = (store.recording(totals.session_id) for totals in store.sessions())
            return tuple(str(p) for p in recordings if not p.is_relative_to(store.folder))
    except LengthwiseError:
        return None


def _go_on(folder: Path, file: KeyFile, key: DataKey) -> None:
    """What was cut off, where it can be done now; if not, the next opening does it."""
    if file.state is State.ENCRYPTED:
        return
    with suppress(StorageError, InputError), quiet(folder):
        if file.state is State.ENCRYPTING:
            encrypt_all(folder, key)
            write_key_file(folder, in_state(file, key, State.ENCRYPTED))
        else:
            decrypt_all(folder, key)
            destroy_key_file(folder)


def _tried(folder: Path, attempt: Callable[[], DataKey]) -> DataKey:
    check_wait(folder)
    try:
        key = attempt()
    except WrongSecretError as wrong:
        raise WrongSecretError(wrong.what, wait_s=count_wrong(folder)) from None
    forget_tries(folder)
    return key


def _locked_folder(home: Path, profile_id: str) -> tuple[Path, KeyFile]:
    folder = _known_folder(home, profile_id)
    file = read_key_file(folder)
    if file is None:
        raise InputError(
            f"profile {profile_id}",
            value="no passphrase",
            allowed="a profile that has one",
            remedy=f"set one with: lengthwise person lock --profile {profile_id}",
        ).coded("passphrase_none")
    return folder, file


def _known_folder(home: Path, profile_id: str) -> Path:
    folder = profile_folder(home, profile_id)
    if folder.is_dir():
        return folder
    known = profiles(home)
    raise InputError(
        "--profile",
        value=profile_id,
        allowed=", ".join(known) or "none, as nobody is kept yet",
        remedy="choose one of these" if known else "there is nothing to lock or to delete",
    )
