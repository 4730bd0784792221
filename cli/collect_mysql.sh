# SPDX-License-Identifier: Apache-2.0

# ---- the source server: for the DBA --------------------------------------------------------------
# How to reach it:  MYSQL='mysql -h db1 -u dba -p' sh collect.sh
# The account needs REPLICATION CLIENT and PROCESS. What stands between the two lines SQL may as
# well be pasted into any other client: limn reads tables, tab-separated rows and \G.
${MYSQL:-mysql} --table --force > "$folder/mysql.txt" 2>&1 << 'SQL'
@collect.sql@
SQL
echo "$folder/mysql.txt: $(grep -c '^[|*]' "$folder/mysql.txt") rows"

# The error log, when it lies on this machine: its end, where the incident is.
setting() {
        awk -F ' *[|] *' -v name="$1" '$2 == name { print $3; exit }' "$folder/mysql.txt"
}
log=$(setting log_error)
case $log in
'' | stderr) echo "the server names no error log file: ask where it goes (container, cloud console)" ;;
/*) ;;
*) log=$(setting datadir)/$log ;;
esac
if [ -r "$log" ]; then
        tail -n "${LINES_OF_LOG:-200000}" "$log" > "$folder/mysql-error.log"
        echo "$folder/mysql-error.log: the end of $log"
elif [ -n "$log" ] && [ "$log" != stderr ]; then
        echo "$log cannot be read here: copy it into $folder as mysql-error.log"
fi
