/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/field.h"

#include "core/ascii.h"

enum {
        OWN_RECORD,
        OWN_SAID,
        OWN_TIME,
        OWN_TIME_BASIS,
        OWN_LEVEL,
#define X(member) OWN_##member,
        LIMN_EVENT_TEXTS(X)
#undef X
        _OWN_MAX,
};

static const char *const own_names[_OWN_MAX] = {
        [OWN_RECORD] = "record",
        [OWN_SAID] = "said",
        [OWN_TIME] = "time",
        [OWN_TIME_BASIS] = "time_basis",
        [OWN_LEVEL] = "level",
#define X(member) [OWN_##member] = #member,
        LIMN_EVENT_TEXTS(X)
#undef X
};

LimnFieldRef limn_field_ref(LimnSlice name)
{
        LimnFieldRef ref = {name, -1};
        for (int i = 0; i < _OWN_MAX; i++)
                if (limn_slice_eq(name, limn_slice_str(own_names[i])))
                        ref.own = i;
        return ref;
}

bool limn_field_raw(const LimnFieldRef *ref)
{
        /* Levels, codes and the like are made uniform by the parsers: MY-010914 may be written as
         * 10914, `error` as SEVERE. */
        return ref->own < 0 || ref->own == OWN_RECORD || ref->own == OWN_SAID ||
               ref->own == OWN_message ||
               ref->own == OWN_logger;
}

static LimnSlice own_value(LimnFieldWalk *walk)
{
        const LimnEvent *event = walk->event;
        switch (walk->ref->own) {
        case OWN_RECORD:
                return event->text.p ? event->text : event->record;
        case OWN_SAID:
                return event->message;
        case OWN_TIME:
                if (event->time == LIMN_TIME_NONE || event->time_basis == LIMN_BASIS_NONE)
                        return LIMN_NONE;
                return limn_slice_str(limn_time_iso_str(event->time, walk->scratch));
        case OWN_TIME_BASIS:
                if (event->time_basis == LIMN_BASIS_NONE)
                        return LIMN_NONE;
                return limn_slice_str(limn_basis_to_string(event->time_basis));
        case OWN_LEVEL:
                if (event->level == LIMN_LEVEL_NONE)
                        return LIMN_NONE;
                return limn_slice_str(limn_level_to_string(event->level));
#define X(member)           \
        case OWN_##member: \
                return event->member;
                LIMN_EVENT_TEXTS(X)
#undef X
        }
        return LIMN_NONE;
}

/* Length of the element number `.0` or `0.` hides: digits up to a dot or the end, else 0. */
static size_t index_len(LimnSlice s, size_t i)
{
        size_t n = 0;
        while (i + n < s.n && limn_ascii_digit(s.p[i + n]))
                n++;
        return n && (i + n == s.n || s.p[i + n] == '.') ? n : 0;
}

/* Is `name` the path `want`, but for blanks and array indices? */
static bool same_path(LimnSlice want, LimnSlice name)
{
        size_t w = 0, i = 0;
        while (i < name.n) {
                char c = name.p[i];
                if (w < want.n && want.p[w] == c) {
                        /* A number in the rule's own name means itself, unless it would not fit. */
                        w++;
                        i++;
                } else if (c == ' ') {
                        i++;
                } else if (c == '.' && index_len(name, i + 1)) {
                        i += 1 + index_len(name, i + 1);
                } else if (w > 0 && want.p[w - 1] == '.' && name.p[i - 1] == '.' &&
                           index_len(name, i)) {
                        i += index_len(name, i);
                        if (i < name.n)
                                i++; /* its dot: the rule's has been taken */
                        else
                                return false;
                } else {
                        return false;
                }
        }
        return w == want.n;
}

/* What else a record says beside its message: the parsers' names for a cause behind it. */
static bool is_said(LimnSlice name)
{
        return limn_slice_eq(name, LIMN_S("cause")) || limn_slice_eq(name, LIMN_S("error_text"));
}

static bool means(const LimnFieldRef *ref, LimnSlice name)
{
        LimnSlice want = ref->name;
        if (ref->own == OWN_SAID)
                return is_said(name);
        if (name.n == want.n)
                return memcmp(name.p, want.p, want.n) == 0;
        return name.n > want.n && want.n && name.p[0] == want.p[0] && same_path(want, name);
}

bool limn_field_next(LimnFieldWalk *walk, LimnSlice *ret)
{
        if (!walk->begun) {
                walk->begun = true;
                if (walk->ref->own >= 0) {
                        LimnSlice value = own_value(walk);
                        if (value.p) {
                                if (walk->ref->own != OWN_SAID)
                                        walk->next = walk->event->n_fields;
                                *ret = value;
                                return true;
                        }
                }
        }
        while (walk->next < walk->event->n_fields) {
                const LimnField *field = &walk->event->fields[walk->next++];
                if (means(walk->ref, field->name)) {
                        *ret = field->value;
                        return true;
                }
        }
        return false;
}
