/* SPDX-License-Identifier: Apache-2.0 */
#include "core/event.h"

const char *limn_level_to_string(LimnLevel level)
{
        static const char *const names[_LIMN_LEVEL_MAX] = {
#define X(constant, name) name,
                LIMN_LEVELS(X)
#undef X
        };
        return level >= 0 && level < _LIMN_LEVEL_MAX ? names[level] : "";
}

LimnLevel limn_level_from_string(LimnSlice name)
{
#define X(constant, text)                   \
        if (limn_slice_eq(name, LIMN_S(text))) \
                return LIMN_LEVEL_##constant;
        LIMN_LEVELS(X)
#undef X
        return _LIMN_LEVEL_INVALID;
}

const char *limn_basis_to_string(LimnBasis basis)
{
        static const char *const names[_LIMN_BASIS_MAX] = {
#define X(constant, name) name,
                LIMN_BASES(X)
#undef X
        };
        return basis >= 0 && basis < _LIMN_BASIS_MAX ? names[basis] : "";
}

LimnBasis limn_basis_from_string(LimnSlice name)
{
#define X(constant, text)                   \
        if (limn_slice_eq(name, LIMN_S(text))) \
                return LIMN_BASIS_##constant;
        LIMN_BASES(X)
#undef X
        return _LIMN_BASIS_INVALID;
}

/* The words of MySQL, log4j, java.util.logging, Python, pino and bunyan, syslog, pipeline events;
 * frequent ones first. */
static const struct {
        LimnSlice word;
        LimnLevel level;
} words[] = {
        {{"info", 4}, LIMN_LEVEL_INFO},
        {{"warn", 4}, LIMN_LEVEL_WARNING},
        {{"note", 4}, LIMN_LEVEL_INFO},
        {{"warning", 7}, LIMN_LEVEL_WARNING},
        {{"error", 5}, LIMN_LEVEL_ERROR},
        {{"system", 6}, LIMN_LEVEL_INFO},
        {{"metrics", 7}, LIMN_LEVEL_INFO},
        {{"debug", 5}, LIMN_LEVEL_DEBUG},
        {{"trace", 5}, LIMN_LEVEL_DEBUG},
        {{"fatal", 5}, LIMN_LEVEL_FATAL},
        {{"severe", 6}, LIMN_LEVEL_ERROR},
        {{"notice", 6}, LIMN_LEVEL_NOTICE},
        {{"critical", 8}, LIMN_LEVEL_FATAL},
        {{"crit", 4}, LIMN_LEVEL_FATAL},
        {{"err", 3}, LIMN_LEVEL_ERROR},
        {{"emerg", 5}, LIMN_LEVEL_FATAL},
        {{"emergency", 9}, LIMN_LEVEL_FATAL},
        {{"alert", 5}, LIMN_LEVEL_FATAL},
        {{"panic", 5}, LIMN_LEVEL_FATAL},
        {{"information", 11}, LIMN_LEVEL_INFO},
        {{"informational", 13}, LIMN_LEVEL_INFO},
        {{"config", 6}, LIMN_LEVEL_INFO},
        {{"fine", 4}, LIMN_LEVEL_DEBUG},
        {{"finer", 5}, LIMN_LEVEL_DEBUG},
        {{"finest", 6}, LIMN_LEVEL_DEBUG},
        {{"verbose", 7}, LIMN_LEVEL_DEBUG},
        {{"10", 2}, LIMN_LEVEL_DEBUG},
        {{"20", 2}, LIMN_LEVEL_DEBUG},
        {{"30", 2}, LIMN_LEVEL_INFO},
        {{"40", 2}, LIMN_LEVEL_WARNING},
        {{"50", 2}, LIMN_LEVEL_ERROR},
        {{"60", 2}, LIMN_LEVEL_FATAL},
};

LimnLevel limn_level_from_word(LimnSlice word)
{
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                if (limn_slice_eq_nocase(words[i].word, word))
                        return words[i].level;
        return LIMN_LEVEL_NONE;
}

static LimnSlice own(const LimnEvent *event, LimnSlice name, char *scratch)
{
#define X(member)                                \
        if (limn_slice_eq(name, LIMN_S(#member))) \
                return event->member;
        LIMN_EVENT_TEXTS(X)
#undef X
        if (limn_slice_eq(name, LIMN_S("level")) && event->level != LIMN_LEVEL_NONE)
                return limn_slice_str(limn_level_to_string(event->level));
        if (limn_slice_eq(name, LIMN_S("time")) && event->time != LIMN_TIME_NONE)
                return limn_slice_str(limn_time_iso_str(event->time, scratch));
        if (limn_slice_eq(name, LIMN_S("time_basis")))
                return limn_slice_str(limn_basis_to_string(event->time_basis));
        return LIMN_NONE;
}

bool limn_event_get(const LimnEvent *event, LimnSlice name, char *scratch, LimnSlice *ret)
{
        LimnSlice value = own(event, name, scratch);
        if (value.p) {
                *ret = value;
                return true;
        }
        for (size_t i = 0; i < event->n_fields; i++) {
                if (limn_slice_eq(event->fields[i].name, name)) {
                        *ret = event->fields[i].value;
                        return true;
                }
        }
        return false;
}
