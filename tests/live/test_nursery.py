"""What is forked off the nursery has everything in memory already, and shares it."""

import gc
import multiprocessing
import subprocess
import sys
from multiprocessing.connection import Connection

import pytest

from lengthwise.body import anatomy
from lengthwise.live import nursery
from lengthwise.live.load.memory import family, held

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is begun anew")


def tell(end: Connection) -> None:
    end.send((anatomy._built.cache_info().currsize, gc.get_freeze_count()))
    end.recv()


def test_what_is_forked_off_has_a_body_and_holds_it_still() -> None:
    here, there = multiprocessing.Pipe()
    process = nursery.process(tell, there)
    process.start()
    there.close()
    bodies, held_still = here.recv()
    here.send(None)
    process.join()
    assert bodies >= 1
    assert held_still > 10_000


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
