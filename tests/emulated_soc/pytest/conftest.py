# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator
from pathlib import Path

import pytest
from qtest import Qtest
from twister_harness import DeviceAdapter

ROOT = Path(__file__).parents[3]
RECORDINGS = [
    ROOT / 'samples/serial_decoder/tests/hello.vcd',
    ROOT / 'samples/ir_receiver/remote.vcd',
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        '--recording',
        action='append',
        type=Path,
        metavar='FILE.vcd',
        default=[],
        help='a recording to play besides those of the repository',
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if 'path' in metafunc.fixturenames:
        paths = RECORDINGS + metafunc.config.getoption('recording')
        metafunc.parametrize('path', paths, ids=[path.name for path in paths])


@pytest.fixture
def qtest(dut: DeviceAdapter) -> Iterator[Qtest]:
    qtest = Qtest(dut.device_config.app_build_dir)
    yield qtest
    qtest.close()
