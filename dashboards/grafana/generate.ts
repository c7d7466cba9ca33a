/** `npm run dashboards`: writes generated/. With a folder as its argument it writes there, for the comparison in `npm run check`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dashboards, fileText } from './dashboards.ts';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, 'generated'));
mkdirSync(folder, { recursive: true });
for (const [file, dashboard] of Object.entries(dashboards())) writeFileSync(join(folder, file), fileText(dashboard));
