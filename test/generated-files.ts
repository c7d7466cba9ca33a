/** Generates again what is generated and committed, into a scratch folder, and compares. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'vigil-generated-'));

interface Generated {
  readonly folder: string;
  readonly source: string;
  readonly command: string;
  /** Writes it below the scratch folder at the same place. */
  readonly generate: () => void;
}

const run = (command: string, ...args: readonly string[]): void =>
  void execFileSync(command, args, { cwd: root, stdio: 'inherit' });

const generated: readonly Generated[] = [
  {
    folder: 'schemas/generated',
    source: 'the .proto files',
    command: 'npm run generate',
    generate: () => {
      run('buf', 'lint');
      run('buf', 'generate', '--output', scratch);
    },
  },
  {
    folder: 'dashboards/grafana/generated',
    source: 'dashboards/grafana',
    command: 'npm run dashboards',
    generate: () =>
      run(process.execPath, 'dashboards/grafana/generate.ts', join(scratch, 'dashboards/grafana/generated')),
  },
];

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

try {
  for (const { folder, source, command, generate } of generated) {
    generate();
    const [committed, fresh] = [join(root, folder), join(scratch, folder)];
    const names = [...new Set([...filesOf(committed), ...filesOf(fresh)])];
    const textOf = (place: string, name: string): string | undefined =>
      filesOf(place).includes(name) ? readFileSync(join(place, name), 'utf8') : undefined;
    const stale = names.filter((name) => textOf(committed, name) !== textOf(fresh, name));
    if (stale.length === 0) continue;
    console.error(`${folder} is not what ${source} say: ${stale.join(', ')}. Run "${command}" and commit.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
