#!/usr/bin/env bash
# Runs the tests with what `swift test` takes. What failed stands at the end, where a log is looked at
# first.
#
# Up to three tests that failed because they waited too long, and for no other reason, are run once more
# by themselves: hundreds of tests at once on a busy machine can keep a terminal waiting for longer than
# a person would. A wrong result is never tried again.
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

onlyWaited() { # LOG: whether all tests ran to their end, and each issue is that of one that waited too long
  local recorded waited
  recorded=$(grep -c '^✘ .* recorded an issue' "$1")
  waited=$(grep -cE '^✘ Test [A-Za-z0-9_]+\(.* recorded an issue .*: Caught error: (waited for|no end within) ' "$1")
  [ "$recorded" -gt 0 ] && [ "$recorded" -eq "$waited" ] && grep -q '^✘ Test run with .* failed' "$1"
}

run "$log" "$@"
status=$?
[ $status -eq 0 ] && exit 0

names=$(failed "$log")
count=$(wc -w <<<"$names")
rm -f "$again"
if [ "$count" -gt 0 ] && [ "$count" -le 3 ] && onlyWaited "$log"; then
  printf '\nonce more, alone: %s\n' "${names//$'\n'/ }"
  run "$again" --skip-build --filter "/(${names//$'\n'/|})\("
  status=$?
  [ $status -eq 0 ] && printf '\nfailed beside the others and passed alone: %s\n' "${names//$'\n'/ }"
fi
[ "$count" -gt 0 ] && { printf '\nwhat failed:\n'; issues "$log"; }
[ $status -ne 0 ] && [ -s "$again" ] && { printf '\nand once more, alone:\n'; issues "$again"; }
exit $status
