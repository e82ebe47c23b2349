"""What innovations say of a noise model, and the page that shows them."""

import json
import re
from base64 import b64decode

import numpy as np
import pytest

from lengthwise.report.debug_page import debug_page
from lengthwise.report.innovations import Angle, Mark, Readings, Trace, figures

N = 4000


def readings(innovation: np.ndarray, sd: float, *, used: np.ndarray | None = None) -> Readings:
    n = len(innovation)
    return Readings(
        "left knee →",
        "landmarks",
        "mm",
        innovation,
        np.full(n, sd),
        np.full(n, 0.5 * sd),
        np.ones(n, dtype=bool) if used is None else used,
    )


def white(sd: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, sd, N)


def test_a_filter_that_is_right_about_itself_draws_no_remark() -> None:
    f = figures(readings(white(10.0), 10.0))
    assert f.bias == pytest.approx(0.0, abs=0.06)
    assert f.rms == pytest.approx(1.0, abs=0.05) and f.spread == pytest.approx(1.0, abs=0.05)
    assert f.memory == pytest.approx(0.0, abs=0.06)
    assert f.outside == pytest.approx(0.0455, abs=0.01)
    assert f.step == pytest.approx(10.0, rel=0.05) and f.noise == 5.0 and f.sd == 10.0
    assert f.remarks() == ()


@pytest.mark.parametrize("scale", [0.1, 1.0, 7.0])
def test_the_unit_does_not_matter_to_normalised_figures(scale: float) -> None:
    one, other = (figures(readings(k * white(10.0), k * 10.0)) for k in (1.0, scale))
    assert (other.bias, other.rms, other.memory) == pytest.approx((one.bias, one.rms, one.memory))
    assert other.mean == pytest.approx(scale * (one.mean or 0.0))


@pytest.mark.parametrize(
    ("innovation", "remarks"),
    [
        (white(10.0) + 15.0, ("biased", "too sure")),
        (white(20.0), ("too sure",)),
        (white(3.0), ("too careful",)),
        (np.convolve(white(10.0), np.ones(10) / np.sqrt(10.0), mode="same"), ("lingers",)),
    ],
)
def test_each_way_of_being_wrong_has_its_word(
    innovation: np.ndarray, remarks: tuple[str, ...]
) -> None:
    assert figures(readings(innovation, 10.0)).remarks() == remarks


def test_what_a_gate_left_out_is_counted_apart_and_changes_no_figure() -> None:
    value, used = white(10.0), np.ones(N, dtype=bool)
    value[100:110], used[100:110] = 500.0, False
    with_gate, missing = figures(readings(value, 10.0, used=used)), value.copy()
    missing[100:110] = np.nan
    without = figures(readings(missing, 10.0, used=used))
    assert with_gate.left_out == 10 and without.left_out == 0
    assert with_gate.rms == without.rms and with_gate.count == N - 10


def test_too_few_readings_give_no_figures() -> None:
    f = figures(readings(np.where(np.arange(N) < 5, 1.0, np.nan), 10.0, used=np.arange(N) < 5))
    assert f.count == 5 and f.rms is None and f.remarks() == ()


def trace() -> Trace:
    t_s = np.arange(N) / 30.0
    one = np.ones(N)
    return Trace(
        title="<take> & co",
        simulated=True,
        t_s=t_s + 2.0,
        readings=(readings(white(10.0), 10.0),),
        angles=(Angle("knee flexion l", 5.0 * one, one, t_s > 1.0),),
        nis=one,
        dof=26 * one,
        nis_low=0.5 * one,
        nis_high=1.5 * one,
        marks=(Mark(3.0, "camera: outlier left_knee"),),
    )


def test_the_page_needs_no_network_and_escapes_its_words() -> None:
    page = debug_page(trace())
    assert "default-src 'none'" in page and not re.search(r'(src|href)="(?!#)', page)
    assert "&lt;take&gt; &amp; co" in page and "<take>" not in page
    assert "Nobody was measured" in page


def test_the_plots_have_the_numbers_of_the_trace() -> None:
    found = re.search(r'id="data">(.*?)</script>', debug_page(trace()))
    assert found is not None
    data = json.loads(found.group(1))
    value = np.frombuffer(b64decode(data["readings"][0]["value"]), dtype="<f4")
    np.testing.assert_allclose(value, white(10.0), rtol=1e-6)
    assert data["t0"] == 2.0 and data["marks"] == [[1.0, "camera: outlier left_knee"]]
