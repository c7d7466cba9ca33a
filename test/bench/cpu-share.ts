/**
 * Bounds the CPU of a process as a container's `cpus:` does: by a control group with a quota per 100 ms (cgroup v2 `cpu.max`,
 * or v1 `cpu.cfs_quota_us`). Where none can be made the process is stopped and continued from outside, 100 times a second.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CpuShare {
  /** How the share is kept, for the figures. */
  readonly how: string;
  /** Seconds during which the process wanted to run and might not; undefined where nobody counts. */
  readonly throttledS: () => number | undefined;
  /** Ends the bound; for a control group the process must have ended. */
  readonly end: () => void;
}

/** What a virtual machine's host and other programs took: a trial on a machine that is not its own says little. */
export interface MachineUse {
  /** Of all cores together, seconds. */
  readonly stolenS: number;
  readonly idleS: number;
  readonly allS: number;
}

const TICKS_PER_SECOND = 100;

/** Since the machine began. */
export const machineUse = (): MachineUse => {
  const ticks = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))![1]!.split(' ').map(Number);
  const seconds = ticks.map((each) => each / TICKS_PER_SECOND);
  // user, nice, system, idle, waiting, interrupts (two kinds), stolen; guests are counted among the users.
  return {
    stolenS: seconds[7] ?? 0,
    idleS: seconds[3]! + seconds[4]!,
    allS: seconds.slice(0, 8).reduce((sum, each) => sum + each, 0),
  };
};

const PERIOD_US = 100_000;
const V2 = '/sys/fs/cgroup';
const V1 = '/sys/fs/cgroup/cpu';
/** Of the CPU that several want at once a bounded process gets what it is promised: its neighbours are not measured. */
const WEIGHT_V2 = 10_000;
const SHARES_V1 = 100_000;

const groupOf = (root: string, pid: number): string => join(root, `vigil-bench-${pid}`);

const fieldOf = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);

const inGroup = (
  how: string,
  group: string,
  pid: number,
  settings: Readonly<Record<string, string>>,
  throttled: (stat: string) => number,
): CpuShare => {
  mkdirSync(group);
  for (const [name, value] of Object.entries(settings)) writeFileSync(join(group, name), value);
  writeFileSync(join(group, 'cgroup.procs'), String(pid));
  return {
    how,
    throttledS: () => throttled(readFileSync(join(group, 'cpu.stat'), 'utf8')),
    end: () => rmdirSync(group),
  };
};

const byGroupV2 = (pid: number, share: number): CpuShare | undefined => {
  const controllers = join(V2, 'cgroup.subtree_control');
  if (!existsSync(controllers) || !readFileSync(controllers, 'utf8').split(/\s/).includes('cpu')) return undefined;
  const settings = { 'cpu.max': `${Math.round(share * PERIOD_US)} ${PERIOD_US}`, 'cpu.weight': String(WEIGHT_V2) };
  return inGroup(
    'cgroup v2, cpu.max',
    groupOf(V2, pid),
    pid,
    settings,
    (stat) => fieldOf(stat, 'throttled_usec') / 1e6,
  );
};

const byGroupV1 = (pid: number, share: number): CpuShare | undefined => {
  if (!existsSync(join(V1, 'cpu.cfs_quota_us'))) return undefined;
  const settings = {
    'cpu.cfs_period_us': String(PERIOD_US),
    'cpu.cfs_quota_us': String(Math.round(share * PERIOD_US)),
    'cpu.shares': String(SHARES_V1),
  };
  const throttled = (stat: string): number => fieldOf(stat, 'throttled_time') / 1e9;
  return inGroup('cgroup v1, cpu.cfs_quota_us', groupOf(V1, pid), pid, settings, throttled);
};

const CYCLE_MS = 10;

const bySignals = (pid: number, share: number): CpuShare => {
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(pid, name);
    } catch {
      over = true; // the process has ended
    }
  };
  const turn = (runs: boolean): void => {
    signal(runs ? 'SIGCONT' : 'SIGSTOP');
    if (!over) timer = setTimeout(turn, CYCLE_MS * (runs ? share : 1 - share), !runs);
  };
  if (share < 1) turn(true);
  return {
    how: `SIGSTOP and SIGCONT every ${CYCLE_MS} ms`,
    throttledS: () => undefined,
    end: () => {
      over = true;
      clearTimeout(timer);
      signal('SIGCONT');
    },
  };
};

/** `share` of one core, 0 to 1 (more with several threads). */
export const limitCpu = (pid: number, share: number): CpuShare => {
  for (const attempt of [byGroupV2, byGroupV1]) {
    try {
      const made = attempt(pid, share);
      if (made !== undefined) return made;
    } catch {
      // Not allowed here: the next way.
    }
  }
  return bySignals(pid, share);
};
