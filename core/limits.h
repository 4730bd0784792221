/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Every ceiling of the program, in one place, each with its reason.
 *
 * Reaching one is never silent: it is a diagnostic that names the limit and, where one exists,
 * the option that raises it.
 */

/* A segment's raw bytes. About 1 MiB: small enough that one minute's rows cost milliseconds,
 * large enough that zstd compresses as well as over the whole file. */
#define LIMN_SEGMENT_BYTES (1024 * 1024)
/* The largest segment that is written or read back: a full one and the longest record after it. A
 * damaged or forged case cannot make a reader allocate more. */
#define LIMN_SEGMENT_MAX (4 * 1024 * 1024)
/* Bytes of one record that are parsed; what lies beyond is stored and counted as continuation.
 * A MariaDB SHOW VARIABLES row is below 2 KiB, the longest real stack traces below 256 KiB. */
#define LIMN_RECORD_PARSED_MAX (1024 * 1024)
/* Bytes of a source that detection may look at. */
#define LIMN_DETECT_BYTES (64 * 1024)
/* Bytes of a line by which its format decides whether it begins a record. */
#define LIMN_LINE_HEAD 4096
/* A format's state carried from record to record, in bytes (a snapshot's header line fits). */
#define LIMN_STATE_MAX 4096
/* Fields of one event. The widest real pipeline event has about 200. */
#define LIMN_FIELDS_MAX 1024
/* Memory of one record's parse: fields and decoded strings. */
#define LIMN_RECORD_ARENA_MAX (16 * 1024 * 1024)

/* A tz database file. The largest real one is below 4 KiB. */
#define LIMN_ZONE_FILE_MAX (256 * 1024)

/* JSON and YAML nesting; a hostile file must not exhaust the stack. */
#define LIMN_JSON_DEPTH_MAX 64
#define LIMN_YAML_DEPTH_MAX 32
/* A dotted path; longer ones are cut and the event is marked. With LIMN_FIELDS_MAX of them a
 * hostile record stays below LIMN_RECORD_ARENA_MAX. Real ones are below 200 bytes. */
#define LIMN_JSON_PATH_MAX 4096
/* A rule or diagnosis file. The largest SigmaHQ rule is below 64 KiB. */
#define LIMN_RULE_FILE_MAX (1024 * 1024)
#define LIMN_RULES_MAX 65536
/* Maps, lists and scalars of one YAML file. The largest real rule has below 10000. */
#define LIMN_YAML_NODES_MAX 100000
/* A JSON document read as a tree (a manifest, a findings document). */
#define LIMN_JSON_DOCUMENT_MAX (64u * 1024 * 1024)
/* Memory of a loaded rule set. */
#define LIMN_RULES_ARENA_MAX (512u * 1024 * 1024)

/* A rule's condition: bytes, and parentheses or `not`s inside each other. The longest of SigmaHQ
 * are below 1 KiB and 4 deep. */
#define LIMN_CONDITION_MAX (16 * 1024)
#define LIMN_CONDITION_DEPTH_MAX 64
/* Literals that one rule may give to the prefilter; with more it is evaluated on every record. */
#define LIMN_LITERALS_PER_RULE_MAX 1000

/* Hits that must not be there and that clocks might move away, looked at on each side of one set of
 * those that must; if none of them surely lies there, the episode is told, as ambiguous. */
#define LIMN_DOUBTS_LOOKED_AT 64
/* limn explain: steps of one record's conditions; values of one list that are shown or compared by
 * words, words and bytes of each; bytes of a value that are shown; records whose conditions are
 * shown; records that are looked at for the nearest one, some seconds' worth. */
#define LIMN_TRACE_STEPS_MAX 400
#define LIMN_TRACE_VALUES_MAX 8
#define LIMN_DISTANCE_WORDS_MAX 32
#define LIMN_DISTANCE_BYTES_MAX 4096
#define LIMN_EXPLAIN_VALUE_MAX 120
#define LIMN_EXPLAIN_TRACED_MAX 500
#define LIMN_EXPLAIN_EVENTS_MAX 1000000
/* Memory of all episodes: a pointer for each hit of each. */
#define LIMN_EPISODES_ARENA_MAX (512u * 1024 * 1024)
/* Memory of the texts of all state changes: some tens of bytes each. */
#define LIMN_INTERVALS_ARENA_MAX (256u * 1024 * 1024)
/* Memory of instance names and composed keys. */
#define LIMN_INSTANCES_ARENA_MAX (64u * 1024 * 1024)
/* Memory of the runs of repeated hits of one source; beyond, all that are open end. */
#define LIMN_REPEATS_BYTES_MAX ((size_t)24 * 1024 * 1024)
/* Rules that one correlation may name, and fields it may group by. */
#define LIMN_CORRELATED_MAX 256
/* Ways to meet a condition of and, or, not; all are followed at once. */
#define LIMN_ALTERNATIVES_MAX 64
/* Correlations of correlations of correlations. */
#define LIMN_CORRELATION_DEPTH_MAX 16

/* PCRE2: steps and backtracking depth of one match, and heap in KiB. A rule that needs more is
 * reported as not evaluated for that record, never as "no match". */
#define LIMN_REGEX_MATCH_MAX 1000000
#define LIMN_REGEX_DEPTH_MAX 10000
#define LIMN_REGEX_HEAP_KIB_MAX 20000
#define LIMN_REGEX_GROUPS_MAX 32

/* Folders inside folders, and archives inside archives. */
#define LIMN_WALK_DEPTH_MAX 64
#define LIMN_ARCHIVE_DEPTH_MAX 8
/* Files of one run. */
#define LIMN_SOURCES_MAX 1000000
/* Sources beginning with the same line that a new one is compared with, on either side of its
 * size: exports with a header line share it by the thousand. */
#define LIMN_CANDIDATES_MAX 32
/* Decompressed to compressed bytes, once more than LIMN_EXPANSION_FREE have come out. Real logs
 * reach about 60 with zstd -19; a bomb reaches 1000 and more. */
#define LIMN_EXPANSION_MAX 400
#define LIMN_EXPANSION_FREE (256u * 1024 * 1024)
/* What a member of an archive may claim to hold; no log of one program is larger. */
#define LIMN_MEMBER_MAX ((uint64_t)1 << 40)
/* A 7z archive inside another archive, or from a pipe: it must be searched, so it is held. */
#define LIMN_ARCHIVE_HELD_MAX (64u * 1024 * 1024)

/* Messages kept of one run; the rest is counted. */
#define LIMN_DIAG_MAX 1000
/* Text of one piece of evidence in outputs; the case and `limn extract` have all of it. */
#define LIMN_EVIDENCE_TEXT_MAX (16 * 1024)
/* Evidence printed for one term; more is counted ("and 212 more"). */
#define LIMN_EVIDENCE_PER_TERM_MAX 5
/* A rendered output document. */
#define LIMN_OUTPUT_MAX (1024u * 1024 * 1024)
/* Members of a bundle, and bytes of its manifest: what `limn verify` keeps in memory. */
#define LIMN_BUNDLE_MEMBERS_MAX 10000
#define LIMN_MANIFEST_MAX (16 * 1024 * 1024)
/* Records of one source held for the bundle's proofs, and of one record: an excerpt shows the
 * first LIMN_EXCERPT_SHOWN_MAX, of a record beside it the first LIMN_EXCERPT_BESIDE_MAX. More is
 * read than shown so that a name is masked whole. */
#define LIMN_LEAVES_BYTES_MAX (256u * 1024 * 1024)
#define LIMN_LEAF_BYTES_MAX (20 * 1024)
#define LIMN_EXCERPT_SHOWN_MAX (16 * 1024)
#define LIMN_EXCERPT_BESIDE_MAX (2 * 1024)
/* Records shown before and after a cited one. */
#define LIMN_EXCERPT_AROUND 3
/* A private key in a text ends within that. */
#define LIMN_KEY_BLOCK_MAX (64 * 1024)
/* One source's excerpts as `limn verify` reads them; beyond the half only beginnings are shown. */
#define LIMN_EXCERPT_MAX LIMN_JSON_DOCUMENT_MAX
#define LIMN_EXCERPT_BRIEF_MAX 256
/* Worker threads. */
#define LIMN_JOBS_MAX 64
/* Kinds of error without a rule that are told apart in one source; beyond, they are counted as one.
 * Real servers have some dozens. */
#define LIMN_UNEXPLAINED_MAX 1024
#define LIMN_TEMPLATE_MAX 512
/* Text of the first of them that is kept. */
#define LIMN_UNEXPLAINED_TEXT_MAX 4096
/* Segments between two commits: of the sources that were complete a kill loses at most these. */
#define LIMN_COMMIT_SEGMENTS 64
/* The same within a source, where a commit saves nothing: a source that a killed run left
 * incomplete is read again. It only bounds what is to be undone. */
#define LIMN_COMMIT_WITHIN 1024
/* Steps of SQLite's virtual machine that one statement of a diagnosis or of `limn sql` may take
 * (about a minute); then it is stopped and said. */
#define LIMN_SQL_STEPS_MAX 2000000000LL
/* The same for one value of SQL: the longest record as JSON text fits. */
#define LIMN_SQL_VALUE_MAX (128 * 1024 * 1024)
#define LIMN_SQL_TEXT_MAX (1024 * 1024)
