/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/envelope.h"

#include "parsers/text.h"

size_t limn_envelope_cut(const LimnWrapper *wrapper, LimnSlice bytes, bool last)
{
        if (wrapper->cut)
                return wrapper->cut(bytes, last);
        size_t n = limn_slice_chr(bytes, '\n');
        return n < bytes.n ? n + 1 : last ? bytes.n : 0;
}

static bool unwrap(const LimnWrapper *wrapper, LimnSlice line, LimnWrapperMemory *memory,
                   LimnRoom *room, LimnWrapped *ret)
{
        *ret = (LimnWrapped){0};
        /* Blanks at the end may be within a line that goes on. */
        while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
                line.n--;
        return line.n > 0 && wrapper->unwrap(line, memory, room, ret);
}

/* Which wrapper's envelope the text of another's is, to judge by its first byte; NULL: none. */
static const LimnWrapper *const *inside(LimnSlice text, LimnSlice program)
{
        static const LimnWrapper *const objects[] = {&limn_wrapper_docker, &limn_wrapper_journal,
                                                     &limn_wrapper_cloud, NULL};
        static const LimnWrapper *const boxes[] = {&limn_wrapper_fluent, &limn_wrapper_pod, NULL};
        static const LimnWrapper *const stamps[] = {&limn_wrapper_cri, &limn_wrapper_syslog, NULL};
        static const LimnWrapper *const names[] = {&limn_wrapper_syslog, NULL};
        static const LimnWrapper *const compose[] = {&limn_wrapper_compose, NULL};

        if (text.n < 20)
                return NULL;
        if (limn_slice_starts(program, LIMN_S("docker")) && limn_ascii_alpha(text.p[0]))
                return compose;
        if (text.p[0] == '{')
                return objects;
        if (text.p[0] == '[')
                return boxes;
        if (limn_ascii_digit(text.p[0]))
                return text.p[10] == 'T' ? stamps : NULL;
        return text.p[0] == '<' || (limn_ascii_upper(text.p[0]) && text.p[3] == ' ') ? names : NULL;
}

/* Puts what the inner envelope says over what the outer one did. */
static void take_inner(LimnWrapped *to, const LimnWrapped *in)
{
        to->text = in->text;
        to->partial |= in->partial;
        if (in->time_raw.p) {
                to->time_raw = in->time_raw;
                to->stamp = in->stamp;
                to->stated = in->stated;
                to->time = in->time;
        }
        if (in->level != LIMN_LEVEL_NONE)
                to->level = in->level;
        if (in->host.p)
                to->host = in->host;
        if (in->program.p)
                to->program = in->program;
        if (in->pid.p)
                to->pid = in->pid;
        if (in->stream.p)
                to->stream = in->stream;
        if (in->writer.p) {
                if (!to->outer.p)
                        to->outer = to->writer;
                to->writer = in->writer;
        }
}

bool limn_envelope_open(const LimnWrapper *wrapper, LimnSlice bytes, LimnWrapperMemory *memory,
                        LimnRoom *room, LimnWrapped *ret)
{
        if (!unwrap(wrapper, bytes, memory, room, ret))
                return false;
        for (int depth = 1; depth < LIMN_ENVELOPE_DEPTH && !ret->noise && !ret->alone; depth++) {
                const LimnWrapper *const *in = inside(ret->text, ret->program);
                LimnWrapped inner = {0};
                size_t used = room->n;

                for (; in && *in; in++) {
                        LimnWrapperMemory none = {0};
                        if (unwrap(*in, ret->text, &none, room, &inner) && inner.sure &&
                            !inner.noise)
                                break;
                        room->n = used;
                }
                if (!in || !*in)
                        break;
                take_inner(ret, &inner);
        }
        return true;
}
