/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that detections and correlations have in common. Unknown ones are legal (Sigma). */
#include <errno.h>

#include "core/ascii.h"
#include "rules/kinds.h"
#include "rules/try.h"

static bool uuid(LimnSlice s)
{
        if (s.n != 36)
                return false;
        for (size_t i = 0; i < s.n; i++) {
                bool dash = i == 8 || i == 13 || i == 18 || i == 23;
                if (dash ? s.p[i] != '-' : limn_ascii_hex(s.p[i]) < 0)
                        return false;
        }
        return true;
}

static int text(LimnSlice *ret, const LimnYamlFile *file, const LimnYaml *doc, const char *key,
                LimnDiag *diag)
{
        const LimnYaml *node = limn_yaml_get(doc, key);
        if (!node || limn_yaml_is_null(node))
                return 0;
        if (node->type != LIMN_YAML_SCALAR || node->scalar.n == 0)
                return limn_yaml_error(file, node, diag, NULL, "%s must be a text", key);
        *ret = node->scalar;
        return 0;
}

/* One of the words, whatever its case (as pySigma reads them); *ret is as Sigma writes it. */
static int word(LimnSlice *ret, const LimnYamlFile *file, const LimnYaml *doc, const char *key,
                const char *const *words, const char *help, LimnDiag *diag)
{
        LimnSlice value = LIMN_NONE;
        int r = text(&value, file, doc, key, diag);
        if (r < 0 || !value.p)
                return r;
        for (size_t i = 0; words[i]; i++) {
                if (limn_slice_eq_nocase(value, limn_slice_str(words[i]))) {
                        *ret = limn_slice_str(words[i]);
                        return 0;
                }
        }
        return limn_yaml_error(file, limn_yaml_get(doc, key), diag, help, "unknown %s \"%.*s\"",
                               key, LIMN_FMT(value));
}

static size_t characters(LimnSlice s)
{
        size_t n = 0;
        for (size_t i = 0; i < s.n; i++)
                n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
        return n;
}

int limn_head_load(LimnHead *ret, LimnRules *rules, const LimnYamlFile *file, const LimnYaml *doc,
                   LimnDiag *diag)
{
        static const char *const levels[] = {"informational", "low", "medium", "high", "critical",
                                             NULL};
        static const char *const stati[] = {"stable", "test", "experimental", "deprecated",
                                            "unsupported", NULL};
        static const char *const taxonomies[] = {"sigma", "limn", NULL};
        LimnHead head = {0};
        LimnSlice ignored = LIMN_NONE;
        int result = 0;
        TRY(text(&head.title, file, doc, "title", diag));
        TRY(text(&head.id, file, doc, "id", diag));
        TRY(text(&head.name, file, doc, "name", diag));
        TRY(word(&head.level, file, doc, "level", levels,
                 "informational, low, medium, high or critical", diag));
        TRY(word(&ignored, file, doc, "status", stati,
                 "stable, test, experimental, deprecated or unsupported", diag));
        TRY(word(&ignored, file, doc, "taxonomy", taxonomies,
                 "limn knows no other names for fields than the event's own", diag));
        if (!limn_yaml_get(doc, "title") || limn_yaml_is_null(limn_yaml_get(doc, "title")))
                TRY(limn_yaml_error(file, doc, diag, "add `title: ...`", "rule has no title"));
        if (characters(head.title) > 256)
                TRY(limn_yaml_error(file, limn_yaml_get(doc, "title"), diag, NULL,
                                    "title is longer than 256 characters"));
        if (head.id.p && !uuid(head.id))
                TRY(limn_yaml_error(file, limn_yaml_get(doc, "id"), diag,
                                    "like 0e95725d-7320-415d-80f7-004da920fc11",
                                    "id must be a UUID"));
        const char *named_by = head.name.p ? "name" : head.id.p ? "id" : "title";
        if (!head.name.p)
                head.name = head.id.p ? head.id : head.title;
        if (head.name.p)
                TRY(limn_loading_claim(rules, file, limn_yaml_get(doc, named_by), head.name, diag));
        if (head.id.p && !limn_slice_eq(head.id, head.name))
                TRY(limn_loading_claim(rules, file, limn_yaml_get(doc, "id"), head.id, diag));
        *ret = head;
        return result;
}
