#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the sample incidents that are made rather than recorded (samples/incidents/README.md).
Each has one story; the same run gives the same bytes. usage: make_incidents.py [NAME...]"""
import json
import os
import random
import shutil
import sys
import uuid
from datetime import datetime, timedelta, timezone

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "incidents")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


class Incident:
    def __init__(self, name, seed):
        self.folder = os.path.join(HERE, name)
        self.random = random.Random(seed)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.files = {}

    def uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def jitter(self, seconds):
        return timedelta(microseconds=self.random.randrange(int(seconds * 1e6)))

    def add(self, name, when, text):
        self.files.setdefault(name, []).append((when, len(self.files.get(name, [])), text))

    def put(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def close(self):
        """Logs are written in the order of time, as their writers would have."""
        for name, lines in self.files.items():
            self.put(name, "".join(text + "\n" for _, _, text in sorted(lines)))


class Server:
    """A mysqld's error log."""

    def __init__(self, incident, style="8.0", zone=timezone.utc):
        self.incident, self.style, self.zone = incident, style, zone

    def log(self, when, thread, level, code, part, message):
        local = when.astimezone(self.zone)
        stamp = local.strftime("%Y-%m-%dT%H:%M:%S.%f")
        offset = local.strftime("%z")
        stamp += "Z" if offset == "+0000" else offset[:3] + ":" + offset[3:]
        label = f" [{code}] [{part}]" if self.style != "5.7" else ""
        self.incident.add("mysql-error.log", when, f"{stamp} {thread} [{level}]{label} {message}")

    def note(self, when, thread, code, part, message):
        self.log(when, thread, "Note", code, part, message)

    def warning(self, when, thread, code, part, message):
        self.log(when, thread, "Warning", code, part, message)

    def system(self, when, code, part, message):
        self.log(when, 0, "System", code, part, message)


class Gateway:
    """An ingestion gateway's driver log, as text and as JSON lines."""

    def __init__(self, incident, json_too=True):
        self.incident, self.json_too = incident, json_too

    def log(self, when, level, logger, message, trace=()):
        text = f"{when:%y/%m/%d %H:%M:%S} {level} {logger}: {message}"
        self.incident.add("gateway.log", when, "\n".join([text, *trace]))
        if self.json_too:
            entry = {"ts": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                     "level": level, "logger": logger, "msg": message}
            if trace:
                entry["stacktrace"] = "\n".join(trace)
            self.incident.add("gateway.jsonl", when, json.dumps(entry))

    def info(self, when, logger, message):
        self.log(when, "INFO", logger, message)

    def error(self, when, logger, message, trace=()):
        self.log(when, "ERROR", logger, message, trace)


class Events:
    """Exported pipeline events, in the event log's shape or in the system table's."""

    def __init__(self, incident, name, kind, shape="event_log"):
        self.incident, self.shape, self.kind = incident, shape, kind
        self.pipeline = {"pipeline_id": incident.uuid(), "pipeline_name": name,
                         "pipeline_type": kind}
        self.cluster = "0{}-{:06}-k3x9a2bq".format(incident.random.randrange(100, 999),
                                                   incident.random.randrange(10**6))
        self.update, self.rows, self.n = None, [], 0

    def new_update(self):
        self.update = self.incident.uuid()
        return self.update

    def add(self, when, event_type, message, details, level="INFO", error=None, **origin):
        self.n += 1
        stamp = when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        full_origin = {"cloud": "AWS", "region": "eu-central-1", "org_id": 5206439413157315,
                       **self.pipeline, "cluster_id": self.cluster, "update_id": self.update,
                       **origin}
        event = {"id": self.incident.uuid()}
        if self.shape == "event_log":
            event.update(sequence={"control_plane_seq_no": 1770000000000000 + self.n},
                         origin=full_origin, timestamp=stamp, message=message, level=level,
                         maturity_level="STABLE")
        else:
            event = {"account_id": "6f1d4f6e-2f0c-4a0e-9a57-0e6a4b6a3c11",
                     "workspace_id": "5206439413157315",
                     "pipeline_id": self.pipeline["pipeline_id"], "update_id": self.update,
                     "pipeline_event_id": event["id"], "origin": full_origin, "message": message,
                     "level": level, "maturity_level": "STABLE", "event_time": stamp}
        if error:
            event["error"] = error
        event.update(details=details, event_type=event_type)
        self.rows.append((when, self.n, event))

    def state(self, when, state, level="INFO", error=None):
        self.add(when, "update_progress", f"Update {self.update[:6]} is {state}.",
                 {"update_progress": {"state": state}}, level, error)

    def created(self, when, cause, full_refresh=False):
        self.new_update()
        self.add(when, "create_update", f"Update {self.update[:6]} started by {cause}.",
                 {"create_update": {"cause": cause, "full_refresh": full_refresh}})

    def flow(self, when, flow, status, metrics=None, level="INFO", error=None):
        details = {"status": status}
        if metrics:
            details["metrics"] = metrics
        self.add(when, "flow_progress", f"Flow '{flow}' is {status}.",
                 {"flow_progress": details}, level, error, flow_name=flow, dataset_name=flow)


def export(incident, *sources, name="pipeline_events.json", array=False):
    rows = [e for _, _, e in sorted((row for s in sources for row in s.rows),
                                    key=lambda row: (row[0], row[1]))]
    if array:
        incident.put(name, json.dumps(rows, indent=2) + "\n")
    else:
        incident.put(name, "".join(json.dumps(row) + "\n" for row in rows))


def table(header, rows):
    """What the mysql client prints with -t."""
    cells = [[str(c) for c in row] for row in [header, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    rule = "+" + "+".join("-" * (w + 2) for w in widths) + "+"

    def line(row):
        return "|" + "|".join(f" {c:<{w}} " for c, w in zip(row, widths)) + "|"
    return "\n".join([rule, line(cells[0]), rule, *map(line, cells[1:]), rule]) + "\n"


VARIABLES_80 = """
admin_port=33062 autocommit=ON auto_increment_increment=1 back_log=151 basedir=/usr/
big_tables=OFF bind_address=0.0.0.0 binlog_cache_size=32768 binlog_checksum=CRC32
binlog_encryption=OFF binlog_error_action=ABORT_SERVER binlog_expire_logs_auto_purge=ON
binlog_expire_logs_seconds=604800 binlog_format=ROW binlog_group_commit_sync_delay=0
binlog_order_commits=ON binlog_row_image=FULL binlog_row_metadata=MINIMAL
binlog_row_value_options= binlog_rows_query_log_events=OFF binlog_transaction_compression=OFF
character_set_server=utf8mb4 collation_server=utf8mb4_0900_ai_ci connect_timeout=10
datadir=/var/lib/mysql/ default_authentication_plugin=caching_sha2_password
default_storage_engine=InnoDB enforce_gtid_consistency=ON event_scheduler=ON expire_logs_days=0
gtid_mode=ON have_ssl=YES innodb_buffer_pool_size=34359738368 innodb_flush_log_at_trx_commit=1
innodb_lock_wait_timeout=50 innodb_redo_log_capacity=4294967296 interactive_timeout=28800
local_infile=OFF log_bin=ON log_bin_basename=/var/lib/mysql/mysql-bin
log_bin_index=/var/lib/mysql/mysql-bin.index log_error=/var/log/mysql/mysql-error.log
log_error_services=log_filter_internal;_log_sink_internal log_error_verbosity=3
log_replica_updates=ON log_timestamps=UTC lower_case_table_names=0 max_allowed_packet=67108864
max_binlog_size=1073741824 max_connections=500 max_user_connections=0 net_read_timeout=30
net_retry_count=10 net_write_timeout=60 performance_schema=ON port=3306 protocol_version=10
read_only=OFF replica_net_timeout=60 require_secure_transport=OFF server_id=1 skip_name_resolve=ON
skip_networking=OFF slow_query_log=ON socket=/var/run/mysqld/mysqld.sock
source_verify_checksum=OFF sql_log_bin=ON super_read_only=OFF sync_binlog=1 system_time_zone=UTC
tls_version=TLSv1.2,TLSv1.3 time_zone=SYSTEM transaction_isolation=REPEATABLE-READ
version=8.0.36 version_comment=MySQL_Community_Server_-_GPL version_compile_os=Linux
wait_timeout=28800
"""


def snapshot(incident, when, variables=None, host="db", zone="UTC", logs=(), encrypted=True,
             user="lakeflow", status=()):
    """What a DBA sends along: variables, status, SHOW BINARY LOGS, grants, my.cnf."""
    values = dict(pair.split("=", 1) for pair in VARIABLES_80.split())
    values["version_comment"] = values["version_comment"].replace("_", " ")
    values["log_error_services"] = "log_filter_internal; log_sink_internal"
    values.update({"hostname": host, "pid_file": f"/var/run/mysqld/{host}.pid",
                   "server_uuid": incident.uuid()})
    values.update(variables or {})
    values = {k: v for k, v in values.items() if v is not None}
    local = when.astimezone(zone if not isinstance(zone, str) else timezone.utc)
    rows = sorted(values.items())
    incident.put("variables.txt", table(("Variable_name", "Value"), rows))
    now = table(("NOW()", "UTC_TIMESTAMP()", "@@system_time_zone", "@@time_zone", "VERSION()"),
                [(f"{local:%Y-%m-%d %H:%M:%S}", f"{when:%Y-%m-%d %H:%M:%S}",
                  values["system_time_zone"], values["time_zone"], values["version"])])
    incident.put("status.txt", now + table(("Variable_name", "Value"), status))
    if encrypted:
        listing = table(("Log_name", "File_size", "Encrypted"), [(*row, "No") for row in logs])
    else:
        listing = table(("Log_name", "File_size"), logs)
    incident.put("binary_logs.txt", listing)
    incident.put("grants.txt", f"Grants for {user}@%\n"
                 f"GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `{user}`@`%`\n")
    cnf = ["[mysqld]", f"server_id = {values['server_id']}", f"port = {values['port']}",
           "datadir = /var/lib/mysql", "socket = /var/run/mysqld/mysqld.sock",
           "log_error = /var/log/mysql/mysql-error.log", "log_bin = mysql-bin",
           f"binlog_format = {values['binlog_format']}",
           f"binlog_row_image = {values['binlog_row_image']}"]
    for name in ("binlog_expire_logs_seconds", "expire_logs_days", "gtid_mode",
                 "enforce_gtid_consistency", "max_connections", "wait_timeout",
                 "log_error_verbosity", "log_timestamps"):
        if name in values and not (name == "expire_logs_days" and values[name] == "0"):
            cnf.append(f"{name} = {values[name]}")
    incident.put("my.cnf", "\n".join(cnf) + "\n")


def shyiko(message, *frames):
    """A stack trace of the open binlog client (java)."""
    return (f"com.github.shyiko.mysql.binlog.network.ServerException: {message}",
            "\tat com.github.shyiko.mysql.binlog.BinaryLogClient.listenForEventPackets"
            "(BinaryLogClient.java:1122)",
            "\tat com.github.shyiko.mysql.binlog.BinaryLogClient.connect(BinaryLogClient.java:670)",
            "\tat com.github.shyiko.mysql.binlog.BinaryLogClient$7.run(BinaryLogClient.java:953)",
            "\tat java.base/java.lang.Thread.run(Thread.java:840)", *frames)


def stream(incident, gateway, start, end, file, position, tables, every=5 * MINUTE, per_file=12,
           rate=190_000, events=None, flows=()):
    """A gateway at work; returns the (file, position) reached. A binlog file lasts per_file
    steps."""
    base, number = file.rsplit(".", 1)
    number, step, when = int(number), 0, start
    while when < end:
        position += rate + incident.random.randrange(rate // 3)
        step += 1
        if step % per_file == 0:
            number += 1
            position = 157 + incident.random.randrange(4000)
            gateway.info(when + incident.jitter(1), "BinlogReader",
                         f"rotated to {base}.{number:06}, position 4")
        for name in tables:
            gateway.info(when + 2 * timedelta(seconds=1) + incident.jitter(1), "OffsetStore",
                         f"saved offset of {name}: file={base}.{number:06} pos={position}")
        if events and step % 6 == 0:
            for flow in flows:
                events.flow(when + incident.jitter(3), flow, "RUNNING",
                            {"num_upserted_rows": incident.random.randrange(200, 2600),
                             "num_deleted_rows": incident.random.randrange(20),
                             "backlog_bytes": incident.random.randrange(4096)})
        when += every + incident.jitter(2)
    return f"{base}.{number:06}", position


def gateway_start(gateway, when, name, gateway_id, host, port, user, file, position, thread,
                  server_id, version):
    at = when
    gateway.info(at, "GatewayMain", f"CDC gateway {name} ({gateway_id}) booting, "
                                    f"source mysql://{host}:{port}")
    gateway.info(at + timedelta(seconds=1), "GatewayMain",
                 "gateway status PROVISIONING -> STARTING")
    gateway.info(at + timedelta(seconds=4), "SourceConnection",
                 f"opened JDBC session to {host}:{port} as {user}, server {version}")
    gateway.info(at + timedelta(seconds=5), "OffsetStore",
                 f"resuming from file={file} pos={position}")
    if thread is not None:
        gateway.info(at + timedelta(seconds=6), "BinaryLogClient",
                     f"Connected to {host}:{port} at {file}/{position} "
                     f"(sid:{server_id}, cid:{thread})")
        gateway.info(at + timedelta(seconds=6), "GatewayMain",
                     "gateway status STARTING -> RUNNING")


def start_80(server, when, pid, version="8.0.36", build="MySQL Community Server - GPL."):
    server.system(when, "MY-010116", "Server",
                  f"/usr/sbin/mysqld (mysqld {version}) starting as process {pid}")
    server.system(when + timedelta(seconds=0.04), "MY-013576", "InnoDB",
                  "InnoDB initialization has started.")
    server.system(when + timedelta(seconds=2.9), "MY-013577", "InnoDB",
                  "InnoDB initialization has ended.")
    server.warning(when + timedelta(seconds=3.3), 0, "MY-010068", "Server",
                   "CA certificate ca.pem is self signed.")
    server.system(when + timedelta(seconds=3.31), "MY-013602", "Server",
                  "Channel mysql_main configured to support TLS. "
                  "Encrypted connections are now supported for this channel.")
    server.system(when + timedelta(seconds=3.5), "MY-011323", "Server",
                  "X Plugin ready for connections. Bind-address: '::' port: 33060, "
                  "socket: /var/run/mysqld/mysqlx.sock")
    server.system(when + timedelta(seconds=3.52), "MY-010931", "Server",
                  f"/usr/sbin/mysqld: ready for connections. Version: '{version}'  "
                  f"socket: '/var/run/mysqld/mysqld.sock'  port: 3306  {build}")


def listing(incident, base, first, last, size=2_500_000, current=1_180_334):
    return [(f"{base}.{n:06}", size + incident.random.randrange(400_000))
            for n in range(first, last)] + [(f"{base}.{last:06}", current)]


def offsets(incident, when, gateway_id, tables, file, position, folder="checkpoints"):
    for name in tables:
        incident.put(f"{folder}/{name.split('.')[1]}_checkpoint.json", json.dumps(
            {"table": name, "gateway_id": gateway_id, "binlog_file": file,
             "binlog_position": position, "gtid": None,
             "updated_at": when.isoformat(timespec="milliseconds").replace("+00:00", "Z")},
            indent=2) + "\n")


def binlog_purge():
    """Down from Friday to Monday, while the server keeps its binary logs for one day."""
    it = Incident("binlog-purge", 12)
    server, gateway = Server(it), Gateway(it)
    host, thread, again = "orders-db-01.corp.example", 18423, 20977
    name, gateway_id, server_id = "orders-gateway", "gw-5f21c07e", 900117
    tables = ["orders_db.orders", "orders_db.order_items"]
    ingest = Events(it, "orders-ingestion", "MANAGED_INGESTION")
    pipe = Events(it, "orders-gateway", "INGESTION_GATEWAY")
    flows = ["lake.orders.orders", "lake.orders.order_items"]
    begin, stop = utc("2026-03-05T06:00:12.417"), utc("2026-03-06T06:12:40.120")
    back, now = utc("2026-03-09T07:58:03.902"), utc("2026-03-09T09:40:11.000")

    start_80(server, utc("2026-02-27T04:10:30.118204"), 1187)
    pipe.created(begin - 30 * timedelta(seconds=1), "USER_ACTION")
    pipe.state(begin - 20 * timedelta(seconds=1), "INITIALIZING")
    pipe.state(begin + 7 * timedelta(seconds=1), "RUNNING")
    gateway_start(gateway, begin, name, gateway_id, host, 3306, "lakeflow", "mysql-bin.004119",
                  157, thread, server_id, "8.0.36")
    server.note(begin + timedelta(seconds=6.1), thread, "MY-010462", "Repl",
                f"Start binlog_dump to source_thread_id({thread}) replica_server({server_id}), "
                "pos(mysql-bin.004119, 157)")
    ingest.created(begin, "JOB_TASK")
    ingest.state(begin + MINUTE, "RUNNING")
    file, position = stream(it, gateway, begin + MINUTE, stop, "mysql-bin.004119", 157, tables,
                            events=ingest, flows=flows)
    gateway.info(stop, "GatewayMain",
                 "stop requested by user mkeller@corp.example (update cancelled)")
    gateway.info(stop + timedelta(seconds=2), "GatewayMain", "gateway status RUNNING -> STOPPED")
    pipe.add(stop, "user_action", "User mkeller@corp.example requested to STOP the pipeline.",
             {"user_action": {"action": "STOP", "user_name": "mkeller@corp.example"}})
    pipe.state(stop + timedelta(seconds=1), "STOPPING")
    pipe.state(stop + timedelta(seconds=4), "CANCELED")
    ingest.state(stop + 3 * MINUTE, "COMPLETED")
    server.note(stop + timedelta(seconds=2.2), thread, "MY-010914", "Server",
                f"Aborted connection {thread} to db: 'unconnected' user: 'lakeflow' "
                "host: '10.40.3.21' (Got an error reading communication packets).")

    # A replica that lost its network for a moment shows how far the binary logs had come.
    for day, replica_thread, log in (("2026-03-07T11:20:45.330127", 19211, 4172),
                                     ("2026-03-08T22:41:09.077315", 20402, 4207)):
        when = utc(day)
        server.note(when - timedelta(seconds=61), replica_thread - 400, "MY-010914", "Server",
                    f"Aborted connection {replica_thread - 400} to db: 'unconnected' user: 'repl' "
                    "host: '10.40.0.12' (Got timeout writing communication packets).")
        server.note(when, replica_thread, "MY-010462", "Repl",
                    f"Start binlog_dump to source_thread_id({replica_thread}) replica_server(2), "
                    f"pos(mysql-bin.{log:06}, 157)")
    for hour in range(6, 60, 9):
        when = utc("2026-03-06T20:00:00") + hour * HOUR + it.jitter(1800)
        server.note(when, 19000 + hour, "MY-010914", "Server",
                    f"Aborted connection {19000 + hour} to db: 'orders_db' user: 'reporting' "
                    "host: '10.40.8.77' (The client was disconnected by the server because of "
                    "inactivity.).")

    text = ("[INGESTION_GATEWAY_MYSQL_BINLOG_CORRUPTION.FILE_DELETED] MySQL binlog corruption "
            "detected for table {}. CDC cannot make progress. The required MySQL binlog file(s) "
            "has been deleted on the source database. Consider increasing the binlog retention "
            "and run a full refresh of all tables. SQLSTATE: 42000")
    for attempt in range(4):
        when = back + attempt * 12 * MINUTE + it.jitter(20)
        pipe.created(when - timedelta(seconds=25), "RETRY_ON_FAILURE" if attempt else "USER_ACTION")
        pipe.state(when - timedelta(seconds=15), "INITIALIZING")
        gateway_start(gateway, when, name, gateway_id, host, 3306, "lakeflow", file, position,
                      None, server_id, "8.0.36")
        gateway.error(when + timedelta(seconds=6), "BinaryLogClient",
                      f"Unable to resume from {file}/{position}: error 1236 (HY000)",
                      shyiko("Could not find first log file name in binary log index file"))
        gateway.error(when + timedelta(seconds=7), "GatewayMain", text.format(tables[0]))
        gateway.info(when + timedelta(seconds=8), "GatewayMain",
                     "gateway status STARTING -> FAILED")
        error = {"fatal": True, "exceptions": [
            {"class_name": "com.databricks.ingestion.gateway.CdcGatewayException",
             "message": text.format(tables[0])},
            {"class_name": "com.github.shyiko.mysql.binlog.network.ServerException",
             "message": "Could not find first log file name in binary log index file"}]}
        pipe.state(when + timedelta(seconds=8), "FAILED", "ERROR", error)
    ingest.created(back + 5 * MINUTE, "JOB_TASK")
    ingest.state(back + 6 * MINUTE, "RUNNING")
    for flow, name_ in zip(flows, tables):
        ingest.flow(back + 7 * MINUTE, flow, "FAILED", None, "ERROR",
                    {"fatal": True, "exceptions": [
                        {"class_name": "com.databricks.pipelines.common.errors.IngestionException",
                         "message": text.format(name_)}]})
    ingest.state(back + 7 * MINUTE + timedelta(seconds=2), "FAILED", "ERROR")
    export(it, pipe, ingest)
    offsets(it, stop, gateway_id, tables, file, position)
    snapshot(it, now, {"binlog_expire_logs_seconds": "86400"}, "orders-db-01",
             logs=listing(it, "mysql-bin", 4194, 4218),
             status=[("Aborted_clients", 31), ("Aborted_connects", 2), ("Connections", 21033),
                     ("Max_used_connections", 118), ("Threads_connected", 74),
                     ("Uptime", int((now - utc("2026-02-27T04:10:33")).total_seconds()))])
    it.put("master_status.txt", table(("File", "Position", "Binlog_Do_DB", "Binlog_Ignore_DB",
                                       "Executed_Gtid_Set"),
                                      [("mysql-bin.004218", 1180334, "", "",
                                        "3f2b9a44-7a1e-11ee-9d0b-0a58a9feac02:1-88412077")]))
    it.close()


def disconnect_loop():
    """A firewall between the two drops long-lived connections; the server sees timeouts."""
    it = Incident("disconnect-loop", 7)
    berlin = timezone(timedelta(hours=1))
    server, gateway = Server(it, "5.7", berlin), Gateway(it, json_too=False)
    host, gateway_id, server_id = "10.7.12.5", "gw-c83e11d4", 65533
    tables = ["crm.accounts", "crm.contacts"]
    pipe = Events(it, "crm-gateway", "INGESTION_GATEWAY")
    begin, end = utc("2026-02-17T06:00:04.551"), utc("2026-02-17T20:00:00")

    up = utc("2026-02-01T03:00:11.402118")
    server.note(up, 0, "", "", "/usr/sbin/mysqld (mysqld 5.7.44-log) starting as process 2291 ...")
    server.note(up + timedelta(seconds=1.7), 0, "", "",
                "InnoDB: Buffer pool(s) load completed at 260201  4:00:13")
    server.note(up + timedelta(seconds=2), 0, "", "", "/usr/sbin/mysqld: ready for connections.\n"
                "Version: '5.7.44-log'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  "
                "MySQL Community Server (GPL)")
    thread, file, position, when = 50211, "mysql-bin.000871", 48_210_113, begin
    pipe.created(begin - timedelta(seconds=25), "USER_ACTION")
    pipe.state(begin - timedelta(seconds=12), "INITIALIZING")
    pipe.state(begin + timedelta(seconds=7), "RUNNING")
    gateway_start(gateway, when, "crm-gateway", gateway_id, host, 3306, "cdc_reader", file,
                  position, thread, server_id, "5.7.44-log")
    server.note(when + timedelta(seconds=6.2), thread, "", "",
                f"Start binlog_dump to master_thread_id({thread}) slave_server({server_id}), "
                f"pos({file}, {position})")
    while True:
        drop = when + timedelta(minutes=it.random.randrange(35, 95),
                                seconds=it.random.random() * 59)
        if drop > end - HOUR:
            break
        file, position = stream(it, gateway, when + MINUTE, drop, file, position, tables,
                                per_file=40)
        silent = it.random.randrange(61_000, 240_000)
        # The server notices first, when its buffer is full and net_write_timeout has passed.
        server.note(drop - timedelta(seconds=it.random.randrange(2, 9)), thread, "", "",
                    f"Aborted connection {thread} to db: 'unconnected' user: 'cdc_reader' "
                    "host: '10.91.0.44' (Got timeout writing communication packets)")
        gateway.error(drop, "BinaryLogClient", "Keepalive: connection lost",
                      ("java.net.SocketException: Connection reset",
                       "\tat java.base/sun.nio.ch.NioSocketImpl.implRead(NioSocketImpl.java:328)",
                       "\tat com.github.shyiko.mysql.binlog.io.BufferedSocketInputStream.read"
                       "(BufferedSocketInputStream.java:59)"))
        gateway.error(drop + timedelta(seconds=1), "SourceConnection",
                      "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link "
                      "failure",
                      ("", f"The last packet successfully received from the server was "
                       f"{silent:,} milliseconds ago. The last packet sent successfully to the "
                       f"server was {silent + 3:,} milliseconds ago.",
                       "\tat com.mysql.cj.jdbc.exceptions.SQLError.createCommunicationsException"
                       "(SQLError.java:165)",
                       "Caused by: java.net.SocketTimeoutException: Read timed out",
                       "\t... 14 more"))
        gateway.info(drop + timedelta(seconds=1), "GatewayMain",
                     "gateway status RUNNING -> DISCONNECTED")
        pipe.flow(drop + timedelta(seconds=2), "crm-gateway.cdc", "FAILED", None, "WARN",
                  {"fatal": False, "exceptions": [
                      {"class_name": "com.mysql.cj.jdbc.exceptions.CommunicationsException",
                       "message": "Communications link failure"}]})
        when = drop + timedelta(seconds=it.random.randrange(31, 75))
        thread += it.random.randrange(40, 400)
        gateway.info(when - timedelta(seconds=2), "GatewayMain",
                     f"reconnecting to {host}:3306 (attempt 2)")
        gateway.info(when, "BinaryLogClient",
                     f"Connected to {host}:3306 at {file}/{position} "
                     f"(sid:{server_id}, cid:{thread})")
        server.note(when + timedelta(seconds=0.2), thread, "", "",
                    f"Start binlog_dump to master_thread_id({thread}) slave_server({server_id}), "
                    f"pos({file}, {position})")
        gateway.info(when + timedelta(seconds=1), "GatewayMain",
                     "gateway status DISCONNECTED -> RUNNING")
        pipe.flow(when + timedelta(seconds=2), "crm-gateway.cdc", "RUNNING")
    file, position = stream(it, gateway, when + MINUTE, end, file, position, tables, per_file=40)
    export(it, pipe, array=True)
    offsets(it, end, gateway_id, tables, file, position)
    now = utc("2026-02-17T20:11:30")
    number = int(file.rsplit(".", 1)[1])
    snapshot(it, now, {
        "version": "5.7.44-log", "server_id": "31", "expire_logs_days": "7",
        "binlog_expire_logs_seconds": None, "binlog_expire_logs_auto_purge": None,
        "log_timestamps": "SYSTEM", "system_time_zone": "CET", "admin_port": None,
        "default_authentication_plugin": "mysql_native_password", "gtid_mode": "OFF",
        "enforce_gtid_consistency": "OFF", "innodb_redo_log_capacity": None,
        "collation_server": "utf8mb4_general_ci", "log_error_services": None,
        "log_replica_updates": None, "log_slave_updates": "ON", "net_write_timeout": "60",
        "replica_net_timeout": None, "slave_net_timeout": "60",
        "source_verify_checksum": None, "master_verify_checksum": "OFF"},
        "crm-db-02", berlin, listing(it, "mysql-bin", number - 20, number, current=position),
        encrypted=False, user="cdc_reader",
        status=[("Aborted_clients", 44), ("Aborted_connects", 0), ("Connections", thread + 211),
                ("Max_used_connections", 63), ("Threads_connected", 41),
                ("Uptime", int((now - up).total_seconds()))])
    it.close()


def schema_mismatch():
    """A column changes from a number to text; the ingestion pipeline stops on that table."""
    it = Incident("schema-mismatch", 9)
    server, gateway = Server(it), Gateway(it)
    host, gateway_id, server_id, thread = "shop-mysql-a.corp.example", "gw-2b9904fa", 77031, 6120
    tables = ["shop.customers", "shop.loyalty"]
    flows = ["main.bronze.customers", "main.bronze.loyalty"]
    pipe = Events(it, "shop-gateway", "INGESTION_GATEWAY", "system_table")
    ingest = Events(it, "shop-ingestion", "MANAGED_INGESTION", "system_table")
    begin, ddl, end = (utc("2026-05-12T05:00:02.210"), utc("2026-05-12T13:22:47.330"),
                       utc("2026-05-12T16:00:00"))
    start_80(server, utc("2026-05-03T02:00:04.551833"), 901)
    pipe.created(begin - timedelta(seconds=20), "JOB_TASK")
    pipe.state(begin + timedelta(seconds=7), "RUNNING")
    ingest.created(begin, "JOB_TASK")
    ingest.state(begin + timedelta(seconds=40), "RUNNING")
    gateway_start(gateway, begin, "shop-gateway", gateway_id, host, 3306, "lakeflow",
                  "binlog.001377", 8841, thread, server_id, "8.0.36")
    server.note(begin + timedelta(seconds=6.1), thread, "MY-010462", "Repl",
                f"Start binlog_dump to source_thread_id({thread}) replica_server({server_id}), "
                "pos(binlog.001377, 8841)")
    file, position = stream(it, gateway, begin + MINUTE, ddl, "binlog.001377", 8841, tables,
                            events=ingest, flows=flows)
    gateway.info(ddl, "SchemaHistory",
                 "DDL on shop.loyalty at file={} pos={}: ALTER TABLE `shop`.`loyalty` MODIFY "
                 "COLUMN `points` VARCHAR(32) NULL".format(file, position + 411))
    gateway.log(ddl + timedelta(seconds=1), "WARN", "SchemaHistory",
                "shop.loyalty: column points changed type from BIGINT to VARCHAR(32), "
                "schema version 4 -> 5")
    text = ("[CDC_INCOMPATIBLE_SCHEMA_CHANGES.UNSUPPORTED_DATA_TYPE_CHANGE] We encountered an "
            "incompatible schema change from schema version 4 to 5. Therefore we cannot proceed "
            "on applying changes for main.bronze.loyalty. Please request a full refresh of the "
            "table. Unsupported column data type change detected for column points from BIGINT "
            "to STRING. SQLSTATE: 42KD4")
    error = {"fatal": True, "exceptions": [
        {"class_name": "com.databricks.pipelines.cdc.SchemaChangeException", "message": text}]}
    at = ddl + 40 * timedelta(seconds=1)
    ingest.flow(at, flows[1], "FAILED", None, "ERROR", error)
    ingest.state(at + timedelta(seconds=3), "FAILED", "ERROR", error)
    for attempt in (1, 2):
        again = at + attempt * 6 * MINUTE
        ingest.created(again, "RETRY_ON_FAILURE")
        ingest.state(again + timedelta(seconds=30), "RUNNING")
        ingest.flow(again + timedelta(seconds=50), flows[1], "FAILED", None, "ERROR", error)
        ingest.state(again + timedelta(seconds=54), "FAILED", "ERROR", error)
    # The gateway itself goes on: it only stages what it reads.
    file, position = stream(it, gateway, ddl + MINUTE, end, file, position, tables)
    export(it, pipe, ingest)
    offsets(it, end, gateway_id, tables, file, position)
    now = end + 11 * MINUTE
    snapshot(it, now, {"log_bin_basename": "/var/lib/mysql/binlog", "server_id": "5",
                       "log_bin_index": "/var/lib/mysql/binlog.index"}, "shop-mysql-a",
             logs=listing(it, "binlog", 1219, int(file.rsplit(".", 1)[1]), current=position),
             status=[("Aborted_clients", 3), ("Aborted_connects", 0), ("Connections", 7002),
                     ("Max_used_connections", 77), ("Threads_connected", 52),
                     ("Uptime", int((now - utc("2026-05-03T02:00:08")).total_seconds()))])
    it.put("tables.txt", table(
        ("TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME", "COLUMN_TYPE", "IS_NULLABLE"),
        [("shop", "loyalty", "id", "bigint", "NO"),
         ("shop", "loyalty", "customer_id", "bigint", "NO"),
         ("shop", "loyalty", "points", "varchar(32)", "YES"),
         ("shop", "loyalty", "updated_at", "datetime(3)", "NO")]))
    it.close()


def healthy_day():
    """Nothing is wrong: a day of a gateway at work, with the small noise of any day."""
    it = Incident("healthy-day", 1)
    server, gateway = Server(it), Gateway(it)
    host, gateway_id, server_id, thread = "wms-db-1.corp.example", "gw-9e0d7a13", 41207, 3381
    tables, flows = ["wms.stock", "wms.moves"], ["main.wms.stock", "main.wms.moves"]
    pipe = Events(it, "wms-gateway", "INGESTION_GATEWAY")
    ingest = Events(it, "wms-ingestion", "MANAGED_INGESTION")
    begin, end = utc("2026-04-21T00:00:05.118"), utc("2026-04-22T00:00:00")
    start_80(server, utc("2026-04-14T01:30:09.220871"), 1044, "8.4.3")
    pipe.created(begin - timedelta(seconds=20), "SERVICE_UPGRADE")
    pipe.state(begin + timedelta(seconds=7), "RUNNING")
    gateway_start(gateway, begin, "wms-gateway", gateway_id, host, 3306, "lakeflow",
                  "binlog.000512", 2207, thread, server_id, "8.4.3")
    server.note(begin + timedelta(seconds=6.1), thread, "MY-010462", "Repl",
                f"Start binlog_dump to source_thread_id({thread}) replica_server({server_id}), "
                "pos(binlog.000512, 2207)")
    for hour in range(24):
        when = begin + hour * HOUR + 2 * MINUTE
        ingest.created(when, "JOB_TASK")
        ingest.state(when + timedelta(seconds=20), "RUNNING")
        for flow in flows:
            ingest.flow(when + timedelta(seconds=50), flow, "COMPLETED",
                        {"num_upserted_rows": it.random.randrange(900, 5000)})
        ingest.state(when + MINUTE, "COMPLETED")
    file, position = stream(it, gateway, begin + MINUTE, end, "binlog.000512", 2207, tables,
                            per_file=48)
    gateway.log(utc("2026-04-21T09:14:51.660"), "WARN", "StagingWriter",
                "upload of part 118 took 2140 ms, over the usual 800 ms")
    server.note(utc("2026-04-21T14:03:22.118907"), 3977, "MY-010914", "Server",
                "Aborted connection 3977 to db: 'wms' user: 'bi_tool' host: '10.2.0.99' "
                "(Got an error reading communication packets).")
    server.warning(utc("2026-04-21T16:40:00.771102"), 3990, "MY-010055", "Server",
                   "IP address '10.2.0.41' could not be resolved: Name or service not known")
    export(it, pipe, ingest)
    offsets(it, end, gateway_id, tables, file, position)
    now = end + 9 * MINUTE
    snapshot(it, now, {"version": "8.4.3", "expire_logs_days": None, "server_id": "11",
                       "default_authentication_plugin": None,
                       "log_bin_basename": "/var/lib/mysql/binlog",
                       "log_bin_index": "/var/lib/mysql/binlog.index"}, "wms-db-1",
             logs=listing(it, "binlog", 470, int(file.rsplit(".", 1)[1]), current=position),
             status=[("Aborted_clients", 5), ("Aborted_connects", 1), ("Connections", 4120),
                     ("Max_used_connections", 58), ("Threads_connected", 37),
                     ("Uptime", int((now - utc("2026-04-14T01:30:13")).total_seconds()))])
    it.close()


STORIES = {"binlog-purge": binlog_purge, "disconnect-loop": disconnect_loop,
           "schema-mismatch": schema_mismatch, "healthy-day": healthy_day}

if __name__ == "__main__":
    for story in sys.argv[1:] or STORIES:
        STORIES[story]()
