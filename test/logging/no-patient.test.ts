import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { makeAudit } from '../../services/audit/audit.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { at, frame } from '../gateway/frames.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { openConsole } from '../screens/console.ts';
import { startVigil, type VigilUnderTest, wall } from '../screens/vigil-under-test.ts';

/** A name and a record number that stand nowhere else: whatever writes them down has them from a message. */
const PLANTED = ['MRN-4711-0815', 'Lovelace', 'Königsberg'] as const;
const [MRN, NAME, WORD] = PLANTED;

describe('what Vigil writes about itself', () => {
  let place: LogInAFolder;
  let vigil: VigilUnderTest;
  let lines: string[];
  beforeEach(async () => {
    lines = [];
    place = await logInAFolder();
    const journal = makeJournal({ level: 'debug', destination: { write: (line) => lines.push(line) } });
    const audit = makeAudit({
      ...{ log: place.log, now: wall, journal, ticks: false },
      begun: { process: 'front', version: '0', user: 'ops' },
    });
    vigil = await startVigil(place.log, { lines: (line) => lines.push(line), audit });
  });
  afterEach(async () => {
    await vigil.close();
    await place.discard();
  });

  const post = (path: string, body: string) =>
    fetch(`http://${vigil.address(path)}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  it('names no patient and no nurse, whatever was sent, refused, done or asked: journal, /metrics, /healthz, /v1/sources', async () => {
    const now = (wall() - at(0)) / 1e6;
    const told = (sequence: number, patient: string, source = 'monitor-1') =>
      frame({ bed: 'icu-1', source, sequence, device: now, hr: 70, patient });
    await vigil.gateway.accept(encodeTelemetry(told(1, MRN)));
    // Refused: cut off, of a wrong checksum, of JSON with the name where a number belongs, of no JSON at all.
    const good = encodeTelemetry(told(2, MRN));
    for (const bytes of [good.subarray(0, good.length - 9), good.with(12, good[12]! ^ 1)])
      await vigil.gateway.accept(bytes);
    const refused = [
      `{"bed":"icu-1","source":"m","sequence":"${NAME}","assignment":{"patient":"${MRN}"}}`,
      `{"bed":"icu-1","${NAME}":"${WORD}"}`,
      `${NAME} ${MRN}`,
    ];
    for (const body of refused) expect((await post('/v1/telemetry', body)).status).toBe(400);
    // A clock that is set, a source that begins anew, two patients on one bed.
    await vigil.gateway.accept(encodeTelemetry(told(3, WORD, 'monitor-2')));
    await vigil.gateway.accept(
      encodeTelemetry(frame({ bed: 'icu-1', source: 'monitor-1', sequence: 4, device: now + 4_000, patient: MRN })),
    );
    for (const body of [
      `{"id":"1","kind":"acknowledge","bed":"icu-1","by":"${NAME}","reason":"${WORD}"}`,
      `{"by":"${NAME}"}`,
      NAME,
    ])
      await post('/v1/acts', body);
    for (const path of [`/v1/${MRN}`, `/v1/sources?patient=${MRN}`, `/${NAME}/../${MRN}`, `/v1/acts?by=${NAME}`])
      await fetch(`http://${vigil.address(path)}`);
    await vi.waitUntil(() => vigil.screens.patientOf('icu-1') !== '', { timeout: 10_000 });
    vigil.screens.quarterPassed();
    for (const said of [
      '{"type":"act","id":"2","kind":"reset","bed":"icu-1","by":"Lovelace"}',
      `{"type":"watch","waves":"${MRN}"}`,
    ]) {
      const console = await openConsole(vigil.address('/v1/live'));
      console.say({ type: 'hello' });
      await console.hears('snapshot');
      console.say(JSON.parse(said));
      console.say({ type: 'act', id: '3', kind: 'acknowledge', bed: 'icu-1', by: NAME });
      await Promise.race([console.hears('acted', ({ id }) => id === '3'), console.closed]);
      await console.close();
    }
    await vigil.screens.secondPassed();

    const answers = await Promise.all(
      ['/metrics', '/healthz', '/v1/sources'].map(async (path) =>
        (await fetch(`http://${vigil.address(path)}`)).text(),
      ),
    );
    expect(lines.length).toBeGreaterThan(2);
    const written = [...lines, ...answers].join('\n');
    expect(PLANTED.filter((word) => written.includes(word))).toEqual([]);
  });
});
