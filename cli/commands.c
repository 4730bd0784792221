/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/frame.h"

#define COMMAND(name) extern const LimnCommand limn_cmd_##name;
#include "cli/commands.list"
#undef COMMAND

#define COMMAND(name) &limn_cmd_##name,
const LimnCommand *const limn_commands[] = {
#include "cli/commands.list"
        NULL,
};
#undef COMMAND

const LimnCommand *limn_command_find(const char *name)
{
        for (size_t i = 0; limn_commands[i]; i++)
                if (strcmp(limn_commands[i]->name, name) == 0)
                        return limn_commands[i];
        return NULL;
}
