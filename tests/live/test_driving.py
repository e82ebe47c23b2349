"""A session's band: what it may never do, whatever the coach, the person and the band say.

The pure step alone; `test_band_in_session.py` has the whole way.
"""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach.limits.actions import Action, answer
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import Sighting
from lengthwise.coach.state import State as Coached
from lengthwise.contracts.band import BandLead, BandOrder, Withheld
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.devices import (
    BandFault,
    BandMode,
    BandSample,
    DeviceSample,
    DriveMoment,
    LinkSample,
)
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.live import driving
from lengthwise.live.driving import Params, SideDrive, State

TICK_S = 0.025
TARGET = (MuscleGroup.HAMSTRINGS, Side.LEFT)
PARAMS = Params("band", 60.0, (SideDrive(None, (), (TARGET,), Window(*TARGET)),))
HELD = Coached(t_s=0.0, phase=Phase.HOLD, sighting=Sighting(calibrated=True, settled=True))
BELOW = Estimate(0.5, 0.02)


def sample(n: int, **changed: object) -> BandSample:
    said = BandSample(
        n * TICK_S, "band", 0.3, 0.0, 0.0, BandMode.RELEASED, BandFault.NONE, True, n + 1
    )
    return replace(said, **changed)


class Session:
    """A coach, a band and the moments between them, one step of `TICK_S` after the other."""

    def __init__(self, params: Params = PARAMS, state: State | None = None) -> None:
        self.params = params
        self.state = driving.start(params) if state is None else state
        self.orders: list[BandOrder | None] = []
        self.n = 0
        self.pull_n = 0.0
        self.mode = BandMode.RELEASED

    def tick(
        self,
        *,
        grip: bool = True,
        coached: Coached = HELD,
        allows: Action = Action.DEEPEN,
        why: ReasonId = ReasonId.NOT_KNOWN_WINDOW,
        position: Estimate | None = BELOW,
        more: Sequence[DeviceSample] = (),
        broken: bool = False,
        silent: bool = False,
        **changed: object,
    ) -> BandOrder | None:
        self.n += 1
        t_s = self.n * TICK_S
        coached = replace(coached, t_s=t_s)
        verdict = answer(allows, why)
        self.state = driving.led(self.params, self.state, coached, verdict, tissue=None)
        self.state = replace(self.state, position=position, position_s=t_s)
        told = {"grip_closed": grip, "mode": self.mode, "force_n": self.pull_n, **changed}
        items = [*more] if silent else [*more, sample(self.n, **told)]
        for item in items:
            self.state = driving.heard(self.params, self.state, item)
        self.state, order = driving.moment(
            self.params, self.state, DriveMoment(t_s, "band", broken)
        )
        self._obey(order, grip=grip)
        self.orders.append(order)
        return order

    def _obey(self, order: BandOrder | None, *, grip: bool) -> None:
        """As the band of the profile does, without its time to get there."""
        if order is not None and order.force_n > 0.0 and grip:
            self.mode = BandMode.FOLLOWING
            self.pull_n += min(max(order.force_n - self.pull_n, -0.3), 0.3)
        elif order is not None or not grip or self.mode is BandMode.RELEASING:
            self.pull_n = max(self.pull_n - 1.5, 0.0)
            self.mode = BandMode.RELEASING if self.pull_n > 0.0 else BandMode.RELEASED

    def pulling(self, ticks: int = 40) -> "Session":
        self.tick(grip=False, more=(LinkSample(0.0, "band", up=True),))
        for _ in range(ticks):
            self.tick()
        assert pulls(self.orders[-1]), self.state.why_not
        return self


def pulls(order: BandOrder | None) -> bool:
    return order is not None and order.force_n > 0.0


def pulled(session: Session, ticks: int, **said: object) -> bool:
    """Whether any of so many ticks pulls."""
    orders = [session.tick(**said) for _ in range(ticks)]  # type: ignore[arg-type]
    return any(map(pulls, orders))


def gripped_anew(session: Session) -> BandOrder | None:
    """The order of the second tick after the grip opened and closed."""
    session.tick(grip=False)
    session.tick()
    return session.tick()


coaches = st.sampled_from([HELD, HELD, HELD, *(Coached(t_s=0.0, phase=p) for p in Phase)])
ticks = st.lists(
    st.fixed_dictionaries(
        {
            "grip": st.sampled_from([True, True, True, False]),
            "coached": coaches.filter(lambda c: c.phase is not Phase.STOPPED),
            "allows": st.sampled_from([Action.DEEPEN, Action.DEEPEN, *Action]),
            "position": st.sampled_from([BELOW, BELOW, Estimate(0.95, 0.02), None]),
            "broken": st.sampled_from([False] * 9 + [True]),
            "silent": st.sampled_from([False] * 9 + [True]),
        }
    ),
    max_size=60,
)


@settings(max_examples=60)
@given(ticks)
def test_nothing_pulls_without_a_grip_a_stretch_a_coach_who_lets_it_and_never_above_the_cap(
    said: list[dict[str, object]],
) -> None:
    session = Session().pulling()
    for one in said:
        order = session.tick(**one)  # type: ignore[arg-type]
        if not pulls(order):
            continue
        assert order is not None and order.force_n <= PARAMS.cap_n
        assert one["coached"].phase in (Phase.EASE_IN, Phase.HOLD)  # type: ignore[attr-defined]
        assert not one["broken"]
        assert one["allows"] in (Action.HOLD, Action.DEEPEN)
        assert one["grip"] or one["silent"]


@settings(max_examples=40)
@given(ticks, st.integers(0, 40))
def test_after_a_stop_nothing_ever_pulls(said: list[dict[str, object]], at: int) -> None:
    session = Session().pulling(at + 1)
    session.tick(coached=Coached(t_s=0.0, phase=Phase.STOPPED))
    for one in said:
        assert not pulls(session.tick(**one))  # type: ignore[arg-type]
    assert session.state.why_not is Withheld.STOPPED


@settings(max_examples=30)
@given(ticks, st.integers(0, 60))
def test_saved_and_gone_on_with_it_orders_the_same(said: list[dict[str, object]], at: int) -> None:
    whole, first = Session().pulling(), Session().pulling()
    for one in said:
        whole.tick(**one)  # type: ignore[arg-type]
    for one in said[:at]:
        first.tick(**one)  # type: ignore[arg-type]
    first.state = decode(encode(first.state), State)
    for one in said[at:]:
        first.tick(**one)  # type: ignore[arg-type]
    assert [encode(o) for o in first.orders] == [encode(o) for o in whole.orders]


def test_a_release_asks_for_the_grip_anew() -> None:
    session = Session().pulling()
    session.tick(allows=Action.EASE)
    assert not pulled(session, 80)
    assert session.state.why_not is Withheld.GRIP_ANEW
    assert pulls(gripped_anew(session))


def test_a_grip_that_was_closed_before_the_link_was_there_is_no_word() -> None:
    session = Session()
    session.tick(more=(LinkSample(0.0, "band", up=True),))
    assert not pulled(session, 10)
    assert session.state.why_not is Withheld.GRIP_ANEW


def test_a_pull_begins_only_where_one_would_be_asked_further_in() -> None:
    """A window of another day, one that is too unsure, and the time after an ease let a person stay
    and go no deeper; nor does a band begin there. One that pulls by then may go on."""
    session = Session()
    session.tick(grip=False, more=(LinkSample(0.0, "band", up=True),))
    assert not pulled(session, 10, allows=Action.HOLD)
    assert session.state.why_not is Withheld.NOT_DEEPER
    for unsure in (
        Sighting(calibrated=True, settled=True, no_room=True),
        Sighting(calibrated=True, settled=False),
    ):
        assert not pulls(session.tick(coached=replace(HELD, sighting=unsure)))
    session.tick()
    assert pulls(session.tick(allows=Action.HOLD))


def test_every_fault_of_a_band_and_every_loss_is_told_by_its_name() -> None:
    session = Session().pulling()
    order = session.tick(broken=True)
    assert order is not None and "crc" in order.why and order.force_n == 0.0
    session = Session().pulling()
    order = session.tick(more=(LinkSample(1.0, "band", up=False),), silent=True)
    assert order is not None and "link" in order.why
    session = Session().pulling()
    for _ in range(12):
        order = session.tick(silent=True)
    assert order is not None and "stale" in order.why and not pulls(order)
    session = Session().pulling()
    order = session.tick(force_n=None)
    assert order is not None and "not_a_number" in order.why


def test_a_band_that_never_follows_is_let_be() -> None:
    session = Session()
    session.tick(grip=False, more=(LinkSample(0.0, "band", up=True),))
    for _ in range(60):
        order = session.tick(mode=BandMode.RELEASED, force_n=0.0)
    assert not pulls(order)
    assert session.state.why_not is Withheld.GRIP_ANEW


def test_by_force_alone_only_with_what_kept_this_persons_window_before() -> None:
    session = Session()
    session.tick(grip=False, position=None, more=(LinkSample(0.0, "band", up=True),))
    assert not pulled(session, 10, position=None, allows=Action.HOLD)
    assert session.state.why_not is Withheld.NO_POSITION
    session.state = replace(session.state, kept_n=(25.0,))
    for _ in range(500):
        order = session.tick(position=None, allows=Action.HOLD)
    assert order is not None and order.lead is BandLead.FORCE
    assert session.pull_n < 27.0 and order.target_n <= 25.0
    # The window it was kept in is not passed unseen: where it is seen again, the coach eases.
    assert not pulls(session.tick(allows=Action.EASE))


def test_by_force_alone_not_where_more_than_sight_stands_in_the_way_of_going_deeper() -> None:
    """Soon after an ease, and with a pain or strain near its limit, nobody is drawn in unseen."""
    session = Session()
    session.tick(grip=False, more=(LinkSample(0.0, "band", up=True),))
    session.state = replace(session.state, kept_n=(25.0,))
    for why in (ReasonId.SETTLING, ReasonId.PAIN_NOT_DEEPER, ReasonId.NERVE_NEAR):
        for _ in range(5):
            assert not pulls(session.tick(position=None, allows=Action.HOLD, why=why)), why
    assert session.state.why_not is Withheld.NOT_DEEPER
    session.tick(position=None, allows=Action.HOLD)
    assert pulls(session.tick(position=None, allows=Action.HOLD))


def test_of_all_pulls_that_kept_the_window_the_least_is_kept() -> None:
    session = Session().pulling(400)
    for position in (0.84, 0.84, 0.62, 0.62):
        for _ in range(200):
            session.tick(position=Estimate(position, 0.01))
    targets_n = [o.target_n for o in session.orders if o is not None and o.phase == "hold"]
    assert min(targets_n) < targets_n[-1] - 1.0, "it was led up again"
    assert session.state.kept_n == (min(targets_n[1:]),)


def test_a_grip_that_nobody_saw_held_is_closed_anew() -> None:
    """A session that was cut off at rest, and goes on minutes later by what its log holds."""
    session = Session()
    session.tick(grip=False, more=(LinkSample(0.0, "band", up=True),))
    for _ in range(4):
        session.tick(allows=Action.HOLD)
    session.n += round(120.0 / TICK_S)
    assert not pulled(session, 10)
    assert session.state.why_not is Withheld.GRIP_ANEW
    assert pulls(gripped_anew(session))


def test_a_grip_that_opened_and_closed_between_two_moments_was_open() -> None:
    session = Session().pulling()
    opened = sample(session.n, grip_closed=False, mode=BandMode.FOLLOWING, force_n=session.pull_n)
    opened = replace(opened, t_s=opened.t_s + 0.01, sequence=session.n + 2)
    order = session.tick(more=(opened,), sequence=session.n + 3, mode=BandMode.FOLLOWING)
    assert order is not None and not pulls(order) and "grip" in order.why


def test_what_the_coach_said_long_ago_is_not_known() -> None:
    session = Session().pulling()
    t_s = session.n * TICK_S + 0.6
    late = replace(sample(99, force_n=session.pull_n, mode=BandMode.FOLLOWING), t_s=t_s)
    state = driving.heard(PARAMS, session.state, late)
    _, order = driving.moment(PARAMS, state, DriveMoment(t_s, "band"))
    assert order is not None and order.why[0] == "not_allowed"
