"""All slow evaluations on the shared data, one table after the other: `make evaluate`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data")
    if not data.is_dir():
        print(f"evaluation data not found at {data}: give its folder as the argument")
        return 2
    worst = 0
    for script, arguments in (
        ("muscle_reference.py", [data / "muscle_reference"]),
        ("recordings.py", [data]),
        ("kill_recover.py", []),
    ):
        print(f"\n== {script}", flush=True)
        done = subprocess.run([sys.executable, HERE / script, *arguments], check=False)
        worst = max(worst, done.returncode)
    for what in ("repetitions", "body"):
        print(f"\n== evaluate {what}", flush=True)
        command = [sys.executable, "-m", "lengthwise.cli.main", "evaluate", what]
        done = subprocess.run([*command, "--data", str(data)], check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
