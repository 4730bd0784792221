/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "core/ascii.h"
#include "reports/discover.h"
#include "reports/map.h"
#include "reports/mask.h"

static const unsigned char key[LIMN_MASK_KEY_BYTES] = "the same key, the same tokens";

static LimnMask *mask_of(const char *const *values, size_t n)
{
        LimnMask *mask = NULL;
        assert_int_equal(limn_mask_new(&mask, LIMN_MASK_ALL, key), 0);
        for (size_t i = 0; i < n; i++) {
                LimnMaskClass class;
                size_t equals = limn_slice_chr(limn_slice_str(values[i]), '=');
                assert_true(limn_mask_class_find(limn_slice(values[i], equals), &class));
                assert_int_equal(limn_mask_add(mask, class, limn_slice_str(values[i] + equals + 1)),
                                 0);
        }
        assert_int_equal(limn_mask_seal(mask), 0);
        return mask;
}
#define MASK(...)                                                                                 \
        mask_of((const char *const[]){__VA_ARGS__},                                               \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* What becomes of the text; none of `gone` may be in it, and undoing gives the text back. */
static void check(const LimnMask *mask, const char *text, const char *gone, bool undo)
{
        LimnBuf out = LIMN_BUF(1 << 20), back = LIMN_BUF(1 << 20);
        size_t n = 0, at;
        assert_int_equal(limn_mask_apply(mask, limn_slice_str(text), &out, &n), 0);
        if (limn_slice_find_nocase(limn_buf_slice(&out), limn_slice_str(gone)) < out.n || n == 0)
                fail_msg("'%s' became '%s'", text, limn_buf_str(&out));
        assert_int_equal(limn_mask_leak(mask, limn_slice_str(text), 0, strlen(text), &at), 1);
        assert_int_equal(limn_mask_leak(mask, limn_buf_slice(&out), 0, out.n, &at), 0);
        assert_int_equal(limn_mask_undo(mask, limn_buf_slice(&out), &back, NULL), 0);
        if (undo)
                assert_string_equal(limn_buf_str(&back), text);
        limn_buf_done(&out);
        limn_buf_done(&back);
}

static void keeps(const LimnMask *mask, const char *text)
{
        LimnBuf out = LIMN_BUF(1 << 20);
        assert_int_equal(limn_mask_apply(mask, limn_slice_str(text), &out, NULL), 0);
        assert_string_equal(limn_buf_str(&out), text);
        limn_buf_done(&out);
}

static void test_spellings(void **state)
{
        LimnMask *mask = MASK("ips=10.20.0.5", "hosts=db-prod-1.corp.example", "users=cdc_reader",
                              "databases=webshop", "tables=webshop.order_items",
                              "emails=jane.doe@corp.example", "ips=fe80::1ff:fe23:4567");
        check(mask, "from 10.20.0.5:3306", "10.20.0.5", true);
        check(mask, "host ip-10-20-0-5.ec2.x", "10-20-0-5", true);
        check(mask, "log_10_20_0_5.gz", "10_20_0_5", true);
        check(mask, "::ffff:10.20.0.5", "10.20.0.5", true);
        check(mask, "::ffff:a14:5", "a14:5", false);
        check(mask, "fe80::1ff:fe23:4567%eth0", "1ff:fe23", true);
        check(mask, "\"db-prod-1.corp.example\":1", "db-prod-1", true);
        check(mask, "db_prod_1_corp_example", "prod", true);
        check(mask, "DB-PROD-1.CORP.EXAMPLE", "PROD", false);
        check(mask, "to=jane.doe%40corp.example&x", "jane", true);
        check(mask, "line\\nwebshop.order_items", "webshop", true);
        check(mask, "path%2Fwebshop%2F", "webshop", true);
        check(mask, "u0027: \\u0027webshop\\u0027", "webshop", true);
        check(mask, "order_items_checkpoint.json", "order_items", true);
        check(mask, "`webshop`.`order_items`", "order_items", true);
        keeps(mask, "110.20.0.5 and 10.20.0.50, mywebshop, webshops");
        limn_mask_free(mask);
}

/* Encoded forms are found wherever they stand in a run, and the run is masked. */
static void test_encoded(void **state)
{
        static const char *const runs[] = {
                "eyJob3N0IjoiZGItcHJvZC0xIn0=",          /* {"host":"db-prod-1"} */
                "eHsiaG9zdCI6ImRiLXByb2QtMSJ9",          /* one byte before */
                "eHh7Imhvc3QiOiJkYi1wcm9kLTEifQ==",      /* two */
                "0x64622d70726f642d31ff", "64622D70726F642D31",
        };
        LimnMask *mask = MASK("hosts=db-prod-1");
        for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
                size_t at;
                LimnSlice run = limn_slice_str(runs[i]);
                if (limn_mask_leak(mask, run, 0, run.n, &at) != 1)
                        fail_msg("%s is not seen", runs[i]);
                assert_int_equal(limn_mask_add_encoded(mask, run), 0);
                assert_int_equal(limn_mask_seal(mask), 0);
                LimnBuf out = LIMN_BUF(1 << 20);
                assert_int_equal(limn_mask_apply(mask, run, &out, NULL), 0);
                assert_int_equal(limn_mask_leak(mask, limn_buf_slice(&out), 0, out.n, &at), 0);
                limn_buf_done(&out);
        }
        size_t at;
        LimnSlice innocent = LIMN_S("eyJob3N0IjoiZGItdGVzdC0xIn0= deadbeef 0123456789abcdef");
        assert_int_equal(limn_mask_leak(mask, innocent, 0, innocent.n, &at), 0);
        limn_mask_free(mask);
}

/* What has to be decoded before it reads: the token stands where it was hidden. */
static void test_hidden(void **state)
{
        static const char *const forms[] = {
                "gw%2D7.corp.example", "g%2577-7.corp.example", "\\u0067w-7.corp.example",
                "\\\\u0067w-7.corp.example", "\\x67w-7.corp.example", "\\147w-7.corp.example",
                "gw&#45;7.corp.example", "gw&amp;#x2d;7.corp.example", "gw=2D7.corp.example",
                "g\xe2\x80\x8bw-7.corp.example", "gw-7[.]corp[.]example",
                "gw\xc2\xad-7.corp.example", "\xef\xbd\x87w-7.corp.example",
                "67 77 2d 37 2e 63 6f 72 70 2e 65 78 61 6d 70 6c 65",
                "67:77:2d:37:2e:63:6f:72:70:2e:65:78:61:6d:70:6c:65",
                "eDogWjNjdE55NWpiM0p3TG1WNFlXMXdiR1U9IHk=", /* base64 in a text in base64 */
                "ZwB3AC0ANwAuAGMAbwByAHAALgBlAHgAYQBtAHAAbABlAA==", /* UTF-16 */
                "M53S2NZOMNXXE4BOMV4GC3LQNRSQ", /* base32 */
        };
        LimnMask *mask = MASK("hosts=gw-7.corp.example");
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
                LimnBuf line = LIMN_BUF(1 << 16), out = LIMN_BUF(1 << 16);
                size_t n = 0, at;
                limn_buf_printf(&line, "before %s, after\nanother line", forms[i]);
                assert_int_equal(limn_mask_leak(mask, limn_buf_slice(&line), 0, line.n, &at), 1);
                assert_int_equal(limn_mask_apply(mask, limn_buf_slice(&line), &out, &n), 0);
                assert_int_equal(limn_mask_leak(mask, limn_buf_slice(&out), 0, out.n, &at), 0);
                if (n == 0 || strncmp(limn_buf_str(&out), "before h-", 9) != 0 ||
                    !strstr(limn_buf_str(&out), ", after\nanother line"))
                        fail_msg("%s became %s", forms[i], limn_buf_str(&out));
                limn_buf_done(&line);
                limn_buf_done(&out);
        }
        keeps(mask, "100%25 of \\u00e9, &amp; [.] =3D aGVsbG8gd29ybGQsIGhlbGxvIQ== 12:34:56:78:9a");
        limn_mask_free(mask);
}

/* Nesting and size end somewhere, and soon. */
static void test_deep(void **state)
{
        LimnMask *mask = MASK("hosts=gw-7.corp.example");
        LimnBuf text = LIMN_BUF(8 << 20), out = LIMN_BUF(16 << 20);
        for (int i = 0; i < 200000; i++)
                limn_buf_add_str(&text, i % 7 ? "%25" : "\\\\u0025");
        limn_buf_add_char(&text, '\n');
        for (int i = 0; i < 200000; i++)
                limn_buf_add_str(&text, "aGVs");
        limn_buf_add_char(&text, '\n');
        for (int i = 0; i < 200000; i++)
                limn_buf_add_str(&text, "67 ");
        assert_int_equal(limn_mask_apply(mask, limn_buf_slice(&text), &out, NULL), 0);
        assert_true(limn_slice_eq(limn_buf_slice(&text), limn_buf_slice(&out)));
        limn_buf_done(&text);
        limn_buf_done(&out);
        limn_mask_free(mask);
}

/* A name that is a word of the product's is one only where it is used as a name. */
static void test_common(void **state)
{
        LimnMask *mask = MASK("tables=webshop.status", "users=reader", "databases=source");
        assert_true(limn_mask_at(mask, 0).common);
        keeps(mask, "{\"status\": \"x\"} show status of the source, reader stopped");
        LimnBuf out = LIMN_BUF(1 << 20);
        limn_mask_apply(mask, LIMN_S("webshop.status `source` 'reader'@'%' table status"), &out,
                        NULL);
        assert_null(strstr(limn_buf_str(&out), "status"));
        assert_null(strstr(limn_buf_str(&out), "source"));
        assert_null(strstr(limn_buf_str(&out), "reader"));
        limn_buf_done(&out);
        limn_mask_free(mask);
}

/* What shows that the word is a name here, and what shows that it is none. */
static void test_contexts(void **state)
{
        static const char *const is[] = {
                "webshop.status", "`status`", "'status'@'%'", "status@10.0.0.5", "table status",
                "FROM status WHERE", "UPDATE status SET", "INTO status",
                "DROP TABLE IF EXISTS status",
                "FROM carts, status", "LOCK TABLES a.b, `c`, status READ", "TRUNCATE status",
                "user=status", "database: status", "{\"table\": \"status\"}",
                "{\"x\":[\"a\",\"status\"]}",
                "{\\\"db\\\":\\\"status\\\"}", "Tables_in_status", "Replicate_Do_DB: status",
                "| status |",
                "25\tstatus\tgw-1:3306\tx\tQuery", "mysql -u status -p", "mysql -D status",
                "./status/carts.ibd", "./shop/status.ibd", "shop/status#P#p0",
                "jdbc:mysql://h:3306/status?x",
                "User@Host: status[status] @ h [1]", "Connect a@h on status using TCP",
                "ON status.* TO a",
                "ON status TO a", "REFERENCES status (id)", "com.shop `status`.`a`",
        };
        static const char *const is_not[] = {
                "{\"status\": 1}", "{\"level\":\"status\"}", "state=status", "type: status",
                "{\\\"state\\\":\\\"status\\\"}", "com.example.status.Reader", "org.status.x",
                "show status",
                "the status of it", "lost/status", "exit status 1", "on status", "Status: status",
        };
        LimnMask *mask = MASK("tables=webshop.status");
        for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
                LimnBuf out = LIMN_BUF(1 << 16);
                limn_mask_apply(mask, limn_slice_str(is[i]), &out, NULL);
                if (strstr(limn_buf_str(&out), "status"))
                        fail_msg("'%s' became '%s'", is[i], limn_buf_str(&out));
                limn_buf_done(&out);
        }
        for (size_t i = 0; i < sizeof is_not / sizeof *is_not; i++)
                keeps(mask, is_not[i]);
        limn_mask_free(mask);
}

static void test_kept(void **state)
{
        LimnMask *mask = MASK("ips=127.0.0.1", "ips=::1", "ips=0.0.0.0", "hosts=localhost",
                              "users=root", "databases=mysql", "users=mysql.sys", "hosts=%",
                              "hosts=binlog.000123", "literals=12345");
        assert_int_equal(limn_mask_n(mask), 0);
        limn_mask_free(mask);
}

static void test_grammar(void **state)
{
        LimnMask *mask = MASK("ips=10.20.0.5", "ips=2003:1::5", "hosts=db-prod-1", "users=jdoe",
                              "databases=webshop", "tables=carts", "emails=a@b.example");
        static const char *const begins[] = {"h-", "198.1", "2001:db8:", "user_", "db_", "tbl_",
                                             "m-"};
        for (size_t i = 0; i < limn_mask_n(mask); i++) {
                LimnMaskValue v = limn_mask_at(mask, i);
                if (!limn_slice_starts(v.token, limn_slice_str(begins[i])))
                        fail_msg("%.*s", LIMN_FMT(v.token));
                if (v.class == LIMN_MASK_HOST || v.class == LIMN_MASK_EMAIL)
                        assert_true(limn_slice_ends(v.token, LIMN_S(".invalid")));
        }
        /* The same key: the same tokens, whatever else there is. */
        LimnMask *other = MASK("users=jdoe", "users=somebody");
        assert_true(limn_slice_eq(limn_mask_at(other, 0).token, limn_mask_at(mask, 3).token));
        limn_mask_free(other);
        limn_mask_free(mask);
}

/* Each pattern finds in its example what it says, and nothing else of its own. */
static void test_entities(void **state)
{
        LimnDiscover *discover = NULL;
        assert_int_equal(limn_discover_new(&discover, NULL), 0);
        for (const LimnEntity *e = limn_entities; e->name; e++) {
                LimnMask *mask = NULL;
                assert_int_equal(limn_mask_new(&mask, LIMN_MASK_ALL, key), 0);
                assert_int_equal(limn_discover_text(discover, mask, limn_slice_str(e->example)), 0);
                LimnSlice rest = limn_slice_str(e->found);
                while (rest.n) {
                        size_t equals = limn_slice_chr(rest, '='), end = equals + 1;
                        /* A blank ends it when another `class=` follows. */
                        while (end < rest.n) {
                                size_t next = limn_slice_chr(limn_slice_from(rest, end + 1), '=');
                                LimnSlice word = limn_slice(rest.p + end + 1,
                                                            next < rest.n - end ? next : 0);
                                if (rest.p[end] == ' ' && next + end + 1 < rest.n &&
                                    !memchr(word.p, ' ', word.n))
                                        break;
                                end++;
                        }
                        LimnSlice value = limn_slice(rest.p + equals + 1, end - equals - 1);
                        if (limn_slice_ends(value, LIMN_S(":56116")))
                                value.n -= 6;
                        size_t dot = limn_slice_chr(value, '.');
                        if (limn_slice_starts(rest, LIMN_S("table")) && dot < value.n)
                                value = limn_slice_from(value, dot + 1);
                        bool found = false;
                        for (size_t i = 0; i < limn_mask_n(mask); i++)
                                found = found || limn_slice_eq(limn_mask_at(mask, i).value, value);
                        if (!found)
                                fail_msg("%s: '%.*s' is not found in: %s", e->name,
                                         LIMN_FMT(value), e->example);
                        rest = limn_slice_from(rest, end + 1);
                }
                limn_mask_free(mask);
        }
        limn_discover_free(discover);
}

/* -- needs change nothing ------------------------------------------------------------------- */

static uint64_t next(uint64_t *seed)
{
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        return *seed >> 33;
}

static bool has_value(const LimnMask *mask, LimnMaskValue v)
{
        for (size_t i = 0; i < limn_mask_n(mask); i++)
                if (limn_mask_at(mask, i).class == v.class &&
                    limn_slice_eq_nocase(limn_mask_at(mask, i).value, v.value))
                        return true;
        return false;
}

/* What the rows find on all of the text, in whatever case each saw it first. By lines they may find
 * more: a row that goes on over a line's end passes what stands there. */
static void nothing_less(const LimnMask *with, const LimnMask *without, const char *text)
{
        for (size_t i = 0; i < limn_mask_n(without); i++)
                if (!has_value(with, limn_mask_at(without, i)))
                        fail_msg("'%.*s' is found only without needs: %s",
                                 LIMN_FMT(limn_mask_at(without, i).value), text);
}

static void test_needs_save_only(void **state)
{
        static const char *const glue[] = {"", " ", "=", ":", "'", "\"", "`", ".", ", ", "@", "|",
                                           "\n", "\t", "10.20.0.5", "db-1", "shop.carts"};
        LimnDiscover *some = NULL, *all = NULL;
        assert_int_equal(limn_discover_new(&some, NULL), 0);
        assert_int_equal(limn_discover_new(&all, NULL), 0);
        limn_discover_everywhere(all);
        size_t rows = 0, found = 0;
        while (limn_entities[rows].name)
                rows++;
        uint64_t seed = 11;
        LimnBuf text = LIMN_BUF(1 << 20);
        for (int i = 0; i < 8000; i++) {
                limn_buf_clear(&text);
                for (size_t k = next(&seed) % 9 + 1; k > 0; k--) {
                        LimnSlice from = limn_slice_str(limn_entities[next(&seed) % rows].example);
                        size_t at = next(&seed) % 3 ? 0 : next(&seed) % (from.n + 1);
                        size_t n = next(&seed) % 3 ? from.n - at : next(&seed) % (from.n - at + 1);
                        for (size_t c = at; c < at + n; c++) {
                                char ch = from.p[c];
                                bool turn = next(&seed) % 16 == 0 && limn_ascii_alpha(ch);
                                limn_buf_add_char(&text, turn ? (char)(ch ^ 0x20) : ch);
                        }
                        limn_buf_add_str(&text, glue[next(&seed) % (sizeof glue / sizeof *glue)]);
                }
                LimnMask *a = NULL, *b = NULL;
                assert_int_equal(limn_mask_new(&a, LIMN_MASK_ALL, key), 0);
                assert_int_equal(limn_mask_new(&b, LIMN_MASK_ALL, key), 0);
                assert_int_equal(limn_discover_text(some, a, limn_buf_slice(&text)), 0);
                assert_int_equal(limn_discover_text(all, b, limn_buf_slice(&text)), 0);
                assert_int_equal(limn_mask_seal(a), 0);
                assert_int_equal(limn_mask_seal(b), 0);
                nothing_less(a, b, limn_buf_str(&text));
                found += limn_mask_n(a);
                limn_mask_free(a);
                limn_mask_free(b);
        }
        assert_true(found > 8000);
        limn_buf_done(&text);
        limn_discover_free(some);
        limn_discover_free(all);
}

static void test_not_addresses(void **state)
{
        LimnDiscover *discover = NULL;
        LimnMask *mask = NULL;
        assert_int_equal(limn_discover_new(&discover, NULL), 0);
        assert_int_equal(limn_mask_new(&mask, LIMN_MASK_ALL, key), 0);
        static const char text[] = "server version 8.0.36.1, Version: 10.11.6.0, 10.11.6.1-log, "
                                   "v5.7.44.2 at 12:34:56, 1.2.3.4.5.6, java.net.SocketException, "
                                   "com.mysql.cj.jdbc, std::vector, 127.0.0.1, ::1, 256.1.1.1\n";
        assert_int_equal(limn_discover_text(discover, mask, limn_slice_str(text)), 0);
        for (size_t i = 0; i < limn_mask_n(mask); i++)
                fail_msg("%.*s", LIMN_FMT(limn_mask_at(mask, i).value));
        limn_mask_free(mask);
        limn_discover_free(discover);
}

static void test_map(void **state)
{
        char path[] = "/tmp/limn-map-XXXXXX";
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        close(fd);
        LimnMask *mask = MASK("users=jdoe", "hosts=db-prod-1"), *again = NULL;
        assert_int_equal(limn_map_write(mask, path, NULL), 0);
        struct stat st;
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(limn_map_open(&again, path, 0, true, NULL), 0);
        assert_int_equal(limn_mask_add(again, LIMN_MASK_USER, LIMN_S("another")), 0);
        assert_int_equal(limn_mask_seal(again), 0);
        assert_int_equal(limn_mask_n(again), 3);
        LimnBuf out = LIMN_BUF(1 << 16), back = LIMN_BUF(1 << 16);
        limn_mask_apply(mask, LIMN_S("jdoe lost db-prod-1"), &out, NULL);
        limn_mask_undo(again, limn_buf_slice(&out), &back, NULL);
        assert_string_equal(limn_buf_str(&back), "jdoe lost db-prod-1");
        limn_buf_done(&out);
        limn_buf_done(&back);
        limn_mask_free(again);
        limn_mask_free(mask);
        unlink(path);
        LimnDiag *diag = limn_diag_new();
        assert_true(limn_map_open(&again, path, 0, true, diag) < 0);
        assert_int_equal(limn_diag_kept(diag), 1);
        limn_diag_free(diag);
}

static void test_classes(void **state)
{
        unsigned classes = 0;
        assert_int_equal(limn_mask_classes("hosts, ips", &classes, NULL), 0);
        assert_int_equal(classes, 1u << LIMN_MASK_HOST | 1u << LIMN_MASK_IP |
                                          1u << LIMN_MASK_ENCODED);
        assert_int_equal(limn_mask_classes("all", &classes, NULL), 0);
        assert_int_equal(classes, LIMN_MASK_ALL);
        assert_int_equal(limn_mask_classes("secrets", &classes, NULL), 0);
        assert_int_equal(classes, 0);
        assert_true(limn_mask_classes("hosts,planets", &classes, NULL) < 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_spellings), cmocka_unit_test(test_encoded),
                cmocka_unit_test(test_common),    cmocka_unit_test(test_contexts),
                cmocka_unit_test(test_hidden),    cmocka_unit_test(test_deep),
                cmocka_unit_test(test_kept),
                cmocka_unit_test(test_grammar),   cmocka_unit_test(test_entities),
                cmocka_unit_test(test_needs_save_only), cmocka_unit_test(test_not_addresses),
                cmocka_unit_test(test_map),
                cmocka_unit_test(test_classes),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
