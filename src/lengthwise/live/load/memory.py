"""Memory of a process and of all that it began, as Linux tells it."""

from pathlib import Path

from msgspec import Struct

_PROC = Path("/proc")


class Held(Struct, frozen=True):
    """MB of all processes together. `pss`: pages that several of them share are divided among
    them, so that their sum is what the machine gives; `rss` counts such a page once for each.
    `own`: of PSS, what is no file; the rest grows where another program closes a library."""

    pss_mb: float
    rss_mb: float
    own_mb: float
    processes: int


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    begun_by: dict[int, list[int]] = {}
    for entry in _PROC.glob("[0-9]*/stat"):
        try:
            # The name of a program may hold anything but stands in parentheses.
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        begun_by.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found = [pid]
    for each in found:
        found += begun_by.get(each, [])
    return found


def held(pid: int) -> Held | None:
    """Of the process with its descendants; None where the system does not tell."""
    pss = rss = own = 0
    pids = family(pid)
    for each in pids:
        try:
            told = (_PROC / str(each) / "smaps_rollup").read_text()
        except OSError:
            continue
        sizes = dict(line.split(":", 1) for line in told.splitlines()[1:])
        pss += int(sizes["Pss"].split()[0])
        rss += int(sizes["Rss"].split()[0])
        own += int(sizes.get("Pss_Anon", sizes["Pss"]).split()[0])
    return Held(pss / 1024, rss / 1024, own / 1024, len(pids)) if pss else None


def alone(pid: int) -> tuple[float, float] | None:
    """MB of the process with its descendants if no other program had any of their files open: what
    is no file, and each piece of a file once, as much of it as the process that holds most of it:
    at least that, as others may hold other pages of it. Slower than `held`, some 20 ms of a
    processor."""
    own, files = 0.0, dict[tuple[str, ...], int]()
    for each in family(pid):
        try:
            lines = (_PROC / str(each) / "smaps").read_text().splitlines()
        except OSError:
            continue
        piece: tuple[str, ...] = ()
        rss = pss = 0
        for line in lines:
            name, _, rest = line.partition(" ")
            if not name.endswith(":"):
                _, offset, device, inode = rest.split()[:4]
                begin, end = (int(place, 16) for place in name.split("-"))
                piece = (device, inode, offset, str(end - begin))
            elif name == "Rss:":
                rss = int(rest.split()[0])
            elif name == "Pss:":
                pss = int(rest.split()[0])
            elif name == "Anonymous:" and rss:
                no_file = int(rest.split()[0])
                own += pss * no_file / rss
                if piece[1] != "0":
                    files[piece] = max(files.get(piece, 0), rss - no_file)
    return (own / 1024, sum(files.values()) / 1024) if own else None
