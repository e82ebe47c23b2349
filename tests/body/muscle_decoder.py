"""Muscle lengths from the binary alone, written from `docs/formats.md` and from nothing of ours.

Plain numbers and lists, as a program in another language would have it.
"""

import struct
from math import acos, atan2, cos, dist, hypot, inf, pi, sin, sqrt

Vector = list[float]


class Decoded:
    """The parts of the file, each as a list of rows."""

    def __init__(self, file: bytes) -> None:
        magic, version, *counts, text_bytes = struct.unpack_from("<8s8I", file)
        if magic != b"LWMUSCLE" or version != 2:
            raise ValueError("not a file of muscle paths of version 2")
        bones, joints, points, wraps, steps, muscles = counts
        self._file, self._at = file, 40
        self.bone_rest = self._rows("d", bones, 12)
        self.joint_numbers = self._rows("d", joints, 14)
        self.point_place = self._rows("d", points, 3)
        self.wrap_numbers = self._rows("d", wraps, 15)
        self.wrap_radius = self._rows("d", wraps, 1)
        self.muscle_constant = self._rows("d", muscles, 1)
        self.valid = self._rows("d", 2, 13)
        self.bone_index = self._rows("h", bones, 3)
        self.joint_index = self._rows("h", joints, 2)
        self.wrap_index = self._rows("h", wraps, 2)
        self.step_index = self._rows("h", steps, 7)
        self.muscle_end = self._rows("h", muscles, 1)
        names = file[self._at :].decode().split("\n")
        if len(file) - self._at != text_bytes or len(names) != 13 + bones + muscles:
            raise ValueError("the text has another length than the header says")
        self.coordinates, self.muscles = names[:13], names[13 + bones :]

    def _rows(self, kind: str, count: int, width: int) -> list[list[float]]:
        found = struct.unpack_from(f"<{count * width}{kind}", self._file, self._at)
        self._at += struct.calcsize(f"<{count * width}{kind}")
        return [list(found[i * width : (i + 1) * width]) for i in range(count)]

    def lengths_m(self, pose_rad: list[float]) -> dict[str, float]:
        turns, places = self._bones(pose_rad)
        at, first = [], 0
        for bone, (_, _, end) in enumerate(self.bone_index):
            at += [_add(places[bone], _turn(turns[bone], p)) for p in self.point_place[first:end]]
            first = end
        out, first = {}, 0
        for name, (end,), (total,) in zip(
            self.muscles, self.muscle_end, self.muscle_constant, strict=True
        ):
            for start, stop, wrap, *_ in self.step_index[first:end]:
                p, q = at[start], at[stop]
                total += dist(p, q) if wrap < 0 else self._around(wrap, p, q, turns, places)
            out[name], first = total, end
        return out

    def _bones(self, pose_rad: list[float]) -> tuple[list[list[Vector]], list[Vector]]:
        turns: list[list[Vector]] = []
        places: list[Vector] = []
        joint = 0
        for bone, ((parent, joints_end, _), rest) in enumerate(
            zip(self.bone_index, self.bone_rest, strict=True)
        ):
            turn, place = [rest[3:6], rest[6:9], rest[9:12]], rest[:3]
            if bone:
                place = _add(places[parent], _turn(turns[parent], place))
                turn = _times(turns[parent], turn)
            for kind, coordinate in self.joint_index[joint:joints_end]:
                numbers = self.joint_numbers[joint]
                joint += 1
                moved = _position(numbers, pose_rad[coordinate])
                if kind == 1:
                    place = _add(place, _turn(turn, [moved * a for a in numbers[:3]]))
                else:
                    centre = _add(place, _turn(turn, numbers[3:6]))
                    turn = _times(turn, _about(numbers[:3], moved))
                    place = _add(centre, _turn(turn, [-a for a in numbers[3:6]]))
            turns.append(turn)
            places.append(place)
        return turns, places

    def _around(
        self, wrap: int, p: Vector, q: Vector, turns: list[list[Vector]], places: list[Vector]
    ) -> float:
        kind, bone = self.wrap_index[wrap]
        numbers, (radius,) = self.wrap_numbers[wrap], self.wrap_radius[wrap]
        surface = [numbers[3:6], numbers[6:9], numbers[9:12]]

        def seen(x: Vector) -> Vector:
            in_bone = _turn(
                _turned_over(turns[bone]), [a - b for a, b in zip(x, places[bone], strict=True)]
            )
            return _turn(
                _turned_over(surface), [a - b for a, b in zip(in_bone, numbers[:3], strict=True)]
            )

        straight, side = dist(p, q), numbers[12:15]
        p, q = seen(p), seen(q)
        if kind == 0:
            flat = _circle(p[:2], q[:2], side[:2], radius)
            return straight if flat is None else hypot(flat, q[2] - p[2])
        normal = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]]
        e = [a / hypot(*p) for a in p]
        n = [a / hypot(*normal) for a in normal]
        f = [n[1] * e[2] - n[2] * e[1], n[2] * e[0] - n[0] * e[2], n[0] * e[1] - n[1] * e[0]]
        flat = _circle(*([_dot(x, e), _dot(x, f)] for x in (p, q, side)), radius)
        return straight if flat is None else flat


def _circle(p: Vector, q: Vector, side: Vector, radius: float) -> float | None:
    """By angles seen from the centre, unlike the kernel."""
    if hypot(*p) < radius or hypot(*q) < radius:
        return None
    d = [q[0] - p[0], q[1] - p[1]]
    share = min(max(-_dot(d, p) / _dot(d, d), 0.0), 1.0)
    near = [p[0] + share * d[0], p[1] + share * d[1]]
    if hypot(*near) > radius and _dot(near, side) >= 0.0:
        return None
    free_p, free_q = sqrt(hypot(*p) ** 2 - radius**2), sqrt(hypot(*q) ** 2 - radius**2)
    before, after = acos(radius / hypot(*p)), acos(radius / hypot(*q))
    best, found = -inf, None
    for turn in (-1.0, 1.0):
        first = atan2(p[1], p[0]) + turn * before
        last = atan2(q[1], q[0]) - turn * after
        arc = (turn * (last - first)) % (2.0 * pi)
        gap = 2.0 * pi - arc
        if gap < pi and radius * sin(gap / 2) / cos(gap / 2) <= min(free_p, free_q):
            continue
        middle = [cos(first) + cos(last), sin(first) + sin(last)]
        towards = _dot(middle, side) / hypot(*middle)
        if towards > best:
            best, found = towards, free_p + radius * arc + free_q
    return found


def _position(numbers: Vector, angle_rad: float) -> float:
    *powers, end_rad, bend, turn = numbers[6:14]
    fitted = min(angle_rad, end_rad)
    value = sum(c * fitted**n for n, c in enumerate(powers))
    slope = sum(n * c * fitted ** (n - 1) for n, c in enumerate(powers) if n)
    beyond = angle_rad - fitted
    if beyond == 0.0 or turn == 0.0:
        return value + slope * beyond
    chord = 2.0 * sin(turn * beyond / 2.0) / turn
    return value + chord * (
        slope * cos(turn * beyond / 2.0) + bend / turn * sin(turn * beyond / 2.0)
    )


def _about(axis: Vector, angle_rad: float) -> list[Vector]:
    x, y, z = axis
    c, s, k = cos(angle_rad), sin(angle_rad), 1.0 - cos(angle_rad)
    return [
        [c + k * x * x, k * x * y - s * z, k * x * z + s * y],
        [k * x * y + s * z, c + k * y * y, k * y * z - s * x],
        [k * x * z - s * y, k * y * z + s * x, c + k * z * z],
    ]


def _dot(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _add(a: Vector, b: Vector) -> Vector:
    return [x + y for x, y in zip(a, b, strict=True)]


def _turn(turn: list[Vector], v: Vector) -> Vector:
    return [_dot(row, v) for row in turn]


def _turned_over(turn: list[Vector]) -> list[Vector]:
    return [list(column) for column in zip(*turn, strict=True)]


def _times(a: list[Vector], b: list[Vector]) -> list[Vector]:
    columns = _turned_over(b)
    return [[_dot(row, column) for column in columns] for row in a]
