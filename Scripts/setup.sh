#!/usr/bin/env bash
# Installs the C libraries the build and the program need, and the packages named, when they are
# missing and apt may run.
set -euo pipefail
missing=()
for package in libyaml-dev libsqlite3-dev libopenblas-dev pkg-config "$@"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
command -v swift >/dev/null 2>&1 || {
  echo "setup: no 'swift' found: install a Swift 6.2 or later toolchain from swift.org first" >&2
  exit 1
}
[ ${#missing[@]} -eq 0 ] && exit 0
echo "setup: installing ${missing[*]}"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  sudo="sudo -n"
  $sudo true 2>/dev/null || {
    echo "setup: cannot install ${missing[*]}: type 'sudo apt-get install ${missing[*]}' and try again" >&2
    exit 1
  }
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null || {
  echo "setup: apt could not install ${missing[*]}; see the message above" >&2
  exit 1
}
