# SPDX-License-Identifier: Apache-2.0

"""`edgepipe record` writes what was played into the lines, edge for edge."""

import os
import re
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import RECORDING, ROOT, TIMEOUT_S
from twister_harness import DeviceAdapter

UNITS_US = {'us': Fraction(1), 'ns': Fraction(1, 1_000), 'ps': Fraction(1, 1_000_000)}

# When the player begins again.
PERIOD_US = 100_000


class Edge(NamedTuple):
    at_us: int
    wire: str
    level: str


def edges(vcd: str) -> list[Edge]:
    """All changes after time 0, in microseconds."""
    head, _, body = vcd.partition('$enddefinitions $end')
    names = dict(re.findall(r'\$var wire 1 (\S+) (\S+) \$end', head))
    number, unit = re.search(r'\$timescale\s+(\d+)\s*(\w+)', head).groups()
    tick_us = Fraction(number) * UNITS_US[unit]
    found = []
    now = 0
    for word in body.split():
        if word.startswith('#'):
            now = int(int(word[1:]) * tick_us)
        elif now > 0 and word[0] in '01' and word[1:] in names:
            found.append(Edge(now, names[word[1:]], word[0]))
    return found


@pytest.fixture(scope='session')
def stimulus() -> list[Edge]:
    return edges(RECORDING.read_text())


def record(edgepipe: Path, tty: Path, out: Path, count: int) -> list[Edge]:
    command = [edgepipe, 'record', tty, '--capture', out, '--edges', str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr
    recorded = edges(out.read_text())
    assert len(recorded) == count
    return recorded


def assert_same(recorded: list[Edge], played: list[Edge], channels: dict[str, str], late_us: int) -> None:
    """One after the other, from wherever the recording begins, and no edge later by more than this."""
    first = recorded[0]
    places = [
        place
        for place, edge in enumerate(played)
        if (channels[edge.wire], edge.level) == (first.wire, first.level)
    ]
    for place in places:
        start = played[place].at_us
        expected = [
            Edge(edge.at_us + PERIOD_US * turn, channels[edge.wire], edge.level)
            for turn in range(len(recorded) // len(played) + 2)
            for edge in played
        ][place:]
        pairs = list(zip(recorded, expected))
        if all(
            (got.wire, got.level) == (want.wire, want.level)
            and abs((got.at_us - first.at_us) - (want.at_us - start)) <= late_us
            for got, want in pairs
        ):
            return
    raise AssertionError(f'{recorded[:100]} is nowhere in {played}')


@pytest.fixture
def late_us(dut: DeviceAdapter) -> int:
    """native_sim plays to the microsecond; under QEMU, an edge comes with a tick, 85 us after another timer is set."""
    return 0 if dut.device_config.platform.startswith('native_sim') else 100


CHANNELS = {'TX': 'D0', 'D0': 'D1', 'D1': 'D2', 'SYNC': 'D3'}


def test_a_recording_is_the_stimulus(
    edgepipe: Path, tty: Path, tmp_path: Path, stimulus: list[Edge], late_us: int
) -> None:
    recorded = record(edgepipe, tty, tmp_path / 'out.vcd', 20 * len(stimulus))
    assert_same(recorded, stimulus, CHANNELS, late_us)


def test_a_second_recording_is_it_too(
    edgepipe: Path, tty: Path, tmp_path: Path, stimulus: list[Edge], late_us: int
) -> None:
    for count in (1, len(stimulus) + 1):
        assert_same(
            record(edgepipe, tty, tmp_path / 'out.vcd', count), stimulus, CHANNELS, late_us
        )


@pytest.fixture
def replayed(
    edgepipe: Path, tty: Path, dut: DeviceAdapter, tmp_path: Path, stimulus: list[Edge]
) -> Iterator[tuple[list[Edge], Path]]:
    """What was recorded of one pass; and a second board, whose player plays that."""
    if not dut.device_config.platform.startswith('native_sim'):
        pytest.skip('only native_sim takes a recording when it starts')
    recording = tmp_path / 'first.vcd'
    recorded = record(edgepipe, tty, recording, len(stimulus))
    board = subprocess.Popen(
        [
            dut.device_config.app_build_dir / 'zephyr' / 'zephyr.exe',
            f'--stimulus={recording}',
            '--wires=D0,D1,D2,D3',
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert board.stdout is not None
    for line in board.stdout:
        if line.startswith('uart_1'):
            yield recorded, Path(line.split()[-1])
            break
    board.kill()
    board.wait()


def test_a_recording_that_is_replayed_is_recorded_again(
    edgepipe: Path, replayed: tuple[list[Edge], Path], tmp_path: Path
) -> None:
    first, tty = replayed
    again = record(edgepipe, tty, tmp_path / 'second.vcd', 3 * len(first))
    assert_same(again, first, {name: name for name in CHANNELS.values()}, 0)
