/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/mask_context.h"

#include "core/ascii.h"

#define LIST_MAX 64 /* names in a list that begins with what announces them */

static bool word(char c)
{
        return limn_ascii_alnum(c) || c == '_';
}

static bool quote(char c)
{
        return c == '\'' || c == '"' || c == '`';
}

static char char_at(LimnSlice text, size_t at)
{
        return at < text.n ? text.p[at] : 0;
}

static bool one_of(LimnSlice s, const char *const *words, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (limn_slice_eq_nocase(s, limn_slice_str(words[i])))
                        return true;
        return false;
}
#define ONE_OF(s, words) one_of(s, words, sizeof(words) / sizeof *(words))

static bool blank(char c)
{
        return c == ' ' || c == '\t';
}

static size_t before_blanks(LimnSlice text, size_t at)
{
        while (at > 0 && blank(text.p[at - 1]))
                at--;
        return at;
}

static size_t after_blanks(LimnSlice text, size_t at)
{
        while (at < text.n && blank(text.p[at]))
                at++;
        return at;
}

/* The word that ends at `end`. */
static LimnSlice word_before(LimnSlice text, size_t end)
{
        size_t from = end;
        while (from > 0 && word(text.p[from - 1]))
                from--;
        return limn_slice(text.p + from, end - from);
}

/* Does the word before say what comes: `table data`, `FROM data`, `-u data`, `-D data`? */
static bool announced(LimnSlice text, size_t at)
{
        static const char *const words[] = {
                "table",    "tables",   "database", "databases", "schema",   "schemas", "catalog",
                "user",     "host",     "from",     "into",      "update",   "join",    "use",
                "db",       "as",       "exists",   "truncate",  "describe", "desc",    "references",
                "flow",     "dataset",  "view"};
        static const char *const options[] = {"u", "D", "h", "B", "e"};
        size_t end = before_blanks(text, at);
        LimnSlice said = word_before(text, end);
        if (end == at || said.n == 0)
                return false;
        size_t from = (size_t)(said.p - text.p);
        if (from > 0 && text.p[from - 1] == '-' && ONE_OF(said, options))
                return true;
        return ONE_OF(said, words);
}

/* `FROM a, b`: what stands at the head of the list says what its members are. */
static bool in_list(LimnSlice text, size_t at)
{
        for (int i = 0; i < LIST_MAX; i++) {
                size_t end = before_blanks(text, at);
                if (end == 0 || text.p[end - 1] != ',')
                        return i > 0 && announced(text, at);
                end = before_blanks(text, end - 1);
                while (end > 0 && (word(text.p[end - 1]) || text.p[end - 1] == '.' ||
                                   text.p[end - 1] == '`'))
                        end--;
                if (end == at)
                        return false;
                at = end;
        }
        return false;
}

/* -- keys ----------------------------------------------------------------------------------- */

/* Keys of logs and events that say what something is, never whose. */
static bool means_no_name(LimnSlice key)
{
        static const char *const keys[] = {
                "level", "severity", "log_level", "event_type", "type", "kind", "status", "state",
                "update_state", "action", "phase", "mode", "reason", "cause", "maturity_level",
                "format", "binlog_format", "role", "code", "error_class", "class", "logger",
                "component", "subsystem", "cluster_type", "service", "priority"};
        return ONE_OF(key, keys);
}

static bool means_a_name(LimnSlice key)
{
        static const char *const keys[] = {
                "database", "databases", "db", "dbname", "schema", "catalog", "table", "tables",
                "table_name", "user", "users", "username", "user_name", "host", "hostname",
                "dataset", "dataset_name", "flow", "flow_name", "owner", "source_table",
                "target_table"};
        return ONE_OF(key, keys) || limn_slice_ends(key, LIMN_S("_db")) ||
               limn_slice_ends(key, LIMN_S("_DB"));
}

/* The key that what begins at `at` (its quote included) is the value of: `key=`, `"key": `,
 * `\"key\":`; none: it is no value. */
static LimnSlice key_of(LimnSlice text, size_t at)
{
        size_t end = before_blanks(text, at);
        if (end == 0 || (text.p[end - 1] != ':' && text.p[end - 1] != '='))
                return LIMN_NONE;
        end = before_blanks(text, end - 1);
        if (end > 0 && quote(text.p[end - 1]))
                end--;
        while (end > 0 && text.p[end - 1] == '\\')
                end--;
        return word_before(text, end);
}

static bool quoted(LimnSlice text, size_t at, size_t end)
{
        char before = at > 0 ? text.p[at - 1] : 0, after = char_at(text, end);
        size_t open = at - (at > 0 && quote(before));
        while (open > 0 && text.p[open - 1] == '\\')
                open--;
        size_t close = end;
        while (char_at(text, close) == '\\')
                close++;
        char closing = char_at(text, close);
        if (closing == '"' && char_at(text, after_blanks(text, close + 1)) == ':')
                return false; /* a key */
        if (before == '"' && means_no_name(key_of(text, open)))
                return false;
        return before == closing || before == '.' || after == '.' ||
               (quote(before) && (after == '@' || after == '\\' || after == '/')) ||
               (quote(after) && before == '/');
}

/* -- the rest ------------------------------------------------------------------------------- */

/* com.example.status: names of classes are dotted, too. */
static bool of_a_class(LimnSlice text, size_t at)
{
        static const char *const roots[] = {"com", "org",   "java", "javax", "io", "net",
                                            "sun", "scala", "jdk",  "py4j",  "std"};
        size_t from = at;
        while (from > 0 && (word(text.p[from - 1]) || text.p[from - 1] == '.' ||
                            text.p[from - 1] == '$'))
                from--;
        LimnSlice chain = limn_slice(text.p + from, at - from);
        size_t dot = limn_slice_chr(chain, '.');
        return dot < chain.n && ONE_OF(limn_slice_to(chain, dot), roots);
}

static bool qualified(LimnSlice text, size_t at, size_t end)
{
        char before = at > 0 ? text.p[at - 1] : 0, after = char_at(text, end);
        char next = char_at(text, end + 1);
        if (before == '.' && at >= 2 && (word(text.p[at - 2]) || quote(text.p[at - 2])))
                return !of_a_class(text, at);
        return after == '.' && (word(next) || quote(next) || next == '*') && !of_a_class(text, at);
}

/* ./db/table.ibd, a JDBC URL's :3306/db, and what InnoDB calls db/table#P#p0. */
static bool in_path(LimnSlice text, size_t at, size_t end)
{
        static const char *const files[] = {".ibd", ".frm", ".myd", ".myi", ".sdi", "#p#", "#sql"};
        if (at > 0 && text.p[at - 1] == '/') {
                size_t from = at - 1;
                while (from > 0 && limn_ascii_digit(text.p[from - 1]))
                        from--;
                if (from < at - 1 && from > 0 && text.p[from - 1] == ':')
                        return true;
                if (from >= 1 && text.p[from - 1] == '.' && char_at(text, end) == '/')
                        return true;
                for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
                        LimnSlice file = limn_slice_str(files[i]);
                        if (limn_slice_eq_nocase(
                                    limn_slice_to(limn_slice_from(text, end), file.n), file))
                                return true;
                }
        }
        return false;
}

/* A cell of what the client draws, or of its rows between tabs that begin with a number. */
static bool in_cell(LimnSlice text, size_t at, size_t end)
{
        if (at >= 2 && text.p[at - 1] == ' ' && text.p[at - 2] == '|')
                return char_at(text, after_blanks(text, end)) == '|';
        if (at == 0 || text.p[at - 1] != '\t' ||
            (end < text.n && text.p[end] != '\t' && text.p[end] != '\n'))
                return false;
        size_t from = at;
        while (from > 0 && text.p[from - 1] != '\n')
                from--;
        size_t digits = from;
        while (digits < at && limn_ascii_digit(text.p[digits]))
                digits++;
        return digits > from && text.p[digits] == '\t';
}

/* `Connect app@gw on shop using TCP/IP`, `GRANT SELECT ON shop TO`: the word alone means little. */
static bool on_something(LimnSlice text, size_t at, size_t end)
{
        static const char *const after[] = {"using", "to", "for"};
        size_t from = after_blanks(text, end), to = from;
        while (to < text.n && word(text.p[to]))
                to++;
        size_t on = before_blanks(text, at);
        return on < at && to > from && limn_slice_eq_nocase(word_before(text, on), LIMN_S("on")) &&
               ONE_OF(limn_slice(text.p + from, to - from), after);
}

/* `# User@Host: app[app] @ gw` */
static bool in_session(LimnSlice text, size_t at, size_t end)
{
        return (char_at(text, end) == '[' && limn_slice_chr(limn_slice_from(text, end), ']') <
                                                     text.n - end) ||
               (at > 0 && text.p[at - 1] == '[' && char_at(text, end) == ']' &&
                limn_slice_starts(limn_slice_from(text, end), LIMN_S("] @")));
}

bool limn_mask_in_context(LimnSlice text, size_t at, size_t end)
{
        char before = at > 0 ? text.p[at - 1] : 0, after = char_at(text, end);
        if (quote(before) || quote(after))
                return quoted(text, at, end);
        if (before == '@' || after == '@')
                return true;
        LimnSlice key = key_of(text, at);
        if (before == '=' ? !means_no_name(key) : means_a_name(key))
                return true;
        if (before == '_' && at >= 10 &&
            limn_slice_eq_nocase(limn_slice(text.p + at - 10, 10), LIMN_S("tables_in_")))
                return true;
        return qualified(text, at, end) || in_path(text, at, end) || in_cell(text, at, end) ||
               in_session(text, at, end) || announced(text, at) || in_list(text, at) ||
               on_something(text, at, end);
}
