"""A second pose model on the same camera, run now and then: its frames as evidence of their own.

A heavier model may look at one image in ten or twenty beside the live one. Its landmarks have
errors of their own size, but the models were trained on the same labels and look at the same
clothes, so much of an error is the same in both. Of two landmarks with the errors

    live  e,   audit  r (c e + sqrt(1 - c^2) e'),   e' like e and independent,

c is the correlation and r the ratio of their sizes. So the audit's fast, constant and growing
errors are variables of the filter beside the live ones, with these covariances: what both have in
common does not average out, and an image that is read twice does not count as two. The variables
stand behind all others, so that a session without audit is as it was.

Of lines only the shoulders' is read, and not the trunk's shortening: their remaining errors stay
over frames and are not told apart by model.
"""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body.process import LINES, Layout, Model
from lengthwise.contracts.observation import PoseModel
from lengthwise.reference.constants import constant

_SHARED = constant("body", "pose_models_error_correlation")


def noise_ratio(model: PoseModel) -> float:
    return constant("body", f"pose_model_{model.value.removeprefix('blazepose_')}_noise_ratio")


class Audit(Struct, frozen=True, eq=False):
    """`model` reads an audit frame as it reads a live one: its layout has the audit's errors where
    the live ones are. `noise_ratio` of the pose model."""

    model: Model
    noise_ratio: float


def audited(model: Model) -> tuple[Model, Audit | None]:
    """The filter with the errors of the audit's pose model, where the camera has one."""
    camera = model.layout.channels.camera
    if camera is None or camera.audit_model is None:
        return model, None
    layout, places = _layouts(model.layout)
    size, ratio = layout.size, noise_ratio(camera.audit_model) / noise_ratio(camera.pose_model)
    first, stationary = (_widened(p, size) for p in (model.first, model.stationary))
    live, own = _errors(model.layout), _errors(places)
    # Growing errors are in units of sd, which are those of the displacement or the turn.
    scale = np.full(len(live), ratio)
    grows = model.layout.growth
    turned = slice(model.layout.lines.start + 2 * len(LINES), model.layout.lines.stop)
    for part in (grows, turned):
        scale[(live >= part.start) & (live < part.stop)] = 1.0
    for covariance in (first, stationary):
        block = covariance[np.ix_(live, live)]
        covariance[np.ix_(own, own)] = block * np.outer(scale, scale)
        covariance[np.ix_(own, live)] = _SHARED * scale[:, None] * block
        covariance[np.ix_(live, own)] = covariance[np.ix_(own, live)].T
    tau_s = np.concatenate([model.tau_s, model.tau_s[live]])
    added = np.zeros(len(live))
    whole = replace(
        model,
        layout=layout,
        tau_s=tau_s,
        stationary=stationary,
        walk=np.concatenate([model.walk, added]),
        first=first,
        first_mean=np.concatenate([model.first_mean, added]),
        feeds=np.concatenate([model.feeds, np.full(len(live), -1)]),
    )
    reads = replace(whole, layout=places, white_m=ratio * model.white_m)
    return whole, Audit(reads, noise_ratio(camera.audit_model))


@lru_cache(maxsize=16)
def _layouts(layout: Layout) -> tuple[Layout, Layout]:
    """With the audit's errors behind all variables; the same with them as the landmarks' errors."""
    lengths = [
        part.stop - part.start
        for part in (layout.fast, layout.constant, layout.growth, layout.lines)
    ]
    ends = layout.size + np.concatenate([[0], np.cumsum(lengths)])
    fast, constant_, growth, lines = (slice(a, b) for a, b in pairwise(ends.tolist()))
    own = _errors(layout)
    whole = replace(
        layout,
        size=int(ends[-1]),
        considered=np.concatenate([layout.considered, layout.considered[own]]),
        considered_aside=np.concatenate([layout.considered_aside, layout.considered_aside[own]]),
    )
    return whole, replace(whole, fast=fast, constant=constant_, growth=growth, lines=lines)


def _errors(layout: Layout) -> np.ndarray:
    """Places of the landmarks' and lines' errors."""
    parts = (layout.fast, layout.constant, layout.growth, layout.lines)
    return np.concatenate([np.arange(part.start, part.stop) for part in parts])


def _widened(covariance: np.ndarray, size: int) -> np.ndarray:
    """(size, size) with rows and columns of 0 behind."""
    out = np.zeros((size, size))
    out[: len(covariance), : len(covariance)] = covariance
    return out


def fast_errors(layout: Layout, audit: Audit | None) -> np.ndarray:
    """Places of the fast errors of all pose models."""
    parts = [layout.fast] if audit is None else [layout.fast, audit.model.layout.fast]
    return np.concatenate([np.arange(part.start, part.stop) for part in parts])
