# SPDX-License-Identifier: Apache-2.0

"""sigrok-cli, unmodified, makes of the board's samples what it makes of the recording."""

import os
import re

import pytest
from conftest import RECORDING, Sigrok, decoded


@pytest.fixture(scope='session')
def said() -> list[str]:
    """What is said in the recording."""
    lines = decoded(RECORDING.read_text(), 'TX', 'D0', 'D1')
    assert lines[:5] == [f'uart-1: {letter}' for letter in 'Hello']
    assert '26 bits' in lines[-1]
    return lines


def test_a_scan_finds_the_board(sigrok: Sigrok, request: pytest.FixtureRequest) -> None:
    lines = request.config.getoption('--lines')
    # The channel above the lines tells of losses.
    channels = ' '.join(map(str, range(min(lines + 1, 32))))
    answer = sigrok.run('--scan')
    assert re.search(f'^ols - edgepipe .* channels: {channels}$', answer, re.MULTILINE), answer


@pytest.mark.parametrize('rle', [False, True], ids=['plain', 'rle'])
@pytest.mark.parametrize('rate,samples', [('100k', 8_000), ('1m', 80_000)])
def test_the_text_is_that_of_the_recording(
    sigrok: Sigrok, said: list[str], rate: str, samples: int, rle: bool
) -> None:
    for _ in range(20 if (rate, rle) == ('1m', True) else 3):
        assert sigrok.acquire_text(rate, rle, samples) == said


def test_the_text_at_10_mhz(sigrok: Sigrok, said: list[str]) -> None:
    assert sigrok.acquire_text('10m', True, 800_000) == said


def test_the_serial_line_at_10_mhz_without_rle(sigrok: Sigrok, said: list[str]) -> None:
    assert sigrok.acquire_text('10m', False, 250_000)[:5] == said[:5]


@pytest.mark.parametrize('trigger', ['1', '01', '010'])
def test_a_trigger_has_stages(sigrok: Sigrok, trigger: str) -> None:
    vcd = sigrok.acquire('1m', True, 20_000, trigger)
    sync = re.search(rf'\$var wire 1 (\S) {sigrok.wires[3]} \$end', vcd)
    assert sync is not None
    changes = re.findall(rf'^#(\d+) .*([01]){re.escape(sync[1])}', vcd, re.MULTILINE)
    times = {level: int(time) for time, level in changes if time != '0'}
    # The last stage is at a tenth of the samples. The emulator may have been late for one of two edges.
    assert abs(times[trigger[-1]] - 2_000) < 10
    assert abs(times['0'] - times['1'] - 400) < 100


def test_after_garbage_all_is_well(
    sigrok: Sigrok, said: list[str], port: int, garbage: bytes
) -> None:
    for start in range(0, len(garbage), 40):
        os.write(port, garbage[start : start + 40])
    assert sigrok.acquire_text('1m', True, 80_000) == said


def test_an_acquisition_that_is_given_up_does_no_harm(
    sigrok: Sigrok, said: list[str], port: int
) -> None:
    # Run, with the trigger and the sizes of before, and without waiting for the samples.
    os.write(port, b'\x01')
    assert sigrok.acquire_text('1m', True, 80_000) == said
