/* SPDX-License-Identifier: Apache-2.0 */
#include "core/event_json.h"

#include "core/json_write.h"

static void text(LimnJsonWriter *w, const char *key, LimnSlice value)
{
        if (!value.p)
                return;
        limn_json_key(w, key);
        limn_json_string(w, value);
}

int limn_event_to_json(const LimnEvent *event, const char *source, uint64_t line, uint64_t offset,
                       uint64_t length, LimnBuf *out)
{
        LimnJsonWriter w = LIMN_JSON_WRITER(out, 0);

        limn_json_object(&w);
        text(&w, "source", limn_slice_str(source));
        limn_json_key(&w, "line");
        limn_json_int(&w, (int64_t)line);
        limn_json_key(&w, "offset");
        limn_json_int(&w, (int64_t)offset);
        limn_json_key(&w, "length");
        limn_json_int(&w, (int64_t)length);
        if (event->time != LIMN_TIME_NONE) {
                limn_json_key(&w, "time");
                limn_json_time(&w, event->time);
        }
        text(&w, "time_raw", event->time_raw);
        if (event->time_basis != LIMN_BASIS_NONE)
                text(&w, "time_basis", limn_slice_str(limn_basis_to_string(event->time_basis)));
        if (event->level != LIMN_LEVEL_NONE)
                text(&w, "level", limn_slice_str(limn_level_to_string(event->level)));
        text(&w, "level_raw", event->level_raw);
        text(&w, "component", event->component);
        text(&w, "thread", event->thread);
        text(&w, "code", event->code);
        text(&w, "logger", event->logger);
        text(&w, "message", event->message);
        if (event->n_fields) {
                limn_json_key(&w, "fields");
                limn_json_object(&w);
                for (size_t i = 0; i < event->n_fields; i++) {
                        limn_json_key_slice(&w, event->fields[i].name);
                        limn_json_string(&w, event->fields[i].value);
                }
                limn_json_end(&w);
        }
        limn_json_end(&w);
        return out->error;
}
