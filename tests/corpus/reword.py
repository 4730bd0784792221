# SPDX-License-Identifier: Apache-2.0
"""The same incidents in other people's words: tables of rewrites, applied line by line.

Each table turns a recorded folder into what another engine, product or server version would have
left behind. A folder is {relative path: bytes}. Nothing here knows a verdict."""
import json
import re
from datetime import datetime, timedelta

GATEWAY_LOG = re.compile(r"(^|.*/)gateway(-2)?\.log$")
STAMP = "%y/%m/%d %H:%M:%S"

# MySQL 8 instead of MariaDB, in what clients and gateways quote.
MYSQL8_WORDS = [
    (r"A slave with the same server_uuid/server_id is already connected",
     "A replica with the same server_uuid/server_id as this replica has connected to the source"),
    (r"A slave with the same server_uuid/server_id as this slave has connected to the master",
     "A replica with the same server_uuid/server_id as this replica has connected to the source"),
    (r"Client requested master to start replication from impossible position",
     "Client requested source to start replication from position > file size"),
    (r"Increase max_allowed_packet on master", "Increase max_allowed_packet on source"),
    (r"ER_MASTER_FATAL_ERROR_READING_BINLOG", "ER_SOURCE_FATAL_ERROR_READING_BINLOG"),
    (r"Got fatal error 1236 from master", "Got fatal error 1236 from source"),
    (r"BINLOG MONITOR", "REPLICATION CLIENT"),
    (r"in 'INSERT INTO'", "in 'field list'"),
    (r"10\.11\.19-MariaDB-0\+deb12u1(-log)?", "8.0.36"),
    (r"\bmariadbd\b", "mysqld"),
]

# One line of a MariaDB error log in MySQL 8.0's words; None drops it.
MYSQL8_LOG = [
    (r"\[Warning\] (Could not (read|write) packet:|Dump thread ).*", None),
    (r"\[ERROR\] mysqld: (Got an error (reading|writing) communication packets|Connection was killed)", None),
    (r"\[Warning\] (Aborted connection .*)\(KILLED\)", None),
    (r"\[Warning\] (Aborted connection .*)\((.*)\)", r"[Note] [MY-010914] [Server] \1(\2)."),
    (r"\[Warning\] (Access denied .*)", r"[Note] [MY-010926] [Server] \1"),
    (r"\[Note\] Start binlog_dump to slave_server\((\d+)\), pos\(([^)]*)\).*",
     r"[Note] [MY-010462] [Repl] Start binlog_dump to source_thread_id(12) replica_server(\1), pos(\2)"),
    (r"\[Note\] Starting MariaDB .* as process (\d+)",
     r"[System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 8.0.36) starting as process \1"),
    (r"\[Note\] \S*mysqld: ready for connections\.",
     r"[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.0.36'  "
     r"socket: '/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL."),
    (r"\[Note\] \S*mysqld \(initiated by: root.*\): Normal shutdown",
     r"[System] [MY-013172] [Server] Received SHUTDOWN from user root. Shutting down mysqld (Version: 8.0.36)."),
    (r"\[Note\] \S*mysqld \(initiated by: unknown\): Normal shutdown",
     r"[System] [MY-013172] [Server] Received SHUTDOWN from user <via user signal>. "
     r"Shutting down mysqld (Version: 8.0.36)."),
    (r"\[Note\] \S*mysqld: Shutdown complete",
     r"[System] [MY-010910] [Server] /usr/sbin/mysqld: Shutdown complete (mysqld 8.0.36)  "
     r"MySQL Community Server - GPL."),
    (r"\[Note\] Recovering after a crash using .*",
     r"[System] [MY-010229] [Server] Starting XA crash recovery..."),
    (r"\[Warning\] mysqld: Disk is full writing '([^']*)' \(Errcode: 28.*",
     r"[ERROR] [MY-010907] [Server] Disk is full writing '\1' (OS errno 28 - No space left on device). "
     r"Waiting for someone to free space... Retry in 60 secs. Message reprinted in 600 secs."),
    (r"\[(Note|Warning|ERROR)\] InnoDB: (.*)", r"[\1] [MY-012000] [InnoDB] \2"),
    (r"\[(Note|Warning|ERROR)\] (.*)", r"[\1] [MY-010000] [Server] \2"),
]


def text(data):
    return data.decode("utf-8", "surrogateescape")


def raw(value):
    return value.encode("utf-8", "surrogateescape")


def sub_all(table, line):
    for pattern, new in table:
        line = re.sub(pattern, new, line)
    return line


def mysql8_log(data, offset):
    """offset: of the server's local time from UTC; 8.0 writes UTC by default."""
    out = []
    for line in text(data).splitlines():
        m = re.match(r"(\d{4}-\d\d-\d\d) +(\d{1,2}:\d\d:\d\d) (\d+) (\[.*)", line)
        if not m:
            if line.startswith("Version: '"):
                continue
            m = re.match(r"\d{6} +(\d{1,2}:\d\d:\d\d) \[ERROR\] \S* got signal (\d+)", line)
            out.append(f"{m[1]} UTC - mysqld got signal {m[2]} ;" if m else line)
            continue
        body = m[4].replace("mariadbd", "mysqld")
        for pattern, new in MYSQL8_LOG:
            if re.match(pattern, body):
                body = new and re.sub(pattern, new, body)
                break
        if body:
            when = datetime.strptime(f"{m[1]} {m[2]}", "%Y-%m-%d %H:%M:%S") - offset
            out.append(f"{when:%Y-%m-%dT%H:%M:%S}.000000Z {m[3]} {body}")
    return raw("\n".join(out) + "\n")


def mysql8(files, offset):
    out = {}
    for path, data in files.items():
        if re.search(r"replica|show_slave", path):
            continue
        if path.startswith("mysql-error"):
            out[path] = mysql8_log(data, offset)
        elif path.endswith(".log") and path.startswith("gateway") or path.endswith((".jsonl", ".json")):
            out[path] = raw(sub_all(MYSQL8_WORDS, text(data)))
        else:
            out[path] = raw(re.sub(r"10\.11\.19-MariaDB-0\+deb12u1(-log)?", "8.0.36", text(data)))
    return out


# A gateway built on Debezium and the binlog client, as Kafka Connect logs it. The first that
# meets wins; None drops the line; {groups} by number.
DEBEZIUM = [
    (r"Ingestion gateway (\S+) \((\S+)\) starting.*",
     "INFO", "Starting MySqlConnectorTask with configuration:", "io.debezium.connector.common.BaseSourceTask:135"),
    (r"Connecting to MySQL source .*", None),
    (r"Connected: .*connection id (\d+).*", None),
    (r"Source settings: .*log_bin=OFF.*", None),
    (r"(Source settings|Grant|Retrying in|Snapshot of \S+ started).*", None),
    (r"Binlog client ready; requesting dump from ([\w.-]+):(\d+) with server_id (\d+)",
     "INFO", "Connected to {peer} at {1}/{2} (sid:{3}, cid:{cid})",
     "com.github.shyiko.mysql.binlog.BinaryLogClient:1079"),
    (r"Loaded checkpoint for (\S+): ([\w.-]+):(\d+).*",
     "INFO", "Found previous partition offset MySqlPartition [sourcePartition={{server=shop}}]: "
     "{{transaction_id=null, file={2}, pos={3}, row=1, event=1}}",
     "io.debezium.connector.common.BaseSourceTask:494"),
    (r"Checkpoint written for (\S+): ([\w.-]+):(\d+).*",
     "INFO", "WorkerSourceTask{{id=shop-0}} Committing offsets {{file={2}, pos={3}}}",
     "org.apache.kafka.connect.runtime.WorkerSourceTask:478"),
    (r"Gateway state changed: \w+ -> RUNNING.*",
     "INFO", "Keepalive thread is running", "io.debezium.connector.mysql.MySqlStreamingChangeEventSource:918"),
    (r"Gateway state changed.*", None),
    (r"Connection to \S+ lost or not established \(attempt \d+ of \d+\): Connection lost.*",
     "ERROR", "Error during binlog processing. Last offset stored = null, binlog reader near position = {near}\n"
     "io.debezium.DebeziumException: Failed to read next byte from position 77\n"
     "Caused by: java.io.EOFException: Failed to read next byte from position 77",
     "io.debezium.connector.mysql.MySqlStreamingChangeEventSource:1137"),
    (r"Connection to \S+ lost or not established \(attempt \d+ of \d+\): (read|connect) ECONNRESET.*",
     "ERROR", "Error during binlog processing. Last offset stored = null, binlog reader near position = {near}\n"
     "io.debezium.DebeziumException: Connection reset\nCaused by: java.net.SocketException: Connection reset",
     "io.debezium.connector.mysql.MySqlStreamingChangeEventSource:1137"),
    (r"Connection to (\S+) lost or not established \(attempt \d+ of \d+\): connect ECONNREFUSED.*",
     "WARN", "Keepalive: Failed to restore connection to {1}\n"
     "java.net.ConnectException: Connection refused (Connection refused)",
     "com.github.shyiko.mysql.binlog.BinaryLogClient:1001"),
    (r"Connection to (\S+) lost or not established \(attempt \d+ of \d+\): connect (ETIMEDOUT|ENETUNREACH).*",
     "WARN", "Failed to establish connection with the database: Communications link failure\n"
     "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure\n\n"
     "The last packet sent successfully to the server was 0 milliseconds ago. The driver has not received "
     "any packets from the server.\nCaused by: java.net.ConnectException: Connection timed out",
     "io.debezium.connector.mysql.MySqlConnector:103"),
    (r"Connection to \S+ lost or not established \(attempt \d+ of \d+\): (.*?)(?: Error: .*)?$",
     "ERROR", "Producer failure\nio.debezium.DebeziumException: {1}", "io.debezium.pipeline.ErrorHandler:52"),
    (r"Gateway failed: (?:ER_\w+: )?(.*?)(?: \[ER_\w+/(\d+)\])?(?: \w*(?:Error|Exception): .*)?$",
     "ERROR", "Producer failure\nio.debezium.DebeziumException: {1} Error code: {2}; SQLSTATE: HY000.",
     "io.debezium.pipeline.ErrorHandler:52"),
    (r"Rotated to binary log ([\w.-]+):(\d+)",
     "INFO", "Rotated to {1}/{2}", "com.github.shyiko.mysql.binlog.BinaryLogClient:1210"),
    (r"Stop requested.*", "INFO", "Stopping down connector", "io.debezium.connector.common.BaseSourceTask:406"),
    (r"Gateway \S+ exiting.*", "INFO", "Connection gracefully closed", "io.debezium.jdbc.JdbcConnection:962"),
]


# The product's driver log and error classes. Which class stands for which text.
CLASSES = [
    (r"Could not find first log file name", "INGESTION_GATEWAY_MYSQL_BINLOG_CORRUPTION.FILE_DELETED",
     "MySQL binlog corruption detected for table {table}. CDC cannot make progress. The required MySQL binlog "
     "file(s) has been deleted on the source database. {text} SQLSTATE: 42000"),
    (r"columns added on source", "CDC_INCOMPATIBLE_SCHEMA_CHANGES.ADD_COLUMN_WITH_BACKFILL",
     "We encountered an incompatible schema change from schema version 1 to 2. Therefore we cannot proceed on "
     "applying changes for table {table}. New columns in {table} needs backfill. Please request a full refresh "
     "of the table. SQLSTATE: 42KD4"),
    (r"columns missing on source|columns dropped",
     "CDC_INCOMPATIBLE_SCHEMA_CHANGES.COLUMNS_ADDED_AND_DELETED",
     "We encountered an incompatible schema change from schema version 1 to 2. Therefore we cannot proceed on "
     "applying changes for table {table}. Columns both added and deleted in consecutive schema versions. "
     "Please request a full refresh of the table. SQLSTATE: 42KD4"),
    (r"Incorrect \w+ value|Data truncat|Out of range|Data too long",
     "CDC_INCOMPATIBLE_SCHEMA_CHANGES.UNSUPPORTED_DATA_TYPE_CHANGE",
     "We encountered an incompatible schema change from schema version 1 to 2. Therefore we cannot proceed on "
     "applying changes for table {table}. Unsupported column data type change. Please request a full refresh "
     "of the table. SQLSTATE: 42KD4"),
    (r"ETIMEDOUT|ENETUNREACH", "INGESTION_GATEWAY_OPERATION_TIMEOUT.TEST_CONNECTION",
     "The Ingestion Gateway operation did not complete within the allowed time. The test connection operation "
     "did not complete. SQLSTATE: 58000"),
    (r"ECONNRESET", "INGESTION_GATEWAY_STATEMENTS_ERROR.SOURCE_STATEMENT_EXECUTION_FAILURE",
     "A statement execution failure occurred against the source database. Communications link failure: "
     "Connection reset"),
    (r"ECONNREFUSED", "INGESTION_GATEWAY_STATEMENTS_ERROR.SOURCE_STATEMENT_EXECUTION_FAILURE",
     "A statement execution failure occurred against the source database. Communications link failure: "
     "Connection refused"),
    (r"Connection lost", "INGESTION_GATEWAY_STATEMENTS_ERROR.SOURCE_STATEMENT_EXECUTION_FAILURE",
     "A statement execution failure occurred against the source database. Communications link failure. "
     "The last packet successfully received from the server was 412 milliseconds ago."),
    (r".", "INGESTION_GATEWAY_STATEMENTS_ERROR.SOURCE_STATEMENT_EXECUTION_FAILURE",
     "A statement execution failure occurred against the source database. {text}"),
]


def classed(said):
    table = re.search(r"\b(?:for|table|of) [`']?(\w+\.\w+)", said)
    for pattern, name, words in CLASSES:
        if re.search(pattern, said):
            return f"[{name}] " + words.format(text=said, table=f"`{table[1]}`" if table else "`main`.`t`")


def records(data):
    """(stamp, level, logger, first line's message, continuation) of a gateway.log"""
    found = []
    for line in text(data).splitlines():
        m = re.match(r"(\d\d/\d\d/\d\d \d\d:\d\d:\d\d) (\w+) (\w+): (.*)", line)
        if m:
            found.append([m[1], m[2], m[3], m[4], []])
        elif found:
            found[-1][4].append(line)
    return found


def dump_threads(files):
    """{(file, position): the server's connection ids that asked for it, last first}"""
    found = {}
    for path, data in files.items():
        if path.startswith("mysql-error"):
            for thread, at in re.findall(r" (\d+) \[Note\] Start binlog_dump to .*? pos\(([\w.-]+, \d+)\)", text(data)):
                found.setdefault(tuple(at.split(", ")), []).insert(0, thread)
    return found


def kafka_line(when, n, level, words, logger):
    first, *rest = words.split("\n")
    return [f"[{when:%Y-%m-%d %H:%M:%S},{n % 1000:03d}] {level} {first} ({logger})",
            *("\tat " + r if r.startswith("at ") else r for r in rest)]


def python_line(when, n, level, words, logger):
    first, *rest = words.split("\n")
    level = {"WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level)
    return [f"{when:%Y-%m-%d %H:%M:%S},{n % 1000:03d} {level} [{logger}] {first}", *rest]


def slog_line(when, n, level, words, logger):
    said, _, error = words.partition("\n")
    entry = {"time": f"{when:%Y-%m-%dT%H:%M:%S}.{n % 1000:03d}Z", "level": level, "msg": said, "caller": logger}
    return [json.dumps(entry | ({"err": error} if error else {}))]


def other_gateway(table, default, write, files):
    """The gateway's log in the words of `table`, lines made by `write`; nobody exports its events."""
    out, threads = {}, dump_threads(files)
    for path, data in files.items():
        if path.endswith(".jsonl") or "pipeline_events" in path:
            continue
        if not GATEWAY_LOG.match(path):
            out[path] = data
            continue
        lines, near, cid, peer = [], "mysql-bin.000001/4", "7", "db:3306"
        for stamp, level, _, message, more in records(data):
            m = re.search(r"connection id (\d+)", message)
            cid = m[1] if m else cid
            m = re.match(r"Connecting to MySQL source (\S+)", message)
            peer = m[1] if m else peer
            m = re.search(r"([\w.-]+\.\d{6}):(\d+)", message)
            near = f"{m[1]}/{m[2]}" if m else near
            causes = re.findall(r"(?m)^ *\[cause\]: (?:Error: )?(.*)", "\n".join(more))[-1:]
            when = datetime.strptime(stamp, STAMP)
            words, logger = message, default
            for pattern, *new in table:
                m = re.match(pattern, message)
                if m:
                    break
            if m and new[0] is None:
                continue
            if m:
                level, words, logger = new
                if "(sid:" in words:
                    cid = threads.get((m[1], m[2])) and threads[m[1], m[2]].pop() or cid
                words = words.format(*(g or "" for g in (m[0], *m.groups())), near=near, cid=cid, peer=peer,
                                     cause=causes[0] if causes else "")
            if m and causes and "{cause}" not in new[1]:
                words += "\nCaused by: java.sql.SQLException: " + causes[0]
            lines += write(when, len(lines), level, words if m else "\n".join([words, *more]), logger)
        out[path] = raw("\n".join(lines) + "\n")
    return out


def debezium(files):
    return other_gateway(DEBEZIUM, "io.debezium.connector.mysql.MySqlConnectorTask:88", kafka_line, files)


# python-mysql-replication: what pymysql raises, under a logger of the standard library.
PYTHON = [
    (r"Ingestion gateway (\S+) \((\S+)\) starting.*", "INFO", "starting replicator {1}", "cdc.main"),
    (r"Connecting to MySQL source (\S+) as (\w+).*", "INFO", "connecting to source {1} user={2}", "cdc.stream"),
    (r"Connected: .*", None),
    (r"(Source settings|Grant|Retrying in|Snapshot of \S+ started).*", None),
    (r"Binlog client ready; requesting dump from ([\w.-]+):(\d+) with server_id (\d+)",
     "INFO", "BinLogStreamReader resume_stream=True log_file={1} log_pos={2} server_id={3}", "cdc.stream"),
    (r"Loaded checkpoint for (\S+): ([\w.-]+):(\d+).*",
     "INFO", "loaded checkpoint for {1}: log_file={2} log_pos={3}", "cdc.state"),
    (r"Checkpoint written for (\S+): ([\w.-]+):(\d+).*",
     "INFO", "saved checkpoint for {1}: log_file={2} log_pos={3}", "cdc.state"),
    (r"Gateway state changed: \w+ -> RUNNING.*", "INFO", "stream is up", "cdc.stream"),
    (r"Gateway state changed.*", None),
    (r"Connection to (\S+):(\d+) lost or not established \(attempt (\d+) of (\d+)\): Connection lost.*",
     "WARN", "stream failed, attempt {3}/{4}\nTraceback (most recent call last):\n"
     "  File \"/app/cdc/stream.py\", line 88, in run\n    for event in stream:\n"
     "pymysql.err.OperationalError: (2013, 'Lost connection to MySQL server during query')", "cdc.stream"),
    (r"Connection to (\S+):(\d+) lost or not established \(attempt (\d+) of (\d+)\): read ECONNRESET.*",
     "WARN", "stream failed, attempt {3}/{4}\nTraceback (most recent call last):\n"
     "  File \"/app/cdc/stream.py\", line 88, in run\n    for event in stream:\n"
     "pymysql.err.OperationalError: (2013, 'Lost connection to MySQL server during query "
     "([Errno 104] Connection reset by peer)')", "cdc.stream"),
    (r"Connection to (\S+):(\d+) lost or not established \(attempt (\d+) of (\d+)\): connect ECONNRESET.*",
     "WARN", "connect failed, attempt {3}/{4}: (2013, 'Lost connection to MySQL server during query "
     "([Errno 104] Connection reset by peer)')", "cdc.stream"),
    (r"Connection to (\S+):(\d+) lost or not established \(attempt (\d+) of (\d+)\): connect ECONNREFUSED.*",
     "WARN", "connect failed, attempt {3}/{4}: (2003, \"Can't connect to MySQL server on '{1}' "
     "([Errno 111] Connection refused)\")", "cdc.stream"),
    (r"Connection to (\S+):(\d+) lost or not established \(attempt (\d+) of (\d+)\): connect ETIMEDOUT.*",
     "WARN", "connect failed, attempt {3}/{4}: (2003, \"Can't connect to MySQL server on '{1}' (timed out)\")",
     "cdc.stream"),
    (r"Connection to (\S+):(\d+) lost or not established \(attempt (\d+) of (\d+)\): connect ENETUNREACH.*",
     "WARN", "connect failed, attempt {3}/{4}: (2003, \"Can't connect to MySQL server on '{1}' "
     "([Errno 101] Network is unreachable)\")", "cdc.stream"),
    (r"Connection to (\S+):(\d+) lost or not established \(attempt (\d+) of (\d+)\): (.*?)(?: Error: .*)?$",
     "WARN", "connect failed, attempt {3}/{4}: {5}", "cdc.stream"),
    (r"Gateway failed: (?:ER_\w+: )?(.*?) \[ER_\w+/(\d+)\](?: \w*(?:Error|Exception): .*)?$",
     "ERROR", "replicator stopped\nTraceback (most recent call last):\n  File \"/app/cdc/main.py\", line 41, in main\n"
     "    stream.run()\npymysql.err.OperationalError: ({2}, \"{1}\")", "cdc.main"),
    (r"Gateway failed: (.*?)(?: \w*(?:Error|Exception): .*)?$",
     "ERROR", "replicator stopped: {1}: {cause}", "cdc.main"),
    (r"(Cannot read table \S+|Failed to load checkpoint for \S+).*?(?: \w*(?:Error|Exception): (.*))?$",
     "ERROR", "{1}: {2} {cause}", "cdc.state"),
    (r"Rotated to binary log ([\w.-]+):(\d+)", "INFO", "RotateEvent next_binlog={1} position={2}", "cdc.stream"),
    (r"Heartbeat: at ([\w.-]+):(\d+), (\d+) events since start, lag (-?[\d.]+)s",
     "INFO", "position {1}:{2}, {3} rows, lag {4} s", "cdc.stream"),
    (r"Stop requested.*", "INFO", "received SIGTERM, shutting down", "cdc.main"),
    (r"Gateway \S+ exiting with status (\d+).*", "INFO", "replicator stopped, exit code {1}", "cdc.main"),
]


# go-mysql's syncer and canal, written by log/slog as JSON.
GO = [
    (r"Ingestion gateway (\S+) \((\S+)\) starting.*", "INFO", "create BinlogSyncer with config", "binlogsyncer.go:190"),
    (r"(Connecting to MySQL source|Connected: ).*", None),
    (r"(Source settings|Grant|Retrying in|Snapshot of \S+ started|Checkpoint file ).*", None),
    (r"Binlog client ready; requesting dump from ([\w.-]+):(\d+) with server_id (\d+)",
     "INFO", "begin to sync binlog from position ({1}, {2})", "binlogsyncer.go:398"),
    (r"Loaded checkpoint for (\S+): ([\w.-]+):(\d+).*",
     "INFO", "start sync binlog at binlog file ({2}, {3})", "sync.go:25"),
    (r"Checkpoint written for (\S+): ([\w.-]+):(\d+).*", "INFO", "save position ({2}, {3})", "master.go:74"),
    (r"Gateway state changed: \w+ -> RUNNING.*", "INFO", "Connected to server, flavor mysql", "binlogsyncer.go:289"),
    (r"Gateway state changed.*", None),
    (r"Connection to \S+ lost or not established \(attempt (\d+) of \d+\): Connection lost.*",
     "ERROR", "retry sync err: io.ReadFull(header) failed. err EOF: connection was bad, wait 1s and retry again",
     "binlogsyncer.go:781"),
    (r"Connection to (\S+) lost or not established \(attempt (\d+) of \d+\): read ECONNRESET.*",
     "ERROR", "retry sync err: io.ReadFull(header) failed. err read tcp 10.0.0.7:41532->{1}: read: connection "
     "reset by peer: connection was bad, wait 1s and retry again", "binlogsyncer.go:781"),
    (r"Connection to (\S+) lost or not established \(attempt (\d+) of \d+\): connect ECONNRESET.*",
     "ERROR", "retry sync err: dial tcp {1}: connect: connection reset by peer, wait 1s and retry again",
     "binlogsyncer.go:781"),
    (r"Connection to (\S+) lost or not established \(attempt (\d+) of \d+\): connect ECONNREFUSED.*",
     "ERROR", "retry sync err: dial tcp {1}: connect: connection refused, wait 1s and retry again",
     "binlogsyncer.go:781"),
    (r"Connection to (\S+) lost or not established \(attempt (\d+) of \d+\): connect ETIMEDOUT.*",
     "ERROR", "retry sync err: dial tcp {1}: i/o timeout, wait 1s and retry again", "binlogsyncer.go:781"),
    (r"Connection to (\S+) lost or not established \(attempt (\d+) of \d+\): connect ENETUNREACH.*",
     "ERROR", "retry sync err: dial tcp {1}: connect: network is unreachable, wait 1s and retry again",
     "binlogsyncer.go:781"),
    (r"Connection to \S+ lost or not established \(attempt (\d+) of \d+\): (.*?)(?: Error: .*)?$",
     "ERROR", "retry sync err: {2}, wait 1s and retry again", "binlogsyncer.go:781"),
    (r"Gateway failed: (?:ER_\w+: )?(.*?) \[ER_\w+/(\d+)\](?: \w*(?:Error|Exception): .*)?$",
     "ERROR", "canal start sync binlog err: ERROR {2} (HY000): {1}", "canal.go:250"),
    (r"Gateway failed: (.*?)(?: \w*(?:Error|Exception): .*)?$", "ERROR", "canal start sync binlog err\n{1}: {cause}", "canal.go:250"),
    (r"(Cannot read table \S+|Failed to load checkpoint for \S+).*?(?: \w*(?:Error|Exception): (.*))?$",
     "ERROR", "{1}\n{2} {cause}", "canal.go:250"),
    (r"Rotated to binary log ([\w.-]+):(\d+)", "INFO", "rotate to ({1}, {2})", "binlogsyncer.go:862"),
    (r"Stop requested.*", "INFO", "syncer is closing...", "binlogsyncer.go:232"),
    (r"Gateway \S+ exiting.*", "INFO", "syncer is closed", "binlogsyncer.go:279"),
]


def python_client(files):
    return other_gateway(PYTHON, "cdc.main", python_line, files)


def go_client(files):
    return other_gateway(GO, "sync.go:25", slog_line, files)


def databricks(files):
    out = {}
    for path, data in files.items():
        if path.endswith(".jsonl"):
            continue
        if "pipeline_events" in path:
            out[path] = raw("\n".join(map(classed_event, text(data).splitlines())) + "\n")
            continue
        if not GATEWAY_LOG.match(path):
            out[path] = data
            continue
        lines = []
        for stamp, level, logger, message, more in records(data):
            m = re.match(r"Gateway failed: (.*?)(?: \w+(?:Error|Exception): .*)?$", message) or re.match(
                r"Connection to \S+ lost or not established \(attempt \d+ of \d+\): (.*?)(?: Error: .*)?$", message)
            if m:
                level, logger, message, more = "ERROR", "CdcConnector", classed(m[1]), []
            elif message.startswith(("Gateway state changed", "Retrying in", "Giving up after")):
                message = re.sub(r" \((?!streaming).*\)$", "", message).replace("DISCONNECTED", "RECOVERING")
            lines += [f"{stamp} {level} {logger}: {message}", *more]
        out[path] = raw("\n".join(lines) + "\n")
    return out


def classed_event(line):
    try:
        event = json.loads(line)
    except ValueError:
        return line

    def walk(value):
        if isinstance(value, dict):
            if isinstance(value.get("exceptions"), list) and value["exceptions"]:
                said = ": ".join(x.get("message", "") for x in value["exceptions"])
                value["exceptions"] = [{"class_name": "com.databricks.cdc.CdcException",
                                        "message": classed(said), "stack": []}]
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
    walk(event)
    return json.dumps(event)


def shifted(stamp, form, delta):
    return (datetime.strptime(stamp, form) + delta).strftime(form)


def skew_gateway(files, seconds):
    """The gateway's host, and all that it stamped, runs ahead by so many seconds."""
    delta = timedelta(seconds=seconds)

    def iso(m):
        return (datetime.strptime(m[1], "%Y-%m-%dT%H:%M:%S") + delta).strftime("%Y-%m-%dT%H:%M:%S") + m[2]
    out = {}
    for path, data in files.items():
        if re.search(r"(^|/)gateway|pipeline_events|checkpoint", path):
            said = re.sub(r"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+Z)", iso, text(data))
            said = re.sub(r"(?m)^(\d\d/\d\d/\d\d \d\d:\d\d:\d\d)", lambda m: shifted(m[1], STAMP, delta), said)
            said = re.sub(r'(?m)^(\{"level":\d+,"time":)(\d+)',
                          lambda m: m[1] + str(int(m[2]) + seconds * 1000), said)
            data = raw(said)
        out[path] = data
    return out


def server_zone(files, delta, name):
    """The servers' hosts are in another zone: their local stamps move, UTC_TIMESTAMP() does not."""
    def full(m):
        when = datetime.strptime(f"{m[1]} {m[2].strip()}", "%Y-%m-%d %H:%M:%S") + delta
        return f"{when:%Y-%m-%d} {when.hour:2d}:{when:%M:%S}"

    def short(m):
        when = datetime.strptime(f"{m[1]} {m[2].strip()}", "%y%m%d %H:%M:%S") + delta
        return f"{when:%y%m%d} {when.hour:2d}:{when:%M:%S}"
    out = {}
    for path, data in files.items():
        said = text(data)
        if re.search(r"(mysql|replica)-error|general", path):
            said = re.sub(r"(?m)^(\d{4}-\d\d-\d\d) ([ \d]\d:\d\d:\d\d)", full, said)
            said = re.sub(r"(?<!\d)(\d{6}) ([ \d]\d:\d\d:\d\d)", short, said)
        elif path.startswith("status"):
            said = re.sub(r"(?m)^\| (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?= \| \d{4})",
                          lambda m: "| " + full(m).replace("  ", " 0"), said)
            said = re.sub(r"\| (UTC|EST|CET) ( *)\| SYSTEM", f"| {name} \\2| SYSTEM", said)
        elif path.startswith("variables"):
            said = re.sub(r"(system_time_zone[\s|]+(?:Value: )?)(UTC|EST|CET)", rf"\1{name}", said)
        out[path] = raw(said)
    return out


def log_warnings(files, level):
    """What a server writes with log_warnings = 2 or 1."""
    noise = r"Could not (read|write) packet|Got an error (reading|writing) communication packets$|" \
            r"Got packets out of order|\[ERROR\] \S+: Connection was killed|Dump thread "
    if level < 2:
        noise += r"|Aborted connection|Access denied for user"
    out = {}
    for path, data in files.items():
        said = text(data)
        if re.search(r"(mysql|replica)-error", path):
            said = "".join(x for x in said.splitlines(True) if not re.search(noise, x.rstrip("\n")))
        elif path.startswith("variables"):
            said = re.sub(r"(log_warnings[\s|]+(?:Value: )?)\d", rf"\g<1>{level}", said)
        out[path] = raw(said)
    return out
