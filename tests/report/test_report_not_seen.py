"""What was not seen, why, and advice only where a sensor could help."""

import re
from collections.abc import Iterable

from report_sessions import body_state, tissue_state

from lengthwise.body import claims
from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import Unseen
from lengthwise.report import words
from lengthwise.report.not_seen import not_seen_table, unseen_text

TURNS, ANKLES = (never.coordinates for never in words.labels().never)


def _rows(hidden: Iterable[Coordinate], why: Unseen) -> dict[str, str]:
    """The rows of the table by their part of the body, where the hidden were never known."""
    unseen = dict.fromkeys(hidden, why)
    frames = [
        FrameLogged(body_state(float(k), {}, unseen=unseen), tissue_state(float(k), {}), None)
        for k in range(3)
    ]
    ratio = {c.value: 0.0 if c in unseen else 1.0 for c in COORDINATES}
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', not_seen_table(frames, ratio))
    return dict(found)


def _advice(row: str) -> str:
    return re.search(r'data-head="To make it visible">(.*?)</td>', row).group(1)


def test_the_turns_and_the_ankles_are_the_angles_that_no_sensor_leads_to() -> None:
    assert set(TURNS) | set(ANKLES) == {c for c, ways in claims._NEEDS.items() if not ways}


def test_what_no_sensor_can_show_is_said_plainly_and_nothing_is_advised_for_it() -> None:
    for why in (Unseen.NO_SENSOR, Unseen.NEVER_FROM_CAMERA):
        rows = _rows(TURNS, why)
        for area in ("Pelvis", "Low back", "Chest and trunk", "Hips"):
            assert "No sensor here can see a turn" in rows[area]
            assert "No camera alone" not in rows[area]
            assert _advice(rows[area]) == ""


def test_what_a_sensor_can_show_still_has_its_advice() -> None:
    rows = _rows([Coordinate.PELVIS_TILT, *TURNS], Unseen.NEVER_FROM_CAMERA)
    assert "phone in your waistband" in _advice(rows["Pelvis"])
    assert "<b>Pelvis tip.</b> No camera alone can see it." in rows["Pelvis"]
    assert _advice(rows["Hips"]) == ""


def test_no_advice_of_the_coach_promises_to_show_a_turn() -> None:
    for coordinate in TURNS:
        said = unseen_text(coordinate, Unseen.UNCERTAIN)
        assert "No sensor here can show a turn." in said
