"""Colours that stay apart, for colour-blind readers too, and what some of them mean in every study."""

import matplotlib as mpl
import numpy as np

RANK_COLOURS = {
    "head of state": "#1b3a5c",
    "head of government": "#3f7fbf",
    "minister": "#9cc3e6",
    "deputy minister": "#e69f00",
    "representative": "#d55e00",
    "unknown": "#bdbdbd",
}

GREY = "#4d4d4d"  # axes, edition marks, outlines
OKABE_ITO = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#6b6b6b", "#f0e442")
# How normal, red-blind, green-blind and blue-blind eyes see linear RGB (Machado, Oliveira and Fernandes 2009).
EYES = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)


def further(taken, number):
    """Return colours that stay apart from those taken and from each other, for colour-blind readers too."""
    steps = [f"{step:02x}" for step in range(0, 256, 51)]
    pools = [OKABE_ITO, tuple(f"#{r}{g}{b}" for r in steps for g in steps for b in steps)]
    pools = [[colour for colour in pool if 0.02 < _luminance(colour) < 0.475] for pool in pools]  # legible on white
    found = []
    for _ in range(number):
        seen = _seen([*taken, *found])
        for pool in pools:
            apart = [min((_distance(one, other) for other in seen), default=np.inf) for one in _seen(pool)]
            best = int(np.argmax(apart))
            if apart[best] > 12:
                break
        found.append(pool[best])
    return found


def _luminance(colour):
    return float(_linear([colour])[0] @ [0.2126, 0.7152, 0.0722])


def contrast(colour, ground):
    """Return the contrast of a colour, which may let the ground through, with the ground: float, 1 to 21 (WCAG 2)."""
    *rgb, alpha = mpl.colors.to_rgba(colour)
    mixed = [alpha * one + (1 - alpha) * other for one, other in zip(rgb, mpl.colors.to_rgb(ground), strict=True)]
    low, high = sorted(map(_luminance, (mixed, ground)))
    return (high + 0.05) / (low + 0.05)


def _linear(colours):
    rgb = np.array([mpl.colors.to_rgb(colour) for colour in colours]).reshape(-1, 3)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _seen(colours):
    """Return colours in CIELAB as four kinds of eyes see them: shape (colours, eyes, 3)."""
    rgb = np.clip(np.einsum("eij,cj->cei", EYES, _linear(colours)), 0, 1)
    xyz = rgb @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    xyz = xyz / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _distance(one, other):
    return np.linalg.norm(one - other, axis=-1).min()
