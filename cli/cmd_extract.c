/* SPDX-License-Identifier: Apache-2.0 */
/* limn extract: a source's bytes back, checked against its SHA-256. */
#include <errno.h>
#include <sys/stat.h>

#include "cli/open_case.h"
#include "core/hash.h"

/* The id, an exact path or other name, else the end of a path after a slash. */
static const char find_source[] =
        "WITH named(source_id, path) AS (SELECT source_id, path FROM source WHERE complete = 1"
        "   UNION SELECT source_id, path FROM source_name),"
        " found(source_id, rank) AS ("
        "   SELECT source_id, 1 FROM source WHERE complete = 1 AND CAST(source_id AS TEXT) = :name"
        "   UNION SELECT source_id, 2 FROM named WHERE path = :name"
        "   UNION SELECT source_id, 3 FROM named"
        "          WHERE substr(path, -length(:name) - 1) = '/' || :name)"
        " SELECT s.source_id, s.sha256, s.path FROM source s JOIN found USING (source_id)"
        "  WHERE rank = (SELECT min(rank) FROM found)"
        "  ORDER BY s.superseded_by IS NOT NULL, s.source_id";

typedef struct Found {
        int64_t id;
        char sha256[LIMN_SHA256_HEX];
        size_t n;
        LimnBuf others; /* "id path" of each, for the message */
} Found;

static int take_source(void *arg, const LimnValue *values, size_t n)
{
        Found *found = arg;

        if (found->n++ == 0) {
                found->id = values[0].i;
                snprintf(found->sha256, sizeof found->sha256, "%.*s", LIMN_FMT(values[1].s));
        }
        if (found->n <= 10)
                limn_buf_printf(&found->others, "%s%lld (%.*s)", found->n > 1 ? ", " : "",
                                (long long)values[0].i, LIMN_FMT(values[2].s));
        return 0;
}

static int resolve(LimnCli *cli, LimnCase *c, const char *name, Found *found)
{
        const LimnParam params[] = {{":name", LIMN_VALUE_OF_TEXT(limn_slice_str(name))}};
        LimnQuery query = limn_case_query(c);

        int r = query.run(query.ctx, find_source, params, 1, take_source, found, cli->diag);
        if (r < 0)
                return limn_case_exit(r);
        if (found->n == 1)
                return 0;
        limn_diag_addf(cli->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .where = limn_case_given(cli),
                                      .why = found->n ? limn_buf_str(&found->others) : NULL,
                                      .help = found->n ? "name one by its number"
                                                       : "limn sources lists the sources"},
                       found->n ? "%s is more than one source" : "no source is named %s", name);
        return LIMN_EXIT_USAGE;
}

typedef struct Writing {
        FILE *out;
        LimnSha256 *sha;
        int error;
} Writing;

static int write_piece(void *arg, LimnSlice bytes)
{
        Writing *w = arg;

        if (fwrite(bytes.p, 1, bytes.n, w->out) != bytes.n) {
                w->error = errno ? -errno : -EIO;
                return w->error;
        }
        return limn_sha256_add(w->sha, bytes);
}

static int write_out(LimnCli *cli, LimnCase *c, const Found *found, const char *path)
{
        Writing w = {.out = path ? fopen(path, "wbe") : stdout, .sha = limn_sha256_new()};
        char hex[LIMN_SHA256_HEX];
        int r = -ENOMEM;

        if (!w.out)
                w.error = -errno;
        else if (w.sha)
                r = limn_case_extract(c, found->id, write_piece, &w, cli->diag);
        if (w.out && (path ? fclose(w.out) : fflush(w.out)) != 0 && !w.error)
                w.error = -errno;
        if (r == 0 && !w.error)
                r = limn_sha256_hex(w.sha, hex);
        limn_sha256_free(w.sha);
        if (w.error && !path && limn_stdout_gone())
                return LIMN_EXIT_OK;
        if (w.error) {
                limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                        .what = "cannot write the source",
                                                        .where = path ? path : "standard output",
                                                        .why = strerror(-w.error)});
                return LIMN_EXIT_UNFINISHED;
        }
        if (r == 0 && strcmp(hex, found->sha256) != 0) {
                limn_diag_add(cli->diag,
                              &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                             .what = "what came out is not what was read in",
                                             .where = limn_case_given(cli),
                                             .why = "the SHA-256 is another: the case is damaged"});
                return LIMN_EXIT_UNVERIFIED;
        }
        return limn_case_exit(r);
}

/* Writing into the case itself would be its end. */
static int refuse_case(LimnCli *cli, const char *path)
{
        struct stat to, from;

        if (!path || stat(path, &to) != 0 || stat(limn_case_given(cli), &from) != 0 ||
            to.st_dev != from.st_dev || to.st_ino != from.st_ino)
                return 0;
        limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                .what = "cannot write the source",
                                                .where = path,
                                                .why = "this file is the case"});
        return LIMN_EXIT_USAGE;
}

static int run(LimnCli *cli)
{
        const char *path = limn_cli_get(cli, LIMN_OPT_OUTPUT);
        Found found = {.others = LIMN_BUF(64 * 1024)};
        LimnCase *c = NULL;
        int status = limn_open_case(&c, cli);

        if (status == LIMN_EXIT_OK)
                status = resolve(cli, c, cli->args[0], &found);
        if (status == LIMN_EXIT_OK)
                status = refuse_case(cli, path);
        if (status == LIMN_EXIT_OK)
                status = write_out(cli, c, &found, path);
        limn_case_close(c);
        limn_buf_done(&found.others);
        return status;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_OPT_OUTPUT, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_extract = {
        .name = "extract",
        .usage = "SOURCE",
        .help = "write a source's bytes as they were read",
        .details =
                "SOURCE is a number of `limn sources`, a path as listed there, or the end of one. "
                "Compressed files come out decompressed. The bytes are checked against the "
                "SHA-256 that was taken when they were read.",
        .options = options,
        .min_args = 1,
        .max_args = 1,
        .run = run,
};
