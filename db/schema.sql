-- SPDX-License-Identifier: Apache-2.0
-- The case file (docs/case-file.md). A change of part 1 raises LIMN_CASE_VERSION
-- (db/case_private.h): an older case is refused. Part 2 and the views are compared by their text, and
-- made anew when conclusions are drawn (db/case_schema.c). All times are microseconds since 1970-01-01 UTC.
-- Part 1, what was read: written by ingest, never changed after a source is complete.
-- Part 2, what was concluded: dropped and built again by `limn diagnose`.

-- Part 1 ------------------------------------------------------------------------------------

CREATE TABLE meta (            -- limn version, parser versions, options
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (          -- one stream: a file, or a member of an archive
  source_id       INTEGER PRIMARY KEY,
  path            TEXT NOT NULL,       -- from the last component of the argument on
  sha256          TEXT,                -- of the content; NULL until complete
  sha256_received TEXT,                -- of the file as it came (compressed)
  size            INTEGER NOT NULL DEFAULT 0,  -- bytes of the content
  size_received   INTEGER NOT NULL DEFAULT 0,
  head_sha256     TEXT,                -- of the first line, to recognise a file that grew
  format          TEXT NOT NULL,       -- limn formats
  format_version  INTEGER NOT NULL,
  format_rival    TEXT,                -- another format that bid as high
  zone            TEXT,                -- given by --tz; NULL: none
  reference       INTEGER,             -- a date near the data, for stamps without a year
  lines           INTEGER NOT NULL DEFAULT 0,
  records         INTEGER NOT NULL DEFAULT 0,
  first_time      INTEGER,             -- as stamped, not corrected
  last_time       INTEGER,
  naive           INTEGER NOT NULL DEFAULT 0,  -- records whose stamp states no zone
  stated          INTEGER NOT NULL DEFAULT 0,  -- records whose stamp states its zone
  local_twice     INTEGER NOT NULL DEFAULT 0,  -- local times that its zone's clocks showed twice: the earlier was taken
  local_never     INTEGER NOT NULL DEFAULT 0,  -- local times that they left out
  complete        INTEGER NOT NULL DEFAULT 0,  -- 0: ingest was interrupted
  resolution      INTEGER,             -- of its hits' stamps, in microseconds
  hole            INTEGER,             -- silence that breaks its rhythm, longer than this; NULL: it has none
  truncated       INTEGER NOT NULL DEFAULT 0,  -- 1: the stream broke off (damaged gzip)
  superseded_by   INTEGER REFERENCES source    -- the same file, grown
) STRICT;
CREATE INDEX source_sha256 ON source(sha256);
CREATE INDEX source_head ON source(head_sha256, size);

CREATE TABLE source_name (     -- other names the same content came under
  source_id INTEGER NOT NULL REFERENCES source,
  path      TEXT NOT NULL,
  PRIMARY KEY (source_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE segment (         -- about 1 MiB of a source, cut between records
  segment_id   INTEGER PRIMARY KEY,
  source_id    INTEGER NOT NULL REFERENCES source,
  offset       INTEGER NOT NULL,       -- of its first byte in the content
  length       INTEGER NOT NULL,
  first_line   INTEGER NOT NULL,       -- from 1
  records      INTEGER NOT NULL,
  time_min     INTEGER,                -- NULL: no record has a time
  time_max     INTEGER,
  level_mask   INTEGER NOT NULL,       -- bit i: a record of level i (core/event.h) is inside
  final        INTEGER NOT NULL,       -- 1: ends the source
  state        BLOB NOT NULL,          -- the format's state before it: frame state, then parse state
  data         BLOB NOT NULL           -- one zstd frame
) STRICT;
CREATE INDEX segment_source ON segment(source_id, offset);

CREATE TABLE stretch (         -- a source that writes at a rhythm: it has records all through this
  source_id INTEGER NOT NULL REFERENCES source,
  start     INTEGER NOT NULL,          -- as stamped
  "end"     INTEGER NOT NULL
) STRICT;
CREATE INDEX stretch_source ON stretch(source_id);

CREATE TABLE ledger (          -- every byte of a source: the four add up to source.size
  source_id    INTEGER PRIMARY KEY REFERENCES source,
  parsed       INTEGER NOT NULL,       -- first lines of records that were understood
  continuation INTEGER NOT NULL,       -- the lines that belong to them
  unparsed     INTEGER NOT NULL,       -- records that no rule of the format fits: kept as text
  skipped      INTEGER NOT NULL        -- left out by --since/--until
) STRICT;

CREATE TABLE rule (            -- the rule set that produced the hits
  rule_id INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,               -- detection, correlation
  id      TEXT,                        -- the Sigma id
  name    TEXT NOT NULL,
  title   TEXT NOT NULL,
  level   TEXT,
  path    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX rule_name ON rule(name);

CREATE TABLE hit (             -- a detection rule matched an event
  hit_id    INTEGER PRIMARY KEY,
  rule_id   INTEGER NOT NULL REFERENCES rule,
  source_id INTEGER NOT NULL REFERENCES source,
  event_id  INTEGER NOT NULL,          -- segment_id << 20 | ordinal; private
  line      INTEGER NOT NULL,
  offset    INTEGER NOT NULL,          -- in the content
  length    INTEGER NOT NULL,
  time      INTEGER,                   -- as stamped
  fields    TEXT NOT NULL,             -- JSON: what the rule extracted, by name
  n         INTEGER NOT NULL DEFAULT 1, -- hits it stands for: itself, and of a rule with `repeat`
  since     INTEGER                    -- those after the one at this time, as stamped (docs/rules.md)
) STRICT;
CREATE INDEX hit_rule ON hit(rule_id, time);

CREATE TABLE unexplained (     -- errors that no rule matched, by message template and source
  template TEXT NOT NULL,
  level    TEXT NOT NULL,              -- the highest seen
  count    INTEGER NOT NULL,
  first    INTEGER,
  last     INTEGER,
  source_id INTEGER NOT NULL REFERENCES source,
  line     INTEGER NOT NULL,           -- of the first one
  offset   INTEGER NOT NULL,
  text     TEXT NOT NULL,
  burst    INTEGER NOT NULL,           -- the most in one minute; 0: none has a time
  burst_at INTEGER,                    -- where that minute began
  PRIMARY KEY (template, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (            -- the investigator's own words: limn note
  note_id INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,               -- note, attempted
  text    TEXT NOT NULL
) STRICT;

-- Part 2 ------------------------------------------------------------------------------------

CREATE TABLE instance (        -- one mysqld, gateway or pipeline
  instance_id INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL,           -- mysqld, gateway, pipeline, other
  name        TEXT NOT NULL,           -- its best key, for people
  role        TEXT NOT NULL            -- source, replica, target, unknown
) STRICT;

CREATE TABLE instance_key (    -- why sources were joined into it
  instance_id INTEGER NOT NULL REFERENCES instance,
  key         TEXT NOT NULL,           -- server_uuid, server_uid, gateway, port, socket, ...
  value       TEXT NOT NULL,
  source_id   INTEGER REFERENCES source
) STRICT;

CREATE TABLE source_instance ( -- which instance a source speaks of, and whether it is counted
  source_id   INTEGER PRIMARY KEY REFERENCES source,
  instance_id INTEGER NOT NULL REFERENCES instance,
  twin_of     INTEGER REFERENCES source  -- the finer log of the same records, which counts
) STRICT;

CREATE TABLE clock (           -- corrected time = stamped time + correction
  source_id   INTEGER PRIMARY KEY REFERENCES source,
  zone_offset INTEGER NOT NULL,        -- microseconds east of UTC that naive stamps were in
  zone_basis  TEXT NOT NULL,           -- stated, configured, snapshot, anchors, assumed
  skew        INTEGER NOT NULL,        -- the rest: how far the host's clock was ahead
  moved       INTEGER NOT NULL,        -- by how much it went on against the reference; 0: none
  correction  INTEGER NOT NULL,        -- -(zone_offset + skew)
  uncertainty INTEGER NOT NULL,
  anchors     INTEGER NOT NULL,        -- moments that two sources share
  reference   TEXT                     -- the source it was measured against
) STRICT;

CREATE TABLE anchor (          -- a moment that one source logs and another may log too
  name      TEXT NOT NULL,             -- dump_start, conn_open, ...
  key       TEXT NOT NULL,
  source_id INTEGER NOT NULL REFERENCES source,
  hit_id    INTEGER NOT NULL REFERENCES hit,
  time      INTEGER NOT NULL           -- as stamped
) STRICT;

CREATE TABLE coverage (        -- stretches of corrected time for which a source can testify
  source_id INTEGER NOT NULL REFERENCES source,
  start     INTEGER NOT NULL,
  "end"     INTEGER NOT NULL
) STRICT;

CREATE TABLE fact (            -- a value learned
  fact_id     INTEGER PRIMARY KEY,
  instance_id INTEGER REFERENCES instance,
  key         TEXT NOT NULL,           -- log_bin, cnf.log_bin, binlog_expire_logs_seconds, ...
  value       TEXT NOT NULL,
  time        INTEGER,                 -- corrected; NULL: at collection, unknown when
  hit_id      INTEGER NOT NULL REFERENCES hit
) STRICT;
CREATE INDEX fact_key ON fact(key, instance_id);

CREATE TABLE action (          -- a step that somebody attempted, seen in a log
  action_id   INTEGER PRIMARY KEY,
  instance_id INTEGER REFERENCES instance,
  action      TEXT NOT NULL,           -- full_refresh, purge_binary_logs, server_shutdown, ...
  sentence    TEXT NOT NULL,
  time        INTEGER,                 -- corrected
  hit_id      INTEGER NOT NULL REFERENCES hit
) STRICT;

CREATE TABLE interval (        -- an entity was in a state
  interval_id INTEGER PRIMARY KEY,
  instance_id INTEGER REFERENCES instance,
  kind        TEXT NOT NULL,           -- gateway, server, update, ...
  entity      TEXT NOT NULL,
  state       TEXT NOT NULL,
  start       INTEGER,                 -- corrected; NULL: began before what was supplied
  "end"       INTEGER,                 -- NULL: still so at the end of what was supplied
  start_hit   INTEGER REFERENCES hit,
  end_hit     INTEGER REFERENCES hit
) STRICT;
CREATE INDEX interval_kind ON interval(kind, entity, start);

CREATE TABLE episode (         -- a correlation rule matched a group of hits
  episode_id INTEGER PRIMARY KEY,
  rule_id    INTEGER NOT NULL REFERENCES rule,
  first      INTEGER NOT NULL,
  last       INTEGER NOT NULL,
  "group"    TEXT NOT NULL,            -- JSON: the group-by values
  ambiguous  INTEGER NOT NULL,         -- 1: clock uncertainty could change it
  not_observable INTEGER NOT NULL      -- 1: a log that would show what it must not have was not there
) STRICT;

CREATE TABLE episode_hit (
  episode_id INTEGER NOT NULL REFERENCES episode,
  hit_id     INTEGER NOT NULL REFERENCES hit,
  PRIMARY KEY (episode_id, hit_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
  finding     TEXT PRIMARY KEY,        -- CDC-12
  title       TEXT NOT NULL,
  severity    TEXT NOT NULL,           -- critical, high, medium, low, informational
  confidence  REAL NOT NULL,
  mode        TEXT NOT NULL,           -- exclusive, cumulative
  summary     TEXT NOT NULL,           -- one sentence
  caused_by   TEXT NOT NULL,           -- JSON array of finding ids
  leads_to    TEXT NOT NULL,
  diagnostics TEXT NOT NULL,           -- JSON array of {text, fetch}
  remedies    TEXT NOT NULL,           -- JSON array of {text, risk, precondition, source, caution}
  escalate    TEXT NOT NULL            -- JSON {needed, why}
) STRICT, WITHOUT ROWID;

CREATE TABLE incident (
  incident_id INTEGER PRIMARY KEY,
  finding     TEXT NOT NULL REFERENCES finding,
  n           INTEGER NOT NULL,        -- 1, 2, ... within the finding
  start       INTEGER,
  "end"       INTEGER,
  instance_id INTEGER REFERENCES instance,
  entities    TEXT NOT NULL            -- JSON: name -> array of values
) STRICT;

CREATE TABLE cause (           -- incident_id NULL: the finding's own list, best over incidents
  cause_id    INTEGER PRIMARY KEY,
  finding     TEXT NOT NULL REFERENCES finding,
  incident_id INTEGER REFERENCES incident,
  cause       TEXT NOT NULL,           -- CDC-12/manual-purge
  title       TEXT NOT NULL,
  rank        INTEGER NOT NULL,
  score       REAL NOT NULL,           -- points
  p           REAL NOT NULL,
  verdict     TEXT NOT NULL,           -- likely, possible, unlikely, ruled_out, undecided
  would_decide TEXT,                   -- JSON {text, fetch}
  remedies    TEXT NOT NULL            -- JSON array, as in finding
) STRICT;

CREATE TABLE evidence (
  evidence_id INTEGER PRIMARY KEY,
  incident_id INTEGER NOT NULL REFERENCES incident,
  cause       TEXT,                    -- NULL: for the finding itself
  sign        TEXT NOT NULL,           -- for, against, unobserved
  points      REAL NOT NULL,
  term        TEXT NOT NULL,
  sentence    TEXT NOT NULL,
  source_id   INTEGER REFERENCES source,
  line        INTEGER,
  offset      INTEGER,
  length      INTEGER,
  time        INTEGER,                 -- corrected
  text        TEXT                     -- the bytes of the record, invalid UTF-8 as U+FFFD
) STRICT;

CREATE TABLE missing (         -- what to ask for next, best first
  rank    INTEGER PRIMARY KEY,
  text    TEXT NOT NULL,
  fetch   TEXT NOT NULL,               -- the query or command
  finding TEXT
) STRICT;

CREATE TABLE story (           -- what happened, in sentences, in the order of telling
  story_id  INTEGER PRIMARY KEY,
  part      TEXT NOT NULL,             -- standing, began, followed, impact, tried, now
  sentence  TEXT NOT NULL,
  count     INTEGER NOT NULL,          -- so many times between start and end
  start     INTEGER,                   -- corrected; NULL: it says no time
  "end"     INTEGER,
  finding   TEXT,
  source_id INTEGER REFERENCES source, -- a record that shows it
  line      INTEGER,
  offset    INTEGER,
  length    INTEGER,
  text      TEXT                       -- its bytes, as in evidence
) STRICT;

CREATE TABLE assumption (
  assumption_id INTEGER PRIMARY KEY,
  text          TEXT NOT NULL,
  source_id     INTEGER REFERENCES source
) STRICT;

-- Views: the documented way in, for people, reports and diagnosis documents ------------------

CREATE VIEW v_hit AS           -- hits that count (twins left out), at corrected time t
  SELECT h.hit_id, r.name AS rule, h.source_id, s.path, s.sha256, h.line, h.offset, h.length,
         h.time + coalesce(c.correction, 0) AS t, coalesce(c.uncertainty, 0) AS uncertainty,
         si.instance_id, i.kind AS instance_kind, i.role, h.fields, h.n,
         h.since + coalesce(c.correction, 0) AS since
    FROM hit h
    JOIN rule r USING (rule_id)
    JOIN source s USING (source_id)
    LEFT JOIN clock c USING (source_id)
    LEFT JOIN source_instance si USING (source_id)
    LEFT JOIN instance i USING (instance_id)
   WHERE si.twin_of IS NULL AND s.superseded_by IS NULL AND s.complete = 1;

CREATE VIEW v_unexplained AS   -- a row a template and source that counts (twins left out)
  SELECT u.template, u.level, u.count, u.first + coalesce(c.correction, 0) AS first,
         u.last + coalesce(c.correction, 0) AS last, u.source_id, s.path, u.line, u.offset, u.text,
         u.burst, u.burst_at + coalesce(c.correction, 0) AS burst_at
    FROM unexplained u
    JOIN source s USING (source_id)
    LEFT JOIN clock c USING (source_id)
    LEFT JOIN source_instance si USING (source_id)
   WHERE si.twin_of IS NULL AND s.superseded_by IS NULL AND s.complete = 1;

CREATE VIEW v_fact AS
  SELECT f.fact_id, f.instance_id, i.kind AS instance_kind, i.role, f.key, f.value, f.time AS t,
         f.hit_id
    FROM fact f LEFT JOIN instance i USING (instance_id);

CREATE VIEW v_action AS
  SELECT a.action_id, a.action, a.sentence, a.time AS t, i.name AS instance, s.path, h.line, a.hit_id
    FROM action a JOIN hit h USING (hit_id) JOIN source s USING (source_id)
    LEFT JOIN instance i ON i.instance_id = a.instance_id;

CREATE VIEW v_interval AS
  SELECT v.*, i.kind AS instance_kind, i.role
    FROM interval v LEFT JOIN instance i USING (instance_id);

CREATE VIEW v_drop AS          -- a link that was up went down at t, until it was up again
  SELECT start AS t, "end" AS until, start_hit AS hit_id, instance_id, entity
    FROM (SELECT *, lag(state) OVER (PARTITION BY instance_id, kind, entity
                                     ORDER BY start, interval_id) AS before
            FROM interval v
           WHERE kind = 'link'
              OR (kind = 'pipeline_link' AND NOT EXISTS (
                    SELECT 1 FROM interval o
                     WHERE o.kind = 'link' AND o.instance_id = v.instance_id)))
   WHERE state = 'down' AND before = 'up';

CREATE VIEW v_episode AS
  SELECT e.episode_id, r.name AS rule, e.first, e.last, e."group", e.ambiguous,
         e.not_observable
    FROM episode e JOIN rule r USING (rule_id);

CREATE VIEW v_coverage AS
  SELECT c.source_id, s.path, s.format, si.instance_id, i.kind AS instance_kind, i.role,
         c.start, c."end", coalesce(k.uncertainty, 0) AS uncertainty
    FROM coverage c JOIN source s USING (source_id)
    LEFT JOIN clock k USING (source_id)
    LEFT JOIN source_instance si USING (source_id)
    LEFT JOIN instance i USING (instance_id);

CREATE VIEW v_finding AS
  SELECT f.finding, f.title, f.severity, f.confidence, c.cause, c.title AS cause_title, c.p, c.verdict
    FROM finding f LEFT JOIN cause c ON c.finding = f.finding AND c.incident_id IS NULL AND c.rank = 1;

CREATE VIEW v_evidence AS
  SELECT i.finding, i.n AS incident, e.cause, e.sign, e.points, e.term, e.sentence,
         s.path, e.line, e.offset, e.length, e.time AS t, e.text
    FROM evidence e JOIN incident i USING (incident_id) LEFT JOIN source s USING (source_id);

-- Views for sessions that end: what may end one, by kind, and when. Of the source's side only.

CREATE VIEW v_restart AS       -- a server stopped, died or started anew; not a log's first start
  SELECT h.t, h.hit_id, h.instance_id, h.uncertainty, h.rule
    FROM v_hit h
   WHERE h.rule IN ('mysql_server_starting', 'mysql_server_shutdown_begin',
                    'mysql_server_shutdown_complete', 'mysql_got_signal', 'mysql_crash_recovery',
                    'mysql_safe_restarted')
     AND coalesce(h.role, 'unknown') NOT IN ('replica', 'target')
     AND EXISTS (SELECT 1 FROM hit b JOIN source s USING (source_id)
                  WHERE b.source_id = h.source_id AND b.offset < h.offset AND b.time < (
                        SELECT time FROM hit WHERE hit_id = h.hit_id) - 1000000);

CREATE VIEW v_session_end AS
  WITH dump AS MATERIALIZED (       -- connections that read the binary log
         SELECT coalesce(fields ->> 'thread', fields ->> 'connection_id') AS id
           FROM v_hit WHERE rule = 'mysql_dump_start'),
       mine AS MATERIALIZED (       -- accounts of the readers; none: not known
         SELECT fields ->> 'user' AS user FROM v_hit
          WHERE rule = 'gateway_connecting' AND fields ->> 'user' IS NOT NULL
         UNION
         SELECT fields ->> 'user' FROM v_hit
          WHERE rule = 'mysql_aborted_connection' AND fields ->> 'connection_id' IN (SELECT id FROM dump))
  SELECT 'restart' AS kind, t, hit_id, uncertainty FROM v_restart
  UNION ALL
  SELECT CASE
           WHEN rule IN ('source_connections_exhausted', 'mysql_too_many_connections',
                         'mysql_connection_resources') THEN 'limit'
           WHEN rule IN ('reader_same_server_id', 'mysql_dump_zombie_killed') THEN 'same-id'
           WHEN rule IN ('gateway_session_killed', 'kill_statement') THEN 'killed'
           WHEN rule IN ('gateway_idle_timeout', 'mysql_connection_timed_out') THEN 'timeout'
           WHEN rule = 'gateway_packet_too_large' THEN 'packet'
           WHEN rule = 'gateway_network_error' THEN 'reset'
           WHEN fields ->> 'reason' LIKE '%KILLED%' THEN 'killed'
           WHEN fields ->> 'reason' LIKE '%timeout reading%'
             OR fields ->> 'reason' LIKE '%because of inactivity%' THEN 'timeout'
           WHEN fields ->> 'reason' LIKE '%Too many connections%' THEN 'limit'
           ELSE 'abort'
         END, t, hit_id, uncertainty
    FROM v_hit
   WHERE rule IN ('source_connections_exhausted', 'mysql_too_many_connections',
                  'mysql_connection_resources', 'reader_same_server_id', 'mysql_dump_zombie_killed',
                  'gateway_session_killed', 'kill_statement', 'gateway_idle_timeout',
                  'mysql_connection_timed_out', 'gateway_packet_too_large', 'gateway_network_error',
                  'mysql_aborted_connection')
     AND coalesce(role, 'unknown') NOT IN ('replica', 'target')
     -- of other accounts' sessions nothing follows
     AND NOT (rule = 'mysql_aborted_connection' AND EXISTS (SELECT 1 FROM mine)
              AND fields ->> 'user' NOT IN (SELECT user FROM mine)
              AND fields ->> 'reason' NOT LIKE '%Too many connections%')
     AND NOT (rule = 'kill_statement' AND EXISTS (SELECT 1 FROM dump)
              AND fields ->> 'killed_id' NOT IN (SELECT id FROM dump));
CREATE VIEW v_up_since AS      -- a server told how long it had been up: without an end from start to t
  SELECT f.instance_id, f.role, f.t - CAST(f.value AS INTEGER) * 1000000 AS start, f.t, f.hit_id
    FROM v_fact f
   WHERE f.key = 'uptime' AND f.t IS NOT NULL AND f.value GLOB '[0-9]*'
     AND coalesce(f.role, 'unknown') NOT IN ('replica', 'target');

CREATE VIEW v_position AS      -- where a reader stood, or what it remembered
  SELECT t, hit_id, instance_id,
         CASE rule WHEN 'gateway_dump_connected' THEN 'gateway_dump_requested' ELSE rule END AS kind,
         fields ->> 'table' AS "table",
         fields ->> 'binlog_file' AS file, CAST(fields ->> 'binlog_pos' AS INTEGER) AS pos,
         rtrim(fields ->> 'binlog_file', '0123456789') AS base,
         CAST(substr(fields ->> 'binlog_file',
                     length(rtrim(fields ->> 'binlog_file', '0123456789')) + 1) AS INTEGER) AS number
    FROM v_hit
   WHERE (rule IN ('checkpoint_written', 'checkpoint_loaded', 'gateway_position',
                   'gateway_dump_requested')
          OR (rule = 'gateway_dump_connected'    -- said twice by some gateways
              AND NOT EXISTS (SELECT 1 FROM v_hit r WHERE r.rule = 'gateway_dump_requested')))
     AND fields ->> 'binlog_file' IS NOT NULL;

CREATE VIEW v_unanswered AS    -- attempts to connect that met silence: a time-out, or not even that
  SELECT t, hit_id, instance_id, rule FROM v_hit WHERE rule = 'connect_timeout'
  UNION ALL
  SELECT t, hit_id, instance_id, rule
    FROM (SELECT *, lead(rule) OVER w AS next, lead(t) OVER w AS until
            FROM v_hit
           WHERE instance_kind IN ('gateway', 'pipeline')
             AND rule NOT IN ('gateway_without_tls', 'gateway_with_tls', 'gateway_state',
                              'gateway_stopped', 'update_state', 'pipeline_event', 'flow_running',
                              'flow_lag', 'checkpoint_written', 'gateway_position')
          WINDOW w AS (PARTITION BY source_id ORDER BY t, offset, hit_id)) AS h
   WHERE rule = 'gateway_connecting'
     AND (next IS NULL OR next IN ('gateway_connecting', 'gateway_starting'))
     AND NOT EXISTS (SELECT 1 FROM v_unexplained u   -- an answer that no rule knows is one, too
                      WHERE u.source_id = h.source_id AND u.last >= h.t
                        AND (h.until IS NULL OR u.first <= h.until));

CREATE VIEW v_lag AS           -- seconds by which a reader or a flow was behind the source
  SELECT t, hit_id, instance_id, rule, coalesce(fields ->> 'flow_name', 'the reader') AS entity,
         CAST(fields ->> 'lag_seconds' AS REAL) AS lag
    FROM v_hit
   WHERE rule IN ('gateway_position', 'reader_lag', 'flow_lag') AND fields ->> 'lag_seconds' IS NOT NULL
  UNION ALL
  SELECT t, hit_id, instance_id, rule, 'the reader', CAST(fields ->> 'lag_ms' AS REAL) / 1000
    FROM v_hit WHERE rule = 'reader_lag' AND fields ->> 'lag_ms' IS NOT NULL;

CREATE VIEW v_server_met AS    -- a reader was connected to another server than the time before
  WITH c AS (SELECT t, hit_id, instance_id, fields ->> 'source_server_id' AS id,
                    lag(fields ->> 'source_server_id') OVER (PARTITION BY instance_id
                                                             ORDER BY t, offset) AS before
               FROM v_hit
              WHERE rule = 'gateway_connected' AND fields ->> 'source_server_id' IS NOT NULL)
  SELECT t, hit_id, instance_id, 'server_id ' || before || ' before, ' || id || ' now' AS value
    FROM c WHERE before <> id;

CREATE VIEW v_refused_by_another AS  -- and that one did not have its place: none was read there before
  SELECT r.t, r.hit_id, m.instance_id, m.value
    FROM v_server_met m
    JOIN v_hit r ON r.instance_id = m.instance_id AND r.t >= m.t
                AND r.rule IN ('reader_binlog_gone', 'reader_position_impossible')
   WHERE NOT EXISTS (SELECT 1 FROM v_hit b WHERE b.instance_id = m.instance_id AND b.t > m.t AND b.t < r.t
                        AND b.rule IN ('gateway_position', 'checkpoint_written'));

CREATE VIEW v_needed AS        -- what a reader asked for when it was refused; written: by its checkpoint
  WITH ask AS (
    SELECT p.*, lead(p.t) OVER (PARTITION BY p.instance_id ORDER BY p.t, p.hit_id) AS next
      FROM v_position p
     WHERE p.kind = 'gateway_dump_requested'
        OR (p.kind = 'checkpoint_loaded'
            AND NOT EXISTS (SELECT 1 FROM v_position q WHERE q.kind = 'gateway_dump_requested')))
  SELECT a.t, min(r.t) AS refused, a.hit_id, a.instance_id, a.file, a.pos, a.base, a.number,
         (SELECT max(CAST(strftime('%s', l.fields ->> 'written') AS INTEGER)) * 1000000
            FROM v_hit l
           WHERE l.rule = 'checkpoint_loaded' AND l.instance_id = a.instance_id
             AND l.fields ->> 'binlog_file' = a.file AND l.t BETWEEN a.t - 60000000 AND a.t) AS written
    FROM ask a
    JOIN v_hit r ON r.rule IN ('reader_binlog_gone', 'reader_position_impossible',
                               'reader_binlog_damaged', 'reader_event_length')
                AND (r.instance_id = a.instance_id OR r.instance_kind = 'pipeline')
                AND r.t >= a.t - 1000000
                AND r.t < coalesce(a.next, a.t + 600000000)
   GROUP BY a.hit_id;

CREATE VIEW v_binary_log AS    -- files that the source had when it was asked
  SELECT t, hit_id, instance_id, fields ->> 'binlog_file' AS file,
         CAST(fields ->> 'size' AS INTEGER) AS size,
         rtrim(fields ->> 'binlog_file', '0123456789') AS base,
         CAST(substr(fields ->> 'binlog_file',
                     length(rtrim(fields ->> 'binlog_file', '0123456789')) + 1) AS INTEGER) AS number
    FROM v_hit
   WHERE rule = 'binary_log_listed' AND coalesce(role, 'unknown') NOT IN ('replica', 'target')
     -- of 0 bytes: the index has it, the disk has not
     AND CAST(coalesce(fields ->> 'size', 1) AS INTEGER) > 0;

CREATE VIEW v_read_table AS    -- tables that a pipeline reads; in lower case, db NULL where it is not told
  WITH named AS (
    SELECT lower(fields ->> 'table') AS name FROM v_hit
     WHERE rule IN ('checkpoint_loaded', 'checkpoint_written', 'checkpoint_file')
    UNION
    SELECT lower(trim(j.value)) FROM v_hit h, json_each(
             '["' || replace(replace(replace(h.fields ->> 'tables', '\', ''), '"', ''), ',', '","')
             || '"]') j
     WHERE h.rule = 'gateway_starting' AND h.fields ->> 'tables' IS NOT NULL
    UNION
    SELECT lower(fields ->> 'flow_name') FROM v_hit WHERE rule = 'flow_lag')
  SELECT DISTINCT name, CASE WHEN name LIKE '%.%.%' THEN NULL
                             ELSE substr(name, 1, instr(name, '.') - 1) END AS db,
         replace(name, rtrim(name, replace(name, '.', '')), '') AS own
    FROM named WHERE name LIKE '%.%';

CREATE VIEW v_unlogged_write AS -- a session changed rows while its own binary logging was off
  WITH o AS MATERIALIZED (
         SELECT t, hit_id, source_id, offset, instance_id, fields ->> 'connection_id' AS session,
                lower(fields ->> 'wrote_database') AS db, lower(fields ->> 'wrote') AS own
           FROM v_hit
          WHERE rule = 'sql_log_bin_off' AND coalesce(role, 'unknown') NOT IN ('replica', 'target')),
       n AS MATERIALIZED (
         SELECT source_id, offset, fields ->> 'connection_id' AS session FROM v_hit
          WHERE rule = 'sql_log_bin_on'),
       w AS MATERIALIZED (
         SELECT t, hit_id, source_id, offset, fields ->> 'connection_id' AS session,
                lower(fields ->> 'database') AS db, lower(fields ->> 'table_name') AS own
           FROM v_hit WHERE rule = 'row_write' AND EXISTS (SELECT 1 FROM o))
  SELECT t AS off, t, hit_id, instance_id, session, db, own FROM o WHERE own IS NOT NULL
  UNION ALL
  SELECT o.t, w.t, w.hit_id, o.instance_id, o.session, w.db, w.own
    FROM o JOIN w ON w.source_id = o.source_id AND w.session = o.session AND w.offset > o.offset
   WHERE NOT EXISTS (SELECT 1 FROM n WHERE n.source_id = o.source_id AND n.session = o.session
                        AND n.offset BETWEEN o.offset AND w.offset)
     AND NOT EXISTS (SELECT 1 FROM v_hit r WHERE r.rule = 'server_starting'
                        AND r.t > o.t AND r.t <= w.t);

CREATE VIEW v_retention AS     -- seconds for which a server keeps binary logs, and which setting says so
  SELECT t, hit_id, instance_id, role, CAST(value * 3600 AS INTEGER) AS seconds,
         'binlog retention hours' AS origin
    FROM v_fact WHERE key = 'rds.binlog_retention_hours'
  UNION ALL                    -- a managed server's own variables do not govern
  SELECT t, hit_id, instance_id, role,
         CASE WHEN key LIKE '%seconds' THEN CAST(value AS INTEGER)
              ELSE CAST(value * 86400 AS INTEGER) END, key
    FROM v_fact f
   WHERE (key IN ('binlog_expire_logs_seconds', 'source.binlog_expire_logs_seconds')
          OR (key IN ('expire_logs_days', 'source.expire_logs_days')
              AND NOT EXISTS (SELECT 1 FROM fact g
                               WHERE g.key IN ('binlog_expire_logs_seconds',
                                               'source.binlog_expire_logs_seconds')
                                 AND (g.value <> '0' OR f.value + 0 = 0))))
     AND NOT EXISTS (SELECT 1 FROM fact m WHERE m.key IN ('managed', 'rds.binlog_retention_hours'))
     AND NOT EXISTS (SELECT 1 FROM v_hit d WHERE d.rule = 'rds_retention_default');

CREATE VIEW v_reader_down AS   -- from a reader's last moment at the source to its next
  SELECT "end" AS start, up_again AS "end", end_hit AS hit_id, instance_id
    FROM (SELECT *, lead(start) OVER (PARTITION BY instance_id, entity ORDER BY start, interval_id) AS up_again
            FROM interval WHERE kind = 'link' AND state = 'up')
   WHERE "end" IS NOT NULL AND up_again IS NOT NULL
  UNION ALL
  SELECT written, t, hit_id, instance_id FROM v_needed WHERE written IS NOT NULL AND written < t
  UNION ALL                    -- stopped, and not where it had been when it came back
  SELECT last, t, hit_id, instance_id
    FROM (SELECT max(p.t) AS last, n.t, n.hit_id, n.instance_id
            FROM v_needed n JOIN v_position p ON p.base = n.base AND p.t < n.t
             AND p.kind IN ('checkpoint_written', 'gateway_position')
           GROUP BY n.hit_id) r
   WHERE EXISTS (SELECT 1 FROM v_hit h WHERE h.rule IN ('gateway_starting', 'gateway_stopped')
                    AND h.t > r.last AND h.t <= r.t);

CREATE VIEW v_gone_young AS    -- a needed file was gone before the retention could have removed it
  WITH first AS (SELECT file, min(refused) AS t FROM v_needed GROUP BY file) -- later stamps prove no reading
  SELECT n.t, n.hit_id, n.file, n.t - n.seen AS age, k.seconds
    FROM (SELECT v.*, max(coalesce(CASE WHEN v.written < f.t THEN v.written END, 0),
                          coalesce((SELECT max(p.t) FROM v_position p
                                     WHERE p.file = v.file AND p.t < min(v.t, f.t)
                                       AND p.kind IN ('checkpoint_written', 'gateway_position')), 0)) AS seen
            FROM v_needed v JOIN first f ON f.file = v.file) n
    JOIN (SELECT max(seconds) AS seconds, min(seconds) AS least FROM v_retention
           WHERE coalesce(role, 'unknown') NOT IN ('replica', 'target')) k
   WHERE n.seen > 0 AND k.seconds IS NOT NULL
     AND (k.least = 0 OR n.t - n.seen < k.least * 950000)
     AND (SELECT min(b.number) > n.number FROM v_binary_log b WHERE b.base = n.base);

CREATE VIEW v_disk_full AS     -- a full disk of the source, and whose volume the file lies on; NULL: not told
  WITH folder AS MATERIALIZED ( -- with a slash at the end; of the source's settings
         SELECT key, rtrim(value, '/') || '/' AS path FROM v_fact
          WHERE key IN ('datadir', 'tmpdir') AND value LIKE '/_%'
            AND coalesce(role, 'unknown') NOT IN ('replica', 'target')),
       full AS (
         SELECT t, hit_id, fields ->> 'path' AS path, replace(fields ->> 'path', '\', '/') AS p
           FROM v_hit
          WHERE rule IN ('mysql_disk_full', 'source_disk_full')
            AND coalesce(role, 'unknown') NOT IN ('replica', 'target')),
       named AS (
         SELECT *, replace(p, rtrim(p, replace(p, '/', '')), '') AS name,
                p NOT LIKE '/%' AND p NOT LIKE '_:/%' AS inside -- the data directory
           FROM full)
  SELECT t, hit_id, path, inside,
         CASE
           WHEN p IS NULL THEN NULL
           WHEN name LIKE '%relay%' THEN iif(inside, 'data', NULL)
           WHEN name LIKE '%.~rec~' OR name LIKE '%.index%' OR name LIKE '%-bin' OR name = 'binlog'
             OR (name LIKE '%._%' AND length(name) - length(rtrim(name, '0123456789')) >= 6
                 AND rtrim(name, '0123456789') LIKE '%.') THEN 'binlog'
           WHEN p = 'temporary file' THEN 'tmp'
           WHEN inside THEN 'data'
           WHEN name LIKE '#sql%' AND name NOT LIKE '#sql%-%' THEN 'tmp'
           WHEN length(name) = 8 AND name NOT LIKE '%.%' AND substr(name, 1, 2) IN ('MY', 'ML', 'ib') THEN 'tmp'
           WHEN name LIKE '%.ib_' OR name LIKE 'ibdata_%' OR name LIKE 'ib\_logfile%' ESCAPE '\'
             OR name LIKE 'undo\_%' ESCAPE '\' OR p LIKE '%/#ib\_redo%' ESCAPE '\' OR name LIKE '%.MYD' OR name LIKE '%.MYI'
             OR name LIKE '%.MAD' OR name LIKE '%.MAI' OR name LIKE 'aria\_log%' ESCAPE '\' THEN 'data'
           WHEN p LIKE '%/tmp/%' OR p LIKE '%/temp/%' THEN 'tmp'
           WHEN EXISTS (SELECT 1 FROM folder WHERE key = 'tmpdir' AND substr(p, 1, length(path)) = path) THEN 'tmp'
           WHEN EXISTS (SELECT 1 FROM folder WHERE key = 'datadir' AND substr(p, 1, length(path)) = path) THEN 'data'
         END AS volume
    FROM named;

CREATE VIEW v_unsupported AS   -- what of a source the connector takes no changes from; sure: it is so, not only in a file
  WITH said AS (               -- by the source, or by the gateway of it
         SELECT t, hit_id, instance_id, replace(key, 'source.', '') AS key, value FROM v_fact
          WHERE role = 'source' OR instance_kind = 'gateway'),
       version AS (            -- the newest of each: it may have been upgraded
         SELECT *, CAST(CASE WHEN value LIKE '%aurora.%' THEN substr(value, instr(value, 'aurora.') + 7)
                             ELSE value END AS REAL) AS number,
                value LIKE '%aurora.%' OR key = 'aurora_version' AS aurora,
                row_number() OVER (PARTITION BY instance_id, key ORDER BY t IS NULL DESC, t DESC, hit_id DESC) AS n
           FROM said WHERE key IN ('version', 'aurora_version')),
       mine AS (SELECT fields ->> 'user' AS user FROM v_hit WHERE rule = 'gateway_connecting'),
       login AS (
         SELECT t, hit_id, fields ->> 'user' AS user, fields ->> 'plugin' AS plugin,
                lower(fields ->> 'plugin') IN ('caching_sha2_password', 'sha256_password') AS fits
           FROM v_hit WHERE rule = 'account_plugin' AND coalesce(role, 'unknown') NOT IN ('replica', 'target'))
  SELECT 'row-image' AS kind, t, hit_id, key || ' = ' || value AS value, 1 AS sure FROM said
   WHERE key = 'binlog_row_image' AND upper(value) IN ('MINIMAL', 'NOBLOB')
  UNION ALL
  SELECT 'row-value-options', t, hit_id, key || ' = ' || value, 1 FROM said
   WHERE key = 'binlog_row_value_options' AND value <> ''
  UNION ALL                    -- a file says what will be, unless the server told what is
  SELECT replace(substr(key, 12), '_', '-'), t, hit_id,
         replace(substr(key, 5), '-', '_') || ' = ' || value || ' in the option file', 0
    FROM v_fact f
   WHERE coalesce(role, 'unknown') NOT IN ('replica', 'target')
     AND (key IN ('cnf.binlog_row_image', 'cnf.binlog-row-image') AND upper(value) IN ('MINIMAL', 'NOBLOB')
          OR key IN ('cnf.binlog_row_value_options', 'cnf.binlog-row-value-options')
             AND upper(value) LIKE '%PARTIAL_JSON%')
     AND NOT EXISTS (SELECT 1 FROM said WHERE key = replace(substr(f.key, 5), '-', '_'))
  UNION ALL
  SELECT 'mariadb', t, hit_id, value, 1 FROM version WHERE n = 1 AND value LIKE '%MariaDB%'
  UNION ALL
  SELECT 'version', t, hit_id, iif(aurora, 'Aurora ' || value, value), 1 FROM version
   WHERE n = 1 AND value NOT LIKE '%MariaDB%' AND value GLOB '[0-9]*'
     AND CASE WHEN aurora THEN number < 2.12 OR (number = 2.12 AND (value LIKE '%2.12.0%' OR value LIKE '%2.12.1%'))
              ELSE number < 5.7 OR (value LIKE '5.7.%' AND CAST(substr(value, 5) AS INTEGER) < 44) END
  UNION ALL
  SELECT 'aurora-replica', r.t, r.hit_id, 'innodb_read_only = ' || r.value || ', aurora_version = ' || a.value, 1
    FROM said r JOIN said a ON a.instance_id = r.instance_id AND a.key = 'aurora_version'
   WHERE r.key = 'innodb_read_only' AND upper(r.value) IN ('ON', '1')
  UNION ALL
  SELECT 'aurora-replica', t, hit_id, 'the endpoint is ' || (fields ->> 'host'), 1 FROM v_hit
   WHERE rule = 'gateway_connecting' AND fields ->> 'host' LIKE '%.cluster-ro-%.rds.amazonaws.com%'
  UNION ALL                    -- each account of that name, whichever host it is for
  SELECT 'auth-plugin', t, hit_id, plugin, 1 FROM login l
   WHERE NOT fits AND user IN (SELECT user FROM mine)
     AND NOT EXISTS (SELECT 1 FROM login o WHERE o.user = l.user AND o.fits)
  UNION ALL
  SELECT 'auth-plugin', t, hit_id, fields ->> 'plugin', 1 FROM v_hit
   WHERE rule = 'connect_auth_plugin'
     AND lower(fields ->> 'plugin') NOT IN ('caching_sha2_password', 'sha256_password')
  UNION ALL                    -- its grants are known, and none lets it read the binary log
  SELECT 'privileges', g.t, g.hit_id, 'REPLICATION SLAVE', 1 FROM v_hit g
   WHERE g.rule = 'grant' AND g.fields ->> 'user' IN (SELECT user FROM mine)
     AND coalesce(g.role, 'unknown') NOT IN ('replica', 'target')
     AND replace(g.fields ->> 'scope', '`', '') = '*.*'
     AND NOT EXISTS (SELECT 1 FROM v_hit o
                      WHERE o.rule = 'grant' AND o.fields ->> 'user' = g.fields ->> 'user'
                        AND (o.fields ->> 'privileges' IS NULL -- a role
                             OR o.fields ->> 'privileges' LIKE '%REPLICATION SLAVE%'
                             OR o.fields ->> 'privileges' LIKE '%REPLICATION REPLICA%'
                             OR o.fields ->> 'privileges' LIKE 'ALL%'));

CREATE VIEW v_orphan AS        -- the first row of a child table without its parent; by the tables' own names
  SELECT min(t) AS t, hit_id, lower(replace(name, rtrim(name, replace(name, '.', '')), '')) AS child, parent
    FROM (SELECT t, hit_id, fields ->> 'table' AS name, lower(fields ->> 'parent') AS parent
            FROM v_hit WHERE rule = 'foreign_key_violated')
   GROUP BY child, parent;

CREATE VIEW v_out_of_step AS   -- a child table's reader is ahead of its parent's; far: by files
  WITH place AS MATERIALIZED (
         SELECT t, hit_id, instance_id, "table" AS name, file, pos, base, number FROM v_position
          WHERE kind IN ('checkpoint_written', 'checkpoint_loaded') AND "table" IS NOT NULL
         UNION ALL
         SELECT t, hit_id, instance_id, fields ->> 'table', fields ->> 'binlog_file',
                CAST(fields ->> 'binlog_pos' AS INTEGER),
                rtrim(fields ->> 'binlog_file', '0123456789'),
                CAST(replace(fields ->> 'binlog_file', rtrim(fields ->> 'binlog_file', '0123456789'), '') AS INTEGER)
           FROM v_hit WHERE rule = 'checkpoint_file' AND fields ->> 'table' IS NOT NULL),
       at AS (                 -- where each table stood: before the violation, else the next place known
         SELECT o.t AS orphan, o.child, o.parent, p.*,
                lower(replace(name, rtrim(name, replace(name, '.', '')), '')) AS short,
                row_number() OVER (PARTITION BY o.hit_id, p.instance_id, p.name
                                   ORDER BY coalesce(p.t > o.t, 1), abs(p.t - o.t)) AS n
           FROM v_orphan o, place p)
  SELECT c.orphan, c.t, c.hit_id, c.number > p.number AND c.parent IS NOT NULL AS far,
         c.name || ' stands at ' || c.file || ':' || c.pos || ', ' || p.name || ' at ' || p.file || ':' || p.pos AS value
    FROM at c JOIN at p ON p.orphan = c.orphan AND p.child IS c.child AND p.parent IS c.parent
                       AND p.instance_id IS c.instance_id AND p.base = c.base
   WHERE c.n = 1 AND p.n = 1 AND c.short = c.child AND p.short <> c.child
     AND (c.parent IS NULL OR p.short = c.parent) AND (c.number, c.pos) > (p.number, p.pos);

CREATE VIEW v_lag_growth AS    -- readers and flows that fall ever further behind, from first to last; slope: s a s
  SELECT instance_id, entity, count(*) AS n, min(t) AS first, max(t) AS last, min(lag) AS least,
         max(lag) AS most, max(latest) AS latest,
         (count(*) * sum(x * lag) - sum(x) * sum(lag)) / nullif(count(*) * sum(x * x) - sum(x) * sum(x), 0) AS slope
    FROM (SELECT v.*, (t - min(t) OVER (PARTITION BY instance_id, entity)) / 1e6 AS x,
                 first_value(lag) OVER (PARTITION BY instance_id, entity ORDER BY t DESC, hit_id DESC) AS latest
            FROM v_lag v)
   GROUP BY instance_id, entity
  HAVING n >= 5 AND slope >= 0.2 AND most >= 3 * least + 3 AND latest > 0.7 * most;

CREATE VIEW v_standstill AS    -- where a reader stood at last, since when, and a place of the source beyond it
  WITH p AS (SELECT t, hit_id, instance_id, file, pos, base, number,
                    first_value(hit_id) OVER (PARTITION BY instance_id ORDER BY t DESC, hit_id DESC) AS last
               FROM v_position WHERE kind = 'gateway_position'),
       now AS (SELECT * FROM p WHERE hit_id = last)
  SELECT now.instance_id, now.t, now.hit_id, now.file, now.pos, min(p.t) AS since, count(*) AS n,
         (SELECT max(b.file) || coalesce(':' || b.size, '') FROM v_binary_log b
           WHERE b.base = now.base AND (b.number > now.number OR (b.number = now.number AND b.size > now.pos))) AS beyond
    FROM now JOIN p ON p.instance_id IS now.instance_id AND p.file = now.file AND p.pos = now.pos
   GROUP BY now.instance_id;

CREATE VIEW v_gateway_off AS   -- from when till when a gateway had no source; NULL: not known to have ended
  SELECT v.start, v."end", v.start_hit AS hit_id, v.instance_id FROM interval v
   WHERE v.kind = 'link' AND v.state IN ('down', 'off', 'failed')
     AND EXISTS (SELECT 1 FROM interval u WHERE u.kind = 'link' AND u.state = 'up'
                    AND u.instance_id IS v.instance_id AND u.start < v.start)
  UNION ALL
  SELECT h.t, (SELECT min(n.t) FROM v_hit n
                WHERE n.rule = 'update_state' AND n.t > h.t AND n.fields ->> 'state' = 'RUNNING'
                  AND n.fields ->> 'pipeline_type' = 'INGESTION_GATEWAY'
                  AND n.fields ->> 'pipeline_id' = h.fields ->> 'pipeline_id'), h.hit_id, h.instance_id
    FROM v_hit h
   WHERE h.rule = 'update_state' AND h.fields ->> 'pipeline_type' = 'INGESTION_GATEWAY'
     AND h.fields ->> 'state' IN ('FAILED', 'CANCELED', 'COMPLETED');

CREATE VIEW v_schema_change AS -- a change of a schema, and a failure at `failed` that may be its
  WITH known AS MATERIALIZED ( -- tables of the source that a gateway reads
         SELECT DISTINCT lower(fields ->> 'table') AS full,
                lower(substr(fields ->> 'table', instr(fields ->> 'table', '.') + 1)) AS name
           FROM v_hit
          WHERE rule IN ('checkpoint_loaded', 'checkpoint_written', 'checkpoint_file', 'gateway_table')
            AND fields ->> 'table' IS NOT NULL),
       failed AS MATERIALIZED (     -- name: of the table; a target's may be another than the source's
         SELECT t, CASE WHEN rule <> 'target_write_failed' OR name IN (SELECT name FROM known) THEN name END AS name
           FROM (SELECT rule, t, replace(f, rtrim(f, replace(f, '.', '')), '') AS name
                   FROM (SELECT rule, t, lower(coalesce(fields ->> 'table', fields ->> 'target_table')) AS f
                           FROM v_hit
                          WHERE rule IN ('schema_mismatch', 'target_write_failed', 'ddl_not_supported')))),
       change AS (
         SELECT t, hit_id, fields, lower(fields ->> 'table_name') AS name,
                lower(fields ->> 'database') AS db
           FROM v_hit
          WHERE rule IN ('gateway_ddl_seen', 'ddl_statement')
            AND coalesce(role, 'unknown') NOT IN ('replica', 'target'))
  SELECT DISTINCT c.t, c.hit_id, c.fields, f.t AS failed
    FROM change c JOIN failed f ON c.t BETWEEN f.t - 86400000000 AND f.t + 60000000
     AND CASE WHEN c.name IS NULL THEN 1
              WHEN f.name IS NOT NULL THEN f.name = c.name
              ELSE (c.name IN (SELECT name FROM known) OR NOT EXISTS (SELECT 1 FROM known))
                   AND NOT EXISTS (SELECT 1 FROM failed o WHERE o.name IS NOT NULL AND o.name <> c.name
                                      AND o.t BETWEEN f.t - 3600000000 AND f.t + 3600000000) END
   WHERE c.db IS NULL OR c.name NOT IN (SELECT name FROM known)
      OR c.db || '.' || c.name IN (SELECT full FROM known);
