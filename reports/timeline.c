/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timeline: hits, state changes and incidents in the order of corrected time. CSV for
 * spreadsheets, JSON lines for Timesketch, and lines for people. Rows are streamed: a case may
 * hold millions of hits. Hits without a time are facts, and in no timeline.
 */
#include <errno.h>
#include <inttypes.h>

#include "core/json_scan.h"
#include "core/json_write.h"
#include "reports/escape.h"
#include "reports/lanes.h"
#include "reports/text.h"
#include "reports/view_load.h"

static const char SQL_TIMELINE[] =
        "SELECT h.t AS t, 'hit' AS kind, r.level, s.path, h.line, h.offset AS at, i.name, h.rule,"
        " r.title AS message, h.fields, h.uncertainty, s.sha256 AS sha, h.n, h.since, h.source_id FROM v_hit h"
        " JOIN rule r ON r.name = h.rule JOIN source s USING (source_id)"
        " LEFT JOIN instance i ON i.instance_id = h.instance_id WHERE h.t IS NOT NULL"
        " UNION ALL "
        "SELECT v.start, 'state', NULL, s.path, h.line, h.offset, i.name, NULL,"
        " v.kind || ' ' || CASE v.entity WHEN '' THEN coalesce(i.name, '') ELSE v.entity END"
        " || ' is ' || v.state, NULL, 0, s.sha256, 1, NULL, h.source_id FROM interval v"
        " LEFT JOIN hit h ON h.hit_id = v.start_hit LEFT JOIN source s USING (source_id)"
        " LEFT JOIN instance i ON i.instance_id = v.instance_id WHERE v.start IS NOT NULL"
        " UNION ALL "
        "SELECT n.start, 'incident', f.severity, NULL, NULL, NULL, i.name, f.finding,"
        " 'begins: ' || f.finding || ' #' || n.n || ', ' || f.title, n.entities, 0, NULL, 1, NULL, NULL"
        " FROM incident n JOIN finding f USING (finding) LEFT JOIN instance i USING (instance_id)"
        " WHERE n.start IS NOT NULL"
        " UNION ALL "
        "SELECT n.\"end\", 'incident', f.severity, NULL, NULL, NULL, i.name, f.finding,"
        " 'ends: ' || f.finding || ' #' || n.n || ', ' || f.title, NULL, 0, NULL, 1, NULL, NULL"
        " FROM incident n JOIN finding f USING (finding) LEFT JOIN instance i USING (instance_id)"
        " WHERE n.\"end\" IS NOT NULL AND n.\"end\" <> n.start"
        " ORDER BY t, kind, sha, at, message, rule";

enum {
        TIME, KIND, SEVERITY, PATH, LINE, OFFSET, INSTANCE, RULE, MESSAGE, FIELDS, UNCERTAINTY,
        SHA256, COUNT, SINCE, SOURCE,
};

typedef struct Timeline {
        const LimnReportInput *input;
        LimnOut *out;
        LimnDiag *diag;
        LimnArena *arena; /* of the row's fields */
        LimnFields fields;
        LimnBuf message, masked;
        LimnLanes *lanes; /* for people; else NULL */
} Timeline;

/* The value, with its secrets masked when the input asks for it; valid until the next call. */
static LimnSlice shown(Timeline *t, LimnSlice name, LimnSlice value)
{
        if (!t->input->redact || !value.p)
                return value;
        if (name.n && limn_redact_is_secret_name(name))
                return LIMN_S(LIMN_SECRET_MASK);
        limn_buf_clear(&t->masked);
        int r = limn_redact(t->input->redact, value, &t->masked, NULL);
        if (r < 0 && !t->out->buf.error)
                t->out->buf.error = r;
        return limn_buf_slice(&t->masked);
}

static LimnSlice text_of(Timeline *t, const LimnValue *v)
{
        return shown(t, LIMN_NONE, limn_value_text(v));
}

/* Hits that are not stored one by one are told by the one that stands for them. */
static void add_count(Timeline *t, const LimnValue *v)
{
        char iso[LIMN_TIME_ISO_MAX];

        if (limn_value_int(&v[COUNT], 1) <= 1)
                return;
        limn_buf_printf(&t->message, " (%" PRId64 " times", v[COUNT].i);
        if (v[SINCE].type == LIMN_VALUE_INT)
                limn_buf_printf(&t->message, " since %s", limn_time_iso_str(v[SINCE].i, iso));
        limn_buf_add_char(&t->message, ')');
}

/* "title: name=value, ..." from a hit's fields; each value by its own name. */
static int message(Timeline *t, const LimnValue *v)
{
        limn_buf_clear(&t->message);
        limn_arena_reset(t->arena);
        t->fields = (LimnFields){0};
        limn_buf_add(&t->message, text_of(t, &v[MESSAGE]));
        LimnSlice fields = limn_value_text(&v[FIELDS]);
        if (!fields.p)
                return 0;
        size_t used;
        LimnJsonError error;
        int r = limn_json_flatten(fields, LIMN_S(""), t->arena, &t->fields, &used, &error);
        if (r > 0) {
                limn_diag_addf(t->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                       .why = error.what},
                               "the case is damaged: the fields of a hit are no JSON");
                return -EINVAL;
        }
        const char *before = ": ";
        for (size_t i = 0; r == 0 && i < t->fields.n; i++) {
                const LimnField *field = &t->fields.at[i];
                if (!field->name.n || !field->value.p)
                        continue;
                limn_buf_add_str(&t->message, before);
                before = ", ";
                limn_buf_add(&t->message, field->name);
                limn_buf_add_char(&t->message, '=');
                limn_buf_add(&t->message, shown(t, field->name, field->value));
        }
        return r;
}

static int csv_row(void *arg, const LimnValue *v, size_t n)
{
        Timeline *t = arg;
        LimnBuf *b = &t->out->buf;
        int r = message(t, v);
        if (r < 0)
                return r;
        add_count(t, v);
        char iso[LIMN_TIME_ISO_MAX];
        limn_buf_add_str(b, limn_time_iso_str(v[TIME].i, iso));
        limn_buf_printf(b, ",%" PRId64 ",", v[TIME].i);
        static const int texts[] = {KIND, SEVERITY, PATH};
        for (size_t i = 0; i < 3; i++) {
                limn_escape_csv(text_of(t, &v[texts[i]]), b);
                limn_buf_add_char(b, ',');
        }
        for (int i = LINE; i <= OFFSET; i++) {
                if (v[i].type == LIMN_VALUE_INT)
                        limn_buf_printf(b, "%" PRId64, v[i].i);
                limn_buf_add_char(b, ',');
        }
        limn_escape_csv(text_of(t, &v[INSTANCE]), b);
        limn_buf_add_char(b, ',');
        limn_escape_csv(text_of(t, &v[RULE]), b);
        limn_buf_add_char(b, ',');
        limn_escape_csv(limn_buf_slice(&t->message), b);
        limn_buf_printf(b, ",%" PRId64 "\r\n", limn_value_int(&v[UNCERTAINTY], 0));
        return limn_out_spill(t->out);
}

static void key_text(LimnJsonWriter *w, const char *key, LimnSlice s)
{
        if (!s.p)
                return;
        limn_json_key(w, key);
        limn_json_string(w, s);
}

static int json_row(void *arg, const LimnValue *v, size_t n)
{
        Timeline *t = arg;
        int r = message(t, v);
        if (r < 0)
                return r;
        add_count(t, v);
        LimnJsonWriter writer = LIMN_JSON_WRITER(&t->out->buf, 0), *w = &writer;
        limn_json_object(w);
        key_text(w, "message", limn_buf_slice(&t->message));
        limn_json_key(w, "datetime");
        char iso[LIMN_TIME_ISO_MAX];
        LimnSlice stamp = limn_slice_str(limn_time_iso_str(v[TIME].i, iso));
        /* Timesketch wants the offset in digits. */
        LimnBuf with = LIMN_BUF(LIMN_TIME_ISO_MAX + 8);
        limn_buf_add(&with, limn_slice_to(stamp, stamp.n - 1));
        limn_buf_add_str(&with, "+00:00");
        limn_json_string(w, limn_buf_slice(&with));
        limn_buf_done(&with);
        limn_json_key(w, "timestamp");
        limn_json_int(w, v[TIME].i);
        LimnSlice kind = limn_value_text(&v[KIND]);
        key_text(w, "timestamp_desc",
                 limn_slice_eq(kind, LIMN_S("hit"))     ? LIMN_S("Event Logged")
                 : limn_slice_eq(kind, LIMN_S("state")) ? LIMN_S("State Changed")
                                                        : LIMN_S("Incident"));
        key_text(w, "kind", kind);
        key_text(w, "severity", text_of(t, &v[SEVERITY]));
        key_text(w, "source_path", text_of(t, &v[PATH]));
        static const char *const numbers[] = {"line", "offset"};
        for (int i = LINE; i <= OFFSET; i++) {
                if (v[i].type != LIMN_VALUE_INT)
                        continue;
                limn_json_key(w, numbers[i - LINE]);
                limn_json_int(w, v[i].i);
        }
        key_text(w, "instance", text_of(t, &v[INSTANCE]));
        key_text(w, "rule", text_of(t, &v[RULE]));
        limn_json_key(w, "uncertainty_us");
        limn_json_int(w, limn_value_int(&v[UNCERTAINTY], 0));
        LimnBuf name = LIMN_BUF(LIMN_OUTPUT_MAX);
        for (size_t i = 0; i < t->fields.n; i++) {
                const LimnField *field = &t->fields.at[i];
                if (!field->name.n || !field->value.p)
                        continue;
                limn_buf_clear(&name);
                limn_buf_add_str(&name, "field_");
                limn_buf_add(&name, field->name);
                limn_json_key_slice(w, limn_buf_slice(&name));
                limn_json_string(w, shown(t, field->name, field->value));
        }
        limn_buf_done(&name);
        limn_json_end(w);
        limn_buf_add_char(&t->out->buf, '\n');
        return limn_out_spill(t->out);
}

static int stream(const LimnReportInput *input, LimnOut *out, LimnRowFn row, LimnLanes *lanes,
                  LimnDiag *diag)
{
        Timeline t = {.input = input,
                      .out = out,
                      .lanes = lanes,
                      .diag = diag,
                      .arena = limn_arena_new(LIMN_RECORD_ARENA_MAX),
                      .message = LIMN_BUF(LIMN_OUTPUT_MAX),
                      .masked = LIMN_BUF(LIMN_OUTPUT_MAX)};
        if (!t.arena)
                return -ENOMEM;
        int r = input->query->run(input->query->ctx, SQL_TIMELINE, NULL, 0, row, &t, diag);
        if (r >= 0 && t.lanes)
                r = limn_lanes_end(t.lanes);
        if (t.message.error && !out->buf.error)
                out->buf.error = t.message.error;
        limn_arena_free(t.arena);
        limn_buf_done(&t.message);
        limn_buf_done(&t.masked);
        return r < 0 ? r : out->buf.error;
}

static int write_csv(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        limn_buf_add_str(&out->buf, "datetime,timestamp,kind,severity,source,line,offset,instance,"
                                    "rule,message,uncertainty_us\r\n");
        return stream(input, out, csv_row, NULL, diag);
}

static int write_timesketch(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        return stream(input, out, json_row, NULL, diag);
}

static int text_row(void *arg, const LimnValue *v, size_t n)
{
        Timeline *t = arg;
        LimnSlice severity = limn_value_text(&v[SEVERITY]), kind = limn_value_text(&v[KIND]);
        int r = message(t, v);
        if (r < 0)
                return r;
        return limn_lanes_add(t->lanes, &(LimnLaneRow){
                .source = limn_value_int(&v[SOURCE], -1),
                .line = limn_value_int(&v[LINE], 0),
                .time = v[TIME].i,
                .count = (uint64_t)limn_value_int(&v[COUNT], 1),
                .rule = limn_slice_eq(kind, LIMN_S("hit")) ? limn_value_text(&v[RULE]) : LIMN_NONE,
                .message = limn_buf_slice(&t->message),
                .loud = limn_slice_eq(severity, LIMN_S("high")) ||
                        limn_slice_eq(severity, LIMN_S("critical"))});
}

static int write_timeline(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        LimnView *view = NULL;
        LimnLanes *lanes = NULL;
        int r = limn_view_load(&view, input, diag);
        if (r == 0)
                r = limn_lanes_new(&lanes, view, input, out);
        if (r == 0)
                r = stream(input, out, text_row, lanes, diag);
        limn_lanes_free(lanes);
        limn_view_free(view);
        return r;
}

const LimnReporter limn_reporter_timeline = {
        .name = "timeline",
        .help = "the timeline for people, repeats folded",
        .suffix = ".txt",
        .write = write_timeline,
};

const LimnReporter limn_reporter_csv = {
        .name = "csv",
        .help = "the timeline for spreadsheets",
        .suffix = ".csv",
        .write = write_csv,
};

const LimnReporter limn_reporter_timesketch = {
        .name = "timesketch",
        .help = "the timeline as JSON lines, as Timesketch imports it",
        .suffix = ".jsonl",
        .write = write_timesketch,
};
