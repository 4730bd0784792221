/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/excerpts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/json_write.h"
#include "core/printable.h"
#include "reports/escape.h"
#include "reports/excerpt_text.h"
#include "reports/leaves.h"
#include "reports/text.h"

#define NAME_MAX_BYTES 90 /* a ustar header holds 100 without tricks */

/* folder/NN-name.suffix, of characters that every file system takes. */
static void member_name(char out[NAME_MAX_BYTES], const char *folder, size_t number,
                        LimnSlice name, const char *suffix)
{
        for (size_t i = name.n; i > 0; i--)
                if (name.p[i - 1] == '/') {
                        name = limn_slice_from(name, i);
                        break;
                }
        int n = snprintf(out, NAME_MAX_BYTES, "%s/%02zu-", folder, number);
        for (size_t i = 0; i < name.n && n < NAME_MAX_BYTES - 12; i++) {
                char c = name.p[i];
                bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                out[n++] = fine ? c : '_';
        }
        snprintf(out + n, NAME_MAX_BYTES - (size_t)n, "%s", suffix);
}

typedef struct Cited {
        const LimnViewFinding *finding;
        const LimnViewEvidence *e;
        size_t nth; /* in the order of the findings and their evidence */
} Cited;

static int by_place(const void *a, const void *b)
{
        const Cited *x = a, *y = b;
        if (x->e->offset != y->e->offset)
                return x->e->offset < y->e->offset ? -1 : 1;
        return x->nth < y->nth ? -1 : x->nth > y->nth;
}

typedef struct Excerpt {
        const LimnReportInput *input;
        const LimnViewSource *source;
        const LimnLeaves *leaves;
        const Cited *cited;
        size_t n;
        LimnJsonWriter *w;
} Excerpt;

static void key_hex(LimnJsonWriter *w, const char *key, const unsigned char hash[LIMN_SHA256_BYTES])
{
        char hex[LIMN_SHA256_HEX];
        limn_hex(hash, LIMN_SHA256_BYTES, hex);
        if (key)
                limn_json_key(w, key);
        limn_json_str(w, hex);
}

/* JSON strings hold any text but not any bytes. */
static bool is_text(LimnSlice s)
{
        uint32_t c;
        while (s.n) {
                unsigned n = limn_utf8_decode(s, &c);
                if (n == 0 || c == 0)
                        return false;
                s = limn_slice_from(s, n);
        }
        return true;
}

static int bytes_of(LimnJsonWriter *w, LimnSlice s)
{
        if (is_text(s)) {
                limn_json_key(w, "text");
                limn_json_string(w, s);
                return 0;
        }
        char *hex = malloc(2 * s.n + 1);
        if (!hex)
                return -ENOMEM;
        limn_hex((const unsigned char *)s.p, s.n, hex);
        limn_json_key(w, "hex");
        limn_json_str(w, hex);
        free(hex);
        return 0;
}

/* Shown whole it is proved by itself and its salt; else its hash stands in its place. */
static int shown(const Excerpt *x, const LimnLeaf *leaf, bool cited)
{
        LimnJsonWriter *w = x->w;
        LimnBuf masked = LIMN_BUF(LIMN_OUTPUT_MAX);
        size_t most = w->out->n > LIMN_EXCERPT_MAX / 2 ? LIMN_EXCERPT_BRIEF_MAX
                      : cited                          ? LIMN_EXCERPT_SHOWN_MAX
                                                       : LIMN_EXCERPT_BESIDE_MAX;
        int r = leaf->hidden ? limn_buf_add_str(&masked, LIMN_SECRET_MASK "\n")
                             : limn_redact(x->input->redact, leaf->bytes, &masked, NULL);
        LimnSlice text = limn_buf_slice(&masked), cut = limn_utf8_cut(text, most);
        bool is_masked = !limn_slice_eq(text, leaf->bytes);
        bool is_cut = !leaf->hidden && (cut.n < text.n || leaf->bytes.n < leaf->length);
        if (r == 0 && !is_masked && !is_cut) {
                key_hex(w, "salt", leaf->salt);
                r = bytes_of(w, leaf->bytes);
        } else if (r == 0) {
                key_hex(w, "leaf", leaf->hash);
                limn_json_key(w, "masked");
                limn_json_bool(w, is_masked);
                limn_json_key(w, "cut");
                limn_json_bool(w, is_cut);
                r = bytes_of(w, cut);
        }
        limn_buf_done(&masked);
        return r;
}

static void cites(const Excerpt *x, const Cited *from, const Cited *to)
{
        LimnJsonWriter *w = x->w;
        limn_json_key(w, "cited");
        limn_json_array(w);
        for (const Cited *c = from; c < to; c++) {
                limn_json_object(w);
                limn_json_key(w, "finding");
                limn_json_string(w, c->finding->id);
                if (c->e->cause.p) {
                        limn_json_key(w, "cause");
                        limn_json_string(w, c->e->cause);
                }
                limn_json_key(w, "sign");
                limn_json_string(w, c->e->sign);
                limn_json_key(w, "sentence");
                limn_json_string(w, limn_utf8_cut(c->e->sentence, 600));
                limn_json_end(w);
        }
        limn_json_end(w);
}

static int records(const Excerpt *x)
{
        LimnJsonWriter *w = x->w;
        size_t at = 0;
        int r = 0;
        for (size_t i = 0; r == 0 && i < x->leaves->n_at; i++) {
                const LimnLeaf *leaf = &x->leaves->at[i];
                size_t from = at;
                while (at < x->n && (uint64_t)x->cited[at].e->offset < leaf->offset + leaf->length)
                        at++;
                limn_json_object(w);
                limn_json_key(w, "record");
                limn_json_int(w, (int64_t)leaf->index);
                limn_json_key(w, "line");
                limn_json_int(w, leaf->line);
                limn_json_key(w, "offset");
                limn_json_int(w, (int64_t)leaf->offset);
                limn_json_key(w, "length");
                limn_json_int(w, (int64_t)leaf->length);
                if (at > from && leaf->time != LIMN_TIME_NONE) {
                        limn_json_key(w, "time");
                        limn_json_time(w, leaf->time + x->source->correction);
                }
                r = shown(x, leaf, at > from);
                limn_json_key(w, "path");
                limn_json_array(w);
                for (size_t k = 0; k < leaf->n_path; k++)
                        key_hex(w, NULL, leaf->path + k * LIMN_SHA256_BYTES);
                limn_json_end(w);
                cites(x, x->cited + from, x->cited + at);
                limn_json_end(w);
        }
        return r;
}

static int proof(Excerpt *x, LimnBuf *out)
{
        LimnJsonWriter writer = LIMN_JSON_WRITER(out, 1), *w = x->w = &writer;
        LimnBuf clock = LIMN_BUF(LIMN_OUTPUT_MAX);
        limn_text_clock(x->source, &clock);
        limn_json_object(w);
        limn_json_key(w, "schema");
        limn_json_str(w, LIMN_EXCERPT_SCHEMA);
        limn_json_key(w, "source");
        limn_json_object(w);
        limn_json_key(w, "path");
        limn_json_string(w, x->source->path);
        limn_json_key(w, "bytes");
        limn_json_int(w, x->source->bytes);
        limn_json_key(w, "sha256");
        limn_json_string(w, x->source->sha256);
        limn_json_key(w, "times");
        limn_json_string(w, limn_buf_slice(&clock));
        limn_json_end(w);
        limn_json_key(w, "tree");
        limn_json_object(w);
        limn_json_key(w, "records");
        limn_json_int(w, (int64_t)x->leaves->n);
        key_hex(w, "root", x->leaves->root);
        limn_json_end(w);
        limn_json_key(w, "records");
        limn_json_array(w);
        int r = records(x);
        limn_json_end(w);
        limn_json_end(w);
        limn_buf_add_char(out, '\n');
        limn_buf_done(&clock);
        return r < 0 ? r : out->error;
}

static int add_member(LimnSpool *spool, const char *name, LimnSlice bytes, LimnDiag *diag)
{
        LimnOut out;
        int r = limn_spool_begin(spool, name, &out, diag);
        if (r < 0)
                return r;
        limn_buf_add(&out.buf, bytes);
        return limn_spool_end(spool, &out, diag);
}

/* What is read by people is made of what is proved, as limn_bundle_verify() makes it again. */
static int evidence(Excerpt *x, size_t number, LimnSpool *spool, LimnDiag *diag)
{
        LimnBuf document = LIMN_BUF(LIMN_EXCERPT_MAX), text = LIMN_BUF(LIMN_OUTPUT_MAX);
        char name[NAME_MAX_BYTES];
        json_t *root = NULL;
        int r = proof(x, &document);
        if (r == 0)
                r = limn_json_load_nul(&root, limn_buf_slice(&document), "an excerpt", diag);
        if (r == 0)
                r = limn_excerpt_text(root, &text);
        json_decref(root);
        member_name(name, "evidence", number, x->source->path, LIMN_EXCERPT_TEXT);
        if (r == 0)
                r = add_member(spool, name, limn_buf_slice(&text), diag);
        member_name(name, "evidence", number, x->source->path, LIMN_EXCERPT_PROOF);
        if (r == 0)
                r = add_member(spool, name, limn_buf_slice(&document), diag);
        limn_buf_done(&document);
        limn_buf_done(&text);
        return r;
}

static int one_source(LimnView *view, const LimnReportInput *input, const LimnSourceBytes *bytes,
                      size_t s, const Cited *cited, size_t n, LimnSpool *spool, LimnTree *tree,
                      LimnDiag *diag)
{
        LimnLeaves *leaves = NULL;
        int64_t *offsets = limn_arena_new_of(view->arena, int64_t, n);
        if (!offsets)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                offsets[i] = cited[i].e->offset;
        const LimnLeavesAsk ask = {.query = input->query,
                                   .bytes = bytes,
                                   .source = view->sources[s].id,
                                   .sha256 = view->sources[s].content,
                                   .mask = limn_redact_mask(input->redact),
                                   .offsets = offsets,
                                   .n_offsets = n,
                                   .around = LIMN_EXCERPT_AROUND};
        int r = limn_leaves_read(&leaves, &ask, diag);
        Excerpt x = {input, &view->sources[s], leaves, cited, n, NULL};
        if (r == 0)
                r = evidence(&x, s + 1, spool, diag);
        if (r == 0) {
                tree->records = leaves->n;
                limn_hex(leaves->root, sizeof leaves->root, tree->root);
        }
        limn_leaves_free(leaves);
        return r;
}

static int all_evidence(LimnView *view, const LimnReportInput *input, const LimnSourceBytes *bytes,
                        LimnSpool *spool, LimnTree *trees, LimnDiag *diag)
{
        size_t all = 0;
        for (size_t i = 0; i < view->n_findings; i++)
                all += view->findings[i].n_evidence;
        Cited *cited = limn_arena_new_of(view->arena, Cited, all + 1);
        if (!cited)
                return -ENOMEM;
        int r = 0;
        for (size_t s = 0; r == 0 && s < view->n_sources; s++) {
                size_t n = 0;
                for (size_t i = 0; i < view->n_findings; i++)
                        for (size_t k = 0; k < view->findings[i].n_evidence; k++) {
                                const LimnViewEvidence *e = &view->findings[i].evidence[k];
                                if (e->source == (int64_t)s && e->text.n) {
                                        cited[n] = (Cited){&view->findings[i], e, n};
                                        n++;
                                }
                        }
                if (n == 0)
                        continue;
                qsort(cited, n, sizeof *cited, by_place);
                r = one_source(view, input, bytes, s, cited, n, spool, &trees[s], diag);
        }
        return r;
}

static int config(const LimnView *view, const LimnViewFact *facts, size_t n, size_t number,
                  LimnSpool *spool, LimnDiag *diag)
{
        LimnBuf title = LIMN_BUF(4096);
        limn_buf_printf(&title, "%.*s-%.*s", LIMN_FMT(limn_slice_to(facts->kind, 40)),
                        LIMN_FMT(limn_slice_to(facts->instance, 200)));
        for (size_t i = 0; i < title.n; i++)
                if (title.p[i] == '/')
                        title.p[i] = '_';
        char name[NAME_MAX_BYTES];
        member_name(name, "config", number,
                    facts->instance.p ? limn_buf_slice(&title) : LIMN_S("no-instance"), ".txt");
        limn_buf_done(&title);
        LimnOut out;
        int r = limn_spool_begin(spool, name, &out, diag);
        if (r < 0)
                return r;
        LimnBuf *b = &out.buf, phrase = LIMN_BUF(LIMN_OUTPUT_MAX);
        limn_text_instance(facts->instance, facts->kind, facts->role, &phrase);
        limn_escape_terminal(limn_buf_slice(&phrase), b);
        limn_buf_add_str(b, "\nname = value    when it was so, and where that stands\n\n");
        for (size_t i = 0; i < n; i++) {
                limn_escape_terminal(facts[i].key, b);
                limn_buf_add_str(b, " = ");
                limn_escape_terminal(facts[i].value, b);
                limn_buf_add_str(b, "    # ");
                if (facts[i].time == LIMN_TIME_NONE)
                        limn_buf_add_str(b, "when collected");
                else
                        limn_text_time(facts[i].time, b);
                limn_buf_add_str(b, "; ");
                limn_buf_clear(&phrase);
                limn_text_where(view, facts[i].source, facts[i].line, &phrase);
                limn_escape_terminal(limn_buf_slice(&phrase), b);
                size_t same = i;
                while (same + 1 < n && limn_slice_eq(facts[same + 1].key, facts[i].key) &&
                       limn_slice_eq(facts[same + 1].value, facts[i].value))
                        same++;
                if (same > i)
                        limn_buf_printf(b, "; and %zu times after", same - i);
                i = same;
                limn_buf_add_char(b, '\n');
                limn_out_spill(&out);
        }
        limn_buf_done(&phrase);
        return limn_spool_end(spool, &out, diag);
}

int limn_excerpts(LimnView *view, const LimnReportInput *input, const LimnSourceBytes *bytes,
                  LimnSpool *spool, LimnTree *trees, LimnDiag *diag)
{
        int r = all_evidence(view, input, bytes, spool, trees, diag);
        const LimnViewFact *facts = NULL;
        size_t n = 0, number = 0;
        if (r == 0)
                r = limn_view_facts(view, input, &facts, &n, diag);
        for (size_t i = 0; r == 0 && i < n;) {
                size_t from = i;
                while (i < n && facts[i].instance_id == facts[from].instance_id)
                        i++;
                r = config(view, &facts[from], i - from, ++number, spool, diag);
        }
        return r;
}
