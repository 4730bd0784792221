/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/ascii.h"
#include "core/limits.h"
#include "core/vec.h"
#include "ingest/frame.h"

/* A record begins with '@'. */
static bool at_starts(LimnSlice line)
{
        return line.n > 0 && line.p[0] == '@';
}

/* Values end with ';', blanks behind belong to them; the state counts them. */
static size_t semicolon(LimnSlice bytes, bool last, void *state)
{
        size_t n = limn_slice_chr(bytes, ';') + 1;

        if (n > bytes.n)
                n = last ? bytes.n : 0;
        else
                while (n < bytes.n && limn_ascii_space(bytes.p[n]))
                        n++;
        if (n == bytes.n && !last)
                n = 0;
        if (n > 0)
                (*(uint32_t *)state)++;
        return n;
}

static const LimnFormat lines = {.name = "lines"};
static const LimnFormat at = {.name = "at", .starts_record = at_starts};
static const LimnFormat values = {.name = "values", .frame = semicolon, .frame_state_size = 4};

static void expect(const LimnFormat *format, const char *text, const char *expected)
{
        LimnSlice rest = limn_slice_str(text);
        LimnBuf got = LIMN_BUF(4096);
        uint32_t state = 0;

        while (rest.n > 0) {
                size_t n = limn_frame_next(format, rest, true, &state);
                assert_in_range(n, 1, rest.n);
                limn_buf_add(&got, limn_slice_to(rest, n));
                limn_buf_add_char(&got, '|');
                rest = limn_slice_from(rest, n);
        }
        assert_string_equal(limn_buf_str(&got), expected);
        limn_buf_done(&got);
}

static void test_rows(void **unused)
{
        expect(&lines, "", "");
        expect(&lines, "a\nb\r\n\nc", "a\n|b\r\n|\n|c|");
        expect(&at, "@a\n b\n@c\n", "@a\n b\n|@c\n|");
        expect(&at, "x\ny\n@a\n\n b\r\n@c", "x\n|y\n|@a\n\n b\r\n|@c|");
        expect(&at, "@a", "@a|");
        expect(&at, "\n@a\n", "\n|@a\n|");
        expect(&values, "a; b\n;\nc", "a; |b\n;\n|c|");
}

static void test_incomplete(void **unused)
{
        uint32_t state = 0;

        assert_int_equal(limn_frame_next(&lines, LIMN_S("abc"), false, NULL), 0);
        assert_int_equal(limn_frame_next(&lines, LIMN_S("abc"), true, NULL), 3);
        assert_int_equal(limn_frame_next(&at, LIMN_S("@a\n"), false, NULL), 0);
        assert_int_equal(limn_frame_next(&at, LIMN_S("@a\n@"), false, NULL), 0);
        assert_int_equal(limn_frame_next(&at, LIMN_S("@a\n@\n"), false, NULL), 3);
        assert_int_equal(limn_frame_next(&values, LIMN_S("a; "), false, &state), 0);
        assert_int_equal(state, 0);
        assert_int_equal(limn_frame_next(&values, LIMN_S("a; b"), false, &state), 3);
        assert_int_equal(state, 1);
}

/* A line is decided by its first LIMN_LINE_HEAD bytes, whether its end is seen or not. */
static void test_endless_line(void **unused)
{
        static char text[3 + 2 * LIMN_LINE_HEAD];

        memset(text, 'x', sizeof(text));
        memcpy(text, "@a\n@", 4);
        assert_int_equal(limn_frame_next(&at, limn_slice(text, 3 + LIMN_LINE_HEAD), false, NULL),
                         3);
        assert_int_equal(limn_frame_next(&at, limn_slice(text, 2 + LIMN_LINE_HEAD), false, NULL),
                         0);
        assert_int_equal(limn_frame_next(&at, limn_slice(text, sizeof(text)), false, NULL), 3);
}

/* -- properties, over texts from a fixed generator ------------------------------------------ */

static uint32_t seed;

static uint32_t next_random(uint32_t below)
{
        seed = seed * 1664525 + 1013904223;
        return (seed >> 8) % below;
}

static size_t make_text(char *p, size_t cap)
{
        static const char alphabet[] = "@@;;\n\n\n\r ab";
        size_t n = next_random((uint32_t)cap);

        for (size_t i = 0; i < n; i++)
                p[i] = alphabet[next_random(sizeof(alphabet) - 1)];
        return n;
}

/* Frames `text` as if it came in random pieces, in bulk or one by one. */
static void frame_split(const LimnFormat *format, LimnSlice text, bool bulk, LimnCuts *ret)
{
        size_t start = 0, seen = 0;
        uint32_t state = 0;
        LimnCuts piece = {0};

        ret->n = 0;
        while (start < text.n) {
                bool last;
                size_t cap;

                seen += next_random(7);
                if (seen > text.n)
                        seen = text.n;
                last = seen == text.n && next_random(2);
                cap = bulk ? 1 + next_random(4) : 1;
                /* A heap copy of the exact size: a read beyond it is caught by the sanitizer. */
                char *copy = malloc(seen - start + 1);
                LimnSlice bytes = {copy, seen - start};
                memcpy(copy, text.p + start, bytes.n);

                if (bulk) {
                        assert_int_equal(
                                limn_frame_all(format, bytes, last, &state, cap, &piece), 0);
                } else {
                        size_t n = limn_frame_next(format, bytes, last, &state);
                        piece.n = 0;
                        if (n > 0) {
                                assert_int_equal(limn_vec_room(&piece), 0);
                                piece.at[piece.n++] = (LimnCut){(uint32_t)n, 0};
                        }
                        if (last)
                                assert_true(n > 0 || bytes.n == 0);
                }
                for (size_t i = 0; i < piece.n; i++) {
                        assert_int_equal(limn_vec_room(ret), 0);
                        ret->at[ret->n++] = piece.at[i];
                        start += piece.at[i].length;
                }
                free(copy);
        }
        assert_int_equal(start, text.n);
        limn_cuts_done(&piece);
}

static void test_splits(void **unused)
{
        const LimnFormat *const formats[] = {&lines, &at, &values};
        char text[400];
        LimnCuts whole = {0}, bulk = {0}, single = {0};

        for (unsigned round = 0; round < 3000; round++) {
                const LimnFormat *format = formats[round % 3];
                uint32_t state = 0;
                uint64_t feeds = 0;
                LimnSlice s;

                seed = round;
                s = limn_slice(text, make_text(text, sizeof(text)));
                assert_int_equal(limn_frame_all(format, s, true, &state, SIZE_MAX, &whole), 0);
                assert_int_equal(whole.bytes, s.n);
                frame_split(format, s, true, &bulk);
                frame_split(format, s, false, &single);
                assert_int_equal(bulk.n, whole.n);
                assert_int_equal(single.n, whole.n);
                for (size_t i = 0; i < whole.n; i++) {
                        assert_int_equal(bulk.at[i].length, whole.at[i].length);
                        assert_int_equal(single.at[i].length, whole.at[i].length);
                        if (i + 1 < whole.n)
                                assert_int_equal(bulk.at[i].lines, whole.at[i].lines);
                }
                for (size_t i = 0; i < s.n; i++)
                        feeds += s.p[i] == '\n';
                if (s.n > 0 && s.p[s.n - 1] != '\n')
                        feeds++;
                assert_int_equal(whole.lines, feeds);
        }
        limn_cuts_done(&whole);
        limn_cuts_done(&bulk);
        limn_cuts_done(&single);
}

static void test_rest(void **unused)
{
        bool mid = true, open;

        assert_int_equal(limn_frame_rest(&at, LIMN_S("xx\n y\n@a\n"), false, &mid, &open), 6);
        assert_false(mid);
        assert_false(open);
        mid = true;
        assert_int_equal(limn_frame_rest(&at, LIMN_S("xx"), false, &mid, &open), 2);
        assert_true(mid);
        assert_true(open);
        mid = false;
        assert_int_equal(limn_frame_rest(&at, LIMN_S("xx\n@"), false, &mid, &open), 3);
        assert_false(mid);
        assert_true(open);
        mid = true;
        assert_int_equal(limn_frame_rest(&lines, LIMN_S("xx\nb\n"), false, &mid, &open), 3);
        assert_false(open);
        mid = true;
        assert_int_equal(limn_frame_rest(&at, LIMN_S("xx\n"), true, &mid, &open), 3);
        assert_false(open);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),         cmocka_unit_test(test_incomplete),
                cmocka_unit_test(test_endless_line), cmocka_unit_test(test_splits),
                cmocka_unit_test(test_rest),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
