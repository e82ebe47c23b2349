"""A band that a session drives: from what sensors feel to the band's own guard, by the bytes of the
profile. Laws, and how soon it lets go of each thing that can go wrong. Simulated."""

import copy
from pathlib import Path

import msgspec
import pytest

from lengthwise.contracts.band import BandLead, BandOrder, Withheld
from lengthwise.contracts.codec import encode
from lengthwise.contracts.device_wire import written
from lengthwise.contracts.devices import BandSample, LinkSample
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.session import (
    BandOrdered,
    DeviceLogged,
    FrameLogged,
    ObservationLogged,
    RejectionLogged,
)
from lengthwise.contracts.wire import Band, FromSession, Word
from lengthwise.devices import receiving
from lengthwise.devices.open_band.driver import DRIVER
from lengthwise.live import pipeline
from lengthwise.live.band_taken import BandTaken
from lengthwise.live.evaluation.band_in_session import (
    CAUSES,
    DRIVE,
    Session,
    Trial,
    led_session,
)
from lengthwise.live.rehearsal_band import NAME
from lengthwise.live.roles import DEVICES, PAGE
from lengthwise.live.room import Room
from lengthwise.record.log_reading import read_log

BEGUN_S = 1000.0


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


def test_it_lets_go_where_a_worn_sensor_may_sit_otherwise(session: Session) -> None:
    """From the middle of the pull: a sensor that swings, and what came in as before."""
    state, _, begun = next(iter(session.kept.values()))
    sliding = msgspec.structs.replace(state.body.sliding, loose=(0,))
    body = msgspec.structs.replace(state.body, sliding=sliding)
    state, orders = msgspec.structs.replace(state, body=body), []
    for event in session.events[begun:]:
        if isinstance(event, ObservationLogged | DeviceLogged):
            came = event.observation if isinstance(event, ObservationLogged) else event.sample
            state, out = pipeline.step(session.params, state, came)
            orders += [] if out.order is None else [out.order]
    slack_s = next(o.t_s for o in orders if o.force_n == 0.0)
    assert orders[0].force_n > 0.0 and slack_s - orders[0].t_s < 2.0
    assert not [o for o in orders if o.force_n > 0.0 and o.t_s > slack_s]


def test_nothing_draws_any_more_in_a_session_in_which_a_sensor_was_doubted(
    session: Session,
) -> None:
    """The doubt is settled at once: limits are held against both readings to the end, and a band
    goes by one of them alone."""
    state, _, begun = next(iter(session.kept.values()))
    came = [
        e.observation if isinstance(e, ObservationLogged) else e.sample
        for e in session.events[begun:]
        if isinstance(e, ObservationLogged | DeviceLogged)
    ]
    for doubts in (False, True):
        after, withheld = state, set()
        for n, item in enumerate(came[:400]):
            loose = (0,) if doubts and n < 20 else ()
            sliding = msgspec.structs.replace(after.body.sliding, loose=loose)
            body = msgspec.structs.replace(after.body, sliding=sliding)
            after, _ = pipeline.step(
                session.params, msgspec.structs.replace(after, body=body), item
            )
            assert after.driven is not None
            withheld |= {after.driven.withheld} if n > 200 else set()
        assert not after.body.sliding.may_have_slid
        assert withheld == {Withheld.EASED if doubts else None}


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


class InARoom:
    """The pull goes on in a served session: the band is heard over the line of the devices."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.at_s, (state, band, _) = next(iter(session.kept.items()))
        self.room = Room(session.started, folder, begun_s=BEGUN_S)
        self.room._session.go_on_from(state, frames=1, last_s=self.at_s)
        self.band, self.driver = copy.deepcopy(band), receiving.start(DRIVER, NAME)
        self.band.advance(self.at_s)
        self.room.join("page", PAGE)
        self.room.join("devices", DEVICES)

    def hear(self, seconds: float) -> list[FromSession | BandOrder]:
        self.at_s += seconds
        told: list[object] = []
        for notice in self.band.advance(self.at_s):
            self.driver, received = receiving.step(DRIVER, self.driver, notice, BEGUN_S + self.at_s)
            told += received.observations
        raw = written(tuple(told))  # type: ignore[arg-type]
        return self.room.take("devices", raw, now_s=BEGUN_S + self.at_s)

    def word(self, kind: SignalKind) -> list[FromSession | BandOrder]:
        raw = msgspec.msgpack.encode(Word(1, kind))
        return self.room.take("page", raw, now_s=BEGUN_S + self.at_s)


def orders_of(out: list[FromSession | BandOrder]) -> list[BandOrder]:
    return [m for m in out if isinstance(m, BandOrder)]


def test_in_a_room_a_stop_of_the_page_releases_in_the_same_message_and_is_written_first(
    session: Session, tmp_path: Path
) -> None:
    served = InARoom(session, tmp_path)
    assert [o.force_n > 0.0 for o in orders_of(served.hear(0.0125))] == [True]
    (order,) = orders_of(served.word(SignalKind.STOP))
    assert order.force_n == 0.0 and "stop" in order.why
    assert not any(o.force_n > 0.0 for o in orders_of(served.hear(0.0125)))
    logged = [e.order for e in read_log(tmp_path / "session.log") if isinstance(e, BandOrdered)]
    assert order in logged
    assert served.room.devices_line == "devices"


def test_in_a_room_a_page_that_is_gone_releases(session: Session, tmp_path: Path) -> None:
    served = InARoom(session, tmp_path)
    served.hear(0.0125)
    out = served.room.leave("page", now_s=BEGUN_S + served.at_s)
    (order,) = orders_of(out)
    assert order.force_n == 0.0 and "not_allowed" in order.why


def test_a_page_is_told_how_the_band_stands_and_why_it_does_not_pull(
    session: Session, tmp_path: Path
) -> None:
    room = Room(session.started, tmp_path, begun_s=BEGUN_S)
    room.join("page", PAGE)
    room.join("devices", DEVICES)
    link = written((LinkSample(BEGUN_S + 0.01, NAME, up=True),))
    room.take("devices", link, now_s=BEGUN_S + 0.02)
    out = [m for n in range(8) for m in room.pass_time(now_s=BEGUN_S + 0.1 + 0.05 * n)]
    told = [m for m in out if isinstance(m, Band)]
    assert told and not told[-1].pulls and told[-1].why_not == "said_nothing"
    assert told[-1].cap_n == DRIVE.most_n and not orders_of(out)


def test_what_the_page_tells_of_the_band_is_what_was_measured(session: Session) -> None:
    taken = BandTaken(session.started)
    for event in session.events:
        taken.take(event)
    told = taken.report()
    assert told is not None and told.most_n is not None and told.course
    measured = [
        e.sample.force_n
        for e in session.events
        if isinstance(e, DeviceLogged) and isinstance(e.sample, BandSample)
    ]
    assert {m.force_n for m in told.course} <= set(measured)
    assert max(m.led_n for m in told.course) <= DRIVE.most_n
    assert max(m.force_n for m in told.course) == pytest.approx(told.most_n, rel=0.05)
