import { once } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket as WebSocketClient } from 'ws';
import { MDC } from '../../schemas/codes.ts';
import { type AlarmEvent, SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { LiveFrame } from '../../schemas/live.ts';
import { decodeAlarmInput, encodeAlarmEvent } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { OUTBOX_BOUNDS_USUAL } from '../../services/screens/outbox.ts';
import { at, frame } from '../gateway/frames.ts';
import { allOf, type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { alarmEvent, type Heard, openConsole, type TestConsole } from './console.ts';
import { type Setup, startVigil, type VigilUnderTest, wall } from './vigil-under-test.ts';

let place: LogInAFolder;
let log: LogInAFolder['log'];
let vigil: VigilUnderTest;
let consoles: TestConsole[] = [];

beforeEach(async () => {
  place = await logInAFolder();
  log = place.log;
  vigil = await startVigil(log);
  consoles = [];
});
afterEach(async () => {
  await Promise.all(consoles.map((one) => one.close()));
  await vigil.close();
  await place.discard();
});

const restart = async (setup: Setup = {}): Promise<void> => {
  await vigil.close();
  vigil = await startVigil(log, setup);
};

const open = async (): Promise<TestConsole> => {
  const one = await openConsole(vigil.address('/v1/live'));
  consoles.push(one);
  return one;
};
const greeted = async (since?: string): Promise<TestConsole> => {
  const one = await open();
  one.say(since === undefined ? { type: 'hello' } : { type: 'hello', since });
  await one.hears('snapshot');
  return one;
};

const announce = async (...events: readonly AlarmEvent[]): Promise<void> => {
  const kept = await log.append(
    events.map((event) => ({ topic: 'vigil.alarms', key: event.bed, value: encodeAlarmEvent(event) })),
  )();
  expect(E.isRight(kept)).toBe(true);
};

/** Seconds since the shift of the stories began, on the clock of this machine. */
const sinceShift = (): number => (wall() - at(0)) / 1e6;
const send = (sequence: number, changes: Partial<Parameters<typeof frame>[0]> = {}) =>
  vigil.gateway.accept(encodeTelemetry(frame({ sequence, device: sinceShift(), ...changes })));

const inputs = async (): Promise<readonly string[]> =>
  (await allOf(log, 'vigil.alarm-inputs')).map(({ value }) => {
    const input = decodeAlarmInput(value);
    if (E.isLeft(input)) throw new Error(input.left.sentence);
    const said = input.right.input;
    if (said.case === 'condition') return `${said.value.condition} ${said.value.present ? 'present' : 'absent'}`;
    return said.case === 'action' ? `${said.value.kind} ${said.value.alarm} by ${said.value.by}` : `${said.case}`;
  });

const on = (alarm: string, bed = 'icu-01'): AlarmEvent =>
  alarmEvent({ bed, atUs: wall(), alarm, to: SignalState.ON, signals: [{ alarm }] });
const off = (alarm: string, bed = 'icu-01'): AlarmEvent =>
  alarmEvent({ bed, atUs: wall(), alarm, from: SignalState.ON, to: SignalState.OFF });

describe('a console', () => {
  it('gets a snapshot first, with what rings, what was measured and what Vigil is not', async () => {
    await announce(on('a'));
    await send(1, { hr: 72, patient: 'p-1' });
    await restart();
    const one = await greeted();
    const snapshot = await one.hears('snapshot');
    expect(snapshot).toMatchObject({ frame: 1, ward: 'ICU 2', simulated: true, resumed: false, provider: 'cpu' });
    expect(snapshot.intendedUse).toContain('Never the only source of alarms');
    expect(snapshot.beds).toMatchObject([
      {
        bed: 'icu-01',
        patient: 'p-1',
        alarms: [{ alarm: 'a', label: 'VFIB/VFLUTTER', priority: 'high', state: 'on' }],
        numerics: [{ code: MDC.ecgHeartRate, value: 72, unit: '/min', by: 'monitor', staleAfterUs: 5e6 }],
      },
    ]);
  });

  it('learns where the history of a bed is, if it is anywhere', async () => {
    expect(await (await greeted()).hears('snapshot')).not.toHaveProperty('grafana');
    await restart({ grafanaUrl: 'https://grafana.hospital.example' });
    expect(await (await greeted()).hears('snapshot')).toMatchObject({ grafana: 'https://grafana.hospital.example' });
  });

  it('is told that the sound of a bed without any alarm is paused, and that it is no more', async () => {
    const one = await greeted();
    const until = wall() + 120e6;
    const paused = { ...alarmEvent({ atUs: wall() }), audioPausedUntilUs: until };
    await announce(paused);
    expect(await one.hears('alarms')).toMatchObject({ bed: 'icu-01', alarms: [], audioPausedUntilUs: until });
    await announce(alarmEvent({ atUs: wall() }));
    await one.hears('alarms', ({ audioPausedUntilUs }) => audioPausedUntilUs === null);
  });

  it('hears an alarm at once, beds four times a second, and the waves it watches, all numbered in one row', async () => {
    const one = await greeted();
    one.say({ type: 'watch', waves: [{ bed: 'icu-01', codes: [] }] });
    one.say({ type: 'act', id: 'x', kind: 'reset', bed: 'nobody', by: 'test' });
    await one.hears('acted');
    await send(1, { hr: 72, ecgMs: 250 });
    await send(1, { bed: 'icu-02', ecgMs: 250 });
    const wave = await one.hears('wave');
    expect(wave).toMatchObject({ bed: 'icu-01', code: MDC.ecgII, rateNumerator: 250 });
    expect(wave.samples).toHaveLength(63);
    await announce(on('a'));
    expect(await one.hears('alarms')).toMatchObject({
      bed: 'icu-01',
      alarms: [{ alarm: 'a' }],
      transitions: [{ from: 'off', to: 'on', why: 'told' }],
    });
    vigil.screens.quarterPassed();
    expect((await one.hears('bed', ({ bed }) => bed.bed === 'icu-01')).bed).toMatchObject({
      numerics: [{ value: 72 }],
    });
    await vigil.screens.secondPassed();
    await one.hears('heartbeat');
    expect(one.heard.map((heard) => heard.frame)).toEqual(one.heard.map((_, i) => i + 1));
    expect(one.heard.filter((heard) => heard.type === 'wave' && heard.bed === 'icu-02')).toEqual([]);
  });

  it('draws a lead that two devices tell from one of them, and from the other once that one is quiet', async () => {
    const one = await greeted();
    one.say({ type: 'watch', waves: [{ bed: 'icu-01', codes: [] }] });
    one.say({ type: 'act', id: 'x', kind: 'reset', bed: 'nobody', by: 'test' });
    await one.hears('acted');
    /** How many samples a piece has says who told it. */
    const tell = (sequence: number, source: string, ecgMs: number) => send(sequence, { source, ecgMs });
    for (const sequence of [1, 2, 3]) {
      await tell(sequence, 'bedside', 400);
      await tell(sequence, 'transport', 200);
    }
    const told = () => one.heard.flatMap((heard) => (heard.type === 'wave' ? [heard.samples.length] : []));
    await vi.waitUntil(() => told().length >= 3);
    expect(told()).toEqual([100, 100, 100]);
    let sequence = 4;
    await vi.waitUntil(
      async () => {
        await tell(sequence++, 'transport', 200);
        return told().includes(50);
      },
      { timeout: 10_000, interval: 250 },
    );
    // A trace that may be of either says of which it is.
    vigil.screens.quarterPassed();
    const named = ({ bed }: { bed: object }) => JSON.stringify(bed).includes('"source":"transport"');
    expect((await one.hears('bed', named)).bed.waveSources).toEqual([{ code: MDC.ecgII, source: 'transport' }]);
  });

  it('is told of an audio pause that begins and ends while every alarm of the bed is acknowledged', async () => {
    const acknowledged = [{ alarm: 'a', state: SignalState.ACKNOWLEDGED }];
    const rollCall = alarmEvent({ atUs: at(0), signals: acknowledged });
    await announce(rollCall);
    await restart();
    const one = await greeted();
    const pausedUntil = wall() + 120e6;
    await announce({ ...rollCall, audioPausedUntilUs: pausedUntil }, rollCall);
    await one.hears('alarms', ({ audioPausedUntilUs }) => audioPausedUntilUs === null);
    const pauses = one.heard.flatMap((heard) => (heard.type === 'alarms' ? [heard.audioPausedUntilUs] : []));
    expect(pauses).toEqual([pausedUntil, null]);
  });

  it('resumes by cursor: exactly what it missed, once and in order, and nothing that ended rings', async () => {
    const one = await greeted();
    await announce(on('a'));
    const { cursor } = await one.hears('alarms');
    await one.close();
    const other = await greeted();
    await announce(off('a'), on('b'), on('c', 'icu-02'), off('b'), alarmEvent({ atUs: wall() }));
    // What was announced reaches the screens over the log: another console tells when it is there.
    await other.hears('alarms', ({ transitions }) =>
      transitions.some(({ alarm, to }) => alarm === 'b' && to === 'off'),
    );
    await other.hears('alarms', ({ alarms }) => alarms.some(({ alarm }) => alarm === 'c'));
    const again = await greeted(cursor);
    const snapshot = await again.hears('snapshot');
    expect(snapshot.resumed).toBe(true);
    expect(snapshot.beds.flatMap(({ alarms }) => alarms).map(({ alarm }) => alarm)).toEqual(['c']);
    await announce(on('d'));
    await again.hears('alarms', ({ alarms }) => alarms.some(({ alarm }) => alarm === 'd'));
    const told = again.heard.flatMap((heard) => (heard.type === 'alarms' ? heard.transitions : []));
    const ofBed = (bed: string) => told.filter((one) => one.bed === bed).map(({ alarm, to }) => `${alarm} ${to}`);
    expect(ofBed('icu-01')).toEqual(['a off', 'b on', 'b off', 'd on']);
    expect(ofBed('icu-02')).toEqual(['c on']);
  });

  it('resumes by cursor after a restart of the screens too', async () => {
    const one = await greeted();
    await announce(on('a'));
    const { cursor } = await one.hears('alarms');
    await restart();
    await announce(off('a'));
    await restart();
    const again = await greeted(cursor);
    expect((await again.hears('snapshot')).resumed).toBe(true);
    expect((await again.hears('alarms')).transitions.map(({ alarm, to }) => `${alarm} ${to}`)).toEqual(['a off']);
    const { cursor: newer } = await again.hears('alarms');
    const last = await greeted(newer);
    await vigil.screens.secondPassed();
    await last.hears('heartbeat');
    expect(last.heard.map(({ type }) => type)).toEqual(['snapshot', 'heartbeat']);
  });

  it('resumes at once however much it missed: it is not too slow for alarms that are over', async () => {
    await restart({ outbox: { ...OUTBOX_BOUNDS_USUAL, alarmsMax: 8, alarmsBelowBytes: 1 } });
    const one = await greeted();
    const { cursor } = await one.hears('snapshot');
    const other = await greeted();
    const beds = ['icu-01', 'icu-02', 'icu-03'];
    // One after the other, as a ward rings. Who listens meanwhile takes each before the next comes.
    for (let i = 0; i < 30; i++) {
      await announce(on(`a${i}`, beds[i % 3]));
      await other.hears('alarms', ({ transitions }) => transitions.some(({ alarm }) => alarm === `a${i}`));
    }
    const again = await greeted(cursor);
    await announce(on('last'));
    await again.hears('alarms', ({ transitions }) => transitions.some(({ alarm }) => alarm === 'last'));
    const told = again.heard.flatMap((heard) => (heard.type === 'alarms' ? heard.transitions : []));
    expect(new Set(told.map(({ alarm }) => alarm)).size).toBe(31);
    // Where it stands then is behind all that it missed.
    const newer = await greeted(again.heard.flatMap((heard) => (heard.type === 'alarms' ? [heard.cursor] : [])).at(-1));
    expect((await newer.hears('snapshot')).resumed).toBe(true);
    await vigil.screens.secondPassed();
    await newer.hears('heartbeat');
    expect(newer.heard.map(({ type }) => type)).toEqual(['snapshot', 'heartbeat']);
  });

  it('is told what it missed of one bed in frames that a slow line delivers before it is given up', async () => {
    const one = await greeted();
    const { cursor } = await one.hears('snapshot');
    const other = await greeted();
    const events = Array.from({ length: 1_000 }, (_, i) => on(`a${i}`));
    await announce(...events, on('last'));
    await other.hears('alarms', ({ transitions }) => transitions.some(({ alarm }) => alarm === 'last'));
    const again = await greeted(cursor);
    await again.hears('alarms', ({ transitions }) => transitions.some(({ alarm }) => alarm === 'last'));
    const told = again.heard.flatMap((heard) => (heard.type === 'alarms' ? [heard.transitions] : []));
    expect(told.flat().map(({ alarm }) => alarm)).toEqual([...events.map((_, i) => `a${i}`), 'last']);
    expect(Math.max(...told.map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  it('is told when nobody can say what it missed', async () => {
    await announce(on('a'));
    for (const since of ['0:999999,1:5', 'nonsense']) {
      const one = await greeted(since);
      expect((await one.hears('snapshot')).resumed).toBe(false);
    }
  });

  it('is closed after five seconds without an answer to the heartbeat, and kept while it answers', async () => {
    const deaf = await greeted();
    const good = await greeted();
    for (let second = 1; second <= 7; second++) {
      await vigil.screens.secondPassed();
      const count = second;
      await good.hears('heartbeat', () => good.heard.filter(({ type }) => type === 'heartbeat').length >= count);
      const before = vigil.screens.consoles();
      good.say({ type: 'received', frame: good.heard.at(-1)!.frame });
      good.say({ type: 'act', id: `${second}`, kind: 'reset', bed: 'nobody', by: 'test' });
      await good.hears('acted', ({ id }) => id === `${second}`);
      expect(before).toBe(second <= 5 ? 2 : 1);
    }
    expect(await deaf.closed).toMatchObject({ code: 4408 });
    expect(await vigil.meters.text()).toContain('vigil_sockets_reaped_total{reason="no heartbeat"} 1');
  });

  it('that says for ever that it received the same is hung up on, for what it did not receive is remembered', async () => {
    const one = await greeted();
    for (let second = 1; second <= 7; second++) {
      one.say({ type: 'received', frame: 1 });
      one.say({ type: 'act', id: `${second}`, kind: 'reset', bed: 'nobody', by: 'test' });
      if (second <= 5) await one.hears('acted', ({ id }) => id === `${second}`);
      await vigil.screens.secondPassed();
    }
    expect(await one.closed).toMatchObject({ code: 4408 });
  });

  it('acts, and what it did is on the log with who and which alarm', async () => {
    const one = await greeted();
    one.say({ type: 'act', id: 'act-1', kind: 'acknowledge', bed: 'icu-01', alarm: 'a', by: 'nurse R.' });
    expect(await one.hears('acted')).toMatchObject({ id: 'act-1', ok: true });
    one.say({ type: 'act', id: 'act-2', kind: 'acknowledge', bed: 'icu-01', by: '' });
    expect(await one.hears('acted', ({ id }) => id === 'act-2')).toMatchObject({ ok: false });
    expect(await inputs()).toEqual(['1 a by nurse R.']);
  });

  it('is told that an act which the line held up for half a minute was not done', async () => {
    const one = await greeted();
    const act = { type: 'act', kind: 'pause-audio', bed: 'icu-01', by: 'nurse R.' } as const;
    one.say({ ...act, id: 'held-up', decidedUs: wall() - 30e6 });
    expect(await one.hears('acted', ({ id }) => id === 'held-up')).toMatchObject({
      ok: false,
      sentence:
        'Pause audio, bed icu-01: it came 30 s after it was decided, and was not done. Look at the alarm, then try again.',
    });
    expect(await inputs()).toEqual([]);
  });

  it('is told when what its act meant has come back since, and no other console is', async () => {
    const [one, other] = [await greeted(), await greeted()];
    const unmet = (act: string): AlarmEvent => {
      const event = alarmEvent({ atUs: wall(), from: SignalState.ON, to: SignalState.ON, signals: [{ alarm: 'a' }] });
      event.transition!.act = act;
      return event;
    };
    const act = { type: 'act', kind: 'acknowledge', bed: 'icu-01', alarm: 'a', by: 'nurse R.' } as const;
    one.say({ ...act, id: 'slow', seen: [{ alarm: 'a', appearance: 1 }] });
    await one.hears('acted', ({ id, ok }) => id === 'slow' && ok);
    await announce(unmet('slow'));
    expect((await one.hears('acted', ({ id, ok }) => id === 'slow' && !ok)).sentence).toBe(
      'VFIB/VFLUTTER, bed icu-01: it has come back since you looked, and is not acknowledged. Look again.',
    );
    const kept = (await allOf(log, 'vigil.alarm-inputs')).map(({ value }) => decodeAlarmInput(value));
    expect(kept.map((input) => (E.isRight(input) ? input.right.input.value : input.left))).toMatchObject([
      { id: 'slow', seen: { alarms: [{ alarm: 'a', appearance: 1 }] } },
    ]);
    // What is missed is told as a change of nothing, and rings nobody's time.
    const { transitions } = await other.hears('alarms');
    expect(transitions).toMatchObject([{ from: 'on', to: 'on', by: 'vigil' }]);
    expect(await vigil.meters.text()).toMatch(/vigil_alert_latency_seconds_count 0/);
    expect(other.heard.filter(({ type }) => type === 'acted')).toEqual([]);
  });

  it('must say hello first, with a token that is known, in words that are JSON', async () => {
    const token = 'console-token-of-at-least-24';
    await restart({ http: { consoleTokens: [token], gatewayTokens: ['gateway-token-of-at-least-24'] } });
    const strange = await open();
    strange.say({ type: 'hello', token: 'guessed' });
    expect(await strange.closed).toMatchObject({ code: 4401 });
    const hasty = await open();
    hasty.say({ type: 'received', frame: 1 });
    expect(await hasty.closed).toMatchObject({ code: 4400 });
    const known = await open();
    known.say({ type: 'hello', token });
    await known.hears('snapshot');
    known.say({ type: 'received', frame: 999 });
    expect(await known.closed).toMatchObject({ code: 4400 });
  });
});

describe('a console that does not read', () => {
  it('loses waves, never an alarm, and nobody else waits for it', async () => {
    await restart({ outbox: { ...OUTBOX_BOUNDS_USUAL, wavesMax: 8 } });
    const good = await greeted();
    good.say({ type: 'watch', waves: [{ bed: 'icu-01', codes: [] }] });
    const slow = new WebSocketClient(`ws://${vigil.address('/v1/live')}`);
    const texts: LiveFrame[] = [];
    let frames = 0;
    slow.on('message', (data, isBinary) => {
      frames += 1;
      if (isBinary) return;
      const text = JSON.parse(String(data)) as LiveFrame;
      texts.push(text);
      // Numbers have no holes: what was shed was never numbered.
      expect(text.frame).toBe(frames);
    });
    await once(slow, 'open');
    slow.send(JSON.stringify({ type: 'hello' }));
    await once(slow, 'message');
    slow.send(JSON.stringify({ type: 'watch', waves: [{ bed: 'icu-01', codes: [] }] }));
    slow.send(JSON.stringify({ type: 'act', id: 'x', kind: 'reset', bed: 'nobody', by: 'test' }));
    await once(slow, 'message');
    slow.pause();

    const shed = async () => Number(/vigil_waves_shed_total (\d+)/.exec(await vigil.meters.text())?.[1] ?? 0);
    let sent = 0;
    while ((await shed()) < 20 && sent < 400) {
      sent += 1;
      // Two minutes of ECG, as much as one frame may hold, fill the line quickly.
      await send(sent, { ecgMs: 120_000 });
      const count = sent;
      await good.hears('wave', () => good.heard.filter(({ type }) => type === 'wave').length >= count);
      if (sent % 5 === 0) await announce(on(`a${sent}`));
    }
    expect(await shed()).toBeGreaterThanOrEqual(20);
    await announce(on('last'));
    await good.hears('alarms', ({ alarms }) => alarms.some(({ alarm }) => alarm === 'last'));

    const caughtUp = new Promise<void>((done) => {
      slow.on('message', () => {
        if (texts.some((text) => text.type === 'alarms' && text.alarms[0]?.alarm === 'last')) done();
      });
    });
    slow.resume();
    await caughtUp;
    const alarmsOf = (all: readonly Heard[]) =>
      all.flatMap((one) => (one.type === 'alarms' ? one.transitions.map(({ alarm }) => alarm) : []));
    expect(alarmsOf(texts)).toEqual(alarmsOf(good.heard));
    expect(alarmsOf(texts).length).toBeGreaterThan(3);
    slow.close();
    await once(slow, 'close');
  });
});

describe('an alarm that no console received', () => {
  it('is none where a console of another front has it, also for a front that begins anew while it rings', async () => {
    const alone = () => startVigil(log);
    let other = await alone();
    const received = async () => (await inputs()).filter((line) => line === 'received').length;
    try {
      const one = await greeted();
      await announce(on('a'));
      const { frame: heard } = await one.hears('alarms', ({ alarms }) => alarms.some(({ alarm }) => alarm === 'a'));
      one.say({ type: 'received', frame: heard });
      one.say({ type: 'act', id: 'x', kind: 'reset', bed: 'nobody', by: 'test' });
      await one.hears('acted');
      await vigil.screens.secondPassed();
      expect(await received()).toBe(1);
      await vi.waitUntil(() => other.screens.health().undelivered === 0, { timeout: 5_000 });
      for (let second = 0; second < 12; second++) await other.screens.secondPassed();
      expect(await inputs()).not.toContain('not-delivered present');
      await other.close();
      other = await alone();
      expect(other.screens.health().undelivered).toBe(0);
      for (let second = 0; second < 60; second++) await vigil.screens.secondPassed();
      // Told again while it rings, for fronts that begin anew later.
      expect(await received()).toBeGreaterThanOrEqual(2);
    } finally {
      await other.close();
    }
  });

  it('becomes an alarm of its own, and ends when a console has received it', async () => {
    await announce(on('a'));
    const one = await greeted();
    await announce(on('b'));
    await one.hears('alarms', ({ alarms }) => alarms.some(({ alarm }) => alarm === 'b'));
    // The console hears it, but never says so.
    for (let second = 0; second < 10; second++) await vigil.screens.secondPassed();
    expect(await inputs()).toEqual(['not-delivered present']);
    const two = await greeted();
    two.say({ type: 'received', frame: (await two.hears('snapshot')).frame });
    two.say({ type: 'act', id: 'x', kind: 'reset', bed: 'nobody', by: 'test' });
    await two.hears('acted');
    await vigil.screens.secondPassed();
    expect((await inputs()).filter((line) => line.startsWith('not'))).toEqual([
      'not-delivered present',
      'not-delivered absent',
    ]);
  });
});

describe('analysis that says nothing', () => {
  it('is an alarm of the bed after five seconds of telemetry', async () => {
    const one = await greeted();
    one.say({ type: 'watch', waves: [{ bed: 'icu-01', codes: [] }] });
    one.say({ type: 'act', id: 'x', kind: 'reset', bed: 'nobody', by: 'test' });
    await one.hears('acted');
    for (let second = 1; second <= 5; second++) {
      await send(second, { ecgMs: 250 });
      await one.hears('wave', () => one.heard.filter(({ type }) => type === 'wave').length >= second);
      await vigil.screens.secondPassed();
    }
    expect(await inputs()).toContain('analysis-silent present');
  });
});
