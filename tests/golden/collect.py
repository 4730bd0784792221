#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. collect.py
What `limn collect` prints only reads, is a shell script whatever the names in it, and what a
server answers is read by limn without a line left over: a real MariaDB where one is installed."""
import collections
import json
import os
import pwd
import re
import shutil
import subprocess
import time

from running import LIMN, Folder, Tap, environment

READS = re.compile(r"(SELECT|SHOW) |CALL mysql\.rds_show_configuration;")
WANTED = {"binary_logs", "grants", "master_status", "processlist", "status", "tables", "time",
          "variables"}
ODD = "o'd\\d`n$(touch here)\"me"


def script(folder, *args):
    status, out, err = folder.run([LIMN, "collect", *args], environment())
    if status or err:
        raise SystemExit(f"Bail out! collect {args}: {status}: {err.decode(errors='replace')}")
    return out.decode()


def statements(text):
    sql = text.split("<< 'SQL'\n")[1].split("\nSQL\n")[0]
    return [line for line in sql.splitlines() if line and not line.startswith("--")]


def check_script(folder, tap):
    for args in ([], ["--mysql"], ["--gateway"], ["--account", f"{ODD}@%", ODD, "--mysql"]):
        text = script(folder, *args)
        status, _, err = folder.run(["sh", "-n", "-c", text], environment())
        tap.say(status == 0, f"{args} is a script", err.decode())
    writes = [s for s in statements(text) if not READS.match(s)]
    tap.say(not writes, "the statements only read", "\n".join(writes))
    status, _, _ = folder.run([LIMN, "collect", "a\nSQL\nrm -rf /"], environment())
    tap.say(status == 2, "a name of two lines is refused")


def events(folder, path):
    status, out, err = folder.run([LIMN, "parse", path], environment())
    if status:
        raise SystemExit(f"Bail out! parse: {err.decode(errors='replace')}")
    return [json.loads(line) for line in out.decode(errors="replace").splitlines()]


class Server:
    """A MariaDB of our own in a folder: no network, nothing of the machine's."""

    def __init__(self, folder):
        self.socket = os.path.join(folder.path, "socket")
        data = os.path.join(folder.path, "data")
        me = f"--user={'root' if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name}"
        subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={data}", me,
                        "--auth-root-authentication-method=normal", "--skip-test-db"],
                       check=True, capture_output=True)
        self.process = subprocess.Popen(
            ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={self.socket}", me,
             "--skip-networking", "--log-bin=mysql-bin", "--server-id=7",
             f"--log-error={folder.path}/error.log"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            if os.path.exists(self.socket) or self.process.poll() is not None:
                break
            time.sleep(0.1)

    def client(self, *options):
        return ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", *options]

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def check_answers(folder, tap, server):
    text = script(folder, "--mysql", "--account", "root@localhost", "mysql")
    status, out, err = folder.run(["sh", "-c", text, "collect.sh", "got"],
                                  environment(MYSQL=" ".join(server.client())))
    tap.say(status == 0 and not err, "the script runs", (out + err).decode())
    tap.say(os.path.exists(os.path.join(folder.path, "got/mysql-error.log")),
            "the error log is found by its setting")

    table = events(folder, "got/mysql.txt")
    counts = collections.Counter(e.get("component") for e in table)
    tap.say(WANTED <= set(counts), "each statement's rows are known by kind", str(counts))
    untimed = [e for e in table if not e.get("time")]
    tap.say(not untimed, "each row has a time", str(untimed[:3]))

    with open(os.path.join(folder.path, "vertical.txt"), "wb") as file:
        subprocess.run(server.client("--force", "--vertical"), stdout=file,
                       stderr=subprocess.STDOUT, input="\n".join(statements(text)).encode())
    settings = [{e["fields"]["Variable_name"]: e["fields"].get("Value") for e in found
                 if e.get("component") == "variables"}
                for found in (table, events(folder, "vertical.txt"))]
    changing = {name for name in set(settings[0]) | set(settings[1])
                if settings[0].get(name) != settings[1].get(name)}
    tap.say(len(settings[0]) > 300 and not changing - {"timestamp", "gtid_binlog_state"},
            "a table and \\G say the same", str(sorted(changing)))

    status, out, err = folder.run([LIMN, "analyze", "got", "--json"], environment())
    found = json.loads(out)
    left = [u["template"] for u in found["unexplained"]]
    tap.say(status == 0 and not left, "nothing is left unexplained", str(left) + err.decode())


def main():
    tap = Tap()
    os.environ["PATH"] += ":/usr/sbin"
    with Folder() as folder:
        check_script(folder, tap)
        if all(map(shutil.which, ["mariadbd", "mariadb", "mariadb-install-db"])):
            server = Server(folder)
            try:
                check_answers(folder, tap, server)
            finally:
                server.stop()
        else:
            tap.say(True, "a server's answers", skip="no MariaDB is installed")
    tap.end()


main()
