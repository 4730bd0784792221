/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/vec.h"
#include "ingest/walk_names.h"

/* Memory for names: LIMN_SOURCES_MAX paths of a few hundred bytes, twice each. */
#define WALK_ARENA_MAX (1024u * 1024 * 1024)

typedef struct Walker {
        LimnWalk *walk;
        const char *root; /* real path of the argument's folder */
        const LimnFileId *except;
        size_t n_except;
        LimnDiag *diag;
} Walker;

static void say(Walker *w, LimnSeverity severity, const char *where, const char *why,
                const char *what)
{
        limn_diag_add(w->diag, &(LimnMessage){.severity = severity, .what = what, .where = where,
                                              .why = why});
        if (severity == LIMN_DIAG_ERROR)
                w->walk->failed++;
        else
                w->walk->skipped++;
}

static const char *kind_name(mode_t mode)
{
        if (S_ISFIFO(mode))
                return "it is a FIFO";
        if (S_ISSOCK(mode))
                return "it is a socket";
        if (S_ISBLK(mode) || S_ISCHR(mode))
                return "it is a device";
        return "it is no regular file";
}

static int add(Walker *w, const LimnEntry *entry)
{
        if (w->walk->n >= LIMN_SOURCES_MAX) {
                limn_diag_addf(w->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_ERROR, .where = entry->path,
                        .help = "analyse parts of it, each into its own case"},
                        "more than %d files", LIMN_SOURCES_MAX);
                return -E2BIG;
        }
        if (limn_vec_room(w->walk) < 0)
                return -ENOMEM;
        w->walk->at[w->walk->n++] = *entry;
        w->walk->size += entry->size;
        return 0;
}

static bool is_excepted(const Walker *w, const struct stat *st)
{
        for (size_t i = 0; i < w->n_except; i++)
                if (w->except[i].device == st->st_dev && w->except[i].inode == st->st_ino)
                        return true;
        return false;
}

/* `prefix`/`name` in the arena. */
static const char *join(Walker *w, const char *prefix, const char *name)
{
        size_t a = strlen(prefix), b = strlen(name);
        char *p = limn_arena_alloc(w->walk->arena, a + b + 2);

        if (!p)
                return NULL;
        memcpy(p, prefix, a);
        if (a > 0 && prefix[a - 1] != '/')
                p[a++] = '/';
        memcpy(p + a, name, b + 1);
        return p;
}

/* Is `path` the folder `root` or below it? */
static bool is_below(const char *path, const char *root)
{
        size_t n = strlen(root);

        return strncmp(path, root, n) == 0 &&
               (path[n] == '\0' || path[n] == '/' || (n > 0 && root[n - 1] == '/'));
}

/* A link inside a folder: said when what it leads to is not found without it. */
static void judge_link(Walker *w, const char *open_path, const char *path)
{
        static const char what[] = "symbolic link is not followed";
        char *real = realpath(open_path, NULL);

        if (!real)
                say(w, LIMN_DIAG_NOTE, path,
                    errno == ELOOP ? "it leads to itself" : strerror(errno), what);
        else if (!is_below(real, w->root))
                say(w, LIMN_DIAG_NOTE, path, "it leaves the folder that was given", what);
        else if (is_below(open_path, real))
                say(w, LIMN_DIAG_NOTE, path, "it leads back to a folder that holds it", what);
        free(real);
}

static int walk_folder(Walker *w, int parent, const char *name, const char *open_path,
                       const char *path, unsigned depth);

static int walk_one(Walker *w, int folder, const char *name, const char *open_path,
                    const char *path, unsigned depth)
{
        struct stat st;

        if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
                say(w, LIMN_DIAG_ERROR, path, strerror(errno), "cannot read");
                return 0;
        }
        if (S_ISLNK(st.st_mode)) {
                judge_link(w, open_path, path);
                return 0;
        }
        if (S_ISDIR(st.st_mode))
                return walk_folder(w, folder, name, open_path, path, depth + 1);
        if (!S_ISREG(st.st_mode)) {
                say(w, LIMN_DIAG_NOTE, path, kind_name(st.st_mode), "skipped");
                return 0;
        }
        if (is_excepted(w, &st))
                return 0;
        return add(w, &(LimnEntry){.path = path, .open_path = open_path, .kind = LIMN_ENTRY_FILE,
                                   .size = (uint64_t)st.st_size});
}

static int by_name(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

typedef struct Names {
        const char **at;
        size_t n, cap;
} Names;

/* The folder's entries, sorted: nothing may depend on the order the system lists them in. */
static int list_folder(Walker *w, DIR *dir, const char *path, Names *ret)
{
        struct dirent *entry;

        for (;;) {
                const char *name;

                errno = 0;
                entry = readdir(dir);
                if (!entry)
                        break;
                if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                        continue;
                name = limn_arena_str(w->walk->arena, limn_slice_str(entry->d_name));
                if (!name || limn_vec_room(ret) < 0)
                        return -ENOMEM;
                ret->at[ret->n++] = name;
        }
        if (errno)
                say(w, LIMN_DIAG_ERROR, path, strerror(errno), "cannot read all of the folder");
        if (ret->n > 1)
                qsort(ret->at, ret->n, sizeof(*ret->at), by_name);
        return 0;
}

static int walk_folder(Walker *w, int parent, const char *name, const char *open_path,
                       const char *path, unsigned depth)
{
        Names names = {0};
        DIR *dir;
        int fd, r;

        if (depth > LIMN_WALK_DEPTH_MAX) {
                say(w, LIMN_DIAG_ERROR, path, "folders are nested too deeply",
                    "cannot read folder");
                return 0;
        }
        fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth ? O_NOFOLLOW : 0));
        dir = fd < 0 ? NULL : fdopendir(fd);
        if (!dir) {
                r = errno == ENOMEM ? -ENOMEM : 0;
                if (r == 0)
                        say(w, LIMN_DIAG_ERROR, path, strerror(errno), "cannot read folder");
                if (fd >= 0)
                        close(fd);
                return r;
        }
        r = list_folder(w, dir, path, &names);
        for (size_t i = 0; r == 0 && i < names.n; i++) {
                const char *sub_open = join(w, open_path, names.at[i]);
                const char *sub = join(w, path, names.at[i]);

                r = sub_open && sub
                            ? walk_one(w, dirfd(dir), names.at[i], sub_open, sub, depth)
                            : -ENOMEM;
        }
        free(names.at);
        closedir(dir);
        return r;
}

static int walk_argument(Walker *w, const LimnWalkName *name)
{
        struct stat st;
        LimnEntry entry = {.path = name->path, .open_path = name->real, .named = true};

        if (strcmp(name->argument, "-") == 0) {
                entry.open_path = NULL;
                entry.kind = LIMN_ENTRY_STDIN;
                return add(w, &entry);
        }
        if (stat(name->argument, &st) < 0) {
                say(w, LIMN_DIAG_ERROR, name->argument, strerror(errno), "cannot read");
                return 0;
        }
        if (S_ISDIR(st.st_mode)) {
                w->root = name->real;
                return walk_folder(w, AT_FDCWD, name->argument, name->real, name->path, 0);
        }
        if (S_ISREG(st.st_mode)) {
                entry.kind = LIMN_ENTRY_FILE;
                entry.size = (uint64_t)st.st_size;
                return add(w, &entry);
        }
        if (S_ISFIFO(st.st_mode)) {
                entry.kind = LIMN_ENTRY_STREAM;
                entry.open_path = name->argument;
                return add(w, &entry);
        }
        say(w, LIMN_DIAG_ERROR, name->argument, kind_name(st.st_mode), "cannot read");
        return 0;
}

static int by_place(const void *a, const void *b)
{
        const LimnEntry *x = a, *y = b;
        int r;

        if (!x->open_path || !y->open_path)
                r = !!x->open_path - !!y->open_path;
        else
                r = strcmp(x->open_path, y->open_path);
        return r ? r : strcmp(x->path, y->path);
}

static int by_path(const void *a, const void *b)
{
        const LimnEntry *x = a, *y = b;
        int r = strcmp(x->path, y->path);

        return r ? r : by_place(a, b);
}

/* Two arguments may lead to one file: it stays once, and named if it was named at all. */
static void drop_doubles(LimnWalk *walk)
{
        size_t n = 0;

        qsort(walk->at, walk->n, sizeof(*walk->at), by_place);
        for (size_t i = 0; i < walk->n; i++) {
                LimnEntry *kept = n ? &walk->at[n - 1] : NULL;

                if (kept && kept->open_path && walk->at[i].open_path &&
                    strcmp(kept->open_path, walk->at[i].open_path) == 0) {
                        kept->named |= walk->at[i].named;
                        walk->size -= walk->at[i].size;
                } else if (!kept || kept->open_path || walk->at[i].open_path) {
                        walk->at[n++] = walk->at[i];
                }
        }
        walk->n = n;
        qsort(walk->at, walk->n, sizeof(*walk->at), by_path);
}

int limn_walk(LimnWalk *ret, const char *const *paths, size_t n_paths, const LimnFileId *except,
              size_t n_except, LimnDiag *diag)
{
        LimnWalk walk = {.arena = limn_arena_new(WALK_ARENA_MAX)};
        Walker w = {.walk = &walk, .except = except, .n_except = n_except, .diag = diag};
        LimnWalkName *names = NULL;
        int r = walk.arena ? limn_walk_names(&names, paths, n_paths, walk.arena) : -ENOMEM;

        for (size_t i = 0; r == 0 && i < n_paths; i++)
                if (!names[i].again)
                        r = walk_argument(&w, &names[i]);
        free(names);
        if (r < 0) {
                limn_walk_done(&walk);
                return r;
        }
        if (walk.n > 1)
                drop_doubles(&walk);
        *ret = walk;
        return 0;
}

void limn_walk_done(LimnWalk *walk)
{
        if (!walk)
                return;
        free(walk->at);
        limn_arena_free(walk->arena);
        *walk = (LimnWalk){0};
}
