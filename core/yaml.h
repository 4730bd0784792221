/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * YAML: rule and diagnosis files as trees that remember where each node stood.
 *
 * The JSON-like subset that Sigma uses: maps, lists, scalars. Anchors, aliases, tags and
 * duplicate keys are refused (aliases are how YAML bombs are made). Depth, size and node count
 * are limited. Nodes and text live in the arena.
 */
#include "core/arena.h"
#include "core/diag.h"

typedef enum LimnYamlType { LIMN_YAML_SCALAR, LIMN_YAML_LIST, LIMN_YAML_MAP } LimnYamlType;

typedef struct LimnYaml LimnYaml;
struct LimnYaml {
        LimnYamlType type;
        int line, column; /* from 1 */
        LimnSlice key;    /* as a map's entry; else LIMN_NONE */
        int key_line, key_column;
        LimnSlice scalar; /* decoded text, NUL after it */
        bool plain;       /* unquoted: may be a number, true/false, null (YAML 1.2 core schema) */
        size_t n;         /* children of a list or map, in order */
        LimnYaml *child;  /* first */
        LimnYaml *next;   /* sibling */
};

typedef struct LimnYamlFile {
        const char *path; /* for messages */
        LimnSlice text;   /* the whole file, for snippets */
        size_t n;         /* documents */
        LimnYaml **documents; /* an empty document is left out */
} LimnYamlFile;

/* -EINVAL with a message (where, snippet), -ENOMEM. `text` is copied into the arena. */
int limn_yaml_parse(LimnYamlFile *ret, const char *path, LimnSlice text, LimnArena *arena,
                    LimnDiag *diag);

/*
 * A parsed file as bytes that are read ten times faster than YAML: what is built in is frozen then
 * (rules/freeze.c). The text itself is not in them. -ENOMEM, -EINVAL for bytes that no freeze made.
 * `whole` (the file's text) and `frozen` must live as long as the tree, whose text lies in them.
 */
int limn_yaml_freeze(const LimnYamlFile *file, LimnBuf *out);
int limn_yaml_thaw(LimnYamlFile *ret, const char *path, LimnSlice whole, LimnSlice frozen,
                   LimnArena *arena);

/* The entry of a map, or NULL (also when `node` is NULL or no map). */
const LimnYaml *limn_yaml_get(const LimnYaml *node, const char *key);
bool limn_yaml_is_null(const LimnYaml *node); /* plain null, ~ or nothing; also NULL */
bool limn_yaml_bool(const LimnYaml *node, bool *ret);
bool limn_yaml_int(const LimnYaml *node, long long *ret);
bool limn_yaml_real(const LimnYaml *node, double *ret);

/* Adds an error that points at `node` (its line as snippet with carets). Returns -EINVAL. */
int limn_yaml_error(const LimnYamlFile *file, const LimnYaml *node, LimnDiag *diag,
                    const char *help, const char *what, ...)
        __attribute__((format(printf, 5, 6)));
/* The same as a warning. Returns 0. */
int limn_yaml_warn(const LimnYamlFile *file, const LimnYaml *node, LimnDiag *diag,
                   const char *help, const char *what, ...)
        __attribute__((format(printf, 5, 6)));
/* Error naming the first key of map `node` that is not in `known` (NULL-terminated), with the
 * nearest known one as help. 0 when all are known. */
int limn_yaml_known_keys(const LimnYamlFile *file, const LimnYaml *node,
                         const char *const *known, LimnDiag *diag);
