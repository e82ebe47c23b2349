"""Two set-ups have one name exactly where the same sensors look from the same side."""

from lengthwise.contracts.observation import (
    CameraStream,
    ImuStream,
    PoseModel,
    Segment,
    Stream,
    View,
)
from lengthwise.tissue.setup import setup_name

SACRUM = ImuStream(Segment.PELVIS, 100.0)
THIGH = ImuStream(Segment.THIGH_L, 100.0)


def camera(view: View, *, model: PoseModel = PoseModel.FULL, fps_hz: float = 30.0) -> Stream:
    return CameraStream(1280, 720, fps_hz, view=view, pose_model=model)


def test_the_name_tells_sensors_places_view_and_model_apart() -> None:
    setups = [
        (camera(View.LEFT),),
        (camera(View.RIGHT),),
        (camera(View.LEFT, model=PoseModel.LITE),),
        (camera(View.LEFT), SACRUM),
        (SACRUM,),
        (THIGH,),
        (SACRUM, THIGH),
    ]
    names = [setup_name(s) for s in setups]
    assert None not in names
    assert len(set(names)) == len(setups)


def test_order_and_frame_rate_do_not_make_another_setup() -> None:
    one = setup_name((camera(View.LEFT), SACRUM, THIGH))
    assert one == setup_name((THIGH, camera(View.LEFT, fps_hz=25.0), SACRUM))


def test_what_is_not_declared_has_no_name() -> None:
    assert setup_name(()) is None
    assert setup_name((camera(View.UNKNOWN), SACRUM)) is None
