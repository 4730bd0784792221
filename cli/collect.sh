#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Written by `limn collect`. It reads, and changes nothing: run it where the clients are, look
# through the folder it fills, and give that folder to `limn analyze`.
#   usage: sh collect.sh [FOLDER]            (default: limn-collected)
set -u
umask 077
export LC_ALL=C
folder=${1:-limn-collected}
mkdir "$folder" || exit 1
echo "This machine's clock: $(date -u '+%Y-%m-%dT%H:%M:%SZ'), its zone: $(date '+%z')"
