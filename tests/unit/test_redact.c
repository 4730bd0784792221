/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "core/ascii.h"
#include "reports/redact.h"
#include "reports/redact_needs.h"

static LimnRedact *redact;

static int setup(void **state)
{
        return limn_redact_new(&redact, NULL);
}

static int teardown(void **state)
{
        redact = limn_redact_free(redact);
        return 0;
}

static void check(const char *in, const char *want)
{
        LimnBuf out = LIMN_BUF(1 << 20);
        size_t masked = 99;
        assert_int_equal(limn_redact(redact, limn_slice_str(in), &out, &masked), 0);
        assert_string_equal(limn_buf_str(&out), want);
        assert_int_equal(masked > 0, strcmp(in, want) != 0);
        limn_buf_done(&out);
}

/* Each row of the table carries its proof. */
static void test_table(void **state)
{
        for (const LimnSecret *s = limn_secrets; s->name; s++) {
                print_message("%s\n", s->name);
                check(s->match, s->masked);
                check(s->keep, s->keep);
        }
}

/* A row's regex sees its text by any of its pieces, in either case, wherever it stands. */
static void test_needs(void **state)
{
        for (const LimnSecret *s = limn_secrets; s->name; s++) {
                LimnNeeds needs = {0};
                assert_int_equal(limn_needs_add(&needs, 7, limn_slice_str(s->needs)), 0);
                assert_int_equal(limn_needs_find(&needs, limn_slice_str(s->match)), 1u << 7);
                LimnSlice rest = limn_slice_str(s->needs);
                while (rest.n) {
                        LimnSlice piece = limn_slice_to(rest, limn_slice_chr(rest, '|'));
                        rest = limn_slice_from(rest, piece.n + 1);
                        char text[64] = "";
                        assert_true(piece.n > 0 && piece.n + 1 < sizeof text);
                        for (size_t i = 0; i < piece.n; i++) {
                                assert_int_equal(piece.p[i], limn_ascii_lower(piece.p[i]));
                                char c = (char)(piece.p[i] & ~0x20);
                                text[i + 1] = limn_ascii_lower(c) == piece.p[i] ? c : piece.p[i];
                        }
                        text[0] = '!';
                        LimnSlice upper = limn_slice(text, piece.n + 1);
                        assert_int_equal(limn_needs_find(&needs, piece), 1u << 7);
                        assert_int_equal(limn_needs_find(&needs, upper), 1u << 7);
                        assert_int_equal(limn_needs_find(&needs, limn_slice_to(upper, piece.n)), 0);
                }
        }
        LimnNeeds needs = {0};
        assert_int_equal(limn_needs_add(&needs, 0, LIMN_S("")), -E2BIG);
        assert_int_equal(limn_needs_find(&needs, LIMN_S("password")), 0);
}

static void test_forms(void **state)
{
        static const char *const rows[][2] = {
                {"ALTER USER c IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29'",
                 "ALTER USER c IDENTIFIED BY PASSWORD '[secret]'"},
                {"create user x identified by \"a\\\"b\" require ssl",
                 "create user x identified by \"[secret]\" require ssl"},
                {"IDENTIFIED WITH caching_sha2_password AS '$A$005$abcdefghijklmnopqrstuvwx'",
                 "IDENTIFIED WITH caching_sha2_password AS '[secret]'"},
                {"IDENTIFIED BY 'cut off in the mid", "IDENTIFIED BY '[secret]"},
                {"GRANT ALL ON *.* TO a IDENTIFIED BY 'one', b IDENTIFIED BY 'two'",
                 "GRANT ALL ON *.* TO a IDENTIFIED BY '[secret]', b IDENTIFIED BY '[secret]'"},
                {"CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD = 'it''s'",
                 "CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD = '[secret]'"},
                {"jdbc:mysql://h:3306/d?user=cdc&password=p%26x&useSSL=true",
                 "jdbc:mysql://h:3306/d?user=cdc&password=[secret]&useSSL=true"},
                {"password=hun&ter2", "password=[secret]"},
                {"{\"user\":\"cdc\",\"password\":\"hun\\\"ter2\",\"port\":1}",
                 "{\"user\":\"cdc\",\"password\":\"[secret]\",\"port\":1}"},
                {"msg: {\\\"password\\\":\\\"hunter2\\\",\\\"port\\\":1}",
                 "msg: {\\\"password\\\":\\\"[secret]\\\",\\\"port\\\":1}"},
                {"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG",
                 "AWS_SECRET_ACCESS_KEY=[secret]"},
                {"mongodb://u:p@w@host/db", "mongodb://u:[secret]@host/db"},
                {"https://:tok@host/", "https://:[secret]@host/"},
                {"mysqladmin -uroot -psecret ping", "mysqladmin -uroot -p[secret] ping"},
                {"MYSQL_PWD=hunter2 mysql", "MYSQL_PWD=[secret] mysql"},
                {"master_password   = hunter2", "master_password   = [secret]"},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                check(rows[i][0], rows[i][1]);
}

static void test_harmless(void **state)
{
        static const char *const rows[] = {
                "Access denied for user 'cdc'@'10.0.0.5' (using password: YES)",
                "Access denied for user 'cdc'@'10.0.0.5' (using password: NO)",
                "2026-11-22T07:24:02.399Z 8 [Note] [MY-010051] Event Scheduler: scheduler thread",
                "Plugin mysql_native_password reported: deprecated",
                "[Warning] root@localhost is created with an empty password ! Please consider",
                "http://db-prod-1:3306/x@y",
                "server_uid nAVlvlQIzaL50JGo2X51X5dneOc= as process 25194",
                "Unexpected token } in JSON at position 96",
                "",
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                check(rows[i], rows[i]);
}

static void test_names(void **state)
{
        static const char *const secret[] = {"password", "cnf.master_password", "API-KEY",
                                             "secret", "access_token", "ssl_passphrase"};
        static const char *const open[] = {"validate_password.length", "binlog_format", "user",
                                           "default_password_lifetime", "old_passwords", ""};
        for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
                assert_true(limn_redact_is_secret_name(limn_slice_str(secret[i])));
        for (size_t i = 0; i < sizeof open / sizeof *open; i++)
                assert_false(limn_redact_is_secret_name(limn_slice_str(open[i])));
}

/* -- needs change nothing ------------------------------------------------------------------- */

static uint64_t next(uint64_t *seed)
{
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        return *seed >> 33;
}

/* Pieces of what the rows look for, torn and put together at random. */
static void random_text(uint64_t *seed, LimnBuf *out)
{
        static const char *const glue[] = {"", " ", "=", ":", "'", "\"", "\\\"", "\n", ", ", "://",
                                           "@", "&", "hunter2", "BY ", "%26", "-----", "=>",
                                           "0123456789abcdef0123456789abcdef", "($", "AKIA0123456789ABCDEF"};
        size_t rows = 0;
        while (limn_secrets[rows].name)
                rows++;
        for (size_t i = next(seed) % 12 + 1; i > 0; i--) {
                const LimnSecret *s = &limn_secrets[next(seed) % rows];
                LimnSlice from = limn_slice_str(next(seed) % 2 ? s->match : s->needs);
                size_t at = next(seed) % (from.n + 1), n = next(seed) % (from.n - at + 1);
                for (size_t k = at; k < at + n; k++) {
                        char c = from.p[k];
                        limn_buf_add_char(out, next(seed) % 8 == 0 && limn_ascii_alpha(c)
                                                       ? (char)(c ^ 0x20)
                                                       : c);
                }
                limn_buf_add_str(out, glue[next(seed) % (sizeof glue / sizeof *glue)]);
        }
}

static void test_needs_save_only(void **state)
{
        LimnRedact *all = NULL;
        assert_int_equal(limn_redact_new(&all, NULL), 0);
        limn_redact_everywhere(all);
        uint64_t seed = 7;
        size_t masked = 0;
        LimnBuf text = LIMN_BUF(1 << 20), some = LIMN_BUF(1 << 20), every = LIMN_BUF(1 << 20);
        for (int i = 0; i < 24000; i++) {
                limn_buf_clear(&text);
                limn_buf_clear(&some);
                limn_buf_clear(&every);
                random_text(&seed, &text);
                size_t n = 0;
                assert_int_equal(limn_redact(redact, limn_buf_slice(&text), &some, NULL), 0);
                assert_int_equal(limn_redact(all, limn_buf_slice(&text), &every, &n), 0);
                if (!limn_slice_eq(limn_buf_slice(&some), limn_buf_slice(&every)))
                        fail_msg("'%s' became '%s' and '%s'", limn_buf_str(&text),
                                 limn_buf_str(&some), limn_buf_str(&every));
                masked += n > 0;
        }
        print_message("%zu of 24000 had secrets\n", masked);
        assert_true(masked > 5000);
        limn_buf_done(&text);
        limn_buf_done(&some);
        limn_buf_done(&every);
        limn_redact_free(all);
}

/* Hostile text: it ends, and a second pass finds nothing more. */
static void test_again(void **state)
{
        LimnBuf text = LIMN_BUF(1 << 22), once = LIMN_BUF(1 << 22), twice = LIMN_BUF(1 << 22);
        for (int i = 0; i < 20000; i++)
                limn_buf_add_str(&text, i % 3 ? "password='\\" : "://:identified by -p ''");
        size_t masked = 0;
        assert_int_equal(limn_redact(redact, limn_buf_slice(&text), &once, NULL), 0);
        assert_int_equal(limn_redact(redact, limn_buf_slice(&once), &twice, &masked), 0);
        assert_string_equal(limn_buf_str(&once), limn_buf_str(&twice));
        limn_buf_done(&text);
        limn_buf_done(&once);
        limn_buf_done(&twice);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_table),
                cmocka_unit_test(test_needs), cmocka_unit_test(test_forms),
                cmocka_unit_test(test_harmless), cmocka_unit_test(test_names),
                cmocka_unit_test(test_needs_save_only), cmocka_unit_test(test_again),
        };
        return cmocka_run_group_tests(tests, setup, teardown);
}
