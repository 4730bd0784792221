/* SPDX-License-Identifier: Apache-2.0 */
/* limn verify: is a bundle what was packed? */
#include <errno.h>

#include "cli/slurp.h"
#include "cli/verify_sources.h"
#include "reports/escape.h"

static void say(const LimnCli *cli, const LimnVerified *v, const LimnVerifySources *sources)
{
        LimnBuf name = LIMN_BUF(1 << 20);
        limn_escape_terminal(limn_slice_str(cli->args[0]), &name);
        printf("%s: %zu members, each as the manifest says; %zu records proved to stand in their "
               "sources; ",
               limn_buf_str(&name), v->members, v->excerpts);
        limn_buf_done(&name);
        if (sources) {
                size_t trees, n = limn_verify_sources_n(sources, &trees);
                printf("%zu of its sources read here, %zu of them with records in it, which have "
                       "the roots that it states; ",
                       n, trees);
        }
        puts(limn_cli_get(cli, LIMN_OPT_KEY) ? "signed with this key"
             : v->is_signed                  ? "signed, by whom was not checked (--key)"
                                             : "there is no signature");
}

static int verify(LimnCli *cli, LimnSlice key, LimnVerifySources *sources)
{
        LimnVerified verified;
        const LimnVerifyOptions options = {
                .key = key,
                .source = sources ? limn_verify_sources_check : NULL,
                .arg = sources,
        };
        int r = limn_bundle_verify(cli->args[0], &options, &verified, cli->diag);
        size_t trees;
        if (r == LIMN_BUNDLE_BAD || r == -EBADMSG)
                return LIMN_EXIT_UNVERIFIED;
        if (r < 0)
                return r == -ENOMEM ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_NOTHING;
        if (sources && limn_verify_sources_n(sources, &trees) == 0) {
                limn_diag_add(cli->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_ERROR, .where = cli->args[0],
                        .what = "none of what --source names is a source of this bundle",
                        .help = "names were masked in it? then its map is needed, too (--map)"});
                return LIMN_EXIT_UNVERIFIED;
        }
        say(cli, &verified, sources);
        return LIMN_EXIT_OK;
}

static int run(LimnCli *cli)
{
        LimnBuf pem = LIMN_BUF(64 * 1024);
        LimnVerifySources *sources = NULL;
        const char *key = limn_cli_get(cli, LIMN_OPT_KEY);
        int status = key && limn_slurp(cli, key, "the key", &pem) < 0
                             ? LIMN_EXIT_NOTHING
                             : limn_verify_sources_new(&sources, cli);
        if (status == LIMN_EXIT_OK)
                status = verify(cli, key ? limn_buf_slice(&pem) : LIMN_NONE, sources);
        limn_verify_sources_free(sources);
        limn_buf_done(&pem);
        return status;
}

static const LimnOption options[] = {
        LIMN_OPT_FORMAT, LIMN_OPT_JOBS, LIMN_OPT_KEY, LIMN_OPT_MAP, LIMN_OPT_SOURCE, _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_verify = {
        .name = "verify",
        .usage = "BUNDLE",
        .help = "check that a bundle is what was packed",
        .details =
                "Checks the SHA-256 and size of every member against the manifest, that none is "
                "missing, added, moved or there twice, and that nothing else is in the file; that "
                "every quoted record leads to the root of its source's hash tree, so that it stands "
                "in the source as quoted; that the findings document meets its schema and "
                "the timeline Timesketch's. Exit status 5 when something does not agree.\n\n"
                "That the roots are those of the sources, who has the sources can tell: --source "
                "reads them and builds their trees anew. With names masked this needs the map.\n\n"
                "That nobody packed the bundle anew, only a signature tells (`limn bundle --sign`): "
                "with --key it must be there, and by that key.",
        .options = options,
        .min_args = 1,
        .max_args = 1,
        .args_are = LIMN_ARGS_READ,
        .run = run,
};
