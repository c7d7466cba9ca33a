import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { conditions } from '../../schemas/conditions.ts';
import { measures } from '../../stream-models/limits/measures.ts';
import { VIGIL } from '../operations/vigil-process.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { vigil } from './terminal.ts';

const COMMANDS = [
  'start',
  'stage',
  'replay',
  'simulate',
  'train',
  'score-stays',
  'evaluate',
  'topics',
  'series',
  'hold',
  'secrets',
  'console-link',
  'rejected',
  'check-config',
  'health',
];

describe('the command line', () => {
  it('names every command in its help, and the intended use', async () => {
    const { code, out } = await vigil('--help');
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(`\n  ${command}`);
    expect(out.replace(/\s+/g, ' ')).toContain('Never the only source of alarms.');
  });

  it('ends without a word when its reader hangs up, as head does', () => {
    const { stderr, status } = spawnSync(
      'bash',
      ['-c', 'set -o pipefail; "$0" "$@" | true', ...VIGIL, 'check-config', '--settings'],
      { encoding: 'utf8' },
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('tells the versions that a report of a fault begins with', async () => {
    const { code, out } = await vigil('--version');
    expect(code).toBe(0);
    const [node, onnx] = [process.versions.node, manifest.dependencies['onnxruntime-node']];
    expect(out.split('\n')).toEqual([
      `vigil ${manifest.version}`,
      `node ${node} (${process.platform} ${process.arch})`,
      `onnxruntime ${onnx}`,
    ]);
  });

  it.each([
    ...COMMANDS.map((command) => [command]),
    ['train', 'beats'],
    ['train', 'artefacts'],
    ['train', 'deterioration'],
    ['train', 'rhythm'],
    ['evaluate', 'alarms'],
    ['evaluate', 'sepsis'],
    ['evaluate', 'beats'],
    ['hold', 'add'],
    ['hold', 'list'],
    ['hold', 'release'],
  ])('explains %s %s with examples', async (...words) => {
    const { code, out } = await vigil(...words.filter((word) => word !== undefined), '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/Usage: vigil/);
    expect(out).toMatch(/Examples:\n {2}\$ /);
  });

  it.each([
    [['repaly'], /unknown command 'repaly'[\s\S]*Did you mean replay\?/],
    [['simulate', '--beds', 'many'], /--beds <n>.*'many' is invalid. It must be a whole number from 1 to 5000/],
    [['simulate', '--url', 'nowhere'], /It must be an address such as/],
    [['simulate', '--faults', 'lose=1'], /"lose" is no fault; there are drop, duplicate, reorder and skew/],
    [['simulate', '--token', 'file:/nowhere/token'], /The file cannot be read/],
    [['replay', '--out', 'x'], /required option '--wfdb <folder>' not specified/],
    [['topics'], /There is no Kafka: set KAFKA_BROKERS/],
    [['check-config', '--config', '/nowhere/vigil.json'], /cannot be read.*Check --config and VIGIL_CONFIG/],
  ] as const)('ends with 2 and a sentence when asked for %j', async (words, sentence) => {
    const { code, side } = await vigil(...words);
    expect(side).toMatch(sentence);
    expect(side).not.toMatch(/\n\s+at .*\.ts:/);
    expect(code).toBe(2);
  });

  it('prints the checked configuration without secrets', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, {
      'vigil.json': JSON.stringify({ site: 'ICU 2', gatewayTokens: ['do-not-print-this-token-ever'] }),
    });
    const { code, out } = await vigil('check-config', '--config', `${folder.path}/vigil.json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ site: 'ICU 2', gatewayTokens: '1 (not shown)' });
    expect(out).not.toContain('do-not-print');
  });

  it('lists every mistake of the configuration at once', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { 'vigil.json': JSON.stringify({ prot: 1, port: 'x', preset: 'none' }) });
    const { code, side } = await vigil('check-config', '--config', `${folder.path}/vigil.json`);
    expect(code).toBe(2);
    expect(side).toMatch(/3 mistakes:\n {2}- .*\n {2}- .*\n {2}- /);
  });

  it('prints the rules by which alarms ring: every limit with its delay, and every red definition', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { 'vigil.json': JSON.stringify({ preset: 'philips-like' }) });
    const { code, out } = await vigil('check-config', '--rules', '--config', `${folder.path}/vigil.json`);
    expect(code).toBe(0);
    expect(out).toContain('Rules "philips-like"');
    for (const { label } of measures) expect(out, label).toContain(`\n${label} `);
    expect(out).toMatch(/\nSpO₂ +% +at least 90 \(1\) +at least 90 \(1\) +88 to 96 \(1\) +10 s +12.3 s\n/);
    expect(out).toMatch(/\nEXTREME TACHY +> 140 over 5 beats /);
    for (const { label, priority, origin } of Object.values(conditions))
      if (priority === 'high' && origin === 'physiological' && label !== 'VFIB/VFLUTTER')
        expect(out, label).toContain(`\n${label} `);
  });

  it('lists every setting there is', async () => {
    const { out } = await vigil('check-config', '--settings');
    expect(out).toContain('VIGIL_PORT ("port" in the file)');
  });
});
