"""What findings of a camera belong to."""

from lengthwise.contracts.observation import CameraStream


def camera_setup_name(stream: CameraStream) -> str:
    """What handedness belongs to: nothing more is known of a camera than the size of its image."""
    return f"camera:{stream.image_width_px}x{stream.image_height_px}"


def pose_model_name(stream: CameraStream) -> str:
    """What lengths between landmarks belong to: each model places landmarks in its own way."""
    return f"pose_model:{stream.pose_model.value}"
