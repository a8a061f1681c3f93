# SPDX-License-Identifier: Apache-2.0

"""The two ends of a test: the keyboard that QEMU emulates, and the application's console."""

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from twister_harness import DeviceAdapter

TIMEOUT_S = 20


class Wire(NamedTuple):
    """Where a key's wire ends: the capture's line, and the IRQ of its port."""

    line: int
    irq: int

    @property
    def interrupt(self) -> str:
        """What the application says of an interrupt."""
        return f'interrupt of line {self.line}: IRQ {self.irq}, in ISR'


KEYS = {
    'up': Wire(line=0, irq=4),
    'down': Wire(line=1, irq=4),
    'left': Wire(line=2, irq=4),
    'right': Wire(line=3, irq=4),
    'ctrl': Wire(line=4, irq=30),
}


class Edge(NamedTuple):
    """A record, as the application says it."""

    timestamp_ns: int
    lost_before: int
    line: int
    level: str
    sequence: int


class Keyboard:
    """Speaks QEMU's machine protocol (QMP): one JSON object a line, either way."""

    def __init__(self, build_dir: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(TIMEOUT_S)
        # Connect by the file's name only, because a socket's path must be short, and a build
        # folder's path may be long.
        here = os.getcwd()
        os.chdir(build_dir)
        try:
            self._socket.connect('qmp.sock')
        finally:
            os.chdir(here)
        self._stream = self._socket.makefile('rw')
        assert 'QMP' in json.loads(self._stream.readline())
        self._execute('qmp_capabilities')

    def _execute(self, command: str, **arguments: object) -> None:
        self._stream.write(json.dumps({'execute': command, 'arguments': arguments}) + '\n')
        self._stream.flush()
        while 'return' not in (answer := json.loads(self._stream.readline())):
            # Anything else is an event, which may arrive at any time.
            assert 'error' not in answer, answer

    def move(self, *moves: tuple[str, bool]) -> None:
        """Moves keys down or up, one after the other, with no time between them."""
        events = [
            {'type': 'key', 'data': {'down': down, 'key': {'type': 'qcode', 'data': key}}}
            for key, down in moves
        ]
        self._execute('input-send-event', events=events)

    def send_key(self, key: str, hold_ms: int) -> None:
        """Presses a key and releases it after a while, as `sendkey` on the monitor does."""
        self._execute(
            'send-key', **{'keys': [{'type': 'qcode', 'data': key}], 'hold-time': hold_ms}
        )

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


class Console:
    """Talks with the application. Every line it says is asserted, so none comes too early."""

    def __init__(self, dut: DeviceAdapter) -> None:
        self._dut = dut

    def expect(self, *lines: str) -> None:
        for line in lines:
            assert self._dut.readline(TIMEOUT_S) == line

    def start(self, command: str) -> None:
        """Gives a command, which the terminal echoes."""
        self._dut.write(f'{command}\n'.encode())
        self.expect(command)

    def tell(self, command: str) -> list[str]:
        """Gives a command, and returns what the application says to it."""
        self.start(command)
        return self._dut.readlines_until('^done$', timeout=TIMEOUT_S)[:-1]

    def wait(self) -> None:
        """Has the application sleep until the capture is ready."""
        self.start('wait')
        self.expect('waiting')

    def expect_wake(self, reason: str) -> None:
        self.expect(f'ready: {reason}', 'done')

    def read(self, records: int) -> list[Edge]:
        return [edge(line) for line in self.tell(f'read {records}')]

    def ledger(self) -> dict[str, int]:
        """The books, without what is 0, after a look whether they balance."""
        (line,) = self.tell('ledger')
        books = {name: int(value) for name, value in re.findall(r'(\w+): (\d+)', line)}
        lost = sum(books[cause] for cause in ('full', 'frozen', 'closed', 'unreadable', 'oldest'))
        assert books['captured'] == books['delivered'] + books['pending'] + lost, line
        return {name: value for name, value in books.items() if value != 0}


def edge(line: str) -> Edge:
    fields = dict(re.findall(r'(\w+): (\w+)', line))
    return Edge(
        timestamp_ns=int(fields['timestamp_ns']),
        # In the gap, if there is one.
        lost_before=int(fields.get('lost', 0)),
        line=int(fields['line']),
        level=fields['level'],
        sequence=int(fields['sequence']),
    )


@pytest.fixture(scope='session')
def booted(dut: DeviceAdapter) -> DeviceAdapter:
    dut.readlines_until('^at your command$', timeout=TIMEOUT_S)
    return dut


@pytest.fixture(scope='session')
def keyboard(booted: DeviceAdapter) -> Iterator[Keyboard]:
    keyboard = Keyboard(booted.device_config.app_build_dir)
    # After a reset, QEMU's PL061 considers every line low until its level is set again.
    for key in KEYS:
        keyboard.move((key, True), (key, False))
    yield keyboard
    keyboard.close()


@pytest.fixture
def console(booted: DeviceAdapter, keyboard: Keyboard) -> Iterator[Console]:
    console = Console(booted)
    yield console
    # After any result of the case, the next one must find no capture and no pressed key.
    booted.write(b'drop\n')
    booted.readlines_until('^done$', timeout=TIMEOUT_S)
    for key in KEYS:
        keyboard.move((key, False))
    booted.clear_buffer()
