"""What a phone needs to reach this machine: its address, and a certificate made on the spot."""

import socket
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from lengthwise.record.session_folder import make_private_folder

VALID_FOR = timedelta(hours=12)
_ELSEWHERE = ("192.0.2.1", 9)
"""An address of documentation (RFC 5737): asked for the way there, nothing is sent."""


class Certificate(Struct, frozen=True):
    """`context` serves with it; `fingerprint` SHA-256 as browsers write it."""

    context: ssl.SSLContext
    fingerprint: str


def own_address() -> str | None:
    """The address under which others in the same network reach this machine; None in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    found = IPv4Address(address)
    return None if found.is_loopback or found.is_unspecified else address


def made_certificate(address: str, folder: Path) -> Certificate:
    """For that address and the names of this machine. The key lies in `folder`, readable by its
    owner alone, for as long as it takes to load it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lengthwise on this machine")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(_names(address)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    make_private_folder(folder)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        both = Path(place) / "pair.pem"
        both.touch(mode=0o600)
        both.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(both)
    return Certificate(context, certificate.fingerprint(hashes.SHA256()).hex(":").upper())


def _names(address: str) -> list[x509.GeneralName]:
    host = socket.gethostname()
    named = [name for name in (host, f"{host}.local") if _is_name(name)]
    return [x509.IPAddress(ip_address(address)), *(x509.DNSName(name) for name in named)]


def _is_name(name: str) -> bool:
    """Whether a certificate may hold it: a machine can be called anything."""
    parts = name.split(".")
    return name.isascii() and all(p and p.replace("-", "a").isalnum() for p in parts)
