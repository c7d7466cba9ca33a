/**
 * A year of a busy ward in the audit, and how long its questions take: `npm run bench:audit [DAYS]`. Twenty beds, a bed opened and left 3,000 times
 * a day, 300 acts, 60 sessions, six admissions, an hour's head each hour: about 6,500 entries a day.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { auditTopics } from '../../schemas/topics.ts';
import { moment } from '../../schemas/units.ts';
import { openLogFile } from '../../services/adapters/embedded/log-thread-file.ts';
import { putRecords } from '../../services/adapters/embedded/log-thread-lanes.ts';
import { packNew } from '../../services/adapters/embedded/log-thread-messages.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { type AuditEvent, beginChain, linked, sha256 } from '../../services/audit/chain.ts';
import { topicOf } from '../../services/audit/topic-of.ts';
import { makeVerifier } from '../../services/audit/verify.ts';
import { whoSaw } from '../../services/audit/who-saw.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import { readToNow } from '../../services/runtime/read-to-now.ts';

const DAYS = Number(process.argv[2] ?? 365);
const BEDS = 20;
const T0 = 1_780_000_000e6;
const DAY_US = 86_400e6;
const END = T0 + DAYS * DAY_US;

const folder = mkdtempSync(join(tmpdir(), 'vigil-audit-'));
const path = join(folder, 'log.db');
const file = openLogFile(path, undefined);

let chain = beginChain();
let waiting: NewRecord[] = [];
let count = 0;
const say = (atUs: number, event: AuditEvent, key = VIGIL_BED): void => {
  const [after, value] = linked(chain, moment(atUs), event);
  chain = after;
  waiting.push({
    topic: topicOf(event.case),
    key,
    value,
  });
  count += 1;
};
const patientIn = (bed: number, day: number): string => `P-${bed}-${Math.floor((day + bed) / 3)}`;
const who = { name: '', token: '0123456789ab', address: '10.20.30.40' };

say(T0, {
  case: 'begun',
  value: { process: 'front', version: '0', user: 'ops', config: '{}', configSha256: sha256('{}') },
});
for (let day = 0; day < DAYS; day++) {
  const at = (part: number): number => T0 + (day + part) * DAY_US;
  for (let bed = 0; bed < BEDS; bed++) {
    const [patient, patientBefore] = [patientIn(bed, day), patientIn(bed, day - 1)];
    if (patient !== patientBefore || day === 0)
      say(
        at(0),
        { case: 'lies', value: { bed: `icu-${bed}`, patient, patientBefore: day === 0 ? '' : patientBefore } },
        `icu-${bed}`,
      );
  }
  for (let i = 0; i < 3_000; i++) {
    const [bed, session] = [`icu-${i % BEDS}`, (day * 60 + (i % 60)) >>> 0];
    if (i < 60) say(at(i / 3_000), { case: 'consoleOpened', value: { session, who } });
    if (i % 125 === 0) say(at(i / 3_000), { case: 'heads', value: { heads: [] } });
    const patient = patientIn(i % BEDS, day);
    say(at(i / 3_000), { case: 'lookedAt', value: { session, bed, patient, name: 'Ada Lovelace' } }, bed);
    if (i % 10 === 0)
      say(
        at(i / 3_000),
        {
          case: 'acted',
          value: {
            bed,
            patient,
            kind: 'acknowledge',
            alarm: `${bed}/hr-high/${at(0)}`,
            id: `${i}`.padStart(32, '0'),
            session,
            who: { ...who, name: 'Ada Lovelace' },
            done: true,
          },
        },
        bed,
      );
    say(
      at((i + 0.5) / 3_000),
      { case: 'lookedAt', value: { session, bed: '', patient: '', name: '', bedBefore: bed, patientBefore: patient } },
      bed,
    );
    if (i >= 2_940) say(at(i / 3_000), { case: 'consoleClosed', value: { session } });
  }
  // As the log would have taken them: each with its time, to a quarter of a day.
  for (let i = 0; i < 4; i++) {
    const taken = packNew(waiting.slice((i * waiting.length) / 4, ((i + 1) * waiting.length) / 4));
    file.write(false, () => putRecords(file, taken, at(i / 4), new Map()));
  }
  waiting = [];
}
file.close();
const log = await openSqliteEventLog({ path });
console.log(`${count} entries in ${DAYS} days, ${(statSync(path).size / 1e6).toFixed(0)} MB`);

const timed = async (what: string, work: () => Promise<string>): Promise<void> => {
  const began = performance.now();
  const before = process.cpuUsage();
  const found = await work();
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${what}: ${((performance.now() - began) / 1e3).toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of processor), ${found}`,
  );
};
for (const wanted of ['P-7-20', 'icu-7']) {
  await timed(
    `who saw ${wanted}`,
    async () => `${(await whoSaw(log, { wanted, fromUs: 0, toUs: END, nowUs: END })).length} sights`,
  );
}
await timed('verify', async () => {
  const verifier = makeVerifier({ keptUs: Number.POSITIVE_INFINITY, nowUs: END, ends: undefined });
  for (const topic of auditTopics) await readToNow(log, topic, verifier.hear);
  return `${verifier.conclude().faults.length} faults`;
});
await log.close();
rmSync(folder, { recursive: true });
