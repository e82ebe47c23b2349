"""Where this machine keeps what is built once: pose models, the demo video, profiles."""

import os
from pathlib import Path

from platformdirs import user_data_path

ENVIRONMENT_NAME = "LENGTHWISE_HOME"


def data_home() -> Path:
    """The folder named by LENGTHWISE_HOME, else the user's data folder. It may not exist yet."""
    stated = os.environ.get(ENVIRONMENT_NAME, "").strip()
    if stated:
        return Path(stated).expanduser().absolute()
    return user_data_path("lengthwise", appauthor=False)
