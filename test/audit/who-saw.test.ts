import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAuditEntry } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Audit, type AuditOptions, makeAudit } from '../../services/audit/audit.ts';
import { type Sight, sightsIn } from '../../services/audit/sights.ts';
import { makeStarts } from '../../services/audit/starts.ts';
import { whoSaw } from '../../services/audit/who-saw.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { at, frame } from '../gateway/frames.ts';
import { allOf, type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { right } from '../right.ts';
import { openConsole, type TestConsole } from '../screens/console.ts';
import { startVigil, type VigilUnderTest, wall } from '../screens/vigil-under-test.ts';
import { begun, HOUR_US, makeStory, T0, verified } from './story.ts';

const TOKEN = 'token-of-the-consoles-of-icu-2';

let place: LogInAFolder;
let vigil: VigilUnderTest;
let audit: Audit;
let consoles: TestConsole[] = [];
beforeEach(async () => {
  consoles = [];
  place = await logInAFolder();
  audit = makeAudit({
    ...{ log: place.log, now: wall, journal: makeJournal({ level: 'silent' }), ticks: false },
    begun: begun('front').value as AuditOptions['begun'],
  });
  vigil = await startVigil(place.log, { audit, http: { consoleTokens: [TOKEN] } });
});
const end = async (): Promise<void> => {
  await Promise.all(consoles.map((one) => one.close()));
  await vigil.close();
  await audit.close();
};
afterEach(() => place.discard());

let sequence = 0;
const lies = async (bed: string, patient: string): Promise<void> => {
  sequence += 1;
  const told = frame({ bed, source: `monitor of ${bed}`, sequence, device: (wall() - at(0)) / 1e6, hr: 70, patient });
  await vigil.gateway.accept(encodeTelemetry(told));
  await vi.waitUntil(() => vigil.screens.patientOf(bed) === patient, { timeout: 10_000 });
  vigil.screens.quarterPassed();
};
const greeted = async (): Promise<TestConsole> => {
  const one = await openConsole(vigil.address('/v1/live'));
  consoles.push(one);
  one.say({ type: 'hello', token: TOKEN });
  await one.hears('snapshot');
  return one;
};
/** Everything that a console said before was heard, for an act is answered behind it. */
const acts = async (one: TestConsole, bed: string, id: string): Promise<void> => {
  one.say({ type: 'act', id, kind: 'acknowledge', bed, by: 'Ada' });
  await one.hears('acted', (acted) => acted.id === id);
};
const saw = (wanted: string): Promise<readonly Sight[]> =>
  whoSaw(place.log, { wanted, fromUs: 0, toUs: Number.POSITIVE_INFINITY, nowUs: wall() });
const auditNow = async () => [
  ...(await allOf(place.log, 'vigil.audit')),
  ...(await allOf(place.log, 'vigil.audit-beds')),
];
/** In the order of these words: what is of one millisecond has no other. */
const told = (sights: readonly Sight[]): readonly string[] =>
  sights.map(({ what, bed, patient, name }) => `${what}, ${bed}, ${patient}, ${name}`).sort();

describe('who saw a patient', () => {
  it('is who opened the bed while the patient lay there, who had the ward then, and who acted; with token and address', async () => {
    await lies('icu-1', 'P-1');
    await lies('icu-2', 'P-2');
    const one = await greeted();
    one.say({ type: 'watch', waves: [], opened: 'icu-1', by: 'Ada' });
    await acts(one, 'icu-1', 'act-1');
    await lies('icu-1', 'P-3'); // in the bed that is open
    one.say({ type: 'watch', waves: [], opened: '', by: 'Ada' });
    await acts(one, 'icu-2', 'act-2');
    await end();

    const first = await saw('P-1');
    expect(told(first)).toEqual([
      'acknowledge, icu-1, P-1, Ada',
      'had the ward on a screen, icu-1, P-1, ',
      'opened the bed, icu-1, P-1, Ada',
    ]);
    for (const { token, address, process } of first) {
      expect(token).toMatch(/^[\da-f]{12}$/);
      expect([address, process]).toEqual(['127.0.0.1', 'front']);
    }
    expect(told(await saw('P-3'))).toEqual([
      'had the ward on a screen, icu-1, P-3, ',
      'opened the bed, icu-1, P-3, Ada',
    ]);
    expect(told(await saw('P-2'))).toEqual(['acknowledge, icu-2, P-2, Ada', 'had the ward on a screen, icu-2, P-2, ']);
    expect(told(await saw('icu-1'))).toEqual([
      'acknowledge, icu-1, P-1, Ada',
      'had the ward on a screen, icu-1, , ',
      'opened the bed, icu-1, P-1, Ada',
      'opened the bed, icu-1, P-3, Ada',
    ]);
    expect(await saw('P-9')).toEqual([]);
    expect(verified(await auditNow()).faults).toEqual([]);
  });

  it('is told of consoles of an earlier release too, which do not say what they open: they ask for all of its waves', async () => {
    await lies('icu-1', 'P-1');
    const one = await greeted();
    one.say({ type: 'watch', waves: [{ bed: 'icu-1', codes: [131330, 150456] }] });
    await acts(one, 'icu-1', 'act-1');
    await end();
    expect(told(await saw('P-1'))).toContain('opened the bed, icu-1, P-1, ');
  });

  it('is who asked over HTTP what is of all beds, or of this one; once an hour for a program that asks every second', async () => {
    await lies('icu-1', 'P-1');
    const ask = (token: string) =>
      fetch(`http://${vigil.address('/v1/sources')}`, { headers: { authorization: `Bearer ${token}` } });
    for (let i = 0; i < 3; i++) expect((await ask(TOKEN)).status).toBe(200);
    expect((await ask('no-token-that-anybody-knows')).status).toBe(401);
    const acted = await fetch(`http://${vigil.address('/v1/acts')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'a-1', kind: 'acknowledge', bed: 'icu-1', by: 'Grace' }),
    });
    expect(acted.status).toBe(200);
    await end();
    expect(told(await saw('P-1'))).toEqual(['GET /v1/sources, icu-1, P-1, ', 'acknowledge, icu-1, P-1, Grace']);
  });

  it('is nobody whose screen was gone, also where its process was killed: an hour after its last word at most', () => {
    const story = makeStory();
    story.begins('a');
    story.says('a', { case: 'lies', value: { bed: 'icu-1', patient: 'P-1' } }, 'icu-1');
    story.says('a', { case: 'consoleOpened', value: { session: 1 } });
    const chain = story.records.map(({ value }) => right(decodeAuditEntry(value)));
    const { unplaced, stays } = sightsIn('P-1', chain, T0 + 10 * HOUR_US, HOUR_US);
    expect(stays).toEqual([{ bed: 'icu-1', fromUs: T0, toUs: T0 + HOUR_US }]);
    expect(unplaced).toMatchObject([{ fromUs: T0, toUs: T0 + HOUR_US, process: 'a' }]);
  });
});

describe('who changed the settings', () => {
  it('is told by each start: the user, the mark of the settings, and what differs from the start before', () => {
    const story = makeStory();
    story.says('a', begun('front', '{"keepAuditDays":2192,"limits":{"lateMs":60000}}'));
    story.says('b', begun('front', '{"keepAuditDays":3650,"limits":{"lateMs":60000}}'));
    const starts = makeStarts();
    for (const record of story.records) starts.hear(record);
    expect(starts.all()).toMatchObject([
      { process: 'front', user: 'ops', changes: [] },
      { process: 'front', user: 'ops', changes: ['keepAuditDays: 2192 → 3650'] },
    ]);
  });
});
