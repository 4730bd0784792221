/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML report: one file that asks the network for nothing. The style sheet and the script
 * stand inside it and are allowed by their hashes, so that nothing that comes from a log can act
 * even if an escaper failed; it says everything with scripts off.
 */
#include "reports/html.h"

#include <errno.h>
#include <inttypes.h>

#include "core/hash.h"

#define RECORD_SHOWN (16 * 1024)

void limn_html_phrase(LimnHtml *h)
{
        if (h->scratch.error && !h->b->error)
                h->b->error = h->scratch.error;
        limn_html_text(h, limn_buf_slice(&h->scratch));
        limn_buf_clear(&h->scratch);
}

void limn_html_id(LimnHtml *h, LimnSlice name)
{
        for (size_t i = 0; i < name.n && i < 64; i++) {
                char c = name.p[i];
                bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_';
                limn_buf_add_char(h->b, fine ? c : '_');
        }
}

void limn_html_where(LimnHtml *h, int64_t source, int64_t line)
{
        if (source < 0)
                return;
        limn_buf_printf(h->b, " <a class=\"where\" href=\"#s-%" PRId64 "\">", source + 1);
        limn_text_where_short(h->view, source, line, &h->scratch);
        limn_html_phrase(h);
        limn_html(h, "</a>");
}

void limn_html_record(LimnHtml *h, LimnSlice text)
{
        limn_html(h, "<pre>");
        limn_html_text(h, limn_utf8_cut(text, RECORD_SHOWN));
        if (text.n > RECORD_SHOWN)
                limn_html(h, "\n[cut here; limn extract has all of it]");
        limn_html(h, "</pre>");
}

void limn_html_shown_by(LimnHtml *h, const char *id, size_t n, int64_t source, int64_t line,
                        LimnSlice text, bool masked)
{
        if (source < 0)
                return;
        if (text.n == 0) {
                limn_html_where(h, source, line);
                return;
        }
        limn_buf_printf(h->b, " <details class=\"record\" id=\"%s-%zu\"><summary>"
                              "<span class=\"where\">", id, n);
        limn_text_where_short(h->view, source, line, &h->scratch);
        limn_html_phrase(h);
        limn_html(h, masked ? "</span>, masked</summary>" : "</span></summary>");
        limn_html_record(h, text);
        limn_html(h, "</details>");
}

/* 'sha256-...' of what stands between the tags, as the policy wants it. */
static int policy_hash(LimnBuf *out, LimnSlice content)
{
        static const char digits[] =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        unsigned char digest[LIMN_SHA256_BYTES + 1] = {0};
        LimnSha256 *sha = limn_sha256_new();
        int r = sha ? limn_sha256_add(sha, content) : -ENOMEM;
        if (r == 0)
                r = limn_sha256_digest(sha, digest);
        limn_sha256_free(sha);
        if (r < 0)
                return out->error = r;
        limn_buf_add_str(out, "'sha256-");
        for (size_t i = 0; i < LIMN_SHA256_BYTES; i += 3) {
                uint32_t v = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 |
                             (i + 2 < LIMN_SHA256_BYTES ? digest[i + 2] : 0u);
                for (int k = 0; k < 4; k++)
                        limn_buf_add_char(out, digits[v >> (18 - 6 * k) & 63]);
        }
        /* 32 bytes are ten groups of three and one of two: 43 digits. */
        out->p[out->n - 1] = '=';
        limn_buf_add_char(out, '\'');
        return out->error;
}

static void head(LimnHtml *h)
{
        LimnSlice css = limn_report_file("html.css"), js = limn_report_file("html.js");
        limn_html(h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src ");
        policy_hash(h->b, css);
        limn_html(h, "; script-src ");
        policy_hash(h->b, js);
        limn_html(h, "; base-uri 'none'; form-action 'none'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"referrer\" content=\"no-referrer\">\n"
                     "<title>limn report</title>\n<style>");
        limn_buf_add(h->b, css);
        limn_html(h, "</style>\n</head>\n<body>\n"
                     "<a class=\"skip\" href=\"#findings\">To the findings</a>\n");
}

static size_t loud(const LimnView *view)
{
        size_t n = 0;
        for (size_t i = 0; i < view->n_findings; i++)
                n += limn_text_loud(&view->findings[i]);
        return n;
}

static void title(LimnHtml *h)
{
        const LimnView *view = h->view;
        size_t n = loud(view);
        limn_html(h, "<header>\n<div class=\"kicker\">limn incident report</div>\n<h1>");
        if (n)
                limn_html_text(h, view->findings[0].title);
        else
                limn_html(h, view->n_sources ? "Nothing found that calls for action"
                                             : "Nothing was read");
        limn_html(h, "</h1>\n<p class=\"lead\">");
        if (n) {
                limn_html_text(h, view->findings[0].summary);
                const LimnViewCause *top = limn_view_cause(&view->findings[0], 1);
                if (top) {
                        limn_html(h, " Best explanation: <a href=\"#c-");
                        limn_html_id(h, view->findings[0].id);
                        limn_html(h, "-1\">");
                        limn_html_text(h, top->title);
                        limn_html(h, "</a> (");
                        limn_text_verdict(top, &h->scratch);
                        limn_html_phrase(h);
                        limn_html(h, ").");
                }
        } else {
                limn_html(h, "What the sources below do not cover is not known to be healthy.");
        }
        limn_buf_printf(h->b, "</p>\n<p class=\"soft\">%zu source%s, ", view->n_sources,
                        view->n_sources == 1 ? "" : "s");
        limn_text_hits(view, h->b);
        if (view->first != LIMN_TIME_NONE) {
                limn_html(h, ", ");
                limn_text_span(view->first, view->last, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, " UTC");
        }
        limn_html(h, ". All times are UTC, corrected by the measured clock offsets.</p>\n"
                     "<nav aria-label=\"Contents\">");
        if (view->n_story)
                limn_html(h, "<a href=\"#story\">What happened</a>");
        limn_html(h, "<a href=\"#findings\">Findings</a>"
                     "<a href=\"#timeline\">Timeline</a><a href=\"#sources\">Sources</a>");
        if (view->n_missing)
                limn_html(h, "<a href=\"#missing\">What to ask for next</a>");
        if (view->n_unexplained)
                limn_html(h, "<a href=\"#unexplained\">Unexplained errors</a>");
        if (view->n_assumptions)
                limn_html(h, "<a href=\"#assumptions\">Assumptions</a>");
        limn_html(h, "</nav>\n</header>\n<main>\n");
}

static void overview(LimnHtml *h)
{
        const LimnView *view = h->view;
        limn_html(h, "<section id=\"findings\">\n<h2>Findings</h2>\n");
        if (view->n_findings == 0) {
                limn_html(h, "<p class=\"good\">None.</p>\n</section>\n");
                return;
        }
        limn_html(h, "<div class=\"tablebox\"><table class=\"cards\">\n<thead><tr>"
                     "<th scope=\"col\">Severity</th>"
                     "<th scope=\"col\">Finding</th><th scope=\"col\">Best explanation</th>"
                     "<th scope=\"col\">Verdict</th><th class=\"n\" scope=\"col\">Confidence</th>"
                     "<th scope=\"col\">First seen (UTC)</th></tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < view->n_findings; i++) {
                const LimnViewFinding *f = &view->findings[i];
                const LimnViewCause *top = limn_view_cause(f, 1);
                limn_html(h, "<tr class=\"sev-");
                limn_html_id(h, f->severity);
                limn_html(h, "\"><td><span class=\"sev\">");
                limn_html_text(h, f->severity);
                limn_html(h, "</span></td><td><a href=\"#f-");
                limn_html_id(h, f->id);
                limn_html(h, "\">");
                limn_html_text(h, f->id);
                limn_html(h, "</a> ");
                limn_html_text(h, f->title);
                limn_html(h, "</td><td>");
                if (top) {
                        limn_html(h, "<a href=\"#c-");
                        limn_html_id(h, f->id);
                        limn_html(h, "-1\">");
                        limn_html_text(h, top->title);
                        limn_html(h, "</a>");
                }
                limn_html(h, "</td><td>");
                if (top) {
                        limn_html(h, "<span class=\"verdict v-");
                        limn_html_id(h, top->verdict);
                        limn_html(h, "\">");
                        limn_text_verdict(top, &h->scratch);
                        limn_html_phrase(h);
                        limn_html(h, "</span>");
                }
                limn_buf_printf(h->b,
                                "</td><td class=\"n\" data-label=\"confidence\">%.2f</td>"
                                "<td class=\"t\" data-label=\"first seen\">",
                                f->confidence);
                LimnTime first = LIMN_TIME_NONE;
                for (size_t k = 0; k < f->n_incidents; k++)
                        if (f->incidents[k].start != LIMN_TIME_NONE &&
                            (first == LIMN_TIME_NONE || f->incidents[k].start < first))
                                first = f->incidents[k].start;
                if (first == LIMN_TIME_NONE)
                        limn_html(h, "not dated");
                else
                        limn_text_time(first, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, "</td></tr>\n");
        }
        limn_html(h, "</tbody></table></div>\n</section>\n");
}

static void sources(LimnHtml *h)
{
        limn_html(h, "<section id=\"sources\">\n<h2>Sources</h2>\n<div class=\"tablebox\"><table>\n"
                     "<caption>What was looked at, for which time, and how much of it was "
                     "understood.</caption>\n<thead><tr><th scope=\"col\">Source</th>"
                     "<th scope=\"col\">Instance</th><th scope=\"col\">Time (UTC) and clock</th>"
                     "<th class=\"n\" scope=\"col\">Bytes</th>"
                     "<th class=\"n\" scope=\"col\">Parsed</th>"
                     "<th class=\"n\" scope=\"col\">Continued</th>"
                     "<th class=\"n\" scope=\"col\">Not understood</th>"
                     "<th class=\"n\" scope=\"col\">Left out</th></tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < h->view->n_sources; i++) {
                const LimnViewSource *s = &h->view->sources[i];
                limn_buf_printf(h->b, "<tr id=\"s-%zu\"><td><code>", i + 1);
                limn_html_text(h, s->path);
                limn_html(h, "</code><br><span class=\"soft\">");
                limn_html_text(h, s->format);
                limn_html(h, ", SHA-256 <code>");
                limn_html_text(h, s->sha256);
                limn_html(h, "</code></span>");
                for (size_t k = 0; k < s->n_names; k++) {
                        limn_html(h, "<br><span class=\"soft\">also as </span><code>");
                        limn_html_text(h, s->names[k]);
                        limn_html(h, "</code>");
                }
                if (s->twin_of.p) {
                        limn_html(h, "<br>the same records as <code>");
                        limn_html_text(h, s->twin_of);
                        limn_html(h, "</code>, which counts");
                }
                if (s->superseded_by.p) {
                        limn_html(h, "<br>not counted: it has grown into <code>");
                        limn_html_text(h, s->superseded_by);
                        limn_html(h, "</code>");
                }
                limn_html(h, "</td><td>");
                limn_text_instance(s->instance, s->kind, s->role, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, "</td><td class=\"t\">");
                if (s->first == LIMN_TIME_NONE) {
                        limn_html(h, "no times in it");
                } else {
                        limn_text_span(s->first, s->last, &h->scratch);
                        limn_html_phrase(h);
                        limn_html(h, "<br><span class=\"soft\">");
                        limn_text_clock(s, &h->scratch);
                        limn_html_phrase(h);
                        limn_html(h, "</span>");
                }
                if (s->truncated)
                        limn_html(h, "<br><span class=\"odd\">the stream broke off</span>");
                if (!s->complete)
                        limn_html(h, "<br><span class=\"odd\">not read to its end</span>");
                const int64_t cells[] = {s->bytes, s->parsed, s->continuation, s->unparsed,
                                         s->skipped};
                for (size_t k = 0; k < 5; k++)
                        limn_buf_printf(h->b, "</td><td class=\"n%s\">%" PRId64,
                                        k == 3 && cells[k] ? " odd" : "", cells[k]);
                limn_html(h, "</td></tr>\n");
                limn_out_spill(h->out);
        }
        limn_html(h, "</tbody></table></div>\n</section>\n");
}

static void missing(LimnHtml *h)
{
        if (h->view->n_missing == 0)
                return;
        limn_html(h, "<section id=\"missing\">\n<h2>What to ask for next</h2>\n"
                     "<ol class=\"remedies\">\n");
        for (size_t i = 0; i < h->view->n_missing; i++) {
                const LimnViewAdvice *m = &h->view->missing[i];
                limn_html(h, "<li>");
                limn_html_text(h, m->text);
                if (m->owner.n) {
                        limn_html(h, " <a href=\"#f-");
                        limn_html_id(h, m->owner);
                        limn_html(h, "\">");
                        limn_html_text(h, m->owner);
                        limn_html(h, "</a>");
                }
                limn_html(h, "<pre>");
                limn_html_text(h, m->fetch);
                limn_html(h, "</pre></li>\n");
        }
        limn_html(h, "</ol>\n</section>\n");
}

static void unexplained(LimnHtml *h)
{
        if (h->view->n_unexplained == 0)
                return;
        limn_html(h, "<section id=\"unexplained\">\n<h2>Errors that no rule explains</h2>\n"
                     "<div class=\"tablebox\"><table>\n<thead><tr>"
                     "<th class=\"n\" scope=\"col\">Times</th><th scope=\"col\">Message</th>"
                     "<th scope=\"col\">From and to (UTC)</th></tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < h->view->n_unexplained; i++) {
                const LimnViewUnexplained *u = &h->view->unexplained[i];
                limn_buf_printf(h->b, "<tr><td class=\"n\">%" PRId64 "</td><td>", u->count);
                limn_html_text(h, limn_utf8_cut(u->template, 2000));
                limn_html_shown_by(h, "u", i + 1, u->source, u->line, u->text, u->masked);
                limn_html(h, "</td><td class=\"t\">");
                limn_text_span(u->first, u->last, &h->scratch);
                limn_html_phrase(h);
                limn_text_burst(u, &h->scratch);
                if (h->scratch.n)
                        limn_html(h, "<br>");
                limn_html_phrase(h);
                limn_html(h, "</td></tr>\n");
                limn_out_spill(h->out);
        }
        limn_html(h, "</tbody></table></div>\n</section>\n");
}

static void assumptions(LimnHtml *h)
{
        if (h->view->n_assumptions == 0)
                return;
        limn_html(h, "<section id=\"assumptions\">\n<h2>Assumptions</h2>\n<ul>\n");
        for (size_t i = 0; i < h->view->n_assumptions; i++) {
                limn_html(h, "<li>");
                limn_html_text(h, h->view->assumptions[i].text);
                limn_html_where(h, h->view->assumptions[i].source, 0);
                limn_html(h, "</li>\n");
        }
        limn_html(h, "</ul>\n</section>\n");
}

static void foot(LimnHtml *h)
{
        limn_html(h, "</main>\n<footer>Written by limn ");
        limn_html_text(h, limn_slice_str(h->input->version));
        if (h->input->rules_hash) {
                limn_html(h, ", rule set SHA-256 <code>");
                limn_html_text(h, limn_slice_str(h->input->rules_hash));
                limn_html(h, "</code>");
        }
        if (h->input->sandbox) {
                limn_html(h, ", which read the sources with the ");
                limn_html_text(h, limn_slice_str(h->input->sandbox));
        }
        limn_html(h, ". Points say how much a piece of evidence weighs: 8 decides, 4 is strong, "
                     "2 supports, 1 is weak. Confidence and the numbers beside the verdicts are "
                     "probabilities.</footer>\n<script>");
        limn_buf_add(h->b, limn_report_file("html.js"));
        limn_html(h, "</script>\n</body>\n</html>\n");
}

static int write_html(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        LimnView *view = NULL;
        int r = limn_view_load(&view, input, diag);
        if (r < 0)
                return r;
        LimnHtml h = {.b = &out->buf,
                      .out = out,
                      .view = view,
                      .input = input,
                      .scratch = LIMN_BUF(LIMN_OUTPUT_MAX)};
        head(&h);
        title(&h);
        limn_html_story(&h);
        overview(&h);
        r = limn_html_timeline(&h, diag);
        for (size_t i = 0; r == 0 && i < view->n_findings; i++)
                limn_html_finding(&h, &view->findings[i]);
        sources(&h);
        missing(&h);
        unexplained(&h);
        assumptions(&h);
        foot(&h);
        limn_buf_done(&h.scratch);
        limn_view_free(view);
        return r < 0 ? r : out->buf.error;
}

const LimnReporter limn_reporter_html = {
        .name = "html",
        .help = "one self-contained page: findings, evidence, a drawn timeline",
        .suffix = ".html",
        .write = write_html,
};
