"""Writes docs/PERFORMANCE.md and its plots from the figures of `benches/report` and `benches/replay`."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
BUILDS = {"size": "-Os", "speed": "-O2"}
SETUP = "lines=1,capacity=128"
THRESHOLDS = (1, 8, 64, 128)
# The kinds of sections that are in flash, and in RAM.
MEMORIES = {"flash": ("text", "rodata", "data"), "RAM": ("data", "bss", "noinit")}

HEAD = """\
# Performance

What an edge costs, on average and at worst, and what it costs with everything else that Zephyr and Rust offer. Written by
`benches/report --record`; the figures themselves are in [recorded.txt](../benches/recorded.txt) and
[recorded-host.txt](../benches/recorded-host.txt).

**Instructions, not time.** QEMU (`qemu_cortex_m3`, `-icount`) runs one instruction in a fixed virtual
time, so the counts are exact and the same on every machine. They are not cycles: a Cortex-M3 takes
between one and two for most instructions, and more to enter an interrupt. The shift is 8 and not 0,
because the counter that is read, SysTick, counts every 80 ns of that time: at a shift of 0 that is 80
instructions, at 8 less than a third of one.

**Two builds**, the same configuration ([prj.conf](../benches/prj.conf)) but for
`CONFIG_SPEED_OPTIMIZATIONS`: *-Os* is Zephyr's default, *-O2* is with it. The Rust code is the same in
both (`opt-level = "s"`). The C library is Zephyr's minimal one, whose `memcpy` at -Os goes byte by byte.
Time slicing is off.

**The same job for all.** An interrupt handler is called for one edge, reads the port and the clock, and
stores a record of eight bytes for a reader thread. All have room for 128 records.
"""

CHOICES = """\
| | is |
|---|---|
| `by_hand` | a handler in C that does what edgepipe does: `k_pipe_write`, count what was captured and lost under a lock, give a semaphore |
| `k_pipe`, `k_msgq` | a write, a put for each record |
| `ring_buf` | a put under a spinlock, and a semaphore |
| `input` | `input_report` to the input subsystem's own thread, which hands each event to a callback: no thresholds |
| `k_fifo` | items from a `k_mem_slab` |
| `zbus` | a channel with a message subscriber, the only observer that gets every message; its documentation allows publishing in an ISR without a time-out |
| `rtio` | a multishot read with a memory pool, completed by each edge, as sensors stream |
| `zephyr::sync::channel` | zephyr-lang-rust's `bounded`, whose `try_send` is for ISRs |
| `embassy:Channel`, `embassy:Pipe` | embassy-sync's, with a critical-section mutex |
| `heapless::spsc` | and a semaphore. The only one without any lock: one producer, one consumer, no count of what was lost |

Those without a threshold of their own get one: the handler counts, and gives a semaphore.
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
    """The figures of the two builds, by what they are of."""

    def __init__(self, found):
        self.found = found

    def get(self, build, group, subject, parameters, figure, platform="qemu_cortex_m3"):
        return self.found[(platform, build, group, subject, parameters, figure)]

    def subjects(self, group, parameters):
        """Who was measured, in that order."""
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

Amortised: all edges that fill the buffer, one interrupt each, divided by their number, so that what
happens once in a buffer (edgepipe wakes the reader) is in it. *Worst* is the dearest of them. Nobody waits for the others, which so wake
nobody. Without what every handler has to do:
"""
    rows = [[f"`{name}`", *of.both("handler", name, "-", "each")] for name in ("dispatch", "clock")]
    yield table(["", *BUILDS.values()], rows)
    yield """\
*Dispatch* is walking the list of callbacks and reading the port, of a controller that is a variable;
*clock* is `k_cycle_get_32`.
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

From when the driver is about to call the callbacks until the thread that waited has returned from its
wait, for a record that makes the capture ready. `k_sem_take` and `k_poll` are a handler that does
nothing but `k_sem_give`; `+record` is one that reads port and clock and stores a record first. `read`
and `fd_read` return with the record.
"""
    yield table(["instructions", *BUILDS.values()], [
        [f"`{subject}`", *of.both("latency", subject, "threshold=1", "worst")]
        for subject in of.subjects("latency", "threshold=1")
    ])


def thresholds(of):
    yield """\
## Altogether

All that happens from the first of 1,024 interrupts until the reader has the last record, for each edge;
without what the interrupts cost when nobody listens ({} instructions at -Os, {} at -O2: entry, exit,
and making them). The reader is woken when as many records are there as the column says; 128 is a full
buffer. `edgepipe` waits and reads in two calls, `wait_ready` and `try_read`; `edgepipe:read_edges` gets times
in nanoseconds, the others raw records.
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
    yield "The same for buffers that have room for more or less:\n"
    yield table(["instructions an edge", *BUILDS.values()], [
        [parameters.replace("=", " ").replace(",", ", "),
         *of.both("capacities", "edgepipe", parameters, "cost")]
        for parameters in of.parameters("capacities", "edgepipe")
    ])
    yield """\
Switches between threads, counted by the kernel's tracing hooks in a build of its own, for 1,024 edges.
Two of them are the reader's beginning and end:
"""
    rows = [[f"`{subject}`"] + [
        f"{of.found.get(('qemu_cortex_m3', 'switches', 'switches', subject, f'threshold={t}', 'count'), 0):g}"
        for t in THRESHOLDS] for subject in ("edgepipe", "by_hand", "k_msgq")]
    rows = [[row[0], *(cell if cell != "0" else "" for cell in row[1:])] for row in rows]
    yield table(["switches", *map(str, THRESHOLDS)], rows)


WORST = """\
## The worst

The goals, and what is measured. *Of* says of which reader and capacity, or of which call, where it is the
worst of several.
"""

EDGES = """\
The handler at every capacity, as above without dispatch and clock. The buffer is filled, and *nobody reads*;
as many edges again are *lost*. A reader that is *behind* has a full buffer and reads one record, then one edge comes,
64 times; *behind, lost*: two edges, of which the second finds no room. In *laps* seven eighths are read at a time,
so that the end of the buffer is at another place each time. With a *deadline*, the first edge starts a timer, here
without what the driver of the system clock then does. The others sleep until the buffer is full, and the last edge
wakes them.
"""

MASKED = """\
For how long interrupts are masked: the longest time that an interrupt of the highest priority that Zephyr's locks mask
has to wait, in instructions, at any of these capacities; beside it the same for a *zero-latency* interrupt, which Zephyr
promises never to mask. A timer interrupts after every single instruction of the call; the README of the benches says
how. What the kernel does is in it: `k_sem` is a semaphore that wakes a thread, and nothing of edgepipe's. *Sleeps* is a
call that sleeps until an edge wakes it, and what that edge does. *After loss* is with a full buffer and more lost.
"""


PIPED = """\
All of this is of direct delivery, and so are the goals. Through a pipe of 64 records, an edge that makes the capture
ready hands over all that is pending, in its interrupt:
"""


def worst(of):
    goals = load(ROOT / "benches" / "goals.py")
    yield WORST
    yield table(goals.HEAD, goals.rows(of.found))
    timer = of.both("handler", "k_timer_start", "-", "each")
    yield f"""\
The one goal that is not met is that of an edge which starts a timer: a first one with a deadline, and at most
one in the time of a deadline. `k_timer_start` alone takes {timer[0]} (-Os) and {timer[1]} (-O2), and is called apart
from what stores the edge, because interrupts would be masked for too long.
"""
    for figure in ("average", "worst"):
        yield EDGES if figure == "average" else "The dearest edge of each:\n"
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

The shortest interval, in instructions, at which 1,024 edges from a hardware timer are all read, with a
threshold of 64: a reader that has nothing above it but the interrupts (*idle*), and one with a thread
above it that is busy for half of the time, 10,000 instructions at once (*busy*). An edge that comes
while the interrupt of the one before is still pending is lost to the hardware; so what counts is for how
long interrupts are off at once. *Burst* is how many
edges are kept while nobody reads; of `input`, one is with its thread.
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


def native(of):
    yield """\
## On native_sim

Instructions of an x86-64 for the same handlers, counted by callgrind, amortised over 128 edges; without
dispatch and clock:
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

The program [`edgepipe`](../app/host/src/main.rs), which replays a recording on the simulated kernel, here of
one line. With a single edge it is little but startup, from the loader to the summary. Instructions are
callgrind's; memory is the most that was resident. `benches/replay --record` has measured it, with
{compiler}.
"""
    yield table(["edges", "instructions", "memory, KiB"], [
        [f"{length:,}", *(f"{recorded[length, figure]:,.0f}" if (length, figure) in recorded else ""
                          for figure in ("instructions", "memory-KiB"))]
        for length in lengths
    ])
    yield f"""\
By the clock, which is one machine's: {1000 * recorded[1, "wall-s"]:.1f} ms for the startup, {core:.1f} s of one
core for the {most:,} edges, which is {most / core / 1e6:.1f} million a second.
"""


def column(library, capture, sections, without):
    """What the smallest application takes on one platform, by what the row is called."""
    rows = {"library, in flash": library, "capture, in RAM": capture}
    rows |= {f"`{kind}`": size for kind, size in sections.items()}
    for memory, kinds in MEMORIES.items():
        everything, rest = (sum(of[kind] for kind in kinds) for of in (sections, without))
        rows |= {f"{memory}: {', '.join(kinds)}": everything, f"{memory}, *without*": rest,
                 f"{memory}, the difference": everything - rest}
    return rows


def footprint(smallest):
    found, left_out = smallest
    yield """\
## Flash and RAM

[The smallest application](../benches/smallest/src/lib.rs) opens one capture of 16 records, waits until it
is ready and reads its edges. *Library* is what has edgepipe's name in the symbol table; *capture* is the
static device, of which 128 bytes are the buffer. The sections are those of everything, kernel and console
included, put together by kind. *Without* is the same configuration and GPIO driver, but no capture and
nothing in Rust, so the difference is the library and what it needs of Rust and Zephyr. In RAM that is the
capture and the system work queue with its stack, to which Zephyr's `poll.c` refers; many applications
have one anyway. `native_sim`'s program is one of the host, whose *flash* is what is loaded of its file.
"""
    columns = [column(**figures) for figures in found.values()]
    yield table(["bytes", *(f"`{platform}`" for platform in found)], [
        [row, *(f"{of[row]:,}" for of in columns)] for row in columns[0]
    ])
    if left_out:
        missing = [f"`{platform}` ({reason})" for platform, reason in left_out.items()]
        yield f"Not built: {'; '.join(missing)}.\n"
    yield "What the whole application takes on each board is in [footprint.md](../boards/footprint.md).\n"


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


def write(found, versions, replay, smallest):
    """Writes them. `replay` is what benches/replay has recorded, `smallest` is .ci/footprint's."""
    of = Figures(found)
    plots(of)
    sections = [HEAD, CHOICES]
    for section in (handler, worst, latency, thresholds, rate, native):
        sections += section(of)
    sections += host(*replay)
    sections += footprint(smallest)
    sections.append((ROOT / "benches" / "remarks.md").read_text())
    sections.append(f"## With\n\n{', '.join(versions)}.\n")
    (DOCS / "PERFORMANCE.md").write_text("\n".join(sections))
