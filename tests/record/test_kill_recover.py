"""A recording program killed -9 while it starts, writes or seals loses nothing acknowledged."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_acknowledged_frame_is_lost_to_kill_9() -> None:
    script = ROOT / "bench" / "kill_recover.py"
    command = [sys.executable, str(script), "--kills", "5", "--seed", "4", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    figures = json.loads(ran.stdout)
    assert figures["kills"] == figures["sound"] == 5
    assert figures["acknowledged but lost"] == 0
    assert figures["frames recovered"] >= figures["frames acknowledged"] > 400
