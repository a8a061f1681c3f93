# SPDX-License-Identifier: Apache-2.0

"""The options of an executable with the player: what it plays, writes and refuses."""

import gzip
import re
import signal
import subprocess
from pathlib import Path

import pytest
from twister_harness import DeviceAdapter

PRESSES = Path(__file__).parent.parent / 'presses.vcd'
PRESSED = ['123456', '400000', '400123']
TIMEOUT_S = 20


class Firmware:
    """The executable, run in an empty folder."""

    def __init__(self, executable: Path, folder: Path) -> None:
        self.executable = executable
        self.folder = folder

    def run(self, *options: object, **more: object) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self.executable, *map(str, options)],
            cwd=self.folder,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            **more,
        )

    def play(self, *options: object, **more: object) -> list[str]:
        """Runs to the end of the stimulus, and returns the times of presses."""
        done = self.run('-stop_at=1', *options, **more)
        assert (done.returncode, done.stderr) == (0, b'')
        return pressed(done.stdout)

    def refuse(self, *options: object) -> tuple[int, str]:
        """Runs with something wrong. Leaves no file, and has one line on standard error."""
        done = self.run('--watch=never.vcd', *options)
        (line,) = done.stderr.decode().splitlines()
        assert list(self.folder.iterdir()) == []
        assert pressed(done.stdout) == []
        return done.returncode, line


def pressed(output: bytes) -> list[str]:
    return re.findall('^Button pressed at ([0-9]+)$', output.decode(), re.M)


@pytest.fixture
def firmware(unlaunched_dut: DeviceAdapter, tmp_path: Path) -> Firmware:
    folder = tmp_path / 'run'
    folder.mkdir()
    return Firmware(unlaunched_dut.device_config.app_build_dir / 'zephyr' / 'zephyr.exe', folder)


@pytest.fixture
def vcd(tmp_path: Path) -> Path:
    return tmp_path / 'recording.vcd'


def recording(unit: str, wires: list[str], changes: str) -> str:
    """A VCD; the wires' codes are a, b, ..."""
    variables = ''.join(f'$var wire 1 {chr(97 + n)} {wire} $end\n' for n, wire in enumerate(wires))
    return f'$timescale {unit} $end\n{variables}$enddefinitions $end\n{changes}'


def test_without_options_the_firmware_runs_as_ever(firmware: Firmware) -> None:
    done = firmware.run('-stop_at=1')
    assert (done.returncode, done.stderr, pressed(done.stdout)) == (0, b'', [])
    assert b'player' not in done.stdout


def test_a_recording_is_played(firmware: Firmware) -> None:
    assert firmware.play(f'--stimulus={PRESSES}') == PRESSED


def test_it_may_be_packed_or_come_through_a_pipe(firmware: Firmware, vcd: Path) -> None:
    text = PRESSES.read_bytes()
    vcd.write_bytes(gzip.compress(text))
    assert firmware.play(f'--stimulus={vcd}') == PRESSED
    assert firmware.play('--stimulus=-', input=text) == PRESSED


def test_wires_are_chosen_by_name(firmware: Firmware) -> None:
    # D0 is low from 500000 on.
    assert firmware.play(f'--stimulus={PRESSES}', '--wires=D0') == ['500000']


def test_what_the_firmware_drives_is_written(firmware: Firmware) -> None:
    firmware.play(f'--stimulus={PRESSES}', '--watch=watch.vcd')
    text = (firmware.folder / 'watch.vcd').read_text()
    header, changes = text.split('$enddefinitions $end\n')
    assert re.findall(r'\$var wire 1 . (\w+) \$end', header) == ['gpio_emul_0', 'gpio_emul_9']
    # The sample looks at the button each second tick of 10 ms. Pin 9 is no output.
    assert changes.split() == [
        *('#0', '0!', 'z"', '#140000', '1!', '#240000', '0!', '#400000', '1!', '#500000', '0!'),
        '#1010000',
    ]


def test_a_signal_leaves_a_whole_watch_file(firmware: Firmware) -> None:
    running = subprocess.Popen(
        [firmware.executable, '-rt', f'--stimulus={PRESSES}', '--watch=watch.vcd'],
        cwd=firmware.folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    while 'pressed' not in running.stdout.readline():
        pass
    assert not (firmware.folder / 'watch.vcd').exists()
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=TIMEOUT_S)
    assert running.returncode == 0
    (file,) = firmware.folder.iterdir()
    assert (file.name, file.read_text()[-1]) == ('watch.vcd', '\n')


def test_stretching_keeps_every_time_apart(firmware: Firmware, vcd: Path) -> None:
    vcd.write_text(recording('10 ns', ['D2'], '#0 1a #100010 0a #100015 1a #100020 0a #100050\n'))
    option = f'--stimulus={vcd}'
    assert firmware.play(option) == ['1000', '1000']
    # 50 ns is the greatest common divisor.
    assert firmware.play(option, '--stretch=auto') == ['20002', '20004']
    assert firmware.play(option, '--stretch=100') == ['100010', '100020']


def test_the_wires_are_listed(firmware: Firmware) -> None:
    done = firmware.run(f'--stimulus={PRESSES}', '--list')
    assert (done.returncode, done.stderr) == (0, b'')
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    assert rows[-2:] == [['2', '450000000', 'ns', 'D0'], ['6', '23000', 'ns', 'D2']]


@pytest.mark.parametrize(
    ('options', 'status', 'cause'),
    [
        (['--stimulus=absent.vcd'], 1, '^absent.vcd: '),
        ([f'--stimulus={PRESSES}', '--wires=D7'], 1, "presses.vcd: .*'D7'.*D0"),
        ([f'--stimulus={PRESSES}', '--wires=D*'], 1, 'presses.vcd: 2 wires, .* 1 gpios; .*: D0, D2$'),
        ([f'--stimulus={PRESSES}', '--wires=,'], 2, "'--wires <NAMES>'"),
        ([f'--stimulus={PRESSES}', '--stretch=0'], 2, "'0' for '--stretch <auto|N>'"),
        ([f'--stimulus={PRESSES}', '--watch=absent/w.vcd'], 1, '^absent/w.vcd: cannot write: '),
        (['--wires=D2'], 2, '--stimulus=FILE'),
        (['--stretch=auto'], 2, '--stimulus=FILE'),
        (['--list'], 2, '--stimulus=FILE'),
    ],
)
def test_what_is_wrong_is_one_line(
    firmware: Firmware, options: list[str], status: int, cause: str
) -> None:
    returned, line = firmware.refuse(*options)
    assert returned == status
    assert re.search(cause.replace('|', r'\|'), line), line


def test_a_damaged_recording_is_named_with_the_line(firmware: Firmware, vcd: Path) -> None:
    vcd.write_text(recording('1 us', ['D2'], '#0\n1a\n#20\n0a\n#10\n1a\n'))
    status, line = firmware.refuse(f'--stimulus={vcd}')
    assert status == 1
    assert line.startswith(f'{vcd}:8: '), line
