# SPDX-License-Identifier: Apache-2.0

"""Which levels a firmware sees at which time, and what of its own levels is written."""

import re
import subprocess
from pathlib import Path

import pytest
from twister_harness import DeviceAdapter

HEADER = """\
$timescale 1 us $end
$var wire 1 a A $end
$var wire 1 b B $end
$var wire 1 c C $end
$enddefinitions $end
"""


class Firmware:
    """The executable, and a file for its recording."""

    def __init__(self, executable: Path, folder: Path) -> None:
        self.executable = executable
        self.folder = folder

    def play(self, changes: str, *options: str) -> list[str]:
        """Returns what the firmware says."""
        (self.folder / 'in.vcd').write_text(HEADER + changes)
        done = subprocess.run(
            [self.executable, '--stimulus=in.vcd', '-stop_at=1', *options],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, '')
        return [line for line in done.stdout.splitlines() if re.match('[0-9]+: |player: ', line)]

    def written(self) -> list[str]:
        return (self.folder / 'out.vcd').read_text().split('$enddefinitions $end')[1].split()


@pytest.fixture
def firmware(unlaunched_dut: DeviceAdapter, tmp_path: Path) -> Firmware:
    return Firmware(unlaunched_dut.device_config.app_build_dir / 'zephyr' / 'zephyr.exe', tmp_path)


def test_edges_come_to_the_microsecond_in_the_order_of_the_recording(firmware: Firmware) -> None:
    # A tick of the kernel is 10000 us.
    assert firmware.play('#0 0a 1b #12345 0b 1a #12346 0a #12347 1a 1b #20000\n') == [
        '0: 0 begins as 0',
        '0: 1 begins as 1',
        '12345: 1 is 0',
        '12345: 0 is 1',
        '12346: 0 is 0',
        '12347: 0 is 1',
        '12347: 1 is 1',
        'player: stimulus ended: 5 edges',
        '110000: 2 begins as 0',
    ]


def test_an_edge_at_time_0_comes_when_the_firmware_first_sleeps(firmware: Firmware) -> None:
    said = firmware.play('#0 0a 1a 0b\n')
    assert said[:3] == ['0: 0 begins as 0', '0: 1 begins as 0', '0: 0 is 1']


def test_a_pin_that_becomes_an_input_has_the_level_of_its_wire(firmware: Firmware) -> None:
    # Pulls of A and B are the other way. C changes before it is an input, and is low-active.
    said = firmware.play('#0 0a 1b 0c #50000 1c #150000 0c\n')
    assert said[:2] == ['0: 0 begins as 0', '0: 1 begins as 1']
    assert said[2:] == [
        '110000: 2 begins as 1',
        '150000: 2 is 0',
        'player: stimulus ended: 2 edges',
    ]


def test_edges_wait_while_interrupts_are_locked(firmware: Firmware) -> None:
    said = firmware.play('#0 0a #230000 1a #240000 0a #330000 1a\n')
    assert said[3:] == [
        '320000: 0 is 1',
        '320000: 0 is 0',
        '330000: 0 is 1',
        'player: stimulus ended: 3 edges',
    ]


def test_driven_levels_are_written_at_their_times(firmware: Firmware) -> None:
    firmware.play('#0 0a #12345 1a #12346 0a\n', '--watch=out.vcd')
    assert firmware.written() == [
        *('#0', 'z!', '0"'),
        *('#12345', '1"', '#12346', '0"'),
        # Low-active, and 7 us long, in a busy wait.
        *('#110000', '0!', '#110007', '1!'),
        # No output any more.
        *('#320000', 'z!'),
        '#1010000',
    ]


def test_watching_changes_nothing_else(firmware: Firmware) -> None:
    changes = '#0 0a 1b 0c #12345 0b 1a #110003 1c #150001 0c #230000 0a #330000 1a\n'
    assert firmware.play(changes, '--watch=out.vcd') == firmware.play(changes)


def test_ten_days_are_played_in_seconds(firmware: Firmware) -> None:
    day = 24 * 60 * 60 * 1_000_000
    edges = ' '.join(f'#{time + 1} {time // day % 2}a' for time in range(day, 11 * day, day))
    said = firmware.play(f'#0 0a {edges}\n', f'-stop_at={11 * day // 1_000_000}')
    assert said[-1] == 'player: stimulus ended: 10 edges'
