"""Up in a worn inertial sensor against an optical reference, from the bytes of its radio on.

BROAD (Laidig, Caruso, Cereatti, Seel 2021, doi 10.3390/data6070072) moves a sensor by hand below
cameras. Its samples are sent as a DOT sends them: encoded, cut into notifications that may be lost,
decoded, dated by the device's own clock, and taken by the body estimate's inertial part.
"""

from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.body import imu_estimate
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import ImuSample, ImuStream, Segment
from lengthwise.devices import receiving
from lengthwise.devices.manifest import Notice
from lengthwise.devices.readings import Inertial
from lengthwise.devices.xsens_dot import codec
from lengthwise.devices.xsens_dot.driver import DRIVER
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table, markdown

BROAD = Path("imu/broad")
_READ_EVERY_S = 0.02
_BUNDLE_S = 0.01
"""What one packet of the radio holds."""
_WRAP_S = 60.0
"""So long after the beginning the device's clock begins again, where it tells 32 bits."""
_LOOKED_S = 5.0
SEED = 4100
RMSE_DEG, AFTER_DEG, BACK_S = 0.8, 2.0, 1.0
_BROUGHT_S = 0.3
"""So long it takes to bring what was kept; what is felt meanwhile waits behind it."""

_SAID = """
**What this rests on.** Two of BROAD's 39 trials, without magnetic disturbance, a sensor that is
turned or moved slowly by hand; the others are kept back. No person wears it: on a body soft tissue
adds more error than the filter. Only the direction of up is judged: without a magnetometer heading
is arbitrary, and nothing here uses it.

*Loss*: a tenth of all packets, chosen at random, and every half minute nothing for five seconds, as
when the radio is gone. *Known*: share of the instants that count at which up was told. *After*: the
greatest error of what was told within five seconds of each return, from the first time it was told;
*back*: how long that took. *Kept*: the sensor goes on measuring while nobody hears it and brings
that after its return, as the phone does (a tenth of it is missing too); its orientation goes
through it, and nothing of it counts as felt now (decision 0103). What keeps nothing says nothing of
how it turned meanwhile; the orientation begins anew from what it feels. A sensor that is thrown to
and fro (the translations) feels that too: until what it felt is surely gravity, nothing is told
without reserve, which is what is judged here. What is told before that, with its sd, and how often
it is within 2 degrees of people who stand, sit and walk, is in decisions 0077 and 0097, and of
sensors that keep their readings in 0103: who keeps still is back after 0.2 s.
"""


class Radio(Struct, frozen=True):
    """What is lost on the way: share of packets, and `outage_s` seconds every `every_s`; `keeps`:
    they are not lost but brought after it, but for the same share."""

    name: str
    lost_ratio: float = 0.0
    outage_s: float = 0.0
    every_s: float = 30.0
    keeps: bool = False


RADIOS = (
    Radio("all arrives"),
    Radio("a tenth is lost", 0.1),
    Radio("a tenth is lost, 5 s are missing every 30 s", 0.1, 5.0),
    Radio("a tenth is lost, 5 s every 30 s are kept and brought", 0.1, 5.0, keeps=True),
)


class Trial(Struct, frozen=True):
    """`rate_hz`; (n, 3) `gyr` rad/s, `acc` m/s2; `up` (n, 3) true up in sensor axes, NaN where the
    cameras lost it; `moving` (n,) bool, samples that count."""

    name: str
    rate_hz: float
    gyr: np.ndarray
    acc: np.ndarray
    up: np.ndarray
    moving: np.ndarray


class Piece(Struct, frozen=True):
    path: Path
    radio: Radio
    seed: int


class Found(Struct, frozen=True):
    """Degrees. `known`: share of moving instants at which up was told; of each return `after` the
    greatest error of what was told within the seconds behind it, `back_s` how long it took until
    anything was."""

    rmse: float
    most: float
    known: float
    lost: float
    after: tuple[float, ...]
    back_s: tuple[float, ...]


def evaluate(
    data: Path, *, seeds: int = 3, jobs: int = 1, advance: Advance | None = None
) -> list[Table]:
    """Tables of the trials in `data`. Raises InputError where there are none."""
    paths = sorted((data / BROAD).glob("*.npz"))
    if not paths:
        raise InputError(
            "recordings of an inertial sensor below cameras",
            value=data / BROAD,
            allowed="a folder that holds imu/broad",
            remedy="give it with --data",
        )
    pieces = [
        Piece(path, radio, SEED + n)
        for radio in RADIOS
        for path in paths
        for n in range(seeds if radio.lost_ratio else 1)
    ]
    found = run_all(found_in, pieces, jobs=jobs, advance=advance)
    of = list(zip(pieces, found, strict=True))
    floors = [
        Floor(
            "all arrives: inclination, RMSE",
            _together([f for p, f in of if p.radio == RADIOS[0]]),
            None,
            RMSE_DEG,
        )
    ]
    rows: list[tuple[Cell, ...]] = []
    for path in paths:
        for radio in RADIOS:
            own = [f for p, f in of if p.path == path and p.radio == radio]
            rows.append((path.stem, *_row(radio, own)))
            after = [a for f in own for a in f.after]
            of_what = f"{path.stem}, kept" if radio.keeps else path.stem
            if radio.outage_s:
                what = f"{of_what}: greatest error of what is told after a return"
                floors.append(Floor(what, max(after, default=None), None, AFTER_DEG))
            if radio.keeps:
                back_s = [b for f in own for b in f.back_s]
                what = f"{of_what}: seconds until it is told, the longest"
                floors.append(Floor(what, max(back_s, default=None), None, BACK_S))
    table = Table(
        "Inclination, degrees",
        (
            "trial", "radio", "runs", "RMSE", "most", "known", "lost", "returns", "after: median",
            "after: most", "back: median", "back: most",
        ),
        tuple(rows),
        (0, 0, 0, 2, 2, 3, 3, 0, 2, 2, 1, 1),
    )  # fmt: skip
    return [floors_table("Orientation: floors", floors), table]


def page(tables: list[Table], command: str) -> str:
    """The tables as a page that says how it was made."""
    return f"# Inertial sensors\n\nMade by `{command}`.\n{_SAID}\n{markdown(tables)}"


def _together(found: list[Found]) -> float:
    return float(np.sqrt(np.mean([f.rmse**2 for f in found])))


def _row(radio: Radio, found: list[Found]) -> tuple[Cell, ...]:
    after = [a for f in found for a in f.after]
    back_s = [b for f in found for b in f.back_s]
    return (
        radio.name, len(found), _together(found), max(f.most for f in found),
        float(np.mean([f.known for f in found])), float(np.mean([f.lost for f in found])),
        len(after), _median(after), max(after, default=None), _median(back_s),
        max(back_s, default=None),
    )  # fmt: skip


def _median(values: list[float]) -> float | None:
    return float(np.median(values)) if values else None


def read_trial(path: Path) -> Trial:
    with np.load(path) as file:
        w, x, y, z = np.asarray(file["opt_quat"], dtype=float).T
        up = np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)
        return Trial(
            path.stem,
            float(file["sampling_rate"]),
            np.asarray(file["imu_gyr"], dtype=float),
            np.asarray(file["imu_acc"], dtype=float),
            up,
            np.asarray(file["movement"], dtype=bool),
        )


def found_in(piece: Piece) -> Found:
    return judged(read_trial(piece.path), piece.radio, piece.seed)


def judged(trial: Trial, radio: Radio, seed: int) -> Found:
    """One trial over one radio."""
    arrives = _arrives(trial, radio, seed)
    at, ups = _told(trial, arrives, _late(trial, radio))
    true = trial.up[at]
    cosine = np.sum(ups * true, axis=1) / np.linalg.norm(true, axis=1)
    error_deg = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    counts = trial.moving[at] & np.isfinite(error_deg)
    reads = round(_READ_EVERY_S * trial.rate_hz)
    after, back_s = _after(trial, radio, at, np.where(counts, error_deg, np.nan))
    return Found(
        rmse=float(np.sqrt(np.mean(error_deg[counts] ** 2))),
        most=float(error_deg[counts].max()),
        known=float(counts.sum() * reads / trial.moving.sum()),
        lost=float(1.0 - arrives.mean()),
        after=after,
        back_s=back_s,
    )


def _arrives(trial: Trial, radio: Radio, seed: int) -> np.ndarray:
    n = len(trial.acc)
    size = max(round(_BUNDLE_S * trial.rate_hz), 1)
    packets = np.random.default_rng(seed).random(n // size + 1) >= radio.lost_ratio
    arrives = np.repeat(packets, size)[:n]
    if radio.outage_s and not radio.keeps:
        t = np.arange(n) / trial.rate_hz
        arrives &= ~(t % radio.every_s >= radio.every_s - radio.outage_s)
    return np.asarray(arrives)


def _late(trial: Trial, radio: Radio) -> np.ndarray:
    """(n,) samples that come after their instant, since they were kept."""
    t = np.arange(len(trial.acc)) / trial.rate_hz
    if not radio.keeps:
        return np.zeros(len(t), dtype=bool)
    gone = t % radio.every_s >= radio.every_s - radio.outage_s
    return np.asarray(gone | ((t >= radio.every_s) & (t % radio.every_s < _BROUGHT_S)))


def _told(trial: Trial, arrives: np.ndarray, late: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m,) sample numbers at which up was told, and (m, 3) up in sensor axes there."""
    stream = ImuStream(Segment.THORAX, trial.rate_hz)
    memory = imu_estimate.ImuMemory()
    state = receiving.start(DRIVER, "sensor", segment=Segment.THORAX)
    every = round(_READ_EVERY_S * trial.rate_hz)
    number_at: dict[float, int] = {}
    at, ups = [], []
    for n in range(len(trial.acc)):
        if arrives[n]:
            state, samples = _received(trial, state, n)
            for sample in samples:
                number_at[sample.t_s] = n
                if late[n]:
                    memory, _ = imu_estimate.take_late(stream, memory, sample)
                else:
                    memory, _ = imu_estimate.take(stream, memory, sample, None)
        if n % every or late[n]:
            continue
        memory = imu_estimate.settle(stream, memory)
        up, told_s = imu_estimate.fresh_up(memory), memory.orientation.t_s
        if up is None or told_s is None:
            continue
        memory = imu_estimate.mark_read(memory)
        at.append(number_at[told_s])
        ups.append(up)
        number_at = {t: k for t, k in number_at.items() if t > told_s}
    return np.array(at), np.array(ups)


def _received(
    trial: Trial, state: receiving.State, n: int
) -> tuple[receiving.State, list[ImuSample]]:
    """A sample as bytes of the radio, and what is received of it."""
    t_s = n / trial.rate_hz
    acc, gyr = trial.acc[n].tolist(), trial.gyr[n].tolist()
    value = Inertial((acc[0], acc[1], acc[2]), (gyr[0], gyr[1], gyr[2]), (1.0, 0.0, 0.0, 0.0))
    device_us = round((t_s - _WRAP_S) * 1.0e6) % (1 << 32)
    notice = Notice(codec.LONG, codec.encoded_long(value, device_us))
    state, told = receiving.step(DRIVER, state, notice, t_s + 0.01)
    return state, [o for o in told.observations if isinstance(o, ImuSample)]


def _after(
    trial: Trial, radio: Radio, at: np.ndarray, error_deg: np.ndarray
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Of each return behind which errors count: the greatest, and seconds until up was told."""
    if not radio.outage_s:
        return (), ()
    t_s = at / trial.rate_hz
    greatest, back_s = [], []
    for returned_s in np.arange(radio.every_s, len(trial.acc) / trial.rate_hz, radio.every_s):
        then = (t_s >= returned_s) & (t_s < returned_s + _LOOKED_S + 1.0)
        if np.isfinite(error_deg[then]).any():
            greatest.append(float(np.nanmax(error_deg[then])))
            back_s.append(float(t_s[then][0] - returned_s))
    return tuple(greatest), tuple(back_s)
