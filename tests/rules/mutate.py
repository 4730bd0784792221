#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutates the pack's rules; at least one of a rule's own tests must fail for each mutant.

usage: mutate.py LIMN PACK [--only FOLDER] [--kinds KINDS] [--findings CDC-07,CDC-09]

Mutants (mutants.py): a text, a field, a search or an alternative left out, a part or a `not` of a
condition left out, another modifier, a number one higher or lower; of correlations a window twice
or half as wide, two rules swapped, a rule, the order or the grouping left out; what the rule reads
out of the event left out. One that does not load is none. --kinds are some of mutants.KINDS. With
--findings only the rules that those diagnoses name; LIMN_NIGHTLY=1 overrides both. With --only those
in files of this folder, or file, of the pack. Prints survivors as FILE:LINE: RULE: what was changed.
"""
import argparse
import concurrent.futures
import itertools
import os
import re
import subprocess
import sys
import tempfile

import mutants
from yaml_parts import documents

BATCH = 32  # mutants of one process


def name_of(lines):
    for line in lines:
        m = re.match(r"name: *(\S+)", line)
        if m:
            return m.group(1)
    return ""


def beside(lines, number):
    """The rule under a name of its own: the pack it came from is loaded, too."""
    lines = [line for line in lines if not line.startswith("id:")]
    return "\n".join(re.sub(r"^name: *(\S+)", rf"name: \1_mutant_{number}", line)
                     for line in lines)


def wanted(pack, findings):
    names = set()
    for finding in findings:
        with open(os.path.join(pack, "findings", finding + ".yml"), encoding="utf-8") as f:
            text = f.read()
        names |= set(re.findall(r"\b(?:rule|episode):\s*[\[\"']?([a-z]\w+)", text))
    return names


def rules(pack, only, names):
    """(file, first line, name, lines) of each rule that is asked for."""
    for root, _, files in sorted(os.walk(pack)):
        for file in sorted(files):
            path = os.path.relpath(os.path.join(root, file), pack)
            if only and not (path + "/").startswith(only.rstrip("/") + "/"):
                continue
            with open(os.path.join(pack, path), encoding="utf-8") as f:
                text = f.read()
            for start, lines in documents(text):
                name = name_of(lines)
                if name and (names is None or name in names):
                    yield path, start, name, lines


def run(limn, folder, batch):
    """The mutants of {number: lines} that failed a test, and those that did not load."""
    for number, lines in batch.items():
        with open(os.path.join(folder, f"{number}.yml"), "w", encoding="utf-8") as f:
            f.write(beside(lines, number))
    left, killed, unfit = set(batch), set(), set()
    while left:
        paths = [os.path.join(folder, f"{number}.yml") for number in sorted(left)]
        done = subprocess.run([limn, "rules", "test", *paths], capture_output=True, text=True,
                              errors="replace", check=False)
        named = {int(n) for n in re.findall(r"^error: .*\n +--> (\d+)\.yml:", done.stderr, re.M)}
        if not named & left:
            if not re.search(r"^\d+ rules, \d+ tests, 0 failed$", done.stdout, re.M):
                raise SystemExit("limn rules test: " + (done.stderr or f"rc {done.returncode}"))
            break
        if re.search(r"^\d+ rules, \d+ tests, ", done.stdout, re.M):
            killed |= named
        else:
            unfit |= named
        left -= named
    return killed, unfit


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("limn")
    parser.add_argument("pack")
    parser.add_argument("--only", default="")
    parser.add_argument("--kinds", default=",".join(mutants.KINDS))
    parser.add_argument("--findings", default="")
    args = parser.parse_args()
    names, kinds = None, args.kinds.split(",")
    if os.environ.get("LIMN_NIGHTLY"):
        kinds = list(mutants.KINDS)
    elif args.findings:
        names = wanted(args.pack, args.findings.split(","))
    limn, tried, sane = os.path.abspath(args.limn), {}, {}
    count = itertools.count()
    for path, start, name, lines in rules(args.pack, args.only, names):
        sane[next(count)] = (f"{path}: {name}: the rule itself fails its tests", lines)
        for line, what, new in mutants.mutants(lines, kinds):
            tried[next(count)] = (f"{path}:{start + line + 1}: {name}: {what}", new)
    todo = {number: lines for group in (sane, tried) for number, (_, lines) in group.items()}
    numbers = sorted(todo)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(
            len(os.sched_getaffinity(0))) as pool:
        done = list(pool.map(lambda part: run(limn, folder, {n: todo[n] for n in part}),
                             [numbers[i:i + BATCH] for i in range(0, len(numbers), BATCH)]))
    killed = set().union(*(k for k, _ in done))
    unfit = set().union(*(u for _, u in done))
    bad = [text for number, (text, _) in sane.items() if number in killed | unfit]
    survivors = [text for number, (text, _) in tried.items() if number not in killed | unfit]
    n = len(set(tried) - unfit)
    print("\n".join(bad + survivors + [f"{n} mutants, {len(survivors)} survived"]))
    return 1 if bad or survivors or n == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
