# SPDX-License-Identifier: Apache-2.0
"""Running limn for a golden test: a fresh folder, a hostile environment, and what of its output
may differ between two good runs taken out."""
import os
import re
import shutil
import subprocess
import tempfile

LIMN = os.path.abspath(os.environ["LIMN"])
ROOT = os.path.abspath(os.environ["LIMN_SOURCE_ROOT"])
SAMPLES = os.path.join(ROOT, "samples")
UPDATE = bool(os.environ.get("LIMN_UPDATE"))
TIMEOUT = int(os.environ.get("LIMN_TEST_TIMEOUT", "240"))
NOBODY = 65534


def environment(**more):
    """Nothing of the caller's but what sanitizers and valgrind need; what is left is odd."""
    env = {"PATH": "/usr/bin:/bin", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8",
           "LANG": "de_DE.UTF-8", "TERM": "xterm-256color", "HOME": "/nonexistent",
           "LIMN": LIMN, "SAMPLES": SAMPLES}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "FULL_DISK"):
        if name in os.environ:
            env[name] = os.environ[name]
    env.update(more)
    return env


def preloadable():
    """May a library be loaded before limn's own? A sanitizer's run time must come first."""
    linked = subprocess.run(["ldd", LIMN], capture_output=True, text=True, check=False).stdout
    return "libasan" not in linked


class Folder:
    """A fresh folder that a command may fill, also one that gives up root (`$AS_NOBODY`)."""

    def __enter__(self):
        self.path = os.path.realpath(tempfile.mkdtemp(prefix="limn-golden-"))
        os.chmod(self.path, 0o777)
        return self

    def __exit__(self, *_):
        subprocess.run(["chmod", "-R", "u+rwX", self.path], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.path, ignore_errors=True)

    def run(self, command, env):
        """A shell line or an argument list; (exit status, stdout, stderr)."""
        if isinstance(command, str):
            command = ["sh", "-c", command]
        result = subprocess.run(command, cwd=self.path, env=env, stdin=subprocess.DEVNULL,
                                capture_output=True, timeout=TIMEOUT)
        return result.returncode, result.stdout, result.stderr


def version():
    out = subprocess.run([LIMN, "--version"], capture_output=True, text=True).stdout
    return out.split()[-1]


def normalise(data, folder=None):
    text = data.decode("utf-8", errors="backslashreplace")
    if folder:
        text = text.replace(folder, "$DIR")
    text = text.replace(SAMPLES, "$SAMPLES").replace(LIMN, "$LIMN")
    text = re.sub(rf"\blimn {re.escape(version())}\b", "limn $VERSION", text)
    # An older kernel has less to offer.
    text = re.sub(r"network (?:not )?denied \([^()]*\), paths (?:not )?confined \([^()]*\)",
                  "$SANDBOX", text)
    # What changes with every rule; a paragraph is wrapped elsewhere by it.
    text = re.sub(r"^LOOKED AT [^()]*\([^()]*\)\n", lambda m: " ".join(m[0].split()) + "\n", text,
                  flags=re.M)
    text = re.sub(rf"\(limn (\$VERSION|{re.escape(version())}), rules [0-9a-f]{{12}}\)",
                  "(limn $VERSION, rules $RULES)", text)
    text = re.sub(r"\b\d+ rule hits?\b(?: \(\d+ duplicates? left out\))?", "$N rule hits", text)
    text = re.sub(r'("rules?(?:_?set)?(?:_?(?:hash|sha256))?": *)"[0-9a-f]{64}"', r'\1"$RULES"', text)
    text = re.sub(r'("version": *)"%s"' % re.escape(version()), r'\1"$VERSION"', text)
    return text


def nobody():
    """What to put before a command so that file permissions hold for it ("" unless root)."""
    if os.geteuid() != 0:
        return ""
    return f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --"


class Tap:
    """Test Anything Protocol, which meson reads."""

    def __init__(self):
        self.n = self.failed = 0

    def say(self, ok, name, why="", skip=""):
        self.n += 1
        self.failed += not ok
        print(("ok" if ok else "not ok") + f" {self.n} - {name}" + (f" # SKIP {skip}" if skip else ""),
              flush=True)
        for line in why.splitlines():
            print("# " + line, flush=True)

    def end(self):
        print(f"1..{self.n}", flush=True)
        # meson counts the lines; the status is for people.
        raise SystemExit(1 if self.failed or not self.n else 0)
