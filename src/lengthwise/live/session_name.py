"""The time as files have it, and what a session that begins now is called."""

import re
import secrets
from datetime import UTC, datetime


def now_utc() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_session_id() -> str:
    compact = re.sub(r"[-:]", "", now_utc().partition(".")[0])
    return f"{compact}Z-{secrets.token_hex(3)}"
