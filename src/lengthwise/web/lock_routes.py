"""Routes of the passphrase: open, set, change, recover, remove; and deleting the person.

They are the only ones that answer while the profile is locked. Nothing of what is typed here goes
into an answer, an error or a log.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import StringConstraints
from starlette.concurrency import run_in_threadpool

from lengthwise.contracts.errors import InputError
from lengthwise.live import own_data
from lengthwise.live.who_reads import who_reads
from lengthwise.record import locking
from lengthwise.vault.errors import LockedError, TooSoonError, WrongSecretError
from lengthwise.vault.key_file import LEAST_LETTERS, MOST_LETTERS
from lengthwise.web.forms import Form
from lengthwise.web.house import House
from lengthwise.web.refused import Refused, refusal

OPEN_WHILE_LOCKED = ("/api/enter", "/api/lock")
OFFERED_FOR = timedelta(days=7)

_Typed = Annotated[str, StringConstraints(max_length=2 * MOST_LETTERS)]
_Answer = TypeVar("_Answer")


class Passphrase(Form):
    passphrase: _Typed


class Change(Form):
    passphrase: _Typed
    new_passphrase: _Typed


class Recovery(Form):
    code: _Typed
    new_passphrase: _Typed


class Deletion(Form):
    """`profile`: its name, typed by who means it."""

    profile: Annotated[str, StringConstraints(max_length=60)]


def lock_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/lock")
    home, profile = house.settings.home, house.settings.profile

    @routes.get("")
    def standing() -> dict[str, Any]:
        """Whether there is a passphrase, whether it is asked for now, and who can read the files.
        `offered`: it is the first week, and something is recorded."""
        has_one = locking.has_passphrase(home, profile)
        return {
            "passphrase": has_one,
            "locked": house.locked,
            "offered": not has_one and _is_first_week(house),
            "least_letters": LEAST_LETTERS,
            "who_reads": who_reads(home, profile),
        }

    @routes.post("/open", status_code=204)
    def unlock(form: Passphrase) -> None:
        """Open it for this start of the server."""
        _tried(lambda: locking.unlock(home, profile, form.passphrase))
        house.bring_back()

    @routes.post("/close", status_code=204)
    def close() -> None:
        """Lock it again."""
        _between_sessions(house)
        house.lock()

    @routes.post("/recover")
    def recover(form: Recovery) -> dict[str, str]:
        """A new passphrase by the recovery code, and a new code."""
        code = _tried(lambda: locking.reset_by_code(home, profile, form.code, form.new_passphrase))
        house.bring_back()
        return {"code": code}

    _add_changes(routes, house)
    return routes


def _add_changes(routes: APIRouter, house: House) -> None:
    home, profile = house.settings.home, house.settings.profile

    @routes.post("/set")
    async def set_one(form: Passphrase) -> dict[str, str]:
        """Encrypt everything. The recovery code is in the answer, and nowhere else."""

        def encrypted() -> str:
            with house.store():
                pass  # somebody of whom nothing is kept yet can be locked as well
            lock = locking.prepared(home, profile, form.passphrase)
            locking.encrypt(home, profile, lock)
            return lock.code

        return {"code": await _alone(house, encrypted)}

    @routes.post("/change", status_code=204)
    def change(form: Change) -> None:
        """Another passphrase."""
        _tried(lambda: locking.change(home, profile, form.passphrase, form.new_passphrase))

    @routes.post("/code")
    def new_code(form: Passphrase) -> dict[str, str]:
        """A new recovery code; the old one opens nothing any more."""
        return {"code": _tried(lambda: locking.new_code(home, profile, form.passphrase))}

    @routes.post("/remove", status_code=204)
    async def remove(form: Passphrase) -> None:
        """Everything in clear again."""
        await _alone(house, lambda: locking.remove(home, profile, form.passphrase))

    @routes.post("/delete")
    async def delete(form: Deletion) -> dict[str, Any]:
        """Destroy the key, then remove everything that is kept of the person."""
        if form.profile != profile:
            raise Refused(422, "other_profile")
        forgotten = await _alone(house, lambda: own_data.forget_person(home, profile))
        house.begin_anew()
        deleted = forgotten.deleted
        return {
            "key_destroyed": deleted.key_destroyed,
            "elsewhere": deleted.elsewhere,
            "answers_stay": forgotten.answers_stay,
        }


def add_locked_answers(app: FastAPI) -> None:
    @app.exception_handler(LockedError)
    async def locked(_: Request, cause: LockedError) -> Response:
        return refusal(cause, 423)


_one_try = threading.Lock()


def _tried(what: Callable[[], _Answer]) -> _Answer:
    """One at a time: nobody guesses ten at once, and each takes 64 MiB."""
    with _one_try, _told():
        return what()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except WrongSecretError as cause:
        raise Refused(403, cause) from None
    except TooSoonError as cause:
        headers = {"retry-after": f"{cause.wait_s:.0f}"}
        raise Refused(429, cause, headers=headers) from None
    except InputError as cause:
        raise Refused(422, cause) from None


async def _alone(house: House, what: Callable[[], _Answer]) -> _Answer:
    """While no session goes on, and none can begin."""
    async with house.one_at_a_time:
        _between_sessions(house)
        return await run_in_threadpool(_unwritten, house, what)


def _unwritten(house: House, what: Callable[[], _Answer]) -> _Answer:
    """While no report is being put into its place, either."""
    with house.reports.writing:
        return _tried(what)


def _between_sessions(house: House) -> None:
    if house.hub.going_on():
        raise Refused(409, "going_on")


def _is_first_week(house: House) -> bool:
    if house.locked:
        return False
    with house.store() as store:
        sessions = store.sessions()
    if not sessions:
        return False
    begun = datetime.fromisoformat(sessions[0].started_utc)
    aware = begun if begun.tzinfo else begun.replace(tzinfo=UTC)
    return datetime.now(UTC) - aware < OFFERED_FOR
