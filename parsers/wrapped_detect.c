/* SPDX-License-Identifier: Apache-2.0 */
/* Which wrapped format a source is in: what most of its first lines are envelopes of. */
#include "core/limits.h"
#include "parsers/envelope.h"
#include "parsers/text.h"
#include "parsers/wrapped.h"
#include "parsers/wrapped_inner.h"

/* What the envelopes of a head hold, and how many lines are such. */
typedef struct Unwrapped {
        size_t lines, envelopes, texts, servers;
        size_t n;
        char text[LIMN_DETECT_BYTES];
} Unwrapped;

static void add_text(Unwrapped *to, LimnSlice text, bool begins)
{
        if (begins && to->n < sizeof to->text)
                to->text[to->n++] = '\n';
        if (text.n > sizeof to->text - to->n)
                text.n = sizeof to->text - to->n;
        if (text.n)
                memcpy(to->text + to->n, text.p, text.n);
        to->n += text.n;
}

static void unwrap_head(const LimnWrapper *wrapper, LimnSlice head, Unwrapped *ret)
{
        char room[LIMN_ENVELOPE_ROOM];
        LimnWrapperMemory memory = {0};
        bool partial = true;

        ret->lines = ret->envelopes = ret->texts = ret->servers = ret->n = 0;
        while (head.n) {
                LimnSlice line = limn_slice_to(head, limn_envelope_cut(wrapper, head, true));
                LimnWrapped wrapped;
                head = limn_slice_from(head, line.n);
                if (limn_slice_trim(line).n == 0)
                        continue;
                ret->lines++;
                if (!limn_envelope_open(wrapper, line, &memory, &(LimnRoom){room, 0, sizeof room},
                                        &wrapped)) {
                        /* Hopeless after some lines: no wrapper has that much between. */
                        if (ret->lines >= 64 && ret->envelopes * 4 < ret->lines)
                                return;
                        continue;
                }
                ret->envelopes++;
                if (wrapped.noise || wrapped.alone)
                        continue;
                ret->texts++;
                ret->servers += limn_inner_is_server(wrapped.program);
                add_text(ret, wrapped.text, !partial);
                partial = wrapped.partial;
        }
}

const LimnFormat *limn_wrapped_detect(LimnSlice head, bool whole,
                                      const LimnFormat *(*detect)(LimnSlice head, bool whole))
{
        static const LimnWrapper *const wrappers[] = {
#define X(name) &limn_wrapper_##name,
                LIMN_WRAPPERS(X)
#undef X
        };
        const LimnFormat *unknown = NULL;
        Unwrapped seen;

        for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
                unwrap_head(wrappers[i], head, &seen);
                if (seen.texts == 0 || seen.envelopes * 10 < seen.lines * 6)
                        continue;
                const LimnFormat *inner = detect(limn_slice(seen.text, seen.n), whole);
                if (inner == &limn_format_plain && seen.servers > 0)
                        inner = &limn_format_mysql_error;
                const LimnFormat *format = inner ? limn_wrapped_pair(wrappers[i], inner) : NULL;
                if (format && inner != &limn_format_plain)
                        return format;
                /* No format of lines that is known: better whole than not at all. */
                if (!unknown && !wrappers[i]->keep_json && !wrappers[i]->needs_inner)
                        unknown = limn_wrapped_pair(wrappers[i], &limn_format_plain);
        }
        return unknown;
}
