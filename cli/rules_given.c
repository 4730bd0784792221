/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a run: the pack built in, and the files of --rules. */
#include <errno.h>
#include <stdlib.h>

#include "cli/ingest_options.h"
#include "core/limits.h"
#include "core/vec.h"
#include "ingest/stream.h"

typedef struct Text {
        char *path;
        LimnSlice text, tree;
        char *bytes; /* NULL: the pack's */
        char *given; /* where a given file really lies; NULL: not known, or the pack's */
} Text;

typedef struct Texts {
        Text *at;
        size_t n, cap;
} Texts;

/* Takes path and bytes over, but for failure. */
static int add(Texts *texts, char *path, const LimnEmbedded *from, char *bytes)
{
        if (limn_vec_room(texts) < 0)
                return -ENOMEM;
        texts->at[texts->n++] = (Text){.path = path, .text = from->text, .tree = from->tree,
                                       .bytes = bytes};
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

        if (r == 0)
                r = limn_stream_next_member(stream, diag);
        if (r != 0) {
                limn_stream_free(stream);
                return r < 0 ? r : -EIO;
        }
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
                r = add(texts, path, &(LimnEmbedded){.text = limn_slice(bytes, n)}, bytes);
        }
        if (r < 0) {
                free(bytes);
                free(path);
        }
        limn_stream_free(stream);
        return r;
}

static int add_given(Texts *texts, const char *const *paths, size_t n, LimnDiag *diag)
{
        LimnWalk walk = {0};
        int r = n ? limn_walk(&walk, paths, n, NULL, 0, diag) : 0;

        if (r == 0 && walk.failed > 0)
                r = -EIO;
        for (size_t i = 0; r == 0 && i < walk.n; i++) {
                if (!is_rule_file(&walk.at[i]))
                        continue;
                r = add_file(texts, &walk.at[i], diag);
                if (r == 0)
                        texts->at[texts->n - 1].given = realpath(walk.at[i].open_path
                                                                         ? walk.at[i].open_path
                                                                         : "/dev/null",
                                                                 NULL);
        }
        limn_walk_done(&walk);
        return r;
}

/* Is one of the given files the one that this part of the pack was built from? */
static bool is_given(const Texts *texts, const char *pack_path)
{
        LimnSlice path = limn_slice_str(pack_path);

        for (size_t i = 0; i < texts->n; i++) {
                LimnSlice given = limn_slice_str(texts->at[i].given);

                if (limn_slice_ends(given, path) && given.n > path.n &&
                    given.p[given.n - path.n - 1] == '/')
                        return true;
        }
        return false;
}

static int add_pack(Texts *texts, LimnPackUse use)
{
        size_t n = texts->n;
        int r = 0;

        for (size_t i = 0; r == 0 && use != LIMN_PACK_NONE && i < limn_pack_n; i++) {
                char *path = NULL;

                if (use == LIMN_PACK_ALL)
                        path = strdup(limn_pack[i].path);
                else if (is_given(&(Texts){.at = texts->at, .n = n}, limn_pack[i].path))
                        continue;
                else if (asprintf(&path, LIMN_PACK_PREFIX "%s", limn_pack[i].path) < 0)
                        path = NULL;
                r = path ? add(texts, path, &limn_pack[i], NULL) : -ENOMEM;
                if (r < 0)
                        free(path);
        }
        return r;
}

int limn_rules_read(LimnRules **ret, const char *const *paths, size_t n, LimnPackUse use,
                    LimnDiag *diag)
{
        Texts texts = {0};
        LimnRuleText *plain = NULL;
        int r = add_given(&texts, paths, n, diag);

        if (r == 0)
                r = add_pack(&texts, use);
        if (r == 0) {
                plain = calloc(texts.n + 1, sizeof *plain);
                for (size_t i = 0; plain && i < texts.n; i++)
                        plain[i] = (LimnRuleText){texts.at[i].path, texts.at[i].text,
                                                  texts.at[i].tree};
                r = plain ? limn_rules_load(ret, plain, texts.n, diag) : -ENOMEM;
        }
        for (size_t i = 0; i < texts.n; i++) {
                free(texts.at[i].path);
                free(texts.at[i].given);
                free(texts.at[i].bytes);
        }
        free(plain);
        free(texts.at);
        return r < 0 && r != -ENOMEM ? LIMN_EXIT_USAGE : r;
}

int limn_rules_given(LimnRules **ret, const LimnCli *cli)
{
        size_t n = limn_cli_count(cli, LIMN_OPT_RULES);
        const char **paths;
        int r;

        paths = calloc(n + 1, sizeof *paths);
        for (size_t i = 0; paths && i < n; i++)
                paths[i] = limn_cli_nth(cli, LIMN_OPT_RULES, i);
        r = paths ? limn_rules_read(ret, paths, n, LIMN_PACK_ALL, cli->diag) : -ENOMEM;
        free(paths);
        return r;
}
