/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/map.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/hash.h"
#include "core/json.h"
#include "core/json_write.h"
#include "core/limits.h"
#include "reports/file.h"
#include "reports/mask_private.h"

static int failed(int error, const char *what, const char *path, LimnDiag *diag)
{
        limn_diag_addf(diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .where = path,
                                      .why = error ? strerror(error) : NULL},
                       "%s", what);
        return error ? -error : -EINVAL;
}

static int slurp(const char *path, LimnBuf *to)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        char piece[16 * 1024];
        ssize_t n;
        while ((n = read(fd, piece, sizeof piece)) > 0)
                limn_buf_add(to, limn_slice(piece, (size_t)n));
        int r = n < 0 ? -errno : to->error;
        close(fd);
        return r;
}

static LimnSlice text_of(const json_t *object, const char *key)
{
        const json_t *s = json_object_get(object, key);
        return s && json_is_string(s) ? limn_slice(json_string_value(s), json_string_length(s))
                                      : LIMN_NONE;
}

static int load(LimnMask **ret, json_t *root, const char *path, unsigned classes, LimnDiag *diag)
{
        unsigned char key[LIMN_MASK_KEY_BYTES];
        const char *schema = json_string_value(json_object_get(root, "schema"));
        if (!schema || strcmp(schema, "limn.map/1") != 0 ||
            !limn_unhex(text_of(root, "key"), key, sizeof key))
                return failed(0, "this is no map of limn's", path, diag);
        LimnMask *mask = NULL;
        int r = limn_mask_new(&mask, classes ? classes : LIMN_MASK_ALL, key);
        size_t i;
        json_t *entry;
        json_array_foreach(json_object_get(root, "values"), i, entry)
        {
                LimnMaskClass class;
                LimnSlice value = text_of(entry, "value"), token = text_of(entry, "token");
                if (r < 0)
                        break;
                if (!value.n || !token.n || !limn_mask_class_find(text_of(entry, "class"), &class))
                        r = failed(0, "an entry of the map is no entry", path, diag);
                else if (limn_mask_wants(mask, class))
                        r = limn_mask_adopt(mask, class, value, token);
        }
        if (r < 0)
                limn_mask_free(mask);
        else
                *ret = mask;
        return r;
}

int limn_map_open(LimnMask **ret, const char *path, unsigned classes, bool must, LimnDiag *diag)
{
        LimnBuf text = LIMN_BUF(LIMN_JSON_DOCUMENT_MAX);
        int r = slurp(path, &text);
        if (r == -ENOENT && !must) {
                unsigned char key[LIMN_MASK_KEY_BYTES];
                r = limn_random(key, sizeof key);
                if (r == 0)
                        r = limn_mask_new(ret, classes, key);
        } else if (r < 0) {
                failed(-r, "the map cannot be read", path, diag);
        } else {
                json_t *root = NULL;
                r = limn_json_load(&root, limn_buf_slice(&text), path, diag);
                if (r == 0)
                        r = load(ret, root, path, classes, diag);
                json_decref(root);
        }
        limn_buf_done(&text);
        return r;
}

static void key_text(LimnJsonWriter *w, const char *key, LimnSlice value)
{
        limn_json_key(w, key);
        limn_json_string(w, value);
}

int limn_map_write(const LimnMask *mask, const char *path, LimnDiag *diag)
{
        LimnFile file;
        int r = limn_file_begin(&file, path, diag);
        if (r < 0)
                return r;
        /* Before the first byte. */
        if (fchmod(file.fd, 0600) < 0) {
                r = failed(errno, "the map cannot be kept private", path, diag);
                limn_file_done(&file);
                return r;
        }
        LimnOut out = LIMN_OUT(limn_out_sink_fd, &file.fd);
        LimnJsonWriter writer = LIMN_JSON_WRITER(&out.buf, 1), *w = &writer;
        LimnBuf key = LIMN_BUF(256);
        for (size_t i = 0; i < LIMN_MASK_KEY_BYTES; i++)
                limn_buf_printf(&key, "%02x", mask->key[i]);
        limn_json_object(w);
        key_text(w, "schema", LIMN_S("limn.map/1"));
        key_text(w, "key", limn_buf_slice(&key));
        limn_json_key(w, "values");
        limn_json_array(w);
        for (size_t i = 0; i < limn_mask_n(mask); i++) {
                LimnMaskValue v = limn_mask_at(mask, i);
                limn_json_object(w);
                key_text(w, "class", limn_slice_str(limn_mask_class_name(v.class)));
                key_text(w, "token", v.token);
                key_text(w, "value", v.value);
                limn_json_end(w);
                limn_out_spill(&out);
        }
        limn_json_end(w);
        limn_json_end(w);
        limn_buf_add_char(&out.buf, '\n');
        limn_buf_done(&key);
        r = limn_out_end(&out, diag);
        limn_out_done(&out);
        if (r == 0)
                return limn_file_commit(&file, diag);
        limn_file_done(&file);
        return r;
}
