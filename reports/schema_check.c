/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/schema_check.h"

#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/regex.h"
#include "core/vec.h"

typedef struct Check {
        const json_t *root;
        LimnBuf *why;
        LimnBuf at; /* a path for people: findings[2].causes */
        LimnDiag *diag;
        LimnRegexScratch *scratch;
        struct {
                struct Pattern {
                        const json_t *text;
                        LimnRegex *regex;
                } *at;
                size_t n, cap;
        } patterns; /* compiled so far */
        unsigned depth;
} Check;

static int check(Check *c, const json_t *schema, const json_t *v);

static int bad(Check *c, const char *what)
{
        if (c->why->n == 0)
                limn_buf_printf(c->why, "%s %s", c->at.n ? limn_buf_str(&c->at) : "it", what);
        return LIMN_SCHEMA_BAD;
}

static int fault(Check *c, const char *what, const char *which)
{
        limn_diag_addf(c->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR}, "the schema's %s: %s",
                       which, what);
        return -EINVAL;
}

static bool is_type(const json_t *v, const char *type)
{
        switch (json_typeof(v)) {
        case JSON_OBJECT:
                return strcmp(type, "object") == 0;
        case JSON_ARRAY:
                return strcmp(type, "array") == 0;
        case JSON_STRING:
                return strcmp(type, "string") == 0;
        case JSON_INTEGER:
                return strcmp(type, "integer") == 0 || strcmp(type, "number") == 0;
        case JSON_REAL:
                return strcmp(type, "number") == 0;
        case JSON_TRUE:
        case JSON_FALSE:
                return strcmp(type, "boolean") == 0;
        default:
                return strcmp(type, "null") == 0;
        }
}

static int check_type(Check *c, const json_t *types, const json_t *v)
{
        if (json_is_string(types))
                return is_type(v, json_string_value(types)) ? 0 : bad(c, "has the wrong type");
        size_t i;
        const json_t *type;
        json_array_foreach(types, i, type)
                if (json_is_string(type) && is_type(v, json_string_value(type)))
                        return 0;
        return bad(c, "has the wrong type");
}

static int check_pattern(Check *c, const json_t *pattern, const json_t *v)
{
        LimnRegex *regex = NULL;
        if (!json_is_string(v))
                return 0;
        for (size_t i = 0; i < c->patterns.n && !regex; i++)
                if (c->patterns.at[i].text == pattern)
                        regex = c->patterns.at[i].regex;
        if (!regex) {
                int r = limn_regex_new(&regex, limn_slice_str(json_string_value(pattern)), 0,
                                       c->diag);
                if (r < 0)
                        return r;
                if (limn_vec_room(&c->patterns) < 0) {
                        limn_regex_free(regex);
                        return -ENOMEM;
                }
                c->patterns.at[c->patterns.n++] = (struct Pattern){pattern, regex};
        }
        int r = limn_regex_match(regex, c->scratch,
                                 limn_slice(json_string_value(v), json_string_length(v)));
        return r < 0 ? r : r == LIMN_REGEX_YES ? 0 : bad(c, "does not look as it should");
}

static int check_bound(Check *c, const json_t *bound, const json_t *v, bool least)
{
        if (!json_is_number(v))
                return 0;
        double a = json_number_value(v), b = json_number_value(bound);
        return (least ? a >= b : a <= b) ? 0 : bad(c, "is out of its range");
}

static int check_enum(Check *c, const json_t *among, const json_t *v)
{
        size_t i;
        const json_t *one;
        json_array_foreach(among, i, one)
                if (json_equal(one, v))
                        return 0;
        return bad(c, "is none of the values it may be");
}

static int check_required(Check *c, const json_t *names, const json_t *v)
{
        size_t i;
        const json_t *name;
        json_array_foreach(names, i, name)
                if (json_is_object(v) && !json_object_get(v, json_string_value(name))) {
                        char what[128];
                        snprintf(what, sizeof what, "lacks %.80s", json_string_value(name));
                        return bad(c, what);
                }
        return 0;
}

static int inside(Check *c, const json_t *schema, const json_t *v, const char *key, size_t i)
{
        size_t n = c->at.n;
        if (key)
                limn_buf_printf(&c->at, "%s%.80s", n ? "." : "", key);
        else
                limn_buf_printf(&c->at, "[%zu]", i);
        int r = check(c, schema, v);
        if (r == 0) {
                c->at.n = n;
                c->at.p[n] = '\0';
        }
        return r;
}

static int check_members(Check *c, const json_t *schema, const json_t *v)
{
        const json_t *known = json_object_get(schema, "properties"), *member;
        const json_t *others = json_object_get(schema, "additionalProperties");
        const char *key;
        int r = 0;
        if (!json_is_object(v))
                return 0;
        json_object_foreach((json_t *)v, key, member)
        {
                const json_t *of = json_object_get(known, key);
                if (r)
                        return r;
                if (of)
                        r = inside(c, of, member, key, 0);
                else if (json_is_false(others))
                        r = bad(c, "has a key that it should not have");
                else if (json_is_object(others))
                        r = inside(c, others, member, key, 0);
        }
        return r;
}

static int check_items(Check *c, const json_t *items, const json_t *v)
{
        size_t i;
        const json_t *item;
        int r = 0;
        if (!json_is_array(v))
                return 0;
        json_array_foreach(v, i, item)
                if (r == 0)
                        r = inside(c, items, item, NULL, i);
        return r;
}

static int check_any(Check *c, const json_t *of, const json_t *v)
{
        size_t i, n = c->at.n;
        const json_t *one;
        json_array_foreach(of, i, one)
        {
                LimnBuf *why = c->why, unused = LIMN_BUF(4096);
                c->why = &unused;
                int r = check(c, one, v);
                c->why = why;
                limn_buf_done(&unused);
                if (r <= 0)
                        return r;
                c->at.n = n;
                if (c->at.p)
                        c->at.p[n] = '\0';
        }
        return bad(c, "is none of the things it may be");
}

static int check_ref(Check *c, const json_t *ref, const json_t *v)
{
        static const char defs[] = "#/$defs/";
        const char *name = json_string_value(ref);
        const json_t *schema = NULL;
        if (name && strncmp(name, defs, sizeof defs - 1) == 0)
                schema = json_object_get(json_object_get(c->root, "$defs"),
                                         name + sizeof defs - 1);
        return schema ? check(c, schema, v) : fault(c, name ? name : "?", "$ref");
}

static int keyword(Check *c, const json_t *schema, const char *key, const json_t *rule,
                   const json_t *v)
{
        static const char *const silent[] = {"$schema", "$defs", "title", "description",
                                             "properties", "additionalProperties"};
        for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
                if (strcmp(key, silent[i]) == 0)
                        return i == 4 || (i == 5 && !json_object_get(schema, "properties"))
                                       ? check_members(c, schema, v)
                                       : 0;
        if (strcmp(key, "type") == 0)
                return check_type(c, rule, v);
        if (strcmp(key, "const") == 0)
                return json_equal(rule, v) ? 0 : bad(c, "is not the value it has to be");
        if (strcmp(key, "enum") == 0)
                return check_enum(c, rule, v);
        if (strcmp(key, "pattern") == 0)
                return check_pattern(c, rule, v);
        if (strcmp(key, "minimum") == 0 || strcmp(key, "maximum") == 0)
                return check_bound(c, rule, v, key[1] == 'i');
        if (strcmp(key, "required") == 0)
                return check_required(c, rule, v);
        if (strcmp(key, "items") == 0)
                return check_items(c, rule, v);
        if (strcmp(key, "anyOf") == 0)
                return check_any(c, rule, v);
        if (strcmp(key, "$ref") == 0)
                return check_ref(c, rule, v);
        return fault(c, "this limn does not know that keyword", key);
}

static int check(Check *c, const json_t *schema, const json_t *v)
{
        const char *key;
        const json_t *rule;
        int r = 0;
        if (++c->depth > 2 * LIMN_JSON_DEPTH_MAX)
                return fault(c, "it goes round in circles", "$ref");
        json_object_foreach((json_t *)schema, key, rule)
                if (r == 0)
                        r = keyword(c, schema, key, rule, v);
        c->depth--;
        return r;
}

int limn_schema_check(const json_t *schema, const json_t *document, LimnBuf *why, LimnDiag *diag)
{
        Check c = {.root = schema,
                   .why = why,
                   .at = LIMN_BUF(64 * 1024),
                   .diag = diag,
                   .scratch = limn_regex_scratch_new()};
        int r = c.scratch ? limn_buf_add_str(&c.at, "") : -ENOMEM;
        if (r == 0)
                r = check(&c, schema, document);
        for (size_t i = 0; i < c.patterns.n; i++)
                limn_regex_free(c.patterns.at[i].regex);
        free(c.patterns.at);
        limn_regex_scratch_free(c.scratch);
        limn_buf_done(&c.at);
        return r;
}
