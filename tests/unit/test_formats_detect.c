/* SPDX-License-Identifier: Apache-2.0 */
/* Every format wins its own samples against all others, also where they were damaged. */
#include "tests/unit/samples.h"

#include "core/limits.h"

static void wins(const Sample *sample, LimnSlice head, const char *how)
{
        /* In memory of exactly its size, so that a read beyond it is seen. */
        char *text = malloc(head.n ? head.n : 1);
        assert_non_null(text);
        memcpy(text, head.p, head.n);
        const LimnFormat *rival, *format;
        format = limn_format_detect(limn_slice(text, head.n), true, &rival);
        free(text);
        if (format != sample->format || rival)
                fail_msg("%s, %s: taken for %s%s%s", sample->path, how,
                         format ? format->name : "binary", rival ? ", tied with " : "",
                         rival ? rival->name : "");
}

static void test_own_samples(void **state)
{
        Samples *samples = *state;

        for (size_t i = 0; i < samples->n; i++)
                wins(&samples->at[i], limn_slice(samples->at[i].text, samples->at[i].n), "whole");
}

static void test_damaged(void **state)
{
        Samples *samples = *state;

        for (size_t i = 0; i < samples->n; i++) {
                const Sample *s = &samples->at[i];
                LimnBuf buf = LIMN_BUF(16 * 1024 * 1024);
                LimnSlice text = limn_slice(s->text, s->n), rest = text, line;

                while (limn_slice_line(&rest, &line)) {
                        limn_buf_add(&buf, line);
                        limn_buf_add_str(&buf, "\r\n");
                }
                wins(s, limn_buf_slice(&buf), "with CRLF");

                limn_buf_clear(&buf);
                limn_buf_add_str(&buf, "\xEF\xBB\xBF");
                limn_buf_add(&buf, text);
                wins(s, limn_buf_slice(&buf), "with a byte order mark");

                limn_buf_clear(&buf);
                limn_buf_add_str(&buf, "\n  \n\r\n");
                limn_buf_add(&buf, text);
                wins(s, limn_buf_slice(&buf), "after blank lines");

                limn_buf_clear(&buf);
                limn_buf_add(&buf, limn_slice("\0\0\0\0\0\0\0\0", 8));
                limn_buf_add(&buf, text);
                wins(s, limn_buf_slice(&buf), "after NUL bytes");
                limn_buf_done(&buf);

                /* A document without its beginning is no document, a table without its columns'
                 * names none that is known; everything else is cut by a rotation now and then. */
                if (strcmp(s->format->name, "checkpoint") == 0 ||
                    strncmp(s->format->name, "csv+", 4) == 0 || strstr(s->name, "-csv.log") ||
                    strcmp(s->format->name, "pipeline_csv") == 0)
                        continue;
                size_t first = limn_slice_chr(text, '\n');
                wins(s, limn_slice_from(text, first < 20 ? first / 2 : 10), "first line cut");
        }
}

static void test_cut_head(void **state)
{
        Samples *samples = *state;

        /* A large source is judged by the whole lines of its beginning. */
        for (size_t i = 0; i < samples->n; i++) {
                const Sample *s = &samples->at[i];
                if (s->n < 1500 || strcmp(s->format->name, "plain") == 0)
                        continue;
                const LimnFormat *rival;
                assert_ptr_equal(limn_format_detect(limn_slice(s->text, 1400), false, &rival),
                                 s->format);
                assert_null(rival);
        }
}

static void test_binary(void **state)
{
        static const char elf[] = "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\76\0\1\0\0\0";
        static const char binlog[] = "\xfe" "bin\x90\x1c\x04\x65\x0f\1\0\0\0\x7a\0\0\0\x7e\0\0\0";
        const LimnFormat *rival;

        assert_null(limn_format_detect(limn_slice(elf, sizeof elf), true, &rival));
        assert_null(limn_format_detect(limn_slice(binlog, sizeof binlog), true, &rival));
        /* Nothing at all is text. */
        assert_string_equal(limn_format_detect(limn_slice("", 0), true, &rival)->name, "plain");
        /* A file whose end was never written is what its beginning says. */
        static const char torn[] = "{\"binlog_file\":\"tide-bin.000041\",\"bin\0\0\0\0\0\0\0\0";
        assert_string_equal(limn_format_detect(limn_slice(torn, sizeof torn), true, &rival)->name,
                            "checkpoint");
        /* One NUL makes no binary of a log that is known. */
        static const char log[] =
                "2026-11-22T07:24:01.123456Z 8 [Note] [MY-010462] [Repl] a string: \0 and more\n";
        assert_string_equal(limn_format_detect(limn_slice(log, sizeof log - 1), true, &rival)->name,
                            "mysql_error");
}

static void test_bids_are_sorted(void **state)
{
        LimnFormatBid bids[64];
        LimnSlice text = LIMN_S("26/11/22 07:24:02 INFO Reader: hello\n");

        assert_true(limn_formats_n <= N_OF(bids));
        limn_format_bids(text, true, bids);
        assert_string_equal(bids[0].format->name, "gateway_log");
        assert_string_equal(bids[1].format->name, "plain");
        for (size_t i = 1; i < limn_formats_n; i++)
                assert_true(bids[i].bid < bids[i - 1].bid ||
                            (bids[i].bid == bids[i - 1].bid &&
                             strcmp(bids[i].format->name, bids[i - 1].format->name) > 0));
}

static void test_table(void **state)
{
        for (size_t i = 0; limn_formats[i]; i++) {
                const LimnFormat *f = limn_formats[i];
                assert_ptr_equal(limn_format_find(f->name), f);
                assert_true(i == 0 || strcmp(limn_formats[i - 1]->name, f->name) < 0);
                assert_true(f->frame || f->starts_record);
                assert_true(!f->frame || !f->starts_record || f->joins); /* in envelopes */
                assert_true(f->state_size + f->frame_state_size <= LIMN_STATE_MAX);
                assert_true(f->version > 0 && f->title && f->product && f->service);
        }
        for (size_t i = 0; limn_wrapped_formats[i]; i++) {
                const LimnFormat *f = limn_wrapped_formats[i];
                const char *plus = strchr(f->name, '+');
                assert_non_null(plus);
                const LimnFormat *inner = limn_format_find(plus + 1);
                assert_non_null(inner);
                assert_ptr_equal(limn_format_find(f->name), f);
                assert_true(inner->starts_record && inner->state_size <= 64);
                assert_string_equal(f->product, inner->product);
                assert_string_equal(f->service, inner->service);
                assert_true(f->steady == inner->steady);
        }
        assert_null(limn_format_find("nonesuch"));
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_own_samples),  cmocka_unit_test(test_damaged),
                cmocka_unit_test(test_cut_head),     cmocka_unit_test(test_binary),
                cmocka_unit_test(test_bids_are_sorted), cmocka_unit_test(test_table),
        };
        return cmocka_run_group_tests(tests, samples_load, samples_free);
}
