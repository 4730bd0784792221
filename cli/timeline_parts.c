/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of several programs: what hits of another product than the source's own stand in becomes
 * a part of it, behind it. */
#include <errno.h>
#include <stdlib.h>

#include "cli/timeline.h"
#include "parsers/registry.h"

/* Any format of what the rule is for. */
static const LimnFormat *format_of(const LimnDetection *rule)
{
        for (size_t i = 0; i < limn_formats_n; i++)
                if (limn_slice_eq_nocase(rule->product, limn_slice_str(limn_formats[i]->product)) &&
                    (!rule->service.p ||
                     limn_slice_eq_nocase(rule->service, limn_slice_str(limn_formats[i]->service))))
                        return limn_formats[i];
        return NULL;
}

/* The format of the part that the hit is in, or NULL: it is the source's own. */
static const LimnFormat *part_of(const LimnTimeline *t, const LimnRules *rules, const LimnHit *hit)
{
        const LimnFormat *own = t->sources[hit->source].format;
        const LimnDetection *rule = &rules->detections[hit->rule];

        if (!strchr(own->name, '+') || !rule->product.p ||
            limn_slice_eq_nocase(rule->product, limn_slice_str(own->product)))
                return NULL;
        return format_of(rule);
}

/* The places of a source's parts: one for each product, in the order of the formats' names. */
typedef struct Part {
        uint32_t source;
        const LimnFormat *format;
} Part;

static int by_place(const void *a, const void *b)
{
        const Part *x = a, *y = b;

        if (x->source != y->source)
                return x->source < y->source ? -1 : 1;
        return strcmp(x->format->product, y->format->product);
}

/* All parts, each once; *ret is NULL when there are none. */
static int find_parts(const LimnTimeline *t, const LimnRules *rules, Part **ret, size_t *ret_n)
{
        Part *parts = calloc(t->n_hits + 1, sizeof *parts);
        size_t n = 0, kept = 0;

        if (!parts)
                return -ENOMEM;
        for (size_t i = 0; i < t->n_hits; i++) {
                const LimnFormat *format = part_of(t, rules, &t->hits[i]);
                if (format)
                        parts[n++] = (Part){t->hits[i].source, format};
        }
        if (n > 1)
                qsort(parts, n, sizeof *parts, by_place);
        for (size_t i = 0; i < n; i++)
                if (i == 0 || by_place(&parts[i], &parts[kept - 1]) != 0)
                        parts[kept++] = parts[i];
        *ret = parts;
        *ret_n = kept;
        return 0;
}

static LimnTimelineSource part_source(const LimnTimelineSource *whole, const LimnFormat *format)
{
        LimnTimelineSource part = *whole;

        part.part = true;
        part.format = format;
        part.first = part.last = LIMN_TIME_NONE;
        part.naive = whole->any_naive;
        part.twice = part.never = 0; /* said of the whole */
        return part;
}

static bool any_wrapped(const LimnTimeline *t)
{
        for (size_t i = 0; i < t->n_sources; i++)
                if (strchr(t->sources[i].format->name, '+'))
                        return true;
        return false;
}

int limn_timeline_parts(LimnTimeline *t, const LimnRules *rules)
{
        Part *parts = NULL;
        size_t n = 0, at = 0, next = 0;
        int r = any_wrapped(t) ? find_parts(t, rules, &parts, &n) : 0;

        if (r < 0 || n == 0) {
                free(parts);
                return r;
        }
        LimnTimelineSource *sources = calloc(t->n_sources + n, sizeof *sources);
        uint32_t *moved = calloc(t->n_sources + 1, sizeof *moved);
        if (!sources || !moved) {
                free(sources);
                free(moved);
                free(parts);
                return -ENOMEM;
        }
        for (size_t i = 0; i < t->n_sources; i++) {
                moved[i] = (uint32_t)at;
                sources[at++] = t->sources[i];
                for (; next < n && parts[next].source == i; next++)
                        sources[at++] = part_source(&t->sources[i], parts[next].format);
        }
        for (size_t i = 0; i < t->n_hits; i++) {
                LimnHit *hit = &t->hits[i];
                const LimnFormat *format = part_of(t, rules, hit);
                hit->source = moved[hit->source];
                if (!format)
                        continue;
                do
                        hit->source++;
                while (strcmp(sources[hit->source].format->product, format->product) != 0);
        }
        free(t->sources);
        t->sources = sources;
        t->n_sources = at;
        free(moved);
        free(parts);
        return 0;
}
