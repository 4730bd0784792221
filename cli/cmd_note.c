/* SPDX-License-Identifier: Apache-2.0 */
/* limn note: the investigator's own words into the case. */
#include "cli/open_case.h"
#include "core/limits.h"

static int put(LimnCli *cli, LimnCase *c, const char *kind)
{
        LimnBuf text = LIMN_BUF(LIMN_EVIDENCE_TEXT_MAX);
        for (size_t i = 0; i < cli->n_args; i++) {
                if (i)
                        limn_buf_add_char(&text, ' ');
                limn_buf_add_str(&text, cli->args[i]);
        }
        const LimnValue row[] = {LIMN_VALUE_OF_TEXT(limn_slice_str(kind)),
                                 LIMN_VALUE_OF_TEXT(limn_buf_slice(&text))};
        int r = text.error;
        if (r < 0)
                limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                        .what = "the note is too long",
                                                        .help = "a note has at most 16 KiB"});
        if (r >= 0)
                r = limn_case_insert(c, "note", "kind, text", row, 2, NULL, cli->diag);
        if (r >= 0)
                r = limn_case_commit(c, cli->diag);
        limn_buf_done(&text);
        return r < 0 ? limn_case_exit(r) : LIMN_EXIT_OK;
}

static int run_note(LimnCli *cli)
{
        LimnCase *c = NULL;
        int r = limn_case_open(&c, limn_case_given(cli), LIMN_CASE_WRITE, cli->diag);
        const char *kind = limn_cli_get(cli, LIMN_OPT_ATTEMPTED) ? "attempted" : "note";
        int status = r < 0 ? limn_case_exit(r) : put(cli, c, kind);
        limn_case_close(c);
        return status;
}

static const LimnOption options[] = {LIMN_OPT_ATTEMPTED, LIMN_OPT_CASE, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_note = {
        .name = "note",
        .usage = "TEXT...",
        .help = "add a note to a case",
        .details =
                "Adds your own words to the case: they go into reports and bundles. With "
                "--attempted it is a step that was tried, for the vendor's question what was done "
                "already; such steps seen in the logs are listed by themselves.",
        .options = options,
        .min_args = 1,
        .max_args = SIZE_MAX,
        .run = run_note,
};
