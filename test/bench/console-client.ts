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

export const openConsole = async (url: string): Promise<ConsoleClient> => {
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
    if (frame.type === 'snapshot') resolve();
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
    if (!closing) console.error(`the bench's console was hung up on: ${reason || 'no reason given'}`);
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
