#!/usr/bin/env bash
# Builds everything, makes the C# kernel known to Jupyter programs, and says what the container has.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release
electra() { dotnet run --project lib/Electra.Tool -c Release --no-build -- "$@"; }
electra kernel install --user
electra doctor
