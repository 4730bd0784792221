/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/discover.h"

#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/regex.h"
#include "reports/mask_private.h"
#include "reports/redact_needs.h"

#define ENTITY(name, needs, gate, re, example, found) {name, needs, gate, re, example, found},
const LimnEntity limn_entities[] = {
#include "reports/entities.list"
        {NULL, NULL, NULL, NULL, NULL, NULL},
};
#undef ENTITY

#define N_ENTITIES (sizeof limn_entities / sizeof *limn_entities - 1)

struct LimnDiscover {
        LimnRegex *gate[N_ENTITIES], *regex[N_ENTITIES];
        LimnRegexScratch *scratch;
        LimnNeeds needs;
        uint64_t needless; /* rows that say no needs: they see whole texts */
};

_Static_assert(N_ENTITIES <= LIMN_NEEDS_ROWS, "a bit for each row");

int limn_discover_new(LimnDiscover **ret, LimnDiag *diag)
{
        LimnDiscover *d = calloc(1, sizeof *d);
        if (!d)
                return -ENOMEM;
        d->scratch = limn_regex_scratch_new();
        int r = d->scratch ? 0 : -ENOMEM;
        for (size_t i = 0; r == 0 && i < N_ENTITIES; i++) {
                r = limn_regex_new(&d->regex[i], limn_slice_str(limn_entities[i].re), 0, diag);
                if (r == 0 && limn_entities[i].gate)
                        r = limn_regex_new(&d->gate[i], limn_slice_str(limn_entities[i].gate), 0,
                                           diag);
                if (!limn_entities[i].needs)
                        d->needless |= UINT64_C(1) << i;
                else if (r == 0)
                        r = limn_needs_add(&d->needs, (unsigned)i,
                                           limn_slice_str(limn_entities[i].needs));
        }
        if (r < 0) {
                limn_discover_free(d);
                return r;
        }
        *ret = d;
        return 0;
}

LimnDiscover *limn_discover_free(LimnDiscover *d)
{
        if (!d)
                return NULL;
        for (size_t i = 0; i < N_ENTITIES; i++) {
                limn_regex_free(d->gate[i]);
                limn_regex_free(d->regex[i]);
        }
        limn_regex_scratch_free(d->scratch);
        free(d);
        return NULL;
}

static const struct {
        const char *name;
        LimnMaskClass class;
} fields[] = {
        {"bind_address", LIMN_MASK_HOST},   {"catalog", LIMN_MASK_DATABASE},
        {"client_host", LIMN_MASK_HOST},    {"database", LIMN_MASK_DATABASE},
        {"dataset_name", LIMN_MASK_TABLE},  {"db", LIMN_MASK_DATABASE},
        {"email", LIMN_MASK_EMAIL},         {"flow_name", LIMN_MASK_TABLE},
        {"host", LIMN_MASK_HOST},           {"hostname", LIMN_MASK_HOST},
        {"ip", LIMN_MASK_IP},               {"literal", LIMN_MASK_LITERAL},
        {"master_host", LIMN_MASK_HOST},    {"master_user", LIMN_MASK_USER},
        {"renamed_to", LIMN_MASK_TABLE},    {"report_host", LIMN_MASK_HOST},
        {"report_user", LIMN_MASK_USER},    {"schema", LIMN_MASK_DATABASE},
        {"source_host", LIMN_MASK_HOST},    {"source_user", LIMN_MASK_USER},
        {"table", LIMN_MASK_TABLE},         {"table_name", LIMN_MASK_TABLE},
        {"tables", LIMN_MASK_TABLE},        {"target_table", LIMN_MASK_TABLE},
        {"user", LIMN_MASK_USER},           {"user_name", LIMN_MASK_USER},
        {"username", LIMN_MASK_USER},
};

int limn_discover_field(LimnMask *mask, LimnSlice name, LimnSlice value)
{
        /* cnf.report_host, source.host: the last part says it. */
        for (size_t i = name.n; i > 0; i--)
                if (name.p[i - 1] == '.') {
                        name = limn_slice_from(name, i);
                        break;
                }
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
                if (limn_slice_eq(name, limn_slice_str(fields[i].name)))
                        return limn_mask_add(mask, fields[i].class, value);
        return 0;
}

/* -1: a limit was reached. */
static int one(const LimnDiscover *d, size_t i, LimnMask *mask, LimnSlice text)
{
        for (LimnSlice rest = text; rest.n;) {
                int r = limn_regex_match(d->regex[i], d->scratch, rest);
                if (r < 0)
                        return r;
                if (r == LIMN_REGEX_LIMIT)
                        return 1;
                if (r == LIMN_REGEX_NO)
                        return 0;
                size_t next = 0;
                for (size_t k = 0; k < limn_regex_names(d->regex[i]); k++) {
                        LimnSlice got = limn_regex_group(d->regex[i], d->scratch, rest, k);
                        if (!got.p)
                                continue;
                        size_t end = (size_t)(got.p - rest.p) + got.n;
                        next = end > next ? end : next;
                        LimnSlice name = limn_regex_name(d->regex[i], k);
                        char dotted[64];
                        if (limn_slice_eq(name, LIMN_S("ip")) && got.n < sizeof dotted &&
                            !memchr(got.p, '.', got.n) && !memchr(got.p, ':', got.n)) {
                                for (size_t c = 0; c < got.n; c++)
                                        dotted[c] = limn_ascii_digit(got.p[c]) ? got.p[c] : '.';
                                got.p = dotted;
                        }
                        r = limn_discover_field(mask, name, got);
                        if (r < 0)
                                return r;
                }
                if (next == 0)
                        return 0;
                rest = limn_slice_from(rest, next);
        }
        return 0;
}

/* Line by line, where the gate is passed. */
static int by_lines(const LimnDiscover *d, size_t i, LimnMask *mask, LimnSlice text)
{
        LimnSlice line;
        int r = 0;
        while (r >= 0 && limn_slice_line(&text, &line)) {
                if (d->gate[i]) {
                        r = limn_regex_match(d->gate[i], d->scratch, line);
                        if (r == LIMN_REGEX_NO || r < 0)
                                continue;
                }
                r = one(d, i, mask, line);
        }
        return r < 0 ? r : 0;
}

static int row(const LimnDiscover *d, size_t i, LimnMask *mask, LimnSlice text)
{
        int r = d->gate[i] ? 1 : one(d, i, mask, text);
        if (r > 0) /* for the whole it was too much; or each line has to pass the gate */
                r = by_lines(d, i, mask, text);
        return r;
}

/* A row sees the stretch of lines that have a piece of its own, and the line behind it, since a
 * statement may go on there. */
static int stretches(const LimnDiscover *d, LimnMask *mask, LimnSlice text)
{
        const char *open[N_ENTITIES];
        uint64_t running = 0;
        int r = 0;
        for (LimnSlice rest = text; r >= 0 && rest.n;) {
                size_t end = limn_slice_chr(rest, '\n') + 1;
                LimnSlice line = limn_slice_to(rest, end);
                rest = limn_slice_from(rest, end);
                uint64_t rows = limn_needs_find(&d->needs, line) & ~d->needless;
                uint64_t ended = rest.n ? running & ~rows : running | rows;
                for (uint64_t new = rows & ~running; new; new &= new - 1)
                        open[__builtin_ctzll(new)] = line.p;
                for (; r >= 0 && ended; ended &= ended - 1) {
                        size_t i = (size_t)__builtin_ctzll(ended);
                        r = row(d, i, mask, limn_slice(open[i], (size_t)(rest.p - open[i])));
                }
                running = rows;
        }
        return r < 0 ? r : 0;
}

int limn_discover_text(const LimnDiscover *d, LimnMask *mask, LimnSlice text)
{
        int r = 0;
        for (size_t i = 0; r >= 0 && i < N_ENTITIES; i++)
                if (d->needless >> i & 1)
                        r = row(d, i, mask, text);
        return r < 0 ? r : stretches(d, mask, text);
}

void limn_discover_everywhere(LimnDiscover *d)
{
        d->needless = UINT64_MAX;
}

static bool name_char(char c)
{
        return limn_ascii_alnum(c) || c == '_' || c == '$';
}

int limn_discover_qualified(LimnMask *mask, LimnSlice text)
{
        int r = 0;
        const LimnNeedle *needle;
        for (size_t i = 0; r == 0 && (needle = limn_needles_next(&mask->plain, text, &i, text.n));
             i++) {
                if (mask->at[needle->value].class != LIMN_MASK_DATABASE)
                        continue;
                size_t at = i + needle->text.n;
                i = at - 1;
                if (at < text.n && text.p[at] == '`')
                        at++;
                if (at >= text.n || text.p[at] != '.')
                        continue;
                if (++at < text.n && text.p[at] == '`')
                        at++;
                size_t end = at;
                while (end < text.n && name_char(text.p[end]))
                        end++;
                if (end > at && !limn_ascii_digit(text.p[at]))
                        r = limn_mask_add(mask, LIMN_MASK_TABLE, limn_slice(text.p + at, end - at));
        }
        return r;
}
