#!/usr/bin/env bash
# Makes sure that the tests have a Chromium: the one named in ISOGLOSS_CHROMIUM, the system's, apt's, or Playwright's.
# Usage: .ci/chromium.sh PYTHON
set -euo pipefail
python=$1

if [[ -n ${ISOGLOSS_CHROMIUM:-} ]]; then
  [[ -x $ISOGLOSS_CHROMIUM ]] || { echo "ISOGLOSS_CHROMIUM names no program: $ISOGLOSS_CHROMIUM" >&2; exit 1; }
  exit 0
fi
command -v chromium >/dev/null && exit 0

as_root=()
if [[ $(id -u) != 0 ]]; then as_root=(sudo -n); fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  # The fonts are for the Arabic, Hebrew, Chinese and Japanese texts.
  if "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qy --no-install-recommends chromium fonts-noto-core fonts-noto-cjk; then
    exit 0
  fi
  echo "apt-get could not install chromium; taking Playwright's own" >&2
fi
exec "$python" -m playwright install chromium
