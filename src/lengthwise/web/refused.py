"""What the interface refuses: one English line, and a code with values that the page words itself.

The line stays for whoever knows no code: an older page, a program.
"""

from fastapi import HTTPException, Response
from fastapi.responses import JSONResponse

from lengthwise.contracts.errors import LengthwiseError, Values
from lengthwise.web.forms import Refusal

LINES = {
    "no_such_session": "no such session for this key",
    "no_session_of_name": "no session of that name is kept here",
    "no_such_exercise": "no such exercise",
    "elsewhere": "a session is going on in another tab; end it first",
    "elsewhere_end": "that session is going on in another tab; end it there",
    "going_on": "a session is going on; end it first",
    "other_profile": "this is not the name of the profile; nothing was deleted",
    "report_soon": "the report is drawn as soon as this exercise is over",
    "report_drawing": "the report is still being drawn; try again in a moment",
    "no_report": "this session has no report",
    "recording_gone": "what was recorded of this session is not here any more",
    "test_not_kept": "nothing is kept of this test: it ended before it began",
    "use_link": "open the link that the program printed",
    "other_start": "this link is of another start; use the one that is printed",
    "locked": "this profile is locked: its passphrase is needed first",
    "too_busy": "this machine is too busy to begin; try again",
    "cut_off": "the session was cut off; it is kept",
}


class Refused(HTTPException):
    """Refused at the edge: by a code of `LINES`, or for an expected error."""

    def __init__(
        self, status: int, why: str | LengthwiseError, *, headers: dict[str, str] | None = None
    ) -> None:
        line = LINES[why] if isinstance(why, str) else str(why)
        super().__init__(status, line, headers)
        self.code = why if isinstance(why, str) else why.code
        self.values: Values = {} if isinstance(why, str) else why.values


def refusal(cause: Exception, status: int) -> Response:
    """As the page is told of it."""
    said = Refusal(
        detail=cause.detail if isinstance(cause, HTTPException) else str(cause),
        code=getattr(cause, "code", None),
        values=dict(getattr(cause, "values", {})),
    )
    headers = getattr(cause, "headers", None)
    return JSONResponse(said.model_dump(), status_code=status, headers=headers)
