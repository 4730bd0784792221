/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/unexplained.h"

#include <errno.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/ascii.h"
#include "core/limits.h"
#include "core/printable.h"

#define WILD LIMN_S("<*>")
/* Open addressing; twice the templates, a power of two. */
#define BUCKETS (LIMN_UNEXPLAINED_MAX * 2)

struct LimnUnexplained {
        LimnArena *arena;
        LimnUnexplainedRow *rows; /* LIMN_UNEXPLAINED_MAX, and one for what is beyond */
        size_t n;
        uint32_t buckets[BUCKETS]; /* index + 1 */
        LimnBuf template, text;
};

LimnUnexplained *limn_unexplained_new(void)
{
        LimnUnexplained *u = calloc(1, sizeof(*u));

        if (!u)
                return NULL;
        u->rows = calloc(LIMN_UNEXPLAINED_MAX + 1, sizeof(*u->rows));
        u->arena = limn_arena_new((size_t)(LIMN_UNEXPLAINED_MAX + 1) *
                                  (LIMN_TEMPLATE_MAX + LIMN_UNEXPLAINED_TEXT_MAX * 3 + 64));
        u->template = LIMN_BUF(LIMN_UNEXPLAINED_TEXT_MAX * 8);
        u->text = LIMN_BUF(LIMN_UNEXPLAINED_TEXT_MAX * 4);
        return u->rows && u->arena ? u : limn_unexplained_free(u);
}

LimnUnexplained *limn_unexplained_free(LimnUnexplained *u)
{
        if (!u)
                return NULL;
        limn_arena_free(u->arena);
        limn_buf_done(&u->template);
        limn_buf_done(&u->text);
        free(u->rows);
        free(u);
        return NULL;
}

/* -- templates ------------------------------------------------------------------------------ */

static bool in_word(char c)
{
        return limn_ascii_alnum(c) || c == '_' || c == '.' || c == ':' || c == '-' || c == '/' ||
               c == '@' || c == '%' || c == '+' || c == '#' || (unsigned char)c >= 0x80;
}

/* The length of quoted text at the start of `s`, quotes included, or 0. */
static size_t quoted(LimnSlice s, char before)
{
        char quote = s.p[0];

        if (quote != '\'' && quote != '"' && quote != '`')
                return 0;
        if (quote == '\'' && limn_ascii_alnum(before))
                return 0; /* an apostrophe */
        for (size_t i = 1; i < s.n && s.p[i] != '\n'; i++) {
                if (s.p[i] != quote)
                        continue;
                if (quote == '\'' && i + 1 < s.n && limn_ascii_alnum(s.p[i + 1]))
                        continue;
                return i + 1;
        }
        return 0;
}

/* Does a word vary from one occurrence to the next? */
static bool varies(LimnSlice word)
{
        for (size_t i = 0; i < word.n; i++)
                if (limn_ascii_digit(word.p[i]) || (word.p[i] == '/' && i + 1 < word.n))
                        return true;
        return false;
}

int limn_message_template(LimnSlice message, LimnBuf *out)
{
        /* What follows the first line is a trace, or a statement. */
        LimnSlice text = limn_slice_trim(message);
        LimnSlice rest = limn_slice_trim(limn_slice_to(text, limn_slice_chr(text, '\n')));
        char before = ' ';

        while (rest.n > 0 && out->n < LIMN_TEMPLATE_MAX) {
                size_t n = quoted(rest, before), word;

                if (n > 0) {
                        limn_buf_add(out, WILD);
                } else if (in_word(rest.p[0])) {
                        while (n < rest.n && in_word(rest.p[n]))
                                n++;
                        /* Punctuation behind a word is the sentence's. */
                        for (word = n; word > 1 && !limn_ascii_alnum(rest.p[word - 1]) &&
                                       (unsigned char)rest.p[word - 1] < 0x80; word--)
                                ;
                        if (varies(limn_slice_to(rest, word)))
                                limn_buf_add(out, WILD);
                        else
                                limn_printable(limn_slice_to(rest, word), out);
                        n = word;
                } else {
                        n = 1;
                        limn_printable(limn_ascii_space(rest.p[0]) ? LIMN_S(" ")
                                                                   : limn_slice_to(rest, 1), out);
                }
                before = rest.p[n - 1];
                rest = limn_slice_from(rest, n);
        }
        return out->error;
}

/* Up to `max` bytes, no character cut in two. */
static LimnSlice cut(LimnSlice s, size_t max)
{
        if (s.n <= max)
                return s;
        while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
                max--;
        return limn_slice_to(s, max);
}

/* As the case keeps text: valid UTF-8, without NULs. */
static int add_text(LimnBuf *out, LimnSlice s)
{
        while (s.n > 0) {
                uint32_t c = 0;
                unsigned n = limn_utf8_decode(s, &c);

                limn_buf_add(out, n == 0 || c == 0 ? LIMN_S("\xef\xbf\xbd") : limn_slice_to(s, n));
                s = limn_slice_from(s, n ? n : 1);
        }
        return out->error;
}

/* -- counting ------------------------------------------------------------------------------- */

static uint32_t hash_of(LimnSlice s)
{
        uint32_t h = 2166136261u;

        for (size_t i = 0; i < s.n; i++)
                h = (h ^ (unsigned char)s.p[i]) * 16777619u;
        return h;
}

/* The row of a template, made when it is new; NULL: no memory. */
static LimnUnexplainedRow *row_of(LimnUnexplained *u, LimnSlice template)
{
        uint32_t at = hash_of(template) % BUCKETS;
        LimnUnexplainedRow *row;

        for (; u->buckets[at]; at = (at + 1) % BUCKETS) {
                row = &u->rows[u->buckets[at] - 1];
                if (limn_slice_eq(row->template, template))
                        return row;
        }
        if (u->n >= LIMN_UNEXPLAINED_MAX && !limn_slice_eq(template, WILD))
                return row_of(u, WILD);
        row = &u->rows[u->n];
        *row = (LimnUnexplainedRow){.template = limn_arena_dup(u->arena, template),
                                    .first = LIMN_TIME_NONE, .last = LIMN_TIME_NONE};
        if (!row->template.p)
                return NULL;
        u->buckets[at] = (uint32_t)++u->n;
        return row;
}

/* Adds what `more` counts; the place and text of the first one stay. */
static int count(LimnUnexplained *u, LimnUnexplainedRow *row, const LimnUnexplainedRow *more)
{
        if (row->count == 0) {
                row->line = more->line;
                row->offset = more->offset;
                row->text = limn_arena_dup(u->arena, more->text);
                if (!row->text.p)
                        return -ENOMEM;
        }
        row->count += more->count;
        limn_burst_join(&row->burst, &more->burst);
        if (more->level > row->level)
                row->level = more->level;
        if (more->first != LIMN_TIME_NONE &&
            (row->first == LIMN_TIME_NONE || more->first < row->first))
                row->first = more->first;
        if (more->last != LIMN_TIME_NONE &&
            (row->last == LIMN_TIME_NONE || more->last > row->last))
                row->last = more->last;
        return 0;
}

/* The message, and behind it what the record names as its cause: many programs write one sentence
 * for all that fails. */
static int template_of(LimnUnexplained *u, const LimnEvent *event)
{
        LimnSlice message = event->message.n ? event->message : event->record, cause = {0};

        for (size_t i = 0; i < event->n_fields && cause.n == 0; i++)
                if (limn_slice_eq(event->fields[i].name, LIMN_S("cause")) ||
                    limn_slice_eq(event->fields[i].name, LIMN_S("error_text")))
                        cause = limn_slice_trim(event->fields[i].value);
        limn_buf_clear(&u->template);
        if (limn_message_template(limn_slice_to(message, LIMN_UNEXPLAINED_TEXT_MAX),
                                  &u->template) < 0)
                return -ENOMEM;
        if (cause.n == 0)
                return 0;
        limn_buf_add_str(&u->template, ": ");
        return limn_message_template(limn_slice_to(cause, LIMN_UNEXPLAINED_TEXT_MAX), &u->template);
}

int limn_unexplained_add(LimnUnexplained *u, const LimnEvent *event, uint64_t line,
                         uint64_t offset)
{
        LimnUnexplainedRow *row;

        if (template_of(u, event) < 0)
                return -ENOMEM;
        row = row_of(u, cut(limn_buf_slice(&u->template), LIMN_TEMPLATE_MAX));
        if (!row)
                return -ENOMEM;
        limn_buf_clear(&u->text);
        if (row->count == 0 &&
            add_text(&u->text, cut(event->record, LIMN_UNEXPLAINED_TEXT_MAX)) < 0)
                return -ENOMEM;
        LimnUnexplainedRow one = {.level = event->level,
                                  .count = 1,
                                  .first = event->time,
                                  .last = event->time,
                                  .line = line,
                                  .offset = offset,
                                  .text = limn_buf_slice(&u->text)};
        limn_burst_add(&one.burst, event->time);
        return count(u, row, &one);
}

int limn_unexplained_take(LimnUnexplained *u, LimnUnexplained *from)
{
        for (size_t i = 0; i < from->n; i++) {
                LimnUnexplainedRow *row = row_of(u, from->rows[i].template);

                if (!row || count(u, row, &from->rows[i]) < 0)
                        return -ENOMEM;
        }
        limn_arena_reset(from->arena);
        memset(from->buckets, 0, sizeof(from->buckets));
        from->n = 0;
        return 0;
}

static int by_template(const void *a, const void *b)
{
        const LimnUnexplainedRow *x = a, *y = b;

        return limn_slice_cmp(x->template, y->template);
}

int limn_unexplained_each(LimnUnexplained *u,
                          int (*fn)(void *arg, const LimnUnexplainedRow *row), void *arg)
{
        int r = 0;

        /* The buckets are of no use from here on. */
        if (u->n > 1)
                qsort(u->rows, u->n, sizeof(*u->rows), by_template);
        for (size_t i = 0; r == 0 && i < u->n; i++)
                r = fn(arg, &u->rows[i]);
        return r;
}
