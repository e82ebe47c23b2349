"""Encrypted files: what was written comes back from any place; what was changed never does."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.vault import keyring
from lengthwise.vault.blocks import BlockOpener, BlockSealer
from lengthwise.vault.errors import LockedError, TamperedError
from lengthwise.vault.files import open_reading, open_writing_text, read_bytes, write_bytes
from lengthwise.vault.key_file import KEY_NAME
from lengthwise.vault.keys import DataKey
from lengthwise.vault.sealed_file import CHUNK_BYTES, Reader, Writer

KEY = DataKey(bytes(range(32)))
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 17]


def content(size: int) -> bytes:
    return bytes(i * 7 % 251 for i in range(size))


def written(path: Path, raw: bytes, *, piece: int = 1 << 20, key: DataKey = KEY) -> Path:
    with Writer(path, key) as file:
        for i in range(0, len(raw), piece):
            file.write(raw[i : i + piece])
    return path


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("piece", [1 << 20, 999])
def test_what_was_written_comes_back(tmp_path: Path, size: int, piece: int) -> None:
    path = written(tmp_path / "a", content(size), piece=piece)
    with io.BufferedReader(Reader(path, KEY)) as file:
        assert file.read() == content(size)
        assert file.seek(0, io.SEEK_END) == size
    assert path.stat().st_size - size <= 28 + 16 * (size // CHUNK_BYTES + 1)
    assert path.stat().st_mode & 0o077 == 0


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, SIZES[-1]), st.integers(0, 70_000)), max_size=8))
def test_it_is_read_from_any_place(places: list[tuple[int, int]]) -> None:
    raw = content(SIZES[-1])
    with TemporaryDirectory() as folder:
        path = written(Path(folder) / "a", raw)
        with io.BufferedReader(Reader(path, KEY)) as file:
            for at, count in places:
                file.seek(at)
                assert file.read(count) == raw[at : at + count]


@settings(max_examples=60)
@given(st.data())
def test_a_changed_bit_a_cut_or_a_piece_of_another_file_is_never_read(data: st.DataObject) -> None:
    raw = content(2 * CHUNK_BYTES + 100)
    with TemporaryDirectory() as folder:
        whole = written(Path(folder) / "a", raw).read_bytes()
        other = written(Path(folder) / "b", raw).read_bytes()
        step, head = CHUNK_BYTES + 16, 28
        at = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.integers(0, len(whole) - 1))
        changed = data.draw(
            st.sampled_from(
                [
                    whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
                    whole[:cut],
                    whole + b"\0",
                    whole[: head + step] + whole[head + 2 * step :],
                    whole[:head] + whole[head + step : head + 2 * step] + whole[head + step :],
                    whole[: head + step] + other[head + step :],
                ]
            )
        )
        path = Path(folder) / "c"
        path.write_bytes(changed)
        with pytest.raises(TamperedError), io.BufferedReader(Reader(path, KEY)) as file:
            file.read()


def test_another_key_reads_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a", b"of anna")
    with pytest.raises(TamperedError) as said:
        Reader(path, DataKey.fresh())
    assert "of anna" not in str(said.value)


def test_a_file_left_by_an_error_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Writer(tmp_path / "a", KEY) as file:
        file.write(content(CHUNK_BYTES + 5))
        raise RuntimeError
    with pytest.raises(TamperedError):
        Reader(tmp_path / "a", KEY)


def test_what_lies_in_a_locked_folder_is_written_encrypted_or_not_at_all(tmp_path: Path) -> None:
    from lengthwise.vault import key_file

    anna = tmp_path / "profiles" / "anna"
    folder = anna / "sessions" / "x"
    folder.mkdir(parents=True)
    write_bytes(folder / "before", b"in clear")
    file, key, _ = key_file.new_key_file("four words of mine")
    key_file.write_key_file(anna, file)
    with pytest.raises(LockedError):
        write_bytes(folder / "a", b"pain 7")
    assert not (folder / "a").exists()
    keyring.hold(anna, key)
    try:
        write_bytes(folder / "a", b"pain 7")
        with open_writing_text(folder / "t.csv") as table:
            table.write("t_s,x\n" * 50_000)
        assert read_bytes(folder / "a") == b"pain 7"
        assert read_bytes(folder / "t.csv") == b"t_s,x\n" * 50_000
        assert read_bytes(folder / "before") == b"in clear"
        for name in ("a", "t.csv"):
            assert b"pain" not in (folder / name).read_bytes()
            assert b"t_s" not in (folder / name).read_bytes()
        (anna / KEY_NAME).unlink()
        with pytest.raises(LockedError):
            open_reading(folder / "a")
    finally:
        keyring.drop(anna)


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_blocks_come_back_in_their_order(events: list[bytes]) -> None:
    sealer, opener = BlockSealer(KEY), BlockOpener(KEY)
    for event in events:
        block = sealer.sealed(event)
        sealer.written()
        assert opener.opened(block) == event
    assert opener.missing == 0


def test_blocks_out_of_order_repeated_left_out_or_of_another_log_are_noticed() -> None:
    sealer, other = BlockSealer(KEY), BlockSealer(KEY)
    blocks = []
    for event in (b"a", b"b", b"c", b"d"):
        blocks.append(sealer.sealed(event))
        sealer.written()
    a, b, c, d = blocks
    opener = BlockOpener(KEY)
    assert opener.opened(a) == b"a"
    assert opener.opened(a) is None, "repeated"
    assert opener.opened(c) == b"c"
    assert opener.missing == 1, "one was left out"
    assert opener.opened(b) is None, "too late"
    assert opener.opened(other.sealed(b"d")) is None, "of another log"
    assert opener.opened(d[:-1] + bytes([d[-1] ^ 1])) is None, "changed"
    assert opener.opened(b"in clear") is None
    assert opener.opened(d) == b"d"


def test_a_block_that_was_not_written_never_shares_its_nonce() -> None:
    sealer = BlockSealer(KEY)
    torn, again = sealer.sealed(b"the first"), sealer.sealed(b"the other")
    assert torn[20:32] != again[20:32]
    assert BlockOpener(KEY).opened(again) == b"the other"


def test_a_file_of_that_name_elsewhere_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / KEY_NAME).write_text("{}")
    write_bytes(tmp_path / "a", b"in clear")
    assert read_bytes(tmp_path / "a") == b"in clear"
    assert keyring.locked_folder(tmp_path / "a") is None
