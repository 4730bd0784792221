# SPDX-License-Identifier: Apache-2.0

# ---- the gateway and the ingestion pipeline: for who runs them -------------------------------------
# Which ones:  GATEWAY=pipeline-id PIPELINE=pipeline-id LOGS='folder file ...' sh collect.sh
# LOGS are the gateway's logs and its checkpoint folder, where they were delivered to or mounted.
if command -v databricks > /dev/null; then
        for id in ${GATEWAY:-} ${PIPELINE:-}; do
                databricks pipelines get "$id" --output json > "$folder/pipeline-$id.json"
                databricks pipelines list-pipeline-events "$id" --output json \
                        > "$folder/pipeline_events-$id.json"
                echo "$folder/pipeline_events-$id.json: the events of $id"
        done
        [ -n "${GATEWAY:-}${PIPELINE:-}" ] || echo "no pipeline: set GATEWAY and PIPELINE"
else
        echo "no databricks client here: export the events of both pipelines into $folder"
fi
for path in ${LOGS:-}; do
        cp -R "$path" "$folder/" && echo "$folder/$(basename "$path"): copied"
done
[ -n "${LOGS:-}" ] || echo "no gateway logs: set LOGS, or copy them into $folder"
