#!/usr/bin/env bash
# Makes sure that a .NET 10 SDK is on PATH; says in one sentence what to do where it is not.
set -euo pipefail

if ! command -v dotnet > /dev/null; then
  echo "error: the .NET 10 SDK is missing: install it (https://dotnet.microsoft.com/download/dotnet/10.0) and put dotnet on PATH" >&2
  exit 1
fi

if ! dotnet --list-sdks | grep -q '^10\.'; then
  echo "error: dotnet is here, but no SDK of version 10: install the .NET 10 SDK (https://dotnet.microsoft.com/download/dotnet/10.0)" >&2
  exit 1
fi
