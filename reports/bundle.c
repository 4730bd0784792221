/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "core/json_write.h"
#include "core/sign.h"
#include "reports/archive.h"
#include "reports/checklist.h"
#include "reports/escape.h"
#include "reports/excerpts.h"
#include "reports/file.h"
#include "reports/map.h"
#include "reports/proof.h"
#include "reports/sources.h"
#include "reports/topology.h"

static const char README[] =
        "# Escalation bundle\n\n"
        "Written by limn, which reads what a change-data-capture incident leaves behind: server\n"
        "logs, gateway logs, pipeline events, settings. It worked on a machine without a network;\n"
        "nothing in here was sent anywhere.\n\n"
        "| member | what it is |\n|---|---|\n"
        "| SUMMARY.md | one page: what happened, when, why, how sure, what is asked of support |\n"
        "| report.html | the whole report with a drawn timeline; one file, open it in a browser |\n"
        "| findings.json | the same for programs (limn.findings/1) |\n"
        "| timeline.csv, timeline.jsonl | events in the order of corrected time; the second is in "
        "Timesketch's form |\n"
        "| checklist.md | what support asks for, filled in, or how to fetch it |\n"
        "| attempted.md | the steps that were tried already |\n"
        "| topology.svg | servers and readers, with the hosts, ports and roles that were seen |\n"
        "| evidence/\\*.txt | the records that are cited, among those around them |\n"
        "| evidence/\\*.proof.json | the same records, each with the proof that its source has it |\n"
        "| config/ | the settings that were learned, and where |\n"
        "| manifest.json | SHA-256 and size of every member, and of every source |\n"
        "| SHA256SUMS | the same for sha256sum |\n\n"
        "## How to verify\n\n"
        "    limn verify BUNDLE.tar.zst\n\n"
        "or, without limn:\n\n"
        "    tar --zstd -xf BUNDLE.tar.zst && sha256sum -c SHA256SUMS\n\n"
        "That proves that nothing was damaged or exchanged after packing. Who packed it is proved by\n"
        "a signature only: the member SIGNATURE, if there is one, is that of SHA256SUMS, checked by\n"
        "`limn verify --key PUBLIC.pem`, or by\n\n"
        "    openssl pkeyutl -verify -rawin -pubin -inkey PUBLIC.pem -in SHA256SUMS -sigfile SIGNATURE\n"
        "\n"
        "The sources as they were are not in here. manifest.json has the digest and size of each, and\n"
        "the root of its hash tree (RFC 6962), whose leaves are its records. `limn verify` checks\n"
        "with it that every record in evidence/ stands in its source as it is quoted and where it is\n"
        "said to, without the source; who has that adds `--source FILE` and checks the root. A leaf\n"
        "is the SHA-256 of a zero byte, the record's salt and its bytes. A masked record gives away\n"
        "its leaf only, so that what was masked cannot be guessed with it.\n\n";

static const char SOURCES[] =
        "The folder sources/ holds every source whole, masked like the rest, for `limn analyze "
        "sources`.\n\n";

static const char MASKED[] =
        "## What was masked\n\n"
        "Passwords, tokens and keys are replaced by `" LIMN_SECRET_MASK "`. A masked record says so,\n"
        "and does not read as its source does.\n";

static const char NAMES[] =
        "\nNames were replaced by tokens: addresses from 198.18.0.0/15 and 2001:db8::/32, hosts under\n"
        ".invalid, and identifiers like `db_1a2b3c`. The same name has the same token everywhere in\n"
        "this bundle. Who packed it holds the map: answer in tokens, `limn unmask` makes names of\n"
        "them. Loopback addresses and the product's own names stay.\n\n"
        "The finished bundle was searched for every name that was replaced, in several spellings\n"
        "and encodings, and has none. manifest.json lists the tokens of names that cannot be proved\n"
        "absent, since they are also words of the product's (`redaction.not_provable`), and of\n"
        "those too short to be searched for in encoded form. The digests of the sources are keyed\n"
        "with the map: `limn verify --source FILE --map MAP` checks them where the map is.\n";

typedef struct Bundle {
        const LimnReportInput *input;
        const LimnBundleOptions *options;
        LimnSpool *spool;
        LimnView *view;
        LimnTree *trees; /* of the view's sources */
        LimnDiag *diag;
} Bundle;

static int readme(const Bundle *bundle)
{
        LimnOut out;
        int r = limn_spool_begin(bundle->spool, "README.md", &out, bundle->diag);
        if (r < 0)
                return r;
        limn_buf_add_str(&out.buf, README);
        if (bundle->options->sources)
                limn_buf_add_str(&out.buf, SOURCES);
        limn_buf_add_str(&out.buf, MASKED);
        if (bundle->options->mask)
                limn_buf_add_str(&out.buf, NAMES);
        return limn_spool_end(bundle->spool, &out, bundle->diag);
}

static int checklist(LimnSpool *spool, LimnView *view, const LimnReportInput *input,
                     LimnDiag *diag)
{
        LimnOut out;
        int r = limn_spool_begin(spool, "checklist.md", &out, diag);
        if (r < 0)
                return r;
        limn_buf_add_str(&out.buf, "# What support asks for\n\n");
        r = limn_checklist(view, input, true, &out, diag);
        int e = limn_spool_end(spool, &out, diag);
        return r < 0 ? r : e;
}

static int attempted(const Bundle *bundle)
{
        LimnOut out;
        int r = limn_spool_begin(bundle->spool, "attempted.md", &out, bundle->diag);
        if (r < 0)
                return r;
        r = limn_attempted(bundle->view, &out);
        int e = limn_spool_end(bundle->spool, &out, bundle->diag);
        return r < 0 ? r : e;
}

static int topology(const Bundle *bundle)
{
        LimnOut out;
        int r = limn_spool_begin(bundle->spool, "topology.svg", &out, bundle->diag);
        if (r < 0)
                return r;
        r = limn_topology(bundle->view, bundle->input, &out, bundle->diag);
        int e = limn_spool_end(bundle->spool, &out, bundle->diag);
        return r < 0 ? r : e;
}

static void key_str(LimnJsonWriter *w, const char *key, const char *value)
{
        limn_json_key(w, key);
        limn_json_str(w, value);
}

static void key_int(LimnJsonWriter *w, const char *key, int64_t value)
{
        limn_json_key(w, key);
        limn_json_int(w, value);
}

/* Tokens only: what they stand for is in the map. */
static void tokens(LimnJsonWriter *w, const char *key, const LimnMask *mask, bool common)
{
        limn_json_key(w, key);
        limn_json_array(w);
        for (size_t i = 0; i < limn_mask_n(mask); i++) {
                LimnMaskValue v = limn_mask_at(mask, i);
                if (common ? v.common : !v.common && !v.provable)
                        limn_json_string(w, v.token);
        }
        limn_json_end(w);
}

static void names(LimnJsonWriter *w, const LimnMask *mask)
{
        size_t n = limn_mask_n(mask);
        limn_json_key(w, "classes");
        limn_json_array(w);
        for (int class = 0; class < _LIMN_MASK_MAX; class++)
                if (limn_mask_wants(mask, (LimnMaskClass)class))
                        limn_json_str(w, limn_mask_class_name((LimnMaskClass)class));
        limn_json_end(w);
        key_int(w, "names", (int64_t)n);
        key_str(w, "source_digests", "HMAC-SHA-256 of the SHA-256, under the map's key");
        tokens(w, "not_provable", mask, true);
        tokens(w, "not_provable_encoded", mask, false);
}

static int manifest(const Bundle *bundle, const LimnMember *const *order, size_t n)
{
        LimnSpool *spool = bundle->spool;
        const LimnView *view = bundle->view;
        const LimnReportInput *input = bundle->input;
        LimnDiag *diag = bundle->diag;
        LimnOut out;
        int r = limn_spool_begin(spool, "manifest.json", &out, diag);
        if (r < 0)
                return r;
        LimnJsonWriter writer = LIMN_JSON_WRITER(&out.buf, 2), *w = &writer;
        limn_json_object(w);
        key_str(w, "schema", "limn.bundle/1");
        limn_json_key(w, "tool");
        limn_json_object(w);
        key_str(w, "name", "limn");
        key_str(w, "version", input->version);
        key_str(w, "rules_sha256", input->rules_hash);
        limn_json_end(w);
        limn_json_key(w, "redaction");
        limn_json_object(w);
        key_str(w, "secrets", "masked");
        key_str(w, "mask", LIMN_SECRET_MASK);
        if (bundle->options->mask)
                names(w, bundle->options->mask);
        limn_json_end(w);
        limn_json_key(w, "members");
        limn_json_array(w);
        for (size_t i = 0; i < n; i++) {
                limn_json_object(w);
                key_str(w, "name", order[i]->name);
                key_int(w, "size", (int64_t)order[i]->size);
                key_str(w, "sha256", order[i]->sha256);
                limn_json_end(w);
        }
        limn_json_end(w);
        limn_json_key(w, "sources");
        limn_json_array(w);
        for (size_t i = 0; i < view->n_sources; i++) {
                limn_json_object(w);
                limn_json_key(w, "path");
                limn_json_string(w, view->sources[i].path);
                key_int(w, "bytes", view->sources[i].bytes);
                limn_json_key(w, "sha256");
                limn_json_string(w, view->sources[i].sha256);
                limn_json_key(w, "format");
                limn_json_string(w, view->sources[i].format);
                if (bundle->trees[i].records) {
                        limn_json_key(w, "tree");
                        limn_json_object(w);
                        key_int(w, "records", (int64_t)bundle->trees[i].records);
                        key_str(w, "root", bundle->trees[i].root);
                        limn_json_end(w);
                }
                limn_json_end(w);
        }
        limn_json_end(w);
        limn_json_end(w);
        limn_buf_add_char(&out.buf, '\n');
        return limn_spool_end(spool, &out, diag);
}

static int sums(LimnSpool *spool, const LimnMember *const *order, size_t n, LimnDiag *diag)
{
        LimnOut out;
        int r = limn_spool_begin(spool, "SHA256SUMS", &out, diag);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++)
                limn_buf_printf(&out.buf, "%s  %s\n", order[i]->sha256, order[i]->name);
        return limn_spool_end(spool, &out, diag);
}

static int sign(const Bundle *bundle, const LimnMember *sums)
{
        LimnBuf text = LIMN_BUF(LIMN_MANIFEST_MAX);
        LimnSpoolReader reader = {bundle->spool, sums->offset};
        int r = limn_buf_reserve(&text, sums->size + 1);
        while (r == 0 && text.n < sums->size) {
                int64_t n = limn_spool_read(&reader, text.p + text.n, sums->size - text.n);
                if (n <= 0)
                        r = n < 0 ? (int)n : -EIO;
                else
                        text.n += (size_t)n;
        }
        unsigned char signature[LIMN_SIGNATURE_BYTES];
        if (r == 0)
                r = limn_sign(bundle->options->sign, "the key to sign with", limn_buf_slice(&text),
                              signature, bundle->diag);
        limn_buf_done(&text);
        LimnOut out;
        if (r == 0)
                r = limn_spool_begin(bundle->spool, "SIGNATURE", &out, bundle->diag);
        if (r < 0)
                return r;
        limn_buf_add(&out.buf, limn_slice((const char *)signature, sizeof signature));
        return limn_spool_end(bundle->spool, &out, bundle->diag);
}

static int fill(const Bundle *bundle)
{
        LimnSpool *spool = bundle->spool;
        const LimnReportInput *input = bundle->input;
        LimnDiag *diag = bundle->diag;
        const struct {
                const char *name;
                const LimnReporter *reporter;
        } reports[] = {
                {"SUMMARY.md", &limn_reporter_summary},   {"report.html", &limn_reporter_html},
                {"findings.json", &limn_reporter_json},   {"timeline.csv", &limn_reporter_csv},
                {"timeline.jsonl", &limn_reporter_timesketch},
        };
        int r = 0;
        for (size_t i = 0; r == 0 && i < sizeof reports / sizeof *reports; i++)
                r = limn_spool_report(spool, reports[i].name, reports[i].reporter, input, diag);
        if (r == 0)
                r = checklist(spool, bundle->view, input, diag);
        if (r == 0)
                r = attempted(bundle);
        if (r == 0)
                r = topology(bundle);
        if (r == 0)
                r = limn_excerpts(bundle->view, input, bundle->options->bytes, spool, bundle->trees,
                                  diag);
        if (r == 0 && bundle->options->sources)
                r = limn_sources(input, bundle->options->bytes, spool, diag);
        return r;
}

static int pack(const LimnSpool *spool, const LimnMember *const *order, size_t n, int fd,
                LimnDiag *diag)
{
        LimnArchive *archive = NULL;
        int r = limn_archive_new(&archive, fd, spool->end, diag);
        for (size_t i = 0; r == 0 && i < n; i++) {
                LimnSpoolReader reader = {spool, order[i]->offset};
                r = limn_archive_add(archive, order[i]->name, order[i]->size, limn_spool_read,
                                     &reader, diag);
        }
        if (r == 0)
                r = limn_archive_end(archive, diag);
        limn_archive_free(archive);
        return r;
}

/* The manifest needs the members' sums, so the order of packing is not that of making. What is
 * packed is copied: the spool's array moves while it grows. */
static int make(const Bundle *bundle, int fd)
{
        LimnSpool *spool = bundle->spool;
        LimnDiag *diag = bundle->diag;
        int r = fill(bundle);
        if (r == 0)
                r = readme(bundle);
        if (r < 0)
                return r;
        size_t n = spool->n;
        const LimnMember **order = calloc(n + 4, sizeof *order);
        LimnMember *copy = calloc(n + 4, sizeof *copy);
        if (!order || !copy) {
                r = -ENOMEM;
                goto out;
        }
        /* copy: README, manifest, the rest, sums. */
        copy[0] = spool->at[n - 1];
        for (size_t i = 0; i + 1 < n; i++)
                copy[i + 2] = spool->at[i];
        size_t listed = 0;
        for (size_t i = 0; i < n + 1; i++)
                if (i != 1)
                        order[listed++] = &copy[i];
        r = manifest(bundle, order, listed);
        if (r < 0)
                goto out;
        copy[1] = spool->at[spool->n - 1];
        for (size_t i = 0; i < n + 1; i++)
                order[i] = &copy[i];
        r = sums(spool, order, n + 1, diag);
        if (r < 0)
                goto out;
        copy[n + 1] = spool->at[spool->n - 1];
        order[n + 1] = &copy[n + 1];
        size_t packed = n + 2;
        if (bundle->options->sign.p) {
                r = sign(bundle, &copy[n + 1]);
                if (r < 0)
                        goto out;
                copy[n + 2] = spool->at[spool->n - 1];
                order[packed++] = &copy[n + 2];
        }
        r = pack(spool, order, packed, fd, diag);
out:
        free(order);
        free(copy);
        return r;
}

/* Proved, then its map, then its name: a bundle without a map could never be answered. */
static int finish(const Bundle *bundle, LimnFile *file)
{
        const LimnBundleOptions *options = bundle->options;
        int r = options->mask ? limn_proof(options->mask, file->partial, bundle->diag) : 0;
        if (r)
                return r < 0 ? r : LIMN_BUNDLE_LEAK;
        if (options->mask)
                r = limn_map_write(options->mask, options->map, bundle->diag);
        return r < 0 ? r : limn_file_commit(file, bundle->diag);
}

int limn_bundle_write(const LimnReportInput *given, const char *path,
                      const LimnBundleOptions *options, LimnDiag *diag)
{
        static const LimnBundleOptions none = {0};
        LimnReportInput input = *given;
        LimnRedact *redact = NULL;
        LimnSpool spool = {.fd = -1};
        LimnFile file = {.fd = -1};
        Bundle bundle = {.input = &input,
                         .options = options ? options : &none,
                         .spool = &spool,
                         .diag = diag};
        LimnMask *mask = bundle.options->mask;
        int r = limn_redact_new(&redact, diag);
        if (r < 0)
                return r;
        input.redact = redact;
        r = limn_file_begin(&file, path, diag);
        if (r == 0)
                r = limn_spool_init(&spool, path, diag);
        if (r == 0 && mask)
                r = limn_discover_case(mask, input.query, bundle.options->bytes, diag);
        limn_redact_names(redact, mask);
        if (r == 0)
                r = limn_view_load(&bundle.view, &input, diag);
        if (r == 0) {
                bundle.trees = limn_arena_new_of(bundle.view->arena, LimnTree,
                                                 bundle.view->n_sources + 1);
                r = bundle.trees ? make(&bundle, file.fd) : -ENOMEM;
        }
        if (r == 0)
                r = finish(&bundle, &file);
        if (r == -ENOMEM)
                limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = path},
                               "not enough memory for the bundle");
        limn_file_done(&file);
        limn_spool_done(&spool);
        limn_view_free(bundle.view);
        limn_redact_free(redact);
        return r;
}
