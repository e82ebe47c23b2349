"""What the page may send to the HTTP interface, each with its bounds; anything more is refused."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import PoseModel
from lengthwise.contracts.screening import YesNo
from lengthwise.contracts.told import PainMoment

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Refusal(BaseModel):
    """What every refusal says, in words that can be shown; `code` with `values`, where there is
    one, for a page that words it in another language."""

    detail: str
    code: str | None = None
    values: dict[str, str | float] = {}


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": why}
    for status, why in {
        400: "it could not be read",
        401: "the link was not used, or nothing was done for a long time",
        403: "not permitted now",
        404: "not there",
        405: "not in this way",
        409: "a session is going on, or a part of the program is missing",
        422: "not the form that is asked for",
        423: "the profile is locked",
        429: "too soon after wrong ones",
        503: "it cannot be done now",
    }.items()
}


class Enter(Form):
    token: Annotated[str, StringConstraints(min_length=20, max_length=100)]


class Answers(Form):
    version: Annotated[int, Field(ge=0, le=10**6)]
    answers: Annotated[dict[Id, YesNo], Field(max_length=100)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"


class Country(Form):
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None


class NewSession(Form):
    exercise_id: Id
    width_px: Annotated[int, Field(ge=64, le=8192)]
    height_px: Annotated[int, Field(ge=64, le=8192)]
    pose_model: PoseModel = PoseModel.UNKNOWN
    side: Side | None = None
    height_m: Annotated[float, Field(ge=1.2, le=2.3)] | None = None
    phone: bool = False
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    pain_now: Annotated[float, Field(ge=0.0, le=10.0)] | None = None
    ramp: bool = False
    warm: bool | None = None


class Speech(Form):
    text: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Stand(Form):
    exercise_id: Id
    side: Side | None = None


class LeaveThere(Form):
    """What whoever was led has said while this machine could not hear it."""

    unwell: bool = False
    stopped: bool = False


class ChosenDevices(Form):
    names: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=40)]], Field(max_length=12)
    ]


class GoOn(Form):
    """With a session that was left or cut off: the image of the camera now."""

    width_px: Annotated[int, Field(ge=64, le=8192)]
    height_px: Annotated[int, Field(ge=64, le=8192)]


class AboutYou(Form):
    height_m: Annotated[float, Field(ge=1.2, le=2.3)]


class Consent(Form):
    version: Annotated[int, Field(ge=1, le=10**6)]


class Pain(Form):
    moment: PainMoment
    nrs: Annotated[float, Field(ge=0.0, le=10.0)]


class DeleteAll(Form):
    confirm: Annotated[str, StringConstraints(max_length=40)]
