"""A store that cannot be used is one clear line, and is left as it was."""

import sqlite3
from pathlib import Path

import pytest
from recorded_sessions import totals

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.own_plan import FlareTold
from lengthwise.record import database
from lengthwise.record.store import ProfileStore


def test_a_plan_of_a_newer_version_is_one_line(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        store.add_plan_events((FlareTold(739000),), at_s=1.0)
        path = store.path
    with sqlite3.connect(path) as connection:
        connection.execute('UPDATE plan_events SET content = \'{"type": "dance"}\'')
    connection.close()
    known = "allowed: a plan that this version knows"
    with (
        ProfileStore.open(tmp_path, "anna") as store,
        pytest.raises(InputError, match=known) as refused,
    ):
        store.plan_events()
    assert "\n" not in str(refused.value)


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        path = store.path
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(
        InputError, match=f"revision 9999; allowed: revision {database.HEAD_REVISION} or older"
    ):
        ProfileStore.open(tmp_path, "anna")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"not a database, " * 300, b"SQLite format 3\0" + b"\7" * 5000]
)
def test_a_file_that_is_no_database_is_one_line_and_left_as_it_was(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "profiles/anna/store.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(InputError, match="allowed: a sound store") as refused:
        ProfileStore.open(tmp_path, "anna")
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content


def test_a_damaged_page_is_found_at_opening(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        for i in range(40):
            store.add_session(totals(f"s{i}", "2026-01-31T08:15:00Z"), tmp_path / "x.mcap")
        path = store.path
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\xee" * 4096
    path.write_bytes(content)
    with pytest.raises(InputError, match="allowed: a sound store"):
        ProfileStore.open(tmp_path, "anna")
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "profiles/anna/store.sqlite"
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="a database of another program"):
        ProfileStore.open(tmp_path, "anna")
    assert path.read_bytes() == before
