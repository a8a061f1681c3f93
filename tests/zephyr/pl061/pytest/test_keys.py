# SPDX-License-Identifier: Apache-2.0

"""Keys of QEMU's keyboard pull lines of its PL061s, whose interrupts end in a capture."""

from conftest import KEYS, Console, Keyboard


def press(keyboard: Keyboard, console: Console, key: str, down: bool = True) -> None:
    """Moves one key, and waits until its interrupt has been handled."""
    keyboard.move((key, down))
    console.expect(KEYS[key].interrupt)


def release(keyboard: Keyboard, console: Console, key: str) -> None:
    press(keyboard, console, key, down=False)


def test_every_key_makes_two_edges_of_its_own_line(keyboard: Keyboard, console: Console) -> None:
    console.tell('open 16 16')
    for key in KEYS:
        press(keyboard, console, key)
        release(keyboard, console, key)
    edges = console.read(16)

    expected = [(wire.line, level) for wire in KEYS.values() for level in ('High', 'Low')]
    assert [(edge.line, edge.level) for edge in edges] == expected
    assert [edge.sequence for edge in edges] == list(range(1, 11))
    times = [edge.timestamp_ns for edge in edges]
    assert times == sorted(set(times)), 'each later than the one before'
    assert console.ledger() == {'captured': 10, 'delivered': 10, 'high_water': 10}


def test_a_key_that_is_sent_comes_back_up(keyboard: Keyboard, console: Console) -> None:
    console.tell('open 16 16')
    keyboard.send_key('left', hold_ms=50)
    console.expect(KEYS['left'].interrupt, KEYS['left'].interrupt)
    down, up = console.read(16)
    assert [(edge.line, edge.level) for edge in (down, up)] == [(2, 'High'), (2, 'Low')]
    assert up.timestamp_ns - down.timestamp_ns >= 50_000_000


def test_a_waiter_wakes_at_the_threshold(keyboard: Keyboard, console: Console) -> None:
    console.tell('open 8 3')
    console.wait()
    press(keyboard, console, 'up')
    release(keyboard, console, 'up')
    press(keyboard, console, 'ctrl')
    console.expect_wake('Threshold')
    assert [edge.line for edge in console.read(16)] == [0, 0, 4]

    console.wait()
    for key in ('down', 'left', 'right'):
        press(keyboard, console, key)
    console.expect_wake('Threshold')
    assert console.ledger() == {
        'captured': 6,
        'delivered': 3,
        'pending': 3,
        'high_water': 3,
        'wakes': 2,
    }


def test_a_full_buffer_wakes_and_then_loses(keyboard: Keyboard, console: Console) -> None:
    console.tell('open 4 4')
    console.wait()
    for key in ('up', 'down', 'left', 'right'):
        press(keyboard, console, key)
    console.expect_wake('Full')

    for key in ('up', 'down', 'left'):
        release(keyboard, console, key)
    assert console.ledger() == {
        'captured': 7,
        'pending': 4,
        'full': 3,
        'high_water': 4,
        'wakes': 1,
    }
    console.wait()
    console.expect_wake('Overflow')
    assert [edge.line for edge in console.read(16)] == [0, 1, 2, 3]

    release(keyboard, console, 'right')
    (last,) = console.read(16)
    assert (last.line, last.level, last.lost_before, last.sequence) == (3, 'Low', 3, 8)


def test_one_interrupt_can_bring_edges_of_two_lines(
    keyboard: Keyboard, console: Console
) -> None:
    console.tell('open 4 2')
    console.wait()
    keyboard.move(('up', True), ('left', True))
    # The callbacks of one port are called in this order.
    console.expect(KEYS['left'].interrupt, KEYS['up'].interrupt)
    console.expect_wake('Threshold')
    up, left = console.read(16)
    assert (up.line, left.line) == (0, 2)
    assert up.timestamp_ns == left.timestamp_ns
    assert (up.sequence, left.sequence) == (1, 2)


def test_edges_that_become_one_interrupt_are_counted(
    keyboard: Keyboard, console: Console
) -> None:
    console.tell('open 4 4')
    keyboard.move(('down', True), ('down', False))
    console.expect(KEYS['down'].interrupt)
    (edge,) = console.read(16)
    assert (edge.line, edge.level) == (1, 'Low')
    assert console.ledger() == {'captured': 1, 'delivered': 1, 'high_water': 1, 'rising': 1}


def test_a_key_that_is_down_at_the_beginning_is_no_edge(
    keyboard: Keyboard, console: Console
) -> None:
    keyboard.move(('right', True))
    console.tell('open 4 4')
    assert console.tell('read 4') == ['nothing is pending (errno 11)']
    release(keyboard, console, 'right')
    (edge,) = console.read(16)
    assert (edge.line, edge.level) == (3, 'Low')
    assert 'rising' not in console.ledger()


def test_a_closed_capture_takes_no_edges_and_can_be_opened_again(
    keyboard: Keyboard, console: Console
) -> None:
    console.tell('open 4 4')
    press(keyboard, console, 'up')
    console.tell('close')
    # The port still interrupts, but the capture's callback is gone.
    release(keyboard, console, 'up')
    console.wait()
    console.expect_wake('Closed')
    assert [edge.line for edge in console.read(1)] == [0]
    assert console.tell('read 1') == ['end of file']
    assert console.ledger() == {'captured': 1, 'delivered': 1, 'high_water': 1}

    console.tell('drop')
    console.tell('open 4 1')
    assert console.ledger() == {}
    console.wait()
    press(keyboard, console, 'down')
    console.expect_wake('Threshold')
    (edge,) = console.read(16)
    assert (edge.line, edge.level, edge.sequence) == (1, 'High', 1)
