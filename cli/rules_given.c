/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a run: the pack built in, and the files of --rules. */
#include <errno.h>
#include <stdlib.h>

#include "cli/ingest_options.h"
#include "core/limits.h"
#include "core/vec.h"
#include "ingest/stream.h"

typedef struct Texts {
        LimnRuleText *at;
        size_t n, cap;
        size_t n_pack;
} Texts;

static int add(Texts *texts, const char *path, LimnSlice text)
{
        if (limn_vec_room(texts) < 0)
                return -ENOMEM;
        texts->at[texts->n++] = (LimnRuleText){path, text};
        return 0;
}

static bool is_rule_file(const LimnEntry *entry)
{
        LimnSlice path = limn_slice_str(entry->path);

        return entry->named || limn_slice_ends(path, LIMN_S(".yml")) ||
               limn_slice_ends(path, LIMN_S(".yaml"));
}

static int add_file(Texts *texts, const LimnEntry *entry, LimnDiag *diag)
{
        LimnStream *stream = NULL;
        char *bytes = NULL, *path = NULL;
        size_t n = 0;
        int r = limn_stream_open(&stream, entry, diag);

        if (r < 0)
                return r;
        bytes = malloc(LIMN_RULE_FILE_MAX + 1);
        path = strdup(entry->path);
        r = bytes && path ? limn_stream_read(stream, bytes, LIMN_RULE_FILE_MAX + 1, &n, diag)
                          : -ENOMEM;
        if (r > 0)
                r = -EIO;
        if (r == 0 && n > LIMN_RULE_FILE_MAX) {
                limn_diag_add(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                   .where = entry->path,
                                                   .what = "a rule file is larger than 1 MiB"});
                r = -EFBIG;
        }
        if (r == 0) {
                char *fitted = realloc(bytes, n + 1);

                bytes = fitted ? fitted : bytes;
                r = add(texts, path, limn_slice(bytes, n));
        }
        if (r < 0) {
                free(bytes);
                free(path);
        }
        limn_stream_free(stream);
        return r;
}

static int add_given(Texts *texts, const LimnCli *cli)
{
        const char *path;
        int r = 0;

        for (size_t i = 0; r == 0 && (path = limn_cli_nth(cli, LIMN_OPT_RULES, i)); i++) {
                LimnWalk walk = {0};

                r = limn_walk(&walk, &path, 1, NULL, 0, cli->diag);
                if (r == 0 && walk.failed > 0)
                        r = -EIO;
                for (size_t j = 0; r == 0 && j < walk.n; j++)
                        if (is_rule_file(&walk.at[j]))
                                r = add_file(texts, &walk.at[j], cli->diag);
                limn_walk_done(&walk);
        }
        return r;
}

int limn_rules_given(LimnRules **ret, const LimnCli *cli)
{
        Texts texts = {0};
        int r = 0;

        for (size_t i = 0; r == 0 && i < limn_pack_n; i++)
                r = add(&texts, limn_pack[i].path, limn_pack[i].text);
        texts.n_pack = texts.n;
        if (r == 0)
                r = add_given(&texts, cli);
        if (r == 0)
                r = limn_rules_load(ret, texts.at, texts.n, cli->diag);
        for (size_t i = texts.n_pack; i < texts.n; i++) {
                free((char *)texts.at[i].path);
                free((char *)texts.at[i].text.p);
        }
        free(texts.at);
        return r < 0 && r != -ENOMEM ? LIMN_EXIT_USAGE : r;
}
