"""Two rigid links with one joint that is moved about, and what a sensor on each of them feels."""

import numpy as np
from scipy.spatial.transform import Rotation

G = 9.81


class Waving:
    """`size` times sin(pace t + phase), rows added up; (k, n) each."""

    def __init__(self, rng: np.random.Generator, size: np.ndarray) -> None:
        self.size = size * rng.uniform(0.3, 1.0, (2, len(size)))
        self.pace = rng.uniform(3.0, 9.0, (2, len(size)))
        self.phase = rng.uniform(0.0, 2 * np.pi, (2, len(size)))

    def at(self, t_s: float, derived: int) -> np.ndarray:
        """(n,) the value, its first or its second derivative."""
        turned = self.pace * t_s + self.phase + derived * np.pi / 2
        return np.asarray((self.size * self.pace**derived * np.sin(turned)).sum(axis=0))


class Link:
    """A segment that turns to and fro about an axis; `lever_m` (3,) from the sensor to the joint in
    sensor axes. `rot` sensor to world."""

    def __init__(self, rng: np.random.Generator, joint: Waving, lever_m: np.ndarray) -> None:
        self.joint, self.lever_m = joint, lever_m
        axis = rng.standard_normal(3)
        self._axis = axis / np.linalg.norm(axis)
        self._start = Rotation.from_quat(rng.standard_normal(4))
        self._angle = Waving(rng, np.array([0.3]))

    def rot(self, t_s: float) -> Rotation:
        return self._start * Rotation.from_rotvec(self._axis * self._angle.at(t_s, 0)[0])

    def turn_rad_s(self, t_s: float) -> np.ndarray:
        return np.asarray(self._axis * self._angle.at(t_s, 1)[0])

    def force_m_s2(self, t_s: float) -> np.ndarray:
        """(3,) specific force in sensor axes: of the joint, less what the lever adds to it."""
        turn, faster = self.turn_rad_s(t_s), self._axis * self._angle.at(t_s, 2)[0]
        of_joint = self.joint.at(t_s, 2) + np.array([0.0, 0.0, G])
        by_lever = np.cross(faster, self.lever_m) + np.cross(turn, np.cross(turn, self.lever_m))
        return np.asarray(self.rot(t_s).inv().apply(of_joint) - by_lever)


def links(
    rng: np.random.Generator,
    levers_m: tuple[np.ndarray, np.ndarray],
    size_m: float = 0.1,
) -> tuple[Link, Link]:
    """Of a joint that is moved by about `size_m` each way: 4 m/s2 and more at 0.1."""
    joint = Waving(rng, np.full(3, size_m))
    return Link(rng, joint, levers_m[0]), Link(rng, joint, levers_m[1])
