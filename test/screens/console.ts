import { create } from '@bufbuild/protobuf';
import {
  type AlarmEvent,
  AlarmEventSchema,
  Origin,
  Priority,
  SignalState,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { ConsoleFrame, LiveFrame } from '../../schemas/live.ts';
import { decodeLiveWave, type LiveWave } from '../../schemas/live-waves.ts';

export type Heard = LiveFrame | (LiveWave & { readonly type: 'wave' });

/** A console of the tests: hears everything, says what it is told to. */
export interface TestConsole {
  readonly heard: Heard[];
  readonly say: (frame: ConsoleFrame) => void;
  /** The first frame, heard or to come, for which this is true. */
  readonly hears: <Type extends Heard['type']>(
    type: Type,
    which?: (frame: Extract<Heard, { type: Type }>) => boolean,
  ) => Promise<Extract<Heard, { type: Type }>>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly close: () => Promise<void>;
}

export const openConsole = async (address: string): Promise<TestConsole> => {
  const socket = new WebSocket(`ws://${address}`);
  socket.binaryType = 'arraybuffer';
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    if (typeof data === 'string') heard.push(JSON.parse(data) as LiveFrame);
    else heard.push({ ...decodeLiveWave(data as ArrayBuffer)!, type: 'wave' });
    for (const look of waiting) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((done) => {
    socket.addEventListener('close', ({ code, reason }) => done({ code, reason }));
  });
  await new Promise<void>((opened, failed) => {
    socket.addEventListener('open', () => opened());
    socket.addEventListener('error', () => failed(new Error('the console was refused')));
  });
  return {
    heard,
    say: (frame) => socket.send(JSON.stringify(frame)),
    hears: (type, which = () => true) =>
      new Promise((done) => {
        const look = (): void => {
          const found = heard.find(
            (frame): frame is Extract<Heard, { type: typeof type }> => frame.type === type && which(frame as never),
          );
          if (found === undefined) return;
          waiting.delete(look);
          done(found);
        };
        waiting.add(look);
        look();
      }),
    closed,
    close: async () => {
      socket.close();
      await closed;
    },
  };
};

/** A console that does not say what it received is hung up on. Goes on until the console is closed. */
export const answerHeartbeats = async (console: TestConsole): Promise<void> => {
  for (let last = 0; ; ) {
    const { frame } = await console.hears('heartbeat', (heartbeat) => heartbeat.frame > last);
    console.say({ type: 'received', frame });
    last = frame;
  }
};

export interface SignalTold {
  readonly alarm: string;
  readonly condition?: string;
  readonly state?: SignalState;
  readonly present?: boolean;
}

export interface EventTold {
  readonly bed?: string;
  readonly atUs: number;
  readonly to?: SignalState;
  readonly from?: SignalState;
  readonly alarm?: string;
  readonly signals?: readonly SignalTold[];
}

/** An event of the alarms stage, as told; without `to` a roll call. */
export const alarmEvent = (told: EventTold): AlarmEvent =>
  create(AlarmEventSchema, {
    bed: told.bed ?? 'icu-01',
    atUs: told.atUs,
    saidUs: told.atUs,
    ...(told.to === undefined
      ? {}
      : {
          transition: {
            alarm: told.alarm ?? 'a',
            condition: 'vf',
            from: told.from ?? SignalState.OFF,
            to: told.to,
            by: 'vigil',
            why: 'told',
          },
        }),
    signals: (told.signals ?? []).map(({ alarm, condition, state, present }) => ({
      alarm,
      condition: condition ?? 'vf',
      priority: Priority.HIGH,
      origin: Origin.PHYSIOLOGICAL,
      state: state ?? SignalState.ON,
      present: present ?? true,
      onsetUs: told.atUs,
      sinceUs: told.atUs,
      text: 'VF',
      preset: 'adult',
    })),
  });
