# SPDX-License-Identifier: Apache-2.0

"""The pins of a SoC that QEMU emulates, from outside: QEMU's qtest protocol, one line for a command and for its answer."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TIMEOUT_S = 20

# Registers of the STM32L475 and of its core's interrupt controller.
EXTI_PR1 = 0x4001_0414
NVIC_IABR = 0xE000_E300


class Pin(NamedTuple):
    """A pin of the STM32L475."""

    port: str
    number: int

    @property
    def path(self) -> str:
        """Its port, as QEMU names it."""
        return f'/machine/soc/gpio{self.port}'

    @property
    def irq(self) -> int:
        """The interrupt of its EXTI line."""
        if self.number < 5:
            return 6 + self.number
        return 23 if self.number < 10 else 40


class Qtest:
    """A connection to QEMU."""

    def __init__(self, build_dir: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(TIMEOUT_S)
        # By the file's name only: a socket's path must be short.
        here = os.getcwd()
        os.chdir(build_dir)
        try:
            self._connect('qtest.sock')
        finally:
            os.chdir(here)
        self._stream = self._socket.makefile('rw')

    def _connect(self, name: str) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            try:
                return self._socket.connect(name)
            except (FileNotFoundError, ConnectionRefusedError):
                # QEMU has not come so far, or left the file of an earlier run.
                assert time.monotonic() < deadline, f'QEMU has no {name}'
                time.sleep(0.01)

    def _tell(self, command: str) -> list[str]:
        self._stream.write(f'{command}\n')
        self._stream.flush()
        answer = self._stream.readline()
        assert answer.startswith('OK'), f'{command}: {answer!r}'
        return answer.split()[1:]

    def _is_set(self, register: int, bit: int) -> bool:
        (word,) = self._tell(f'readl {register:#x}')
        return int(word, 0) >> bit & 1 == 1

    def set(self, pin: Pin, level: int) -> None:
        """Drives an input."""
        self._tell(f'set_irq_in {pin.path} unnamed-gpio-in {pin.number} {level}')

    def is_busy(self, pin: Pin) -> bool:
        """Whether an interrupt of the pin is pending, or is being handled."""
        return self._is_set(EXTI_PR1, pin.number) or self._is_set(
            NVIC_IABR + pin.irq // 32 * 4, pin.irq % 32
        )

    def outputs(self, port: str) -> Iterator[tuple[int, int]]:
        """The changes of a port's pins from now on, as they happen: pin and level. They come between the answers to
        other commands, so nothing else can be told on this connection, except with `set_unanswered`."""
        self._tell(f'irq_intercept_out /machine/soc/gpio{port}')
        for line in self._stream:
            match line.split():
                case ['IRQ', change, pin]:
                    yield int(pin), int(change == 'raise')
                case answer:
                    assert answer == ['OK'], line

    def set_unanswered(self, pin: Pin, level: int) -> None:
        """Drives an input, without waiting for the answer."""
        self._stream.write(f'set_irq_in {pin.path} unnamed-gpio-in {pin.number} {level}\n')
        self._stream.flush()

    def close(self) -> None:
        """Ends the connection, and iterations over it."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._stream.close()
        self._socket.close()
