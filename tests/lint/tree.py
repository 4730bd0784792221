# SPDX-License-Identifier: Apache-2.0
"""What the lints share: the files of the tree, and how a violation is told."""
import os
import sys

ROOT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.getcwd())
SKIP = {".git", "demo", "__pycache__", "node_modules"}


def files(*suffixes, under=""):
    """Paths relative to ROOT, sorted; build folders are left out."""
    found = []
    for folder, folders, names in os.walk(os.path.join(ROOT, under)):
        folders[:] = sorted(d for d in folders if d not in SKIP and not (
            os.path.samefile(folder, ROOT) and d.startswith("build")))
        for name in sorted(set(names) - SKIP):  # .git is a file in a worktree
            path = os.path.relpath(os.path.join(folder, name), ROOT)
            if not suffixes or path.endswith(suffixes):
                found.append(path)
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def exists(path):
    return os.path.exists(os.path.join(ROOT, path))


class Report:
    def __init__(self):
        self.n = 0

    def bad(self, path, line, text):
        print(f"{path}:{line}: {text}" if line else f"{path}: {text}")
        self.n += 1

    def end(self, looked_at):
        print(f"{looked_at} looked at, {self.n} violations")
        # A lint that saw nothing has not passed: its pattern or folder is wrong.
        sys.exit(1 if self.n or not looked_at else 0)
