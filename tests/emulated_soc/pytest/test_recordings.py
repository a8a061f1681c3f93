# SPDX-License-Identifier: Apache-2.0

"""Plays a recording into pins from outside, and compares what was captured with what was sent."""

import logging
import re
import statistics
import time
from pathlib import Path
from typing import NamedTuple

import vcd
from qtest import TIMEOUT_S, Pin, Qtest
from twister_harness import DeviceAdapter

logger = logging.getLogger(__name__)

# As in ../recordings/app.overlay.
PINS = [Pin('a', 2), Pin('b', 4), Pin('c', 7), Pin('d', 12)]
BUTTON = Pin('c', 13)

# Sleeping may take as much longer.
SLEEP_IS_LATE_NS = 500_000


class Edge(NamedTuple):
    """What was captured."""

    sequence: int
    level: int
    line: int
    at_ns: float


class Sent(NamedTuple):
    """What was sent, when, and when its interrupt was over; on the host's clock."""

    line: int
    level: int
    before_ns: int
    after_ns: int


class Firmware:
    """The other end: it captures from `begin` until the button is pressed, and then says what."""

    def __init__(self, dut: DeviceAdapter, qtest: Qtest) -> None:
        self._dut = dut
        self._qtest = qtest
        self._cycle_ns = 0.0

    def begin(self) -> None:
        line = self._dut.readlines_until('^capturing', timeout=TIMEOUT_S)[-1]
        (cycles,) = re.fullmatch(r'capturing, (\d+) cycles a second', line).groups()
        self._cycle_ns = 1e9 / int(cycles)

    def end(self) -> list[Edge]:
        for level in (1, 0):
            self._qtest.set(BUTTON, level)
        lines = self._dut.readlines_until('^closed$', timeout=TIMEOUT_S)
        return [self._edge(line) for line in lines[:-1]]

    def _edge(self, line: str) -> Edge:
        match = re.fullmatch(r'edge (\d+): ([01]) of line (\d) at cycle (\d+)', line)
        assert match, line
        sequence, level, number, cycle = map(int, match.groups())
        return Edge(sequence, level, number, cycle * self._cycle_ns)


def teach(qtest: Qtest, idle: list[int]) -> None:
    """Gives each wire a pulse that ends at its level: QEMU's EXTI learns the level of a line only when it changes."""
    for pin, level in zip(PINS, idle):
        for level in (level, 1 - level, level):
            qtest.set(pin, level)
            wait_until_handled(qtest, pin)


def wait_until_handled(qtest: Qtest, pin: Pin) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while qtest.is_busy(pin):
        assert time.monotonic() < deadline, f'an interrupt of {pin} is never handled'


def wait_until(at_ns: int) -> None:
    while (left := at_ns - time.monotonic_ns()) > 0:
        if left > SLEEP_IS_LATE_NS:
            time.sleep((left - SLEEP_IS_LATE_NS) / 1e9)


def play(qtest: Qtest, changes: list[vcd.Change]) -> list[Sent]:
    """Sends each change at its time, or as soon as the one before has been handled."""
    sent = []
    origin_ns = time.monotonic_ns() - changes[0].at_ns
    for at_ns, wire, level in changes:
        wait_until(origin_ns + at_ns)
        before_ns = time.monotonic_ns()
        qtest.set(PINS[wire], level)
        wait_until_handled(qtest, PINS[wire])
        sent.append(Sent(wire, level, before_ns, time.monotonic_ns()))
    return sent


def test_recording(dut: DeviceAdapter, qtest: Qtest, path: Path) -> None:
    recording = vcd.read(path)
    assert len(recording.idle) <= len(PINS), f'{path}: more than {len(PINS)} wires'
    firmware = Firmware(dut, qtest)
    firmware.begin()
    teach(qtest, recording.idle)
    firmware.end()

    firmware.begin()
    sent = play(qtest, recording.changes)
    edges = firmware.end()

    assert [(edge.line, edge.level) for edge in edges] == [(one.line, one.level) for one in sent]
    assert [edge.sequence for edge in edges] == [
        number % 256 for number in range(1, len(sent) + 1)
    ]
    check_times(path, recording.changes, sent, edges)


def check_times(
    path: Path, changes: list[vcd.Change], sent: list[Sent], edges: list[Edge]
) -> None:
    """Both ends have the host's clock, but for an offset. There must be one with which each edge was captured after
    its level was sent, and before its interrupt was over."""
    least = max(one.before_ns - edge.at_ns for one, edge in zip(sent, edges))
    most = min(one.after_ns - edge.at_ns for one, edge in zip(sent, edges))
    report('from a level to its time stamp', path, [
        edge.at_ns + least - one.before_ns for one, edge in zip(sent, edges)
    ])
    origin_ns = sent[0].before_ns - changes[0].at_ns
    report('from the time in the file to the level', path, [
        one.before_ns - origin_ns - change.at_ns for one, change in zip(sent, changes)
    ])
    assert least <= most, f'an edge was stamped {least - most:.0f} ns too early or too late'


def report(what: str, path: Path, times_ns: list[float]) -> None:
    times_us = sorted(time_ns / 1_000 for time_ns in times_ns)
    logger.info(
        '%s: %d edges, %s: median %.1f us, 95%% %.1f us, most %.1f us',
        path.name,
        len(times_us),
        what,
        statistics.median(times_us),
        times_us[len(times_us) * 95 // 100],
        times_us[-1],
    )
