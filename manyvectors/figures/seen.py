"""What a reader could not make out in a figure, measured on it as it is drawn."""

from collections import Counter

import matplotlib as mpl
import numpy as np

from .colours import contrast

TOUCH = 1.5  # points by which two labels may overlap: what lies between the letters and the edge of their line
FAINT = 1.12  # contrast with the ground below which a colour is not seen
NEAR = 30  # points within which a name stands beside its dot
LINE = 4  # points that make a line


def faults(figure):
    """Say what cannot be made out: labels on each other, words or points cut off, faint swatches, dots without a name.

    ``figure``: matplotlib.figure.Figure. Returns list of str, one for each fault.
    """
    figure.draw_without_rendering()
    scale = 72 / figure.dpi
    words = [(text, box) for text in _words(figure) if (box := mpl.text.Text.get_window_extent(text)).width]
    found = [f"{_said(one)} lies on {_said(other)}" for one, other in _on_each_other(words, scale)]
    whole = figure.bbox.padded(1 / scale)
    found += [f"{_said(text)} reaches beyond the figure" for text, box in words if not _inside(box, whole)]
    found += [f"the colour of {name!r} in the key cannot be seen" for name in _faint(figure)]
    axes = [ax for ax in figure.axes if ax.get_visible()]
    found += [f"{what} is cut off at {side}" for ax in axes for what, side in _cut(ax, scale)]
    found += [f"the dot at {place} has no name" for place in _lone(axes, words, scale)]
    return list(dict.fromkeys(found))


def _said(text):
    return repr(" ".join(text.get_text().split()))


def _inside(box, whole):
    return whole.x0 <= box.x0 and whole.y0 <= box.y0 and box.x1 <= whole.x1 and box.y1 <= whole.y1


# --- Words ------------------------------------------------------------------------------------------------------------


def _words(figure):
    """Return every text that is drawn."""
    hidden = set()
    for ax in figure.axes:
        gone = [ax] if not ax.get_visible() else []
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            room = 1e-9 * (high - low)
            gone += [] if ax.axison and axis.get_visible() else [axis]
            ticks = (*axis.get_major_ticks(), *axis.get_minor_ticks())
            gone += [tick for tick in ticks if not low - room <= tick.get_loc() <= high + room]
        hidden.update(id(text) for part in gone for text in part.findobj(mpl.text.Text))
    drawn = figure.findobj(lambda one: isinstance(one, mpl.text.Text) and one.get_visible() and id(one) not in hidden)
    return [text for text in drawn if text.get_text().strip()]


def _on_each_other(words, scale):
    """Yield the pairs of texts whose letters meet."""
    boxes = np.array([box.extents for _, box in words]).reshape(-1, 4)
    shared = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:]) - np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    for i, j in np.argwhere(np.triu((shared * scale > TOUCH).all(axis=2), 1)):
        (one, box), (other, beside) = words[i], words[j]
        straight = not (one.get_rotation() % 90 or other.get_rotation() % 90)
        if straight or _outline(one, box, scale).intersects_path(_outline(other, beside, scale), filled=True):
            yield one, other


def _outline(text, box, scale):
    """Return the outline of a text that may be turned, a little within its letters' line."""
    angle = text.get_rotation()
    text.set_rotation(0)
    level = mpl.text.Text.get_window_extent(text)
    text.set_rotation(angle)
    width, height = (max(side - TOUCH / scale, 0) / 2 for side in (level.width, level.height))
    corners = [(-width, -height), (width, -height), (width, height), (-width, height)]
    place = mpl.transforms.Affine2D().rotate_deg(angle).translate((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    return mpl.path.Path(place.transform(corners))


# --- Colours ----------------------------------------------------------------------------------------------------------


def _faint(figure):
    """Yield the names of a key's colours that are like the ground."""
    ground = mpl.colors.to_rgb(figure.get_facecolor())
    for key in figure.findobj(mpl.legend.Legend):
        for handle, text in zip(key.legend_handles, key.get_texts(), strict=True):
            if not any(contrast(colour, ground) > FAINT for colour in _inks(handle)):
                yield text.get_text()


def _inks(handle):
    """Return the colours in which a swatch is drawn."""
    if isinstance(handle, mpl.lines.Line2D):
        inks = [handle.get_color(), handle.get_markeredgecolor()]
        return [mpl.colors.to_rgba(ink, handle.get_alpha()) for ink in inks]
    edges = handle.get_edgecolor() if np.max(handle.get_linewidth()) else []
    return [*mpl.colors.to_rgba_array(handle.get_facecolor()), *mpl.colors.to_rgba_array(edges)]


# --- Points -----------------------------------------------------------------------------------------------------------


def _marks(ax):
    """Yield what is drawn at data: the artist, its points (n, 2) and the radius of its marks in points."""
    for line in ax.lines:
        if line.get_transform() == ax.transData:
            marked = line.get_marker() not in ("None", "none", None, "", " ")
            yield line, line.get_xydata(), line.get_markersize() / 2 if marked else 0
    for group in ax.collections:
        if isinstance(group, mpl.collections.PathCollection):
            yield group, group.get_offsets(), float(np.sqrt(np.max(group.get_sizes(), initial=0))) / 2
        elif group.get_transform() == ax.transData:
            yield group, np.concatenate([np.empty((0, 2)), *(path.vertices for path in group.get_paths())]), 0
    for patch in ax.patches:
        if isinstance(patch, mpl.patches.Rectangle) and patch.get_data_transform() == ax.transData:
            yield patch, patch.get_corners(), 0


def _held(ax):
    """Yield of each artist that is seen what :func:`_marks` does, with places in pixels and without missing points."""
    for artist, points, radius in _marks(ax):
        points = np.ma.filled(np.ma.asarray(points, float), np.nan)
        # Bars on a logarithmic axis begin at 0, which has no place there.
        logs = [column for column, axis in enumerate((ax.xaxis, ax.yaxis)) if axis.get_scale() == "log"]
        points = points[np.isfinite(points).all(axis=1) & (points[:, logs] > 0).all(axis=1)]
        if artist.get_visible() and len(points):
            yield artist, points, ax.transData.transform(points), radius


def _cut(ax, scale):
    """Yield what is drawn beyond its axes, and so is not seen, and at which side."""
    name = ax.get_title() or ax.get_title("left") or ax.get_title("right") or ax.get_ylabel()
    of = f" of {name!r}" if name else ""
    for artist, _, places, radius in _held(ax):
        if artist.get_clip_on():
            room = (radius - 1) / scale
            low, high = places.min(axis=0) - room, places.max(axis=0) + room
            beyond = (low[0] < ax.bbox.x0, high[0] > ax.bbox.x1, low[1] < ax.bbox.y0, high[1] > ax.bbox.y1)
            for side in np.array(["left", "right", "bottom", "top"])[list(beyond)]:
                yield ("a dot or its edge" if radius else "a line or an area"), f"the {side}{of}"


def _lone(axes, words, scale):
    """Yield the places of dots that nothing explains: neither a name, nor a key, nor others of their look."""
    if any(ax.get_legend() or ax.figure.legends for ax in axes):
        return
    held = [(ax, *one) for ax in axes for one in _held(ax)]
    looks = Counter()
    for _, artist, points, _, radius in held:
        looks[_look(artist)] += len(points) if radius else 0
    lined = {at for at, artist, points, *_ in held if isinstance(artist, mpl.lines.Line2D) and len(points) >= LINE}
    for ax, artist, points, places, radius in held:
        if radius and ax in lined and looks[_look(artist)] == 1:
            (x, y), *_ = places
            gaps = [np.hypot(max(b.x0 - x, 0, x - b.x1), max(b.y0 - y, 0, y - b.y1)) for _, b in words]
            if min(gaps, default=np.inf) * scale > NEAR:
                yield tuple(float(f"{value:.4g}") for value in points[0])


def _look(artist):
    """Return what tells a mark from others."""
    if isinstance(artist, mpl.lines.Line2D):
        return str((artist.get_marker(), artist.get_markersize(), artist.get_markeredgecolor()))
    return str((artist.get_facecolor(), artist.get_edgecolor()))
