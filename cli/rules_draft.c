/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limn rules draft: a starting rule for errors that no rule explains.
 *
 * The rule meets the template's fixed texts in their order, and carries its tests: the record it
 * was drafted from, and the one of the same source that comes closest to it without being one.
 */
#include <errno.h>

#include "cli/open_case.h"
#include "cli/rules_commands.h"
#include "cli/unexplained.h"
#include "core/arena.h"
#include "core/ascii.h"
#include "core/hash.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "parsers/registry.h"

#define WILD LIMN_S("<*>")
/* Records of the source that are looked at for the nearest one that is none. */
#define NEIGHBOURS_MAX 20000
#define DRAFTS_MAX 20
#define TITLE_MAX 200

typedef struct Cluster {
        LimnSlice template, level, format, path;
        int64_t source, line, offset, count;
} Cluster;

typedef struct Draft {
        LimnCli *cli;
        LimnCase *c;
        LimnArena *arena;
        LimnBuf out, scratch;
        const char *wanted; /* a part of the template, or NULL */
        Cluster clusters[DRAFTS_MAX];
        size_t n;
} Draft;

/* -- what is drafted ------------------------------------------------------------------------ */

/* The same errors in another source, or told apart by what a pattern cannot tell. */
static Cluster *known(Draft *d, LimnSlice template)
{
        for (size_t i = 0; i < d->n; i++)
                if (limn_slice_eq(d->clusters[i].template, template))
                        return &d->clusters[i];
        return NULL;
}

/* The template without what a pattern cannot tell apart: wildcards next to each other, and at the
 * end, where the message may go on anyway. */
static int simplify(LimnSlice template, LimnBuf *out)
{
        limn_buf_clear(out);
        if (template.n >= LIMN_TEMPLATE_MAX) /* cut off, perhaps within a wildcard */
                while (template.n && template.p[template.n - 1] != ' ')
                        template.n--;
        while (template.n) {
                bool wild = limn_slice_starts(template, WILD);
                LimnSlice next = limn_slice_to(template, wild ? WILD.n : 1);

                if (!wild || !limn_slice_ends(limn_buf_slice(out), WILD))
                        limn_buf_add(out, next);
                template = limn_slice_from(template, next.n);
        }
        for (LimnSlice s = limn_buf_slice(out); s.n; s = limn_buf_slice(out)) {
                if (limn_slice_ends(s, WILD))
                        out->n -= WILD.n;
                else if (s.p[s.n - 1] == ' ')
                        out->n--;
                else
                        break;
        }
        return out->error;
}

/* Does the drafted pattern meet this message? */
static bool meets(LimnSlice template, LimnSlice message)
{
        bool anywhere = false;

        while (template.n) {
                size_t at, n = limn_slice_find(template, WILD);

                if (n == 0) {
                        anywhere = true;
                        template = limn_slice_from(template, WILD.n);
                        continue;
                }
                at = limn_slice_find_nocase(message, limn_slice_to(template, n));
                if (anywhere ? at == message.n : at != 0)
                        return false;
                message = limn_slice_from(message, at + n);
                template = limn_slice_from(template, n);
        }
        return true;
}

/* template, level, format, path, source_id, line, offset, count */
static int on_cluster(void *arg, const LimnValue *v, size_t n)
{
        Draft *d = arg;
        Cluster *cluster;
        LimnSlice template;

        if (simplify(v[0].s, &d->scratch) < 0)
                return -ENOMEM;
        template = limn_buf_slice(&d->scratch);
        cluster = known(d, template);
        if (cluster)
                cluster->count += v[7].i;
        if (cluster || d->n == DRAFTS_MAX || template.n == 0 ||
            (d->wanted && limn_slice_find_nocase(v[0].s, limn_slice_str(d->wanted)) == v[0].s.n))
                return 0;
        cluster = &d->clusters[d->n];
        *cluster = (Cluster){limn_arena_dup(d->arena, template),
                             limn_arena_dup(d->arena, v[1].s),
                             limn_arena_dup(d->arena, v[2].s),
                             limn_arena_dup(d->arena, v[3].s),
                             v[4].i,
                             v[5].i,
                             v[6].i,
                             v[7].i};
        if (!cluster->template.p || !cluster->level.p || !cluster->format.p || !cluster->path.p)
                return -ENOMEM;
        d->n++;
        return 0;
}

typedef struct Neighbour {
        const Cluster *cluster;
        LimnBuf template;
        size_t common; /* bytes of the template that the best one so far shares */
        int64_t offset, length;
} Neighbour;

/* message, offset, length */
static int on_neighbour(void *arg, const LimnValue *v, size_t n)
{
        Neighbour *best = arg;
        LimnSlice want = best->cluster->template, is;
        size_t common = 0;

        limn_buf_clear(&best->template);
        if (v[0].type != LIMN_VALUE_TEXT)
                return 0;
        if (limn_message_template(limn_slice_to(v[0].s, LIMN_UNEXPLAINED_TEXT_MAX),
                                  &best->template) < 0)
                return -ENOMEM;
        is = limn_buf_slice(&best->template);
        if (meets(want, limn_slice_trim(v[0].s)))
                return 0;
        while (common < is.n && common < want.n && is.p[common] == want.p[common])
                common++;
        if (best->length && common <= best->common)
                return 0;
        best->common = common;
        best->offset = v[1].i;
        best->length = v[2].i;
        return 0;
}

static int on_length(void *arg, const LimnValue *v, size_t n)
{
        *(int64_t *)arg = v[0].i;
        return 0;
}

/* -- YAML ----------------------------------------------------------------------------------- */

/* One line and nothing unprintable: in single quotes. Else as JSON, which YAML reads, too. */
static void scalar(LimnBuf *out, LimnSlice text)
{
        bool plain = true;

        for (size_t i = 0; i < text.n && plain; i++)
                plain = (unsigned char)text.p[i] >= 0x20 && (unsigned char)text.p[i] < 0x7f;
        if (!plain) {
                limn_json_quote(out, text);
                return;
        }
        limn_buf_add_char(out, '\'');
        for (size_t i = 0; i < text.n; i++) {
                if (text.p[i] == '\'')
                        limn_buf_add_char(out, '\'');
                limn_buf_add_char(out, text.p[i]);
        }
        limn_buf_add_char(out, '\'');
}

static void line(Draft *d, const char *key)
{
        limn_buf_add_str(&d->out, key);
        scalar(&d->out, limn_buf_slice(&d->scratch));
        limn_buf_add_char(&d->out, '\n');
        limn_buf_clear(&d->scratch);
}

/* A UUID of the template (version 8, RFC 9562), so that the same errors give the same draft; and
 * its first words, with a bit of the hash: draft_odd_failure_of_1f2e. */
static int add_id_and_name(Draft *d, LimnSlice template)
{
        char hex[LIMN_SHA256_HEX];
        size_t words = 0;
        bool in = false;
        int r = limn_sha256_of(template, hex);

        if (r < 0)
                return r;
        limn_buf_printf(&d->out, "id: %.8s-%.4s-8%.3s-a%.3s-%.12s\n", hex, hex + 8, hex + 12,
                        hex + 15, hex + 18);
        limn_buf_add_str(&d->out, "name: draft");
        for (size_t i = 0; i < template.n && words < 6; i++) {
                char c = template.p[i];

                if (!limn_ascii_alnum(c)) {
                        words += in;
                        in = false;
                        continue;
                }
                if (!in)
                        limn_buf_add_char(&d->out, '_');
                in = true;
                limn_buf_add_char(&d->out, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
        }
        limn_buf_printf(&d->out, "_%.4s\n", hex);
        return 0;
}

/* Sigma's wildcards: what varies is `*`; what the message itself holds of these is escaped. */
static void add_pattern(Draft *d, LimnSlice template)
{
        LimnBuf *out = &d->scratch;

        while (template.n) {
                if (limn_slice_starts(template, WILD)) {
                        limn_buf_add_char(out, '*');
                        template = limn_slice_from(template, WILD.n);
                        continue;
                }
                if (template.p[0] == '*' || template.p[0] == '?' || template.p[0] == '\\')
                        limn_buf_add_char(out, '\\');
                limn_buf_add_char(out, template.p[0]);
                template = limn_slice_from(template, 1);
        }
        line(d, limn_buf_slice(out).p[0] == '*' ? "    message|contains: "
                                                : "    message|startswith: ");
}

static int add_record(Draft *d, const Cluster *cluster, int64_t offset, int64_t length)
{
        LimnSlice text;
        int r;

        limn_buf_clear(&d->scratch);
        if (length > LIMN_UNEXPLAINED_TEXT_MAX)
                length = LIMN_UNEXPLAINED_TEXT_MAX;
        r = limn_case_bytes(d->c, cluster->source, (uint64_t)offset, (uint64_t)length, &d->scratch,
                            d->cli->diag);
        if (r < 0)
                return r;
        text = limn_buf_slice(&d->scratch);
        while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
                text.n--;
        d->scratch.n = text.n;
        line(d, "      - ");
        return d->out.error;
}

static int draft(Draft *d, const Cluster *cluster)
{
        const LimnParam params[] = {{":source", LIMN_VALUE_OF_INT(cluster->source)},
                                    {":most", LIMN_VALUE_OF_INT(NEIGHBOURS_MAX)},
                                    {":offset", LIMN_VALUE_OF_INT(cluster->offset)}};
        Neighbour near = {.cluster = cluster, .template = LIMN_BUF(LIMN_UNEXPLAINED_TEXT_MAX * 8)};
        LimnQuery query = limn_case_query(d->c);
        char *format_name = limn_arena_str(d->arena, cluster->format);
        const LimnFormat *format = format_name ? limn_format_find(format_name) : NULL;
        int64_t length = 0;
        int r;

        r = query.run(query.ctx,
                      "SELECT message, offset, length FROM event WHERE source_id = :source"
                      " LIMIT :most",
                      params, 2, on_neighbour, &near, d->cli->diag);
        if (r >= 0)
                r = query.run(query.ctx,
                              "SELECT length FROM event WHERE source_id = :source"
                              " AND offset = :offset AND :most > 0",
                              params, 3, on_length, &length, d->cli->diag);
        limn_buf_done(&near.template);
        if (r < 0)
                return r;
        if (d->out.n)
                limn_buf_add_str(&d->out, "---\n");
        limn_buf_printf(&d->out,
                        "# Drafted by limn from %lld such record%s, one of which it quotes.\n",
                        (long long)cluster->count, cluster->count == 1 ? "" : "s");
        limn_buf_clear(&d->scratch);
        limn_buf_add(&d->scratch, limn_slice_to(cluster->template, TITLE_MAX));
        line(d, "title: ");
        r = add_id_and_name(d, cluster->template);
        limn_buf_add_str(&d->out, "status: experimental\n");
        if (format && format->product[0])
                limn_buf_printf(&d->out, "logsource: {product: %s, service: %s}\n", format->product,
                                format->service);
        limn_buf_printf(&d->out, "level: %s\ndetection:\n  text:\n",
                        limn_slice_eq(cluster->level, LIMN_S("fatal")) ? "high" : "medium");
        add_pattern(d, cluster->template);
        limn_buf_add_str(&d->out, "  condition: text\nlimn:\n  tests:\n    match:\n");
        if (r >= 0)
                r = add_record(d, cluster, cluster->offset, length);
        if (r >= 0 && near.length) {
                limn_buf_add_str(&d->out, "    nomatch: # the nearest that is none\n");
                r = add_record(d, cluster, near.offset, near.length);
        }
        return r < 0 ? r : d->out.error;
}

static int run(LimnCli *cli, const char *const *args, size_t n_args)
{
        Draft d = {.cli = cli,
                   .arena = limn_arena_new(LIMN_OUTPUT_MAX),
                   .out = LIMN_BUF(LIMN_OUTPUT_MAX),
                   .scratch = LIMN_BUF(LIMN_OUTPUT_MAX),
                   .wanted = n_args ? args[0] : NULL};
        int status = d.arena ? limn_open_case(&d.c, cli) : -ENOMEM, r;

        if (status == LIMN_EXIT_OK) {
                LimnQuery query = limn_case_query(d.c);
                r = query.run(
                        query.ctx,
                        "SELECT u.template, u.level, s.format, u.path, u.source_id, u.line,"
                        " u.offset, u.count FROM v_unexplained u JOIN source s USING (source_id)"
                        " ORDER BY u.count DESC, u.template, s.sha256",
                        NULL, 0, on_cluster, &d, cli->diag);
                for (size_t i = 0; i < d.n && r >= 0; i++)
                        r = draft(&d, &d.clusters[i]);
                if (r >= 0 && d.n == 0)
                        limn_diag_add(cli->diag,
                                      &(LimnMessage){.severity = LIMN_DIAG_WARNING,
                                                     .what = "no such error without a rule",
                                                     .where = limn_case_given(cli),
                                                     .help = "limn sql \"SELECT * FROM "
                                                             "v_unexplained\" lists them"});
                if (r >= 0)
                        fwrite(limn_buf_str(&d.out), 1, d.out.n, stdout);
                status = r < 0 ? limn_case_exit(r) : LIMN_EXIT_OK;
        }
        limn_case_close(d.c);
        limn_buf_done(&d.out);
        limn_buf_done(&d.scratch);
        limn_arena_free(d.arena);
        return status;
}

const LimnRulesCommand limn_rules_draft = {
        .name = "draft",
        .usage = "[TEXT]",
        .help = "starting rules for errors that no rule explains",
        .max_args = 1,
        .run = run,
};
