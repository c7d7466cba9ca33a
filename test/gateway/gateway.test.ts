import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TELEMETRY_LIMITS } from '../../schemas/checked-telemetry.ts';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { decodeRejected } from '../../schemas/messages.ts';
import { decodeLoggedTelemetry, encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, seconds } from '../../schemas/units.ts';
import { type Gateway, type GatewayOptions, makeGateway } from '../../services/gateway/gateway.ts';
import { learnFromLog } from '../../services/gateway/restore.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { at, frame } from './frames.ts';
import { allOf, type LogInAFolder, logInAFolder } from './log-in-a-folder.ts';

let place: LogInAFolder;
let clock: Moment;

beforeEach(async () => {
  place = await logInAFolder();
  clock = at(0);
});
afterEach(() => place.discard());

const gatewayOn = (log: EventLog, options: Partial<GatewayOptions> = {}): Gateway =>
  makeGateway({
    log,
    now: () => clock,
    meters: makeMeters(),
    journal: makeJournal({ level: 'silent' }),
    lingerMs: 0,
    ...options,
  });

/** What the log holds of telemetry, one line per frame and in order per bed. */
const logged = async (log: EventLog): Promise<readonly string[]> =>
  (await allOf(log, 'vigil.telemetry')).map(({ value }) => {
    const decoded = decodeLoggedTelemetry(value);
    if (E.isLeft(decoded)) throw new Error(decoded.left.sentence);
    const { bed, sequence, silence, retrospective } = decoded.right;
    return `${bed} ${silence === undefined ? sequence : 'silent'}${retrospective ? ' retrospective' : ''}`;
  });

const rejectedOn = async (log: EventLog) =>
  (await allOf(log, 'vigil.rejected')).map(({ value }) => {
    const decoded = decodeRejected(value);
    if (E.isLeft(decoded)) throw new Error(decoded.left.sentence);
    return decoded.right;
  });

describe('the gateway', () => {
  it('keeps the largest frame that may be taken, and the largest that is refused, beside those of neighbours', async () => {
    const gateway = gatewayOn(place.log, { lingerMs: 8 });
    const largest = frame({ bed: 'large', sequence: 1, device: 1, ecgMs: 1_000 });
    const [wave] = largest.waveforms;
    for (let code = 1; encodeTelemetry(largest).length < TELEMETRY_LIMITS.frameBytes; code++)
      largest.waveforms.push({ ...wave!, code, rateNumerator: 25_000, samples: new Uint8Array(20_000) });
    largest.waveforms.pop();
    const bytes = encodeTelemetry(largest);
    expect(bytes.length).toBeGreaterThan(TELEMETRY_LIMITS.frameBytes - 21_000);
    const misnamed = { ['x'.repeat(TELEMETRY_LIMITS.frameBytes - 20)]: 1 };
    const answers = await Promise.all([
      gateway.accept(bytes),
      gateway.acceptJson(misnamed, new TextEncoder().encode(JSON.stringify(misnamed))),
      gateway.accept(new Uint8Array(3 * TELEMETRY_LIMITS.frameBytes)),
      gateway.accept(encodeTelemetry(frame({ bed: 'neighbour', sequence: 1, device: 1 }))),
    ]);
    expect(answers).toMatchObject([
      { ok: true },
      { ok: false, again: false, code: 'unreadable' },
      { ok: false, again: false, code: 'too-large' },
      { ok: true },
    ]);
    await gateway.close();
  });

  it('refuses the second frame of a sender that counts none, whose old frames would ring as of now', async () => {
    const gateway = gatewayOn(place.log);
    const uncounted = (device: number) => {
      clock = at(device);
      return gateway.accept(encodeTelemetry(frame({ sequence: 0, device })));
    };
    expect(await uncounted(1)).toMatchObject({ ok: true, verdict: 'live' });
    expect(await uncounted(1)).toMatchObject({ ok: true, verdict: 'duplicate' });
    expect(await uncounted(2)).toMatchObject({ ok: false, again: false, code: 'missing-field', where: 'sequence' });
    clock = at(400);
    const late = await gateway.accept(encodeTelemetry(frame({ sequence: 0, device: 3 })));
    expect(late).toMatchObject({ ok: false, where: 'sequence' });
    expect(await gateway.accept(encodeTelemetry(frame({ sequence: 1, device: 400 })))).toMatchObject({ ok: true });
    await gateway.close();
  });

  it('goes on from 0 behind the last number that there is', async () => {
    const gateway = gatewayOn(place.log);
    const verdicts: string[] = [];
    for (const [i, sequence] of [2 ** 32 - 2, 2 ** 32 - 1, 0, 1, 2].entries()) {
      clock = at(i);
      const answer = await gateway.accept(encodeTelemetry(frame({ sequence, device: i })));
      verdicts.push(answer.ok ? answer.verdict : answer.code);
    }
    expect(verdicts).toEqual(['live', 'live', 'live', 'live', 'live']);
    await gateway.close();
  });

  it('listens for so many beds and no more, says so to others, and takes one in when another went away', async () => {
    const gateway = gatewayOn(place.log, { bedsMax: 2, lingerMs: 8 });
    const from = (bed: string, sequence: number) =>
      gateway.accept(encodeTelemetry(frame({ bed, sequence, device: sequence })));
    const atOnce = await Promise.all(['a', 'b', 'c', 'a'].map((bed, i) => from(bed, i + 1)));
    expect(atOnce.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    const [refused] = await rejectedOn(place.log);
    expect([refused!.code, refused!.where]).toEqual(['too-many', 'bed']);
    expect(refused!.sentence).toContain('VIGIL_BEDS_MAX');
    expect((await from('b', 9)).ok).toBe(true);
    clock = at(605);
    await gateway.accept(encodeTelemetry(frame({ bed: 'a', sequence: 605, device: 605 })));
    await gateway.secondPassed();
    for (let second = 1_205; second < 1_212; second++) {
      clock = at(second);
      await gateway.accept(encodeTelemetry(frame({ bed: 'a', sequence: second, device: second })));
      await gateway.secondPassed();
    }
    expect(gateway.bedsAdmitted()).toBe(1);
    expect((await from('c', 1_212)).ok).toBe(true);
    await gateway.close();
  });

  it('goes on for all beds when a device counts its clock to the end of the numbers there are', async () => {
    const gateway = gatewayOn(place.log);
    const told = { clockEpoch: 2 ** 32 - 1 };
    for (const [sequence, device] of [
      [1, 100],
      [2, 50],
      [3, 51],
    ] as const) {
      clock = at(100 + sequence);
      const answers = ['icu-01', 'icu-02'].map((bed) =>
        gateway.accept(encodeTelemetry(frame({ sequence, device, bed, ...(bed === 'icu-01' ? told : {}) }))),
      );
      expect(await Promise.all(answers)).toMatchObject([{ ok: true }, { ok: true }]);
    }
    const epochs = (await allOf(place.log, 'vigil.telemetry')).flatMap(({ key, value }) => {
      const decoded = decodeLoggedTelemetry(value);
      return key === 'icu-01' && E.isRight(decoded) ? [decoded.right.clockEpoch] : [];
    });
    expect(epochs).toEqual([2 ** 32 - 1, 0, 0]);
  });

  it('takes no frame for the bed where Vigil tells of itself, and says what to do', async () => {
    const gateway = gatewayOn(place.log);
    const answer = await gateway.accept(encodeTelemetry(frame({ sequence: 1, device: 0, bed: VIGIL_BED })));
    expect(answer).toMatchObject({
      ...{ ok: false, again: false, code: 'out-of-range', where: 'bed' },
      sentence: 'bed "vigil" is where Vigil tells of itself; call the bed by another name',
    });
    expect(await logged(place.log)).toEqual([]);
    expect(await rejectedOn(place.log)).toHaveLength(1);
    await gateway.close();
  });

  it('answers only after the log has kept the frame', async () => {
    const order: string[] = [];
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const slow: EventLog = {
      ...place.log,
      append: (records) => async () => {
        await opened;
        const kept = await place.log.append(records)();
        order.push('kept');
        return kept;
      },
    };
    const gateway = gatewayOn(slow);
    const answered = gateway.accept(encodeTelemetry(frame({ sequence: 1, device: 0 }))).then((answer) => {
      order.push('answered');
      return answer;
    });
    await new Promise((turn) => setImmediate(() => setImmediate(turn)));
    expect(order).toEqual([]);
    open();
    expect(await answered).toEqual({ ok: true, bed: 'icu-01', source: 'monitor-1', sequence: 1, verdict: 'live' });
    expect(order).toEqual(['kept', 'answered']);
    expect(await logged(place.log)).toEqual(['icu-01 1']);
  });

  it('stamps its own time over what the sender wrote', async () => {
    const gateway = gatewayOn(place.log);
    clock = at(5);
    await gateway.accept(
      encodeTelemetry({ ...frame({ sequence: 1, device: 3 }), gatewayTimeUs: at(99), retrospective: true }),
    );
    const [record] = await allOf(place.log, 'vigil.telemetry');
    const decoded = decodeLoggedTelemetry(record!.value);
    expect(decoded).toMatchObject(E.right({ gatewayTimeUs: at(5), deviceTimeUs: at(3), retrospective: false }));
  });

  it('keeps what it refuses with the reason and the original bytes', async () => {
    const gateway = gatewayOn(place.log);
    const torn = encodeTelemetry(frame({ sequence: 1, device: 0, ecgMs: 200 })).slice(0, 40);
    const answer = await gateway.accept(torn);
    expect(answer).toMatchObject({ ok: false, code: 'unreadable', again: false });
    const [rejected] = await rejectedOn(place.log);
    expect(rejected).toMatchObject({ stage: 'gateway', code: 'unreadable' });
    expect(new Uint8Array(rejected!.original)).toEqual(torn);
    expect(await gateway.accept(encodeTelemetry(frame({ sequence: 1, device: 0 })))).toMatchObject({ ok: true });
  });

  it('lets no device speak in its own name or write silences', async () => {
    const gateway = gatewayOn(place.log);
    const posing = frame({ sequence: 1, device: 0, source: 'vigil-gateway' });
    expect(await gateway.accept(encodeTelemetry(posing))).toMatchObject({ ok: false, where: 'source' });
    const nurse = frame({ sequence: 1, device: 0, source: 'vigil-nurse' });
    expect(await gateway.accept(encodeTelemetry(nurse))).toMatchObject({ ok: false, where: 'source' });
    const silent = {
      ...frame({ sequence: 1, device: 0 }),
      silence: { $typeName: 'vigil.v1.Silence', sinceUs: 0, takenAwayBy: '' } as const,
    };
    expect(await gateway.accept(encodeTelemetry(silent))).toMatchObject({ ok: false, where: 'silence' });
  });

  it('neither loses nor crashes over 2,000 damaged messages: in = accepted + refused', async () => {
    const gateway = gatewayOn(place.log, { lingerMs: 1 });
    const random = diceFrom(7).below;
    const answers = await Promise.all(
      Array.from({ length: 2_000 }, (_, i) => {
        const bytes = encodeTelemetry(frame({ sequence: i, device: i / 4, ecgMs: 100, hr: 70 }));
        const damaged = bytes.slice(0, bytes.length - random(3) * random(20));
        for (let k = random(4); k > 0; k--) damaged[random(damaged.length)] = random(256);
        return gateway.accept(damaged);
      }),
    );
    const accepted = answers.filter((answer) => answer.ok);
    expect(accepted.length).toBeGreaterThan(100);
    expect((await allOf(place.log, 'vigil.telemetry')).length).toBe(accepted.length);
    expect((await allOf(place.log, 'vigil.rejected')).length).toBe(2_000 - accepted.length);
  });

  it('writes a Silence for every admitted bed that said nothing in a second', async () => {
    const gateway = gatewayOn(place.log);
    const say = (bed: string, sequence: number, device: number) =>
      gateway.accept(encodeTelemetry(frame({ bed, sequence, device })));
    await say('icu-01', 1, 0);
    await say('icu-02', 1, 0);
    clock = at(1);
    await gateway.secondPassed();
    clock = at(1.5);
    await say('icu-02', 2, 1.5);
    clock = at(2);
    await gateway.secondPassed();
    clock = at(3);
    await gateway.secondPassed();
    const lines = await logged(place.log);
    expect(lines.filter((line) => line.startsWith('icu-01'))).toEqual(['icu-01 1', 'icu-01 silent', 'icu-01 silent']);
    expect(lines.filter((line) => line.startsWith('icu-02'))).toEqual(['icu-02 1', 'icu-02 2', 'icu-02 silent']);
  });

  it('calls no bed silent whose patient left, and lets go of one that was silent for ten minutes', async () => {
    const gateway = gatewayOn(place.log);
    await gateway.accept(encodeTelemetry(frame({ bed: 'left', sequence: 1, device: 0, patient: '' })));
    await gateway.accept(encodeTelemetry(frame({ bed: 'gone', sequence: 1, device: 0 })));
    for (const second of [1, 2, 3, 4, 5, 601, 602, 603]) {
      clock = at(second);
      await gateway.secondPassed();
    }
    const silences = (await logged(place.log)).filter((line) => line.endsWith('silent'));
    expect(silences).toEqual(Array(5).fill('gone silent'));
    expect(gateway.bedsAdmitted()).toBe(0);
  });

  it.each([
    ['stood still for a quarter of an hour', 900, ['gone silent']],
    ['stood still for two days', 172_800, []],
  ])('that %s says what did not come back while it is on the screens', async (_, second, silences) => {
    const gateway = gatewayOn(place.log);
    await gateway.accept(encodeTelemetry(frame({ bed: 'left', sequence: 1, device: 0, patient: '' })));
    await gateway.accept(encodeTelemetry(frame({ bed: 'gone', sequence: 1, device: 0 })));
    await gateway.accept(encodeTelemetry(frame({ bed: 'back', sequence: 1, device: 0 })));
    await gateway.secondPassed();
    for (const later of [0, 1, 2, 3, 4, 5, 6, 7]) {
      clock = at(second + later);
      if (later >= 2)
        await gateway.accept(encodeTelemetry(frame({ bed: 'back', sequence: second + later, device: second + later })));
      await gateway.secondPassed();
    }
    expect((await logged(place.log)).filter((line) => line.endsWith('silent'))).toEqual(silences);
    expect(gateway.bedsAdmitted()).toBe(1);
  });

  it('takes the same frame again after an append that failed, as if it had never been', async () => {
    let broken = false;
    const failing: EventLog = {
      ...place.log,
      append: (records) =>
        broken
          ? TE.left({ tag: 'LogUnavailable', retriable: true, sentence: 'the broker is away' })
          : place.log.append(records),
    };
    const gateway = gatewayOn(failing);
    const send = (sequence: number) => gateway.accept(encodeTelemetry(frame({ sequence, device: sequence / 4 })));
    expect(await send(1)).toMatchObject({ ok: true });
    broken = true;
    expect(await Promise.all([send(2), send(3)])).toMatchObject([
      { ok: false, sequence: 2, code: 'log-unavailable', again: true },
      { ok: false, sequence: 3, code: 'log-unavailable', again: true },
    ]);
    expect(gateway.lastFailure()?.sentence).toBe('the broker is away');
    broken = false;
    expect(await Promise.all([send(2), send(3), send(3)])).toMatchObject([
      { verdict: 'live' },
      { verdict: 'live' },
      { verdict: 'duplicate' },
    ]);
    expect(await logged(place.log)).toEqual(['icu-01 1', 'icu-01 2', 'icu-01 3']);
  });

  it('remembers over a restart what the log has, and goes on calling silent beds', async () => {
    // The log stamps its own time, so this story plays now.
    const wall = (): Moment => (Date.now() * 1_000) as Moment;
    clock = wall();
    const begun = (clock - at(0)) / 1e6;
    const before = gatewayOn(place.log);
    for (const sequence of [1, 2, 4]) await before.accept(encodeTelemetry(frame({ sequence, device: begun })));
    await before.close();
    const after = gatewayOn(place.log);
    expect((await learnFromLog(place.log, after, clock)).frames).toBe(3);
    expect(await after.accept(encodeTelemetry(frame({ sequence: 4, device: begun })))).toMatchObject({
      verdict: 'duplicate',
    });
    expect(await after.accept(encodeTelemetry(frame({ sequence: 3, device: begun })))).toMatchObject({
      verdict: 'retrospective',
    });
    clock = (clock + seconds(1)) as Moment;
    await after.secondPassed();
    expect((await logged(place.log)).at(-1)).toBe('icu-01 silent');
  });

  it('opens with the newest of the log, and knows the ten minutes before a little later', async () => {
    const wall = (): Moment => (Date.now() * 1_000) as Moment;
    clock = wall();
    const begun = (clock - at(0)) / 1e6;
    const before = gatewayOn(place.log);
    const send = (gateway: Gateway, bed: string, sequence: number) =>
      gateway.accept(encodeTelemetry(frame({ bed, sequence, device: begun + sequence / 1e3 })));
    // Both beds lie in one partition, and the quiet one spoke before the newest frames that are learnt at once.
    const partition = place.log.partitionOf('vigil.telemetry', 'icu-01');
    const quiet = ['icu-02', 'icu-03', 'icu-04', 'icu-05', 'icu-06', 'icu-07', 'icu-08', 'icu-09'].find(
      (bed) => place.log.partitionOf('vigil.telemetry', bed) === partition,
    )!;
    await send(before, quiet, 7);
    for (let sequence = 1; sequence <= 3_000; sequence += 1_000)
      await Promise.all(Array.from({ length: 1_000 }, (_, i) => send(before, 'icu-01', sequence + i)));
    await before.close();
    const after = gatewayOn(place.log);
    const learning = await learnFromLog(place.log, after, clock);
    expect(learning.frames).toBe(2_000);
    expect(await send(after, 'icu-01', 3_000)).toMatchObject({ verdict: 'duplicate' });
    expect(await send(after, 'icu-01', 3_001)).toMatchObject({ verdict: 'live' });
    await learning.past;
    expect(await send(after, 'icu-01', 3)).toMatchObject({ verdict: 'duplicate' });
    expect(await send(after, quiet, 7)).toMatchObject({ verdict: 'duplicate' });
    expect(after.bedsAdmitted()).toBe(2);
  });

  it('says that it is overloaded rather than hoarding, and loses nothing of what it took', async () => {
    const gateway = gatewayOn(place.log, { waitingMax: 100 });
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, i) => gateway.accept(encodeTelemetry(frame({ sequence: i, device: i / 100 })))),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(100);
    expect(answers[149]).toMatchObject({ ok: false, code: 'overloaded', again: true });
    expect((await logged(place.log)).length).toBe(100);
  });

  it('writes no patient and no bytes of a message into its own log', async () => {
    const lines: string[] = [];
    const journal = makeJournal({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
    const gateway = gatewayOn(place.log, { journal });
    const send = (sequence: number, device: number, patient: string) =>
      gateway.accept(encodeTelemetry(frame({ sequence, device, patient })));
    await send(1, 0, 'MRN-4711');
    await send(2, 3_600, 'MRN-4711');
    await send(1, 3_601, 'MRN-4712');
    await gateway.accept(new TextEncoder().encode('MRN-4713 is not protobuf'));
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'a device clock was stepped',
      'a source began to count anew',
    ]);
    expect(lines.join('')).not.toContain('MRN-');
  });

  it('rings after a restart at once for a device whose clock is an hour behind and that sends some seconds at once', async () => {
    const gateway = gatewayOn(place.log);
    const told = (second: number) => frame({ sequence: second + 1, device: second - 3_600 });
    const heard = (second: number): Moment => at(Math.floor(second / 5) * 5 + 4);
    for (let second = 0; second < 5; second++) gateway.learn({ ...told(second), gatewayTimeUs: heard(second) });
    for (let second = 5; second < 30; second++) {
      clock = heard(second);
      expect(await gateway.accept(encodeTelemetry(told(second)))).toMatchObject({ verdict: 'live' });
    }
  });
});
