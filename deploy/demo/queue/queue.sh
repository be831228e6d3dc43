# The WhatsApp gateway's queue of the demo, a private redis-server with BullMQ traffic: sourced by deploy/demo/run, whose
# $root, $demo, $rate, die, begin, end and random_word it uses. It sets redis_pid and queue_pid, and is stopped by them.

queue_modules=$root/build/demo-queue   # outside the sources: npm's folder is nobody's to format or commit
redis_pid=
queue_pid=

queue_is_installed() { cmp -s "$here/queue/package-lock.json" "$queue_modules/installed-lock.json"; }

install_queue() {
  queue_is_installed && return
  begin "Installing BullMQ into build/demo-queue"
  mkdir -p "$queue_modules"
  (
    flock 9 # two demos may start at once, and the second must not pull the first one's modules away
    queue_is_installed && exit
    cd "$queue_modules"
    cp "$here/queue/package.json" "$here/queue/package-lock.json" .
    npm ci --ignore-scripts --no-audit --no-fund 2>&1 | sed '/^$/d; s/^/    /' && cp package-lock.json installed-lock.json
  ) 9>"$queue_modules/.lock" || die "npm could not install BullMQ"
  end
}

redis_says() { REDISCLI_AUTH=$redis_password redis-cli -p "$redis_port" "$@"; }

start_redis() {
  begin "Starting a private Redis in $demo/redis, 127.0.0.1:$redis_port"
  redis_password=$(random_word)
  mkdir "$demo/redis"
  (umask 077 && cat >"$demo/redis/redis.conf") <<CONF
bind 127.0.0.1
port $redis_port
dir $demo/redis
requirepass $redis_password
save ""
appendonly no
CONF
  redis-server "$demo/redis/redis.conf" >"$demo/log/redis.log" 2>&1 &
  redis_pid=$!
  local deadline=$((SECONDS + 20))
  until [[ $(redis_says PING 2>/dev/null) == PONG ]]; do
    kill -0 "$redis_pid" 2>/dev/null || { redis_pid=; die "redis-server ended before it was ready"; }
    ((SECONDS < deadline)) || die "redis-server was not ready within 20 s"
    sleep 0.1
  done
  (umask 077 && echo "$redis_password" >"$demo/redis/password")
  end
}

start_queue_traffic() {
  REDIS_URL=redis://:$redis_password@127.0.0.1:$redis_port NODE_PATH=$queue_modules/node_modules \
    node "$here/queue/traffic.js" "$rate" >"$demo/log/queue.log" 2>&1 &
  queue_pid=$!
}

queue_configuration() {
  cat <<YAML
redis:
  url: "redis://:$redis_password@127.0.0.1:$redis_port"
queue:
  prefix: bull
  names: [whatsapp-outgoing]
  dead_letter: [whatsapp-dead]
YAML
}

tell_queue() {
  cat <<TEXT
The queue is BullMQ's, whatsapp-outgoing with a dead-letter queue whatsapp-dead:

  export REDISCLI_AUTH=\$(cat $demo/redis/password)
  redis-cli -p $redis_port LLEN bull:whatsapp-outgoing:wait
  redis-cli -p $redis_port HGETALL bull:whatsapp-outgoing:metrics:completed
  curl -s $admin/metrics | grep '^crm_queue_'

TEXT
}
