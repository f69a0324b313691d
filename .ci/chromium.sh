#!/usr/bin/env bash
# Makes sure that the tests have a Chromium: the one named in ISOGLOSS_CHROMIUM, the system's, apt's, or Playwright's.
# The one without windows is taken first: the same pages cost it a fifth less.
# Usage: .ci/chromium.sh PYTHON
set -euo pipefail
python=$1

if [[ -n ${ISOGLOSS_CHROMIUM:-} ]]; then
  [[ -x $ISOGLOSS_CHROMIUM ]] || { echo "ISOGLOSS_CHROMIUM names no program: $ISOGLOSS_CHROMIUM" >&2; exit 1; }
  exit 0
fi
command -v chromium-headless-shell >/dev/null && exit 0

as_root=()
if [[ $(id -u) != 0 ]]; then as_root=(sudo -n); fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  "${as_root[@]}" apt-get update -q || true
  for program in chromium-headless-shell chromium; do
    # The fonts are for the Arabic, Hebrew, Chinese and Japanese texts.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qy --no-install-recommends "$program" fonts-noto-core fonts-noto-cjk && exit 0
    echo "apt-get could not install $program" >&2
  done
fi
command -v chromium >/dev/null && exit 0
exec "$python" -m playwright install chromium
