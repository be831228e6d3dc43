# A private Prometheus over the demo's daemon: rules, and a history from the CRM's rows. Sourced by run.
# Uses of it: demo, root, build, admin_port, prometheus_port, begin, end, die; sets prometheus_pid.

prometheus_pid=

# export_past STEP FROM TO: what would have been scraped, as blocks.
export_past() {
  local text=$demo/past.txt
  "$build/bin/crm-metricsd" rollup export --openmetrics --config "$demo/crm-metricsd.yaml" --step "$1" --from "$2" --to "$3" \
    --label job=crm-metricsd --label "instance=127.0.0.1:$admin_port" >"$text" 2> >(sed -u 's/^/    /' >&2)
  # Blocks of two hours would mean reading the text hundreds of times.
  promtool tsdb create-blocks-from --max-block-duration=240h openmetrics "$text" "$demo/prometheus" >>"$demo/log/promtool.log" 2>&1 ||
    die "promtool could not take the history: see $demo/log/promtool.log"
  rm -f "$text"
}

# A week in hours, and the last day in steps that a graph joins by itself; with --check the week in quarters of a day is enough.
fill_prometheus() {
  begin "Giving Prometheus a history of a week"
  mkdir -p "$demo/prometheus"
  local now recent
  now=$(date -u +%s)
  recent=$((now / 3600 * 3600))
  if [[ $check == yes ]]; then
    export_past 6h "$(date -u -d "@$((recent - 7 * 86400))" +%FT%TZ)" "$(date -u -d "@$recent" +%FT%TZ)"
  else
    recent=$((recent - 86400))
    export_past 1h "$(date -u -d "@$((recent - 7 * 86400))" +%FT%TZ)" "$(date -u -d "@$recent" +%FT%TZ)"
    export_past 5m "$(date -u -d "@$((recent + 300))" +%FT%TZ)" "$(date -u -d "@$now" +%FT%TZ)"
  fi
  end
}

start_prometheus() {
  fill_prometheus
  begin "Starting Prometheus, 127.0.0.1:$prometheus_port"
  cat >"$demo/prometheus.yml" <<YAML
global: {scrape_interval: 5s, evaluation_interval: 15s}
rule_files: ["$root/alerts/rules/*.yaml"]
scrape_configs:
  - job_name: crm-metricsd
    static_configs: [{targets: ["127.0.0.1:$admin_port"]}]
YAML
  prometheus --config.file="$demo/prometheus.yml" --storage.tsdb.path="$demo/prometheus" --storage.tsdb.retention.time=90d \
    --web.listen-address="127.0.0.1:$prometheus_port" >"$demo/log/prometheus.log" 2>&1 &
  prometheus_pid=$!
  local deadline=$((SECONDS + 60))
  until curl -fs -o /dev/null --max-time 5 "$prometheus/-/ready"; do
    kill -0 "$prometheus_pid" 2>/dev/null || { prometheus_pid=; die "Prometheus ended before it was ready"; }
    ((SECONDS < deadline)) || die "Prometheus was not ready within 60 s"
    sleep 0.2
  done
  end
}
