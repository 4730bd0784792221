/* SPDX-License-Identifier: Apache-2.0 */
/* Cases follow the folders of recorded incidents: who has which keys there. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "rules/instance.h"
#include "rules/qualifier.h"

#define ERROR_LOG "mysql", "error", "mysql_error"
#define QUERIED "mysql", "snapshot", "snapshot"
#define CNF "mysql", "snapshot", "cnf"
#define GENERAL "mysql", "general", "mysql_general"
#define GATEWAY "databricks", "gateway", "gateway_log"
#define EVENTS "databricks", "pipeline_events", "pipeline_events"
#define PLAIN "", "", "plain"

/* Keys as "kind key value" words; "kind:role" for a role; "!" before a peer; statements by ";". */
typedef struct Row {
        const char *path, *product, *service, *format, *keys, *role;
        const char *instance; /* the name the others of it share, as a letter; "-": none */
} Row;

typedef struct Case {
        LimnInstanceSource sources[24];
        LimnInstanceKey keys[24][16];
        LimnInstances *got;
        size_t n;
} Case;

static LimnSlice word(LimnSlice *rest)
{
        size_t n = limn_slice_chr(*rest, ' ');
        LimnSlice w = limn_slice_to(*rest, n);

        *rest = limn_slice_from(*rest, n + 1);
        return w;
}

static size_t parse_keys(const char *text, LimnInstanceKey *keys)
{
        LimnSlice rest = limn_slice_str(text ? text : "");
        uint32_t statement = 0;
        size_t n = 0;

        while (rest.n) {
                LimnInstanceKey key = {.statement = statement};
                LimnSlice kind = word(&rest);
                size_t colon;

                if (limn_slice_eq(kind, LIMN_S(";"))) {
                        statement++;
                        continue;
                }
                if (kind.p[0] == '!') {
                        key.peer = true;
                        kind = limn_slice_from(kind, 1);
                }
                colon = limn_slice_chr(kind, ':');
                key.kind = limn_slice_to(kind, colon);
                if (colon < kind.n)
                        key.role = limn_slice_from(kind, colon + 1);
                key.key = word(&rest);
                key.value = word(&rest);
                if (limn_slice_eq(key.key, LIMN_S("-")))
                        key.key = key.value = LIMN_NONE;
                keys[n++] = key;
        }
        return n;
}

static void join(Case *c, const Row *rows, size_t n)
{
        size_t i;

        c->n = n;
        for (i = 0; i < n; i++)
                c->sources[i] = (LimnInstanceSource){
                        limn_slice_str(rows[i].path),    limn_slice_str(rows[i].product),
                        limn_slice_str(rows[i].service), limn_slice_str(rows[i].format),
                        limn_slice_str(rows[i].role),    c->keys[i],
                        parse_keys(rows[i].keys, c->keys[i])};
        assert_int_equal(limn_instances(&c->got, c->sources, n), 0);
}

static const LimnInstance *of(const Case *c, size_t source)
{
        uint32_t number = c->got->of_source[source];

        return number ? &c->got->at[number - 1] : NULL;
}

static void show(const Case *c, const Row *rows)
{
        for (size_t i = 0; i < c->n; i++)
                print_message("# %s -> %u\n", rows[i].path, c->got->of_source[i]);
}

/* Same letter, same instance; other letter, another. And the same when sources come reversed. */
static void check(const Row *rows, size_t n)
{
        for (int reversed = 0; reversed < 2; reversed++) {
                Row ordered[24];
                Case c = {0};
                size_t i, k;

                for (i = 0; i < n; i++)
                        ordered[i] = rows[reversed ? n - 1 - i : i];
                join(&c, ordered, n);
                for (i = 0; i < n; i++) {
                        bool none = strcmp(ordered[i].instance, "-") == 0;

                        if (none != (c.got->of_source[i] == 0)) {
                                show(&c, ordered);
                                fail_msg("%s: of an instance or not", ordered[i].path);
                        }
                        for (k = 0; k < i && !none; k++) {
                                bool same = strcmp(ordered[i].instance, ordered[k].instance) == 0;

                                if (same != (c.got->of_source[i] == c.got->of_source[k])) {
                                        show(&c, ordered);
                                        fail_msg("%s and %s", ordered[i].path, ordered[k].path);
                                }
                        }
                }
                limn_instances_free(c.got);
        }
}

#define CHECK(rows) check(rows, N_OF(rows))

static void role_is(const Row *rows, size_t n, size_t source, const char *role)
{
        Case c = {0};

        join(&c, rows, n);
        assert_slice(of(&c, source)->role, role);
        limn_instances_free(c.got);
}

/* 23: source and replica on one host, a gateway, its events, snapshots of the source. */
static const Row healthy[] = {
        {"h/mysql-error.log", ERROR_LOG, "mysqld server_uid gGtP mysqld port 33330", NULL, "S"},
        {"h/replica-error.log", ERROR_LOG, "mysqld server_uid Y1II mysqld port 33331", NULL, "R"},
        {"h/my.cnf", CNF, "mysqld port 33330 mysqld datadir /srv/lab/mysql/data", NULL, "S"},
        {"h/replica-my.cnf", CNF,
         "mysqld port 33331 mysqld datadir /srv/lab/replica/data", NULL, "R"},
        {"h/variables.tsv", QUERIED,
         "mysqld server_uid gGtP mysqld port 33330 mysqld datadir /srv/lab/mysql/data/", NULL, "S"},
        {"h/status.txt", QUERIED, NULL, NULL, "S"},
        {"h/master_status.txt", QUERIED, NULL, NULL, "S"},
        {"h/tables.txt", QUERIED, NULL, NULL, "S"},
        {"h/show_slave_status.txt", QUERIED,
         "mysqld:replica - - ; !mysqld:source port 33330", NULL, "R"},
        {"h/general.log", GENERAL, NULL, NULL, "S"},
        {"h/gateway.log", GATEWAY,
         "gateway gateway gw-3f7f gateway update_id 8754 ; mysqld:source host 127.0.0.1 "
         "mysqld:source port 33330", NULL, "G"},
        {"h/gateway.jsonl", GATEWAY, "gateway gateway gw-3f7f", NULL, "G"},
        {"h/gateway-jdbc.log", GATEWAY, NULL, NULL, "G"},
        {"h/pipeline_events.json", EVENTS,
         "pipeline update_id 8754 pipeline pipeline_id 1a39", NULL, "G"},
        {"h/client_output.txt", PLAIN, NULL, NULL, "-"},
};

static void test_healthy(void **state)
{
        Case c = {0};

        CHECK(healthy);
        join(&c, healthy, N_OF(healthy));
        assert_int_equal(c.got->n, 3);
        assert_slice(c.got->at[0].kind, "mysqld");
        assert_slice(c.got->at[0].role, "source");
        assert_slice(c.got->at[0].name, "mysqld:33330");
        assert_slice(c.got->at[1].role, "replica");
        assert_slice(c.got->at[2].kind, "gateway");
        assert_slice(c.got->at[2].name, "gw-3f7f");
        assert_int_equal(c.got->of_source[0], 1);
        /* Own keys, once each, sorted; what it says of peers is theirs. */
        assert_int_equal(c.got->at[2].n_keys, 3);
        assert_slice(c.got->at[2].keys[0].key, "gateway");
        assert_slice(c.got->at[2].keys[1].key, "pipeline_id");
        assert_slice(c.got->at[2].keys[2].key, "update_id");
        limn_instances_free(c.got);
}

/* 28: after a failover the unqualified snapshots are the new primary's, my.cnf is the old one's. */
static const Row failover[] = {
        {"f/mysql-error.log", ERROR_LOG, "mysqld server_uid ESNz mysqld port 33380", NULL, "A"},
        {"f/replica-error.log", ERROR_LOG, "mysqld server_uid lWDX mysqld port 33381", NULL, "B"},
        {"f/my.cnf", CNF, "mysqld port 33380", NULL, "A"},
        {"f/replica-my.cnf", CNF, "mysqld port 33381", NULL, "B"},
        {"f/variables.tsv", QUERIED, "mysqld server_uid lWDX mysqld port 33381", NULL, "B"},
        {"f/status.txt", QUERIED, NULL, NULL, "B"},
        {"f/variables_old_primary.tsv", QUERIED,
         "mysqld server_uid ESNz mysqld port 33380", NULL, "A"},
        {"f/status_old_primary.txt", QUERIED, NULL, NULL, "A"},
        {"f/gateway.log", GATEWAY,
         "gateway gateway gw-eaba ; mysqld:source host 127.0.0.1 mysqld:source port 33380 ; "
         "mysqld:source host 127.0.0.1 mysqld:source port 33381", NULL, "G"},
};

static void test_failover(void **state)
{
        CHECK(failover);
        role_is(failover, N_OF(failover), 0, "source");
        role_is(failover, N_OF(failover), 1, "source"); /* a peer's word is above a file's name */
}

/* 22: two gateways work for one pipeline: its id must not make them one. */
static const Row two_gateways[] = {
        {"w/gateway.log", GATEWAY, "gateway gateway gw-green gateway update_id 23ce", NULL, "1"},
        {"w/gateway-2.log", GATEWAY, "gateway gateway gw-blue gateway update_id e43d", NULL, "2"},
        {"w/gateway-2.jsonl", GATEWAY, NULL, NULL, "2"},
        {"w/pipeline_events.json", EVENTS,
         "pipeline update_id 23ce pipeline pipeline_id 218c", NULL, "1"},
        {"w/pipeline_events-2.json", EVENTS,
         "pipeline update_id e43d pipeline pipeline_id 218c", NULL, "2"},
        {"w/mysql-error.log", ERROR_LOG, "mysqld server_uid KlE mysqld port 33320", NULL, "S"},
};

/* 06: what was collected later is of the same server. */
static const Row later[] = {
        {"l/mysql-error.log", ERROR_LOG, "mysqld server_uid 8F3G mysqld port 33160", NULL, "S"},
        {"l/variables.tsv", QUERIED, "mysqld server_uid 8F3G", NULL, "S"},
        {"l/variables_after.tsv", QUERIED, "mysqld server_uid 8F3G", NULL, "S"},
        {"l/status.txt", QUERIED, NULL, NULL, "S"},
        {"l/status_after.txt", QUERIED, NULL, NULL, "S"},
        {"l/processlist_after.txt", QUERIED, NULL, NULL, "S"},
};

/* 10: three servers. */
static const Row three[] = {
        {"t/mysql-error.log", ERROR_LOG, "mysqld server_uid Y94z mysqld port 33200", NULL, "S"},
        {"t/replica-error.log", ERROR_LOG, "mysqld server_uid IT+G mysqld port 33202", NULL, "R"},
        {"t/target-error.log", ERROR_LOG, "mysqld server_uid F5Cw mysqld port 33201", NULL, "T"},
        {"t/target-my.cnf", CNF, "mysqld port 33201", NULL, "T"},
        {"t/target_tables.txt", QUERIED, NULL, NULL, "T"},
        {"t/tables.txt", QUERIED, NULL, NULL, "S"},
};

/* MySQL 8: no identity in the log, everything at its default. */
static const Row defaults[] = {
        {"d/mysql-error.log", ERROR_LOG,
         "mysqld port 3306 mysqld socket /var/run/mysqld/mysqld.sock", NULL, "S"},
        {"d/replica-error.log", ERROR_LOG,
         "mysqld port 3306 mysqld socket /var/run/mysqld/mysqld.sock", NULL, "R"},
        {"d/variables.txt", QUERIED, "mysqld server_uuid 1111 mysqld port 3306", NULL, "S"},
        {"d/replica-variables.txt", QUERIED, "mysqld server_uuid 2222 mysqld port 3306", NULL, "R"},
        {"d/replica-status.txt", QUERIED, NULL, NULL, "R"},
};

/* Folders that say what files are, and folders that say whose. */
static const Row folders[] = {
        {"c/logs/mysql-error.log", ERROR_LOG, "mysqld port 3307", NULL, "S"},
        {"c/config/variables.txt", QUERIED, "mysqld server_uuid 1111 mysqld port 3307", NULL, "S"},
        {"c/config/status.txt", QUERIED, NULL, NULL, "S"},
};
static const Row hosts[] = {
        {"c/db1/error.log", ERROR_LOG, "mysqld port 3307", NULL, "1"},
        {"c/db2/error.log", ERROR_LOG, "mysqld port 3307", NULL, "2"},
        {"c/db1/variables.txt", QUERIED, "mysqld server_uuid 1111 mysqld port 3307", NULL, "1"},
        {"c/db2/variables.txt", QUERIED, "mysqld server_uuid 2222 mysqld port 3307", NULL, "2"},
        {"c/db2/status.txt", QUERIED, NULL, NULL, "2"},
        {"c/db1/general.log", GENERAL, NULL, NULL, "1"},
};

/* Keys contradict names, and each other. */
static const Row contradictions[] = {
        {"x/mysql-error.log", ERROR_LOG, "mysqld server_uuid 1111 mysqld port 3306", NULL, "1"},
        {"x/mysql-error.log.1", ERROR_LOG, "mysqld server_uuid 1111 mysqld port 3306", NULL, "1"},
        {"x/variables.txt", QUERIED, "mysqld server_uuid 2222 mysqld port 3306", NULL, "2"},
};

/* An address joins whatever the folder; a loopback does not. */
static const Row addresses[] = {
        {"p/a.log", ERROR_LOG, "mysqld host db.example mysqld port 3306", NULL, "1"},
        {"q/b-variables.txt", QUERIED, "mysqld host db.example mysqld port 3306", NULL, "1"},
        {"r/c.log", ERROR_LOG, "mysqld host 127.0.0.1 mysqld port 3310", NULL, "2"},
        {"s/d.log", ERROR_LOG, "mysqld host 127.0.0.1 mysqld port 3310", NULL, "3"},
};

/* No key anywhere: names are all there is. */
static const Row nameless[] = {
        {"n/mysql-error.log", ERROR_LOG, NULL, NULL, "S"},
        {"n/mysql-error.log.1.gz", ERROR_LOG, NULL, NULL, "S"},
        {"n/status.txt", QUERIED, NULL, NULL, "S"},
        {"n/replica-error.log", ERROR_LOG, NULL, NULL, "R"},
};

/* A checkpoint is of no known product; its hit says whose it is. */
static const Row checkpoint[] = {
        {"k/gateway.log", GATEWAY, "gateway gateway gw-1", NULL, "G"},
        {"k/checkpoints/orders.json", PLAIN, "gateway gateway gw-1", NULL, "G"},
        {"k/checkpoints/other.json", PLAIN, "gateway gateway gw-2", NULL, "H"},
        {"k/notes.txt", PLAIN, NULL, NULL, "-"},
};

/* Without keys: a word may be about anything, a number tells one of several. */
static const Row words[] = {
        {"m/gateway.log", GATEWAY, "gateway gateway gw-1", NULL, "G"},
        {"m/checkpoints/orders_checkpoint.json", EVENTS, NULL, NULL, "G"},
        {"m/gateway-2.log", GATEWAY, NULL, NULL, "H"},
        {"m/mysql-error.log", ERROR_LOG, "mysqld server_uuid 1", NULL, "S"},
        {"m/status_old_primary.txt", QUERIED, NULL, NULL, "T"},
};

/* One pipeline on one host, no ids in common. */
static const Row by_host[] = {
        {"b/one.jsonl", GATEWAY, "gateway host gw-01 gateway pipeline_name sales", NULL, "1"},
        {"b/two.json", EVENTS, "pipeline host gw-01 pipeline pipeline_name sales", NULL, "1"},
        {"b/three.json", EVENTS, "pipeline host gw-02 pipeline pipeline_name sales", NULL, "2"},
};

static void test_joins(void **state)
{
        CHECK(two_gateways);
        CHECK(later);
        CHECK(three);
        CHECK(defaults);
        CHECK(folders);
        CHECK(hosts);
        CHECK(contradictions);
        CHECK(addresses);
        CHECK(nameless);
        CHECK(checkpoint);
        CHECK(words);
        CHECK(by_host);
}

static void test_roles(void **state)
{
        static const Row given[] = {
                {"g/a-error.log", ERROR_LOG, "mysqld server_uuid 1", "target", "A"},
                {"g/replica-error.log", ERROR_LOG, "mysqld server_uuid 2", "source", "B"},
        };
        static const Row alone[] = {
                {"07/mysql-error.log", ERROR_LOG, "mysqld port 33170", NULL, "S"},
                {"07/gateway.log", GATEWAY,
                 "gateway gateway gw-b2 ; mysqld:source host 127.0.0.1 mysqld:source port 33177",
                 NULL, "G"},
        };
        static const Row several[] = {
                {"v/a-error.log", ERROR_LOG, "mysqld server_uuid 1", NULL, "A"},
                {"v/b-error.log", ERROR_LOG, "mysqld server_uuid 2", NULL, "B"},
        };
        static const Row own[] = {
                {"o/a-error.log", ERROR_LOG, "mysqld server_uuid 1", NULL, "A"},
                {"o/b-error.log", ERROR_LOG, "mysqld:replica server_uuid 2", NULL, "B"},
        };
        static const Row same_port[] = {
                {"y/db1/error.log", ERROR_LOG,
                 "mysqld hostname db1.example mysqld port 3306", NULL, "A"},
                {"y/db2/error.log", ERROR_LOG,
                 "mysqld hostname db2.example mysqld port 3306", NULL, "B"},
                {"y/gateway.log", GATEWAY,
                 "mysqld:source host db2.example mysqld:source port 3306", NULL, "G"},
        };

        static const Row stranger[] = {
                {"r/replica-error.log", ERROR_LOG, "mysqld:replica port 3306", NULL, "R"},
                {"r/gateway.log", GATEWAY,
                 "mysqld:source host db1.example mysqld:source port 3306", NULL, "G"},
        };
        static const Row promoted[] = {
                {"p/replica-error.log", ERROR_LOG,
                 "mysqld:replica hostname db1.example mysqld port 3306", NULL, "R"},
                {"p/gateway.log", GATEWAY,
                 "mysqld:source host db1.example mysqld:source port 3306", NULL, "G"},
        };

        role_is(stranger, N_OF(stranger), 0, "replica"); /* the port is everybody's */
        role_is(promoted, N_OF(promoted), 0, "source");
        role_is(given, N_OF(given), 0, "target");
        role_is(given, N_OF(given), 1, "source");
        role_is(alone, N_OF(alone), 0, "source"); /* the gateway goes through a proxy */
        role_is(several, N_OF(several), 0, "unknown");
        role_is(several, N_OF(several), 1, "unknown");
        role_is(own, N_OF(own), 0, "source");
        role_is(own, N_OF(own), 1, "replica");
        role_is(three, N_OF(three), 0, "source");
        role_is(three, N_OF(three), 1, "replica");
        role_is(three, N_OF(three), 2, "target");
        role_is(same_port, N_OF(same_port), 1, "source");
        role_is(same_port, N_OF(same_port), 0, "unknown");
}

static void test_qualifiers(void **state)
{
        static const struct {
                const char *path, *folder, *role, *which, *when;
        } rows[] = {
                {"a/mysql-error.log", "a", "", "", ""},
                {"a/b/replica-error.log", "a/b", "replica", "", ""},
                {"target-my.cnf", "", "target", "", ""},
                {"gateway-2.log", "", "", "2", ""},
                {"pipeline_events-2.json", "", "", "2", ""},
                {"status_after.txt", "", "", "", "after"},
                {"variables_vertical_old_primary.txt", "", "", "old_primary", ""},
                {"show_slave_status.txt", "", "replica", "", ""},
                {"master_status.txt", "", "", "", ""},
                {"SHOW MASTER STATUS.txt", "", "", "", ""},
                {"mysql-error.log.3.gz", "", "", "", ""},
                {"mysql-error.log-20261122", "", "", "", ""},
                {"ip-10-0-1-5-error.log", "", "", "ip-10-0-1-5", ""},
                {"prod_orders_variables.txt", "", "", "prod_orders", ""},
                {"Source-Error.LOG", "", "source", "", ""},
                {"/", "", "", "", ""},
                {"", "", "", "", ""},
        };

        for (size_t i = 0; i < N_OF(rows); i++) {
                LimnQualifier q = limn_qualifier(limn_slice_str(rows[i].path));
                LimnSlice got[] = {q.folder, q.role, q.which, q.when};
                const char *want[] = {rows[i].folder, rows[i].role, rows[i].which, rows[i].when};

                for (size_t k = 0; k < 4; k++)
                        if (!limn_slice_eq(got[k], limn_slice_str(want[k])))
                                fail_msg("%s: %zu is \"%.*s\", want \"%s\"", rows[i].path, k,
                                         LIMN_FMT(got[k]), want[k]);
        }
}

/* 4,000 sources, half of them without a key, end soon. */
static void test_many(void **state)
{
        enum { N = 4000 };
        LimnInstanceSource *sources = calloc(N, sizeof *sources);
        LimnInstanceKey *keys = calloc(N, sizeof *keys);
        char(*paths)[32] = calloc(N, sizeof *paths);
        LimnInstances *got;
        size_t i;

        assert_true(sources && keys && paths);
        for (i = 0; i < N; i++) {
                snprintf(paths[i], sizeof paths[i], "d%zu/error.log", i % 2000);
                keys[i] = (LimnInstanceKey){.kind = LIMN_S("mysqld"),
                                            .key = LIMN_S("server_uuid"),
                                            .value = limn_slice_str(paths[i])};
                sources[i] = (LimnInstanceSource){.path = limn_slice_str(paths[i]),
                                                  .product = LIMN_S("mysql"),
                                                  .service = LIMN_S("error"),
                                                  .format = LIMN_S("mysql_error"),
                                                  .keys = &keys[i],
                                                  .n_keys = i < 2000};
        }
        assert_int_equal(limn_instances(&got, sources, N), 0);
        assert_int_equal(got->n, 2000);
        for (i = 0; i < 2000; i++)
                assert_int_equal(got->of_source[i], got->of_source[i + 2000]);
        limn_instances_free(got);
        free(sources);
        free(keys);
        free(paths);
}

static void test_nothing(void **state)
{
        LimnInstances *got;

        assert_int_equal(limn_instances(&got, NULL, 0), 0);
        assert_int_equal(got->n, 0);
        limn_instances_free(got);
        assert_null(limn_instances_free(NULL));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_healthy),    cmocka_unit_test(test_failover),
                cmocka_unit_test(test_joins),      cmocka_unit_test(test_roles),
                cmocka_unit_test(test_qualifiers), cmocka_unit_test(test_many),
                cmocka_unit_test(test_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
