"""The page as a whole: whole, self-contained, calm, escaped, and silent on what is not known."""

import re
from dataclasses import replace

import pytest
from report_reading import ReadPage
from report_sessions import empty, lunge, measured

from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.states import Unseen
from lengthwise.reference.words import alarming_words
from lengthwise.report import words
from lengthwise.report.page import ReportInput, build_report

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
    assert f"{round(session.totals.effective_s)} s of 60 s" in text
    assert "the pelvis tipped" in text


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
