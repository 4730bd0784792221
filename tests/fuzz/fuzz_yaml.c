/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>

#include "core/limits.h"
#include "core/yaml.h"

typedef struct Walk {
        const LimnYamlFile *file;
        size_t nodes, pointed;
} Walk;

/* Any node can be pointed at, and the message is whole. */
static void point(Walk *w, const LimnYaml *node)
{
        LimnDiag *diag = limn_diag_new();
        LimnBuf buf = LIMN_BUF(1u << 20);
        PROMISE(limn_yaml_error(w->file, node, diag, NULL, "here") == -EINVAL);
        PROMISE(limn_diag_render(limn_diag_at(diag, 0), &buf) == 0);
        PROMISE(strchr(limn_buf_str(&buf), '^'));
        limn_buf_done(&buf);
        limn_diag_free(diag);
}

static void walk(Walk *w, const LimnYaml *node, unsigned depth)
{
        size_t n = 0;
        PROMISE(depth <= LIMN_YAML_DEPTH_MAX && ++w->nodes <= LIMN_YAML_NODES_MAX);
        PROMISE(node->line >= 1 && node->column >= 1);
        if (w->pointed++ < 50)
                point(w, node);
        if (node->type == LIMN_YAML_SCALAR) {
                bool b;
                long long i;
                double d;
                PROMISE(node->n == 0 && !node->child && node->scalar.p[node->scalar.n] == '\0');
                fuzz_touch(node->scalar);
                PROMISE(limn_yaml_is_null(node) + limn_yaml_bool(node, &b) +
                        limn_yaml_real(node, &d) <= 1);
                limn_yaml_int(node, &i);
        }
        for (const LimnYaml *child = node->child; child; child = child->next, n++) {
                PROMISE((child->key.p != NULL) == (node->type == LIMN_YAML_MAP));
                fuzz_touch(child->key);
                walk(w, child, depth + 1);
        }
        PROMISE(n == node->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        LimnArena *arena = limn_arena_new(256u << 20);
        LimnDiag *diag = limn_diag_new();
        LimnYamlFile file;
        PROMISE(arena && diag);
        int r = limn_yaml_parse(&file, "file.yml", limn_slice((const char *)data, size), arena,
                diag);
        PROMISE(r == 0 || r == -EINVAL);
        PROMISE(limn_diag_count(diag, LIMN_DIAG_NOTE) == (r < 0));
        if (r == 0) {
                Walk w = {.file = &file};
                static const char *const known[] = {"title", "detection", NULL};
                for (size_t i = 0; i < file.n; i++) {
                        walk(&w, file.documents[i], 0);
                        limn_yaml_known_keys(&file, file.documents[i], known, diag);
                }
        }
        limn_diag_free(diag);
        limn_arena_free(arena);
        return 0;
}
