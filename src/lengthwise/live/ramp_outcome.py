"""What came of a ramp to tolerance, from the decisions of its session alone."""

from datetime import UTC, datetime, timedelta

from lengthwise.coach.ramping import END_REASON
from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, Reason
from lengthwise.contracts.person import RampLed
from lengthwise.contracts.session import DecisionLogged, SessionEvent, SessionStarted
from lengthwise.live import ramp_session
from lengthwise.plan.ramp_permission import RampBar
from lengthwise.reference.reasons import reason_sentence
from lengthwise.report.words import muscle_name, muscle_place

_MEASURED = frozenset({ReasonId.RAMP_TOLERANCE, ReasonId.RAMP_JOINT_END})
_AILING = frozenset({ReasonId.RAMP_PAIN, ReasonId.RAMP_SYMPTOM})
_HARMED = _AILING | {ReasonId.RAMP_STOP}
_ENDS = frozenset(END_REASON.values())


class RampOutcome:
    """Takes every event of one session. `kept`: which ramp is kept, 1 or 2; None: neither."""

    def __init__(self, started: SessionStarted) -> None:
        self._started = started
        self._lead = ramp_session.lead(started)
        self._kept: Reason | None = None
        self._harmed = False
        self._ailing_s: float | None = None
        self._begun_s: list[float] = []
        self._ends: dict[float, Reason] = {}
        self._pulled = False

    @property
    def asked(self) -> bool:
        return self._lead is not None

    @property
    def over(self) -> bool:
        """Both have measured: what follows in this session is held."""
        return self._kept is not None

    @property
    def kept(self) -> int | None:
        if self._harmed or self._kept is None:
            return None
        return int(self._kept.numbers["ramp"])

    @property
    def bars(self) -> tuple[RampBar, ...]:
        """Why none was led. Warmth is in the way only where the session did not see it, either."""
        if self._begun_s and self._lead is not None and self._lead.permitted:
            return ()
        return ramp_session.bars(self._started)

    def take(self, event: SessionEvent) -> None:
        if self._lead is None or not isinstance(event, DecisionLogged):
            return
        decision = event.decision
        begun = decision.kind is DecisionKind.PHASE and decision.phase is Phase.EASE_IN
        if begun and self._kept is None:
            # What is eased into after both is held.
            self._begun_s.append(decision.t_s)
        for why in decision.reasons:
            self._pulled |= why.id == ReasonId.MARK_FIRST_RESISTANCE
            self._harmed |= why.id in _HARMED
            if why.id in _AILING and self._ailing_s is None:
                self._ailing_s = decision.t_s
            if why.id == ReasonId.RAMP_KEPT:
                self._kept = why
            if why.id in _ENDS:
                self._ends.setdefault(why.numbers.get("ramp", 0.0), why)

    def measured(self, decision: Decision) -> int | None:
        """Which ramp has ended with this decision, and was measured; None: none."""
        if self._lead is None or decision.kind is not DecisionKind.PHASE:
            return None
        found = (w for w in decision.reasons if w.id in _MEASURED and "length_m" in w.numbers)
        ended = next(found, None) if decision.phase is Phase.RELEASE else None
        return None if ended is None else int(ended.numbers["ramp"])

    def led(self) -> tuple[RampLed, ...]:
        """Each that was begun, and whether pain, a symptom or a stop was told: then none is led
        again on that day. Pain or a symptom says so also where none was begun or permitted; who
        stops what was never begun may have anything in mind."""
        muscles = ramp_session.targets(self._started)
        if self._lead is None or not muscles:
            return ()
        begun_s = self._begun_s if self._lead.permitted else []
        if self._ailing_s is not None and not begun_s:
            begun_s = [self._ailing_s]
        begun_utc = self._started.started_utc
        of, harmed = self._started.session_id, self._harmed
        return tuple(RampLed(*muscles[0], later(begun_utc, t), of, harmed) for t in begun_s)

    def told(self) -> tuple[str, ...]:
        """What came of it, in plain sentences; empty where none was asked for."""
        if self._lead is None:
            return ()
        muscles = ramp_session.targets(self._started)
        of = muscle_place(*muscles[0]) if muscles else "this exercise"
        if self._kept is not None and not self._harmed:
            n = self._kept.numbers
            return (
                f"tolerance of the {of} ({muscle_name(*muscles[0])}) marked twice, the lower kept: "
                f"{1e3 * n['length_m']:.0f} mm, sd {1e3 * n['sd_m']:.0f} mm; kept with a profile, "
                "the window between it and the first gentle pull counts from now on",
            )
        if self.bars:
            lines = [f"no ramp to tolerance was led for the {of}:"]
            lines += [
                f"  {r.why}; what changes it: {r.change}" for r in ramp_session.refusals(self.bars)
            ]
            return (*lines, self._first_pull_words())
        ends = "; ".join(
            f"{_NTH.get(n, 'afterwards')}: {_lower(reason_sentence(why.id))}"
            for n, why in sorted(self._ends.items())
        )
        first = self._ends.get(1.0)
        measured = first is not None and "length_m" in first.numbers
        if measured and not self._harmed and len(self._begun_s) == 1:
            ends += "; a second one was not begun, and one alone is not kept"
        return (f"no tolerance of the {of} is kept ({ends or 'it was not begun'})",)

    def _first_pull_words(self) -> str:
        if self._pulled:
            return "the first gentle pull was marked, and that is what leads"
        return "the first gentle pull was not marked, either"


_NTH = {0.0: "before it", 1.0: "first time", 2.0: "second time"}


def _lower(sentence: str) -> str:
    words = sentence.rstrip(".")
    return words if words.startswith("I ") else words[0].lower() + words[1:]


def later(started_utc: str, t_s: float) -> str:
    """The time of a moment of a session."""
    begun = datetime.fromisoformat(started_utc)
    aware = begun if begun.tzinfo else begun.replace(tzinfo=UTC)
    at = (aware + timedelta(seconds=t_s)).astimezone(UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
