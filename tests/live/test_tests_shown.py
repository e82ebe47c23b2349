"""Which tests can be led with the sensors that there are, and which one another would need."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import Segment
from lengthwise.live import tests_shown as listing
from lengthwise.live.tests_shown import Reach, SensorsAtHand, TestShown
from lengthwise.record.store import ProfileStore
from lengthwise.reference.test_sensors import enough_for

AT_S = 1_800_000_000.0
ORDER = list(Reach)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ProfileStore:
    return ProfileStore.open(tmp_path_factory.mktemp("home"), "me")


def shown(store: ProfileStore, at_hand: SensorsAtHand) -> dict[str, TestShown]:
    return {t.id: t for t in listing.tests_shown(store, at_hand, at_s=AT_S).tests}


def test_by_a_camera_alone_nothing_is_led_that_needs_more(store: ProfileStore) -> None:
    tests = shown(store, SensorsAtHand())
    ready = {i for i, t in tests.items() if t.reach is Reach.READY}
    assert ready == {i for i, sets in enough_for().items() if ("camera",) in map(tuple, sets)}
    assert all(any(not s.has for s in t.sensors) for t in tests.values() if t.reach is Reach.MORE)


def test_what_a_phone_would_be_is_said_of_each_test(store: ProfileStore) -> None:
    tests = shown(store, SensorsAtHand())
    hanging = tests["test_modified_thomas"]
    assert [(s.has, s.phone) for s in hanging.sensors] == [(False, True), (False, False)]
    held = tests["test_sorensen"]
    assert (held.reach, held.wear) == (Reach.PHONE, "on the breastbone")
    with_phone = shown(store, SensorsAtHand(phone=True))["test_sorensen"]
    assert (with_phone.reach, with_phone.wear) == (Reach.READY, "on the breastbone")
    worn = SensorsAtHand(worn=frozenset({Segment.THORAX}))
    assert (shown(store, worn)["test_sorensen"].wear) == ""


def test_sensors_on_one_leg_lead_that_leg(store: ProfileStore) -> None:
    leg = SensorsAtHand(
        worn=frozenset({Segment.PELVIS, Segment.THIGH_R, Segment.SHANK_R}),
        named=frozenset({Segment.THIGH_L}),
    )
    raised = shown(store, leg)["test_straight_leg_raise"]
    assert (raised.reach, raised.led_side) == (Reach.READY, Side.RIGHT)
    both = SensorsAtHand(worn=leg.worn | {Segment.THIGH_L, Segment.SHANK_L})
    assert shown(store, both)["test_straight_leg_raise"].led_side is None
    named = shown(store, SensorsAtHand(named=frozenset({Segment.PELVIS})))
    assert [s.named for s in named["test_lumbar_flexion"].sensors] == [True, False]


segments = st.frozensets(st.sampled_from(sorted(Segment)))


@settings(max_examples=12, deadline=None)
@given(segments, segments, st.booleans())
def test_one_sensor_more_never_takes_a_test_away(
    store: ProfileStore, some: frozenset[Segment], more: frozenset[Segment], phone: bool
) -> None:
    few = shown(store, SensorsAtHand(worn=some))
    many = shown(store, SensorsAtHand(phone=phone, worn=some | more))
    for test_id, before in few.items():
        after = many[test_id]
        assert ORDER.index(after.reach) <= ORDER.index(before.reach)
        assert (after.reach is Reach.READY) == (
            not any(not s.has for s in after.sensors) and bool(after.sensors)
        )
