# SPDX-License-Identifier: Apache-2.0
"""The names that evidence gives away, found without limn: the hosts, addresses, users, databases and
tables of a folder, by what its files are made of."""
import ipaddress
import json
import os
import re

# What every server has (docs/ and reports/reserved.list say the same, and this is not read there).
EVERYBODYS = {"", "%", "null", "none", "localhost", "root", "mysql", "mariadb", "mariadb.sys", "sys",
              "information_schema", "performance_schema", "mysql.sys", "mysql.session",
              "mysql.infoschema", "system user", "event_scheduler", "unauthenticated user", "any",
              "on", "off", "default", "unknown", "main", "hive_metastore", "system",
               "unconnected", "unauthenticated"}
HOST_KEYS = {"host", "hostname", "report_host", "report-host", "master_host", "source_host"}
USER_KEYS = {"user", "username", "user_name", "run_as", "run_as_user_name", "report_user"}
TABLE_KEYS = {"flow_name", "dataset_name", "table", "table_name", "source_table", "target_table"}
COLUMNS = {"user": "user", "host": "host", "db": "database", "table_schema": "database",
           "table_name": "table", "database": "database"}


class Names:
    def __init__(self):
        self.found = {}  # name: kind

    def add(self, kind, name):
        name = str(name).strip().strip("`'\"")
        if kind == "host":
            name = re.sub(r":\d+$", "", name)
            try:
                address = ipaddress.ip_address(name)
                if address.is_loopback or address.is_unspecified:
                    return
                kind = "address"
            except ValueError:
                pass
        if len(name) > 1 and name.lower() not in EVERYBODYS and not name.isdigit() and \
                re.fullmatch(r"[\w.@:$-]+", name):
            self.found.setdefault(name, kind)

    def table(self, name):
        *databases, table = str(name).split(".")
        self.add("table", table)
        for database in databases:
            self.add("database", database)

    def json(self, value):
        if isinstance(value, list):
            for item in value:
                self.json(item)
        if isinstance(value, dict):
            for key, item in value.items():
                if isinstance(item, (str, int)):
                    low = key.lower()
                    if low in HOST_KEYS:
                        self.add("host", item)
                    elif low in USER_KEYS:
                        self.add("user", item)
                    elif low in TABLE_KEYS:
                        self.table(item)
                self.json(item)

    def grid(self, text):
        """What the mysql client draws: a head, then cells."""
        head, rows = [], 0
        for line in text.splitlines():
            if not line.startswith("|"):
                if not line.startswith("+") or rows > 1:  # the end of it
                    head, rows = [], 0
                continue
            rows += 1
            cells = [c.strip() for c in line.strip("| \t").split("|")]
            if not head:
                head = [c.lower() for c in cells]
                listed = re.fullmatch(r"tables_in_(\S+)", head[0])
                if listed:
                    self.add("database", listed[1])
                continue
            if head[0].startswith("tables_in_"):
                self.add("table", cells[0])
            if head[0] == "variable_name" and len(cells) > 1 and \
                    cells[0] in ("hostname", "report_host"):
                self.add("host", cells[1])
            for column, cell in zip(head, cells):
                if column in COLUMNS and head[0] in ("id", "user", "table_schema"):
                    self.add(COLUMNS[column], cell)

    def text(self, text):
        for user, host in re.findall(r"[`'](\w[\w.-]*)[`']@[`']([^`']*)[`']", text):
            self.add("user", user)
            self.add("host", host)
        for user in re.findall(r"Grants for ([\w.-]+)@", text):
            self.add("user", user)
        for user, host in re.findall(r"user: '([\w.-]+)' host: '([\w.-]+)'", text):
            self.add("user", user)
            self.add("host", host)
        for database in re.findall(r"to db: '(\w+)'", text):
            self.add("database", database)
        for database, table in re.findall(r"`(\w+)`\.`(\w+)`", text):
            self.add("database", database)
            self.add("table", table)
        for table in re.findall(r"(?i)\b(?:alter|create|drop|truncate) table (?:if (?:not )?exists )?"
                                r"[`]?([A-Za-z_]\w*(?:[`]?\.[`]?\w+)?)", text):
            self.table(table.replace("`", ""))
        for name in re.findall(r"^(?:report[-_]host|hostname)[ \t]*[=\t][ \t]*(\S+)", text, re.M):
            self.add("host", name)
        for name in re.findall(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.-])(?!-)", text):
            if not re.search(r"(?i)version\W{0,4}" + re.escape(name), text):
                try:
                    if ipaddress.ip_address(name).is_private and int(name.split(".")[0]) >= 10:
                        self.add("host", name)
                except ValueError:
                    pass
        # Tables of a database that is known by now.
        for database in [n for n, kind in self.found.items() if kind == "database"]:
            for table in re.findall(r"(?<![\w.])" + re.escape(database) + r"\.([A-Za-z_]\w*)", text):
                self.add("table", table)


def names_of(folder):
    """name: kind."""
    names, texts = Names(), []
    for where, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            with open(os.path.join(where, name), encoding="utf-8", errors="replace") as file:
                texts.append(file.read())
    for text in texts:
        if text.lstrip().startswith(("{", "[")):
            documents = [text] if text.lstrip().startswith("[") else text.splitlines()
            try:
                json.loads(text)
                documents = [text]
            except ValueError:
                pass
            for document in documents:
                try:
                    names.json(json.loads(document))
                except ValueError:
                    pass
        names.grid(text)
    for _ in range(2):
        for text in texts:
            names.text(text)
    return names.found
