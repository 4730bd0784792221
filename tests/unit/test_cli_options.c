/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/frame.h"

static int nothing(LimnCli *cli)
{
        return 0;
}

static const LimnOption options[] = {
        LIMN_OPT_JOBS, LIMN_OPT_JSON, LIMN_OPT_ROLE, _LIMN_OPT_MAX,
};

static const LimnCommand command = {
        .name = "try",
        .usage = "PATH...",
        .help = "try",
        .options = options,
        .min_args = 1,
        .max_args = 3,
        .run = nothing,
};

typedef struct Try {
        LimnCli cli;
        int result;
        const char *what, *help; /* of the first message, or "" */
} Try;

static Try parse(size_t n, const char *const *argv)
{
        Try t = {.cli = {.command = &command, .diag = limn_diag_new()}, .what = "", .help = ""};

        t.result = limn_cli_parse(&t.cli, (char *const *)argv, n, false, NULL);
        if (limn_diag_kept(t.cli.diag) > 0) {
                t.what = limn_diag_at(t.cli.diag, 0)->what;
                t.help = limn_diag_at(t.cli.diag, 0)->help;
        }
        return t;
}

#define PARSE(...)                                                 \
        parse(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), \
              (const char *[]){__VA_ARGS__})

static void done(Try *t)
{
        limn_cli_done(&t->cli);
        limn_diag_free(t->cli.diag);
}

static void test_spellings(void **state)
{
        static const struct {
                const char *argv[3];
                size_t n;
        } rows[] = {
                {{"--jobs", "4", "x"}, 3}, {{"x", "--jobs", "4"}, 3}, {{"--jobs=4", "x"}, 2},
                {{"-j", "4", "x"}, 3},     {{"-j4", "x"}, 2},
        };

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                Try t = parse(rows[i].n, rows[i].argv);

                assert_int_equal(t.result, 0);
                assert_string_equal(limn_cli_get(&t.cli, LIMN_OPT_JOBS), "4");
                assert_null(limn_cli_get(&t.cli, LIMN_OPT_JSON));
                assert_int_equal(t.cli.n_args, 1);
                assert_string_equal(t.cli.args[0], "x");
                done(&t);
        }
}

static void test_last_wins_and_repeats(void **state)
{
        Try t = PARSE("--jobs", "4", "--role", "a=source", "x", "--role=b=replica", "-j", "2");

        assert_int_equal(t.result, 0);
        assert_string_equal(limn_cli_get(&t.cli, LIMN_OPT_JOBS), "2");
        assert_string_equal(limn_cli_nth(&t.cli, LIMN_OPT_ROLE, 0), "a=source");
        assert_string_equal(limn_cli_nth(&t.cli, LIMN_OPT_ROLE, 1), "b=replica");
        assert_null(limn_cli_nth(&t.cli, LIMN_OPT_ROLE, 2));
        assert_int_equal(limn_cli_count(&t.cli, LIMN_OPT_ROLE), 2);
        assert_int_equal(limn_cli_count(&t.cli, LIMN_OPT_TZ), 0);
        done(&t);
}

static void test_end_of_options(void **state)
{
        Try t = PARSE("-", "--", "--jobs", "-h");

        assert_int_equal(t.result, 0);
        assert_int_equal(t.cli.n_args, 3);
        assert_string_equal(t.cli.args[0], "-");
        assert_string_equal(t.cli.args[1], "--jobs");
        assert_string_equal(t.cli.args[2], "-h");
        assert_null(limn_cli_get(&t.cli, LIMN_OPT_HELP));
        done(&t);
}

static void test_help_beats_errors(void **state)
{
        Try t = PARSE("--no-such", "--help");

        assert_int_equal(t.result, 0);
        assert_non_null(limn_cli_get(&t.cli, LIMN_OPT_HELP));
        done(&t);
}

static void test_errors(void **state)
{
        static const struct {
                const char *argv[4];
                size_t n;
                const char *what, *help;
        } rows[] = {
                {{"--jos", "x"}, 2, "limn try has no option --jos", "did you mean --jobs?"},
                {{"--tz", "x"}, 2, "limn try has no option --tz",
                 "limn try --help lists the options"},
                {{"-q", "x"}, 2, "limn try has no option -q", "limn try --help lists the options"},
                {{"x", "--jobs"}, 2, "option --jobs needs a value", "--jobs N"},
                {{"x", "-j"}, 2, "option -j needs a value", "-j N"},
                {{"x", "--jobs="}, 2, "option --jobs needs a value that is not empty", "--jobs N"},
                {{"x", "--json=1"}, 2, "option --json takes no value", NULL},
                {{"--json"}, 1, "limn try: nothing given to work on",
                 "usage: limn try [OPTIONS] PATH..."},
                {{"a", "b", "c", "d"}, 4, "limn try: one argument too many: d",
                 "usage: limn try [OPTIONS] PATH..."},
        };

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                Try t = parse(rows[i].n, rows[i].argv);

                assert_int_equal(t.result, LIMN_EXIT_USAGE);
                assert_string_equal(t.what, rows[i].what);
                if (rows[i].help)
                        assert_string_equal(t.help, rows[i].help);
                else
                        assert_null(t.help);
                done(&t);
        }
}

static void test_nearest(void **state)
{
        static const char *const words[] = {"analyze", "extract", "explain", "sql", NULL};

        assert_string_equal(limn_nearest("analyse", words), "analyze");
        assert_string_equal(limn_nearest("explian", words), "explain");
        assert_string_equal(limn_nearest("extr", words), "extract");
        assert_string_equal(limn_nearest("sq", words), "sql");
        assert_null(limn_nearest("bundle", words));
        assert_null(limn_nearest("", words));
        assert_null(limn_nearest("a word that is far longer than any name could ever be", words));
}

static void test_exit_order(void **state)
{
        static const int worst_first[] = {130, 2, 6, 3, 5, 4, 1, 0};
        enum { N = sizeof(worst_first) / sizeof(worst_first[0]) };

        for (size_t i = 0; i < N; i++)
                for (size_t j = 0; j < N; j++)
                        assert_int_equal(limn_exit_worse(worst_first[i], worst_first[j]),
                                         worst_first[i < j ? i : j]);
}

/* The sandbox closes what it is not told of: an option with a path must be known to it. */
static void test_paths_are_known(void **state)
{
        for (int i = 0; i < _LIMN_OPT_MAX; i++) {
                const char *argument = limn_option_rows[i].argument;
                bool path = argument && (strncmp(argument, "FILE", 4) == 0 ||
                                         strcmp(argument, "DIR") == 0);

                assert_int_equal(path, limn_option_path((LimnOption)i) != LIMN_OPTION_NO_PATH);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_spellings),
                cmocka_unit_test(test_last_wins_and_repeats),
                cmocka_unit_test(test_end_of_options),
                cmocka_unit_test(test_help_beats_errors),
                cmocka_unit_test(test_errors),
                cmocka_unit_test(test_nearest),
                cmocka_unit_test(test_exit_order),
                cmocka_unit_test(test_paths_are_known),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
