/* SPDX-License-Identifier: Apache-2.0 */
/*
 * While limn is built: reads YAML files and writes their trees, each behind its length in eight
 * bytes, for dev/embed.py. A file that limn would refuse ends the build with limn's own message.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/yaml.h"

static int read_file(const char *path, LimnBuf *out)
{
        FILE *f = fopen(path, "re");
        char some[4096];
        size_t n;
        if (!f)
                return -errno;
        while ((n = fread(some, 1, sizeof some, f)) > 0)
                limn_buf_add(out, limn_slice(some, n));
        int r = ferror(f) ? -EIO : out->error ? -ENOMEM : 0;
        fclose(f);
        return r;
}

static int freeze(const char *path, LimnDiag *diag)
{
        LimnBuf text = LIMN_BUF(LIMN_RULE_FILE_MAX + 1), out = LIMN_BUF(64 << 20);
        LimnArena *arena = limn_arena_new(LIMN_RULES_ARENA_MAX);
        LimnYamlFile file;
        int r = arena ? read_file(path, &text) : -ENOMEM;
        if (r == 0)
                r = limn_yaml_parse(&file, path, limn_buf_slice(&text), arena, diag);
        if (r == 0)
                r = limn_yaml_freeze(&file, &out);
        for (unsigned shift = 0; r == 0 && shift < 64; shift += 8)
                putchar((int)((uint64_t)out.n >> shift & 0xff));
        if (r == 0 && fwrite(out.p, 1, out.n, stdout) != out.n)
                r = -EIO;
        limn_buf_done(&text);
        limn_buf_done(&out);
        limn_arena_free(arena);
        return r;
}

int main(int argc, char **argv)
{
        LimnDiag *diag = limn_diag_new();
        LimnBuf said = LIMN_BUF(1 << 20);
        int r = diag ? 0 : -ENOMEM;
        for (int i = 1; r == 0 && i < argc; i++)
                r = freeze(argv[i], diag);
        for (size_t i = 0; i < limn_diag_kept(diag); i++)
                limn_diag_render(limn_diag_at(diag, i), &said);
        if (r < 0)
                fprintf(stderr, "%s%s\n", limn_buf_str(&said), strerror(-r));
        limn_buf_done(&said);
        limn_diag_free(diag);
        return r < 0 || fflush(stdout) != 0;
}
