"""`lengthwise person lock` and its companions: the passphrase of a profile, and its end."""

import argparse
from pathlib import Path

from lengthwise.cli.unlocking import CODE, NEW_PASSPHRASE, PASSPHRASE, at_terminal, given, secret
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home

ACTIONS = ("lock", "unlock", "passphrase", "code", "recover", "delete")
HELP = (
    "lock: encrypt everything with a passphrase; unlock: take it off again; passphrase: another "
    "one; code: a new recovery code; recover: a new passphrase by the recovery code; delete: the "
    "person and everything recorded, the key first. Without: state and list"
)
EXAMPLES = """  lengthwise person lock --profile anna
  lengthwise person recover --profile anna
  lengthwise person delete --profile anna

A passphrase is asked for in the terminal. A script gives it as LENGTHWISE_PASSPHRASE, or better as
one line of the file descriptor LENGTHWISE_PASSPHRASE_FD; a new one as LENGTHWISE_NEW_PASSPHRASE
or its _FD, a recovery code as LENGTHWISE_RECOVERY_CODE or its _FD.
"""
_SSD = (
    "What was in clear is overwritten where it stood; a disk of flash memory and a file system "
    "with snapshots may keep copies for a while, and backups that were made keep theirs."
)


def add_actions(c: argparse.ArgumentParser) -> None:
    c.add_argument("action", nargs="?", choices=ACTIONS, metavar="WHAT", help=HELP)
    c.add_argument("--yes", action="store_true", help="with delete: do not ask first")


def run(o: argparse.Namespace) -> int:
    {
        "lock": _lock,
        "unlock": _unlock,
        "passphrase": _passphrase,
        "code": _code,
        "recover": _recover,
        "delete": _delete,
    }[o.action](data_home(), o.profile, o)
    return 0


def _lock(home: Path, profile: str, _: argparse.Namespace) -> None:
    from lengthwise.record.locking import check_lockable, encrypt, prepared

    check_lockable(home, profile)  # said before anything is typed
    lock = prepared(home, profile, _new_one(PASSPHRASE))
    _show_code(lock.code)
    encrypt(home, profile, lock)
    print(f"profile {profile} is encrypted; every command that reads it asks for the passphrase")
    print(_SSD)


def _unlock(home: Path, profile: str, _: argparse.Namespace) -> None:
    from lengthwise.live.who_reads import IN_CLEAR
    from lengthwise.record.locking import remove

    remove(home, profile, _old_one(profile))
    print(f"profile {profile} has no passphrase any more; it is {IN_CLEAR}")


def _passphrase(home: Path, profile: str, _: argparse.Namespace) -> None:
    from lengthwise.record.locking import change

    change(home, profile, _old_one(profile), _new_one(NEW_PASSPHRASE))
    print("the passphrase is another one; the recovery code is still the same")


def _code(home: Path, profile: str, _: argparse.Namespace) -> None:
    from lengthwise.record.locking import new_code

    _show_code(new_code(home, profile, _old_one(profile)))
    print("the earlier recovery code opens nothing any more")


def _recover(home: Path, profile: str, _: argparse.Namespace) -> None:
    from lengthwise.record.locking import reset_by_code

    code = secret(CODE, f"Recovery code of {profile}")
    _show_code(reset_by_code(home, profile, code, _new_one(NEW_PASSPHRASE)))
    print("the passphrase is set; the recovery code that was used opens nothing any more")


def _delete(home: Path, profile: str, o: argparse.Namespace) -> None:
    from lengthwise.live.own_data import forget_person
    from lengthwise.live.who_reads import who_reads

    if not o.yes:
        _confirmed(profile)
    if "not encrypted" in who_reads(home, profile):
        print(_SSD)
    forgotten = forget_person(home, profile)
    deleted = forgotten.deleted
    print(f"profile {profile} is deleted")
    if forgotten.answers_stay:
        print("your last answers to the safety questions stay until they may be given anew")
    if deleted.key_destroyed:
        print("its key is destroyed: what may be left of its files cannot be read by anybody")
        print("a backup that holds key.json as well can still be opened with the passphrase")
    if deleted.elsewhere is None:
        print("whether recordings of it lie outside the profile could not be seen without the key")
    for path in deleted.elsewhere or ():
        print(f"left in its place, as you chose it: {path}")


def _confirmed(profile: str) -> None:
    if not at_terminal():
        raise InputError(
            "person delete",
            value="no terminal to ask in",
            allowed="only with --yes in a script",
            remedy="nothing was deleted",
        )
    typed = input(f"This cannot be undone. Type {profile} to delete everything recorded of it: ")
    if typed.strip() != profile:
        raise InputError(
            "person delete", value="another name", allowed=profile, remedy="nothing was deleted"
        )


def _old_one(profile: str) -> str:
    return secret(PASSPHRASE, f"Passphrase of {profile}")


def _new_one(name: str) -> str:
    """Typed twice in a terminal. Raises InputError."""
    from lengthwise.vault.key_file import checked_passphrase

    found = given(name)
    if found is not None:
        return checked_passphrase(found)
    if at_terminal():
        print("Four words that do not belong together are easy to keep and hard to guess.")
    first = checked_passphrase(secret(name, "New passphrase"))
    if secret(name, "The same once more") != first:
        raise InputError(
            "passphrase",
            value="two different ones",
            allowed="the same twice",
            remedy="nothing was changed; try again",
        )
    return first


def _show_code(code: str) -> None:
    print(f"Recovery code: {code}")
    print("Write it on paper. It opens the profile when the passphrase is forgotten; without both,")
    print("nobody can open it again, and we cannot either.", flush=True)
