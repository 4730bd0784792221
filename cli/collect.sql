-- SPDX-License-Identifier: Apache-2.0
--
-- What limn asks a MySQL or MariaDB server: nothing here writes, locks a table or changes a
-- setting. Each block tells the time first, the server's and UTC, so that its rows can be set
-- beside logs. A statement that this server or account does not have fails, and the next one runs
-- (mysql --force); the error is an answer, too.
--
-- Lines that begin with "-- <" are read by `limn collect`: what stands after it is put in for
-- each schema, or each account, of the command line; nothing without one.

-- Which server is this, and what does it think the time is?
SELECT NOW(), UTC_TIMESTAMP(), VERSION(), @@hostname, @@port, @@server_id;

-- Settings: binary log format, retention, row image, time zone, timeouts, limits.
SELECT NOW(), UTC_TIMESTAMP();
SHOW GLOBAL VARIABLES;

-- Counters: uptime, aborted connections, the most connections in use.
SELECT NOW(), UTC_TIMESTAMP();
SHOW GLOBAL STATUS;

-- Which binary logs there still are; the gateway's position must lie in one of them.
SELECT NOW(), UTC_TIMESTAMP();
SHOW BINARY LOGS;

-- Where the server writes: before 8.4, and since.
SELECT NOW(), UTC_TIMESTAMP();
SHOW MASTER STATUS;
SHOW BINARY LOG STATUS;

-- Is it a replica itself, and does it keep up? Since 8.0.22 and 10.5, and before.
SELECT NOW(), UTC_TIMESTAMP();
SHOW REPLICA STATUS\G
SHOW SLAVE STATUS\G

-- Is the gateway's account connected ("Binlog Dump")?
SELECT NOW(), UTC_TIMESTAMP();
SHOW PROCESSLIST;

-- Amazon RDS and Aurora: the retention in force ('binlog retention hours').
SELECT NOW(), UTC_TIMESTAMP();
CALL mysql.rds_show_configuration;

-- What the gateway's account may do.
-- <account> SELECT NOW(), UTC_TIMESTAMP();
-- <account> SHOW GRANTS FOR %;

-- Which tables there are.
-- <schema> SELECT NOW(), UTC_TIMESTAMP();
-- <schema> SHOW TABLES FROM %;
