/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that point at a node of a YAML file. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/yaml.h"

/* Length of the line break at the start of `s`, or 0; libyaml counts these as lines. */
static size_t line_break(LimnSlice s)
{
        if (limn_slice_starts(s, LIMN_S("\r\n")) || limn_slice_starts(s, LIMN_S("\xc2\x85")))
                return 2;
        if (limn_slice_starts(s, LIMN_S("\xe2\x80\xa8")) ||
            limn_slice_starts(s, LIMN_S("\xe2\x80\xa9")))
                return 3;
        return s.n && (s.p[0] == '\n' || s.p[0] == '\r');
}

static LimnSlice line_at(LimnSlice text, int line)
{
        size_t start = 0, i = 0;
        while (i < text.n) {
                size_t n = line_break(limn_slice_from(text, i));
                if (n && --line == 0)
                        break;
                i += n ? n : 1;
                if (n)
                        start = i;
        }
        return limn_slice(text.p + start, i - start);
}

/* Bytes of the first `n` characters. */
static size_t characters(LimnSlice s, size_t n)
{
        size_t i = 0;
        for (; i < s.n && n > 0; n--) {
                i++;
                while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80)
                        i++;
        }
        return i;
}

/* What of `node` stands in its line, in bytes: a scalar's own text, else one character. */
static size_t extent(const LimnYaml *node, LimnSlice here)
{
        if (node->type != LIMN_YAML_SCALAR || here.n == 0)
                return 1;
        if (node->plain)
                return limn_slice_starts(here, node->scalar) ? node->scalar.n : 1;
        if (here.p[0] != '"' && here.p[0] != '\'')
                return 1;
        size_t close = 1;
        while (close < here.n && here.p[close] != here.p[0])
                close += here.p[0] == '"' && here.p[close] == '\\' ? 2 : 1;
        return close < here.n ? close + 1 : here.n;
}

/* Lists, maps and empty values are pointed at by their key, where they have one. */
static LimnYaml pointed_at(const LimnYaml *node)
{
        if (!node)
                return (LimnYaml){.line = 1, .column = 1, .scalar = LIMN_S("x")};
        LimnYaml place = *node;
        if (node->key.p && (node->type != LIMN_YAML_SCALAR || node->scalar.n == 0))
                place = (LimnYaml){.line = node->key_line, .column = node->key_column,
                                   .scalar = node->key, .plain = true};
        return place;
}

static void report(const LimnYamlFile *file, const LimnYaml *node, LimnDiag *diag,
                   LimnSeverity severity, const char *help, const char *what)
{
        LimnYaml place = pointed_at(node);
        LimnSlice line = line_at(file->text, place.line);
        size_t from = characters(line, (size_t)place.column - 1);
        LimnSlice here = limn_slice_from(line, from);
        LimnBuf where = LIMN_BUF(8192), snippet = LIMN_BUF(4096);
        limn_buf_printf(&where, "%s:%d:%d", file->path, place.line, place.column);
        limn_snippet(&snippet, line, from, extent(&place, here));
        limn_diag_add(diag, &(LimnMessage){
                                    .severity = severity,
                                    .what = what,
                                    .where = limn_buf_str(&where),
                                    .snippet = limn_buf_str(&snippet),
                                    .help = help,
                            });
        limn_buf_done(&where);
        limn_buf_done(&snippet);
}

__attribute__((format(printf, 6, 0)))
static void format_and_report(const LimnYamlFile *file, const LimnYaml *node, LimnDiag *diag,
                              LimnSeverity severity, const char *help, const char *what,
                              va_list args)
{
        char *text = NULL;
        if (!diag)
                return;
        if (vasprintf(&text, what, args) < 0)
                text = NULL;
        report(file, node, diag, severity, help, text ? text : what);
        free(text);
}

int limn_yaml_error(const LimnYamlFile *file, const LimnYaml *node, LimnDiag *diag,
                    const char *help, const char *what, ...)
{
        va_list args;
        va_start(args, what);
        format_and_report(file, node, diag, LIMN_DIAG_ERROR, help, what, args);
        va_end(args);
        return -EINVAL;
}

int limn_yaml_warn(const LimnYamlFile *file, const LimnYaml *node, LimnDiag *diag,
                   const char *help, const char *what, ...)
{
        va_list args;
        va_start(args, what);
        format_and_report(file, node, diag, LIMN_DIAG_WARNING, help, what, args);
        va_end(args);
        return 0;
}

enum { NEAR_MAX = 40 };

/* Levenshtein's distance, case folded; NEAR_MAX for words too long to be worth it. */
static unsigned distance(LimnSlice a, LimnSlice b)
{
        unsigned char row[NEAR_MAX + 1];
        if (a.n >= NEAR_MAX || b.n >= NEAR_MAX)
                return NEAR_MAX;
        for (size_t j = 0; j <= b.n; j++)
                row[j] = (unsigned char)j;
        for (size_t i = 0; i < a.n; i++) {
                unsigned diagonal = row[0];
                row[0] = (unsigned char)(i + 1);
                for (size_t j = 0; j < b.n; j++) {
                        bool same = limn_ascii_lower(a.p[i]) == limn_ascii_lower(b.p[j]);
                        unsigned best = diagonal + !same;
                        diagonal = row[j + 1];
                        if (row[j] + 1u < best)
                                best = row[j] + 1u;
                        if (diagonal + 1 < best)
                                best = diagonal + 1;
                        row[j + 1] = (unsigned char)best;
                }
        }
        return row[b.n];
}

/* "did you mean", or the list of all when nothing is near. */
static void suggest(LimnSlice key, const char *const *known, LimnBuf *out)
{
        unsigned best = NEAR_MAX;
        const char *nearest = NULL;
        for (size_t i = 0; known[i]; i++) {
                unsigned d = distance(key, limn_slice_str(known[i]));
                if (d < best) {
                        best = d;
                        nearest = known[i];
                }
        }
        if (nearest && best <= 2 + key.n / 5 && best < strlen(nearest)) {
                limn_buf_printf(out, "did you mean \"%s\"?", nearest);
                return;
        }
        limn_buf_add_str(out, "known keys:");
        for (size_t i = 0; known[i]; i++)
                limn_buf_printf(out, "%s %s", i ? "," : "", known[i]);
}

int limn_yaml_known_keys(const LimnYamlFile *file, const LimnYaml *node,
                         const char *const *known, LimnDiag *diag)
{
        for (const LimnYaml *child = node ? node->child : NULL; child; child = child->next) {
                size_t i = 0;
                while (known[i] && !limn_slice_eq(child->key, limn_slice_str(known[i])))
                        i++;
                if (known[i])
                        continue;
                LimnYaml place = {.line = child->key_line, .column = child->key_column,
                                  .scalar = child->key, .plain = true};
                LimnBuf help = LIMN_BUF(8192);
                suggest(child->key, known, &help);
                int r = limn_yaml_error(file, &place, diag, limn_buf_str(&help),
                                        "unknown key \"%.*s\"", LIMN_FMT(child->key));
                limn_buf_done(&help);
                return r;
        }
        return 0;
}
