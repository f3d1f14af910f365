#!/usr/bin/env bash
# Builds the gateway and runs it standalone, everything in one process, on http://localhost:5000.
# Arguments and environment reach the gateway: ./run.sh --urls http://localhost:8080
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for tool in dotnet npm; do
  command -v "$tool" > /dev/null || { echo "run.sh: $tool is missing: .NET SDK 10 and Node 20 are needed." >&2; exit 1; }
done

# On standard error, so that the gateway's output is all there is on standard output.
dotnet build Chat.Gateway/Chat.Gateway.csproj -c Release -nologo -v quiet -clp:NoSummary >&2

program=Chat.Gateway/bin/Release/net10.0
# The data directory is ./data of this checkout.
exec dotnet "$program/Chat.Gateway.dll" "$@"
