"""Streams of the Lab Streaming Layer in and out (`pip install 'lengthwise[lsl]'`).

LSL dates samples by the sender's clock; its own measure of how the clocks differ maps them on this
machine's, and what that differs from the session's is measured at each pull.
"""

import os
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

from msgspec import Struct

from lengthwise.contracts.devices import MOST_EMG, DeviceObservation, EmgSample
from lengthwise.contracts.errors import InputError, MissingPartError
from lengthwise.contracts.observation import Rejection, RejectionReason, Segment
from lengthwise.devices.lsl import clock, codec
from lengthwise.devices.lsl.codec import Kind
from lengthwise.devices.readings import UndecodableError
from lengthwise.devices.receiving import Received

_FIND_S, _ANSWER_S = 5.0, 2.0
_MOST_ROWS = 4096
_SIMULATED = "simulated"


def lsl_module() -> Any:
    """pylsl. Raises MissingPartError, which says how to install it."""
    try:
        import pylsl
    except (ImportError, RuntimeError) as cause:
        raise MissingPartError(
            "pylsl",
            needed_for="streams of the Lab Streaming Layer",
            remedy="install it: pip install 'lengthwise[lsl]'",
        ) from cause
    if not any(place and Path(place).is_file() for place in _config_places()):
        # Its notes about itself stand among what is said to the person.
        pylsl.set_config_content("[log]\nlevel = -2\n")
    return pylsl


def _config_places() -> tuple[str | Path | None, ...]:
    """Where LSL looks for a configuration; one of the person's own is left as it is."""
    usual = Path("lsl_api") / "lsl_api.cfg"
    return os.environ.get("LSLAPICFG"), usual.name, Path.home() / usual, Path("/etc") / usual


class Outlet:
    """Sends observations of one kind under a name, for other programs to record. `simulated`: it
    says of itself that nobody is measured."""

    def __init__(
        self,
        kind: Kind,
        name: str,
        *,
        monotonic_s: Callable[[], float],
        rate_hz: float | None = None,
        simulated: bool = False,
    ) -> None:
        self._lsl, self._kind, self._now_s = lsl_module(), kind, monotonic_s
        info = self._lsl.StreamInfo(
            name,
            kind.value,
            len(codec.LABELS[kind]),
            self._lsl.IRREGULAR_RATE if rate_hz is None else rate_hz,
            self._lsl.cf_double64,
            f"lengthwise-{'simulated-' if simulated else ''}{kind.value}-{name}",
        )
        if simulated:
            info.desc().append_child_value(_SIMULATED, "yes")
        channels = info.desc().append_child("channels")
        for label, unit in zip(codec.LABELS[kind], codec.UNITS[kind], strict=True):
            channel = channels.append_child("channel")
            channel.append_child_value("label", label)
            channel.append_child_value("unit", unit)
        self._outlet = self._lsl.StreamOutlet(info)

    def wait_for_listener(self, at_most_s: float) -> bool:
        """Whether anybody listens, within so long."""
        return bool(self._outlet.wait_for_consumers(at_most_s))

    def send(self, observation: DeviceObservation) -> None:
        """Raises TypeError on an observation of another kind."""
        kind, rows = codec.encoded(observation)
        if kind is not self._kind:
            raise TypeError(f"{kind} into a stream of {self._kind}")
        at_s = observation.t_s + self._lsl.local_clock() - self._now_s()
        # Rows of muscle activity are before its time, those of beats are all of it.
        each_s = 1.0 / observation.rate_hz if isinstance(observation, EmgSample) else 0.0
        for n, row in enumerate(rows):
            self._outlet.push_sample(list(row), at_s - (len(rows) - 1 - n) * each_s)


class Inlet:
    """Receives the stream of a name. Raises InputError where none is there within `find_s`, or its
    channels cannot be used. `kind`: what it has to be of, None: any; `source`: what it is called
    here; `since`: the clock as an earlier one of this stream left it."""

    def __init__(
        self,
        name: str,
        *,
        monotonic_s: Callable[[], float],
        segment: Segment | None = None,
        find_s: float = _FIND_S,
        kind: Kind | None = None,
        source: str | None = None,
        since: clock.State = clock.State(),  # noqa: B008 - frozen
    ) -> None:
        self._lsl, self._now_s, self.clock = lsl_module(), monotonic_s, since
        self._source, self._segment = name if source is None else source, segment
        found = self._lsl.resolve_byprop("name", name, 1, find_s)
        if not found:
            raise InputError(
                "LSL stream",
                value=name,
                allowed="the name of one that is sent now, on this network",
                remedy="start its sender; a firewall may keep it away",
            )
        # Not recovered by LSL itself: whatever comes back is asked again what it is.
        self._inlet = self._lsl.StreamInlet(found[0], max_buflen=60, recover=False)
        self._even = clock.Even()
        info = self._inlet.info(_ANSWER_S)
        self.simulated = says_simulated(info)
        self._layout = _layout(info, name, kind)
        # What is sent before a stream is open never comes.
        self._inlet.open_stream(_ANSWER_S)

    def pull(self, *, wait_s: float = 0.0) -> Received:
        """What has come since; waits at most so long for the first of it. Raises RuntimeError where
        the stream is gone."""
        rows, times = self._inlet.pull_chunk(timeout=wait_s, max_samples=_MOST_ROWS)
        if not rows:
            return Received()
        to_session_s = self._now_s() - self._lsl.local_clock()
        kept: list[DeviceObservation] = []
        rejected = self._measured()
        to_here_s = self.clock.measure_s or 0.0
        for row, stamped_s in zip(rows, times, strict=True):
            sent_s = self._evened_s(stamped_s)
            state, t_s = clock.step(self.clock, sent_s, to_here_s + to_session_s)
            if isinstance(t_s, RejectionReason):
                rejected.append(Rejection(self._now_s(), self._source, t_s))
                continue
            try:
                kept.append(
                    codec.decoded(self._layout, tuple(row), t_s, self._source, self._segment)
                )
            except UndecodableError as why:
                reason = RejectionReason.UNDECODABLE
                rejected.append(Rejection(self._now_s(), self._source, reason, str(why)))
                continue
            self.clock = state
        if self._layout.kind is Kind.EMG:
            kept = [*codec.joined([o for o in kept if isinstance(o, EmgSample)], MOST_EMG)]
        return Received(tuple(kept), tuple(rejected))

    def _measured(self) -> list[Rejection]:
        """The newest measure of how the clocks differ, or that it is not believed yet."""
        measure_s = self._inlet.time_correction(_ANSWER_S)
        self.clock, doubted = clock.measured(self.clock, measure_s)
        if not doubted:
            return []
        ahead_s = measure_s - (self.clock.measure_s or 0.0)
        why = f"a measure of its clock is {ahead_s:.2f} s ahead of the one before"
        return [Rejection(self._now_s(), self._source, RejectionReason.FUTURE, why)]

    def _evened_s(self, stamped_s: float) -> float:
        if self._layout.kind is not Kind.EMG or not isfinite(stamped_s):
            return stamped_s
        self._even = clock.evened(self._even, stamped_s, self._layout.rate_hz)
        assert self._even.t_s is not None
        return self._even.t_s

    def close(self) -> None:
        self._inlet.close_stream()


class Sent(Struct, frozen=True):
    """A stream that is sent now on this network. `rate_hz` 0: as it comes. `simulated`: it says
    itself that nobody is measured."""

    name: str
    type: str
    channels: int
    rate_hz: float
    simulated: bool


def sent_now(wait_s: float) -> tuple[Sent, ...]:
    """All that answer within so long, by name. Raises MissingPartError without pylsl."""
    lsl = lsl_module()
    found = []
    for info in lsl.resolve_streams(wait_s):
        told = _whole(lsl, info)
        found.append(
            Sent(
                info.name(),
                info.type(),
                info.channel_count(),
                info.nominal_srate(),
                says_simulated(told),
            )
        )
    return tuple(sorted(found, key=lambda s: (s.name, s.type)))


def _whole(lsl: Any, info: Any) -> Any:
    """With its description, which is not sent before it is asked for."""
    inlet = None
    try:
        inlet = lsl.StreamInlet(info, max_buflen=1, recover=False)
        return inlet.info(_ANSWER_S)
    except (RuntimeError, TimeoutError):
        return info
    finally:
        if inlet is not None:
            inlet.close_stream()


def says_simulated(info: Any) -> bool:
    return bool(info.desc().child_value(_SIMULATED) == "yes")


def _layout(info: Any, name: str, wanted: Kind | None) -> codec.Layout:
    allowed = list(Kind) if wanted is None else [wanted]
    if info.type() not in allowed:
        raise InputError(
            f"type of the LSL stream {name}",
            value=info.type() or "none",
            allowed=", ".join(allowed),
            remedy="choose another stream",
        )
    kind = Kind(info.type())
    labels = tuple(info.get_channel_labels() or ())
    units = tuple(info.get_channel_units() or ())
    return codec.layout_of(
        kind,
        tuple(x or "" for x in labels),
        tuple(x or "" for x in units),
        rate_hz=info.nominal_srate(),
    )
