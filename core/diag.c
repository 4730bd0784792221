/* SPDX-License-Identifier: Apache-2.0 */
#include "core/diag.h"

#include <stdarg.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/printable.h"
#include "core/vec.h"

struct LimnDiag {
        LimnMessage *at; /* each one's strings are one allocation, at `what` */
        size_t n, cap;
        size_t count[_LIMN_DIAG_MAX]; /* kept and dropped ones */
        size_t dropped;
};

LimnDiag *limn_diag_new(void)
{
        return calloc(1, sizeof(LimnDiag));
}

LimnDiag *limn_diag_free(LimnDiag *diag)
{
        if (diag) {
                for (size_t i = 0; i < diag->n; i++)
                        free((char *)diag->at[i].what);
                free(diag->at);
                free(diag);
        }
        return NULL;
}

static const char *pack(char **at, const char *s)
{
        if (!s)
                return NULL;
        size_t n = strlen(s) + 1;
        char *copy = memcpy(*at, s, n);
        *at += n;
        return copy;
}

static size_t room(const char *s)
{
        return s ? strlen(s) + 1 : 0;
}

static bool keep(LimnDiag *diag, const LimnMessage *m)
{
        if (diag->n >= LIMN_DIAG_MAX || limn_vec_room(diag) < 0)
                return false;
        const char *what = m->what ? m->what : "";
        char *at = malloc(room(what) + room(m->where) + room(m->snippet) + room(m->why) +
                          room(m->help));
        if (!at)
                return false;
        LimnMessage *copy = &diag->at[diag->n++];
        copy->severity = m->severity;
        copy->what = pack(&at, what);
        copy->where = pack(&at, m->where);
        copy->snippet = pack(&at, m->snippet);
        copy->why = pack(&at, m->why);
        copy->help = pack(&at, m->help);
        return true;
}

void limn_diag_add(LimnDiag *diag, const LimnMessage *message)
{
        if (!diag)
                return;
        diag->count[message->severity]++;
        if (!keep(diag, message))
                diag->dropped++;
}

void limn_diag_addf(LimnDiag *diag, const LimnMessage *rest, const char *what, ...)
{
        if (!diag)
                return;
        LimnMessage message = rest ? *rest : (LimnMessage){.severity = LIMN_DIAG_ERROR};
        char *text = NULL;
        va_list args;
        va_start(args, what);
        if (vasprintf(&text, what, args) < 0)
                text = NULL;
        va_end(args);
        message.what = text ? text : what;
        limn_diag_add(diag, &message);
        free(text);
}

size_t limn_diag_count(const LimnDiag *diag, LimnSeverity at_least)
{
        size_t n = 0;
        for (int i = at_least; diag && i < _LIMN_DIAG_MAX; i++)
                n += diag->count[i];
        return n;
}

size_t limn_diag_kept(const LimnDiag *diag)
{
        return diag ? diag->n : 0;
}

const LimnMessage *limn_diag_at(const LimnDiag *diag, size_t i)
{
        return &diag->at[i];
}

size_t limn_diag_dropped(const LimnDiag *diag)
{
        return diag ? diag->dropped : 0;
}

void limn_diag_move(LimnDiag *to, LimnDiag *from)
{
        if (!from || to == from)
                return;
        for (size_t i = 0; i < from->n; i++) {
                if (to && to->n < LIMN_DIAG_MAX && limn_vec_room(to) == 0) {
                        to->at[to->n++] = from->at[i];
                } else {
                        free((char *)from->at[i].what);
                        from->dropped++;
                }
        }
        if (to) {
                to->dropped += from->dropped;
                for (int i = 0; i < _LIMN_DIAG_MAX; i++)
                        to->count[i] += from->count[i];
        }
        free(from->at);
        *from = (LimnDiag){0};
}

const char *limn_severity_to_string(LimnSeverity severity)
{
        static const char *const names[_LIMN_DIAG_MAX] = {"note", "warning", "error"};
        return severity >= 0 && severity < _LIMN_DIAG_MAX ? names[severity] : "error";
}

/* Each line of `text` behind `label`, then behind `next`; a tab as one blank, so that carets stay
 * below what they point at. */
static void lines(LimnBuf *out, const char *label, const char *next, const char *text)
{
        LimnSlice rest = limn_slice_str(text), line;
        for (; limn_slice_line(&rest, &line); label = next) {
                limn_buf_add_str(out, label);
                while (line.n) {
                        size_t tab = limn_slice_chr(line, '\t');
                        limn_printable(limn_slice_to(line, tab), out);
                        if (tab < line.n)
                                limn_buf_add_char(out, ' ');
                        line = limn_slice_from(line, tab + 1);
                }
                limn_buf_add_char(out, '\n');
        }
}

int limn_diag_render(const LimnMessage *message, LimnBuf *out)
{
        limn_buf_add_str(out, limn_severity_to_string(message->severity));
        lines(out, ": ", "  ", message->what && *message->what ? message->what : "(no text)");
        if (message->where && *message->where)
                lines(out, "  --> ", "      ", message->where);
        if (message->snippet && *message->snippet)
                lines(out, "   | ", "   | ", message->snippet);
        if (message->why && *message->why)
                lines(out, "  why: ", "       ", message->why);
        if (message->help && *message->help)
                lines(out, "  help: ", "        ", message->help);
        return out->error;
}
