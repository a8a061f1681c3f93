# SPDX-License-Identifier: Apache-2.0

"""Reads the wires of a VCD file: as much of the format as recordings of digital signals have."""

import re
from pathlib import Path
from typing import NamedTuple

NS = {'s': 10**9, 'ms': 10**6, 'us': 10**3, 'ns': 1}


class Change(NamedTuple):
    at_ns: int
    wire: int
    level: int


class Recording(NamedTuple):
    """The levels of the wires at the beginning, and their changes in the file's order."""

    idle: list[int]
    changes: list[Change]


def read(path: Path) -> Recording:
    header, _, body = path.read_text().partition('$enddefinitions $end')
    timescale = re.search(r'\$timescale\s+(\d+)\s*(\w+)\s+\$end', header)
    assert timescale and timescale[2] in NS, f'{path}: no time unit of 1 ns or more'
    unit_ns = int(timescale[1]) * NS[timescale[2]]
    wires = re.findall(r'\$var\s+\w+\s+1\s+(\S+)\s', header)

    now_ns = 0
    levels: dict[str, int] = {}
    idle = [0] * len(wires)
    changes = []
    for word in body.split():
        value, wire = word[0], word[1:]
        if value == '#':
            now_ns = int(wire) * unit_ns
        elif value in '01' and wire in wires:
            level = int(value)
            if wire not in levels:
                idle[wires.index(wire)] = level
            elif level != levels[wire]:
                changes.append(Change(now_ns, wires.index(wire), level))
            levels[wire] = level
    assert changes, f'{path}: no changes of a wire'
    return Recording(idle, changes)
