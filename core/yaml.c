/* SPDX-License-Identifier: Apache-2.0 */
#include "core/yaml.h"

#include <errno.h>
#include <stdlib.h>

#include <yaml.h>

#include "core/limits.h"

typedef struct Loader {
        yaml_parser_t parser;
        LimnYamlFile *file;
        LimnArena *arena;
        LimnDiag *diag;
        size_t n_nodes, documents_cap;
} Loader;

/* A place for messages, counted as libyaml counts: from 0, columns in characters. */
static int fault(Loader *l, yaml_mark_t mark, const char *help, const char *what)
{
        LimnYaml place = {.line = (int)mark.line + 1, .column = (int)mark.column + 1,
                          .scalar = LIMN_S("x"), .plain = true};
        return limn_yaml_error(l->file, &place, l->diag, help, "%s", what);
}

static int syntax_error(Loader *l)
{
        const yaml_parser_t *p = &l->parser;
        if (p->error == YAML_MEMORY_ERROR)
                return -ENOMEM;
        yaml_mark_t mark = p->problem_mark;
        if (p->error == YAML_READER_ERROR)
                mark = p->mark;
        char what[256];
        snprintf(what, sizeof what, "invalid YAML: %s%s%s", p->context ? p->context : "",
                 p->context ? ", " : "", p->problem ? p->problem : "no reason given");
        return fault(l, mark, NULL, what);
}

static int next(Loader *l, yaml_event_t *ret)
{
        return yaml_parser_parse(&l->parser, ret) ? 0 : syntax_error(l);
}

static int new_node(Loader *l, const yaml_event_t *event, LimnYamlType type, LimnYaml **ret)
{
        if (++l->n_nodes > LIMN_YAML_NODES_MAX)
                return fault(l, event->start_mark, NULL,
                             "too many values in one file (LIMN_YAML_NODES_MAX)");
        LimnYaml *node = limn_arena_new_of(l->arena, LimnYaml, 1);
        if (!node)
                return -ENOMEM;
        node->type = type;
        node->line = (int)event->start_mark.line + 1;
        node->column = (int)event->start_mark.column + 1;
        *ret = node;
        return 0;
}

/* What YAML has and rule files must not. */
static int check_plain(Loader *l, const yaml_event_t *event, const yaml_char_t *anchor,
                       const yaml_char_t *tag)
{
        if (anchor)
                return fault(l, event->start_mark, "write the value out where it is needed",
                             "anchors are not allowed");
        if (tag)
                return fault(l, event->start_mark, "quote the value if it is text",
                             "tags are not allowed");
        return 0;
}

static int scalar(Loader *l, const yaml_event_t *event, LimnYaml **ret)
{
        int r = check_plain(l, event, event->data.scalar.anchor, event->data.scalar.tag);
        LimnYaml *node = NULL;
        if (r == 0)
                r = new_node(l, event, LIMN_YAML_SCALAR, &node);
        if (r < 0)
                return r;
        node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        node->scalar = limn_arena_dup(l->arena, limn_slice((const char *)event->data.scalar.value,
                                                           event->data.scalar.length));
        *ret = node;
        return node->scalar.p ? 0 : -ENOMEM;
}

static int by_key(const void *a, const void *b)
{
        const LimnYaml *x = *(LimnYaml *const *)a, *y = *(LimnYaml *const *)b;
        int c = limn_slice_cmp(x->key, y->key);
        if (c)
                return c;
        if (x->key_line != y->key_line)
                return x->key_line < y->key_line ? -1 : 1;
        return (x->key_column > y->key_column) - (x->key_column < y->key_column);
}

/* Sorted, since a hostile map may have as many keys as there may be nodes. */
static int check_keys(Loader *l, const LimnYaml *map)
{
        if (map->n < 2)
                return 0;
        LimnYaml **keys = malloc(map->n * sizeof(LimnYaml *)), *child = map->child;
        if (!keys)
                return -ENOMEM;
        for (size_t i = 0; i < map->n; i++, child = child->next)
                keys[i] = child;
        qsort(keys, map->n, sizeof(LimnYaml *), by_key);
        int r = 0;
        for (size_t i = 1; r == 0 && i < map->n; i++) {
                if (!limn_slice_eq(keys[i - 1]->key, keys[i]->key))
                        continue;
                LimnYaml place = {.line = keys[i]->key_line, .column = keys[i]->key_column,
                                  .scalar = keys[i]->key, .plain = true};
                r = limn_yaml_error(l->file, &place, l->diag, "keep one of them",
                                    "key \"%.*s\" is already in line %d", LIMN_FMT(keys[i]->key),
                                    keys[i - 1]->key_line);
        }
        free(keys);
        return r;
}

static int value(Loader *l, const yaml_event_t *event, unsigned depth, LimnYaml **ret);

/* The entries of the list or map that `event` began, to its end. */
static int entries(Loader *l, LimnYaml *node, unsigned depth)
{
        LimnYaml **tail = &node->child;
        for (;;) {
                yaml_event_t event;
                LimnYaml *key = NULL, *child = NULL;
                int r = next(l, &event);
                if (r < 0)
                        return r;
                bool end = event.type == YAML_SEQUENCE_END_EVENT ||
                           event.type == YAML_MAPPING_END_EVENT;
                if (!end && node->type == LIMN_YAML_MAP) {
                        r = event.type == YAML_SCALAR_EVENT
                                    ? scalar(l, &event, &key)
                                    : fault(l, event.start_mark, NULL, "a key must be plain text");
                        yaml_event_delete(&event);
                        if (r == 0)
                                r = next(l, &event);
                        if (r < 0)
                                return r;
                }
                if (!end)
                        r = value(l, &event, depth, &child);
                yaml_event_delete(&event);
                if (end || r < 0)
                        return r;
                if (key) {
                        child->key = key->scalar;
                        child->key_line = key->line;
                        child->key_column = key->column;
                }
                *tail = child;
                tail = &child->next;
                node->n++;
        }
}

static int nested(Loader *l, const yaml_event_t *event, unsigned depth, LimnYamlType type,
                  const yaml_char_t *anchor, const yaml_char_t *tag, LimnYaml **ret)
{
        int r = check_plain(l, event, anchor, tag);
        LimnYaml *node = NULL;
        if (r == 0 && depth == LIMN_YAML_DEPTH_MAX)
                r = fault(l, event->start_mark, NULL,
                          "nested too deeply: the limit is 32 levels (LIMN_YAML_DEPTH_MAX)");
        if (r == 0)
                r = new_node(l, event, type, &node);
        if (r == 0)
                r = entries(l, node, depth + 1);
        if (r == 0 && type == LIMN_YAML_MAP)
                r = check_keys(l, node);
        if (r == 0)
                *ret = node;
        return r;
}

static int value(Loader *l, const yaml_event_t *event, unsigned depth, LimnYaml **ret)
{
        switch (event->type) {
        case YAML_SCALAR_EVENT:
                return scalar(l, event, ret);
        case YAML_SEQUENCE_START_EVENT:
                return nested(l, event, depth, LIMN_YAML_LIST, event->data.sequence_start.anchor,
                              event->data.sequence_start.tag, ret);
        case YAML_MAPPING_START_EVENT:
                return nested(l, event, depth, LIMN_YAML_MAP, event->data.mapping_start.anchor,
                              event->data.mapping_start.tag, ret);
        case YAML_ALIAS_EVENT:
                return fault(l, event->start_mark, "write the value out where it is needed",
                             "aliases are not allowed");
        default:
                return fault(l, event->start_mark, NULL, "a value is missing here");
        }
}

static int add_document(Loader *l, LimnYaml *root)
{
        LimnYamlFile *file = l->file;
        bool empty = root->type == LIMN_YAML_SCALAR && root->plain && root->scalar.n == 0;
        if (empty)
                return 0;
        if (file->n == l->documents_cap) {
                size_t cap = file->n ? file->n * 2 : 4;
                LimnYaml **at = limn_arena_new_of(l->arena, LimnYaml *, cap);
                if (!at)
                        return -ENOMEM;
                if (file->n)
                        memcpy(at, file->documents, file->n * sizeof(LimnYaml *));
                file->documents = at;
                l->documents_cap = cap;
        }
        file->documents[file->n++] = root;
        return 0;
}

static int all_documents(Loader *l)
{
        for (;;) {
                yaml_event_t event;
                LimnYaml *root;
                int r = next(l, &event);
                if (r < 0)
                        return r;
                bool end = event.type == YAML_STREAM_END_EVENT;
                /* Of stream start, document start and end nothing is needed. */
                if (event.type != YAML_STREAM_START_EVENT &&
                    event.type != YAML_DOCUMENT_START_EVENT &&
                    event.type != YAML_DOCUMENT_END_EVENT && !end) {
                        r = value(l, &event, 0, &root);
                        if (r == 0)
                                r = add_document(l, root);
                }
                yaml_event_delete(&event);
                if (end || r < 0)
                        return r;
        }
}

int limn_yaml_parse(LimnYamlFile *ret, const char *path, LimnSlice text, LimnArena *arena,
                    LimnDiag *diag)
{
        LimnYamlFile file = {.text = limn_arena_dup(arena, text),
                             .path = limn_arena_str(arena, limn_slice_str(path))};
        if (!file.text.p || !file.path)
                return -ENOMEM;
        Loader l = {.file = &file, .arena = arena, .diag = diag};
        if (text.n > LIMN_RULE_FILE_MAX)
                return fault(&l, (yaml_mark_t){0}, NULL,
                             "file too large: the limit is 1 MiB (LIMN_RULE_FILE_MAX)");
        /* An editor's mark; libyaml looks for one only where it guesses the encoding. */
        if (limn_slice_starts(file.text, LIMN_S("\xef\xbb\xbf")))
                file.text = limn_slice_from(file.text, 3);
        if (!yaml_parser_initialize(&l.parser))
                return -ENOMEM;
        yaml_parser_set_encoding(&l.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&l.parser, (const unsigned char *)file.text.p, file.text.n);
        int r = all_documents(&l);
        yaml_parser_delete(&l.parser);
        if (r == 0)
                *ret = file;
        return r;
}
