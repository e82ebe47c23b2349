"""Which samples of devices a session takes: of its time, and of who was declared."""

import pytest

from lengthwise.contracts.device_wire import Told, written
from lengthwise.contracts.devices import ForceSample, LinkSample, Use, WornDevice
from lengthwise.contracts.observation import ImuSample, Rejection, RejectionReason, Segment
from lengthwise.devices.lsl.following import SIMULATED
from lengthwise.live.device_samples import Expected, at_session_time
from lengthwise.live.same_sender import SameSender

GAUGE = WornDevice("gauge", Use.PULL)
SENSOR = WornDevice("sacrum", Use.SEGMENT, Segment.PELVIS)
WORN = (GAUGE, SENSOR)


def felt(t_s: float) -> ImuSample:
    return ImuSample(t_s, Segment.PELVIS, (0.0, 0.0, 9.8), (0.0, 0.0, 0.0))


def taken(*told: Told) -> list[Told]:
    return list(at_session_time(Expected.of(WORN), written(told), begun_s=100.0, now_s=5.0))


@pytest.mark.parametrize(
    "sample, source", [(ForceSample(109.0, "gauge", 1.0), "gauge"), (felt(109.0), "imu:pelvis")]
)
def test_what_is_later_than_now_is_not_used_and_counted(sample: Told, source: str) -> None:
    (told,) = taken(sample)
    assert isinstance(told, Rejection)
    assert (told.t_s, told.source, told.reason) == (5.0, source, RejectionReason.FUTURE)
    assert "4.0 s" in told.detail


def test_what_is_of_the_session_is_at_its_time_and_nothing_else_is_told() -> None:
    assert taken(ForceSample(103.0, "gauge", 1.0)) == [ForceSample(3.0, "gauge", 1.0)]
    assert taken(ForceSample(99.0, "gauge", 1.0), ForceSample(109.0, "another", 1.0)) == []


def test_what_another_sender_tells_under_a_name_is_not_of_the_session() -> None:
    same = SameSender(WORN)
    pull, other = ForceSample(3.0, "gauge", 1.0), LinkSample(2.0, "gauge", True, SIMULATED)
    assert same.of((pull, felt(3.0))) == (pull, felt(3.0))
    (link,) = same.of((other, pull))
    assert isinstance(link, LinkSample) and not link.up and "simulated" in link.why
    assert same.of((pull, felt(4.0))) == (felt(4.0),), "the other device goes on"
    back = LinkSample(5.0, "gauge", True)
    assert same.of((back, pull)) == (back, pull)
    worn = LinkSample(6.0, "sacrum", True, SIMULATED, Segment.PELVIS)
    assert same.of((worn, felt(6.0), pull))[1:] == (pull,)


def test_a_simulated_one_that_was_declared_as_such_is_heard_and_a_real_one_then_is_not() -> None:
    same = SameSender((WornDevice("gauge", Use.PULL, simulated=True),))
    pull, link = ForceSample(3.0, "gauge", 1.0), LinkSample(2.0, "gauge", True, SIMULATED)
    assert same.of((link, pull)) == (link, pull)
    assert pull not in same.of((LinkSample(4.0, "gauge", True), pull))
