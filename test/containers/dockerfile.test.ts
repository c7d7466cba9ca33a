/** The Dockerfile by reading, and by running what it says: the console's build and the last stage's files, as they are copied. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { access, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../recordings/made-record.ts';
import { root, textOf } from './compose-file.ts';
import { copiesOf, dockerfileStages, execForm, lastStage, restsOf, stageNamed } from './dockerfile.ts';
import { putTogether } from './image-tree.ts';

const run = promisify(execFile);
const stages = dockerfileStages();
const last = lastStage();
const manifest = JSON.parse(textOf('package.json')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};

const sourcesOf = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));

/** Packages that a file asks for when it runs: types are gone by then. */
const packagesOf = (path: string): readonly string[] => {
  const code = readFileSync(path, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^import type [^;]*;/gm, '');
  const asked = [...code.matchAll(/^(?:import|export)\s[^;]*?from '([^'.][^']*)'|import\('([^'.][^']*)'\)/gm)];
  return asked
    .map(([, fixed, later]) => (fixed ?? later)!)
    .filter((name) => !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
};

describe('the Dockerfile', () => {
  it('begins with bases that are pinned to one version', () => {
    const names = stages.map(({ name }) => name);
    const bases = stages.map(({ base }) => base).filter((base) => !names.includes(base) && !base.startsWith('base-$'));
    expect(bases.length).toBeGreaterThan(1);
    for (const base of bases) expect(base).toMatch(/:\d+\.\d+\.\d+-/);
  });

  it('has the Node that package.json names, and not its npm package besides', () => {
    expect(stageNamed('node').base).toMatch(new RegExp(`^node:${manifest.dependencies['node']}-`));
    expect(restsOf(stageNamed('modules'), 'RUN').join()).toContain('rm -rf node_modules/node ');
  });

  it('installs by the lock, runs no script of a package, and takes no development package along', () => {
    const installs = stages.flatMap((stage) => restsOf(stage, 'RUN').filter((line) => line.includes('npm ci')));
    expect(installs.length).toBe(2);
    for (const line of installs) expect(line).toContain('--ignore-scripts');
    expect(textOf('Dockerfile')).not.toMatch(/npm (install|i) /);
    const [modules] = copiesOf(last).filter(({ sources }) => sources.includes('/vigil/node_modules'));
    expect(modules?.from).toBe('modules');
    expect(restsOf(stageNamed('modules'), 'RUN')[0]).toContain('npm ci --omit=dev');
  });

  it('needs nothing at run time that is not among the dependencies', () => {
    const files = copiesOf(last).flatMap(({ from, sources }) => (from === undefined ? sources : []));
    const folders = files.filter((name) => /^(schemas|stream-models|services)$/.test(name));
    expect(folders).toHaveLength(3);
    const asked = new Set(folders.flatMap(sourcesOf).flatMap(packagesOf));
    expect(asked.size).toBeGreaterThan(8);
    // The console is built when it is missing; in the image it is not.
    expect([...asked].filter((name) => !(name in manifest.dependencies))).toEqual(['vite']);
  });

  it('is given what it copies, and nothing else of the folder', () => {
    const copied = stages.flatMap((stage) =>
      copiesOf(stage).flatMap(({ from, sources }) => (from === undefined ? sources : [])),
    );
    const lines = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    const letIn = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    // "dashboards" is let in so that one folder of it can be.
    expect(lines.slice(lines.indexOf('!dashboards'))).toContain('dashboards/*');
    expect(letIn.filter((name) => name !== 'dashboards').sort()).toEqual([...new Set(copied)].sort());
  });

  it('runs as nobody in particular, without a shell, and asks itself how it does', () => {
    expect(restsOf(last, 'USER')).toEqual(['1000:1000']);
    expect(execForm(last, 'ENTRYPOINT')).toEqual(
      manifest.scripts['vigil']!.split(' '), // what a person runs by npm is what a container runs
    );
    expect(execForm(last, 'CMD')).toEqual(['start', '--no-simulate']);
    expect(execForm(last, 'HEALTHCHECK')).toEqual(['node', 'services/main.ts', 'health', '--own']);
    expect(restsOf(last, 'STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('is labelled as the Open Container Initiative asks', () => {
    const labels = restsOf(last, 'LABEL').join();
    for (const name of ['title', 'description', 'licenses', 'version', 'revision'])
      expect(labels).toContain(`org.opencontainers.image.${name}=`);
    expect(restsOf(last, 'ARG')).toContain(`VERSION=${manifest.version}`);
  });

  it('builds the console from no more than it copies', async () => {
    await using folder = await temporaryFolder();
    await putTogether(stageNamed('console'), folder.path);
    await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    await run(process.execPath, [vite, 'build', 'dashboards/console'], { cwd: folder.path });
    await access(join(folder.path, 'dashboards/console/dist/index.html'));
  });

  it('has everything in its last stage that its entry point needs', async () => {
    await using folder = await temporaryFolder();
    await putTogether(last, folder.path);
    const [, ...words] = execForm(last, 'ENTRYPOINT');
    const { stdout } = await run(process.execPath, [...words, 'check-config'], { cwd: folder.path, env: {} });
    expect(JSON.parse(stdout)).toMatchObject({ port: 8420 });
  });

  it('compiles its sources when it is built, so that a start on a read-only disk finds them all', async () => {
    await using folder = await temporaryFolder();
    await putTogether(last, folder.path);
    const compiled = join(folder.path, '.vigil/compiled');
    expect(restsOf(last, 'ENV').join()).toContain('NODE_COMPILE_CACHE=/vigil/.vigil/compiled');
    const options = { cwd: folder.path, env: { NODE_COMPILE_CACHE: compiled } };
    const filesIn = () => readdirSync(compiled, { recursive: true }).length;
    for (const line of restsOf(last, 'RUN').filter((each) => each.startsWith('['))) {
      const [program, ...words] = JSON.parse(line) as string[];
      expect(program).toBe('node');
      await run(process.execPath, words, options);
    }
    const before = filesIn();
    expect(before).toBeGreaterThan(500);
    const [, ...words] = execForm(last, 'ENTRYPOINT');
    const [, ...health] = execForm(last, 'HEALTHCHECK');
    await run(process.execPath, [...words, '--help'], options);
    await expect(run(process.execPath, [...health, '--url', 'http://127.0.0.1:1'], options)).rejects.toThrow(
      '127.0.0.1:1',
    );
    expect(filesIn()).toBe(before);
  });
});
