"""Where each node of a picture stands, computed before the page is written.

Browsers need minutes to settle a thousand nodes by simulation, so nothing moves there: everything is placed here,
the same way for the same graph. Schools with dozens of partners of their own are what these graphs consist of, so
nodes with one neighbour stand in rings around it, and only the rest, the core, is laid out by distances: exactly
up to ``EXACT`` nodes, by a sample of distances above that.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Link = tuple[int, int]
Box = tuple[float, float]

EXACT = 600  # core nodes of one component up to which all distances are computed
PIVOTS = 60  # nodes whose distances stand for all in a larger core
ASPECT = 1.5  # width to height of the whole, near to that of a screen


def place_nodes(boxes: Sequence[Box], links: Iterable[Link], later: Iterable[Link] = ()) -> Points:
    """Give each node the middle of its place, as an array of (x, y) rows around the origin.

    ``boxes`` are the width and height that each node needs, ``links`` pairs of indices into it. Connected parts
    are laid out alone and packed side by side, the largest first; boxes do not overlap, or only by a hair where
    the graph is very dense. Nodes that only the ``later`` links join to others are put beside these afterwards and
    move nothing; nodes that no link joins stand below all others.
    """
    size = np.array(boxes, dtype=float).reshape(-1, 2)
    points = np.zeros_like(size)
    first = _neighbours(len(size), links)
    done = np.array([bool(others) for others in first], dtype=bool)
    _place_apart(points, size, first, np.flatnonzero(done))
    _place_beside(points, size, _neighbours(len(size), later), done)
    return points


def _place_apart(points: Points, size: Points, neighbours: Sequence[Sequence[int]], chosen: NDArray[np.int64]) -> None:
    """Lay out the chosen nodes part by part, in place."""
    parts = _parts(neighbours, chosen)
    for part in parts:
        points[part] = _place_part(part, neighbours, size)
    _pack(parts, points, size)


def _place_beside(points: Points, size: Points, neighbours: Sequence[Sequence[int]], done: NDArray[np.bool_]) -> None:
    """Place what is not ``done`` beside its neighbours, in place, and what has none there below the rest."""
    fixed = done.copy()
    rng = np.random.default_rng(5)
    wave = sorted({other for node in np.flatnonzero(fixed).tolist() for other in neighbours[node] if not done[other]})
    while wave:
        for node in wave:
            known = [other for other in neighbours[node] if done[other]]
            points[node] = points[known].mean(axis=0) + rng.normal(0, 1, 2) * size[node]
        done[wave] = True
        wave = sorted({other for node in wave for other in neighbours[node] if not done[other]})
    _part_boxes(points, size, np.flatnonzero(done), fixed=fixed)
    rest = np.flatnonzero(~done)
    if not len(rest):
        return
    _place_apart(points, size, neighbours, rest)
    if done.any():
        low, high = (points[done] - size[done] / 2).min(axis=0), (points[done] + size[done] / 2).max(axis=0)
        top = (points[rest] - size[rest] / 2).min(axis=0)[1]
        points[rest] += [(low[0] + high[0]) / 2, high[1] - top + size[:, 1].max()]


def _neighbours(count: int, links: Iterable[Link]) -> list[list[int]]:
    found: list[set[int]] = [set() for _ in range(count)]
    for a, b in links:
        if a != b:
            found[a].add(b)
            found[b].add(a)
    return [sorted(others) for others in found]


def _parts(neighbours: Sequence[Sequence[int]], chosen: NDArray[np.int64]) -> list[list[int]]:
    """The connected parts of the chosen nodes, the largest first."""
    seen = [False] * len(neighbours)
    parts: list[list[int]] = []
    for start in map(int, chosen):
        if seen[start]:
            continue
        seen[start] = True
        part, waiting = [], deque([start])
        while waiting:
            node = waiting.popleft()
            part.append(node)
            for other in neighbours[node]:
                if not seen[other]:
                    seen[other] = True
                    waiting.append(other)
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _place_part(part: Sequence[int], neighbours: Sequence[Sequence[int]], size: Points) -> Points:
    """Lay out one connected part around its own middle; rows in the order of ``part``."""
    if len(part) == 1:
        return np.zeros((1, 2))
    # Names make boxes wide and low. All is computed as if they were square, then drawn out to their true shape.
    mean = size[list(part)].mean(axis=0)
    unit = float(np.sqrt(mean[0] * mean[1]))
    shape = mean / unit
    leaves = {node for node in part if len(neighbours[node]) == 1 and len(neighbours[neighbours[node][0]]) > 1}
    core = [node for node in part if node not in leaves]
    index = {node: at for at, node in enumerate(core)}
    rings = [_rings([n for n in neighbours[node] if n in leaves], unit) for node in core]
    reach = [ring[1] if len(ring[0]) else unit / 2 for ring in rings]
    lengths = {
        (index[node], index[other]): reach[index[node]] + reach[index[other]] + unit
        for node in core
        for other in neighbours[node]
        if other in index
    }
    middles = _place_core(len(core), lengths, np.array(reach))
    points = np.zeros_like(size)
    for at, node in enumerate(core):
        points[node] = middles[at]
        hung = [n for n in neighbours[node] if n in leaves]
        if hung:
            points[hung] = middles[at] + rings[at][0]
    points = points[list(part)] * shape
    _part_boxes(points, size[list(part)], np.arange(len(part)))
    return points - points.mean(axis=0)


def _rings(leaves: Sequence[int], unit: float) -> tuple[Points, float]:
    """Offsets of leaves around their node, ring by ring, and the radius of the whole."""
    offsets: list[tuple[float, float]] = []
    radius, left = unit * 1.35, len(leaves)
    while left:
        here = min(left, max(1, int(2 * np.pi * radius / (unit * 1.1))))
        if left - here < here / 4:
            here = left if left <= here * 1.2 else here
        turn = radius / unit  # so that the rings' gaps do not stand in line
        angles = turn + np.arange(here) * 2 * np.pi / here
        offsets.extend(zip(radius * np.cos(angles), radius * np.sin(angles), strict=True))
        left -= here
        radius += unit * 1.1
    return np.array(offsets).reshape(-1, 2), radius - unit * 0.6


def _place_core(count: int, lengths: Mapping[Link, float], reach: NDArray[np.float64]) -> Points:
    if count == 1:
        return np.zeros((1, 2))
    if count <= EXACT:
        return _settle(_all_distances(count, lengths))
    return _relax(_project_pivots(count, lengths), lengths, reach)


def _all_distances(count: int, lengths: Mapping[Link, float]) -> Points:
    distances = np.full((count, count), np.inf)
    np.fill_diagonal(distances, 0)
    for (a, b), length in lengths.items():
        distances[a, b] = length
    for via in range(count):  # Floyd and Warshall, one row at a time
        np.minimum(distances, distances[:, via, None] + distances[None, via, :], out=distances)
    return distances


def _settle(distances: Points, rounds: int = 120) -> Points:
    """Place points so that their distances come near to the given ones (stress majorization)."""
    count = len(distances)
    squared = distances**2
    centred = -0.5 * (squared - squared.mean(0) - squared.mean(1)[:, None] + squared.mean())
    points = _project(centred)
    # Partners shared by the same two schools begin on one spot, from which no force could part them.
    points = points + np.random.default_rng(3).normal(0, 0.02 * distances.mean(), (count, 2))
    weights = 1 / np.where(squared > 0, squared, np.inf)
    laplacian = np.diag(weights.sum(1)) - weights
    inverse = np.linalg.inv(laplacian + 1 / count) - 1 / count
    pulled = weights * distances
    last = np.inf
    for _ in range(rounds):
        across, down = points[:, 0], points[:, 1]
        apart = np.sqrt((across[:, None] - across) ** 2 + (down[:, None] - down) ** 2)
        stress = float((weights * (apart - distances) ** 2).sum())
        if last - stress < 1e-4 * stress:
            break
        last = stress
        ratio = pulled / np.where(apart > 1e-9, apart, np.inf)
        points = inverse @ (ratio.sum(1)[:, None] * points - ratio @ points)
    return points


def _project(centred: Points, rounds: int = 40) -> Points:
    """The plane in which points with these inner products lie most apart (classical scaling), about as exact as a first
    picture needs: by repeated multiplication, as all eigenvectors of a large matrix take as long as all that follows."""
    basis = np.random.default_rng(7).normal(size=(len(centred), min(6, len(centred))))
    for _ in range(rounds):
        basis, _ = np.linalg.qr(centred @ basis)
    values, turns = np.linalg.eigh(basis.T @ centred @ basis)
    vectors = basis @ turns[:, -2:]
    # A vector's sign is arbitrary: take the one whose largest part is positive, so that it hangs on no library.
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])]
    return vectors * np.where(largest < 0, -1.0, 1.0) * np.sqrt(np.maximum(values[-2:], 1e-9))


def _project_pivots(count: int, lengths: Mapping[Link, float]) -> Points:
    """A first picture of a large core out of the distances to a few nodes that lie far apart (pivot MDS)."""
    around: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for (a, b), length in lengths.items():
        around[a].append((b, length))
    nearest = np.full(count, np.inf)
    pivot, columns = 0, []
    for _ in range(min(PIVOTS, count)):
        column = _distances_from(pivot, around)
        columns.append(column)
        nearest = np.minimum(nearest, column)
        pivot = int(nearest.argmax())
    squared = np.array(columns).T ** 2
    centred = -0.5 * (squared - squared.mean(0) - squared.mean(1)[:, None] + squared.mean())
    _, vectors = np.linalg.eigh(centred.T @ centred)
    points = centred @ vectors[:, -2:]
    spread = points.std(axis=0)
    points = points / np.where(spread > 0, spread, 1)
    points += np.random.default_rng(3).normal(0, 0.05, points.shape)
    # The projection throws a few far out and heaps the rest in the middle: keep the directions and the order from
    # the middle outwards, and fill the disc evenly.
    radius = np.sqrt((points**2).sum(axis=1))
    even = np.empty(count)
    even[np.argsort(radius, kind="stable")] = np.sqrt((np.arange(count) + 0.5) / count)
    scale = np.sqrt(count) * float(np.mean(list(lengths.values()))) / 2
    return points / np.maximum(radius, 1e-9)[:, None] * even[:, None] * scale


def _distances_from(start: int, around: Sequence[Sequence[tuple[int, float]]]) -> NDArray[np.float64]:
    distances = np.full(len(around), np.inf)
    distances[start] = 0
    queue = [(0.0, start)]
    while queue:
        so_far, node = heapq.heappop(queue)
        if so_far > distances[node]:
            continue
        for other, length in around[node]:
            if so_far + length < distances[other]:
                distances[other] = so_far + length
                heapq.heappush(queue, (so_far + length, other))
    return distances


def _relax(points: Points, lengths: Mapping[Link, float], reach: NDArray[np.float64], rounds: int = 60) -> Points:
    """Bring linked nodes to their length and push others apart, near ones only: quick, and good enough when large."""
    ends = np.array([pair for pair in lengths if pair[0] < pair[1]])
    wanted = np.array([lengths[a, b] for a, b in ends])
    degree = np.bincount(ends.ravel(), minlength=len(points)).astype(float)[:, None]
    for at in range(rounds):
        heat = 1 - at / rounds
        move = np.zeros_like(points)
        line = points[ends[:, 1]] - points[ends[:, 0]]
        length = np.maximum(np.sqrt((line**2).sum(1)), 1e-9)
        pull = line * ((length - wanted) / length * 0.5)[:, None]
        _add(move, ends[:, 0], pull)
        _add(move, ends[:, 1], -pull)
        move /= np.maximum(degree, 1)
        a, b = _near_pairs(points, float(np.percentile(reach, 90)) * 2.5)
        line = points[b] - points[a]
        length = np.maximum(np.sqrt((line**2).sum(1)), 1e-9)
        push = line * (np.minimum(length - (reach[a] + reach[b]) * 1.2, 0) / length * 0.3)[:, None]
        _add(move, a, push)
        _add(move, b, -push)
        step = np.sqrt((move**2).sum(1, keepdims=True))
        most = np.median(reach) * (1 + 9 * heat)
        points = points + move * np.minimum(1, most / np.maximum(step, 1e-9))
    return points


def _add(to: Points, at: NDArray[np.int64], rows: Points) -> None:
    """Add rows to those at the given places, which may repeat; NumPy's own ``add.at`` takes several times as long."""
    for column in (0, 1):
        to[:, column] += np.bincount(at, rows[:, column], minlength=len(to))


def _near_pairs(points: Points, cell: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of indices (a before b once each) that lie in the same or in touching cells of a grid."""
    places = np.floor((points - points.min(axis=0)) / cell).astype(np.int64) + 1
    wide = int(places[:, 0].max()) + 2
    keys = places[:, 1] * wide + places[:, 0]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts, seconds = [], []
    for offset in (0, 1, wide - 1, wide, wide + 1):
        begin = np.searchsorted(keys, keys + offset, side="left")
        end = np.searchsorted(keys, keys + offset, side="right")
        if offset == 0:
            begin = np.arange(len(keys)) + 1
        counts = np.maximum(end - begin, 0)
        first = np.repeat(np.arange(len(keys)), counts)
        second = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(begin, counts)
        firsts.append(order[first])
        seconds.append(order[second])
    return np.concatenate(firsts), np.concatenate(seconds)


def _part_boxes(
    points: Points, size: Points, chosen: NDArray[np.int64], *, fixed: NDArray[np.bool_] | None = None, rounds: int = 90
) -> None:
    """Push overlapping boxes apart, in place, each pair along the shorter way; ``fixed`` ones stay."""
    if len(chosen) < 2:
        return
    here, box = points[chosen], size[chosen]
    # A large box is a well connected node: it holds its place and the small ones give way.
    give = 1 / (box[:, 0] * box[:, 1])
    if fixed is not None:
        give[fixed[chosen]] = 0
    for _ in range(rounds):
        a, b = _near_pairs(here, float(box.max()))
        line = here[b] - here[a]
        over = (box[a] + box[b]) / 2 - np.abs(line)
        hit = (over > 0.5).all(axis=1) & (give[a] + give[b] > 0)
        if not hit.any():
            break
        a, b, line, over = a[hit], b[hit], line[hit], over[hit]
        axis = (over / box.mean(axis=0)).argmin(axis=1)
        row = np.arange(len(a))
        way = np.where(line[row, axis] >= 0, 1.0, -1.0) * over[row, axis]
        share = give[a] / (give[a] + give[b])
        slots = np.concatenate((2 * a + axis, 2 * b + axis))  # of x or y of either box
        moves = np.concatenate((-way * share, way * (1 - share)))
        move = np.bincount(slots, moves, minlength=2 * len(here)).reshape(-1, 2)
        hits = np.bincount(np.concatenate((a, b)), minlength=len(here))
        here += move / np.maximum(hits, 1)[:, None] ** 0.5
    points[chosen] = here


def _pack(parts: Sequence[Sequence[int]], points: Points, size: Points) -> None:
    """Shift the parts so that they lie close together and none covers another."""
    if not parts:
        return
    gap = float(np.median(size[:, 1]))
    corners = []
    for part in parts:
        low = (points[list(part)] - size[list(part)] / 2).min(axis=0)
        high = (points[list(part)] + size[list(part)] / 2).max(axis=0)
        corners.append((low, high - low + gap))
    area = sum(float(extent[0] * extent[1]) for _, extent in corners)
    width = max(max(float(extent[0]) for _, extent in corners), float(np.sqrt(area * ASPECT) * 1.1))
    step = max(width / 400, 1e-9)
    skyline = np.zeros(int(np.ceil(width / step)) + 1)
    for part, (low, extent) in zip(parts, corners, strict=True):
        columns = min(len(skyline), int(np.ceil(extent[0] / step)))
        roof = np.lib.stride_tricks.sliding_window_view(skyline, columns).max(axis=1)
        left = int(roof.argmin())
        top = float(roof[left])
        skyline[left : left + columns] = top + extent[1]
        points[list(part)] += np.array([left * step, top]) - low
    packed = [node for part in parts for node in part]
    points[packed] -= (points[packed].min(axis=0) + points[packed].max(axis=0)) / 2
