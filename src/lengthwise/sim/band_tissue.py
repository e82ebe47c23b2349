"""What a band pulls on: tissue that grows stiffer with its length, and gives way while it is held.

Tissue and band hang in series, without mass: one force F in both, with the way y of the tissue,

    F = k (L - y)             a band of stiffness k between anchors that are L apart beyond slack,
    F = integral of G(t - s) dFe(s),   Fe = A (exp(B y) - 1),
    G(t) = 1 - sum g_i (1 - exp(-t / tau_i)),  i = 1, 2, 3.

The integral is taken as in `tissue.relaxation`: exact where Fe goes in straight lines. Neither band
nor tissue pushes. A test instrument: of people only the decline of force at one length is known.
"""

from dataclasses import dataclass, replace
from math import exp, expm1, log

import numpy as np

from lengthwise.reference.constants import constant, constants

_TERMS = ("fast", "middle", "slow")


def figure(name: str) -> float:
    """A figure of the frozen plant."""
    return constant("band_plant", name)


@dataclass(frozen=True)
class TissueParams:
    """A (N), B (1/m) and, for each Prony term, its share and time (s)."""

    force_n: float
    growth_per_m: float
    shares: tuple[float, float, float]
    times_s: tuple[float, float, float]

    def elastic_n(self, way_m: float) -> float:
        return self.force_n * expm1(self.growth_per_m * way_m)

    def way_m(self, elastic_n: float) -> float:
        """The way at which a fresh stretch pulls with so much."""
        return log(elastic_n / self.force_n + 1.0) / self.growth_per_m

    def loss_ratio(self, held_s: float) -> float:
        """Share of the force that goes in a fresh stretch at one length."""
        terms = zip(self.shares, self.times_s, strict=True)
        return sum(-share * expm1(-held_s / tau_s) for share, tau_s in terms)


def usual_tissue() -> TissueParams:
    shares = [figure(f"relax_{term}_share") for term in _TERMS]
    times_s = [figure(f"relax_{term}_s") for term in _TERMS]
    return TissueParams(
        figure("tissue_force_n"),
        figure("tissue_growth_per_m"),
        (shares[0], shares[1], shares[2]),
        (times_s[0], times_s[1], times_s[2]),
    )


def some_tissue(chance: np.random.Generator) -> TissueParams:
    """Of somebody: another B, and another share of the force that goes."""
    usual = usual_tissue()
    growth = constant_range("tissue_growth_per_m")
    factor = chance.uniform(figure("person_relax_low_ratio"), figure("person_relax_high_ratio"))
    a, b, c = (factor * share for share in usual.shares)
    return replace(usual, growth_per_m=float(chance.uniform(*growth)), shares=(a, b, c))


def constant_range(name: str) -> tuple[float, float]:
    """The range in which people or bands are drawn."""
    found = constants("band_plant")[name]
    return found.low, found.high


class Tissue:
    """One tissue over time: `way_m`, and `force_n` as it was last."""

    def __init__(self, params: TissueParams) -> None:
        self.params = params
        self.way_m = 0.0
        self.force_n = 0.0
        self._elastic_n = 0.0
        self._held = [0.0, 0.0, 0.0]
        self._terms: list[tuple[float, float, float]] = []
        self._terms_for_s = 0.0

    def loaded(self, force_n: float, dt_s: float) -> None:
        """After `dt_s` in which the force went to `force_n`, whatever way that takes."""
        gain, rest_n = self._after(dt_s)
        elastic_n = max(force_n - rest_n, 0.0) / gain
        self._settle(self.params.way_m(elastic_n), force_n)

    def pulled(self, apart_m: float, stiffness_n_m: float, dt_s: float) -> float:
        """The force after `dt_s` in which the anchors came to be `apart_m` apart beyond slack."""
        gain, rest_n = self._after(dt_s)
        a, b = self.params.force_n, self.params.growth_per_m
        # Where the tissue itself pulls with nothing: after an easing that is not where it began.
        free_m = log(1.0 - rest_n / (gain * a)) / b if rest_n < 0.0 else 0.0
        if apart_m <= free_m:
            self._settle(free_m, 0.0)
            return 0.0
        way_m = min(max(self.way_m, free_m), apart_m)
        for _ in range(30):
            grown = gain * a * exp(b * way_m)
            over_n = grown - gain * a + rest_n - stiffness_n_m * (apart_m - way_m)
            change_m = over_n / (grown * b + stiffness_n_m)
            way_m = min(max(way_m - change_m, free_m), apart_m)
            if abs(change_m) < 1e-12:
                break
        self._settle(way_m, max(stiffness_n_m * (apart_m - way_m), 0.0))
        return self.force_n

    def _after(self, dt_s: float) -> tuple[float, float]:
        """Force = gain x elastic force + rest, at the end of `dt_s`."""
        if dt_s != self._terms_for_s:
            self._terms, self._terms_for_s = _terms(self.params, dt_s), dt_s
        gain, rest_n = 1.0, 0.0
        for held_n, (share, stays, taken) in zip(self._held, self._terms, strict=True):
            gain += taken - share
            rest_n += held_n * stays - taken * self._elastic_n
        return gain, rest_n

    def _settle(self, way_m: float, force_n: float) -> None:
        elastic_n = self.params.elastic_n(way_m)
        change_n = elastic_n - self._elastic_n
        for i, (_, stays, taken) in enumerate(self._terms):
            self._held[i] = self._held[i] * stays + taken * change_n
        self._elastic_n, self.way_m, self.force_n = elastic_n, way_m, force_n


def _terms(params: TissueParams, dt_s: float) -> list[tuple[float, float, float]]:
    """Of each term: its share, what stays of h after `dt_s`, and what h takes of a change of Fe."""
    found = []
    for share, tau_s in zip(params.shares, params.times_s, strict=True):
        way = dt_s / tau_s
        found.append((share, exp(-way), -share * expm1(-way) / way))
    return found
