#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: check_help.sh LIMN
# The tool's manners: help on stdout in 80 columns, -h equals --help, errors on stderr with exit 2.
limn=$(realpath "$1")
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
bad=0 n=0

fail() {
        echo "limn $*"
        bad=1
}

help_of() {
        n=$((n + 1))
        "$limn" "$@" --help >long 2>err </dev/null || fail "$* --help: exit status $?"
        "$limn" "$@" -h >short 2>>err </dev/null || fail "$* -h: exit status $?"
        [ -s long ] || fail "$* --help: nothing on standard output"
        [ -s err ] && fail "$* --help: writes to standard error"
        cmp -s long short || fail "$* -h and --help differ"
        awk 'length > 80 { bad = 1 } END { exit bad }' long || fail "$* --help: over 80 columns"
        "$limn" "$@" --no-such-option >out 2>err </dev/null
        [ $? -eq 2 ] || fail "$* --no-such-option: exit status is not 2"
        [ -s out ] && fail "$* --no-such-option: writes to standard output"
        [ -s err ] || fail "$* --no-such-option: says nothing"
}

help_of
commands=$("$limn" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ -n "$commands" ] || fail "--help lists no command"
for command in $commands; do
        help_of "$command"
done

"$limn" --man >page || fail "--man: exit status $?"
for command in $commands; do
        grep -q "^.SS \"limn $command" page || fail "--man: nothing about $command"
done
if command -v groff >/dev/null; then
        groff -man -ww -z page 2>err
        [ -s err ] && fail "--man: groff complains: $(cat err)"
fi
for shell in bash zsh fish; do
        "$limn" --completions $shell >script || fail "--completions $shell: exit status $?"
        if command -v $shell >/dev/null; then
                $shell -n script || fail "--completions $shell: not valid"
        fi
done
echo "$n helps looked at"
exit $bad
