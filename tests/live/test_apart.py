"""A use case in a process of its own: what it hands back, what it raises, and how it ends."""

import os
import threading
from importlib import import_module
from pathlib import Path

import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.live import apart, nursery
from lengthwise.live.placing import placed
from lengthwise.record import locking
from lengthwise.record.store import ProfileStore
from lengthwise.vault import key_file, keyring

HERE = f"{__name__}:"
forked = pytest.mark.skipif(not nursery.FORKS, reason="elsewhere it runs where it is called")


def mine() -> int:
    return os.getpid()


def refuses() -> None:
    raise SafetyRefusedError("leading", reason="this is a test", remedy="do nothing")


def finds(value: object) -> None:
    raise InputError("a thing", value=value, allowed="another", remedy="take another")


def vanishes() -> None:
    os._exit(3)


def never() -> None:
    threading.Event().wait(600.0)


def height_m(home: str, profile: str) -> float | None:
    with ProfileStore.open(Path(home), profile) as store:
        return None if not store.person().measures else store.person().measures[0].value


@pytest.mark.parametrize("use_case", apart.ALL)
def test_every_use_case_that_is_named_is_there(use_case: str) -> None:
    module, _, name = use_case.partition(":")
    assert callable(getattr(import_module(module), name))


@forked
def test_it_runs_elsewhere_each_time_anew() -> None:
    first, second = apart.call(HERE + "mine"), apart.call(HERE + "mine")
    assert len({first, second, os.getpid()}) == 3


def test_what_it_hands_back_is_what_it_hands_back_here() -> None:
    told = apart.call(apart.PLACED, "seated_hamstring", side=Side.RIGHT, height_cm=181)
    assert told == placed("seated_hamstring", side=Side.RIGHT, height_cm=181)


def test_what_it_raises_is_raised_with_its_facts() -> None:
    with pytest.raises(SafetyRefusedError, match="leading refused: this is a test; do nothing"):
        apart.call(HERE + "refuses")
    with pytest.raises(InputError) as raised:
        apart.call(HERE + "finds", Path("there"))
    assert (raised.value.what, raised.value.remedy) == ("a thing", "take another")
    assert raised.value.exit_code == 2
    assert "found there" in str(raised.value)


@forked
def test_one_that_ends_without_an_answer_is_one_clear_line() -> None:
    with pytest.raises(apart.CutOffError, match="try again"):
        apart.call(HERE + "vanishes")
    assert apart.call(HERE + "mine") != os.getpid(), "and takes no other with it"


@forked
def test_what_nobody_wants_any_more_is_not_waited_for() -> None:
    with pytest.raises(apart.CutOffError):
        apart.call(HERE + "never", given_up=lambda: True)
    assert apart.call(HERE + "mine", given_up=lambda: False) != os.getpid()


def test_it_is_given_the_key_of_the_profile_and_of_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"_MEMORY_KIB": 64, "_PASSES": 1, "_LANES": 1}.items():
        monkeypatch.setattr(key_file, name, value)
    with ProfileStore.open(tmp_path, "anna") as store:
        folder = store.folder
    locking.encrypt(tmp_path, "anna", locking.prepared(tmp_path, "anna", "four words of mine"))
    try:
        asked = HERE + "height_m", str(tmp_path), "anna"
        assert apart.call(*asked, opened=folder) is None
        if nursery.FORKS:
            with pytest.raises(Exception, match="passphrase"):
                apart.call(*asked)
    finally:
        keyring._held.clear()
