import { auditContract } from './audit.contract.ts';
import { underTest } from './sqlite-log-under-test.ts';

auditContract('SQLite', underTest);
