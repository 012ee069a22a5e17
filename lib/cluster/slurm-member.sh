#!/usr/bin/env bash
# One member of the array that slurm-submit makes: one planned run. Two minutes before its time is over, and at scancel, it saves its state;
# exit code 3 says so, and the member is queued again, to go on from there.
#SBATCH --job-name=electra
#SBATCH --cpus-per-task=1
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@120

"$ELECTRA_ROOT/electra" compare --member auto --threads "${SLURM_CPUS_PER_TASK:-1}" "$@" &
run=$!
trap 'kill -USR1 "$run"' USR1 TERM # a signal reaches this script, not what it started
while true; do
  wait "$run"
  code=$?
  kill -0 "$run" 2>/dev/null || break # or else it was a signal that ended the waiting
done
if [ "$code" = 3 ]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$code"
