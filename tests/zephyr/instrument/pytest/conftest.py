# SPDX-License-Identifier: Apache-2.0

"""The ends of a test: the instrument's UART, as a terminal, and sigrok-cli as its client."""

import os
import random
import re
import select
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from twister_harness import DeviceAdapter

ROOT = Path(__file__).parents[4]
RECORDING = ROOT / 'samples' / 'logic_analyzer' / 'demo.vcd'

TIMEOUT_S = 60

# native_sim loses what its pseudo-terminal has no room for, when the client is too slow for a while.
NATIVE_BYTES_MAX = 100_000

RESET = bytes(5)
QUIET_S = 0.05

# An answer must begin within 20 ms, and the emulator may be one of many programs on a busy machine.
SCANS_MAX = 10

# What sigrok-cli says if no answer came in time, or only a part of it.
LATE = re.compile(
    "Didn't get any reply|does not support metadata|^unknown channel|^ols - $", re.MULTILINE
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption('--lines', type=int, default=8, help='lines of the probe')
    parser.addoption('--rate', type=int, default=0, help='edges that must be recorded in a second')
    parser.addoption('--wires', default='0,1,2,3', help='channels of TX, D0, D1 and SYNC')


class Sigrok:
    """sigrok-cli, which thinks that it has a serial port."""

    def __init__(self, tty: Path, shim: Path, wires: list[int], bytes_max: int | None) -> None:
        self._bytes_max = bytes_max
        self._tty = tty
        # libserialport looks for a port of this name in /sys/class/tty, too.
        self._connection = f'/dev/../../../{tty.relative_to("/")}'
        self._environment = {**os.environ, 'LD_PRELOAD': str(shim)}
        self.wires = wires
        # How often the device was not found at once.
        self.missed = 0

    def run(self, *arguments: str) -> str:
        """What it prints. Fails if it says that anything is wrong."""
        # Its log tells whether the board answered in time. If not, it goes on with a device that it knows little of.
        command = ['sigrok-cli', '-l', '4', '-d', f'ols:conn={self._connection}', *arguments]
        for _ in range(SCANS_MAX):
            self._forget_input()
            done = subprocess.run(
                command,
                env=self._environment,
                capture_output=True,
                encoding='utf-8',
                errors='replace',
                timeout=TIMEOUT_S,
                check=False,
            )
            if LATE.search(done.stderr + done.stdout):
                self.missed += 1
                continue
            assert done.returncode == 0, done.stderr
            assert 'Device only sent' not in done.stderr, done.stderr
            return done.stdout
        raise AssertionError('the device is not found')

    def _forget_input(self) -> None:
        """What was sent before is still on its way, more of it than through a UART. A port that is closed forgets it."""
        descriptor = os.open(self._tty, os.O_RDWR | os.O_NOCTTY)
        os.write(descriptor, RESET)
        while select.select([descriptor], [], [], QUIET_S)[0]:
            os.read(descriptor, 65536)
        os.close(descriptor)

    def acquire(self, rate: str, rle: bool, samples: int, trigger: str) -> str:
        """Acquires the channels that the recording has, with a tenth of the samples before the trigger, as VCD."""
        # All from 0 on: libsigrok 0.5.2 takes a channel's place among those that are chosen for its bit in a sample.
        size = samples * (max(self.wires) // 8 + 1)
        if not rle and self._bytes_max is not None and size > self._bytes_max:
            pytest.skip(f'native_sim would lose some of {size} bytes')
        sync = self.wires[3]
        config = f'samplerate={rate}:rle={"on" if rle else "off"}:captureratio=10'
        channels = f'0-{max(self.wires)}'
        return self.run(
            *('-c', config, '-C', channels, '-t', f'{sync}={trigger}'),
            *('--samples', str(samples), '-O', 'vcd'),
        )

    def acquire_text(self, rate: str, rle: bool, samples: int) -> list[str]:
        """What is said after the pulse."""
        return decoded(self.acquire(rate, rle, samples, '1'), *self.wires[:3])


def decoded(vcd: str, tx: object, d0: object, d1: object) -> list[str]:
    """What is said on these wires."""
    command = [
        *('sigrok-cli', '-I', 'vcd', '-i', '/dev/stdin'),
        *('-P', f'uart:rx={tx}:baudrate=2400:format=ascii'),
        *('-P', f'wiegand:d0={d0}:d1={d1}'),
        *('-A', 'uart=rx-data,wiegand'),
    ]
    done = subprocess.run(command, input=vcd, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope='session')
def tty(dut: DeviceAdapter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    link = tmp_path_factory.mktemp('instrument') / 'tty'
    if dut.device_config.platform.startswith('native_sim'):
        lines = dut.readlines_until('^uart_1 connected to pseudotty', timeout=TIMEOUT_S)
        link.symlink_to(lines[-1].split()[-1])
        dut.readlines_until('Booting Zephyr', timeout=TIMEOUT_S)
        yield link
        return
    if shutil.which('socat') is None:
        pytest.skip('socat is not installed')
    dut.readlines_until('Booting Zephyr', timeout=TIMEOUT_S)
    socat = subprocess.Popen(
        ['socat', f'pty,raw,echo=0,link={link}', 'UNIX-CONNECT:instrument.sock'],
        # By the file's name only, because a socket's path must be short.
        cwd=dut.device_config.app_build_dir,
    )
    while not link.exists():
        assert socat.poll() is None, 'socat does not find the socket'
    yield link
    socat.terminate()
    socat.wait()


@pytest.fixture(scope='session')
def edgepipe() -> Path:
    # Those of the firmware are not the host's.
    firmware = ('CARGO_BUILD_TARGET', 'RUSTUP_TOOLCHAIN')
    environment = {name: it for name, it in os.environ.items() if name not in firmware}
    command = ['cargo', 'build', '--quiet', '--locked', '-p', 'edgepipe-cli']
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return ROOT / 'target' / 'debug' / 'edgepipe'


@pytest.fixture(scope='session')
def sigrok(
    tty: Path,
    dut: DeviceAdapter,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sigrok]:
    if shutil.which('sigrok-cli') is None:
        pytest.skip('sigrok-cli is not installed')
    shim = tmp_path_factory.mktemp('shim') / 'pty-shim.so'
    source = ROOT / '.ci' / 'pty-shim.c'
    subprocess.run(['gcc', '-shared', '-fPIC', '-o', shim, source, '-ldl'], check=True)
    wires = [int(wire) for wire in request.config.getoption('--wires').split(',')]
    is_native = dut.device_config.platform.startswith('native_sim')
    sigrok = Sigrok(tty, shim, wires, NATIVE_BYTES_MAX if is_native else None)
    yield sigrok
    print(f'{sigrok.missed} scans found no device within 20 ms')


@pytest.fixture
def port(tty: Path) -> Iterator[int]:
    """The terminal, for a client of the test's own."""
    descriptor = os.open(tty, os.O_RDWR | os.O_NOCTTY)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def garbage() -> bytes:
    return random.Random(17).randbytes(400)
