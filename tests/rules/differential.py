#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`limn rules match` against a slow evaluator (sigma_model.py), over random rules and events.

usage: differential.py LIMN [--batches N] [--seed N]

A batch is 40 rules over 60 events; every pair is a case. The same rules in another order and
another file, the same events in another order, and without the prefilter, must give the same hits.
LIMN_NIGHTLY=1: 100 batches, 240,000 cases; in the suite 5, 12,000. Each modifier and kind of value
must have met and not met.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

import sigma_model
import sigma_random

RULES, EVENTS = 40, 60


def hits(limn, options, rules, lines, folder):
    """{(rule, line)} of what limn says; `rules`: texts by name of file."""
    for old in os.listdir(folder):
        os.unlink(os.path.join(folder, old))
    for name, text in rules.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    done = subprocess.run([limn, "rules", "match", *options, folder, "-"],
                          input="\n".join(lines).encode(), capture_output=True, check=False)
    if done.returncode or done.stderr:
        sys.exit("limn said %d:\n%s" % (done.returncode, done.stderr.decode()[:4000]))
    found = set()
    for line in done.stdout.splitlines():
        hit = json.loads(line)
        found.add((hit["rule"], hit["line"] - 1))
    return found


def report(seed, text, line, want):
    print("seed %d: limn says %s\n%s\n%s" % (seed, "no" if want else "yes", text, line))


def batch(limn, seed, folder):
    """(cases, hits, failures)."""
    s = sigma_random.Source(random.Random(seed))
    rules = {"r%02d" % i: sigma_random.random_rule(s) for i in range(RULES)}
    texts = {name: sigma_random.yaml_rule(s, name, rule) for name, rule in rules.items()}
    events = [sigma_random.random_event(s) for _ in range(EVENTS)]
    lines = [sigma_random.json_text(s, event) for event in events]
    want = {(name, i) for name, rule in rules.items() for i, event in enumerate(events)
            if sigma_model.meets(rule, event, lines[i])}

    found = hits(limn, [], {"all.yml": "---\n".join(texts.values())}, lines, folder)
    failures = 0
    for name, i in sorted(found ^ want):
        if failures < 5:
            report(seed, texts[name], lines[i], (name, i) in want)
        failures += 1

    order, names = list(range(EVENTS)), list(texts)
    s.rng.shuffle(order)
    s.rng.shuffle(names)
    files = {"%d.yml" % k: "---\n".join(texts[n] for n in names[k::3]) for k in range(3)}
    for what, options in (("in another order", []), ("without the prefilter", ["--no-prefilter"])):
        other = hits(limn, options, files, [lines[i] for i in order], folder)
        other = {(name, order[i]) for name, i in other}
        for name, i in sorted(other ^ found):
            print("seed %d: %s the answer is another\n%s\n%s" %
                  (seed, what, texts[name], lines[i]))
            failures += 1
    return RULES * EVENTS, len(want), failures


def main():
    args = argparse.ArgumentParser(description=__doc__,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("limn")
    args.add_argument("--batches", type=int, default=100 if os.environ.get("LIMN_NIGHTLY") else 5)
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    cases = met = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(args.seed, args.seed + args.batches):
            n, m, f = batch(args.limn, seed, folder)
            cases, met, failures = cases + n, met + m, failures + f
            if failures > 20:
                break
    print("%d rules and events, %d met, %d disagreements" % (cases, met, failures))
    for what in sorted({what for what, _ in sigma_model.ANSWERS}):
        yes, no = (sigma_model.ANSWERS[what, answer] for answer in (True, False))
        print("  %-14s %7d yes %7d no" % (what, yes, no))
        failures += yes < 10 or no < 10
    if cases < 2000 or not cases / 10 < met < cases * 9 / 10:
        print("these rules and events say too little")
        return 1
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
