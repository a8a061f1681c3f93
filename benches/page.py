"""Writes docs/PERFORMANCE.md and its plots from the figures of `benches/report` and `benches/replay`."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
BUILDS = {"size": "-Os", "speed": "-O2"}
SETUP = "lines=1,capacity=128"
THRESHOLDS = (1, 8, 64, 128)
# The kinds of sections in flash, and in RAM.
MEMORIES = {"flash": ("text", "rodata", "data"), "RAM": ("data", "bss", "noinit")}

HEAD = """\
# Performance

The cost of an edge, on average and at worst, with edgepipe and with the alternatives that Zephyr and Rust offer.
`benches/report --record` writes this page; the figures are in [recorded.txt](../benches/recorded.txt) and
[recorded-host.txt](../benches/recorded-host.txt).

**Instructions, not time.** QEMU (`qemu_cortex_m3`, `-icount`) runs one instruction in a fixed virtual
time, so the counts are exact and the same on every machine. They are not cycles: a Cortex-M3 takes
one or two cycles for most instructions, and more to enter an interrupt. The shift of `-icount` is 8, because the
counter that is read, SysTick, counts once in 80 ns of virtual time. With a shift of 0 that is 80 instructions,
with 8 it is less than a third of one.

**Two builds.** They differ only in `CONFIG_SPEED_OPTIMIZATIONS` ([prj.conf](../benches/prj.conf)): *-Os* is Zephyr's
default, *-O2* has it on. The Rust code is the same in both (`opt-level = "s"`). The C library is Zephyr's minimal
one, whose `memcpy` at -Os copies byte by byte. Time slicing is off.

**The same job for all.** An interrupt handler is called for one edge, reads the port and the clock, and
stores a record of eight bytes for a reader thread. All have room for 128 records.
"""

CHOICES = """\
| mechanism | what it is |
|---|---|
| `by_hand` | a handler in C that does what edgepipe does: `k_pipe_write`, count captured and lost edges under a lock, give a semaphore |
| `k_pipe`, `k_msgq` | a write or a put for each record |
| `ring_buf` | a put under a spinlock, and a semaphore |
| `input` | `input_report` to the input subsystem's own thread, which hands each event to a callback: no thresholds |
| `k_fifo` | items from a `k_mem_slab` |
| `zbus` | a channel with a message subscriber, the only observer that gets every message; its documentation allows publishing in an ISR without a time-out |
| `rtio` | a multishot read with a memory pool, completed by each edge, as sensors stream |
| `zephyr::sync::channel` | zephyr-lang-rust's `bounded`, whose `try_send` is for ISRs |
| `embassy:Channel`, `embassy:Pipe` | embassy-sync's, with a critical-section mutex |
| `heapless::spsc` | its queue, and a semaphore. The only one without any lock: one producer, one consumer, no count of lost edges |

If a mechanism has no threshold, the handler counts the records and gives a semaphore.
"""


def load(path):
    """A script as a module."""
    spec = spec_from_file_location(path.stem, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


class Figures:
    """The figures of the two builds, by subject."""

    def __init__(self, found):
        self.found = found

    def get(self, build, group, subject, parameters, figure, platform="qemu_cortex_m3"):
        return self.found[(platform, build, group, subject, parameters, figure)]

    def subjects(self, group, parameters):
        """The mechanisms that were measured, in that order."""
        of = [key[3] for key in self.found
              if key[:3] == ("qemu_cortex_m3", "size", group) and key[4] == parameters]
        return list(dict.fromkeys(of))

    def both(self, *what):
        return [f"{self.get(build, *what):,g}" for build in BUILDS]

    def parameters(self, group, subject):
        of = [key[4] for key in self.found
              if key[:4] == ("qemu_cortex_m3", "size", group, subject)]
        return list(dict.fromkeys(of))


def handler(of):
    yield """\
## In the interrupt handler

*Amortised* is the sum for all edges that fill the buffer, one interrupt each, divided by their number. It includes what
happens once in a buffer: edgepipe wakes the reader. *Worst* is the most expensive edge. No thread waits for the other
mechanisms here. All figures are without the part that every handler has:
"""
    rows = [[f"`{name}`", *of.both("handler", name, "-", "each")] for name in ("dispatch", "clock")]
    yield table(["", *BUILDS.values()], rows)
    yield """\
*Dispatch* walks the list of callbacks and reads the port of a controller that the compiler does not know; *clock* is
`k_cycle_get_32`.
"""
    head = ["instructions"] + [f"{figure}, {name}" for figure in ("amortised", "worst")
                               for name in BUILDS.values()]
    yield table(head, [
        [f"`{subject}`", *of.both("handler", subject, SETUP, "amortised"),
         *of.both("handler", subject, SETUP, "worst")]
        for subject in of.subjects("handler", SETUP)
    ])
    yield "![Instructions an edge in the handler](performance/handler.svg)\n"
    yield """\
The same for edgepipe with other numbers of lines and other capacities, in records:
"""
    yield table(["lines, capacity"] + head[1:], [
        [parameters.replace("=", " ").replace(",", ", "),
         *of.both("handler", "edgepipe", parameters, "amortised"),
         *of.both("handler", "edgepipe", parameters, "worst")]
        for parameters in of.parameters("handler", "edgepipe")
    ])


def latency(of):
    yield """\
## From the interrupt to the reader

The time from just before the driver calls the callbacks until the waiting thread has returned from its
wait, for a record that makes the capture ready. `k_sem_take` and `k_poll` have a handler that only
calls `k_sem_give`; with `+record` it first reads port and clock and stores a record. `read` and
`fd_read` return with the record.
"""
    yield table(["instructions", *BUILDS.values()], [
        [f"`{subject}`", *of.both("latency", subject, "threshold=1", "worst")]
        for subject in of.subjects("latency", "threshold=1")
    ])


def thresholds(of):
    yield """\
## Altogether

Everything from the first of 1,024 interrupts until the reader has the last record, divided by the number of
edges. The cost of interrupts without any callback is subtracted ({} instructions at -Os, {} at -O2: entry,
exit, and making them). The column is the number of records at which the reader is woken; 128 is a full
buffer. `edgepipe` waits and reads in two calls, `wait_ready` and `try_read`; `edgepipe:read_edges` returns
times in nanoseconds, the others return raw records.
""".format(*of.both("thresholds", "interrupt", "-", "cost"))
    for build, name in BUILDS.items():
        rows = []
        for subject in of.subjects("thresholds", "threshold=1"):
            row = [f"`{subject}`"]
            for threshold in THRESHOLDS:
                key = ("qemu_cortex_m3", build, "thresholds", subject, f"threshold={threshold}", "cost")
                row.append(f"{of.found[key]:,g}" if key in of.found else "")
            rows.append(row)
        yield table([f"instructions an edge, {name}", *map(str, THRESHOLDS)], rows)
    yield "![Instructions an edge, altogether, at -O2](performance/thresholds.svg)\n"
    yield "The same for other sizes of the buffer:\n"
    yield table(["instructions an edge", *BUILDS.values()], [
        [parameters.replace("=", " ").replace(",", ", "),
         *of.both("capacities", "edgepipe", parameters, "cost")]
        for parameters in of.parameters("capacities", "edgepipe")
    ])
    yield """\
Switches between threads for 1,024 edges, counted by the kernel's tracing hooks in a separate build. Two of
them are the reader's beginning and end:
"""
    rows = [[f"`{subject}`"] + [
        f"{of.found.get(('qemu_cortex_m3', 'switches', 'switches', subject, f'threshold={t}', 'count'), 0):g}"
        for t in THRESHOLDS] for subject in ("edgepipe", "by_hand", "k_msgq")]
    rows = [[row[0], *(cell if cell != "0" else "" for cell in row[1:])] for row in rows]
    yield table(["switches", *map(str, THRESHOLDS)], rows)


WORST = """\
## The worst

The goals and the measured figures. If the figure is the worst of several, *of* names its reader and capacity, or its
call.
"""

EDGES = """\
The handler at every capacity, again without dispatch and clock. In *nobody reads* edges fill the buffer; in *lost* as
many more follow. A reader that is *behind* has a full buffer: 64 times it reads one record and one edge arrives. In
*behind, lost* two edges arrive, and the second finds no room. In *laps* the reader reads seven eighths at a time, so
the end of the buffer is at another place each time. With a *deadline*, the first edge starts a timer, and so it does
with an idle time (*deadline, idle*); the work of the system clock's driver is not counted. The other readers sleep until the buffer is full, and the last edge wakes them.
"""

MASKED = """\
How long interrupts are masked: the longest wait, in instructions, of an interrupt with the highest priority that
Zephyr's locks mask, at any of these capacities. The *zero-latency* columns have the same for an interrupt that Zephyr
promises never to mask. A timer interrupts after every single instruction of the call; the README of the benches
explains it. The kernel's part is included: `k_sem` is only a semaphore that wakes a thread, without edgepipe. *Sleeps*
is a call that sleeps until an edge wakes it, including that edge. *After loss* has a full buffer and lost edges.
"""


PIPED = """\
All of this, and the goals, are for direct delivery. With a pipe of 64 records, an edge that makes the capture ready
hands over all pending records in its interrupt:
"""


def worst(of):
    goals = load(ROOT / "benches" / "goals.py")
    yield WORST
    yield table(goals.HEAD, goals.rows(of.found))
    timer = of.both("handler", "k_timer_start", "-", "each")
    release = of.both("release", "edgepipe", "lines=32", "cost")
    yield f"""\
The first pending edge with a deadline or an idle time starts a timer, if that does not run already. `k_timer_start` alone
takes {timer[0]} (-Os) and {timer[1]} (-O2) where another time-out is earlier, so that it need not set the clock's interrupt.

`release` takes {release[0]} (-Os) and {release[1]} (-O2) as a whole, with 32 lines and a port whose driver does next to
nothing. The line is captured long before the end: making up the levels of 32 lines for the gap record comes last.
"""
    for figure in ("average", "worst"):
        yield EDGES if figure == "average" else "The most expensive edge of each:\n"
        parameters = [p.partition(",capacity=") for p in of.parameters("edge", "edgepipe")]
        capacities = list(dict.fromkeys(capacity for _, _, capacity in parameters))
        readers = list(dict.fromkeys(reader for reader, _, _ in parameters))
        for build, name in BUILDS.items():
            yield table([f"{figure}, {name}", *(f"{int(capacity):,}" for capacity in capacities)], [
                [reader.removeprefix("reader=").replace(",", ", ").replace("none", "nobody reads"),
                 *(f"{of.get(build, 'edge', 'edgepipe', f'{reader},capacity={capacity}', figure):,g}"
                   for capacity in capacities)]
                for reader in readers
            ])
    yield MASKED
    yield table(["instructions", *(f"{figure}, {name}" for figure in ("masked", "zero-latency")
                                   for name in BUILDS.values())], [
        [f"`{call.removeprefix('call=')}`", *of.both("masked", "edgepipe", call, "most"),
         *of.both("masked", "edgepipe", call, "zero-latency")]
        for call in of.parameters("masked", "edgepipe")
    ])
    yield PIPED
    yield table(["through a pipe", *(f"{figure}, {name}" for figure in ("average", "worst")
                                     for name in BUILDS.values())], [
        [parameters.removeprefix("reader=").replace(",", ", ").replace("=", " ").replace("none", "nobody reads"),
         *of.both("edge", "edgepipe:pipe", parameters, "average"),
         *of.both("edge", "edgepipe:pipe", parameters, "worst")]
        for parameters in of.parameters("edge", "edgepipe:pipe")
    ])
    yield table(["through a pipe", *(f"masked, {name}" for name in BUILDS.values())], [
        [f"`{call.removeprefix('call=')}`", *of.both("masked", "edgepipe:pipe", call, "most")]
        for call in of.parameters("masked", "edgepipe:pipe")
    ])


def rate(of):
    yield """\
## How fast, and how many at once

The shortest interval, in instructions, at which all of 1,024 edges from a hardware timer are read, with a
threshold of 64. In *idle* only the interrupts have a higher priority than the reader. In *busy* a thread
with a higher priority is busy for half of the time, 10,000 instructions at a time. The hardware loses an
edge that arrives while the interrupt of the edge before is still pending, so the longest time with
interrupts off decides. *Burst* is how many edges are kept while no thread reads; of `input`'s, its own
thread holds one.
"""
    yield table(["", "idle, -Os", "idle, -O2", "busy, -Os", "busy, -O2", "burst"], [
        [f"`{subject}`", *of.both("rate", subject, "load=0", "interval"),
         *of.both("rate", subject, "load=50", "interval"),
         f"{of.get('size', 'burst', subject, 'capacity=128', 'edges'):g}"]
        for subject in of.subjects("rate", "load=0")
    ])
    kept = [f"{of.get('size', 'burst', 'edgepipe', parameters, 'edges'):g} of a capacity of "
            f"{parameters.removeprefix('capacity=')}" for parameters in of.parameters("burst", "edgepipe")]
    yield f"edgepipe keeps a burst of {', '.join(kept)}.\n"


def clocks(of):
    yield """\
## Clocks

The handler with a capacity of 128, again without dispatch and clock, when the program has clocks
(`CONFIG_EDGEPIPE_CLOCK`). Nobody waits. All counters are the cycle counter here, so the difference is the way to a counter. A real
counter's own reading comes on top: for Nordic's timers that is the driver's task to capture, and a read.
"""
    names = {"cycle_counter": "no clock, in a program that has some", "Counter": "a `Counter` in Rust",
             "CounterDevice": "a counter device, with the smallest possible driver"}
    rows = [[text, *of.both("clock", name, SETUP, "amortised")] for name, text in names.items()]
    yield table(["", *BUILDS.values()], rows)


def user(of):
    yield """\
## In user mode

On an `mps2/an385`, another Cortex-M3, which has an MPU: instructions in a build without `CONFIG_USERSPACE` and in one with it,
there by a thread in supervisor mode and by one in user mode. The wakes are from the interrupt of the sixteenth edge, on an emulated
port, until all threads sleep again: with the switch to the reader, its wait, its read of 16 edges, and the switch back.
"""
    names = {"ready": "`edgepipe_ready`", "wait": "`edgepipe_wait`, without waiting",
             "empty_read": "`edgepipe_read` of nothing", "statistics": "`edgepipe_stats`",
             "wake_and_read": "a wake, and `edgepipe_read`",
             "wake_and_read_edges": "a wake, and `edgepipe_read_edges`"}
    modes = (("user.off", "supervisor"), ("user.on", "supervisor"), ("user.on", "user"))
    yield table(["instructions, -Os", "without", "with, supervisor", "with, user"], [
        [text, *(f"{of.get(build, 'user', mode, 'threshold=16', figure, 'mps2_an385'):,g}" for build, mode in modes)]
        for figure, text in names.items()
    ])


def native(of):
    yield """\
## On native_sim

x86-64 instructions of the same handlers, counted by callgrind, amortised over 128 edges, without dispatch
and clock:
"""
    get = lambda subject, parameters: of.get(  # noqa: E731
        "size", "handler", subject, parameters, "sum", platform="native_sim")
    rest = get("dispatch+clock", "-")
    yield table(["", "instructions"], [
        [f"`{subject}`", f"{(get(subject, SETUP) - rest) / 128:.1f}"]
        for subject in of.subjects("handler", SETUP)
    ])


def host(recorded, compiler):
    lengths = sorted({length for length, _ in recorded})
    most = lengths[-1]
    core = recorded[most, "core-s"]
    yield f"""\
## On the host

The program [`edgepipe`](../app/host/src/main.rs) replays a recording of one line on the simulated kernel. With
a single edge this is mostly the startup, from the loader to the summary. Callgrind counts the instructions;
memory is the peak of the resident set. `benches/replay --record` has measured it, with {compiler}.
"""
    yield table(["edges", "instructions", "memory, KiB"], [
        [f"{length:,}", *(f"{recorded[length, figure]:,.0f}" if (length, figure) in recorded else ""
                          for figure in ("instructions", "memory-KiB"))]
        for length in lengths
    ])
    yield f"""\
Times on one machine: {1000 * recorded[1, "wall-s"]:.1f} ms for the startup, {core:.1f} s of one core for the
{most:,} edges, which is {most / core / 1e6:.1f} million a second.
"""


def column(rows, sections, without):
    """The sizes of an application on one platform, by the row's name: its own rows, and the memories."""
    for memory, kinds in MEMORIES.items():
        everything, rest = (sum(of[kind] for kind in kinds) for of in (sections, without))
        rows |= {f"{memory}: {', '.join(kinds)}": everything, f"{memory}, *without*": rest,
                 f"{memory}, the difference": everything - rest}
    return rows


def columns(found, rows_of):
    """The sizes of an application on each platform, as a table."""
    found = {platform: column(rows_of(figures), figures["sections"], figures["without"])
             for platform, figures in found.items()}
    names = next(iter(found.values()))
    return table(["bytes", *(f"`{platform}`" for platform in found)], [
        [name, *(f"{of[name]:,}" for of in found.values())] for name in names
    ])


def not_built(left_out):
    missing = [f"`{platform}` ({reason})" for platform, reason in left_out.items()]
    return f"Not built: {'; '.join(missing)}.\n"


def footprint(smallest):
    found, left_out = smallest
    yield """\
## Flash and RAM

[The smallest application](../benches/smallest/src/lib.rs) opens one capture of 16 records, waits until it
is ready and reads its edges. *Library* is all symbols with edgepipe's name; *capture* is the static
device, of which 128 bytes are the buffer. The sections are summed by kind over the whole program, kernel
and console included. *Without* has the same configuration and GPIO driver, but no capture and no Rust. So
the difference is the library and the parts of Rust and Zephyr that it needs. In RAM these are the capture
and the system work queue with its stack, which Zephyr's `poll.c` needs; many applications have it anyway.
`native_sim`'s program is a host program; its *flash* is the loaded part of its file.
"""
    yield columns(found, lambda of: {
        "library, in flash": of["library"], "capture, in RAM": of["capture"],
        **{f"`{kind}`": size for kind, size in of["sections"].items()},
    })
    if left_out:
        yield not_built(left_out)
    yield "[footprint.md](../boards/footprint.md) has the sizes of the whole application on each board.\n"


def instrument(built):
    found, left_out = built
    yield """\
### The instrument

[`samples/logic_analyzer`](../samples/logic_analyzer/README.md), which is no more than `CONFIG_EDGEPIPE_INSTRUMENT`, with
memory for 512 edges. *Instrument* and *library* are all symbols of their crates. *Without* is the same application with
that option off, which then does nothing. So the difference is the instrument, the library, the probe, which is a capture
with room for 512 edges, and the parts of Rust and Zephyr that they need. On `qemu_cortex_m3` it is the emulated lines,
too, and the player with its recording.
"""
    yield columns(found, lambda of: {
        "instrument, in flash": of["instrument"], "library, in flash": of["library"],
        "memory for edges, in RAM": of["memory"], "stack of the thread, in RAM": of["stack"],
    })
    if left_out:
        yield not_built(left_out)


def bars(plot, name, title, groups, series):
    """A plot of horizontal bars, as an SVG file that is the same for the same figures."""
    figure, axes = plot.subplots(figsize=(8, 0.45 * len(groups) * len(series) ** 0.5 + 1))
    height = 0.8 / len(series)
    for index, (label, values) in enumerate(series.items()):
        places = [row + index * height for row in range(len(groups))]
        axes.bar_label(axes.barh(places, values, height, label=label), fmt="%g", padding=2)
    axes.set_yticks([row + (len(series) - 1) * height / 2 for row in range(len(groups))], groups)
    axes.invert_yaxis()
    axes.set_xlabel(title)
    if len(series) > 1:
        axes.legend()
    figure.tight_layout()
    figure.savefig(DOCS / "performance" / name, metadata={"Date": None})
    plot.close(figure)


def plots(of):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "edgepipe"
    import matplotlib.pyplot as plot

    (DOCS / "performance").mkdir(parents=True, exist_ok=True)
    subjects = of.subjects("handler", SETUP)
    bars(plot, "handler.svg", "instructions an edge in the handler, amortised", subjects, {
        name: [of.get(build, "handler", subject, SETUP, "amortised") for subject in subjects]
        for build, name in BUILDS.items()
    })
    subjects = of.subjects("thresholds", "threshold=128")
    bars(plot, "thresholds.svg", "instructions an edge, altogether, -O2", subjects, {
        f"threshold {threshold}":
            [of.get("speed", "thresholds", subject, f"threshold={threshold}", "cost")
             for subject in subjects]
        for threshold in THRESHOLDS[1:]
    })


def write(found, versions, replay, smallest, with_instrument):
    """Writes the page and its plots. `replay` is benches/replay's record, the last two are .ci/footprint's."""
    of = Figures(found)
    plots(of)
    sections = [HEAD, CHOICES]
    for section in (handler, clocks, worst, latency, thresholds, rate, user, native):
        sections += section(of)
    sections += host(*replay)
    sections += footprint(smallest)
    sections += instrument(with_instrument)
    sections.append((ROOT / "benches" / "remarks.md").read_text())
    sections.append(f"## With\n\n{', '.join(versions)}.\n")
    (DOCS / "PERFORMANCE.md").write_text("\n".join(sections))
