/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes inputs for the benchmarks: `generate KIND MIB`, KIND mysql (an 8.0 error log of which about
 * 0.5 % of lines are of interest to the rules), busy (the same with 20 %) or events (pipeline
 * events, one a line). The same arguments give the same bytes (of one compiler: the order of
 * arguments is its choice).
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/random.h"
#include "core/time.h"

static const char *const users[] = {"app", "report", "etl", "billing", "web", "backup", "monitor",
                                    "orders_rw", "crm"};
static const char *const databases[] = {"shop", "billing", "crm", "orders", "inventory", "auth"};
static const char *const tables[] = {"customers", "invoices", "payments", "order_items", "sessions",
                                     "audit_log", "prices", "shipments", "returns"};

#define PICK(array) array[below(sizeof(array) / sizeof(array[0]))]
#define IP 10, below(4), below(32), 1 + below(250)

static uint64_t put_stamp(LimnTime t, unsigned thread, const char *level, unsigned code,
                          const char *subsystem)
{
        char iso[LIMN_TIME_ISO_MAX];

        return (uint64_t)printf("%s %u [%s] [MY-%06u] [%s] ", limn_time_iso_str(t, iso), thread,
                                level, code, subsystem);
}

/* One of what a busy and healthy server writes all day. */
static uint64_t put_usual(LimnTime t, unsigned thread)
{
        uint64_t n;

        switch (below(12)) {
        case 0:
        case 1:
        case 2:
                n = put_stamp(t, thread, "Warning", 13360, "Server");
                return n + (uint64_t)printf("Plugin mysql_native_password reported: "
                                            "''mysql_native_password' is deprecated and will be "
                                            "removed in a future release. Please use "
                                            "caching_sha2_password instead'\n");
        case 3:
        case 4:
                n = put_stamp(t, thread, "Warning", 10055, "Server");
                return n + (uint64_t)printf("IP address '%u.%u.%u.%u' could not be resolved: Name "
                                            "or service not known\n", IP);
        case 5:
                n = put_stamp(t, 0, "Note", 11953, "InnoDB");
                return n + (uint64_t)printf("Page cleaner took %ums to flush %u and evict %u "
                                            "pages\n", 1000 + below(9000), below(4000),
                                            below(300));
        case 6:
                n = put_stamp(t, 0, "Note", 13532, "InnoDB");
                return n + (uint64_t)printf("The log sequence number %" PRIu64 " of tablespace "
                                            "'%s/%s' was checkpointed in %u ms.\n", seed >> 20,
                                            PICK(databases), PICK(tables), below(900));
        case 7:
        case 8:
                n = put_stamp(t, thread, "Warning", 13712, "Server");
                return n + (uint64_t)printf("No suitable '%s_%s' service implementation found to "
                                            "fulfill the request.\n", PICK(databases),
                                            PICK(tables));
        case 9:
                n = put_stamp(t, 0, "Note", 12551, "InnoDB");
                return n + (uint64_t)printf("Buffer pool(s) dump completed at %u pages, lsn "
                                            "%" PRIu64 "\n", below(900000), seed >> 24);
        case 10:
                n = put_stamp(t, thread, "Note", 11071, "Server");
                return n + (uint64_t)printf("Table '%s.%s' statistics recalculated, %u rows "
                                            "sampled in %u.%03u s\n", PICK(databases),
                                            PICK(tables), below(5000000), below(9), below(1000));
        default:
                n = put_stamp(t, thread, "Warning", 10897, "Repl");
                return n + (uint64_t)printf("Storing user name or password information in the "
                                            "connection metadata repository is not secure (%u)\n",
                                            below(100000));
        }
}

/* One of what somebody looking for a failed ingestion wants to see. */
static uint64_t put_telling(LimnTime t, unsigned thread)
{
        static const char *const why[] = {"Got an error reading communication packets",
                                          "Got timeout reading communication packets",
                                          "Got an error writing communication packets"};
        uint64_t n;

        switch (below(4)) {
        case 0:
                n = put_stamp(t, thread, "Note", 10462, "Repl");
                return n + (uint64_t)printf("Start binlog_dump to source_thread_id(%u) "
                                            "replica_server(%u), pos(binlog.%06u, %u)\n", thread,
                                            1000 + below(3), 1 + below(900), 4 + below(100000000));
        case 1:
                n = put_stamp(t, thread, "Note", 10926, "Server");
                return n + (uint64_t)printf("Access denied for user '%s'@'%u.%u.%u.%u' (using "
                                            "password: YES)\n", PICK(users), IP);
        default:
                n = put_stamp(t, thread, "Note", 10914, "Server");
                return n + (uint64_t)printf("Aborted connection %u to db: '%s' user: '%s' host: "
                                            "'%u.%u.%u.%u' (%s).\n", thread, PICK(databases),
                                            PICK(users), IP, PICK(why));
        }
}

static void make_mysql(uint64_t bytes, unsigned telling) /* of a thousand lines */
{
        LimnTime t = limn_days_from_civil(2026, 11, 1) * LIMN_DAY;

        for (uint64_t n = 0; n < bytes;) {
                unsigned thread = 8 + below(60000);

                t += below(1200000);
                n += below(1000) < telling ? put_telling(t, thread) : put_usual(t, thread);
        }
}

static uint64_t put_event(LimnTime t)
{
        static const char *const states[] = {"RUNNING", "RUNNING", "RUNNING", "COMPLETED",
                                             "QUEUED"};
        const char *type = below(200) ? "flow_progress" : "update_progress";
        const char *state = PICK(states), *table = PICK(tables);
        char iso[LIMN_TIME_ISO_MAX];

        return (uint64_t)printf(
                "{\"id\":\"%08x-%04x-11f0-9%03x-%08x%04x\",\"sequence\":{\"data_plane_id\":"
                "{\"instance\":\"execution\",\"seq_no\":%" PRIu64 "}},\"origin\":{\"cloud\":\"AWS\","
                "\"region\":\"eu-west-1\",\"pipeline_id\":\"6b1a9c0e-3f2d-4c11-9a55-%012x\","
                "\"pipeline_name\":\"mysql_ingestion\",\"update_id\":\"%08x-0000-4000-8000-"
                "000000000001\",\"flow_name\":\"%s\"},\"timestamp\":\"%s\",\"message\":\"Flow '%s' "
                "is %s.\",\"level\":\"%s\",\"details\":{\"%s\":{\"status\":\"%s\","
                "\"metrics\":{\"num_output_rows\":%u,\"backlog_bytes\":%u}}},\"event_type\":\"%s\","
                "\"maturity_level\":\"EVOLVING\"}\n",
                below(UINT32_MAX), below(65536), below(4096), below(UINT32_MAX), below(65536),
                seed >> 40, 7, below(40), table, limn_time_iso_str(t, iso), table, state,
                below(50) ? "INFO" : "METRICS", type, state, below(100000), below(1000000), type);
}

static void make_events(uint64_t bytes)
{
        LimnTime t = limn_days_from_civil(2026, 11, 1) * LIMN_DAY;

        for (uint64_t n = 0; n < bytes;) {
                t += below(2000000);
                n += put_event(t);
        }
}

int main(int argc, char **argv)
{
        static char buffer[1 << 20];
        long long mib = 0;

        if (argc != 3 || !limn_slice_i64(limn_slice_str(argv[2]), &mib) || mib < 1) {
                fprintf(stderr, "usage: generate mysql|busy|events MIB\n");
                return 2;
        }
        setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
        if (strcmp(argv[1], "mysql") == 0)
                make_mysql((uint64_t)mib << 20, 5);
        else if (strcmp(argv[1], "busy") == 0)
                make_mysql((uint64_t)mib << 20, 200);
        else
                make_events((uint64_t)mib << 20);
        return fflush(stdout) == 0 ? 0 : 1;
}
