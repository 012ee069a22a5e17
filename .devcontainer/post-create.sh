#!/usr/bin/env bash
# Builds everything, makes both hosts of the notebooks known to Jupyter programs, and says what the container has.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release
electra() { dotnet run --project lib/Electra.Tool -c Release --no-build -- "$@"; }

# .NET Interactive takes the name .net-csharp, which the notebooks ask for: it is moved aside, and they open in this project's kernel.
dotnet tool restore
kernels=$(jupyter --data-dir)/kernels
mkdir -p "$kernels"
dotnet interactive jupyter install
rm -rf "$kernels/dotnet-interactive"
mv "$kernels/.net-csharp" "$kernels/dotnet-interactive"
sed -i 's/"\.NET (C#)"/".NET Interactive (C#)"/' "$kernels/dotnet-interactive/kernel.json"
electra kernel install --user
electra doctor
