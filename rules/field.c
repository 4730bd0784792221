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
        LimnFieldRef ref = {name, -1, limn_slice_chr(name, ' ') < name.n};
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

/* The part of a path that begins at *i; *i moves behind its dot. */
static LimnSlice next_part(LimnSlice path, size_t *i)
{
        LimnSlice rest = limn_slice_from(path, *i);
        size_t n = limn_slice_chr(rest, '.');
        *i += n + 1;
        return limn_slice_to(rest, n);
}

static bool is_index(LimnSlice part)
{
        size_t n = 0;
        while (n < part.n && limn_ascii_digit(part.p[n]))
                n++;
        return n > 0 && n == part.n;
}

static bool same_but_for_blanks(LimnSlice a, LimnSlice b)
{
        size_t i = 0, k = 0;
        for (;; i++, k++) {
                while (i < a.n && a.p[i] == ' ')
                        i++;
                while (k < b.n && b.p[k] == ' ')
                        k++;
                if (i == a.n || k == b.n)
                        return i == a.n && k == b.n;
                if (a.p[i] != b.p[k])
                        return false;
        }
}

/* Is `name` the path `want`, but for blanks and array indices? A number in the rule's own name
 * means itself; the first that is equal will do, since those left out are numbers as well. */
static bool same_path(LimnSlice want, LimnSlice name)
{
        size_t w = 0, i = 0;
        while (i <= name.n) {
                LimnSlice part = next_part(name, &i);
                size_t before = w;
                if (w <= want.n && same_but_for_blanks(next_part(want, &w), part))
                        continue;
                if (!is_index(part))
                        return false;
                w = before;
        }
        return w > want.n;
}

/* What else a record says beside its message: the parsers' names for a cause behind it. */
static bool is_said(LimnSlice name)
{
        return limn_slice_eq(name, LIMN_S("cause")) || limn_slice_eq(name, LIMN_S("error_text"));
}

static bool means(const LimnFieldWalk *walk, LimnSlice name)
{
        const LimnFieldRef *ref = walk->ref;
        LimnSlice want = ref->name;
        /* An event that came without a format has its message among its fields. */
        if (ref->own == OWN_SAID)
                return is_said(name) ||
                       (!walk->event->message.p && limn_slice_eq(name, LIMN_S("message")));
        if (limn_slice_eq(name, want))
                return true;
        /* Most names differ in their first letter, and only blanks and indices make one longer. */
        if (!ref->blanks && (name.n <= want.n || (name.p[0] != want.p[0] && name.p[0] != ' ')))
                return false;
        return name.n && want.n && same_path(want, name);
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
                if (means(walk, field->name)) {
                        *ret = field->value;
                        return true;
                }
        }
        return false;
}
