"""A band over a virtual Bluetooth link: however the link ends, it is released."""

import pytest
from msgspec.structs import replace

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from linked_devices import over_link

from lengthwise.contracts.devices import BandMode, BandSample
from lengthwise.contracts.errors import SafetyRefusedError
from lengthwise.contracts.observation import RejectionReason
from lengthwise.devices.driver import SimService
from lengthwise.devices.link import LinkState
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.open_band import codec as band
from lengthwise.devices.open_band.driver import DRIVER as OPEN_BAND
from lengthwise.devices.open_band.driver import set_point
from lengthwise.devices.open_band.sim import OpenBandSim
from lengthwise.devices.tindeq import codec as tindeq
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.tindeq.sim import TindeqSim
from lengthwise.testing.link_contract import Listening, quiet, until

RELEASE = set_point(band.SetPoint(band.Command.RELEASE, 7))


def follow(n: int, *, target_n: float = 30.0, rate_n_s: float = 40.0) -> Write:
    return set_point(band.SetPoint(band.Command.FOLLOW, n, target_n, rate_n_s, 0.2))


async def gripped(listening: Listening, simulated: OpenBandSim) -> None:
    """The grip is seen open, then closed."""
    await listening.play(0.1)
    simulated.grip_closed = True
    await listening.play(0.2)


def test_a_band_follows_set_points_over_the_link_and_releases_when_it_is_lost() -> None:
    simulated = OpenBandSim()

    async def tried(listening: Listening) -> None:
        await gripped(listening, simulated)
        for n in range(40):
            await listening.device.send(follow(n + 1))
            await listening.play(listening.now_s + 0.05)
        assert simulated.state.mode is BandMode.FOLLOWING
        assert listening.device.decoder.answer == band.Answer(
            40, band.Outcome.TAKEN, BandMode.FOLLOWING
        )
        await listening.peripheral.drop()
        await listening.state(LinkState.LOST, times=1)
        assert simulated.state.mode is BandMode.RELEASING
        await listening.state(LinkState.UP, times=2)
        await listening.play(6.0)

    heard = over_link(OPEN_BAND, simulated, tried)
    bands = [o for o in heard.observations if isinstance(o, BandSample)]
    assert max(o.force_n or 0.0 for o in bands) == pytest.approx(30.0, abs=0.1)
    assert bands[-1].mode is BandMode.RELEASED and bands[-1].force_n == 0.0


def pulled(simulated: OpenBandSim) -> band.SetPoint:
    """The set-point that a band follows now."""
    p = band.SetPoint(band.Command.FOLLOW, 1, 30.0, 40.0, 0.2)
    simulated.advance(0.1)
    simulated.grip_closed = True
    simulated.advance(0.2)
    simulated.write(Write(band.SET_POINT, band.encoded_set_point(p)))
    simulated.advance(0.3)
    assert simulated.state.mode is BandMode.FOLLOWING and simulated.state.pull_n > 0.0
    return p


def _changed(raw: bytes, at: int, to: int) -> bytes:
    return raw[:at] + bytes((to,)) + raw[at + 1 :]


@pytest.mark.parametrize("how", ["a bit", "too short", "nothing", "no number"])
def test_a_damaged_set_point_is_answered_and_releases(how: str) -> None:
    simulated = OpenBandSim()
    raw = band.encoded_set_point(replace(pulled(simulated), sequence=2))
    no_number = raw[:4] + b"\x00\x00\xc0\x7f" + raw[8:14]
    sent = {
        "a bit": _changed(raw, 4, raw[4] ^ 1),
        "too short": raw[:-1],
        "nothing": b"",
        "no number": no_number + band.crc16(no_number).to_bytes(2, "little"),
    }[how]
    (answer,) = simulated.write(Write(band.SET_POINT, sent))
    told = band.decoded_answer(answer.payload)
    assert told == band.Answer(0, band.Outcome.DAMAGED, BandMode.RELEASING)
    simulated.advance(0.31)
    assert simulated.state.mode is BandMode.RELEASING


def _sent(simulated: OpenBandSim) -> list[band.Command]:
    return [band.decoded_set_point(w.payload).command for w in simulated.written]


def test_closing_the_link_sends_a_band_a_release_whatever_was_counted_to() -> None:
    simulated = OpenBandSim()

    async def tried(listening: Listening) -> None:
        await gripped(listening, simulated)
        await listening.device.send(follow(500))
        await quiet()
        assert simulated.state.mode is BandMode.FOLLOWING
        simulated.link_lost = lambda: None  # type: ignore[method-assign]

    over_link(OPEN_BAND, simulated, tried)
    assert _sent(simulated) == [band.Command.FOLLOW, band.Command.RELEASE]
    assert simulated.state.mode is BandMode.RELEASING


def test_the_limits_of_a_band_are_read_on_each_link_and_nothing_beyond_them_is_sent() -> None:
    simulated = OpenBandSim(limits=band.Limits(50.0, 20.0, 0.2))

    async def tried(listening: Listening) -> None:
        send = listening.device.send
        assert listening.device.decoder.limits == simulated.limits
        for write in (follow(1, target_n=50.5, rate_n_s=20.0), follow(1, rate_n_s=20.5)):
            with pytest.raises(SafetyRefusedError, match="where it allows"):
                await send(write)
        await send(follow(1, target_n=50.0, rate_n_s=20.0))
        simulated.limits = band.Limits(25.0, 20.0, 0.2)
        await listening.peripheral.drop()
        await listening.state(LinkState.UP, times=2)
        with pytest.raises(SafetyRefusedError, match="30 N where it allows 25"):
            await send(follow(2, rate_n_s=20.0))
        await send(RELEASE)
        await listening.play(1.0)

    heard = over_link(OPEN_BAND, simulated, tried)
    assert _sent(simulated)[:2] == [band.Command.FOLLOW, band.Command.RELEASE]
    assert heard.rejections == []


def test_a_band_whose_limits_cannot_be_read_is_told_to_release_and_nothing_else() -> None:
    class Damaged(OpenBandSim):
        def read(self, characteristic: str) -> bytes:
            return super().read(characteristic)[:-1] + b"\0"

    class Without(OpenBandSim):
        services = (SimService(band.SERVICE, OpenBandSim.services[0].characteristics[:3]),)

    for simulated in (Damaged(), Without()):

        async def tried(listening: Listening) -> None:
            with pytest.raises(SafetyRefusedError, match="not known"):
                await listening.device.send(follow(1))
            await listening.device.send(RELEASE)
            await listening.play(1.0)

        heard = over_link(OPEN_BAND, simulated, tried)
        assert set(_sent(simulated)) == {band.Command.RELEASE}
        assert [r.reason for r in heard.rejections] == [RejectionReason.UNDECODABLE]
        assert len(heard.observations) > 70, "it is listened to"


class Refusing(TindeqSim):
    """A gauge that takes no more messages once it measures."""

    def write(self, write: Write) -> list[Notice]:
        if write.payload[:1] == bytes((tindeq.STOP,)):
            raise ValueError("not now")
        return super().write(write)


def test_a_stop_that_is_refused_still_closes_the_link() -> None:
    simulated, gone = Refusing(), []

    async def tried(listening: Listening) -> None:
        await listening.play(0.5)
        simulated.link_lost = lambda: gone.append(True)  # type: ignore[method-assign]
        await listening.end()
        await until(lambda: bool(gone), what="the end of the link")

    over_link(TINDEQ, simulated, tried)
    assert gone == [True]


def test_a_killed_program_leaves_a_band_at_rest_and_the_next_does_not_pull_on() -> None:
    """Killed without a word, the link hanging: the watchdog releases. The next program finds it at
    rest, and neither its start nor a set-point that goes on counting pulls while the grip has only
    stayed closed: it has to be opened, and closed anew at rest."""
    simulated = OpenBandSim()

    async def tried(listening: Listening) -> None:
        await gripped(listening, simulated)
        for n in range(40):
            await listening.device.send(follow(n + 1))
            await listening.play(listening.now_s + 0.05)
        held_n = simulated.pull_n
        assert held_n == pytest.approx(30.0, abs=0.5)
        killed_s = listening.now_s  # nothing is said any more, and nothing closes the link
        while simulated.state.mode is BandMode.FOLLOWING:
            await listening.play(listening.now_s + 0.01, step_s=0.01)
        assert listening.now_s - killed_s <= 0.21
        await listening.play(listening.now_s + held_n / 20.0 + 0.2)
        assert simulated.state.mode is BandMode.RELEASED and simulated.pull_n < 1.0

        written = len(simulated.written)
        await listening.peripheral.drop()
        await listening.state(LinkState.UP, times=2)  # as of a program that was started again
        assert len(simulated.written) == written, "a new link asks for nothing"
        for n in range(20):
            await listening.device.send(follow(n + 100))
            await listening.play(listening.now_s + 0.05)
        assert simulated.state.mode is BandMode.RELEASED and simulated.pull_n < 1.0
        answer = listening.device.decoder.answer
        assert answer is not None and answer.outcome is not band.Outcome.TAKEN
        simulated.grip_closed = False
        await listening.play(listening.now_s + 0.1)
        simulated.grip_closed = True
        await listening.play(listening.now_s + 0.1)
        await listening.device.send(follow(200))
        await quiet()
        assert simulated.state.mode is BandMode.FOLLOWING

    over_link(OPEN_BAND, simulated, tried)
