/* SPDX-License-Identifier: Apache-2.0 */
/* What a bundle says of itself, held against what is in it. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>

#include "core/arena.h"
#include "core/ascii.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/sign.h"
#include "core/vec.h"
#include "reports/archive.h"
#include "reports/bundle.h"
#include "reports/escape.h"
#include "reports/excerpt_text.h"
#include "reports/verify_content.h"

#define NAMES_MAX (16 * 1024 * 1024)

typedef struct Seen {
        const char *name;
        uint64_t size;
        char sha256[LIMN_SHA256_HEX];
        bool listed; /* the manifest has it */
} Seen;

typedef struct Listed {
        const char *name, *sha256;
        json_int_t size;
} Listed;

typedef struct Verify {
        const char *path;
        LimnDiag *diag;
        LimnArena *arena;
        struct {
                Seen *at;
                size_t n, cap;
        } seen;
        struct {
                Listed *at;
                size_t n, cap;
        } listed;
        LimnSha256 *sha;
        LimnContent *content;
        LimnBuf manifest, sums, signature;
        size_t bad;
} Verify;

static void bad(Verify *v, const char *name, const char *why, const char *what, ...)
        __attribute__((format(printf, 4, 5)));

/* Names come from the archive: made printable. */
static void bad(Verify *v, const char *name, const char *why, const char *what, ...)
{
        char text[512];
        va_list args;
        va_start(args, what);
        vsnprintf(text, sizeof text, what, args);
        va_end(args);
        LimnBuf line = LIMN_BUF(64 * 1024);
        if (name) {
                limn_escape_terminal(limn_slice_to(limn_slice_str(name), 200), &line);
                limn_buf_add_str(&line, ": ");
        }
        limn_buf_add_str(&line, text);
        limn_diag_add(v->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .what = limn_buf_str(&line),
                                              .where = v->path,
                                              .why = why});
        limn_buf_done(&line);
        v->bad++;
}

static int finish(Verify *v)
{
        if (v->seen.n == 0)
                return 0;
        Seen *seen = &v->seen.at[v->seen.n - 1];
        LimnBuf why = LIMN_BUF(4096);
        int r = limn_content_end(v->content, &why);
        if (r == LIMN_CONTENT_BAD)
                bad(v, seen->name, NULL, "%s", limn_buf_str(&why));
        limn_buf_done(&why);
        return r < 0 ? r : limn_sha256_hex(v->sha, seen->sha256);
}

static bool decent(const char *name)
{
        if (name[0] == '\0' || name[0] == '/' || strstr(name, "..") || strlen(name) > 100)
                return false;
        for (const char *p = name; *p; p++)
                if (!limn_ascii_alnum(*p) && *p != '.' && *p != '_' && *p != '-' && *p != '/')
                        return false;
        return true;
}

static int on_member(void *arg, const LimnArchiveMember *member)
{
        Verify *v = arg;
        int r = finish(v);
        if (r < 0)
                return r;
        if (v->seen.n == LIMN_BUNDLE_MEMBERS_MAX) {
                bad(v, NULL, NULL, "it has more than %d members", LIMN_BUNDLE_MEMBERS_MAX);
                return LIMN_BUNDLE_BAD;
        }
        if (member->odd)
                bad(v, member->name, member->odd, "this is not how limn packs a member");
        if (!decent(member->name))
                bad(v, member->name, NULL, "limn gives no member such a name");
        limn_sha256_free(v->sha);
        v->sha = limn_sha256_new();
        char *name = limn_arena_str(v->arena, limn_slice_str(member->name));
        if (!v->sha || !name || limn_vec_room(&v->seen) < 0)
                return -ENOMEM;
        v->seen.at[v->seen.n++] = (Seen){.name = name};
        limn_content_begin(v->content, name);
        return 0;
}

static int on_bytes(void *arg, LimnSlice bytes)
{
        Verify *v = arg;
        Seen *seen = &v->seen.at[v->seen.n - 1];
        seen->size += bytes.n;
        LimnBuf *keep = strcmp(seen->name, "manifest.json") == 0 ? &v->manifest
                        : strcmp(seen->name, "SHA256SUMS") == 0  ? &v->sums
                        : strcmp(seen->name, "SIGNATURE") == 0   ? &v->signature
                                                                 : NULL;
        /* Too large to be kept is too large to be right; the sticky error says so later. */
        if (keep)
                limn_buf_add(keep, bytes);
        int r = limn_content_bytes(v->content, bytes);
        return r < 0 ? r : limn_sha256_add(v->sha, bytes);
}

static int read_manifest(Verify *v, json_t **ret)
{
        json_t *root = NULL;
        int r = v->manifest.error ? v->manifest.error
                                  : limn_json_load(&root, limn_buf_slice(&v->manifest),
                                                   "manifest.json", v->diag);
        if (r == -ENOMEM)
                return r;
        if (r < 0) {
                bad(v, "manifest.json", NULL, "it cannot be read");
                return LIMN_BUNDLE_BAD;
        }
        *ret = root;
        const char *schema = json_string_value(json_object_get(root, "schema"));
        if (!schema || strcmp(schema, "limn.bundle/1") != 0) {
                bad(v, "manifest.json", "it is no limn.bundle/1",
                    "this limn cannot check such a bundle");
                return LIMN_BUNDLE_BAD;
        }
        size_t i;
        json_t *member;
        json_array_foreach(json_object_get(root, "members"), i, member)
        {
                Listed listed = {json_string_value(json_object_get(member, "name")),
                                 json_string_value(json_object_get(member, "sha256")),
                                 json_integer_value(json_object_get(member, "size"))};
                if (!listed.name || !listed.sha256 || i >= LIMN_BUNDLE_MEMBERS_MAX) {
                        bad(v, "manifest.json", NULL, "entry %zu of its members is no entry", i);
                        return LIMN_BUNDLE_BAD;
                }
                if (limn_vec_room(&v->listed) < 0)
                        return -ENOMEM;
                v->listed.at[v->listed.n++] = listed;
        }
        return 0;
}

static bool own(const char *name)
{
        return strcmp(name, "manifest.json") == 0 || strcmp(name, "SHA256SUMS") == 0;
}

static void check_members(Verify *v)
{
        for (size_t i = 0; i < v->listed.n; i++) {
                const Listed *listed = &v->listed.at[i];
                Seen *found = NULL;
                for (size_t k = 0; k < v->seen.n && !found; k++)
                        if (strcmp(v->seen.at[k].name, listed->name) == 0)
                                found = &v->seen.at[k];
                if (!found) {
                        bad(v, listed->name, NULL, "the manifest has it, the bundle does not");
                        continue;
                }
                if (found->listed) {
                        bad(v, listed->name, NULL, "the manifest has it twice");
                        continue;
                }
                found->listed = true;
                if (found->size != (uint64_t)listed->size)
                        bad(v, listed->name, NULL,
                            "it has %" PRIu64 " bytes, the manifest says %" JSON_INTEGER_FORMAT,
                            found->size, listed->size);
                else if (strcmp(found->sha256, listed->sha256) != 0)
                        bad(v, listed->name, NULL,
                            "its content was changed: SHA-256 is %s, the manifest says %.64s",
                            found->sha256, listed->sha256);
        }
        for (size_t i = 0; i < v->seen.n; i++) {
                const Seen *seen = &v->seen.at[i];
                bool again = false;
                for (size_t k = 0; k < i && !again; k++)
                        again = strcmp(v->seen.at[k].name, seen->name) == 0;
                if (again)
                        bad(v, seen->name, NULL, "the bundle has it twice");
                else if (!seen->listed && !own(seen->name))
                        bad(v, seen->name, NULL, "the bundle has it, the manifest does not");
        }
}

/* README.md, manifest.json, the others as the manifest has them, SHA256SUMS. */
static void check_order(Verify *v)
{
        size_t next = 0;
        for (size_t i = 0; i < v->seen.n; i++) {
                const char *name = v->seen.at[i].name;
                const char *due = i == 1                 ? "manifest.json"
                                  : i + 1 == v->seen.n   ? "SHA256SUMS"
                                  : next < v->listed.n   ? v->listed.at[next++].name
                                                         : "nothing";
                if (strcmp(name, due) != 0) {
                        bad(v, name, NULL, "it stands where %.100s belongs", due);
                        return;
                }
        }
}

static void check_sums(Verify *v)
{
        LimnBuf expected = LIMN_BUF(LIMN_MANIFEST_MAX);
        for (size_t i = 0; i + 1 < v->seen.n; i++)
                limn_buf_printf(&expected, "%s  %s\n", v->seen.at[i].sha256, v->seen.at[i].name);
        if (v->sums.error || expected.error ||
            !limn_slice_eq(limn_buf_slice(&expected), limn_buf_slice(&v->sums)))
                bad(v, "SHA256SUMS", NULL, "it does not agree with what is in the bundle");
        limn_buf_done(&expected);
}

static Seen *seen_as(Verify *v, LimnSlice name)
{
        for (size_t i = 0; i < v->seen.n; i++)
                if (limn_slice_eq(limn_slice_str(v->seen.at[i].name), name))
                        return &v->seen.at[i];
        return NULL;
}

static LimnSlice text_in(const json_t *object, const char *key)
{
        const json_t *s = json_object_get(object, key);
        return json_is_string(s) ? limn_slice(json_string_value(s), json_string_length(s))
                                 : LIMN_NONE;
}

static LimnBundleSource source_of(const json_t *entry)
{
        const json_t *tree = json_object_get(entry, "tree");
        return (LimnBundleSource){
                .path = text_in(entry, "path"),
                .sha256 = text_in(entry, "sha256"),
                .format = text_in(entry, "format"),
                .bytes = json_integer_value(json_object_get(entry, "bytes")),
                .records = json_integer_value(json_object_get(tree, "records")),
                .root = text_in(tree, "root"),
        };
}

static bool same(LimnSlice a, LimnSlice b)
{
        return a.p && b.p && limn_slice_eq(a, b);
}

/* Its records lead to the root that it names: is that the manifest's, for that source? And is the
 * text beside it the one that is made of it? */
static void check_excerpt(Verify *v, const LimnContentExcerpt *x, const json_t *sources)
{
        size_t i;
        const json_t *entry;
        bool found = false;
        json_array_foreach(sources, i, entry)
        {
                LimnBundleSource s = source_of(entry);
                found = found ||
                        (same(s.path, x->checked.path) && same(s.sha256, x->checked.sha256) &&
                         same(s.root, x->checked.root) && s.bytes == x->checked.bytes &&
                         s.records == x->checked.records);
        }
        if (!found)
                bad(v, x->member, NULL, "the manifest has no such source with such a root");
        LimnSlice stem = limn_slice_str(x->member);
        stem.n -= sizeof LIMN_EXCERPT_PROOF - 1;
        char name[128];
        snprintf(name, sizeof name, "%.*s%s", LIMN_FMT(stem), LIMN_EXCERPT_TEXT);
        Seen *text = seen_as(v, limn_slice_str(name));
        if (!text || strcmp(text->sha256, x->checked.text_sha256) != 0)
                bad(v, name, NULL, "it is not what its proof says");
}

static void check_excerpts(Verify *v, const json_t *root)
{
        const json_t *sources = json_object_get(root, "sources"), *entry;
        const LimnContentExcerpt *excerpts;
        size_t n = limn_content_excerpts(v->content, &excerpts), trees = 0, texts = 0, i;
        for (size_t k = 0; k < n; k++)
                check_excerpt(v, &excerpts[k], sources);
        json_array_foreach(sources, i, entry)
                trees += json_object_get(entry, "tree") != NULL;
        for (size_t k = 0; k < v->seen.n; k++) {
                LimnSlice name = limn_slice_str(v->seen.at[k].name);
                texts += limn_slice_starts(name, LIMN_S("evidence/")) &&
                         limn_slice_ends(name, LIMN_S(LIMN_EXCERPT_TEXT));
        }
        if (v->bad == 0 && (texts != n || trees != n))
                bad(v, "evidence/", NULL,
                    "there are %zu excerpts, %zu proofs and %zu roots: each needs the others", texts,
                    n, trees);
}

static int tell_sources(const LimnVerifyOptions *options, const json_t *root)
{
        size_t i;
        const json_t *entry;
        int r = 0;
        json_array_foreach(json_object_get(root, "sources"), i, entry)
        {
                LimnBundleSource source = source_of(entry);
                if (r == 0 && options->source)
                        r = options->source(options->arg, &source);
        }
        return r;
}

static int check(Verify *v, const LimnVerifyOptions *options)
{
        int r;
        if (v->seen.n < 3 || strcmp(v->seen.at[1].name, "manifest.json") != 0) {
                bad(v, NULL, "the second member of a bundle is manifest.json",
                    "it is no bundle of limn's, or its manifest was moved or removed");
                return LIMN_BUNDLE_BAD;
        }
        json_t *root = NULL;
        r = read_manifest(v, &root);
        if (r == 0) {
                check_members(v);
                if (v->bad == 0)
                        check_order(v);
                if (v->bad == 0)
                        check_sums(v);
                if (v->bad == 0)
                        check_excerpts(v, root);
                if (v->bad == 0)
                        r = tell_sources(options, root);
        }
        json_decref(root);
        return r;
}

static int check_signature(Verify *v, LimnSlice key, bool is_signed)
{
        if (!key.p)
                return 0;
        if (!is_signed) {
                bad(v, NULL, NULL, "it carries no signature");
                return 0;
        }
        int r = limn_sign_verify(key, "the key to verify with", limn_buf_slice(&v->sums),
                                 limn_buf_slice(&v->signature), v->diag);
        if (r == LIMN_SIGNATURE_BAD)
                bad(v, "SIGNATURE", NULL, "this key did not sign what is in the bundle");
        return r < 0 ? r : 0;
}

int limn_bundle_verify(const char *path, const LimnVerifyOptions *options, LimnVerified *ret,
                       LimnDiag *diag)
{
        static const LimnVerifyOptions none = {0};
        Verify v = {.path = path,
                    .diag = diag,
                    .arena = limn_arena_new(NAMES_MAX),
                    .manifest = LIMN_BUF(LIMN_MANIFEST_MAX),
                    .sums = LIMN_BUF(LIMN_MANIFEST_MAX),
                    .signature = LIMN_BUF(LIMN_MANIFEST_MAX)};
        options = options ? options : &none;
        int r = v.arena ? limn_content_new(&v.content) : -ENOMEM;
        if (r == 0)
                r = limn_archive_read(path, on_member, on_bytes, &v, diag);
        if (r == -EINVAL) { /* damaged: the message is there */
                v.bad++;
                r = LIMN_BUNDLE_BAD;
        }
        LimnVerified verified = {.members = v.seen.n};
        if (r == 0)
                r = finish(&v);
        if (r == 0 && v.seen.n && strcmp(v.seen.at[v.seen.n - 1].name, "SIGNATURE") == 0) {
                verified.is_signed = true;
                v.seen.n--; /* the rest is as in a bundle without one */
                if (v.signature.n != LIMN_SIGNATURE_BYTES)
                        bad(&v, "SIGNATURE", NULL, "it is no Ed25519 signature");
        }
        if (r == 0)
                r = check(&v, options);
        if (r == 0)
                r = check_signature(&v, options->key, verified.is_signed);
        if (r == 0 && v.bad)
                r = LIMN_BUNDLE_BAD;
        if (r == 0) {
                const LimnContentExcerpt *excerpts;
                size_t n = limn_content_excerpts(v.content, &excerpts);
                for (size_t i = 0; i < n; i++)
                        verified.excerpts += excerpts[i].checked.proved;
                if (ret)
                        *ret = verified;
        }
        limn_buf_done(&v.manifest);
        limn_buf_done(&v.sums);
        limn_buf_done(&v.signature);
        limn_sha256_free(v.sha);
        limn_content_free(v.content);
        limn_arena_free(v.arena);
        free(v.seen.at);
        free(v.listed.at);
        return r;
}
