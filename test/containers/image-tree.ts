/**
 * The folder that the image has, put together here as the Dockerfile's last stage says: what it copies from the
 * repository, the built console, and node_modules (this machine's own, which has more than the image's).
 */
import { cp, mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { root } from './compose-file.ts';
import { type Copied, copiesOf, type ImageStage } from './dockerfile.ts';

const WORKDIR = '/vigil/';

/** Copies of other stages' files: where their original lies on this machine. */
const madeHere: Readonly<Record<string, string>> = {
  '/vigil/node_modules': 'node_modules',
  '/vigil/dashboards/console/dist': 'dashboards/console/dist',
};

const copyFrom = async ({ from, sources, to }: Copied, folder: string): Promise<void> => {
  for (const source of sources) {
    const original = from === undefined ? source : madeHere[source];
    if (original === undefined) throw new Error(`nobody here makes ${source} of stage ${from}`);
    const target = join(
      folder,
      to.endsWith('/') || to === '.' ? join(to, basename(original)) : to.replace(WORKDIR, ''),
    );
    await mkdir(join(target, '..'), { recursive: true });
    if (original === 'node_modules') await symlink(join(root, original), target);
    else await cp(join(root, original), target, { recursive: true, filter: (path) => !path.endsWith('README.md') });
  }
};

/** Puts what a stage copies into a folder. */
export const putTogether = async (stage: ImageStage, folder: string): Promise<void> => {
  for (const copied of copiesOf(stage)) await copyFrom(copied, folder);
};
