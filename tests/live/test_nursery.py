"""What is forked off the nursery has everything in memory already, and shares it."""

import gc
import os
import signal
import subprocess
import sys
import threading
from multiprocessing.connection import Connection

import pytest

from lengthwise.body import anatomy
from lengthwise.live import nursery
from lengthwise.live.load.memory import family, held

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is begun anew")
HERE = f"{__name__}:"


def tell(end: Connection) -> None:
    """Of this process, once it is asked."""
    end.recv()
    bodies, frozen = anatomy._built.cache_info().currsize, gc.get_freeze_count()
    end.send((bodies, frozen, threading.active_count(), os.getppid()))


def wait(end: Connection) -> None:
    end.recv()


def test_what_is_forked_off_has_a_body_and_holds_it_still() -> None:
    process = nursery.Process(HERE + "tell")
    process.start()
    process.end.send(None)
    bodies, held_still, threads, nursery_pid = process.end.recv()
    process.finish(within_s=10.0)
    assert bodies >= 1
    assert held_still > 10_000
    assert threads == 1, "threads do not survive a fork"
    assert nursery_pid in family(os.getpid())


def test_one_that_does_not_end_is_ended() -> None:
    process = nursery.Process(HERE + "wait")
    process.start()
    process.finish(within_s=0.0)
    with pytest.raises((EOFError, OSError)):
        process.end.recv()


def test_one_ends_when_nobody_holds_its_other_end() -> None:
    process = nursery.Process(HERE + "wait")
    process.start()
    (child,) = (pid for pid in family(nursery_of()) if pid != nursery_of())
    process.end.close()
    ended = os.pidfd_open(child)
    process.finish(within_s=10.0)
    os.close(ended)
    assert child not in family(nursery_of())


def test_another_nursery_takes_the_place_of_one_that_is_gone() -> None:
    before = nursery_of()
    os.kill(before, signal.SIGKILL)
    nursery._nursery._process.wait()  # type: ignore[union-attr]
    process = nursery.Process(HERE + "tell")
    process.start()
    process.end.send(None)
    bodies, _, _, nursery_pid = process.end.recv()
    process.finish(within_s=10.0)
    assert bodies >= 1
    assert nursery_pid == nursery_of() != before


def nursery_of() -> int:
    nursery.begin()
    process = nursery._nursery._process
    assert process is not None
    return process.pid


def test_memory_is_told_of_a_process_and_of_all_that_it_began() -> None:
    """The child of a child keeps 50 MB, all of them written to."""
    keeps = "import sys; kept = bytearray(50 << 20); print(flush=True); sys.stdin.read()"
    begins = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {keeps!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", begins],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert len(family(process.pid)) == 2
        found = held(process.pid)
        process.communicate()
    assert found is not None and found.processes == 2
    assert 50.0 < found.own_mb <= found.pss_mb
    assert 50.0 < found.pss_mb <= found.rss_mb < 150.0
