/** What can be seen of a broken part from outside: /healthz, /metrics, and a console's socket. */
import { VIGIL_BED } from '../../schemas/engine.ts';
import type { LiveAlarm, LiveTrouble } from '../../schemas/live.ts';
import type { HealthReport } from '../../services/http/health.ts';
import type { HealthState } from '../../services/reports/part.ts';
import { openConsole, type TestConsole } from '../screens/console.ts';

const POLL_MS = 50;
const ANSWER_MS = 500;
/** What is promised: a broken part shows everywhere within this time. */
export const SHOWN_WITHIN_MS = 10_000;

/** Resolves with the milliseconds until it was true; rejects with `what` when it was not within the time. */
export const until = async (
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  withinMs: number,
): Promise<number> => {
  const began = performance.now();
  while (!(await isTrue())) {
    const waitedMs = performance.now() - began;
    if (waitedMs > withinMs) throw new Error(`not within ${withinMs / 1e3} s: ${what}`);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  return Math.round(performance.now() - began);
};

export const healthOf = async (address: string): Promise<HealthReport> =>
  (await fetch(`http://${address}/healthz`).then((answer) => answer.json())) as HealthReport;

/** State of a part: of the process that answers, or of another ("analysis-0/inference"; "analysis-0" is the process itself). */
export const stateOf = async (address: string, part: string): Promise<HealthState | undefined> => {
  const report = await healthOf(address).catch(() => undefined);
  const own = report?.parts.find(({ name }) => name === part);
  if (own !== undefined) return own.state;
  const [process, name] = part.split('/');
  const other = report?.processes.find((each) => each.process === process);
  return name === undefined ? other?.state : other?.parts.find((each) => each.name === name)?.state;
};

/** A sample of /metrics by its name with labels, as it stands there. */
export const sampleOf = async (address: string, sample: string): Promise<number | undefined> => {
  const text = await fetch(`http://${address}/metrics`)
    .then((answer) => answer.text())
    .catch(() => '');
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
};

export interface Watcher {
  /** The alarm of Vigil itself with this condition, as the console has it now. */
  readonly alarm: (condition: string) => LiveAlarm | undefined;
  /** What was told past the log with the newest heartbeat. */
  readonly trouble: (name: string) => LiveTrouble | undefined;
  /** "condition from → to", in the order of the socket. */
  readonly transitions: () => readonly string[];
  readonly provider: () => string | undefined;
  readonly acknowledge: (condition: string, by: string) => void;
  readonly close: () => Promise<void>;
}

/** While the log's past is still being read, consoles are told to come again. */
const greeted = async (address: string): Promise<TestConsole> => {
  for (;;) {
    const console_ = await openConsole(`${address}/v1/live`);
    console_.say({ type: 'hello' });
    if ((await Promise.race([console_.hears('snapshot'), console_.closed])) && console_.heard.length > 0)
      return console_;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
};

/** A console that answers, and knows only of the reserved bed. */
export const openWatcher = async (address: string): Promise<Watcher> => {
  const console_ = await greeted(address);
  const timer = setInterval(() => {
    const newest = console_.heard.at(-1);
    if (newest !== undefined) console_.say({ type: 'received', frame: newest.frame });
  }, ANSWER_MS);
  const alarms = (): readonly LiveAlarm[] => {
    for (const frame of console_.heard.toReversed()) {
      if (frame.type === 'alarms' && frame.bed === VIGIL_BED) return frame.alarms;
      if (frame.type === 'snapshot') return frame.beds.find(({ bed }) => bed === VIGIL_BED)?.alarms ?? [];
    }
    return [];
  };
  const alarm = (condition: string): LiveAlarm | undefined =>
    alarms().find((each) => each.condition === condition && each.present);
  const heartbeat = () => console_.heard.findLast((frame) => frame.type === 'heartbeat');
  return {
    alarm,
    trouble: (name) => heartbeat()?.troubles.find((each) => each.name === name),
    transitions: () =>
      console_.heard.flatMap((frame) =>
        frame.type === 'alarms' && frame.bed === VIGIL_BED
          ? frame.transitions.map(({ condition, from, to }) => `${condition} ${from} → ${to}`)
          : [],
      ),
    provider: () => heartbeat()?.provider,
    acknowledge: (condition, by) => {
      const { alarm: id } = alarm(condition)!;
      console_.say({ type: 'act', id: crypto.randomUUID(), kind: 'acknowledge', bed: VIGIL_BED, alarm: id, by });
    },
    close: async () => {
      clearInterval(timer);
      await console_.close();
    },
  };
};

/** How long after the break it was to be seen where. */
export interface Seen {
  readonly healthzMs: number;
  readonly metricsMs: number;
  readonly consoleMs: number;
}

export interface Sought {
  readonly address: string;
  readonly watcher: Watcher;
  readonly condition: string;
  readonly part: string;
  /** The part is not well: which states count. */
  readonly states: readonly HealthState[];
}

const isTold = ({ watcher, condition }: Sought): boolean =>
  watcher.alarm(condition) !== undefined || watcher.trouble(condition) !== undefined;
const metricOf = (condition: string): string => `vigil_condition{condition="${condition}"}`;

/** Waits until a broken part is to be seen everywhere. Rejects when it is not within the time that is promised. */
export const seenEverywhere = async (sought: Sought): Promise<Seen> => {
  const { address, condition, part, states } = sought;
  const [healthzMs, metricsMs, consoleMs] = await Promise.all([
    until(`${part} in /healthz`, async () => states.includes((await stateOf(address, part)) ?? 'ok'), SHOWN_WITHIN_MS),
    until(
      `${condition} in /metrics`,
      async () => (await sampleOf(address, metricOf(condition))) === 1,
      SHOWN_WITHIN_MS,
    ),
    until(`${condition} on a console`, () => isTold(sought), SHOWN_WITHIN_MS),
  ]);
  return { healthzMs, metricsMs, consoleMs };
};

/** Waits until nothing of it is to be seen any more. */
export const goneEverywhere = async (sought: Sought, withinMs: number): Promise<number> => {
  const { address, condition, part, states } = sought;
  return until(
    `${condition} and ${part} are well again`,
    async () =>
      !isTold(sought) &&
      (await sampleOf(address, metricOf(condition))) === 0 &&
      !states.includes((await stateOf(address, part)) ?? 'failed'),
    withinMs,
  );
};
