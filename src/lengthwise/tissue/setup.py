"""What a set-up is called: marks and readings err alike only where the same sensors saw them."""

from lengthwise.contracts.observation import CameraStream, Stream, View


def setup_name(streams: tuple[Stream, ...]) -> str | None:
    """The name for `Mark.setup`: sensors with their places, and the camera's view and pose model.

    The order of the streams does not matter. None where there is no sensor, or where a camera's
    view was not declared: two such set-ups cannot be told to be the same.
    """
    if not streams or any(isinstance(s, CameraStream) and s.view is View.UNKNOWN for s in streams):
        return None
    return "+".join(sorted(_part(stream) for stream in streams))


def _part(stream: Stream) -> str:
    if isinstance(stream, CameraStream):
        return f"camera:{stream.view.value}:{stream.pose_model.value}"
    return f"imu:{stream.segment.value}"
