# SPDX-License-Identifier: Apache-2.0

"""How many edges in a second reach `edgepipe record` over a cable, while more come; the others are told as lost."""

import re
import subprocess
from pathlib import Path

import pytest
from conftest import TIMEOUT_S

# Edges that the player makes in a second.
PLAYED = 50_000


def test_edges_in_a_second(edgepipe: Path, tty: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    command = [edgepipe, 'record', tty, '--capture', tmp_path / 'out.vcd', '--for', '2s', '--allow-loss']
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr
    recorded, seconds = re.search(r'^recorded +(\d+) +in ([\d.]+) s', done.stdout, re.MULTILINE).groups()
    lost, by_cable = re.search(r'^lost +(\d+) +\(\d+ by the board, (\d+) ', done.stdout, re.MULTILINE).groups()
    rate = int(recorded) / float(seconds)
    print(f'{rate:.0f} edges in a second')
    assert rate >= request.config.getoption('--rate')
    assert int(by_cable) == 0
    assert (int(recorded) + int(lost)) / float(seconds) == pytest.approx(PLAYED, rel=0.01)
