import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import type { LogUnderTest } from './event-log-story.ts';

const LEASE_MS = 1_000;

/** A new file per log. The lease is short, because tests wait for it to run out. */
export const underTest: LogUnderTest = {
  newPlace: async () => join(await mkdtemp(join(tmpdir(), 'vigil-log-')), 'log.db'),
  discard: (path) => rm(dirname(path), { recursive: true }),
  openAt: (path) => openSqliteEventLog({ path, leaseMs: LEASE_MS }),
  leaseMs: LEASE_MS,
  module: fileURLToPath(import.meta.url),
};
