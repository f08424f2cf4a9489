"""Draws docs/growth.svg: what things cost while what exists grows a hundredfold, from the recorded figures."""

import math

from place import CHECKOUT

PICTURE = CHECKOUT / "docs" / "growth.svg"
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 460, 90, 50, 150, 60
WHAT_EXISTS = "what exists, in times of the least that was measured"
LINE = 14  # from one name to the next
COLOURS = ("#1c7ed6", "#2f9e44", "#e8590c", "#9c36b5", "#c92a2a", "#0c8599")  # and again, dashed


def draw(figures):
    curves = _curves(figures)
    if not curves:
        return
    points = [point for curve in curves.values() for point in curve]
    plot = _Plot([size for size, _ in points], [cost for _, cost in points])
    heights = plot.name_heights(curves)
    PICTURE.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n'
        f'<text x="{LEFT}" y="24" font-size="15">Cost while what exists grows, and what is due does not</text>\n'
        + plot.axes() + "".join(plot.curve(name, curve, heights[name], place)
                                for place, (name, curve) in enumerate(curves.items())) + "</svg>\n")


def _curves(figures):
    """name -> [(how many times the least that was measured, microseconds)], of the measures growth.NAME.SIZE."""
    curves = {}
    for measure in figures.values():
        group, _, rest = measure["name"].partition(".")
        name, _, size = rest.partition(".")
        if group == "growth" and size.isdigit() and measure["unit"] == "us":
            curves.setdefault(name, []).append((int(size), measure["value"]))
    return {name: _from_one(sorted(curve)) for name, curve in curves.items()}


def _from_one(curve):
    least, _ = curve[0]
    return [(size // least, cost) for size, cost in curve]


class _Plot:
    """Both axes logarithmic: a flat line costs the same, a straight one a power of it."""

    def __init__(self, sizes, costs):
        self._sizes = sorted(set(sizes))
        self._low, self._high = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)))

    def _x(self, size):
        first, last = math.log10(self._sizes[0]), math.log10(self._sizes[-1])
        return LEFT + (math.log10(size) - first) / max(last - first, 1e-9) * (WIDTH - LEFT - RIGHT)

    def _y(self, cost):
        share = (math.log10(cost) - self._low) / max(self._high - self._low, 1)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def axes(self):
        lines = []
        for power in range(self._low, self._high + 1):
            y = self._y(10**power)
            lines.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dee2e6"/>\n'
                         f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:,g} µs</text>\n')
        for size in self._sizes:
            lines.append(f'<text x="{self._x(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{size:,} ×</text>\n')
        middle = (LEFT + WIDTH - RIGHT) / 2
        lines.append(f'<text x="{middle}" y="{HEIGHT - 16}" text-anchor="middle">{WHAT_EXISTS}</text>\n')
        return "".join(lines)

    def name_heights(self, curves):
        """Each beside its curve's end, and none over another."""
        heights, lowest = {}, -LINE
        for height, name in sorted((self._y(curve[-1][1]), name) for name, curve in curves.items()):
            lowest = heights[name] = max(height, lowest + LINE)
        return heights

    def curve(self, name, curve, height, place):
        colour, dashes = COLOURS[place % len(COLOURS)], 'stroke-dasharray="6 3"' if place >= len(COLOURS) else ""
        path = " ".join(f"{self._x(size):.1f},{self._y(cost):.1f}" for size, cost in curve)
        x = self._x(curve[-1][0])
        dots = "".join(f'<circle cx="{self._x(size):.1f}" cy="{self._y(cost):.1f}" r="3" fill="{colour}"/>\n'
                       for size, cost in curve)
        return (f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" {dashes}/>\n{dots}'
                f'<text x="{x + 10:.1f}" y="{height + 4:.1f}" fill="{colour}">{name.replace("_", " ")}</text>\n')
