/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a case. The file's header is read before SQLite is: what is not a case is refused
 * untouched.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "db/case_private.h"

/* Where SQLite's file header (www.sqlite.org/fileformat.html) keeps big-endian numbers. */
enum { HEADER_BYTES = 100, USER_VERSION_AT = 60, APPLICATION_ID_AT = 68 };
enum { BUSY_MILLISECONDS = 500, CACHE_KIB = 16 * 1024 };

#define MEMORY ":memory:"

static uint32_t be32(const unsigned char *p)
{
        return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool is_memory(const char *path)
{
        return strcmp(path, MEMORY) == 0;
}

/* Is there a file `path``suffix` with anything in it? */
static bool has_beside(const char *path, const char *suffix)
{
        LimnBuf name = LIMN_BUF(SIZE_MAX / 2);
        struct stat st;

        limn_buf_add_str(&name, path);
        limn_buf_add_str(&name, suffix);
        bool yes = !name.error && stat(name.p, &st) == 0 && st.st_size > 0;
        limn_buf_done(&name);
        return yes;
}

static int refuse_ids(LimnCase *c, uint32_t application_id, uint32_t version, LimnDiag *diag)
{
        if (application_id != LIMN_CASE_APPLICATION_ID)
                return limn_case_invalid(c, diag, "not a limn case",
                                         "it is an SQLite database of another program");
        if (version == LIMN_CASE_VERSION)
                return 0;
        limn_diag_addf(diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .where = c->path,
                                      .why = version > LIMN_CASE_VERSION
                                                     ? "it was written by a newer limn"
                                                     : "it was written by an older limn",
                                      .help = "use that limn, or read the sources into a new "
                                              "case: limn analyze PATH... --case NEW"},
                       "cannot use a case of layout %u; this limn knows layout %d", version,
                       LIMN_CASE_VERSION);
        return -EINVAL;
}

/* SQLite would only say that it cannot open the file. 1: it can be made. */
static int check_folder(LimnCase *c, LimnDiag *diag)
{
        const char *slash = strrchr(c->path, '/');
        char *folder = slash == c->path ? strdup("/")
                       : slash          ? strndup(c->path, (size_t)(slash - c->path))
                                        : strdup(".");
        int r = !folder ? -ENOMEM : access(folder, W_OK | X_OK) < 0 ? -errno : 1;

        if (r < 0)
                limn_diag_add(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                   .what = "cannot make the case",
                                                   .where = c->path,
                                                   .why = strerror(-r),
                                                   .help = "--case FILE puts it into a folder that "
                                                           "exists and can be written"});
        free(folder);
        return r;
}

/* 0 a case as far as its header tells, 1 nothing there yet. */
static int check_header(LimnCase *c, unsigned flags, LimnDiag *diag)
{
        unsigned char head[HEADER_BYTES];
        struct stat st;
        const char *why;
        int r;

        int fd = open(c->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd < 0) {
                if (errno == ENOENT && (flags & LIMN_CASE_CREATE))
                        return check_folder(c, diag);
                r = -errno;
                limn_diag_add(diag, &(LimnMessage){
                                            .severity = LIMN_DIAG_ERROR,
                                            .what = "cannot open the case",
                                            .where = c->path,
                                            .why = strerror(-r),
                                            .help = r == -ENOENT
                                                            ? "limn analyze PATH... makes a case"
                                                            : NULL});
                return r;
        }
        ssize_t n = pread(fd, head, sizeof head, 0);
        bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
        close(fd);
        if (!regular)
                why = "it is not a regular file";
        else if (n < 0)
                why = "it cannot be read";
        else if (n == (ssize_t)sizeof head && memcmp(head, "SQLite format 3", 16) == 0)
                return refuse_ids(c, be32(head + APPLICATION_ID_AT), be32(head + USER_VERSION_AT),
                                  diag);
        else if (n == 0 && (flags & LIMN_CASE_CREATE))
                return 1;
        else if (has_beside(c->path, "-journal"))
                return 0; /* an interrupted first commit: SQLite takes it back, we look again */
        else
                why = n == 0 ? "the file is empty" : "it is not an SQLite database";
        return limn_case_invalid(c, diag, "not a limn case", why);
}

/* file: URI of the path, for the one option that only a URI can carry. */
static int immutable_uri(const char *path, LimnBuf *ret)
{
        limn_buf_add_str(ret, path[0] == '/' ? "file://" : "file:");
        for (const char *p = path; *p; p++) {
                if (strchr("%?#", *p))
                        limn_buf_printf(ret, "%%%02x", (unsigned char)*p);
                else
                        limn_buf_add_char(ret, *p);
        }
        return limn_buf_add_str(ret, "?immutable=1");
}

static int connect_to(LimnCase *c, int flags, bool immutable)
{
        LimnBuf name = LIMN_BUF(SIZE_MAX / 2);

        limn_case_caches_done(c);
        sqlite3_close(c->db);
        c->db = NULL;
        if (immutable) {
                immutable_uri(c->path, &name);
                flags |= SQLITE_OPEN_URI;
        } else {
                /* A name that looks like a URI is still a name. */
                if (strncmp(c->path, "file:", 5) == 0)
                        limn_buf_add_str(&name, "./");
                limn_buf_add_str(&name, c->path);
        }
        int rc = name.error ? SQLITE_NOMEM
                            : sqlite3_open_v2(limn_buf_str(&name), &c->db,
                                              flags | SQLITE_OPEN_NOMUTEX, NULL);
        limn_buf_done(&name);
        if (rc != SQLITE_OK)
                return rc;
        sqlite3_extended_result_codes(c->db, 1);
        sqlite3_busy_timeout(c->db, BUSY_MILLISECONDS);
        return limn_case_guard_install(c);
}

static int touch(LimnCase *c)
{
        return sqlite3_exec(c->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
}

static int open_reading(LimnCase *c, LimnDiag *diag)
{
        int rc = connect_to(c, SQLITE_OPEN_READONLY, false);
        if (rc == SQLITE_OK)
                rc = touch(c);
        if ((rc & 0xff) == SQLITE_READONLY || (rc & 0xff) == SQLITE_CANTOPEN) {
                bool pending = has_beside(c->path, "-journal") || has_beside(c->path, "-wal");
                if (!pending) {
                        /* A case that somebody turned to WAL, in a read-only folder. */
                        rc = connect_to(c, SQLITE_OPEN_READONLY, true);
                } else {
                        /* A killed run left its last transaction: a writer must take it back. */
                        rc = connect_to(c, SQLITE_OPEN_READWRITE, false);
                        if (rc == SQLITE_OK)
                                rc = touch(c);
                        if (rc == SQLITE_OK)
                                rc = connect_to(c, SQLITE_OPEN_READONLY, false);
                }
                if (rc == SQLITE_OK)
                        rc = touch(c);
        }
        if (rc == SQLITE_OK)
                rc = sqlite3_exec(c->db, "PRAGMA query_only = 1; PRAGMA temp_store = MEMORY", NULL,
                                  NULL, NULL);
        if (rc != SQLITE_OK)
                return limn_case_fail(c, rc, "open the case", diag);
        return 0;
}

static int open_writing(LimnCase *c, bool create, LimnDiag *diag)
{
        static const char settings[] =
                "PRAGMA page_size = 4096;"
                "PRAGMA locking_mode = EXCLUSIVE;"
                "PRAGMA temp_store = MEMORY;"
                "PRAGMA journal_mode = TRUNCATE;"
                "PRAGMA synchronous = FULL;"
                "PRAGMA secure_delete = OFF;"; /* else dropping a source costs what adding it did */
        char cache[64];

        int rc = connect_to(c, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), false);
        if (rc == SQLITE_OK && sqlite3_db_readonly(c->db, "main") == 1)
                rc = SQLITE_READONLY;
        if (rc == SQLITE_OK)
                rc = sqlite3_exec(c->db, settings, NULL, NULL, NULL);
        snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", CACHE_KIB);
        if (rc == SQLITE_OK)
                rc = sqlite3_exec(c->db, cache, NULL, NULL, NULL);
        /* In exclusive mode the lock stays after the transaction, until the case is closed. */
        if (rc == SQLITE_OK)
                rc = sqlite3_exec(c->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
        if (rc != SQLITE_OK)
                return limn_case_fail(c, rc, "open the case", diag);
        c->writable = true;
        return 0;
}

static int read_number(LimnCase *c, const char *sql, int64_t *ret)
{
        sqlite3_stmt *stmt = NULL;

        int rc = sqlite3_prepare_v2(c->db, sql, -1, &stmt, NULL);
        if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
                *ret = sqlite3_column_int64(stmt, 0);
        sqlite3_finalize(stmt);
        return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* What the header said may have been the state before an interrupted commit was taken back. */
static int check_content(LimnCase *c, unsigned flags, LimnDiag *diag)
{
        int64_t objects = 0, application_id = 0, version = 0;

        int rc = read_number(c, "SELECT count(*) FROM sqlite_schema", &objects);
        if (rc == SQLITE_OK)
                rc = read_number(c, "PRAGMA application_id", &application_id);
        if (rc == SQLITE_OK)
                rc = read_number(c, "PRAGMA user_version", &version);
        if (rc != SQLITE_OK)
                return limn_case_fail(c, rc, "read the case", diag);
        if (objects == 0 && application_id == 0) {
                if (flags & LIMN_CASE_CREATE)
                        return limn_case_schema_create(c, diag);
                return limn_case_invalid(c, diag, "not a limn case", "the file is empty");
        }
        int r = refuse_ids(c, (uint32_t)application_id, (uint32_t)version, diag);
        return r < 0 ? r : limn_case_schema_check(c, flags & LIMN_CASE_RENEW, diag);
}

int limn_case_open(LimnCase **ret, const char *path, unsigned flags, LimnDiag *diag)
{
        bool create = flags & LIMN_CASE_CREATE;
        LimnCase *c = calloc(1, sizeof *c);
        int r = 0;

        if (!c || !(c->path = strdup(path))) {
                free(c);
                return -ENOMEM;
        }
        c->unpacked = LIMN_BUF(LIMN_SEGMENT_MAX);
        if (!is_memory(path))
                r = check_header(c, flags, diag);
        if (r >= 0)
                r = create || (flags & LIMN_CASE_WRITE) ? open_writing(c, create, diag)
                                                        : open_reading(c, diag);
        if (r == 0)
                r = check_content(c, flags, diag);
        if (r == 0 && c->writable)
                r = limn_case_commit(c, diag);
        if (r < 0) {
                c->broken = r;
                limn_case_close(c);
                return r;
        }
        *ret = c;
        return 0;
}

LimnCase *limn_case_close(LimnCase *c)
{
        if (!c)
                return NULL;
        if (c->writable && !c->broken && c->open.n == 0 && !c->concluding)
                limn_case_commit(c, NULL);
        limn_case_caches_done(c);
        if (c->writable) {
                if (!sqlite3_get_autocommit(c->db))
                        sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
                /* Takes the emptied journal away: a case is one file. */
                sqlite3_exec(c->db,
                             "PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema;"
                             "PRAGMA journal_mode = DELETE",
                             NULL, NULL, NULL);
        }
        sqlite3_close(c->db);
        limn_packer_free(c->packer);
        limn_buf_done(&c->unpacked);
        free(c->open.at);
        free(c->path);
        free(c);
        return NULL;
}

void limn_case_caches_done(LimnCase *c)
{
        for (size_t i = 0; i < _LIMN_STMT_MAX; i++) {
                sqlite3_finalize(c->stmts[i]);
                c->stmts[i] = NULL;
        }
        for (size_t i = 0; i < c->n_inserts; i++) {
                sqlite3_finalize(c->inserts[i].stmt);
                free(c->inserts[i].table);
                free(c->inserts[i].columns);
        }
        c->n_inserts = c->next_insert = 0;
        for (size_t i = 0; i < LIMN_QUERY_CACHE; i++) {
                sqlite3_finalize(c->queries[i].stmt);
                free(c->queries[i].sql);
                c->queries[i] = (LimnCachedQuery){.sql = NULL};
        }
}
