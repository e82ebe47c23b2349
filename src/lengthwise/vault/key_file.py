"""`key.json`: the data key of a profile, wrapped by a passphrase and by a recovery code.

    passphrase --argon2id--> K1 --AES-256-GCM--> data key
    code ---------argon2id--> K2 --AES-256-GCM--> the same data key

Argon2id with the parameters that RFC 9106 (section 4, second choice) recommends where memory is
scarce: 64 MiB, 3 passes, 4 lanes. Another passphrase wraps anew; no file is written again.
Without this file nothing of the profile can be read, whoever knows the passphrase: deleting it
deletes the person.
"""

import hmac
import secrets
import unicodedata
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.vault.errors import WrongSecretError
from lengthwise.vault.keys import DataKey
from lengthwise.vault.recovery_code import fresh_code, normal_code
from lengthwise.vault.whole import overwrite, sync, write_whole

KEY_NAME = "key.json"
LEAST_LETTERS = 10
"""Expert default: short enough to be chosen, and four words are longer."""
MOST_LETTERS = 200
_VERSION = 1
_MEMORY_KIB, _PASSES, _LANES = 1 << 16, 3, 4
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 1 << 20, 20, 16
"""A file that asks for more was changed by somebody: it would only take this machine's memory."""
_NONCE_BYTES = 12


class State(StrEnum):
    """Where the files stand. A change that was cut off goes on when the profile is opened."""

    ENCRYPTING = "encrypting"
    ENCRYPTED = "encrypted"
    DECRYPTING = "decrypting"


class Wrapped(Struct, frozen=True, forbid_unknown_fields=True):
    """The data key under one secret, with the parameters its key was made with."""

    salt: bytes
    nonce: bytes
    sealed: bytes
    memory_kib: int
    passes: int
    lanes: int


class KeyFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`key_name` tells which key it is; `state_tag` that the state was set by who had the key: else
    who can only write files could have them decrypted."""

    version: int
    state: State
    state_tag: bytes
    key_name: str
    by_passphrase: Wrapped
    by_code: Wrapped


def new_key_file(passphrase: str) -> tuple[KeyFile, DataKey, str]:
    """A fresh key, wrapped twice, and the recovery code, which stands nowhere else."""
    key, code = DataKey.fresh(), fresh_code()
    made = KeyFile(
        version=_VERSION,
        state=State.ENCRYPTING,
        state_tag=_state_tag(key, State.ENCRYPTING),
        key_name=key.name,
        by_passphrase=_wrap(key, checked_passphrase(passphrase)),
        by_code=_wrap(key, normal_code(code)),
    )
    return made, key, code


def opened(file: KeyFile, passphrase: str) -> DataKey:
    """The data key. Raises WrongSecretError."""
    return _checked(file, _unwrap(file.by_passphrase, _normal(passphrase), "passphrase"))


def opened_by_code(file: KeyFile, code: str) -> DataKey:
    """The data key. Raises InputError on what is no code, WrongSecretError on another one."""
    return _checked(file, _unwrap(file.by_code, normal_code(code), "recovery code"))


def with_passphrase(file: KeyFile, key: DataKey, passphrase: str) -> KeyFile:
    """The same key under another passphrase."""
    return replace(file, by_passphrase=_wrap(key, checked_passphrase(passphrase)))


def with_new_code(file: KeyFile, key: DataKey) -> tuple[KeyFile, str]:
    """The same key under another recovery code, which is handed back and stands nowhere else."""
    code = fresh_code()
    return replace(file, by_code=_wrap(key, normal_code(code))), code


def in_state(file: KeyFile, key: DataKey, state: State) -> KeyFile:
    return replace(file, state=state, state_tag=_state_tag(key, state))


def key_path(folder: Path) -> Path:
    return folder / KEY_NAME


def read_key_file(folder: Path) -> KeyFile | None:
    """None where the profile has no passphrase. Raises InputError on a file that is damaged."""
    path = key_path(folder)
    try:
        file = msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise StorageError(
            f"reading {path}", cause=cause.strerror or str(cause), remedy="check its permissions"
        ) from cause
    except (msgspec.MsgspecError, ValueError) as cause:
        raise _damaged(path, "a file that cannot be read") from cause
    if file.version != _VERSION:
        raise _damaged(path, f"version {file.version}")
    for wrapped in (file.by_passphrase, file.by_code):
        if not _in_bounds(wrapped):
            raise _damaged(path, "parameters that this program never wrote")
    return file


def write_key_file(folder: Path, file: KeyFile) -> None:
    """In place of the one that is there, whole or not at all; what was there is overwritten."""
    write_whole(key_path(folder), msgspec.json.encode(file))


def checked_passphrase(passphrase: str) -> str:
    """The passphrase as it is used. Raises InputError, which never repeats it."""
    normal = _normal(passphrase)
    if not LEAST_LETTERS <= len(normal) <= MOST_LETTERS:
        raise InputError(
            "passphrase",
            value=f"{len(normal)} characters",
            allowed=f"{LEAST_LETTERS} to {MOST_LETTERS}",
            remedy="four words that do not belong together are easy to keep and hard to guess",
        ).coded("passphrase_length", least=LEAST_LETTERS, most=MOST_LETTERS, n=len(normal))
    return normal


def _normal(passphrase: str) -> str:
    """Keyboards compose the same letter in two ways; NFKC makes them one."""
    return unicodedata.normalize("NFKC", passphrase)


def _state_tag(key: DataKey, state: State) -> bytes:
    return key.tag(b"state " + state.value.encode())


def _checked(file: KeyFile, key: DataKey) -> DataKey:
    of_key = hmac.compare_digest(file.state_tag, _state_tag(key, file.state))
    if key.name != file.key_name or not of_key:
        raise InputError(
            KEY_NAME,
            value="a state that was not written with its key",
            allowed="the file as this program left it",
            remedy="take it from a backup",
        )
    return key


def _in_bounds(wrapped: Wrapped) -> bool:
    return (
        8 * wrapped.lanes <= wrapped.memory_kib <= _MOST_MEMORY_KIB
        and 1 <= wrapped.passes <= _MOST_PASSES
        and 1 <= wrapped.lanes <= _MOST_LANES
        and len(wrapped.nonce) == _NONCE_BYTES
        and len(wrapped.salt) >= 16
    )


def _wrap(key: DataKey, secret: str) -> Wrapped:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(_NONCE_BYTES)
    empty = Wrapped(salt, nonce, b"", _MEMORY_KIB, _PASSES, _LANES)
    sealed = AESGCM(_stretched(empty, secret)).encrypt(empty.nonce, key.raw(), _bound_to(empty))
    return replace(empty, sealed=sealed)


def _unwrap(wrapped: Wrapped, secret: str, what: str) -> DataKey:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        raw = AESGCM(_stretched(wrapped, secret)).decrypt(
            wrapped.nonce, wrapped.sealed, _bound_to(wrapped)
        )
    except InvalidTag:
        # `from None`: nothing of what was tried stays with the error.
        raise WrongSecretError(what) from None
    return DataKey(raw)


def _stretched(wrapped: Wrapped, secret: str) -> bytes:
    # Imported here: only who has a passphrase waits for it.
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=wrapped.salt,
        length=32,
        iterations=wrapped.passes,
        lanes=wrapped.lanes,
        memory_cost=wrapped.memory_kib,
    ).derive(secret.encode("utf-8", "surrogatepass"))


def _bound_to(wrapped: Wrapped) -> bytes:
    parameters = (wrapped.memory_kib, wrapped.passes, wrapped.lanes)
    return b"lengthwise key 1 argon2id " + repr(parameters).encode()


def _damaged(path: Path, found: str) -> InputError:
    return InputError(
        f"key file {path}",
        value=found,
        allowed="the file as this program left it",
        remedy="take it from a backup: without it nothing of this profile can be read",
    )


def destroy_key_file(folder: Path) -> None:
    """Overwrite it and take its name away, durably, before anything else of the profile goes."""
    path = key_path(folder)
    for leftover in folder.glob(f".{KEY_NAME}.*.part"):
        overwrite(leftover)
        leftover.unlink(missing_ok=True)
    if path.exists():
        overwrite(path)
        path.unlink(missing_ok=True)
    sync(folder)
