import { groupLagContract } from './group-lag.contract.ts';
import { underTest } from './sqlite-log-under-test.ts';

groupLagContract('SQLite', underTest);
