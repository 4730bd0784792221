# SPDX-License-Identifier: Apache-2.0
"""One call fails (fault.c), at one place after the other: what limn does then.

    fault.py alloc | disk | kill

Whichever call it is: no crash; either limn gets by without (status 0, and then it says the same as
ever), or it ends with the status for what happened and says so. And a case that it leaves behind
is a case: run again without the fault, the conclusions are those of a run that met none.
LIMN_NIGHTLY=1 goes through all places, the suite through some of each kind.
"""
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden"))
from running import LIMN, ROOT, Folder, Tap, environment, normalise  # noqa: E402

NIGHTLY = bool(os.environ.get("LIMN_NIGHTLY"))
SHIM = os.environ["FAULT_LIB"]
INPUT = os.path.join(ROOT, "samples", "incidents", "checkpoint-corruption")
ANALYZE = [LIMN, "analyze", INPUT, "--case", "x.case", "--report", "x.html", "--bundle",
           "x.tar.zst", "--jobs", "1"]
JSON = [LIMN, "analyze", INPUT, "--case", "x.case", "--json", "--jobs", "1"]
UNFINISHED, PARTIAL, NOTHING, KILLED = 6, 4, 3, -9


def conclusions(folder):
    """What the case in the folder says after a run that nothing disturbs; the whole document, and
    the findings alone: a source that was once cut short stays in the case, superseded."""
    status, out, err = folder.run(JSON, environment())
    text = normalise(out, folder.path)
    findings = json.loads(out).get("findings") if status == 0 else None
    return status, text, findings, err.decode(errors="replace")


class Good:
    """A run that nothing disturbs, and how many calls of each kind it makes."""

    def __init__(self, depth):
        with Folder() as folder:
            calls = os.path.join(folder.path, "calls")
            env = environment(LD_PRELOAD=SHIM, FAULT_CALLS=calls, FAULT_DEPTH=str(depth))
            self.status, out, err = folder.run(ANALYZE, env)
            self.out = normalise(out, folder.path)
            with open(calls, encoding="ascii") as f:
                lines = f.read().split("\n")
            self.calls = {k: int(n) for k, n in (x.split() for x in lines if " " in x)}
            self.places = sorted(int(x) for x in lines if x.isdigit())
            self.conclusions = conclusions(folder)


def judge(good, fault, allowed, again):
    """None, or what is wrong about the run that meets this fault."""
    with Folder() as folder:
        status, out, err = folder.run(ANALYZE, environment(LD_PRELOAD=SHIM, FAULT=fault))
        text = err.decode(errors="replace")
        if status == good.status:
            if normalise(out, folder.path) != good.out:
                return f"{fault}: status {status}, but it says something else\n{text}"
        elif status not in allowed:
            return f"{fault}: status {status}\n{text}"
        elif status > 0 and "error:" not in text:
            return f"{fault}: status {status} and no word about it"
        if again and status != good.status:
            after = conclusions(folder)
            same = slice(2, 3) if status in (PARTIAL, NOTHING) else slice(0, 3)
            if after[same] != good.conclusions[same]:
                return f"{fault}: status {status}; run again, status {after[0]}\n{after[3]}"
    return None


def spread(things, n):
    """At most n of them, evenly."""
    things = list(things)
    if len(things) <= n:
        return things
    return [things[i * len(things) // n] for i in range(n)]


def faults(what, good):
    """(fault, exit statuses that are right, also run again?)"""
    if what == "alloc":
        some = good.places if NIGHTLY else spread(good.places, 40)
        for i, n in enumerate(some):
            yield f"alloc:{n}", {UNFINISHED}, i % 10 == 0
        for n in spread(good.places, 40 if NIGHTLY else 6):
            yield f"alloc:{n}+", {UNFINISHED}, False
    elif what == "disk":
        for kind, allowed in (("write", {UNFINISHED}), ("sync", {UNFINISHED}),
                              ("read", {UNFINISHED, PARTIAL, NOTHING})):
            numbers = range(1, good.calls[kind] + 1)
            for i, n in enumerate(numbers if NIGHTLY else spread(numbers, 10)):
                yield f"{kind}:{n}", allowed, NIGHTLY or i % 3 == 0
        for n in spread(range(1, good.calls["write"] + 1), 40 if NIGHTLY else 5):
            yield f"write:{n}+", {UNFINISHED}, False
    else:
        numbers = range(1, good.calls["write"] + 1)
        for n in numbers if NIGHTLY else spread(numbers, 10):
            yield f"kill:{n}", {KILLED}, True


def main(what):
    tap = Tap()
    good = Good(6 if NIGHTLY else 3)
    tap.say(good.status == 0 and good.conclusions[0] == 0, "a run without a fault")
    rows = list(faults(what, good))
    with ThreadPoolExecutor(max_workers=2) as pool:
        wrong = list(filter(None, pool.map(lambda row: judge(good, *row), rows)))
    tap.say(not wrong, f"{len(rows)} faults", "\n".join(wrong))
    tap.end()


if __name__ == "__main__":
    main(sys.argv[1])
