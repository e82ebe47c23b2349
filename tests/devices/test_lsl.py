"""Rows of LSL and back, units that are stated and that are not, and a stream over loopback."""

import os
import subprocess
import sys
from math import nan, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.devices import BatterySample, ForceSample, HeartSample
from lengthwise.contracts.errors import InputError, MissingPartError
from lengthwise.contracts.observation import ImuSample, Segment
from lengthwise.devices.lsl import codec
from lengthwise.devices.lsl.codec import Kind
from lengthwise.devices.lsl.transport import Inlet, Outlet, lsl_module
from lengthwise.devices.readings import UndecodableError

FINITE = st.floats(-1e3, 1e3)
THREE = st.tuples(FINITE, FINITE, FINITE)


@given(
    st.one_of(
        st.builds(ForceSample, st.just(1.0), st.just("x"), FINITE),
        st.builds(ImuSample, st.just(1.0), st.just(Segment.PELVIS), THREE, THREE),
        st.builds(
            HeartSample,
            st.just(1.0),
            st.just("x"),
            st.floats(30, 200),
            st.tuples(st.floats(0.3, 2.0)),
        ),
    )
)
def test_an_observation_comes_back(sent: ForceSample | ImuSample | HeartSample) -> None:
    kind, (row,) = codec.encoded(sent)
    assert codec.decoded(codec.own_layout(kind), row, 1.0, "x", Segment.PELVIS) == sent


def test_channels_are_found_by_label_and_brought_to_si() -> None:
    layout = codec.layout_of(
        Kind.INERTIAL,
        ("battery", "Gyr_Z", "gyr_y", "gyr_x", "acc_z", "acc_y", "acc_x"),
        ("%", "deg/s", "deg/s", "deg/s", "g", "g", "g"),
    )
    got = codec.decoded(layout, (50, 90, 0, 180, 1, 0, 0), 2.0, "x", Segment.T12)
    assert isinstance(got, ImuSample) and got.gyr_rad_s is not None
    assert got.acc_m_s2 == pytest.approx((0.0, 0.0, 9.80665))
    assert got.gyr_rad_s == pytest.approx((radians(180), 0.0, radians(90)))


@pytest.mark.parametrize(
    "labels, units, told",
    [
        (("pull",), ("N",), "label"),
        (("force", "force"), ("N", "N"), "label"),
        (("force",), ("",), "unit"),
        (("force",), ("lbf",), "unit"),
        (("force",), (), "unit"),
        ((), (), "no labels"),
    ],
)
def test_a_channel_or_unit_that_is_not_known_is_refused_not_guessed(
    labels: tuple[str, ...], units: tuple[str, ...], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        codec.layout_of(Kind.FORCE, labels, units)


@pytest.mark.parametrize(
    "kind, row",
    [
        (Kind.FORCE, (nan,)),
        (Kind.FORCE, (1.0, 2.0)),
        (Kind.INERTIAL, (0.0, 0.0, 9.8, nan, 0.0, 0.0)),
        (Kind.HEART, (nan, nan)),
        (Kind.HEART, (0.0, -1.0)),
    ],
)
def test_a_row_that_is_none_is_refused(kind: Kind, row: tuple[float, ...]) -> None:
    with pytest.raises(UndecodableError):
        codec.decoded(codec.own_layout(kind), row, 1.0, "x", Segment.PELVIS)


def test_a_rate_without_a_beat_and_a_beat_without_a_rate_are_both_taken() -> None:
    layout = codec.own_layout(Kind.HEART)
    assert codec.decoded(layout, (62.0, nan), 1.0, "x", None) == HeartSample(1.0, "x", 62.0)
    assert codec.decoded(layout, (nan, 0.9), 1.0, "x", None) == HeartSample(1.0, "x", None, (0.9,))


def test_what_has_no_kind_is_not_sent() -> None:
    with pytest.raises(TypeError):
        codec.encoded(BatterySample(0.0, "x"))


def test_without_pylsl_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pylsl", None)
    with pytest.raises(MissingPartError, match=r"lengthwise\[lsl\]"):
        lsl_module()


@pytest.mark.usefixtures("loopback")
def test_a_stream_over_loopback_arrives_whole_and_at_the_time_it_was_sent() -> None:
    import time

    outlet = Outlet(Kind.FORCE, "pull-test", monotonic_s=time.monotonic, rate_hz=80.0)
    inlet = Inlet("pull-test", monotonic_s=time.monotonic)
    assert outlet.wait_for_listener(60.0)
    assert inlet.pull(wait_s=0.0).observations == ()
    begun_s = time.monotonic()
    sent = [ForceSample(begun_s + n / 80.0, "pull-test", 60.0 + n) for n in range(80)]
    got: list[ForceSample] = []
    for sample in sent:
        outlet.send(sample)
    while len(got) < len(sent) and time.monotonic() - begun_s < 60.0:
        got += [o for o in inlet.pull(wait_s=0.2).observations if isinstance(o, ForceSample)]
    inlet.close()
    assert [o.force_n for o in got] == [s.force_n for s in sent]
    assert [o.t_s for o in got] == pytest.approx([s.t_s for s in sent], abs=0.01)


@pytest.mark.usefixtures("loopback")
def test_a_stream_that_nobody_sends_is_told() -> None:
    with pytest.raises(InputError, match="start its sender"):
        Inlet("nobody sends this", monotonic_s=lambda: 0.0, find_s=0.2)


def test_what_cannot_be_found_is_one_line_and_nothing_of_the_library_beside_it(
    tmp_path: Path,
) -> None:
    pytest.importorskip("pylsl", reason="pylsl is not installed: no LSL streams")
    asks = (
        "import sys; from lengthwise.devices.lsl.transport import Inlet\n"
        "try: Inlet('nobody sends this', monotonic_s=lambda: 0.0, find_s=0.2)\n"
        "except Exception as why: print(why, file=sys.stderr)"
    )
    without = {k: v for k, v in os.environ.items() if k != "LSLAPICFG"} | {"HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, env=without, cwd=tmp_path,
        timeout=60, check=True,
    )  # fmt: skip
    (line,) = done.stderr.splitlines()
    assert "start its sender" in line
