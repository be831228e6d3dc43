# Debian 12 packages, and how they are installed: sourced by deploy/demo/run and tests/run.
# Nothing that is installed is upgraded, and no PostgreSQL cluster comes into being: the scripts make private ones.

build_packages=(
  g++ cmake ninja-build pkg-config git ccache lld
  libpoco-dev libpqxx-dev libpq-dev prometheus-cpp-dev libyaml-cpp-dev libspdlog-dev libfmt-dev
  nlohmann-json3-dev libhowardhinnant-date-dev zlib1g-dev libssl-dev libgtest-dev libgmock-dev
)
demo_packages=(tzdata curl python3 postgresql util-linux)
queue_packages=(redis-server nodejs npm)  # of a demo with Redis
test_packages=("${demo_packages[@]}" prometheus prometheus-alertmanager clang-format procps gzip pgbouncer openssl "${queue_packages[@]}")

node_is_usable() {
  command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null
}

missing_packages() {
  local name
  for name; do
    # Whatever server is here will do; asking for Debian's might upgrade, and so restart, somebody's cluster.
    # Nor is a Node.js replaced that did not come from Debian: its own npm comes with it.
    [[ $name == npm || $name == nodejs ]] && node_is_usable && continue
    [[ $name == postgresql ]] && compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && continue
    [[ $name == redis-server ]] && command -v redis-server >/dev/null && continue
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
  done
}

# Services of packages (prometheus, for one) are for the tests to start, not for the package to.
without_services() {
  local policy=/usr/sbin/policy-rc.d
  if [[ -e $policy ]]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  local status=0
  "$@" || status=$?
  rm -f "$policy"
  return "$status"
}

apt_install() { apt-get install -q -y --no-install-recommends --no-upgrade "$@"; }

# install_packages NAME...: those that are missing.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    echo "missing packages: ${missing[*]}; install them, or run this as root" >&2
    return 2
  fi
  echo "==> Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    without_services apt_install postgresql-common
    local no_cluster=/etc/postgresql-common/createcluster.d/crm-metricsd.conf
    mkdir -p "${no_cluster%/*}"
    echo "create_main_cluster = false" >"$no_cluster"
    local status=0
    without_services apt_install "${missing[@]}" || status=$?
    rm -f "$no_cluster"
    return "$status"
  fi
  without_services apt_install "${missing[@]}"
}
