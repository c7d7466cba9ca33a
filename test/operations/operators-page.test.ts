/** docs/operators.md says what is so: its messages are those of the code, its variables those of the compose file, its days those of the topics. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tiers } from '../../schemas/series.ts';
import { topics } from '../../schemas/topics.ts';
import { secretFiles } from '../../services/cli/secret-files.ts';
import { composeFile, root, textOf } from '../containers/compose-file.ts';

const page = textOf('docs/operators.md');
const DAY_MS = 86_400_000;

/** The first column of the table under a heading. */
const firstColumn = (heading: string): readonly string[] =>
  page
    .slice(page.indexOf(`\n## ${heading}\n`))
    .split(/\n## /)[1]!
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[-|]+\|$/.test(line))
    .slice(1)
    .map((line) => line.split('|')[1]!.trim());

const quoted = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, words]) => words!);

const sources = readdirSync(join(root, 'services'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  .join('\n');

describe('the operators’ page', () => {
  it('quotes the messages as Vigil says them', () => {
    const NOT_OURS = ['No space left', 'rejected', 'times', 'clock', 'secrets', '/healthz'];
    const messages = firstColumn('What to do when')
      .flatMap(quoted)
      .filter((words) => !NOT_OURS.includes(words));
    expect(messages.length).toBeGreaterThan(7);
    /** What is filled in differs; the longest piece that is fixed must be there. */
    const fixed = (words: string): string =>
      words
        .split(/…|\bN\b|\S*\.db/)
        .map((piece) => piece.replace(/^[:\s]+|\s+$/g, ''))
        .reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
    const missing = messages.map(fixed).filter((piece) => piece.length < 8 || !sources.includes(piece));
    expect(missing).toEqual([]);
  });

  it('keeps what it says that is kept', () => {
    const days = (topic: keyof typeof topics): number => {
      const { retention } = topics[topic];
      return retention.kind === 'time' ? retention.ms / DAY_MS : Number.NaN;
    };
    expect(page).toContain(`| \`vigil.telemetry\` | every frame | ${days('vigil.telemetry')} days`);
    for (const topic of ['vigil.findings', 'vigil.alarm-inputs', 'vigil.rejected'] as const)
      expect(days(topic)).toBe(30);
    expect(days('vigil.alarms')).toBe(365);
    expect(page).toContain(`${days('vigil.audit').toLocaleString('en')} days, six years (\`VIGIL_KEEP_AUDIT_DAYS\``);
    expect(days('vigil.audit-beds')).toBe(days('vigil.audit'));
    const kept = [tiers.raw, tiers.minutes, tiers.alarms].map(({ daysUsual }) => daysUsual).join(', ');
    expect(page).toContain(`${kept} days (\`VIGIL_KEEP_…\``);
  });

  it('names every secret, and only variables that the compose file reads', () => {
    const named = firstColumn('Secrets and their rotation').flatMap(quoted);
    expect([...named].sort()).toEqual(secretFiles.map(({ name }) => name).sort());
    const compose = textOf('docker-compose.yml');
    const variables = firstColumn('First start').flatMap(quoted);
    expect(variables.length).toBeGreaterThan(5);
    for (const variable of variables)
      expect(compose).toContain(variable.startsWith('…') ? variable.slice(1) : `\${${variable}`);
  });

  it('says which port is open where', () => {
    for (const { ports = [] } of Object.values(composeFile().services))
      for (const port of ports) expect(page).toContain(port.split(':').slice(0, 2).join(':'));
  });
});
