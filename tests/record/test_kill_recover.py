"""A recording program killed -9 while it starts, writes or finishes loses nothing it recorded."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def killed(kind: str, kills: int) -> dict[str, int]:
    script = ROOT / "bench" / "kill_recover.py"
    command = [sys.executable, str(script), "--only", kind, "--kills", str(kills), "--seed", "4"]
    ran = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, timeout=600, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    figures: dict[str, int] = json.loads(ran.stdout)[kind]
    assert figures["kills"] == figures["sound"] == kills
    return figures


def test_no_acknowledged_image_is_lost_to_kill_9() -> None:
    figures = killed("writer", 5)
    assert figures["acknowledged but lost"] == 0
    assert figures["images recovered"] >= figures["images acknowledged"] > 400


def test_no_estimate_of_a_real_analysis_is_lost_to_kill_9() -> None:
    figures = killed("analyze", 4)
    assert figures["whole but lost"] == figures["in body.csv but lost"] == 0
    assert figures["estimates recovered"] == figures["estimates whole in the log"] > 100
    assert figures["database whole"] == 4
