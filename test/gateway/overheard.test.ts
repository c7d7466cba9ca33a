/** Beds whose frames reach the log past a gateway's door: their sender writes to Kafka itself, or another front takes them in. */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry, telemetryOf } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import { makeActs } from '../../services/gateway/acts.ts';
import { type Gateway, makeGateway } from '../../services/gateway/gateway.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { type Meters, makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog, LogError, NewRecord } from '../../services/ports/event-log.ts';
import { at, frame, SHIFT_BEGINS } from './frames.ts';
import { allOf, type LogInAFolder, logInAFolder } from './log-in-a-folder.ts';

let place: LogInAFolder;
let clock: Moment;
let gateway: Gateway;
let meters: Meters;

const AWAY: LogError = { tag: 'LogUnavailable', retriable: true, sentence: 'the line is cut' };
const gatewayOn = (log: EventLog): Gateway =>
  makeGateway({
    ...{ log, now: () => clock, lingerMs: 0 },
    ...{ meters, journal: makeJournal({ level: 'silent' }) },
  });

beforeEach(async () => {
  place = await logInAFolder();
  clock = at(0);
  meters = makeMeters();
  gateway = gatewayOn(place.log);
});
afterEach(() => place.discard());

/** A frame that its sender put on the log itself, by a clock of its own that is so many seconds ahead. */
const written = (second: number, ahead = 0): Telemetry => ({
  ...frame({ sequence: second, device: second, hr: 70 }),
  gatewayTimeUs: at(second + ahead),
});
/** Each second something may happen, and then it is over. */
const seconds = async (from: number, to: number, happens: (second: number) => unknown = () => undefined) => {
  for (let second = from; second <= to; second++) {
    clock = at(second);
    await happens(second);
    await gateway.secondPassed();
  }
};
/** At which second each Silence was told, and since when it says the bed is silent. */
const silences = async (): Promise<readonly (readonly number[])[]> =>
  (await allOf(place.log, 'vigil.telemetry')).flatMap((record) => {
    const read = telemetryOf(record);
    if (E.isLeft(read)) throw new Error(read.left.sentence);
    const { silence, gatewayTimeUs } = read.right;
    return silence === undefined ? [] : [[gatewayTimeUs, silence.sinceUs].map((us) => (us - SHIFT_BEGINS) / 1e6)];
  });

/** Seconds that were told of nobody, by why. */
const untold = async () =>
  [...(await meters.text()).matchAll(/^vigil_silent_seconds_untold_total(.+)$/gm)].map(([, counted]) => counted);

describe('a bed whose frames reach the log past this gateway', () => {
  it('is told to be silent, every second, once its sender has stopped for three', async () => {
    await seconds(1, 10, (second) => gateway.overhear(written(second)));
    expect(await silences()).toEqual([]);
    await seconds(11, 15);
    expect(await silences()).toEqual([13, 14, 15].map((second) => [second, 10]));
  });

  it('is told so by the clock by which its frames were taken in: no time goes back', async () => {
    await seconds(1, 10, (second) => gateway.overhear(written(second, 30)));
    await seconds(11, 13);
    expect(await silences()).toEqual([[43, 40]]);
  });

  it('is not called silent because a register speaks of it at the door', async () => {
    const register = (second: number) =>
      second === 2
        ? gateway.accept(encodeTelemetry(frame({ source: 'adt', sequence: 1, device: 2, patient: 'p1' })))
        : undefined;
    await seconds(1, 20, (second) => {
      gateway.overhear(written(second));
      return register(second);
    });
    expect(await silences()).toEqual([]);
  });

  it('is told once a second where it is heard both ways and both stop', async () => {
    await seconds(1, 10, (second) => {
      gateway.overhear(written(second));
      return gateway.accept(encodeTelemetry(frame({ source: 'here', sequence: second, device: second })));
    });
    await seconds(11, 20);
    const told = (await silences()).map(([second]) => second);
    expect(told).toEqual([...new Set(told)]);
    expect(told.at(-1)).toBe(20);
  });

  it('is not called silent here where its device goes on at another front', async () => {
    await seconds(1, 5, (second) => gateway.accept(encodeTelemetry(frame({ sequence: second, device: second }))));
    await seconds(6, 40, (second) => gateway.overhear(written(second)));
    const told = (await silences()).map(([second]) => second);
    expect(told.filter((second) => second! > 17)).toEqual([]);
  });

  it('is one of many that is told to be silent, until that is heard on the log', async () => {
    const beds = ['icu-01', 'icu-02', 'icu-03'];
    await seconds(1, 5, (second) => {
      for (const bed of beds) gateway.overhear({ ...written(second), bed });
    });
    // The line to the log is cut: nothing is heard, and each bed's silence would be told of a bed that lives.
    await seconds(6, 10);
    expect((await silences()).map(([second]) => second)).toEqual([8, 9, 10]);
    gateway.overhear({ ...written(11), bed: 'icu-04' });
    await seconds(11, 11);
    expect((await silences()).filter(([second]) => second === 11)).toHaveLength(3);
  });

  it.each(['takes what it was given', 'takes nothing of it'])(
    'is told to be silent as of now, whatever waited for a line that was cut, where the log in the end %s',
    async (how) => {
      const { promise: lineIsBack, resolve: bringBack } = Promise.withResolvers<void>();
      let isCut = false;
      const log: EventLog = {
        ...place.log,
        append: (records) => async () => {
          const hangs = isCut;
          if (hangs) await lineIsBack;
          if (hangs && how === 'takes nothing of it') return E.left(AWAY);
          return place.log.append(records)();
        },
      };
      gateway = gatewayOn(log);
      const here = (second: number) => frame({ bed: 'icu-here', sequence: second, device: second });
      await seconds(1, 10, (second) => {
        gateway.overhear(written(second));
        return gateway.accept(encodeTelemetry(here(second)));
      });
      isCut = true;
      // Both beds' devices go on to another front; of a third one a frame is under way.
      const under = gateway.accept(encodeTelemetry(frame({ bed: 'icu-under', sequence: 1, device: 10.5 })));
      const passed: Promise<void>[] = [];
      for (let second = 11; second <= 40; second++) {
        clock = at(second);
        passed.push(gateway.secondPassed());
        await new Promise(setImmediate);
      }
      isCut = false;
      bringBack();
      await Promise.all([under, ...passed]);
      // But for the one that was under way when the line was cut, which analysis knows.
      expect((await untold())[0]).toMatch(/^{why="the log was late"} [12]\d$/);
      const underWay = how === 'takes what it was given' ? 1 : 0;
      expect((await silences()).filter(([second]) => second! < 38).length).toBeLessThanOrEqual(underWay);
      await seconds(41, 43);
      expect((await silences()).map(([second]) => second)).toEqual(expect.arrayContaining([40, 41, 42, 43]));
    },
  );

  it('is told to be silent where its frames lie, also where that is not the partition of its name', async () => {
    const appended: NewRecord[] = [];
    const append: EventLog['append'] = (records) => {
      appended.push(...records);
      return place.log.append(records);
    };
    gateway = gatewayOn({ ...place.log, append, partitionOf: () => 2 });
    await seconds(1, 5, (second) => {
      gateway.overhear({ ...written(second), bed: 'icu-apart' }, 3);
      gateway.overhear(written(second), 2);
    });
    await seconds(6, 9, () => gateway.overhear({ ...written(9), bed: 'icu-speaks' }, 2));
    const placed = new Map(appended.map(({ key, partition }) => [key, partition]));
    expect([...placed].sort()).toEqual([
      ['icu-01', undefined],
      ['icu-apart', 3],
    ]);
  });

  it('is told who lies there, its results and its silence where its frames lie: nobody else knows the bed', async () => {
    const appended: NewRecord[] = [];
    const append: EventLog['append'] = (records) => {
      appended.push(...records);
      return place.log.append(records);
    };
    gateway = gatewayOn({ ...place.log, append, partitionOf: () => 2 });
    const register = (second: number, patient: string) =>
      gateway.accept(encodeTelemetry(frame({ source: 'adt', sequence: second, device: second, patient })));
    // Before its first frame nobody knows that it will lie elsewhere.
    await seconds(1, 1, (second) => register(second, 'p0'));
    await seconds(2, 10, (second) => gateway.overhear(written(second), 3));
    await seconds(11, 11, (second) => register(second, 'p1'));
    await seconds(12, 14);
    expect(appended.map(({ partition }) => partition)).toEqual([undefined, 3, 3, 3, 3]);
    const act = makeActs({ ...place.log, append }, () => clock, gateway.apart);
    await act({ id: '1', kind: 'standby', bed: 'icu-01', by: 'Ada' });
    expect(appended.at(-1)).toMatchObject({ topic: 'vigil.telemetry', partition: 3 });
    // A second device of the bed that speaks at the door has its own place; what is said of the bed goes there again.
    await seconds(15, 15, (second) =>
      gateway.accept(encodeTelemetry(frame({ source: 'oximeter', sequence: 1, device: second, hr: 70 }))),
    );
    await seconds(16, 16, (second) => register(second, 'p2'));
    expect(appended.slice(-2).map(({ partition }) => partition)).toEqual([undefined, undefined]);
  });

  it('is told to be silent by one front alone: by two clocks its time would go back and forth', async () => {
    await seconds(1, 5, (second) => gateway.overhear(written(second, -7)));
    const elsewhere = (second: number): Telemetry => ({
      ...frame({ source: 'vigil-gateway', sequence: second, device: second }),
      silence: { $typeName: 'vigil.v1.Silence', sinceUs: at(5), takenAwayBy: '' },
    });
    await seconds(6, 20, (second) => gateway.overhear(elsewhere(second)));
    expect(await silences()).toEqual([]);
    // The other one is gone, too.
    await seconds(21, 30);
    expect((await silences()).length).toBeGreaterThanOrEqual(7);
  });

  it('is not overheard where its frames of before come back late from the log', async () => {
    await seconds(1, 5, (second) => gateway.accept(encodeTelemetry(frame({ sequence: second, device: second }))));
    await seconds(6, 19);
    for (const second of [3, 4, 5]) gateway.overhear(written(second));
    await seconds(20, 25);
    const told = (await silences()).map(([second]) => second);
    expect(told.slice(-6)).toEqual([20, 21, 22, 23, 24, 25]);
  });

  it('is not overheard where it knocked at this door itself', async () => {
    await seconds(1, 5, (second) => {
      const mine = frame({ sequence: second, device: second });
      gateway.overhear(mine);
      return gateway.accept(encodeTelemetry(mine));
    });
    gateway.overhear({ ...frame({ sequence: 9, device: 9 }), gatewayTimeUs: at(5) });
    await seconds(6, 7);
    expect((await silences()).map(([second]) => second)).toEqual([6, 7]);
  });
});

describe('a gateway that stood still', () => {
  it('calls no bed silent whose frames wait to be read, and one that has gone silent two seconds later', async () => {
    const send = (bed: string, second: number) =>
      gateway.accept(encodeTelemetry(frame({ bed, sequence: second, device: second })));
    await seconds(1, 10, (second) => {
      gateway.overhear({ ...written(second), bed: 'icu-past' });
      return Promise.all([send('icu-lives', second), send('icu-gone', second)]);
    });
    // It stood still for ten seconds: its timer is due before what waits at its sockets, and on the log, is read.
    clock = at(20);
    const passed = gateway.secondPassed();
    for (let second = 11; second <= 20; second++) {
      void send('icu-lives', second);
      gateway.overhear({ ...written(second), bed: 'icu-past' });
    }
    await passed;
    expect(await silences()).toEqual([]);
    await seconds(21, 24, (second) => {
      gateway.overhear({ ...written(second), bed: 'icu-past' });
      return send('icu-lives', second);
    });
    expect(await silences()).toEqual([22, 23, 24].map((second) => [second, 10]));
    expect(await untold()).toEqual(['{why="the gateway stood still"} 2']);
  });
});

it('a frame of who writes to the log itself and says not when it came in came when the log took it', () => {
  const value = encodeTelemetry(frame({ sequence: 1, device: 1, hr: 70 }));
  const read = telemetryOf({ key: 'icu-01', value, appendedAt: at(5) });
  expect(E.isRight(read) && read.right.gatewayTimeUs).toBe(at(5));
});
