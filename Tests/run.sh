#!/usr/bin/env bash
# Runs the tests with what `swift test` takes. A few that fail are run once more, by themselves: many
# tests at once on a busy machine can keep a terminal waiting for longer than a person would. What failed
# stands at the end, where a log is looked at first; what fails twice fails.
set -uo pipefail

log=.build/tests.log
again=.build/tests.again.log
mkdir -p .build

run() { # LOG ARGUMENTS...
  local log=$1
  shift
  swift test --disable-xctest "$@" 2>&1 | tee "$log"
}

failed() { # LOG: the functions that failed
  sed -nE 's/^✘ Test ([A-Za-z0-9_]+)\(.*/\1/p' "$1" | sort -u
}

issues() { # LOG: what was recorded, without the text of other tests
  awk '/^(✔|✘|◇) /{shown = /^✘ .* recorded an issue/; count = 0} shown && count++ < 15' "$1" | cut -c1-400
}

run "$log" "$@"
status=$?
[ $status -eq 0 ] && exit 0

names=$(failed "$log")
count=$(wc -w <<<"$names")
if [ "$count" -gt 0 ] && [ "$count" -le 3 ] && [ -z "${KAIZEN_RECORD:-}" ]; then
  printf '\nonce more, alone: %s\n' "${names//$'\n'/ }"
  run "$again" --skip-build --filter "/(${names//$'\n'/|})\("
  status=$?
  [ $status -eq 0 ] && printf '\nfailed beside the others and passed alone: %s\n' "${names//$'\n'/ }"
else
  rm -f "$again"
fi
printf '\nwhat failed:\n'
issues "$log"
[ $status -ne 0 ] && [ -s "$again" ] && { printf '\nand once more, alone:\n'; issues "$again"; }
exit $status
