#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: check_docs.py ROOT LIMN
Runs the examples of README.md and docs/*.md. In a block marked ```console each line `$ limn ...`
is run in a fresh folder that holds samples/, and what it prints (both streams) must be what the
page shows up to the next `$`, an empty block standing for silence. `...` alone on a line stands for any lines.
LIMN_UPDATE=1 writes the true output into the page (blocks with `...` excepted).
README.md also names every command, and none that is not there."""
import os
import re
import subprocess
import sys
import tempfile

from tree import ROOT, Report, files, read

LIMN = os.path.abspath(sys.argv[2])
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def matches(shown, real):
    pattern = "".join(r"(?:.*\n)*" if line == "..." else re.escape(line) + "\n"
                      for line in shown)
    return re.fullmatch(pattern, real) is not None


def run(command, folder):
    bin_folder = os.path.join(folder, ".bin")
    env = {"PATH": bin_folder + ":/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": folder}
    work = os.path.join(folder, "work")
    result = subprocess.run(["sh", "-c", command], cwd=work, env=env, timeout=120,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
    return result.stdout.decode(errors="replace")


def commands_of(block):
    """[(command, shown lines)]; a command ending in a backslash goes on."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\"):
            found[-1] = (found[-1][0] + "\n" + line, [])
        elif found:
            found[-1][1].append(line)
    return found


def check_page(report, path):
    """The examples of one page share a folder, top to bottom, as a reader would run them."""
    text = read(path)
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "work"))
        os.mkdir(os.path.join(folder, ".bin"))
        os.symlink(LIMN, os.path.join(folder, ".bin", "limn"))
        os.symlink(os.path.join(ROOT, "samples"), os.path.join(folder, "work", "samples"))
        for block in BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 2
            for command, shown in commands_of(block[1]):
                if not re.match(r"(limn|sqlite3)\b", command):
                    continue
                n += 1
                real = run(command, folder)
                if matches(shown, real):
                    continue
                if os.environ.get("LIMN_UPDATE") and "..." not in shown:
                    old = f"$ {command}\n" + "".join(f"{s}\n" for s in shown)
                    text = text.replace(old, f"$ {command}\n{real}", 1)
                    with open(os.path.join(ROOT, path), "w", encoding="utf-8") as page:
                        page.write(text)
                    continue
                report.bad(path, line, f"`{command}` prints otherwise:\n{real}")
    return n


def check_commands(report):
    shown = subprocess.run([LIMN, "--help"], capture_output=True, text=True, timeout=60).stdout
    commands = set(re.findall(r"^  ([a-z]+) ", shown.split("Commands:")[1].split("\n\n")[0], re.M))
    named = set(re.findall(r"`limn ([a-z]+)", read("README.md")))
    for name in sorted(commands ^ named):
        report.bad("README.md", 0, f"limn {name} is " + ("not named" if name in commands else "none"))


def main():
    report = Report()
    check_commands(report)
    n = 0
    for path in ["README.md"] + files(".md", under="docs"):
        n += check_page(report, path)
    report.end(n)


main()
