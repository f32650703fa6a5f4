#!/usr/bin/env bash
# Stands in for npm where a page installs packages or runs these very tests: .ci/run does both. All else is the real one,
# which is found behind this folder, the first of the PATH.
case "$*" in
  ci) PATH=${PATH#*:} exec npm ci --dry-run --offline --no-audit --no-fund ;; # fails when the lock file does not fit
  test) grep --quiet '^npm test' .ci/run ;;
  *) PATH=${PATH#*:} exec npm "$@" ;;
esac
