/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/ascii.h"
#include "core/hash.h"
#include "reports/report.h"
#include "tests/support/case_fixture.h"

static void render(const LimnReporter *reporter, const LimnRedact *redact, LimnOut *out)
{
        CaseFixture *fixture = case_fixture_new(false, NULL);
        LimnReportInput input = {.query = case_fixture_query(fixture),
                                 .version = "0.1.0",
                                 .redact = redact};
        *out = LIMN_OUT_MEMORY;
        assert_int_equal(reporter->write(&input, out, NULL), 0);
        assert_int_equal(limn_out_end(out, NULL), 0);
        case_fixture_free(fixture);
}

static bool has(LimnSlice s, const char *text)
{
        return limn_slice_find(s, limn_slice_str(text)) < s.n;
}

static LimnSlice between(LimnSlice s, const char *from, const char *to)
{
        size_t at = limn_slice_find(s, limn_slice_str(from));
        assert_true(at < s.n);
        s = limn_slice_from(s, at + strlen(from));
        return limn_slice_to(s, limn_slice_find(s, limn_slice_str(to)));
}

/* What a browser would take for a tag is one of ours, and no attribute of one acts. */
static void test_tags(void **state)
{
        LimnOut out;
        render(&limn_reporter_html, NULL, &out);
        LimnSlice page = limn_buf_slice(&out.buf);
        static const char *const hostile[] = {"<script>alert",     "<img", "<svg onload",
                                              "onerror=alert(1)>", "\x1b", "quoted\"",
                                              "\xE2\x80\xAE"};
        for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
                if (has(page, hostile[i]))
                        fail_msg("unescaped: %s", hostile[i]);
        size_t opened = 0, closed = 0, scripts = 0;
        static const char *const known[] = {
                "!DOCTYPE", "a", "body", "br", "caption", "code", "dd", "details", "div", "dl",
                "dt", "footer", "g", "h1", "h2", "h3", "h4", "h5", "head", "header", "html", "li",
                "line", "main", "meta", "nav", "ol", "p", "path", "pre", "rect", "script",
                "section", "span", "strong", "style", "summary", "svg", "table", "tbody", "td",
                "text", "th", "thead", "title", "tr", "ul"};
        /* Between the tags of the style sheet and the script stands what we wrote. */
        LimnSlice rest = page;
        while (true) {
                size_t at = limn_slice_chr(rest, '<');
                if (at == rest.n)
                        break;
                rest = limn_slice_from(rest, at + 1);
                bool end = rest.n && rest.p[0] == '/';
                LimnSlice name = limn_slice_from(rest, end);
                size_t n = 0;
                while (n < name.n && (limn_ascii_alnum(name.p[n]) || name.p[n] == '!'))
                        n++;
                name = limn_slice_to(name, n);
                bool found = false;
                for (size_t i = 0; i < sizeof known / sizeof *known; i++)
                        found = found || limn_slice_eq(name, limn_slice_str(known[i]));
                if (!found)
                        fail_msg("unknown tag: %.*s", LIMN_FMT(limn_slice_to(rest, 40)));
                LimnSlice tag = limn_slice_to(rest, limn_slice_chr(rest, '>'));
                if (has(tag, " on") || has(tag, " style=") || has(tag, "javascript:"))
                        fail_msg("an attribute that acts: %.*s", LIMN_FMT(tag));
                bool empty = limn_slice_ends(tag, LIMN_S("/")) ||
                             limn_slice_eq(name, LIMN_S("meta")) ||
                             limn_slice_eq(name, LIMN_S("br")) ||
                             limn_slice_eq(name, LIMN_S("!DOCTYPE"));
                opened += !end && !empty;
                closed += end;
                scripts += !end && limn_slice_eq(name, LIMN_S("script"));
                if (!end && (limn_slice_eq(name, LIMN_S("style")) ||
                             limn_slice_eq(name, LIMN_S("script"))))
                        rest = limn_slice_from(rest, limn_slice_find(rest, LIMN_S("</s")));
        }
        assert_int_equal(opened, closed);
        assert_int_equal(scripts, 1);
        limn_out_done(&out);
}

static void base64(const unsigned char *p, char out[64])
{
        static const char digits[] =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        unsigned bits = 0, value = 0;
        size_t n = 0;
        for (size_t i = 0; i < 32; i++) {
                value = value << 8 | p[i];
                for (bits += 8; bits >= 6; bits -= 6)
                        out[n++] = digits[value >> (bits - 6) & 63];
                value &= (1u << bits) - 1;
        }
        out[n++] = digits[value << (6 - bits) & 63];
        out[n++] = '=';
        out[n] = '\0';
}

static void test_policy(void **state)
{
        LimnOut out;
        render(&limn_reporter_html, NULL, &out);
        LimnSlice page = limn_buf_slice(&out.buf);
        LimnSlice policy = between(page, "Content-Security-Policy\" content=\"", "\">");
        assert_true(limn_slice_starts(policy, LIMN_S("default-src 'none'; ")));
        assert_false(has(policy, "unsafe"));
        assert_false(has(policy, "http"));
        static const char *const parts[][2] = {{"<style>", "</style>"}, {"<script>", "</script>"}};
        for (size_t i = 0; i < 2; i++) {
                LimnSlice content = between(page, parts[i][0], parts[i][1]);
                assert_true(content.n > 100);
                unsigned char digest[LIMN_SHA256_BYTES];
                LimnSha256 *sha = limn_sha256_new();
                assert_int_equal(limn_sha256_add(sha, content), 0);
                assert_int_equal(limn_sha256_digest(sha, digest), 0);
                limn_sha256_free(sha);
                char text[64];
                base64(digest, text);
                assert_true(has(policy, text));
        }
        /* It asks for nothing: no address, no file. */
        assert_false(has(page, "src=\""));
        assert_false(has(page, "url("));
        assert_false(has(page, "href=\"http"));
        assert_false(has(page, "@import"));
        limn_out_done(&out);
}

static void test_content(void **state)
{
        LimnOut out;
        render(&limn_reporter_html, NULL, &out);
        LimnSlice page = limn_buf_slice(&out.buf);
        static const char *const wanted[] = {
                "id=\"f-CDC-12\"", "href=\"#f-CDC-07\"", "PURGE BINARY LOGS TO &#39;mysql-bin.000044&#39;",
                ">mysql/general.log:77</span>", "<h5 class=\"for\">", "<h5 class=\"against\">",
                "<h5 class=\"unobserved\">", "clock 2 min 17 s ahead, corrected", "class=\"shade\"",
                "id=\"story\"", "<h3>It began</h3>", "(7 times)", "since 2026-11-20 10:08:56",
                "id=\"missing\"", "id=\"unexplained\"", "id=\"assumptions\"", "and 7 more like it",
                "\\u{202e}", "&lt;script&gt;"};
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
                if (!has(page, wanted[i]))
                        fail_msg("not there: %s", wanted[i]);
        /* Every link inside the page has its target. */
        LimnSlice rest = page;
        size_t links = 0;
        for (size_t at; (at = limn_slice_find(rest, LIMN_S("href=\"#"))) < rest.n; links++) {
                rest = limn_slice_from(rest, at + 7);
                LimnBuf target = LIMN_BUF(1024);
                limn_buf_add_str(&target, " id=\"");
                limn_buf_add(&target, limn_slice_to(rest, limn_slice_chr(rest, '"') + 1));
                if (!has(page, limn_buf_str(&target)))
                        fail_msg("no target:%s", limn_buf_str(&target));
                limn_buf_done(&target);
        }
        assert_true(links > 10);
        limn_out_done(&out);
}

/* The exports: one line a row, no formula; and no secret in anything that is masked. */
static void test_exports(void **state)
{
        LimnOut out;
        render(&limn_reporter_csv, NULL, &out);
        LimnSlice rest = limn_buf_slice(&out.buf), line;
        size_t rows = 0;
        while (limn_slice_line(&rest, &line)) {
                rows++;
                for (size_t i = 0; i + 1 < line.n; i++)
                        if (line.p[i] == '"' && (i == 0 || line.p[i - 1] == ',') &&
                            strchr("=+-@|", line.p[i + 1]))
                                fail_msg("a formula: %.*s", LIMN_FMT(line));
        }
        assert_true(rows > 20);
        limn_out_done(&out);

        LimnRedact *redact = NULL;
        assert_int_equal(limn_redact_new(&redact, NULL), 0);
        for (size_t i = 0; limn_reporters[i]; i++) {
                render(limn_reporters[i], redact, &out);
                if (has(limn_buf_slice(&out.buf), "hunter2"))
                        fail_msg("%s leaks a secret", limn_reporters[i]->name);
                assert_true(out.buf.n > 100);
                limn_out_done(&out);
        }
        limn_redact_free(redact);
}

/* Hits of one rule in one source that follow each other are one line. */
static void test_timeline(void **state)
{
        LimnOut out;
        render(&limn_reporter_timeline, NULL, &out);
        LimnSlice text = limn_buf_slice(&out.buf);
        assert_true(has(text, "gateway/gateway.jsonl:260)"));
        assert_false(has(text, "evidence/gateway"));
        assert_false(has(text, "\x1b"));
        size_t lines = 0;
        LimnSlice rest = text, line;
        while (limn_slice_line(&rest, &line))
                lines++;
        limn_out_done(&out);
        CaseFixture *fixture = case_fixture_new(
                true,
                "INSERT INTO source (source_id, path, format, format_version, complete)"
                " VALUES (1, 'a/x.log', 'text', 1, 1);"
                "INSERT INTO rule VALUES (1, 'detection', 'i', 'beat', 'A beat', 'low', 'p');"
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 96)"
                " INSERT INTO hit (rule_id, source_id, event_id, line, offset, length, time, fields)"
                " SELECT 1, 1, i, i + 1, i, 1, i * 1000000, '{}' FROM n;");
        LimnReportInput input = {.query = case_fixture_query(fixture), .version = "0.1.0"};
        out = LIMN_OUT_MEMORY;
        assert_int_equal(limn_reporter_timeline.write(&input, &out, NULL), 0);
        assert_string_equal(limn_buf_str(&out.buf),
                            "1970-01-01 00:00:00     A beat (x.log:1) x97, to 1970-01-01 00:01:36\n");
        limn_out_done(&out);
        case_fixture_free(fixture);
        fixture = case_fixture_new(
                true,
                "INSERT INTO source (source_id, path, format, format_version, complete, first_time,"
                " last_time) VALUES (1, 'a/x.log', 'text', 1, 1, 0, 9), (2, 'a/\x1by.log', 'text', 1,"
                " 1, 0, 9);"
                "INSERT INTO rule VALUES (1, 'detection', 'i', 'beat', 'A beat', 'low', 'p'),"
                " (2, 'detection', 'k', 'end', 'The end', 'high', 'p');"
                "INSERT INTO hit (rule_id, source_id, event_id, line, offset, length, time, fields)"
                " VALUES (1, 1, 1, 1, 0, 1, 1000000, '{}'), (1, 2, 2, 1, 0, 1, 2000000, '{}'),"
                " (1, 1, 3, 2, 9, 1, 3000000, '{}'), (2, 1, 4, 3, 19, 1, 4000000, '{}'),"
                " (1, 1, 5, 4, 29, 1, 5000000, '{}'), (1, 2, 6, 2, 9, 1, 6000000, '{}');");
        input.query = case_fixture_query(fixture);
        out = LIMN_OUT_MEMORY;
        assert_int_equal(limn_reporter_timeline.write(&input, &out, NULL), 0);
        assert_string_equal(limn_buf_str(&out.buf),
                            "  a \\x1by.log\n"
                            "  b x.log\n\n"
                            "1970-01-01 00:00:01     .b A beat (x.log:1) x2, to 1970-01-01 00:00:03\n"
                            "1970-01-01 00:00:02     a. A beat (\\x1by.log:1) x2, to 1970-01-01 "
                            "00:00:06\n"
                            "1970-01-01 00:00:04     .b The end (x.log:3)\n"
                            "1970-01-01 00:00:05     .b A beat (x.log:4)\n");
        limn_out_done(&out);
        case_fixture_free(fixture);
        assert_true(lines > 20);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_tags),
                cmocka_unit_test(test_policy),
                cmocka_unit_test(test_content),
                cmocka_unit_test(test_exports),
                cmocka_unit_test(test_timeline),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
