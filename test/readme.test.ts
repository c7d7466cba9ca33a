/** The README's example is run as it stands there, against Vigil as its users start it. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { deployEmbedded } from './servers/vigil.ts';

const root = resolve(import.meta.dirname, '..');

it('publishes a frame by the example of the README', async () => {
  const readme = await readFile(resolve(root, 'README.md'), 'utf8');
  const [, example] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(example?.trim().split('\n').length).toBeLessThanOrEqual(20);
  const vigil = await deployEmbedded();
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', example!], {
      env: { ...process.env, VIGIL_URL: `http://${vigil.url}` },
    });
    expect(stdout).toMatch(/^2\d\d /);
    const metrics = await fetch(`http://${vigil.url}/metrics`).then((answer) => answer.text());
    expect(metrics).toMatch(/^vigil_frames_total\{verdict="live"\} 1$/m);
  } finally {
    await vigil.stop();
  }
});
