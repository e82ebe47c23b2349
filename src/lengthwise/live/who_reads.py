"""Use case: who can read what is kept of a person, in plain words."""

from pathlib import Path

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.record.session_folder import profile_folder
from lengthwise.vault.key_file import State, read_key_file

IN_CLEAR = (
    "not encrypted: whoever uses this account or administers this machine can read it, and whoever "
    "gets hold of its disk or of a backup"
)
ENCRYPTED = (
    "encrypted: without the passphrase or the recovery code nobody can read it, not from the disk "
    "and not from a backup"
)
PARTLY = "the change was cut off: some files are still in clear; open the profile once to go on"


def who_reads(home: Path, profile_id: str) -> str:
    """One sentence, and what to do about it where something can be done."""
    try:
        file = read_key_file(profile_folder(home, profile_id))
    except LengthwiseError as cause:
        return str(cause)
    if file is None:
        return f"{IN_CLEAR}; change it with: lengthwise person lock --profile {profile_id}"
    return ENCRYPTED if file.state is State.ENCRYPTED else PARTLY
