"""What stands in the network for a phone: its page and its motion, for the one that was paired."""

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path

import httpx
import msgspec
import numpy as np
import pytest
from phone_lan import HERE, Lan, run, to_bytes

from lengthwise.contracts.errors import InputError, MissingPartError, SafetyRefusedError
from lengthwise.contracts.phone_wire import Heard, Pair, PhoneSays
from lengthwise.contracts.wire import Clock, Motion, Word
from lengthwise.live.phone_code import GOOD_FOR_S, MOST_WRONG
from lengthwise.web import phone_desk
from lengthwise.web.phone_desk import Desk, State


async def nobody_listens(origin: str) -> bool:
    host, _, port = origin.removeprefix("https://").partition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return True
    writer.close()
    return False


def test_nothing_listens_before_it_is_asked_for_nor_after_it_is_forgotten(tmp_path: Path) -> None:
    async def whole() -> None:
        held = Lan(tmp_path)
        assert held.desk.seen().state is State.OFF and held.desk._listener is None
        await (await held.offered()).aclose()
        assert not await nobody_listens(held.origin)
        await held.desk.forget()
        assert await nobody_listens(held.origin) and held.desk.seen().state is State.OFF

    asyncio.run(whole())


def test_asked_for_twice_at_once_and_forgotten_meanwhile_nothing_is_left_open(
    tmp_path: Path,
) -> None:
    async def whole() -> None:
        held = Lan(tmp_path)
        first, second = await asyncio.gather(held.desk.offer(), held.desk.offer())
        assert first.url.partition("/#")[0] == second.url.partition("/#")[0]
        await asyncio.gather(held.desk.offer(), held.desk.forget())
        assert held.desk.seen().state is State.OFF
        assert await nobody_listens(first.url.partition("/#")[0])

    asyncio.run(whole())


def test_it_serves_the_page_of_the_phone_and_nothing_else(tmp_path: Path) -> None:
    async def case(_: Lan, phone: httpx.AsyncClient) -> None:
        page = await phone.get("/")
        assert page.status_code == 200 and "phone" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert (await phone.get("/assets/phone.js")).status_code == 200
        for path in (
            "/api/sessions", "/api/phone", "/api/screening", "/api/exercises", "/api/enter",
            "/api/body/names", "/index.html", "/phone.html", "/models/x.task", "/docs",
            "/openapi.json", "/motion", "/pair", "/assets/", "/assets/../../secret.txt",
            "/assets/%2e%2e/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt",
        ):  # fmt: skip
            answer = await phone.get(path)
            assert answer.status_code in (404, 405), path
            assert "person" not in answer.text
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            assert (await phone.request(method, "/motion")).status_code in (403, 404, 405)

    run(tmp_path, case)


def test_another_host_or_page_is_refused_and_counted(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        for host in ("evil.example", HERE, held.origin.removeprefix("https://") + "0"):
            assert (await phone.get("/", headers={"host": host})).status_code == 421
        pair = to_bytes(Pair(held.code))
        for origin in ("https://evil.example", "null", held.origin.replace("https", "http")):
            refused = await phone.post("/pair", content=pair, headers={"origin": origin})
            assert refused.status_code == 403
        bare = httpx.Request("POST", held.origin + "/pair", content=pair)
        assert (await phone.send(bare)).status_code == 403
        assert held.desk.seen().refused == 7
        await held.paired(phone)

    run(tmp_path, case)


def test_a_code_pairs_one_phone(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        token = await held.paired(phone)
        again = await phone.post("/pair", content=to_bytes(Pair(held.code)))
        assert again.status_code == 403
        assert (await held.bring(phone, token)).status_code == 200

    run(tmp_path, case)


def test_guesses_and_time_close_the_code(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        for _ in range(MOST_WRONG):
            assert (await phone.post("/pair", content=to_bytes(Pair("x" * 22)))).status_code == 403
        assert (await phone.post("/pair", content=to_bytes(Pair(held.code)))).status_code == 403
        held.code = (await held.desk.offer()).url.partition("/#code=")[2]
        held.time.now_s += GOOD_FOR_S
        assert (await phone.post("/pair", content=to_bytes(Pair(held.code)))).status_code == 403

    run(tmp_path, case)


def test_garbage_replays_and_strangers_are_refused_and_counted(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        token = await held.paired(phone)
        for _ in range(4):
            assert (await held.bring(phone, token)).status_code == 200
        before, received = held.desk.seen().refused, held.desk.seen().received
        mine = {"x-phone": token}
        refused = [
            await phone.post("/motion", content=b"\xc1garbage", headers=mine),
            await phone.post("/motion", content=b"x" * 5000, headers=mine),
            await phone.post("/motion", content=b"x" * 70_000, headers=mine),
            await phone.post("/motion", content=to_bytes((Word(1, "resume"),)), headers=mine),  # type: ignore[arg-type]
            await phone.post("/motion", content=to_bytes((Clock(1.0),)), headers={"x-phone": "a"}),
            await phone.post("/motion", content=to_bytes((Clock(1.0),))),
        ]
        replay = to_bytes((Motion(held.seq, np.zeros((1, 7), dtype="<f8").tobytes()),))
        refused.append(await phone.post("/motion", content=replay, headers=mine))
        assert [a.status_code for a in refused] == [400, 400, 413, 400, 410, 410, 400]
        assert held.desk.seen().refused == before + len(refused)
        assert held.desk.seen().received == received
        assert (await held.bring(phone, token)).status_code == 200

    run(tmp_path, case)


def test_a_phone_hears_nothing_of_the_person(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        token = await held.paired(phone)
        answer = await held.bring(phone, token)
        said = msgspec.msgpack.decode(answer.content)
        assert set(said) == {"type", "clock", "received", "refused", "rate_hz", "says", "place"}

    run(tmp_path, case)


def test_it_is_led_to_stand_still_where_the_exercise_wants_it(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        with pytest.raises(InputError, match="connected"):
            held.desk.stand("cat_cow", None)
        token = await held.paired(phone)
        for _ in range(30):
            await held.bring(phone, token)
        with pytest.raises(SafetyRefusedError, match="stood still"):
            held.desk.worn("cat_cow", None)
        held.desk.stand("cat_cow", None)
        for _ in range(40):
            answer = await held.bring(phone, token)
        heard = msgspec.msgpack.decode(answer.content, type=Heard)
        assert (heard.says, heard.place) == (PhoneSays.WORN_WELL, "sacrum")
        worn = held.desk.worn("cat_cow", None)
        assert worn.rate_hz == pytest.approx(60.0, rel=0.05)
        with pytest.raises(SafetyRefusedError, match="stood still"):
            held.desk.worn("supine_hamstring", None)  # which wants it on the thigh
        held.time.now_s += phone_desk.STOOD_HOLDS_S + 1.0
        with pytest.raises(SafetyRefusedError, match="stood still"):
            held.desk.worn("cat_cow", None)

    run(tmp_path, case)


def test_nobody_stood_still_while_the_phone_was_not_heard(tmp_path: Path) -> None:
    """Readings that were kept say nothing of somebody who is asked to stand still now."""

    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        token = await held.paired(phone)
        for _ in range(5):
            await held.bring(phone, token)
        from_s = held.time.now_s
        held.desk.stand("half_kneeling_hip_flexor", None)
        held.time.now_s += 8.0
        held.seq += 1
        kept = [[from_s + k / 60.0, 0.0, 9.81, 0.001 * (k % 7), 0.0, 0.0, 0.0] for k in range(60)]
        bundle = to_bytes((Motion(held.seq, np.array(kept, dtype="<f8").tobytes()),))
        answer = await phone.post("/motion", content=bundle, headers={"x-phone": token})
        assert answer.status_code == 425, "not before the clocks were compared again"
        held.last = None
        await held.bring(phone, token)
        await held.bring(phone, token, samples=0)
        held.time.now_s += 0.05
        received = held.desk.seen().received
        for second in range(7):
            rows = np.array(kept) + np.array([second, *[0.0] * 6])
            held.seq += 1
            bundle = to_bytes((Motion(held.seq, rows.astype("<f8").tobytes()),))
            answer = await phone.post("/motion", content=bundle, headers={"x-phone": token})
            assert answer.status_code == 200, answer.text
        seen = held.desk.seen()
        assert seen.received == received + 420
        assert not seen.stood and seen.still_s == 0.0

    run(tmp_path, case)


def test_stop_on_the_phone_ends_it_for_good(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        token = await held.paired(phone)
        await held.bring(phone, token)
        bye = await phone.post("/bye", content=b"\xc0", headers={"x-phone": token})
        assert bye.status_code == 204
        assert (await held.bring(phone, token)).status_code == 410
        assert held.desk.seen().state is State.WAITING

    run(tmp_path, case)


def test_a_listener_that_nobody_comes_to_closes_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_desk, "GOOD_FOR_S", 0.0)
    monkeypatch.setattr(phone_desk, "_LAST_WORD_S", 0.0)

    async def case(held: Lan, _: httpx.AsyncClient) -> None:
        async with asyncio.timeout(60.0):
            while not await nobody_listens(held.origin):
                await asyncio.sleep(0.01)
        assert held.desk.seen().state is State.OFF

    run(tmp_path, case)


def test_who_knocks_too_often_takes_nothing_from_the_page(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        token = await held.paired(phone)
        host, _, port = held.origin.removeprefix("https://").partition(":")
        knocking = [await asyncio.open_connection(host, int(port)) for _ in range(60)]
        async with asyncio.timeout(60.0):
            let_go = 0
            while let_go < 60 - 24:
                ready = [reader.at_eof() for reader, _ in knocking]
                let_go = sum(ready)
                await asyncio.sleep(0.01)
                for reader, _ in knocking:
                    with suppress(TimeoutError, OSError):
                        await asyncio.wait_for(reader.read(1), 0.001)
        assert (await held.bring(phone, token)).status_code == 200, "who is in stays in"
        for _, writer in knocking:
            writer.close()

    run(tmp_path, case)


def test_the_certificate_names_this_address_and_the_offer_its_fingerprint(tmp_path: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    async def case(held: Lan, _: httpx.AsyncClient) -> None:
        port = int(held.origin.rpartition(":")[2])
        pem = await asyncio.to_thread(ssl.get_server_certificate, (HERE, port))
        shown = x509.load_pem_x509_certificate(pem.encode())
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert HERE in [str(ip) for ip in names.get_values_for_type(x509.IPAddress)]
        lasts = shown.not_valid_after_utc - shown.not_valid_before_utc
        assert lasts.total_seconds() <= 86_400.0
        offer = await held.desk.offer()
        assert offer.fingerprint == shown.fingerprint(hashes.SHA256()).hex(":").upper()
        assert offer.qr.startswith("data:image/svg+xml")
        assert not list((tmp_path / "keys").iterdir()), "no key is left on the disk"

    run(tmp_path, case)


def test_a_page_that_is_loaded_anew_is_shown_the_code_that_is_open(tmp_path: Path) -> None:
    async def whole() -> None:
        held = Lan(tmp_path)
        assert held.desk.offered() is None
        offer = await held.desk.offer()
        held.time.now_s += 60.0
        again = held.desk.offered()
        assert again is not None and again.url == offer.url and again.qr == offer.qr
        assert again.good_for_s == pytest.approx(GOOD_FOR_S - 60.0)
        held.time.now_s += GOOD_FOR_S
        assert held.desk.offered() is None
        await held.desk.offer()
        await held.desk.forget()
        assert held.desk.offered() is None

    asyncio.run(whole())


def test_an_address_of_no_machine_and_a_page_that_is_not_built_are_said(tmp_path: Path) -> None:
    async def offers(address: str, page: Path) -> None:
        await Desk(page=page, keys=tmp_path / "keys", address=address).offer()

    (tmp_path / "phone.html").write_text("")
    with pytest.raises(InputError, match="address"):
        asyncio.run(offers("203.0.113.7", tmp_path))
    with pytest.raises(MissingPartError, match="page of the phone"):
        asyncio.run(offers(HERE, tmp_path / "nothing"))


def test_a_phone_that_looks_inwards_begins_no_session(tmp_path: Path) -> None:
    async def case(held: Lan, phone: httpx.AsyncClient) -> None:
        token = await held.paired(phone)
        for _ in range(15):
            await held.bring(phone, token)
        held.desk.check("cat_cow")
        for _ in range(45):
            await held.bring(phone, token)
        for n in range(30):  # three seconds of a bend, its back towards where its face should be
            await held.bring(phone, token, lean_rad=-0.6 * np.sin(np.pi * n / 30) ** 2)
        for _ in range(120):
            await held.bring(phone, token)
        checked = held.desk.seen("cat_cow").checked
        assert checked is not None and checked.well is False
        held.desk.stand("cat_cow", None)
        for _ in range(40):
            await held.bring(phone, token)
        with pytest.raises(SafetyRefusedError, match="otherwise than shown"):
            held.desk.worn("cat_cow", None)

    run(tmp_path, case)
