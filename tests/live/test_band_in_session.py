"""A band that a session drives: from what sensors feel to the band's own guard, by the bytes of the
profile. Laws, and how soon it lets go of each thing that can go wrong. Simulated."""

import pytest

from lengthwise.contracts.band import BandLead
from lengthwise.contracts.codec import encode
from lengthwise.contracts.session import (
    BandOrdered,
    DeviceLogged,
    FrameLogged,
    ObservationLogged,
    RejectionLogged,
)
from lengthwise.live import pipeline
from lengthwise.live.evaluation.band_in_session import (
    CAUSES,
    DRIVE,
    Session,
    Trial,
    led_session,
)


@pytest.fixture(scope="module")
def session() -> Session:
    return led_session(2, seconds=36.5, keep_from_s=3.0)


def test_the_band_leads_the_stretch_into_the_personal_window(session: Session) -> None:
    pulls = [o for o in session.orders if o.force_n > 0.0]
    assert pulls and {o.lead for o in pulls} == {BandLead.WINDOW}
    assert max(o.force_n for o in pulls) <= DRIVE.most_n
    _, force_n, position, _ = session.truth[-1]
    assert 0.60 <= position <= 0.85 and 20.0 < force_n < DRIVE.most_n


def test_nothing_pulls_before_todays_first_gentle_pull(session: Session) -> None:
    """Also not in the first hold, which only marks it."""
    first_s = min(o.t_s for o in session.orders)
    marked = [
        e.observation.t_s
        for e in session.events
        if isinstance(e, ObservationLogged)
        and getattr(e.observation, "kind", None) == "first_resistance"
    ]
    assert first_s > marked[0]
    frames = [e for e in session.events if isinstance(e, FrameLogged) and e.guidance is not None]
    repetition = next(f.guidance.repetition for f in frames if f.body.t_s >= first_s)  # type: ignore[union-attr]
    assert repetition == 2


def test_the_record_gives_the_same_orders_byte_for_byte(session: Session) -> None:
    """From what was kept in the middle of the pull; what came in alone decides."""
    state, _, begun = next(iter(session.kept.values()))
    again: list[bytes] = []
    for event in session.events[begun:]:
        if isinstance(event, ObservationLogged | DeviceLogged):
            came = event.observation if isinstance(event, ObservationLogged) else event.sample
            state, out = pipeline.step(session.params, state, came)
            again += [] if out.order is None else [encode(out.order)]
    first = [encode(e.order) for e in session.events[begun:] if isinstance(e, BandOrdered)]
    assert len(first) > 50 and again == first


def test_nothing_of_the_band_is_turned_away(session: Session) -> None:
    turned = [e.rejection for e in session.events if isinstance(e, RejectionLogged)]
    assert not [r for r in turned if r.source == "band"]


@pytest.mark.parametrize("cause", CAUSES)
def test_it_begins_to_unload_in_time_and_does_not_pull_again(session: Session, cause: str) -> None:
    kept_s = sorted(session.kept)[CAUSES.index(cause) % len(session.kept)]
    found = Trial(session, kept_s, cause, seed=CAUSES.index(cause), link_s=0.08).run()
    assert found.after_s is not None and 0.0 <= found.after_s <= found.allowed_s, found
    assert not found.pulled_again
    assert found.most_n <= DRIVE.most_n
