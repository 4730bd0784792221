#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. run.py AREA...
Each folder of tests/golden/AREA is a case: `cmd` (shell), and what it must give: `stdout`,
`stderr` (absent: nothing) and `exit` (absent: 0). In a file a line `...` stands for any lines.
LIMN_UPDATE=1 rewrites them, so that git shows the difference. cmd sees $LIMN, $SAMPLES,
$AS_NOBODY (gives up root, so that permissions hold) and $FULL_DISK (a library to preload that
makes the disk full after $FULL_DISK_AFTER bytes)."""
import difflib
import os
import re
import shutil
import stat
import sys

from running import LIMN, UPDATE, Folder, Tap, environment, nobody, normalise

HERE = os.path.dirname(os.path.abspath(__file__))


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write(path, text):
    if text:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    elif os.path.exists(path):
        os.remove(path)


def same(expected, got):
    if expected == got:
        return True
    lines = expected.splitlines()
    if "..." not in lines:
        return False
    pattern = "".join(r"(?:.*\n)*" if line == "..." else re.escape(line) + "\n" for line in lines)
    return re.fullmatch(pattern, got) is not None


def difference(name, expected, got):
    return "\n".join(difflib.unified_diff(expected.splitlines(), got.splitlines(),
                                          f"expected {name}", f"got {name}", lineterm="", n=2))


def run_case(tap, area, case, limn):
    folder_of_case = os.path.join(HERE, area, case)
    command = read(os.path.join(folder_of_case, "cmd"))
    with Folder() as folder:
        env = environment(LIMN=limn, AS_NOBODY=nobody(), DIR=folder.path)
        status, out, err = folder.run(command, env)
        got = {"stdout": normalise(out, folder.path).replace(limn, "$LIMN"),
               "stderr": normalise(err, folder.path).replace(limn, "$LIMN"),
               "exit": f"{status}\n" if status else ""}
    why = []
    for name, text in got.items():
        path = os.path.join(folder_of_case, name)
        expected = read(path)
        if same(expected, text):
            continue
        if UPDATE:
            write(path, text)
        else:
            why.append(difference(name, expected, text))
    tap.say(not why, f"{area}/{case}", "\n".join(why))


def main():
    tap = Tap()
    # Where a process without root can reach it.
    with Folder() as shared:
        limn = shutil.copy(LIMN, os.path.join(shared.path, "limn"))
        os.chmod(limn, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        for area in sys.argv[1:]:
            cases = sorted(c for c in os.listdir(os.path.join(HERE, area))
                           if os.path.exists(os.path.join(HERE, area, c, "cmd")))
            for case in cases:
                run_case(tap, area, case, limn)
    tap.end()


main()
