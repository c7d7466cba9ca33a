import { refusedContract } from './refused.contract.ts';
import { underTest } from './sqlite-log-under-test.ts';

refusedContract('SQLite', underTest);
