#!/usr/bin/env bash
# Builds everything once in Release and runs the tests; installs by apt what they need and is missing.
# ./test.sh [filter]: the filter is that of `dotnet test --filter`, such as 'FullyQualifiedName~Receipts'.
# The last line is "N passed, N failed" (", N skipped" may follow); the exit code is 0 only if tests ran and none failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if (( $# > 1 )); then
  echo "usage: ./test.sh [filter]" >&2
  exit 2
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Build servers would outlive this script and hold its output open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

passed=0 failed=0 skipped=0

scratch=$(mktemp -d /tmp/chat-test.XXXXXX)
# The database server runs as a user of its own and must be able to walk to its directory.
chmod 755 "$scratch"
no_cluster=/etc/postgresql-common/createcluster.d/chat-test-run.conf
placed_no_cluster=

finish() {
  local code=$?
  [[ -z $placed_no_cluster ]] || as_root rm -f "$no_cluster"
  rm -rf "$scratch" || true
  # What broke before or beside the tests is a failure too.
  if (( code != 0 && failed == 0 )); then failed=1; fi
  local totals="$passed passed, $failed failed"
  if (( skipped > 0 )); then totals+=", $skipped skipped"; fi
  echo "$totals"
  if (( failed > 0 || passed == 0 )); then exit 1; fi
}
trap finish EXIT

as_root() {
  if (( EUID == 0 )); then "$@"; else sudo "$@"; fi
}

has_postgres() {
  local directory version
  for directory in /usr/lib/postgresql/*/; do
    version=$(basename "$directory")
    if [[ $version =~ ^[0-9]+$ ]] && (( version >= 15 )) && [[ -x $directory/bin/initdb ]]; then return 0; fi
  done
  return 1
}

install_missing() {
  local missing=()
  has_postgres || missing+=(postgresql-15)
  command -v chromium > /dev/null || missing+=(chromium)
  command -v setpriv > /dev/null || missing+=(util-linux)
  (( ${#missing[@]} > 0 )) || return 0

  echo "Installing ${missing[*]}"
  # The tests start servers of their own: Debian is not to make and start one.
  as_root mkdir -p "$(dirname "$no_cluster")"
  echo "create_main_cluster = false" | as_root tee "$no_cluster" > /dev/null
  placed_no_cluster=1
  as_root apt-get -q update
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "${missing[@]}"
}

# Sums one counter over all result files.
counted() {
  local sum=0 n
  for n in $(grep -ho '<Counters [^>]*>' "$scratch"/results/*.trx 2> /dev/null | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"); do
    sum=$((sum + n))
  done
  echo "$sum"
}

# What failed, and how, once more and short: the last lines of a long run are what its reader sees.
tell_failures() {
  awk '
    /<UnitTestResult / { name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name) }
    /<ErrorInfo>/ { print "Failed: " name; lines = 0; told = 1 }
    /<StackTrace>/ { lines = 0 }
    told && !/ErrorInfo>/ && lines++ < 6 && all++ < 150 { gsub(/ *<\/?(Message|StackTrace)>/, ""); print "  " substr($0, 1, 300) }
    /<\/ErrorInfo>/ { told = 0 }
  ' "$scratch"/results/*.trx 2> /dev/null
}

# One test host: its own results file and its own folder for what its tests write.
run_host() {
  local name=$1 filter=$2
  local arguments=(
    Chat.Tests/Chat.Tests.csproj -c Release --no-build --filter "$filter"
    --logger "trx;LogFilePrefix=$name" --logger "console;verbosity=minimal" --results-directory "$scratch/results"
    --blame-hang-timeout 8m --blame-hang-dump-type none
  )
  mkdir "$scratch/$name"
  chmod 755 "$scratch/$name"
  TMPDIR="$scratch/$name" dotnet test "${arguments[@]}"
}

run_tests() {
  local code=0
  if (( $# > 0 )); then
    run_host chosen "$1" || code=$?
  else
    # Each host runs one test at a time, and most of them wait: two side by side, of about equal length.
    # Benchmarks are run by hand: timings belong in no test.
    local room cluster="" others="Category!=Benchmark"
    for room in Promises Groups Presence JavaScript; do
      cluster+="|FullyQualifiedName~Chat.Tests.$room."
      others+="&FullyQualifiedName!~Chat.Tests.$room."
    done
    run_host cluster "Category!=Benchmark&(${cluster#|})" &
    local beside=$!
    run_host others "$others" || code=$?
    wait "$beside" || code=$?
  fi

  passed=$(counted passed)
  failed=$(( $(counted failed) + $(counted error) + $(counted timeout) + $(counted aborted) ))
  skipped=$(( $(counted total) - passed - failed ))
  if (( failed > 0 )); then tell_failures; fi
  if (( passed + failed == 0 )); then echo "No test ran." >&2; fi
  return "$code"
}

for tool in dotnet node npm; do
  command -v "$tool" > /dev/null || { echo "test.sh: $tool is missing: .NET SDK 10 and Node 20 are needed." >&2; exit 1; }
done
install_missing
if [[ -f Chat.Tests/JavaScript/package-lock.json ]]; then
  npm ci --prefix Chat.Tests/JavaScript --no-audit --no-fund --loglevel=error
fi
dotnet build Chat.sln -c Release -v quiet -clp:NoSummary
run_tests "$@"
