"""The certificate and the address of a machine, whatever it is called and wherever it stands."""

import socket
from ipaddress import ip_address
from pathlib import Path

import pytest

from lengthwise.web.phone_tls import made_certificate, own_address


@pytest.mark.parametrize(
    "name", ["laptop", "annas-laptop.home.arpa", "Annas Rechner", "ünder", "", "a..b", "-"]
)
def test_a_machine_may_be_called_anything(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    made = made_certificate("192.168.1.20", tmp_path / "keys")
    assert len(made.fingerprint.split(":")) == 32
    assert not list((tmp_path / "keys").iterdir())


def test_two_certificates_have_nothing_in_common(tmp_path: Path) -> None:
    one, other = (made_certificate("192.168.1.20", tmp_path) for _ in range(2))
    assert one.fingerprint != other.fingerprint


def test_the_address_is_one_that_others_reach_or_none() -> None:
    found = own_address()
    assert found is None or not ip_address(found).is_loopback


def test_without_a_network_there_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_given: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert own_address() is None
