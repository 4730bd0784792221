/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Instance: which mysqld, gateway or pipeline each source speaks of.
 *
 * Every source speaks of one instance; of which kind, its logsource decides (mysql: mysqld;
 * databricks gateway, driver and jvm: gateway; pipeline_events: pipeline; else what its hits say,
 * and if they say nothing, it speaks of none).
 * Sources are joined by keys, strongest first, each step only where nothing stronger speaks
 * against it:
 *   1. identity: server_uuid, server_uid, gateway, pipeline_id. Equal joins, different never
 *      joins, whatever else agrees. update_id joins a gateway's log with its pipeline's events
 *      (the instance is a gateway then) and contradicts nothing: retries have several.
 *   2. address: host with port (not loopback).
 *   3. place: port, datadir, socket, pid_file. Different ports, datadirs or sockets never join.
 *      A value that every installation has by default (3306, /var/lib/mysql) tells nothing unless
 *      folder and qualifier agree as well; across folders places never join two server logs.
 *      host, hostname, server_id are kept for people and join nothing.
 *   4. name: folder and the file name's qualifier (replica-error.log, target-my.cnf,
 *      gateway-2.log, status_old_primary.txt), for sources that have nothing better: they join
 *      the one instance of their kind with the same folder and qualifier (a snapshot first looks
 *      among the snapshots taken with it); else the one in a folder of like name, the one of the
 *      same role, and for a snapshot without a qualifier the source; else the only one there is.
 * Names never decide against keys. rules/qualifier.h says what is read from them.
 *
 * Roles of a mysqld, first that speaks: --role; a peer's word (the gateway connects to it as its
 * source); its own (`role` of a hit); the name's. The only mysqld of which nothing is said is the
 * source, unless another one is. Else unknown.
 *
 * Deterministic: instances are numbered from 1 by kind (mysqld, gateway, pipeline), role
 * (source, replica, target, unknown) and their first source.
 */
#include <stdint.h>

#include "core/arena.h"

/* What one hit said by `instance:`, one for each key, or one with key NULL for the role alone. */
typedef struct LimnInstanceKey {
        LimnSlice kind;       /* mysqld, gateway, pipeline */
        LimnSlice role;       /* p NULL: not said */
        LimnSlice key, value; /* port = 3306 */
        /*
         * Statements of one hit carry one number, so that host and port of one sentence belong
         * together: any number that differs between hits of the same source.
         */
        uint32_t statement;
        /* Speaks of somebody else (the gateway's log names the server it connects to). Always so
         * when `kind` is not the source's own (gateway and pipeline count as one). */
        bool peer;
} LimnInstanceKey;

typedef struct LimnInstanceSource { /* in the order of SHA-256 */
        LimnSlice path;             /* from the last component of the argument on */
        LimnSlice product, service, format;
        LimnSlice role; /* --role; p NULL: not given */
        const LimnInstanceKey *keys;
        size_t n_keys;
} LimnInstanceSource;

typedef struct LimnInstanceHas {
        LimnSlice key, value; /* into the input */
        uint32_t source;      /* the first source that said so */
} LimnInstanceHas;

typedef struct LimnInstance {
        LimnSlice kind, role; /* literals */
        LimnSlice name;       /* its best key's value, for people; else its first source's path */
        const LimnInstanceHas *keys; /* sorted by key, value; own ones only, not peers' */
        size_t n_keys;
} LimnInstance;

typedef struct LimnInstances {
        LimnInstance *at; /* number k is at[k - 1] */
        size_t n;
        uint32_t *of_source; /* number of each source's instance; 0: it speaks of none */
        size_t n_sources;
        LimnInstanceHas *keys; /* of all of them */
        LimnArena *names;
} LimnInstances;

/* The result borrows the input's slices. 0 or -ENOMEM. */
int limn_instances(LimnInstances **ret, const LimnInstanceSource *sources, size_t n);
LimnInstances *limn_instances_free(LimnInstances *instances);
