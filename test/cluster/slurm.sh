#!/bin/bash
# A real one-node Slurm on the loopback interface: a run in three shards, each interrupted in another way, merged and
# compared with the same run in one piece. Needs root, Debian or Ubuntu, and `npm run build`; takes a few minutes.
#
#   test/cluster/slurm.sh          everything is in a temporary folder and ends with the script
#
# Ends with 0 when the merged run equals the unsharded one to the byte, but for times, names and machine.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
turnbench=(node "$here/../../bin/turnbench.js")
for program in munged slurmctld slurmd sbatch; do
  if ! command -v "$program" >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends munge slurmctld slurmd slurm-client
    break
  fi
done

place=$(mktemp -d -t turnbench-slurm-XXXXXX)
chmod 755 "$place"
mkdir "$place"/{munge,state,spool,run}
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done; done
  rm -rf "$place"
}
trap finish EXIT
say() { echo "$(date +%T) ${*//$place\//}"; }
fail() {
  say "FAILED: $*"
  tail -n 30 "$place"/run/*.log "$place"/job/logs/* 2>/dev/null || true
  exit 1
}
# until_true SECONDS COMMAND…
until_true() {
  local left=$1
  shift
  until "$@" >/dev/null 2>&1; do
    ((left-- > 0)) || fail "waited in vain for: $*"
    sleep 1
  done
}

# --- the cluster -----------------------------------------------------------------------------------------------------
dd if=/dev/urandom of="$place/munge/key" bs=1024 count=1 status=none
chown -R munge "$place/munge"
chmod 400 "$place/munge/key"
setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --key-file "$place/munge/key" --socket "$place/munge/socket" \
  --pid-file "$place/munge/pid" --log-file "$place/munge/log" --seed-file "$place/munge/seed" 2>/dev/null &
pids+=($!)
until_true 10 test -S "$place/munge/socket"

host=$(hostname -s)
cat >"$place/slurm.conf" <<CONF
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
CredType=cred/munge
# What a requeued job waits for is the end of its old credential.
AuthInfo=socket=$place/munge/socket,cred_expire=10
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldPidFile=$place/run/slurmctld.pid
SlurmdPidFile=$place/run/slurmd.pid
SlurmctldLogFile=$place/run/slurmctld.log
SlurmdLogFile=$place/run/slurmd.log
SlurmctldPort=${SLURMCTLD_PORT:-26817}
SlurmdPort=${SLURMD_PORT:-26818}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
JobRequeue=1
KillWait=30
JobCompType=jobcomp/filetxt
JobCompLoc=$place/run/jobs.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=3 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$place/slurm.conf
slurmctld -D 2>/dev/null &
pids+=($!)
slurmd -D 2>/dev/null &
pids+=($!)
idle() { sinfo --noheader --format=%T | grep -qx idle; }
until_true 60 idle
say "$(sbatch --version), $(sinfo --noheader --format='%D node in %P: %T, %c cores')"

# --- the run in one piece ----------------------------------------------------------------------------------------------
cd "$place"
export TURNBENCH_CACHE=$place/cache
model=$here/paced-silero.mjs
"${turnbench[@]}" eval -m "$model" --tracks --quiet --out whole >whole.txt
say "the whole run: $(ls whole)"

# --- the same in three shards, all of them interrupted ------------------------------------------------------------------
"${turnbench[@]}" slurm -m "$model" --shards 3 --cpus 1 --time 10 --out job --submit --json -- --tracks >jobs.json
array=$(node -p 'JSON.parse(require("fs").readFileSync("jobs.json")).jobs.array')
merge=$(node -p 'JSON.parse(require("fs").readFileSync("jobs.json")).jobs.merge')
say "submitted array $array, merge $merge after any end of it"

has_a_row() { [ "$(cat job/shards/"$1"/*/conversations.jsonl | wc -l)" -eq 1 ]; }
for shard in 1 2 3; do until_true 60 has_a_row "$shard"; done
squeue --format='%10i %32j %8T %10M %R'
scancel --batch --signal=USR1 "${array}_1"
say "shard 1: SIGUSR1 to its script, as Slurm sends it a minute before the time limit"
kill -9 "$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).pid' job/shards/2/*/run.lock)"
say "shard 2: kill -9 of its process"
scancel "${array}_3"
say "shard 3: scancel"

state() { scontrol show job "$1" | grep -o 'JobState=[A-Z]*' | head -n 1 | cut -d= -f2; }
ended() { [[ $(state "$1") =~ ^(COMPLETED|FAILED|CANCELLED|TIMEOUT)$ ]]; }
report() { say "job $1: $(scontrol show job "$1" | grep -oE '(JobState|Restarts|ExitCode)=\S+' | xargs)"; }
until_true 240 ended "$merge"
for job in "${array}_1" "${array}_2" "${array}_3" "$merge"; do report "$job"; done
[ "$(state "$merge")" = FAILED ] || fail 'the merge took a run in which a shard is missing'
say 'the merge refused:'
sed "s|$place/||; s/^/  /" job/logs/merge.log

again=$(sbatch --parsable --array=3 job/eval.sbatch)
merge=$(sbatch --parsable --dependency="afterany:$again" job/merge.sbatch)
say "shard 3 submitted once more as array $again, and the merge as $merge"
until_true 240 ended "$merge"
report "${again}_3"
report "$merge"
[ "$(state "$merge")" = COMPLETED ] || fail 'the merge failed'

# --- the comparison ------------------------------------------------------------------------------------------------------
for shard in 1 2 3; do
  [ "$(ls job/shards/"$shard" | wc -l)" -eq 1 ] || fail "shard $shard began anew instead of going on"
  log=job/logs/eval-$shard.log
  say "shard $shard: $(grep -c ': conversation ' "$log") conversations streamed, $(grep -c 'going on with' "$log") restart"
done
node "$here/same-run.mjs" "$place"/whole/* "$place"/job/20* || fail 'the merged run is another one'
say 'the merged run equals the unsharded one'
