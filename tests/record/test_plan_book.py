"""What was told for the plan is encrypted with its profile, and read again with the passphrase."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from locked_profiles import WORDS, locked, make_light, recorded

from lengthwise.contracts.plan_book import PlanBook
from lengthwise.record import locking
from lengthwise.record.plan_book import BOOK_NAME, change_book, read_book
from lengthwise.record.session_folder import profile_folder
from lengthwise.vault import keyring
from lengthwise.vault.errors import LockedError

SECRET = "Tying my shoes in the morning"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make_light(monkeypatch)
    yield
    keyring._held.clear()


def test_it_is_encrypted_with_the_profile_before_and_after(tmp_path: Path) -> None:
    recorded(tmp_path)
    folder = profile_folder(tmp_path, "anna")
    change_book(folder, lambda _: PlanBook(movement=SECRET))
    assert SECRET.encode() in (folder / BOOK_NAME).read_bytes()
    locked(tmp_path)
    assert SECRET.encode() not in (folder / BOOK_NAME).read_bytes()
    assert read_book(folder).movement == SECRET
    change_book(folder, lambda book: PlanBook(movement=book.movement, asks=("May I run?",)))
    assert b"May I run?" not in (folder / BOOK_NAME).read_bytes()
    keyring.drop(folder)
    with pytest.raises(LockedError):
        read_book(folder)
    locking.unlock(tmp_path, "anna", WORDS)
    assert read_book(folder).asks == ("May I run?",)
