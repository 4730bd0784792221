/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/verify_content.h"

#include <errno.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/regex.h"
#include "core/vec.h"
#include "reports/excerpt_text.h"
#include "reports/report.h"
#include "reports/schema_check.h"

#define LINE_MAX_BYTES (16 * 1024 * 1024)

typedef enum Kind { OTHER, EXCERPT, FINDINGS, TIMELINE } Kind;

struct LimnContent {
        LimnArena *arena;
        Kind kind;
        const char *name;
        LimnBuf held;
        size_t lines, bad_line; /* of a timeline; 0: none is */
        LimnRegex *stamp;
        LimnRegexScratch *scratch;
        struct {
                LimnContentExcerpt *at;
                size_t n, cap;
        } excerpts;
};

LimnContent *limn_content_free(LimnContent *c)
{
        if (!c)
                return NULL;
        limn_arena_free(c->arena);
        limn_regex_free(c->stamp);
        limn_regex_scratch_free(c->scratch);
        limn_buf_done(&c->held);
        free(c->excerpts.at);
        free(c);
        return NULL;
}

int limn_content_new(LimnContent **ret)
{
        LimnContent *c = calloc(1, sizeof *c);
        if (!c)
                return -ENOMEM;
        c->arena = limn_arena_new(LIMN_OUTPUT_MAX);
        c->held = LIMN_BUF(LIMN_JSON_DOCUMENT_MAX);
        c->scratch = limn_regex_scratch_new();
        int r = c->arena && c->scratch ? 0 : -ENOMEM;
        if (r == 0) /* ISO 8601 with an offset */
                r = limn_regex_new(&c->stamp,
                                   LIMN_S("^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T"
                                          "[0-9]{2}:[0-9]{2}:[0-9]{2}"
                                          "(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"),
                                   0, NULL);
        if (r < 0) {
                limn_content_free(c);
                return r;
        }
        *ret = c;
        return 0;
}

void limn_content_begin(LimnContent *c, const char *name)
{
        LimnSlice s = limn_slice_str(name);
        c->name = name;
        c->lines = c->bad_line = 0;
        limn_buf_clear(&c->held);
        c->kind = limn_slice_starts(s, LIMN_S("evidence/")) &&
                                  limn_slice_ends(s, LIMN_S(LIMN_EXCERPT_PROOF))
                          ? EXCERPT
                  : limn_slice_eq(s, LIMN_S("findings.json"))  ? FINDINGS
                  : limn_slice_eq(s, LIMN_S("timeline.jsonl")) ? TIMELINE
                                                               : OTHER;
}

/* Timesketch's import asks for these four in every line. */
static int timeline_line(LimnContent *c, LimnSlice line)
{
        json_t *root = NULL;
        c->lines++;
        int r = limn_json_load_nul(&root, line, "a line", NULL);
        if (r == -ENOMEM)
                return r;
        const json_t *stamp = json_object_get(root, "datetime");
        bool fine = r == 0 && json_is_string(json_object_get(root, "message")) &&
                    json_is_integer(json_object_get(root, "timestamp")) &&
                    json_is_string(json_object_get(root, "timestamp_desc")) &&
                    json_is_string(stamp) &&
                    limn_regex_match(c->stamp, c->scratch,
                                     limn_slice(json_string_value(stamp),
                                                json_string_length(stamp))) == LIMN_REGEX_YES;
        if (!fine && !c->bad_line)
                c->bad_line = c->lines;
        json_decref(root);
        return 0;
}

static int timeline(LimnContent *c, LimnSlice bytes)
{
        int r = 0;
        while (r == 0 && bytes.n) {
                size_t end = limn_slice_chr(bytes, '\n');
                bool whole = end < bytes.n;
                limn_buf_add(&c->held, limn_slice_to(bytes, end));
                bytes = limn_slice_from(bytes, end + 1);
                if (c->held.n > LINE_MAX_BYTES)
                        c->bad_line = c->bad_line ? c->bad_line : c->lines + 1;
                else if (whole)
                        r = timeline_line(c, limn_buf_slice(&c->held));
                if (whole || c->held.n > LINE_MAX_BYTES)
                        limn_buf_clear(&c->held);
        }
        return r;
}

int limn_content_bytes(LimnContent *c, LimnSlice bytes)
{
        if (c->kind == TIMELINE)
                return timeline(c, bytes);
        /* Too large to be kept is too large to be right: the sticky error says so at the end. */
        if (c->kind != OTHER && limn_buf_add(&c->held, bytes) == -ENOMEM)
                return -ENOMEM;
        return 0;
}

static int findings(LimnContent *c, LimnBuf *why)
{
        json_t *root = NULL, *schema = NULL;
        int r = limn_json_load(&schema, limn_findings_schema(), "the schema", NULL);
        if (r == 0)
                r = limn_json_load_nul(&root, limn_buf_slice(&c->held), "findings.json", NULL);
        if (r == -EINVAL) {
                limn_buf_add_str(why, "it is no JSON");
                r = LIMN_CONTENT_BAD;
        }
        if (r == 0)
                r = limn_schema_check(schema, root, why, NULL);
        json_decref(root);
        json_decref(schema);
        return r;
}

static int excerpt(LimnContent *c, LimnBuf *why)
{
        LimnContentExcerpt e = {.member = c->name};
        int r = limn_excerpt_check(limn_buf_slice(&c->held), c->arena, &e.checked, why);
        if (r)
                return r;
        if (limn_vec_room(&c->excerpts) < 0)
                return -ENOMEM;
        c->excerpts.at[c->excerpts.n++] = e;
        return 0;
}

int limn_content_end(LimnContent *c, LimnBuf *why)
{
        int r = 0;
        if (c->kind == OTHER)
                return 0;
        if (c->held.error) {
                limn_buf_add_str(why, "it is larger than limn makes one");
                return LIMN_CONTENT_BAD;
        }
        if (c->kind == TIMELINE && c->held.n)
                r = timeline_line(c, limn_buf_slice(&c->held));
        if (c->kind == TIMELINE && r == 0 && c->bad_line) {
                limn_buf_printf(why, "its line %zu is not what Timesketch imports", c->bad_line);
                r = LIMN_CONTENT_BAD;
        }
        if (c->kind == FINDINGS)
                r = findings(c, why);
        if (c->kind == EXCERPT)
                r = excerpt(c, why);
        c->kind = OTHER;
        return r;
}

size_t limn_content_excerpts(const LimnContent *c, const LimnContentExcerpt **ret)
{
        *ret = c->excerpts.at;
        return c->excerpts.n;
}
