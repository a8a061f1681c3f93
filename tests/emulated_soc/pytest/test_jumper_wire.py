# SPDX-License-Identifier: Apache-2.0

"""A jumper wire from one pin of the SoC to another, outside of QEMU: tests/zephyr/hardware_loopback passes with it."""

import threading
from pathlib import Path

from qtest import Pin, Qtest
from twister_harness import DeviceAdapter

# As in boards/disco_l475_iot1_stm32l475xx_qemu.overlay.
OUT = Pin('a', 2)
IN = Pin('b', 4)

SUITE = Path(__file__).parents[2] / 'zephyr/hardware_loopback/src/wire.c'


def carry(qtest: Qtest) -> None:
    for number, level in qtest.outputs(OUT.port):
        if number == OUT.number:
            qtest.set_unanswered(IN, level)


def test_loopback(dut: DeviceAdapter, qtest: Qtest) -> None:
    threading.Thread(target=carry, args=[qtest], daemon=True).start()
    lines = dut.readlines_until('^PROJECT EXECUTION ')
    assert lines[-1] == 'PROJECT EXECUTION SUCCESSFUL'
    passed = sum(line.startswith(' PASS - test_') for line in lines)
    assert passed == SUITE.read_text().count('\nCASE('), 'every case has run'
