"""What the coach remembers of a ramp to tolerance, and what a frame and a word do to it.

The machine (`tolerance_ramp`) says where the ramp stands; the phases of the coach stay what they
are: easing in is the ramp under way, a release the way back. There is no hold in it; what is held
after it is led as ever. Whatever the envelope allows less than to hold ends the ramp, so it stands
behind the envelope at every frame.
"""

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import tolerance_ramp, warm_up
from lengthwise.coach.limits import tissue
from lengthwise.coach.limits.actions import Action, Verdict
from lengthwise.coach.limits.said import usable
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.tolerance_ramp import (
    COMING_BACK,
    RampEnd,
    RampMoment,
    RampPhase,
    RampState,
)
from lengthwise.coach.warm_up import Warmth
from lengthwise.contracts.decision import Phase, Reason
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.reference.constants import constant

RAMPS = 2
MARKS = frozenset({SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE})
REST_S = constant("ramp", "rest_s")
_SYMPTOMS = frozenset({SignalKind.LEG_SYMPTOM, SignalKind.DIZZY})
_HEARD = (
    frozenset({SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE, SignalKind.STOP, SignalKind.PAIN})
    | _SYMPTOMS
)
END_REASON = {
    RampEnd.NOT_PERMITTED: ReasonId.RAMP_NOT_PERMITTED,
    RampEnd.TOLERANCE: ReasonId.RAMP_TOLERANCE,
    RampEnd.JOINT_END: ReasonId.RAMP_JOINT_END,
    RampEnd.PAIN: ReasonId.RAMP_PAIN,
    RampEnd.SYMPTOM: ReasonId.RAMP_SYMPTOM,
    RampEnd.STOP: ReasonId.RAMP_STOP,
    RampEnd.ENVELOPE: ReasonId.RAMP_ENVELOPE,
    RampEnd.NOT_SEEN: ReasonId.RAMP_NOT_SEEN,
    RampEnd.TIME: ReasonId.RAMP_TIME,
    RampEnd.NO_FIRST_PULL: ReasonId.RAMP_NO_FIRST_PULL,
    RampEnd.LEFT: ReasonId.RAMP_LEFT,
    RampEnd.NO_FURTHER: ReasonId.RAMP_NO_FURTHER,
    RampEnd.UNSEEN: ReasonId.RAMP_UNSEEN,
}


class RampLead(Struct, frozen=True):
    """That a ramp is asked for in this session. `permitted`: nothing but warmth is in its way;
    without that the first gentle pull alone is led to. `warm`: as the person answered.
    `end_fraction`: range fraction of the first target where the exercise's way ends; None: not
    known. `holds`: where both ramps came to tolerance the exercise's holds follow, in the window
    between the marks just taken."""

    permitted: bool
    warm: bool = False
    end_fraction: float | None = None
    holds: bool = False


class Ramping(Struct, frozen=True):
    """`length` (m), `fraction` of the range and `progress` of the latest frame, of the first
    target; None: not claimed. `further`: nerves and low back were within their limits in it.
    `end_fraction`, `holds`: of the lead. `warm`: as answered, or as seen once. `held`: both ramps
    are over, and what follows is held. `unmarked`: a place that a ramp measured is not marked for
    every target, so between these nothing is held."""

    ramp: RampState
    warm: bool
    warmth: Warmth = Warmth()
    length: Estimate | None = None
    fraction: Estimate | None = None
    progress: float | None = None
    further: bool = False
    end_fraction: float | None = None
    holds: bool = False
    held: bool = False
    unmarked: bool = False

    @property
    def follows(self) -> bool:
        """Whether holds follow: both ramps measured, and nothing takes that back."""
        return self.holds and self.ramp.kept_place is not None and not self.unmarked

    @property
    def ready(self) -> bool:
        """The warm-up is done, or is not needed for a first gentle pull."""
        return self.warm or self.ramp.alone

    @property
    def part(self) -> RampPhase:
        """What has words of its own: the way to the first pull has them before it is begun."""
        phase = self.ramp.phase
        return RampPhase.PULLING if phase is RampPhase.READY else phase

    @property
    def refused(self) -> bool:
        """It was not begun, so there is nothing to come back from."""
        ended = self.ramp.ended
        return bool(ended) and ended[-1].end is RampEnd.UNSEEN

    @property
    def unseen(self) -> bool:
        """The muscle is not seen in the start posture: better not begun."""
        return tolerance_ramp.unseen(self.ramp)

    @property
    def coming_back(self) -> bool:
        return self.ramp.phase in COMING_BACK


def start(lead: RampLead | None) -> Ramping | None:
    if lead is None:
        return None
    ramp = tolerance_ramp.begin(permitted=lead.permitted)
    return Ramping(ramp, lead.warm, end_fraction=lead.end_fraction, holds=lead.holds)


def seen(
    ramping: Ramping, reading: Reading, body: BodyState, now: Verdict, phase: Phase
) -> Ramping:
    """One frame; `now`: what all limits allow in it. A ramp begins only while easing in."""
    warmth = ramping.warmth if ramping.ready else warm_up.step(ramping.warmth, body, reading.t_s)
    ramping = replace(
        ramping,
        warmth=warmth,
        warm=ramping.warm or warmth.warm,
        length=reading.length,
        fraction=reading.range_fraction,
        progress=reading.progress,
        further=tissue.within(reading.nerves, reading.lumbar),
    )
    waits = ramping.ramp.phase is RampPhase.READY and phase is not Phase.EASE_IN
    stops = now.action is Action.STOP
    allowed = None if waits and not stops else now.action
    moment = RampMoment(
        reading.t_s,
        ramping.length,
        ramping.fraction,
        ramping.progress,
        allowed,
        further=ramping.further,
    )
    return replace(ramping, ramp=tolerance_ramp.step(ramping.ramp, moment))


def heard(
    ramping: Ramping,
    signal: PersonSignal,
    now: Verdict,
    t_s: float,
    *,
    doubted: bool = False,
    untold: bool = False,
) -> Ramping:
    """One word; what is no word of a ramp changes nothing. `now`: what stands at the moment.
    `doubted`: it may be of the other side. Then no pull leads on, and enough measures nothing.
    `untold`: nothing tells which side works, so a pull counts as one of a muscle at rest."""
    kind = signal.kind
    if kind not in _HEARD or (doubted and kind is SignalKind.FIRST_RESISTANCE):
        return ramping
    pain = usable(signal.value) if kind is SignalKind.PAIN else None
    moment = RampMoment(
        t_s,
        None if doubted else ramping.length,
        ramping.fraction,
        0.0 if untold and kind is SignalKind.FIRST_RESISTANCE else ramping.progress,
        now.action if ramping.ramp.phase is not RampPhase.READY else None,
        further=ramping.further,
        first_pull=kind is SignalKind.FIRST_RESISTANCE,
        tolerance=kind is SignalKind.TOLERANCE,
        stop=kind is SignalKind.STOP,
        symptom=kind in _SYMPTOMS,
        pain_nrs=float("nan") if kind is SignalKind.PAIN and pain is None else pain,
    )
    return replace(ramping, ramp=tolerance_ramp.step(ramping.ramp, moment))


def pulled(before: Ramping, after: Ramping, kind: SignalKind) -> bool:
    """Whether a word was the first gentle pull that the ramp waited for."""
    was, now = before.ramp, after.ramp
    if kind is not SignalKind.FIRST_RESISTANCE or was.phase is not RampPhase.PULLING:
        return False
    alone = now.ended and now.ended[-1].end is RampEnd.NOT_PERMITTED
    return now.phase is RampPhase.WAITING or bool(alone)


def marks(before: Ramping, after: Ramping) -> SignalKind | None:
    """What a ramp has just measured as: its first pull, or its end, also one without a word."""
    if len(after.ramp.ended) > len(before.ramp.ended):
        measured = after.ramp.ended[-1].length is not None
        return SignalKind.TOLERANCE if measured else None
    return SignalKind.FIRST_RESISTANCE if _pulled(before, after) else None


def _pulled(before: Ramping, after: Ramping) -> bool:
    return before.ramp.phase is RampPhase.PULLING and after.ramp.phase is RampPhase.WAITING


def unsure(ramping: Ramping, reading: Reading) -> list[Reason]:
    """What is told before one begins: what will keep it from going on, as far as is known now."""
    found: list[Reason] = []
    if tolerance_ramp.short_of_room(reading.range_fraction, ramping.end_fraction):
        found.append(reason(ReasonId.RAMP_NO_ROOM))
    if not ramping.ramp.alone:
        found += tissue.not_known(reading.nerves, reading.lumbar)
    return found


def end_reason(ramping: Ramping) -> Reason:
    """What ended the latest ramp, with its number and what it measured."""
    ended = ramping.ramp.ended
    if not ended:
        return reason(ReasonId.RAMP_NOT_SEEN)
    last = ended[-1]
    numbers: dict[str, float] = {"ramp": float(len(ended))}
    if last.length is not None:
        numbers |= {"length_m": last.length.mean, "sd_m": last.length.sd}
    return reason(END_REASON[last.end], **numbers)


def result_reason(ramping: Ramping) -> Reason:
    """What came of both."""
    kept, place = ramping.ramp.kept, ramping.ramp.kept_place
    if kept is None or place is None:
        return reason(ReasonId.RAMP_NOT_KEPT)
    return reason(ReasonId.RAMP_KEPT, ramp=place + 1.0, length_m=kept.mean, sd_m=kept.sd)


def tap_word(ramping: Ramping) -> SignalKind:
    """What a single tap says: the first gentle pull, and after it that it is enough."""
    past = ramping.ramp.phase in (RampPhase.STEPPING, RampPhase.WAITING)
    return SignalKind.TOLERANCE if past else SignalKind.FIRST_RESISTANCE
