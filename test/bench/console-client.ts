/** A nurse console without a screen: receives everything, proves it, and acknowledges every desaturation it sees. */
import type { ConsoleFrame, LiveFrame } from '../../schemas/live.ts';

export interface SeenAlarm {
  readonly bed: string;
  readonly alarm: string;
  readonly atMs: number;
}

export interface ConsoleClient {
  /** Every time a desaturation went on, in the order of arrival. */
  readonly seen: readonly SeenAlarm[];
  readonly waveFrames: () => number;
  readonly shed: () => number;
  readonly close: () => void;
}

const WATCHED_BEDS = 16;
const ANSWER_EVERY_MS = 50;
const READY_MS_MAX = 60_000;

/** Opens a console; while Vigil still reads the ward it hangs up and is called again. Rejects when nobody answers. */
export const openConsole = async (url: string): Promise<ConsoleClient> => {
  for (const until = Date.now() + READY_MS_MAX; Date.now() < until; ) {
    const client = await callVigil(url).catch(() => undefined);
    if (client !== undefined) return client;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error(`no console can be opened at ${url}`);
};

const callVigil = async (url: string): Promise<ConsoleClient> => {
  const socket = new WebSocket(`${url}/v1/live`);
  socket.binaryType = 'arraybuffer';
  const seen: SeenAlarm[] = [];
  let [waveFrames, shed, acts] = [0, 0, 0];
  const watched = new Set<string>();
  const say = (frame: ConsoleFrame): void => socket.send(JSON.stringify(frame));
  const watch = (bed: string): void => {
    if (watched.size >= WATCHED_BEDS || watched.has(bed)) return;
    watched.add(bed);
    say({ type: 'watch', waves: [...watched].map((each) => ({ bed: each, codes: [] })) });
  };
  let received: number | undefined;
  // One answer for many frames, as the console does it: Vigil bounds how much a console may say.
  const receive = (frame: number): void => {
    if (received === undefined) setTimeout(answer, ANSWER_EVERY_MS);
    received = frame;
  };
  const answer = (): void => {
    if (received !== undefined && socket.readyState === WebSocket.OPEN) say({ type: 'received', frame: received });
    received = undefined;
  };
  let closing = false;
  let greeted = false;
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  socket.addEventListener('open', () => say({ type: 'hello' }));
  socket.addEventListener('error', () => reject(new Error(`no console socket at ${url}`)));
  socket.addEventListener('message', ({ data }) => {
    const atMs = Date.now();
    if (typeof data !== 'string') {
      waveFrames++;
      return;
    }
    const frame = JSON.parse(data) as LiveFrame;
    if (frame.type === 'snapshot') {
      greeted = true;
      resolve();
    }
    if (frame.type === 'heartbeat') shed = frame.shed;
    if (frame.type === 'bed') watch(frame.bed.bed);
    if (frame.type === 'alarms') {
      for (const { bed, alarm, condition, to } of frame.transitions) {
        if (condition !== 'spo2-desaturation' || to !== 'on') continue;
        seen.push({ bed, alarm, atMs });
        say({ type: 'act', id: `bench-${acts++}`, kind: 'acknowledge', bed, alarm, by: 'bench' });
      }
    }
    if (frame.type === 'alarms' || frame.type === 'heartbeat') receive(frame.frame);
  });
  socket.addEventListener('close', ({ reason }) => {
    reject(new Error(reason));
    if (greeted && !closing) console.error(`the bench's console was hung up on: ${reason || 'no reason given'}`);
  });
  await ready;
  return {
    seen,
    waveFrames: () => waveFrames,
    shed: () => shed,
    close: () => {
      closing = true;
      socket.close();
    },
  };
};
