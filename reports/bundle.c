/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "core/json_write.h"
#include "reports/archive.h"
#include "reports/checklist.h"
#include "reports/escape.h"
#include "reports/excerpts.h"
#include "reports/file.h"

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
        "| evidence/ | the records that are cited, with line and byte offset in their source |\n"
        "| config/ | the settings that were learned, and where |\n"
        "| manifest.json | SHA-256 and size of every member, and of every source |\n"
        "| SHA256SUMS | the same for sha256sum |\n\n"
        "## How to verify\n\n"
        "    limn verify BUNDLE.tar.zst\n\n"
        "or, without limn:\n\n"
        "    tar --zstd -xf BUNDLE.tar.zst && sha256sum -c SHA256SUMS\n\n"
        "That proves that nothing was damaged or exchanged after packing; the bundle carries no\n"
        "signature, so it does not prove who packed it. The sources themselves are not in here:\n"
        "their SHA-256 stands in manifest.json, so that whoever has them can check every quoted\n"
        "line at its offset.\n\n"
        "## What was masked\n\n"
        "Passwords, tokens and keys are replaced by `" LIMN_SECRET_MASK "`. A masked record says so,\n"
        "and does not read as its source does.\n";

static int readme(LimnSpool *spool, LimnDiag *diag)
{
        LimnOut out;
        int r = limn_spool_begin(spool, "README.md", &out, diag);
        if (r < 0)
                return r;
        limn_buf_add_str(&out.buf, README);
        return limn_spool_end(spool, &out, diag);
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

static int manifest(LimnSpool *spool, const LimnMember *const *order, size_t n,
                    const LimnView *view, const LimnReportInput *input, LimnDiag *diag)
{
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

static int fill(LimnSpool *spool, LimnView *view, const LimnReportInput *input, LimnDiag *diag)
{
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
                r = checklist(spool, view, input, diag);
        if (r == 0)
                r = limn_excerpts(view, input, spool, diag);
        return r;
}

static int pack(const LimnSpool *spool, const LimnMember *const *order, size_t n, int fd,
                LimnDiag *diag)
{
        LimnArchive *archive = NULL;
        int r = limn_archive_new(&archive, fd, diag);
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
static int make(LimnSpool *spool, LimnView *view, const LimnReportInput *input, int fd,
                LimnDiag *diag)
{
        int r = fill(spool, view, input, diag);
        if (r == 0)
                r = readme(spool, diag);
        if (r < 0)
                return r;
        size_t n = spool->n;
        const LimnMember **order = calloc(n + 3, sizeof *order);
        LimnMember *copy = calloc(n + 3, sizeof *copy);
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
        r = manifest(spool, order, listed, view, input, diag);
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
        r = pack(spool, order, n + 2, fd, diag);
out:
        free(order);
        free(copy);
        return r;
}

int limn_bundle_write(const LimnReportInput *given, const char *path, LimnDiag *diag)
{
        LimnReportInput input = *given;
        LimnRedact *redact = NULL;
        LimnView *view = NULL;
        LimnSpool spool = {.fd = -1};
        LimnFile file = {.fd = -1};
        int r = limn_redact_new(&redact, diag);
        if (r < 0)
                return r;
        input.redact = redact;
        r = limn_file_begin(&file, path, diag);
        if (r == 0)
                r = limn_spool_init(&spool, path, diag);
        if (r == 0)
                r = limn_view_load(&view, &input, diag);
        if (r == 0)
                r = make(&spool, view, &input, file.fd, diag);
        if (r == 0)
                r = limn_file_commit(&file, diag);
        if (r == -ENOMEM)
                limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = path},
                               "not enough memory for the bundle");
        limn_file_done(&file);
        limn_spool_done(&spool);
        limn_view_free(view);
        limn_redact_free(redact);
        return r;
}
