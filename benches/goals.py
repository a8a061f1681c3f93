"""The goals for edgepipe's figures, and their comparison with the measured ones."""

from dataclasses import dataclass
from typing import Callable

BUILDS = {"size": "-Os", "speed": "-O2"}


@dataclass
class Goal:
    """At most `limits` instructions, by build."""

    what: str
    limits: dict
    """Returns the figure and, if it is one of several, what it is of."""
    measure: Callable


class Run:
    """The figures of edgepipe in one build."""

    def __init__(self, found, build):
        self.found = found
        self.build = build

    def get(self, *what):
        return self.found[("qemu_cortex_m3", self.build, *what)], ""

    def user(self, figure):
        """The difference between the modes."""
        supervisor, user = (
            self.found[("mps2_an385", "user.on", "user", mode, "threshold=16", figure)]
            for mode in ("supervisor", "user")
        )
        return user - supervisor, f"{user:g}"

    def worst(self, group, figure, which=lambda parameters: True):
        """The worst of all capacities and calls."""
        return max(
            (value, key[4].replace(",capacity=", ", capacity ").partition("=")[2])
            for key, value in self.found.items()
            if key[:4] == ("qemu_cortex_m3", self.build, group, "edgepipe")
            and key[5] == figure and which(key[4])
        )



def reader(which):
    """A test for the parameters of edges with a reader of that kind."""
    return lambda parameters: parameters.startswith(f"reader={which},capacity=")


def both(limit):
    return dict.fromkeys(BUILDS, limit)


def altogether(threshold, limit):
    return Goal(f"altogether, in two calls, threshold {threshold}", {"size": limit},
                lambda run: run.get("thresholds", "edgepipe", f"threshold={threshold}", "cost"))


GOALS = [
    Goal("handler, on average, capacity 128, with one wake", {"size": 46, "speed": 44},
         lambda run: run.get("handler", "edgepipe", "lines=1,capacity=128", "amortised")),
    Goal("handler, on average, any capacity, nobody woken", both(50),
         lambda run: run.worst("edge", "average", reader("none"))),
    Goal("reader behind, on average, any capacity", both(130),
         lambda run: run.worst("edge", "average", reader("behind"))),
    Goal("any single edge", both(450), lambda run: run.worst("edge", "worst")),
    Goal("interrupts masked, in any call", both(450), lambda run: run.worst("masked", "most")),
    Goal("from `release` to the first edge that is captured", both(600),
         lambda run: run.get("release", "edgepipe", "lines=32", "captured")),
    Goal("from the interrupt to the end of `wait_ready`", both(330),
         lambda run: run.get("latency", "edgepipe:wait_ready", "threshold=1", "worst")),
    altogether(8, 195),
    altogether(64, 122),
    altogether(128, 119),
    Goal("a wake and a read of 16 edges, in user mode more than in supervisor mode", {"size": 600},
         lambda run: run.user("wake_and_read")),
]


def compare(found):
    """For each goal and build: the goal, build, limit, figure, what it is of, and whether the goal is met."""
    for goal in GOALS:
        for build, limit in goal.limits.items():
            try:
                figure, of = goal.measure(Run(found, build))
            except (KeyError, ValueError):
                # This run did not measure it.
                continue
            yield goal.what, BUILDS[build], limit, figure, of, figure <= limit


def rows(found):
    """`compare` as rows of a table."""
    for what, build, limit, figure, of, met in compare(found):
        yield [f"{what}, {build}", f"{limit:,}", f"{figure:,g}", f"{of}", "yes" if met else "**no**"]


HEAD = ["goal, at most", "instructions", "measured", "of", "met"]
