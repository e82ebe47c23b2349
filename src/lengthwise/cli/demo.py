"""`lengthwise demo`: a real video measured live, a simulated person guided, two reports."""

from pathlib import Path

import msgspec

from lengthwise.cli.analyze import tell
from lengthwise.cli.live_view import LiveView
from lengthwise.cli.screen import Screen
from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.session import SessionConfig
from lengthwise.live.analyze import AnalyzeRequest, AnalyzeResult, StoppedError, analyze
from lengthwise.live.rehearsal import lunge, rehearse
from lengthwise.record.sealed_reading import sealed_start
from lengthwise.record.session_folder import SEALED_NAME
from lengthwise.reference.exercises import exercise
from lengthwise.sensing.demo_video import demo_video_path

SEED = 7


def run(out: Path, *, seconds: float | None, pose_model: str, language: str | None = None) -> int:
    console = Screen()
    results = [
        _video(console, out / "video", seconds, pose_model),
        _guided(console, out / "lunge", language),
    ]
    console.rule()
    for result in results:
        if result is not None:
            console.print(f"report: {result.report}", soft_wrap=True, highlight=False)
    return 0


def _video(
    console: Screen, out: Path, seconds: float | None, pose_model: str
) -> AnalyzeResult | None:
    """A real person, or the reason why not."""
    video = demo_video_path(data_home())
    if not video.is_file():
        console.print(
            "The demo video could not be fetched, so only the simulated person is shown. "
            "Try again with a network: lengthwise setup"
        )
        return None
    console.rule("a real person on video, measured as it plays")
    replace = _by_an_earlier_demo(out, video)
    request = AnalyzeRequest(video, out, SessionConfig(), pose_model, replace=replace)
    try:
        with LiveView(console, "video") as view:
            result = analyze(request, listener=view.take, stop_after_s=seconds)
    except StoppedError:
        raise
    except LengthwiseError as known:
        console.print(f"The video is left out: {known}")
        return None
    tell(result)
    return result


def _by_an_earlier_demo(out: Path, video: Path) -> bool:
    """Whether the finished session in a folder can simply be shown again."""
    started = sealed_start(out / SEALED_NAME)
    return started is not None and (
        started.recording.driver == "simulated" or started.recording.name == video.name
    )


def _guided(console: Screen, out: Path, language: str | None) -> AnalyzeResult:
    console.rule("a simulated person, guided through a lunge (faster than real time)")
    replace = _by_an_earlier_demo(out, demo_video_path(data_home()))
    request = msgspec.structs.replace(lunge(out, seed=SEED), replace=replace, language=language)
    targets = tuple(
        (t.group, t.side)
        for t in exercise(request.plan.exercise_id).for_side(request.plan.side).about
    )
    with LiveView(console, "simulated lunge", targets=targets) as view:
        result = rehearse(request, listener=view.take)
    tell(result)
    return result
