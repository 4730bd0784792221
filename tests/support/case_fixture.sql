-- SPDX-License-Identifier: Apache-2.0
-- An invented case for the reports' tests: a DBA purges binary logs while the gateway is down.
-- Names, hosts and times are made up. Some texts are hostile on purpose: whoever prints them has
-- to escape them.
BEGIN;
INSERT INTO meta VALUES ('limn', '0.1.0');

INSERT INTO source (source_id, path, sha256, sha256_received, size, size_received, format,
                    format_version, zone, lines, records, first_time, last_time, naive, complete,
                    truncated, superseded_by) VALUES
  (1, 'evidence/mysql/error.log', printf('%064d', 1), printf('%064d', 1), 48213, 48213, 'mysql_error', 1, NULL, 410, 402,
   unixepoch('2026-11-20 03:58:01') * 1000000, unixepoch('2026-11-20 05:40:12') * 1000000, 402, 1, 0, NULL),
  (2, 'evidence/gateway/gateway.log', printf('%064d', 2), printf('%064d', 2), 120408, 120408, 'gateway_log', 1, NULL, 1210, 822,
   unixepoch('2026-11-20 09:01:02') * 1000000, unixepoch('2026-11-20 10:41:55') * 1000000, 822, 1, 0, NULL),
  (3, 'evidence/gateway/gateway.jsonl', printf('%064d', 3), printf('%064d', 30), 201877, 31455, 'gateway_json', 1, NULL, 822, 822,
   unixepoch('2026-11-20 09:01:02') * 1000000 + 114000, unixepoch('2026-11-20 10:41:55') * 1000000 + 871000, 0, 1, 1, NULL),
  (4, 'evidence/mysql/general.log', printf('%064d', 4), printf('%064d', 4), 9120, 9120, 'mysql_general', 1, NULL, 131, 120,
   unixepoch('2026-11-20 09:20:00') * 1000000, unixepoch('2026-11-20 10:05:44') * 1000000, 0, 1, 0, NULL),
  (5, 'evidence/mysql/variables.txt', printf('%064d', 5), printf('%064d', 5), 30211, 30211, 'snapshot', 1, NULL, 640, 636,
   NULL, NULL, 0, 1, 0, NULL),
  (6, 'evidence/pipeline/events.json', printf('%064d', 6), printf('%064d', 6), 77123, 77123, 'pipeline_events', 1, NULL, 190, 190,
   unixepoch('2026-11-20 08:58:11') * 1000000 + 3500, unixepoch('2026-11-20 10:44:02') * 1000000, 0, 1, 0, NULL),
  (7, 'evidence/<script>alert(1)</script>/=cmd|' || char(27) || '[2Jold`|x`.log', printf('%064d', 7), printf('%064d', 7), 3100, 3100, 'text', 1,
   'Asia/Kolkata', 40, 40, unixepoch('2026-11-20 14:40:00') * 1000000, unixepoch('2026-11-20 15:10:00') * 1000000, 40, 1, 0, NULL),
  (8, 'evidence/gateway/gateway.log.1', printf('%064d', 8), printf('%064d', 8), 60000, 60000, 'gateway_log', 1, NULL, 600, 500,
   unixepoch('2026-11-20 09:01:02') * 1000000, unixepoch('2026-11-20 09:40:00') * 1000000, 500, 1, 0, 2);
INSERT INTO source_name VALUES (1, 'evidence/mysql/error.log'), (1, 'evidence/mysql/error-copy.log.gz');

INSERT INTO ledger VALUES (1, 40000, 8013, 200, 0), (2, 90408, 30000, 0, 0), (3, 201877, 0, 0, 0),
  (4, 8000, 1120, 0, 0), (5, 30211, 0, 0, 0), (6, 77000, 0, 0, 123), (7, 0, 0, 3100, 0), (8, 40000, 20000, 0, 0);

INSERT INTO rule VALUES
  (1, 'detection', 'a1', 'mysql_binlog_dump_start', 'The server began to send binary logs', 'informational', 'mysql/dump.yml'),
  (2, 'detection', 'a2', 'gateway_error_1236', 'Position no longer in the binary logs', 'high', 'gateway/1236.yml'),
  (3, 'detection', 'a3', 'general_purge', 'PURGE BINARY LOGS', 'medium', 'mysql/general.yml'),
  (4, 'detection', 'a4', 'gateway_state', 'The gateway changed its state', 'low', 'gateway/state.yml'),
  (5, 'detection', 'a5', 'hostile', '=HYPERLINK("http://evil.example","click") <img src=x onerror=alert(1)>', 'medium', 'x.yml'),
  (6, 'correlation', 'c1', 'purge_then_1236', 'A purge, then a reader that misses the file', 'high', 'correlation/purge.yml');

INSERT INTO hit (hit_id, rule_id, source_id, event_id, line, offset, length, time, fields) VALUES
  (1, 4, 3, 3145729, 1, 0, 240, unixepoch('2026-11-20 09:01:02') * 1000000 + 114000, '{"from":"PROVISIONING","gateway":"gw-7","to":"STARTING"}'),
  (2, 4, 3, 3145733, 5, 1100, 240, unixepoch('2026-11-20 09:01:04') * 1000000 + 20000, '{"from":"STARTING","gateway":"gw-7","to":"RUNNING"}'),
  (3, 1, 1, 1048600, 24, 3010, 118, unixepoch('2026-11-20 03:58:47') * 1000000, '{"binlog_file":"mysql-bin.000041","binlog_pos":"59920"}'),
  (4, 4, 3, 3145800, 72, 18000, 220, unixepoch('2026-11-20 09:27:30') * 1000000, '{"from":"RUNNING","gateway":"gw-7","to":"STOPPED"}'),
  (5, 3, 4, 4194310, 77, 5120, 64, unixepoch('2026-11-20 09:41:09') * 1000000, '{"binlog_file":"mysql-bin.000044","user":"dba"}'),
  (6, 4, 3, 3145900, 172, 40000, 220, unixepoch('2026-11-20 10:01:12') * 1000000, '{"from":"STOPPED","gateway":"gw-7","to":"STARTING"}'),
  (7, 2, 3, 3145910, 182, 42310, 400, unixepoch('2026-11-20 10:01:13') * 1000000 + 501000, '{"binlog_file":"mysql-bin.000041","binlog_pos":"59920","errno":"1236"}'),
  (8, 2, 3, 3145990, 260, 60310, 400, unixepoch('2026-11-20 10:11:13') * 1000000 + 501000, '{"binlog_file":"mysql-bin.000041","binlog_pos":"59920","errno":"1236"}'),
  (9, 2, 3, 3146000, 300, 70310, 400, unixepoch('2026-11-20 10:21:13') * 1000000 + 501000, '{"binlog_file":"mysql-bin.000041","binlog_pos":"59920","errno":"1236"}'),
  (10, 2, 2, 2097200, 210, 52310, 380, unixepoch('2026-11-20 10:01:13') * 1000000, '{"binlog_file":"mysql-bin.000041","errno":"1236"}'),
  (11, 5, 7, 7340032, 3, 220, 90, unixepoch('2026-11-20 14:44:00') * 1000000, json_object('note', '=cmd|''/c calc''!A1', 'user', char(8238) || 'live' || char(27) || ']0;owned' || char(7), 'password', 'hunter2')),
  (12, 1, 5, 5242881, 12, 700, 40, NULL, '{"log_bin":"ON"}'),
  (13, 5, 7, 7340033, 4, 310, 90, unixepoch('2026-11-20 14:59:00') * 1000000, '{"note":"+1+1","statement":"CHANGE MASTER TO MASTER_PASSWORD=''hunter2''"}'),
  (14, 4, 6, 6291456, 90, 30000, 900, unixepoch('2026-11-20 10:02:00') * 1000000, '{"state":"FAILED","update_id":"6f2d1c34-0000-4000-8000-0123456789ab","workspace_id":"8374650192837465","pipeline_name":"billing-ingest"}');

INSERT INTO unexplained VALUES
  ('Plugin * reported: ''*''', 'error', 12, unixepoch('2026-11-20 04:10:00') * 1000000, unixepoch('2026-11-20 05:01:00') * 1000000, 1, 88, 9001,
   '2026-11-20  4:10:00 0 [ERROR] Plugin audit reported: ''' || char(27) || '[31mred' || char(8238) || '</pre><script>alert(2)</script>''', 7, unixepoch('2026-11-20 04:12:00') * 1000000),
  ('=1+1 | [x](javascript:alert(1)) *', 'error', 1, unixepoch('2026-11-20 04:11:00') * 1000000, unixepoch('2026-11-20 04:11:00') * 1000000, 1, 90, 9200, '=1+1 [ERROR] [x](javascript:alert(1))', 1, unixepoch('2026-11-20 04:11:00') * 1000000);
INSERT INTO note VALUES (1, 'attempted', 'Restarted the gateway twice, same error.'),
  (2, 'note', 'The DBA says the disk was nearly full.');

INSERT INTO instance VALUES (1, 'mysqld', 'db-prod-1', 'source'), (2, 'gateway', 'gw-7', 'unknown'),
  (3, 'pipeline', 'billing-ingest', 'unknown');
INSERT INTO instance_key VALUES (1, 'server_uuid', '3e11fa47-71ca-11e1-9e33-c80aa9429562', 1), (2, 'gateway', 'gw-7', 3), (3, 'pipeline_id', 'p-55', 6);
INSERT INTO source_instance VALUES (1, 1, NULL), (2, 2, 3), (3, 2, NULL), (4, 1, NULL), (5, 1, NULL), (6, 3, NULL), (8, 2, 3);

INSERT INTO clock VALUES
  (1, -18000000000, 'snapshot', 0, 0, 18000000000, 500000, 3, 'evidence/gateway/gateway.jsonl'),
  (2, 0, 'anchors', 137000000, 0, -137000000, 4000, 12, 'evidence/mysql/error.log'),
  (3, 0, 'stated', 137000000, 0, -137000000, 4000, 12, 'evidence/mysql/error.log'),
  (4, 0, 'stated', 0, 0, 0, 1000, 2, NULL),
  (6, 0, 'stated', 0, 0, 0, 0, 0, NULL),
  (7, 19800000000, 'configured', 0, 0, -19800000000, 0, 0, NULL),
  (8, 0, 'anchors', 137000000, 0, -137000000, 4000, 12, NULL);

INSERT INTO coverage VALUES
  (1, unixepoch('2026-11-20 08:58:01') * 1000000, unixepoch('2026-11-20 10:40:12') * 1000000),
  (3, unixepoch('2026-11-20 08:58:45') * 1000000, unixepoch('2026-11-20 09:25:13') * 1000000),
  (3, unixepoch('2026-11-20 09:58:55') * 1000000, unixepoch('2026-11-20 10:39:38') * 1000000),
  (4, unixepoch('2026-11-20 09:20:00') * 1000000, unixepoch('2026-11-20 10:05:44') * 1000000),
  (6, unixepoch('2026-11-20 08:58:11') * 1000000, unixepoch('2026-11-20 10:44:02') * 1000000);

INSERT INTO fact (fact_id, instance_id, key, value, time, hit_id) VALUES
  (1, 1, 'version', '8.0.36', unixepoch('2026-11-20 08:58:01') * 1000000, 3),
  (2, 1, 'log_bin', 'ON', NULL, 12),
  (3, 1, 'binlog_format', 'ROW', NULL, 12),
  (4, 1, 'binlog_expire_logs_seconds', '259200', NULL, 12),
  (5, 1, 'cnf.master_password', 'hunter2', NULL, 12),
  (6, 1, 'cnf.init_connect', 'SET PASSWORD = ''hunter2''', NULL, 12),
  (7, 2, 'host', '10.9.0.12', unixepoch('2026-11-20 08:58:45') * 1000000, 1);

INSERT INTO interval (interval_id, instance_id, kind, entity, state, start, "end", start_hit, end_hit) VALUES
  (1, 2, 'gateway', '', 'STARTING', unixepoch('2026-11-20 08:58:45') * 1000000, unixepoch('2026-11-20 08:58:47') * 1000000, 1, 2),
  (2, 2, 'gateway', '', 'RUNNING', unixepoch('2026-11-20 08:58:47') * 1000000, unixepoch('2026-11-20 09:25:13') * 1000000, 2, 4),
  (3, 2, 'gateway', '', 'STOPPED', unixepoch('2026-11-20 09:25:13') * 1000000, unixepoch('2026-11-20 09:58:55') * 1000000, 4, 6),
  (4, 2, 'gateway', '', 'STARTING', unixepoch('2026-11-20 09:58:55') * 1000000, NULL, 6, NULL),
  (5, 1, 'server', '', 'up', NULL, NULL, 3, NULL),
  (6, 3, 'update', '6f2d1c34', 'RUNNING', unixepoch('2026-11-20 08:58:11') * 1000000, unixepoch('2026-11-20 10:02:00') * 1000000, NULL, 14),
  (7, 3, 'update', '6f2d1c34', 'FAILED', unixepoch('2026-11-20 10:02:00') * 1000000, NULL, 14, NULL);

INSERT INTO episode VALUES (1, 6, unixepoch('2026-11-20 09:41:09') * 1000000, unixepoch('2026-11-20 10:18:56') * 1000000, '{"binlog_file":"mysql-bin.000041"}', 0, 0);
INSERT INTO episode_hit VALUES (1, 5), (1, 7), (1, 8), (1, 9);

INSERT INTO finding VALUES
  ('CDC-12', 'Binary log position no longer available', 'critical', 0.97, 'exclusive',
   'The gateway asked db-prod-1 for mysql-bin.000041, which was no longer there.', '["CDC-07"]', '[]',
   '[{"text":"Which binary logs does the server still have?","fetch":"SHOW BINARY LOGS;"},{"text":"How long are they kept?","fetch":"SHOW VARIABLES LIKE ''binlog_expire_logs_seconds'';"}]',
   '[{"text":"Raise binlog_expire_logs_seconds to 604800 (7 days).","risk":"none","precondition":"Disk space for seven days of binary logs.","source":"documentation","caution":"The guide says 3 days; the documentation recommends 7."},{"text":"Clear the checkpoint file.","risk":"data_loss","precondition":null,"source":"guide","caution":"Not documented: prefer the full refresh."}]',
   '{"needed":true,"why":"Changes between the purge and the refresh may be lost: data loss concern."}'),
  ('CDC-07', 'Gateway repeatedly disconnecting', 'low', 0.41, 'exclusive', 'One stop and one start.', '[]', '["CDC-12"]', '[]', '[]', '{"needed":false,"why":null}'),
  ('CDC-17', 'Source configuration the connector does not support', 'medium', 0.88, 'cumulative', 'Two settings are not supported.', '[]', '[]', '[]', '[]', '{"needed":false,"why":null}'),
  ('CDC-00', 'Errors that no rule explains <b>&amp;</b>', 'informational', 1.0, 'cumulative', 'x' || char(27) || '[2J' || char(8238) || 'evil', '[]', '[]', '[]', '[]', '{"needed":false,"why":null}');

INSERT INTO incident VALUES
  (1, 'CDC-12', 1, unixepoch('2026-11-20 09:58:56') * 1000000 + 501000, unixepoch('2026-11-20 10:18:56') * 1000000 + 501000, 1, '{"binlog_file":["mysql-bin.000041"],"gateway":["gw-7"],"table":["billing.invoices","billing.payments"]}'),
  (2, 'CDC-07', 1, unixepoch('2026-11-20 09:25:13') * 1000000, NULL, 2, '{"gateway":["gw-7"]}'),
  (3, 'CDC-17', 1, NULL, NULL, 1, '{}'),
  (4, 'CDC-00', 1, unixepoch('2026-11-20 09:10:00') * 1000000, unixepoch('2026-11-20 10:01:00') * 1000000, NULL, json_object('=cmd', json_array('<svg onload=alert(3)>', '@SUM(1)')));

INSERT INTO cause (cause_id, finding, incident_id, cause, title, rank, score, p, verdict, would_decide, remedies) VALUES
  (1, 'CDC-12', NULL, 'CDC-12/manual-purge', 'Somebody purged the binary logs', 1, 14, 0.93, 'likely', NULL,
   '[{"text":"Full refresh of the affected tables.","risk":"data_reload","precondition":"Agree on who may purge binary logs first.","source":"documentation","caution":null}]'),
  (2, 'CDC-12', NULL, 'CDC-12/retention-too-short', 'The retention is too short', 2, -4, 0.04, 'unlikely', NULL, '[]'),
  (3, 'CDC-12', NULL, 'CDC-12/binlog-reset', 'The binary logs were reset', 3, 0, 0.02, 'undecided', '{"text":"Does numbering begin again?","fetch":"SHOW BINARY LOGS; -- first file and its creation time"}', '[]'),
  (4, 'CDC-12', 1, 'CDC-12/manual-purge', 'Somebody purged the binary logs', 1, 14, 0.93, 'likely', NULL, '[]'),
  (5, 'CDC-12', 1, 'CDC-12/retention-too-short', 'The retention is too short', 2, -4, 0.04, 'unlikely', NULL, '[]'),
  (6, 'CDC-12', 1, 'CDC-12/binlog-reset', 'The binary logs were reset', 3, 0, 0.02, 'undecided', NULL, '[]'),
  (7, 'CDC-07', NULL, 'CDC-07/server-restart', 'The server restarted', 1, 1, 0.35, 'undecided', '{"text":"Was the gateway stopped on purpose?","fetch":"the compute''s event log"}', '[]'),
  (8, 'CDC-07', 2, 'CDC-07/server-restart', 'The server restarted', 1, 1, 0.35, 'undecided', NULL, '[]'),
  (9, 'CDC-17', NULL, 'CDC-17/row-image', 'binlog_row_image is not FULL', 1, 8, 0.97, 'likely', NULL, '[]'),
  (10, 'CDC-17', NULL, 'CDC-17/retention-below-minimum', 'Retention is below the minimum', 2, 4, 0.8, 'likely', NULL, '[]');

INSERT INTO evidence (evidence_id, incident_id, cause, sign, points, term, sentence, source_id, line, offset, length, time, text) VALUES
  (1, 1, NULL, 'for', 8, 'gateway_error_1236', 'The gateway was refused mysql-bin.000041 with error 1236.', 3, 182, 42310, 400, unixepoch('2026-11-20 09:58:56') * 1000000 + 501000,
   '{"level":"ERROR","time":"2026-11-20T10:01:13.501Z","logger":"BinlogReader","msg":"errno 1236: Could not find first log file name in binary log index file"}' || char(10)),
  (2, 1, NULL, 'for', 8, 'gateway_error_1236', 'The gateway was refused mysql-bin.000041 with error 1236.', 3, 260, 60310, 400, unixepoch('2026-11-20 10:08:56') * 1000000 + 501000, '{"level":"ERROR","msg":"errno 1236"}'),
  (3, 1, 'CDC-12/manual-purge', 'for', 8, 'general_purge', 'dba ran PURGE BINARY LOGS TO ''mysql-bin.000044'' 17 min 47 s before the gateway came back.', 4, 77, 5120, 64, unixepoch('2026-11-20 09:41:09') * 1000000,
   '2026-11-20T09:41:09.000000Z	   12 Query	PURGE BINARY LOGS TO ''mysql-bin.000044'''),
  (4, 1, 'CDC-12/manual-purge', 'for', 4, 'younger_than_retention', 'The missing file was 44 min old; the retention is 3 d.', NULL, NULL, NULL, NULL, NULL, NULL),
  (5, 1, 'CDC-12/manual-purge', 'for', 2, 'statement_secret', 'The same session changed the replica''s account.', 4, 80, 5300, 120, unixepoch('2026-11-20 09:42:00') * 1000000,
   '2026-11-20T09:42:00.000000Z	   12 Query	CHANGE MASTER TO MASTER_USER=''repl'', MASTER_PASSWORD=''hunter2'''),
  (6, 1, 'CDC-12/retention-too-short', 'against', -4, 'younger_than_retention', 'The missing file was younger than the retention.', 5, 12, 700, 40, NULL, '| binlog_expire_logs_seconds | 259200 |'),
  (7, 1, 'CDC-12/binlog-reset', 'unobserved', 8, 'general_reset', 'No log of statements covers the time between 09:05 and 09:20.', NULL, NULL, NULL, NULL, NULL, NULL),
  (8, 2, 'CDC-07/server-restart', 'for', 1, 'hostile', 'Hostile: ' || char(27) || ']0;owned' || char(7) || ' <script>alert(4)</script> ' || char(8238) || 'txet desrever =cmd|''/c calc''!A1 [x](javascript:alert(1)) `code`', 7, 3, 220, 90, unixepoch('2026-11-20 09:14:00') * 1000000,
   'before' || CAST(x'00' AS TEXT) || 'after ' || char(65533) || ' "quoted" ''single'' </pre></details><img src=x onerror=alert(5)> ' || char(27) || '[8m hidden'),
  (9, 2, 'CDC-07/server-restart', 'against', -1, 'long', 'The server''s log covers the time and shows no start: ' || replace(hex(zeroblob(150)), '00', 'abcdefgh'), 1, 24, 3010, 118, unixepoch('2026-11-20 08:58:47') * 1000000,
   replace(hex(zeroblob(6000)), '00', 'long' || char(228))),
  (10, 3, 'CDC-17/row-image', 'for', 8, 'fact', 'binlog_row_image was MINIMAL.', 5, 14, 800, 30, NULL, '| binlog_row_image | MINIMAL |'),
  (11, 3, 'CDC-17/retention-below-minimum', 'for', 4, 'fact', 'Retention of 1 h is below 1 d.', 5, 12, 700, 40, NULL, '| binlog_expire_logs_seconds | 259200 |');
INSERT INTO evidence (incident_id, cause, sign, points, term, sentence, source_id, line, offset, length, time, text)
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11)
  SELECT 1, 'CDC-12/manual-purge', 'for', 1, 'repeated', 'A repeated sign, number ' || i || '.', 1, 100 + i, 10000 + 50 * i, 50, unixepoch('2026-11-20 09:00:00') * 1000000 + i * 1000000, 'repeated ' || i FROM n;

INSERT INTO story (part, sentence, count, start, "end", finding, source_id, line, offset) VALUES
  ('standing', 'The source keeps binary logs for 3 d.', 1, NULL, NULL, 'CDC-17', 5, 12, 700),
  ('began', 'dba ran PURGE BINARY LOGS.', 1, unixepoch('2026-11-20 09:41:09') * 1000000, unixepoch('2026-11-20 09:41:09') * 1000000, 'CDC-12', 4, 77, 5120),
  ('tried', 'Hostile step ' || char(27) || '[2J <script>alert(6)</script> [x](javascript:alert(1))', 7, unixepoch('2026-11-20 09:42:00') * 1000000, unixepoch('2026-11-20 09:52:00') * 1000000, NULL, 7, 3, 220),
  ('now', 'the gateway stopped', 1, unixepoch('2026-11-20 10:08:56') * 1000000, NULL, NULL, NULL, NULL, NULL);

INSERT INTO missing VALUES
  (1, 'The list of binary logs, taken now', 'SHOW BINARY LOGS;', 'CDC-12'),
  (2, 'The compute''s event log of the gateway', 'databricks clusters events CLUSTER_ID', 'CDC-07'),
  (3, 'Hostile wish ' || char(27) || '[2J <b>', '=cmd|''/c calc''!A1', NULL);
INSERT INTO assumption (text, source_id) VALUES
  ('Stamps without a zone are read as -05:00, from the snapshot''s NOW().', 1),
  ('The tz database is 2026a.', NULL), ('<i>hostile</i> ' || char(27) || '[2J', 7);
COMMIT;
