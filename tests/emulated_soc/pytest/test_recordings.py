# SPDX-License-Identifier: Apache-2.0

"""Plays a recording into pins from outside, and compares what was captured with what was sent."""

import logging
import math
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
        self._cycle_ns = self.tick_ns = 0.0

    def begin(self) -> None:
        line = self._dut.readlines_until('^capturing', timeout=TIMEOUT_S)[-1]
        rates = re.fullmatch(r'capturing, (\d+) cycles a second, (\d+) ticks', line)
        assert rates, line
        self._cycle_ns, self.tick_ns = (1e9 / int(rate) for rate in rates.groups())

    def end(self) -> list[Edge]:
        # Pressed, it is low.
        for level in (1, 0, 1):
            self._qtest.set(BUTTON, level)
        lines = self._dut.readlines_until('^closed$', timeout=TIMEOUT_S)
        return [self._edge(line) for line in lines[:-1]]

    def _edge(self, line: str) -> Edge:
        match = re.fullmatch(r'edge (\d+): ([01]) of line (\d) at cycle (\d+)', line)
        assert match, line
        sequence, level, number, cycle = map(int, match.groups())
        return Edge(sequence, level, number, cycle * self._cycle_ns)


def teach(qtest: Qtest, idle: list[int]) -> None:
    """Gives each wire a pulse that ends at its level: QEMU's EXTI learns the level of a pin only when it changes."""
    for pin, at_rest in zip(PINS, idle):
        for level in (at_rest, 1 - at_rest, at_rest):
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
    offset_ns, edges = on_one_clock(sent, edges, firmware.tick_ns)
    report(
        f'{path.name}: from a level to its time stamp',
        [edge.at_ns + offset_ns - one.before_ns for one, edge in zip(sent, edges)],
    )
    origin_ns = sent[0].before_ns - recording.changes[0].at_ns
    report(
        f'{path.name}: from the time in the file to the level',
        [one.before_ns - origin_ns - change.at_ns for one, change in zip(sent, recording.changes)],
    )


def on_one_clock(
    sent: list[Sent], edges: list[Edge], tick_ns: float
) -> tuple[float, list[Edge]]:
    """Both ends have the host's clock, but for an offset, and for ticks that the SoC has lost. There must be an offset
    with which each edge was stamped after its level was sent, and before its interrupt was over. Returns the least one,
    and the edges with the lost ticks."""
    least, most = sent[0].before_ns - edges[0].at_ns, sent[0].after_ns - edges[0].at_ns
    lost = 0
    whole = []
    for number, (one, edge) in enumerate(zip(sent, edges)):
        lost += max(0, math.ceil((one.before_ns - edge.at_ns - lost * tick_ns - most) / tick_ns))
        whole.append(edge._replace(at_ns=edge.at_ns + lost * tick_ns))
        least = max(least, one.before_ns - whole[-1].at_ns)
        most = min(most, one.after_ns - whole[-1].at_ns)
        assert least <= most, f'edge {number} was stamped too early or too late, by {least - most} ns'
    logger.info('ticks lost, as the host did not run QEMU: %d', lost)
    return least, whole


def report(what: str, times_ns: list[float]) -> None:
    times_us = sorted(time_ns / 1_000 for time_ns in times_ns)
    logger.info(
        '%s: %d edges, median %.1f us, 95%% %.1f us, most %.1f us',
        what,
        len(times_us),
        statistics.median(times_us),
        times_us[len(times_us) * 95 // 100],
        times_us[-1],
    )
