"""The page as a whole: whole, self-contained, calm, escaped, and silent on what is not known."""

import re
from dataclasses import replace
from math import radians

import msgspec
import pytest
from report_reading import ReadPage
from report_sessions import empty, lunge, measured

from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, Reason
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.states import Unseen
from lengthwise.reference.words import alarming_words
from lengthwise.report import words
from lengthwise.report.decisions import decisions_html
from lengthwise.report.measured import _muscle_beside
from lengthwise.report.page import build_report
from lengthwise.report.report_input import ReportInput

_EVIL = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


SESSIONS = {
    "lunge": lambda: lunge(),
    "pelvis unseen": lambda: lunge(pelvis_seen=False),
    "simulated": lambda: lunge(simulated=True),
    "cut short": lambda: lunge(complete=False),
    "measured": lambda: measured(),
    "empty": lambda: empty(coached=True),
    "empty, measured": lambda: empty(coached=False),
}


@pytest.fixture(scope="module")
def pages() -> dict[str, tuple[ReportInput, str]]:
    made = {name: make() for name, make in SESSIONS.items()}
    return {name: (session, build_report(session)) for name, session in made.items()}


@pytest.mark.parametrize("name", SESSIONS)
def test_every_element_is_closed_in_order(name: str, pages: dict) -> None:
    page = ReadPage(pages[name][1])
    assert page.misnested == []
    assert page.open == []


@pytest.mark.parametrize("name", SESSIONS)
def test_nothing_is_asked_of_another_place(name: str, pages: dict) -> None:
    text = pages[name][1]
    assert "http:" not in text
    assert "https:" not in text
    assert "//" not in re.sub(r"// [^\n]*", "", text.split("base64")[0])
    page = ReadPage(text)
    for tag, attribute, value in page.attributes:
        assert attribute not in ("href", "srcset", "action", "data", "poster"), (tag, value)
        if attribute == "src":
            assert value.startswith("data:image/")
    assert "@import" not in text
    assert "url(" not in text


@pytest.mark.parametrize("name", SESSIONS)
def test_no_alarming_word_reaches_a_person(name: str, pages: dict) -> None:
    assert alarming_words(ReadPage(pages[name][1]).text) == ()


@pytest.mark.parametrize("name", SESSIONS)
def test_the_simulated_banner_stands_exactly_on_simulated_sessions(name: str, pages: dict) -> None:
    session, text = pages[name]
    assert ("Simulated person." in text) == session.totals.simulated


@pytest.mark.parametrize("name", SESSIONS)
def test_a_cut_session_says_so_and_a_whole_one_does_not(name: str, pages: dict) -> None:
    session, text = pages[name]
    assert ("Cut short at" in text) != session.totals.complete


@pytest.mark.parametrize("name", ["empty", "empty, measured"])
def test_a_session_without_frames_is_explained_calmly(name: str, pages: dict) -> None:
    text = ReadPage(pages[name][1]).text
    assert "No body was seen in this recording" in text
    assert "120 camera pictures showed nobody." in text
    assert "<figure" not in pages[name][1]


def test_the_same_session_gives_the_same_page() -> None:
    assert build_report(lunge(step_s=0.5)) == build_report(lunge(step_s=0.5))


def test_text_from_outside_cannot_become_markup() -> None:
    session = lunge(name=_EVIL, cue_text=_EVIL, step_s=0.5)
    evil = replace(
        session,
        exercise=_renamed(session),
        totals=_with_rejection(session, f"camera.{_EVIL}"),
    )
    page = ReadPage(build_report(evil))
    assert page.scripts == 1
    assert not [a for a in page.attributes if a[1].startswith("on")]
    assert not [a for a in page.attributes if a[:2] == ("img", "src")]
    assert page.text.count("alert('x')") >= 4


def _renamed(session: ReportInput) -> object:
    from msgspec.structs import replace as changed

    return changed(session.exercise, name=_EVIL, plain_name=_EVIL)


def _with_rejection(session: ReportInput, key: str) -> object:
    from msgspec.structs import replace as changed

    return changed(session.totals, rejections={key: 1}, session_id=_EVIL)


def _figures(text: str) -> dict[str, str]:
    """Plots by their title."""
    found = re.findall(r'<figure class="plot.*?</figure>', text, flags=re.S)
    return {re.search(r"<b>(.*?)</b>", f).group(1): f for f in found}


def _never_claimed(session: ReportInput) -> list[Coordinate]:
    return [c for c in COORDINATES if all(f.body.claimed(c) is None for f in session.frames)]


@pytest.mark.parametrize("name", ["lunge", "pelvis unseen", "measured"])
def test_what_was_never_known_has_no_number_line_or_point(name: str, pages: dict) -> None:
    session, text = pages[name]
    figures = _figures(text)
    never = _never_claimed(session)
    assert never
    for coordinate in never:
        figure = figures.get(words.coordinate_name(coordinate))
        if figure is None:
            continue
        caption = re.search(r"<figcaption>(.*?)</figcaption>", figure).group(1)
        assert not re.search(r"\d", caption)
        assert 'class="mark' not in figure
        assert 'data-points=""' in figure
        assert re.findall(r' d="([^"]*)"', figure) == ["", ""]
        assert figure.count('class="fog"') == 1


def test_an_unseen_pelvis_stands_in_fog_where_it_would_have_been_shown(pages: dict) -> None:
    figure = _figures(pages["pelvis unseen"][1])["Pelvis tip"]
    assert "no camera sees this" in figure
    assert "phone in the waistband" in figure


def test_a_gap_in_sight_splits_the_line(pages: dict) -> None:
    """The left hip is hidden from 86 s to 92 s: two strokes, and fog between them."""
    figure = _figures(pages["lunge"][1])["Left hip bend"]
    line = re.search(r'class="line" d="([^"]*)"', figure).group(1)
    assert line.count("M") == 2
    assert figure.count('class="fog"') == 1
    times = [float(p.split(",")[0]) for p in re.search(r'points="([^"]*)"', figure)[1].split(";")]
    assert not [t for t in times if 86.1 < t < 91.9]


def test_the_seconds_on_the_page_are_those_of_the_coach(pages: dict) -> None:
    session, text = pages["lunge"]
    assert f">{round(session.totals.effective_s)}</text>" in text
    assert ">of 60 s</text>" in text
    assert "the pelvis tipped" in text


def test_the_facts_do_not_say_the_ring_again(pages: dict) -> None:
    session, text = pages["lunge"]
    facts = re.search(r'class="facts">.*?</ul>', text, flags=re.S).group(0)
    outside = re.sub(r"<svg.*?</svg>", "", facts, flags=re.S)
    assert "held well in one go" in outside
    assert "mostly: the pelvis tipped" in outside
    assert f"{round(session.totals.effective_s)} s" not in outside
    assert "60 s" not in outside
    assert "1:00 min" not in outside


def test_the_bands_of_the_muscle_are_explained_beside_it(pages: dict) -> None:
    def note(name: str) -> str:
        section = pages[name][1].split("<h2>The stretched muscle</h2>")[1]
        return section.split("<div")[0]

    assert "green band is your own window" in note("lunge")
    assert "grey band around the line is doubt" in note("lunge")
    unseen = note("pelvis unseen")
    assert "band" not in unseen
    assert "To know this muscle, these must be seen: left hip bend and pelvis tip." in unseen


def test_without_a_window_none_is_explained() -> None:
    session = lunge(step_s=0.5)
    frames = [_without_window(f) for f in session.frames]
    text = build_report(replace(session, frames=frames))
    assert "No window of yours was known" in text
    assert 'class="window"' not in text
    assert "green band" not in text


def _without_window(frame: object) -> object:
    from msgspec.structs import replace as changed

    none = (None,) * len(frame.tissue.window_position)
    return changed(frame, tissue=changed(frame.tissue, window_position=none))


def test_no_advice_for_an_angle_stands_below_its_curve() -> None:
    """Known for a tenth of the time: the curve is there, and nothing claims it cannot be seen."""
    session = lunge(step_s=0.5)
    frames = [_hip_hidden(f) if k % 100 >= 10 else f for k, f in enumerate(session.frames)]
    figure = _figures(build_report(replace(session, frames=frames)))["Left hip bend"]
    assert re.search(r'class="line" d="M', figure)
    assert 'class="remark"' not in figure
    assert "not known for" in figure


def _hip_hidden(frame: object) -> object:
    from msgspec.structs import replace as changed

    i = INDEX[Coordinate.HIP_FLEXION_L]
    unseen = tuple(Unseen.UNCERTAIN if k == i else w for k, w in enumerate(frame.body.unseen))
    return changed(frame, body=changed(frame.body, unseen=unseen))


def test_an_angle_that_a_sensor_reached_in_vain_says_what_hindered_it(pages: dict) -> None:
    """The left hip was within reach but unsure: no other sensor is asked for."""
    figure = _figures(pages["pelvis unseen"][1])["Left hip bend"]
    assert "The readings were too unsure" in figure
    assert "phone" not in figure


def test_a_stop_says_what_to_do_at_the_head_of_the_page() -> None:
    session = lunge(step_s=0.5)
    stop = Decision(
        t_s=67.0,
        kind=DecisionKind.STOP,
        phase=Phase.STOPPED,
        exercise_id=session.exercise.id,
        side=Side.LEFT,
        reasons=(Reason("stop.person", {}),),
        text=words.reason_text("stop.person"),
    )
    text = build_report(replace(session, decisions=[*session.decisions, stop]))
    head = text.split('class="facts"')[0]
    assert "Stopped at 1:07." in head
    assert "Come back slowly and rest." in head
    assert "Stopped at" not in build_report(session)


def test_a_decision_gives_its_grade_of_evidence(pages: dict) -> None:
    text = pages["lunge"][1]
    assert (
        "<small>Expert default, not from a trial: how far this part may move along.</small>"
    ) in text


def test_a_reason_that_was_said_in_the_same_words_is_not_repeated() -> None:
    session = lunge(step_s=0.5)
    sentence = words.reason_text("not_known.pelvis_tilt")
    asked = Decision(
        t_s=20.0,
        kind=DecisionKind.NOT_KNOWN,
        phase=Phase.EASE_IN,
        exercise_id=session.exercise.id,
        side=Side.LEFT,
        reasons=(Reason("not_known.pelvis_tilt", {"sd_deg": 8.0}),),
        text=sentence,
    )
    text = decisions_html([asked])
    assert ReadPage(text).text.count(sentence) == 1
    assert "sd 8°" in text


def test_a_compensation_says_how_much_of_the_stretch_it_takes() -> None:
    session = lunge(step_s=0.5)
    told = Decision(
        t_s=20.0,
        kind=DecisionKind.CUE,
        phase=Phase.HOLD,
        exercise_id=session.exercise.id,
        side=Side.LEFT,
        reasons=(Reason("compensation.pelvis_tilt", {"stretch_lost_ratio": 0.293}),),
        text="Tuck the pelvis a little.",
    )
    assert "takes 29 % of the stretch" in ReadPage(decisions_html([told])).text


def test_the_outlined_muscle_is_on_the_side_that_moved() -> None:
    left, right = ((MuscleGroup.HAMSTRINGS, side) for side in Side)
    assert _muscle_beside([right, left], Coordinate.KNEE_FLEXION_L) == (left,)
    assert _muscle_beside([right], Coordinate.KNEE_FLEXION_L) == (right,)
    assert _muscle_beside([right, left], Coordinate.TRUNK_FLEXION) == (right,)
    assert _muscle_beside([], None) == ()


def test_figures_of_coaching_are_named_as_judgement_only_where_there_was_coaching(
    pages: dict,
) -> None:
    assert "are expert defaults" in pages["lunge"][1]
    assert "are expert defaults" not in pages["measured"][1]


def test_a_decision_gives_its_reason_in_words(pages: dict) -> None:
    text = ReadPage(pages["lunge"][1]).text
    assert "The pelvis tips more than at the start." in text
    assert "change 10°" in text


def test_a_page_stays_small_for_a_long_flickering_session() -> None:
    """Four thousand frames, each coordinate flickering in and out of sight, and many decisions."""
    session = lunge(step_s=0.03)
    frames = [_flickering(f, k) for k, f in enumerate(session.frames)]
    text = build_report(replace(session, frames=frames, decisions=session.decisions * 2000))
    assert len(frames) > 4000
    assert len(text.encode()) < 1_000_000


def _flickering(frame: object, k: int) -> object:
    from msgspec.structs import replace as changed

    unseen = tuple(
        Unseen.OCCLUDED if (k + i) % 3 == 0 else Unseen.CLAIMED for i in range(len(COORDINATES))
    )
    return changed(frame, body=changed(frame.body, unseen=unseen))


def test_angles_known_afterwards_are_drawn_and_said_to_be_and_nothing_else_changes() -> None:
    session = lunge()
    afterwards = [
        msgspec.structs.replace(f.body, mean_rad=f.body.mean_rad + radians(20.0))
        for f in session.frames
    ]
    plain = build_report(session)
    smoothed = build_report(replace(session, smoothed=afterwards))
    assert words.labels().afterwards not in plain
    assert words.labels().afterwards in smoothed
    angles = re.compile(r"<h2>Angles</h2>.*?</section>", re.S)
    assert angles.search(plain).group() != angles.search(smoothed).group()  # type: ignore[union-attr]
    assert angles.sub("", plain) == angles.sub("", smoothed)
