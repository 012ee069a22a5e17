@echo off
rem The command line: built when it is not there or a source is newer, then started. See README, "The command line".
setlocal
set "tool=%~dp0lib\Electra.Tool\bin\Release\net10.0"
set "torch="
where /q dotnet
if errorlevel 1 (
  echo error: electra needs the .NET 10 SDK; install it from https://dotnet.microsoft.com/download, and see that dotnet is on the PATH. 1>&2
  exit /b 1
)
if not exist "%tool%\electra.built" goto build
dotnet "%tool%\Electra.Tool.dll" --up-to-date 2>nul
if %errorlevel% equ 0 goto start
set /p torch=<"%tool%\electra.built"
if defined torch set "torch=-p:Torch=%torch%"
:build
echo electra: building ... 1>&2
dotnet build "%~dp0lib\Electra.Tool" -c Release -nologo -v quiet %torch% 1>&2
if errorlevel 1 exit /b 1
:start
dotnet "%tool%\Electra.Tool.dll" %*
