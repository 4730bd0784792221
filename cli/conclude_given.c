/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/conclude_given.h"

#include <errno.h>

#include "cli/compare.h"
#include "cli/open_case.h"
#include "cli/source_named.h"
#include "cli/option_values.h"
#include "core/arena.h"
#include "core/limits.h"

/* Beyond a century nobody errs, and sums of moments stay within 64 bits. */
#define SHIFT_MAX (36525 * LIMN_DAY)

static const char *const roles[] = {"source", "replica", "target", NULL};

typedef struct Given {
        LimnCli *cli;
        LimnArena *arena;
        LimnConcludeOptions options;
} Given;

/* NAME=VALUE at its last `=`; the name is kept. False: neither may be empty. */
static bool split(Given *given, const char *text, const char **ret_name, LimnSlice *ret_value)
{
        const char *equals = strrchr(text, '=');

        if (!equals || equals == text || !equals[1])
                return false;
        *ret_name = limn_arena_str(given->arena, limn_slice(text, (size_t)(equals - text)));
        *ret_value = limn_slice_str(equals + 1);
        return true;
}

static bool known_role(LimnSlice role)
{
        for (size_t i = 0; roles[i]; i++)
                if (limn_slice_eq(role, limn_slice_str(roles[i])))
                        return true;
        return false;
}

/* +137s, -2m, 90s. */
static bool shift_parse(LimnSlice text, LimnDuration *ret)
{
        bool sign = text.p[0] == '+' || text.p[0] == '-';

        if (!limn_duration_parse(limn_slice_from(text, sign), ret) || *ret > SHIFT_MAX)
                return false;
        *ret = text.p[0] == '-' ? -*ret : *ret;
        return true;
}

static int read_options(Given *given)
{
        LimnCli *cli = given->cli;
        LimnConcludeOptions *o = &given->options;
        size_t n_roles = limn_cli_count(cli, LIMN_OPT_ROLE);
        size_t n_shifts = limn_cli_count(cli, LIMN_OPT_WHAT_IF);
        LimnRoleGiven *role = limn_arena_new_of(given->arena, LimnRoleGiven, n_roles + 1);
        LimnShift *shift = limn_arena_new_of(given->arena, LimnShift, n_shifts + 1);

        if (!role || !shift)
                return -ENOMEM;
        o->roles = role;
        o->shifts = shift;
        for (; o->n_roles < n_roles; o->n_roles++, role++) {
                const char *text = limn_cli_nth(cli, LIMN_OPT_ROLE, o->n_roles);

                if (!split(given, text, &role->name, &role->role) || !known_role(role->role))
                        return limn_option_bad(cli, "role", text,
                                         "SOURCE=source, SOURCE=replica or SOURCE=target");
                if (!role->name)
                        return -ENOMEM;
        }
        for (; o->n_shifts < n_shifts; o->n_shifts++, shift++) {
                const char *text = limn_cli_nth(cli, LIMN_OPT_WHAT_IF, o->n_shifts);
                LimnSlice by;

                if (!split(given, text, &shift->name, &by) || !shift_parse(by, &shift->by))
                        return limn_option_bad(cli, "what-if", text,
                                         "SOURCE=+TIME or SOURCE=-TIME, as in "
                                         "`mysql-error.log=+137s`; units s, m, h, d");
                if (!shift->name)
                        return -ENOMEM;
        }
        return 0;
}

/* Which of the names is a source's? */
typedef struct Names {
        const LimnConcludeOptions *options;
        bool *role, *shift;
        LimnArena *arena;
} Names;

static int mark_named(void *arg, const LimnValue *v, size_t n)
{
        Names *names = arg;
        const char *path = limn_arena_str(names->arena, v[0].s);

        if (!path)
                return -ENOMEM;
        for (size_t i = 0; i < names->options->n_roles; i++)
                names->role[i] |= limn_source_named(names->options->roles[i].name, path);
        for (size_t i = 0; i < names->options->n_shifts; i++)
                names->shift[i] |= limn_source_named(names->options->shifts[i].name, path);
        return 0;
}

static void tell_unnamed(Given *given, const char *option, const char *name, bool error)
{
        limn_diag_addf(
                given->cli->diag,
                &(LimnMessage){.severity = error ? LIMN_DIAG_ERROR : LIMN_DIAG_WARNING,
                               .help = "limn sources lists them; SOURCE is the end of a path "
                                       "or a pattern"},
                "--%s %s names no source of the case", option, name);
}

static int check_names(Given *given, LimnCase *c)
{
        const LimnConcludeOptions *o = &given->options;
        Names names = {.options = o,
                       .role = limn_arena_new_of(given->arena, bool, o->n_roles + 1),
                       .shift = limn_arena_new_of(given->arena, bool, o->n_shifts + 1),
                       .arena = given->arena};
        LimnQuery query = limn_case_query(c);
        int r = names.role && names.shift ? 0 : -ENOMEM;

        if (r == 0)
                r = query.run(query.ctx,
                              "SELECT path FROM source WHERE complete = 1"
                              " AND superseded_by IS NULL ORDER BY source_id",
                              NULL, 0, mark_named, &names, given->cli->diag);
        if (r < 0)
                return r;
        for (size_t i = 0; i < o->n_roles; i++)
                if (!names.role[i])
                        tell_unnamed(given, "role", o->roles[i].name, false);
        for (size_t i = 0; i < o->n_shifts; i++)
                if (!names.shift[i]) {
                        tell_unnamed(given, "what-if", o->shifts[i].name, true);
                        r = LIMN_EXIT_USAGE;
                }
        return r;
}

static int begin(Given *given, LimnCli *cli, LimnCase *c)
{
        *given = (Given){.cli = cli, .arena = limn_arena_new(LIMN_OUTPUT_MAX)};
        int r = given->arena ? read_options(given) : -ENOMEM;

        return r ? r : check_names(given, c);
}

int limn_conclude_given(LimnCli *cli, LimnCase *c, const LimnRules *rules)
{
        Given given;
        int r = begin(&given, cli, c);

        if (r == 0)
                r = limn_conclude(c, rules, &given.options, cli->diag);
        limn_arena_free(given.arena);
        return r;
}

/* `limn.case, if mysql-error.log=+137s` */
static int name_of_trial(Given *given, LimnBuf *out)
{
        limn_buf_add_str(out, limn_case_given(given->cli));
        for (size_t i = 0; i < given->options.n_shifts; i++)
                limn_buf_printf(out, "%s%s", i ? " and " : ", if ",
                                limn_cli_nth(given->cli, LIMN_OPT_WHAT_IF, i));
        return out->error;
}

/* Both sides are concluded with the rules of today: nothing but the clocks is compared. */
static int conclude_kept(Given *given, LimnCase *c, const LimnRules *rules,
                         const LimnConcludeOptions *options, const char *name, LimnConcluded **ret)
{
        LimnDiag *diag = given->cli->diag;
        int r = limn_conclude_trial(c, rules, options, diag);

        if (r >= 0)
                r = limn_concluded_new(ret, c, name, rules->hash, diag);
        int undone = limn_case_conclude_undo(c, diag);
        return r < 0 ? r : undone;
}

int limn_what_if_given(LimnCli *cli, LimnCase *c, const LimnRules *rules)
{
        LimnConcluded *before = NULL, *after = NULL;
        LimnBuf name = LIMN_BUF(LIMN_OUTPUT_MAX);
        LimnConcludeOptions as_is;
        Given given;
        int r = begin(&given, cli, c);

        if (r == 0)
                r = name_of_trial(&given, &name);
        as_is = given.options;
        as_is.n_shifts = 0;
        if (r == 0)
                r = conclude_kept(&given, c, rules, &as_is, limn_case_given(cli), &before);
        if (r == 0)
                r = conclude_kept(&given, c, rules, &given.options, limn_buf_str(&name), &after);
        if (r == 0)
                r = limn_compare(before, after, limn_cli_get(cli, LIMN_OPT_JSON));
        limn_concluded_free(before);
        limn_concluded_free(after);
        limn_buf_done(&name);
        limn_arena_free(given.arena);
        return r;
}
