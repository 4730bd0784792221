#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. reads.py
How the bytes of a sample arrive changes nothing: from a pipe in pieces of random sizes, compressed,
or packed, it gives the events that stand beside it, and their records joined are the sample."""
import bz2
import gzip
import io
import json
import lzma
import os
import random
import subprocess
import tarfile
import threading

from running import LIMN, Folder, Tap

ROOT = os.path.abspath(os.environ["LIMN_SOURCE_ROOT"])
SAMPLES = os.path.join(ROOT, "samples/formats")


def zstd(data):
    return subprocess.run(["zstd", "-cq"], input=data, capture_output=True, check=True).stdout


PACKED = [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", zstd)]


def samples():
    for folder, _, names in sorted(os.walk(SAMPLES)):
        for name in sorted(names):
            if name.endswith(".log"):
                yield os.path.basename(folder), os.path.join(folder, name)


def events(text):
    """Without the name, which is the file's."""
    found = [json.loads(line) for line in text.splitlines()]
    for event in found:
        event.pop("source", None)
    return found


def parse(*paths):
    return subprocess.run([LIMN, "parse", *paths], capture_output=True, check=True).stdout


def parse_pieces(data, order):
    """Through a pipe, a few bytes at a time, now and then many."""
    process = subprocess.Popen([LIMN, "parse", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        at = 0
        while at < len(data):
            n = order.choice((1, 2, 3, 17, 100, 4096))
            process.stdin.write(data[at:at + n])
            process.stdin.flush()
            at += n
        process.stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    out = process.stdout.read()
    feeder.join()
    assert process.wait() == 0
    return out


def joined(found):
    """The records one behind the other, from the first byte on."""
    at = 0
    for event in found:
        if event["offset"] != at:
            return -1
        at += event["length"]
    return at


def by_source(text):
    found = {}
    for line in text.splitlines():
        event = json.loads(line)
        found.setdefault(event.pop("source"), []).append(event)
    return found


def main():
    t = Tap()
    order = random.Random(20261122)
    with Folder() as folder:
        every, wanted, sizes = [], {}, {}
        for number, (fmt, path) in enumerate(samples()):
            with open(path, "rb") as file:
                data = file.read()
            with open(path[:-4] + ".events.jsonl", encoding="utf-8") as file:
                want = events(file.read())
            name = f"{number:03}-{fmt}.log"
            every.append((name, data))
            wanted[name], sizes[name] = want, len(data)
        wrong = [n for n, _ in every if joined(wanted[n]) != sizes[n]]
        t.say(not wrong, "records joined are the file, for all samples", str(wrong))
        wrong = [n for n, data in every if events(parse_pieces(data, order)) != wanted[n]]
        t.say(not wrong, f"{len(every)} samples through a pipe in pieces", str(wrong))
        for suffix, pack in PACKED:
            paths = []
            for name, data in every:
                paths.append(os.path.join(folder.path, f"{name}.{suffix}"))
                with open(paths[-1], "wb") as file:
                    file.write(pack(data))
            found = by_source(parse(*paths))
            wrong = [n for n, _ in every if found.get(f"{n}.{suffix}") != wanted[n]]
            t.say(not wrong, f"{len(every)} samples as .{suffix}", str(wrong))
        path = os.path.join(folder.path, "all.tar.gz")
        with tarfile.open(path, "w:gz") as tar:
            for name, data in every:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        found = by_source(parse(path))
        wrong = [n for n, _ in every if found.get(f"all.tar.gz!{n}") != wanted[n]]
        t.say(not wrong, f"{len(every)} samples in one archive", str(wrong))
    t.end()


main()
