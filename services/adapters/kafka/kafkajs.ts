/**
 * kafkajs with one of its functions replaced: its own filter of aborted transactions (2.2.4, `filterAbortedMessages.js`) takes
 * the broker's list in the order in which it comes and lets records of an aborted transaction pass when several writers'
 * transactions overlap. A stage that died would find a checkpoint that was never committed, and skip what lies before it: an
 * alarm was lost so. kafkajs has no setting for it and had no release since 2023; all of Vigil takes kafkajs from here.
 */
import { createRequire } from 'node:module';
import type kafkajs from 'kafkajs';
import { withoutAborted } from './aborted-transactions.ts';

const require = createRequire(import.meta.url);
const filter = require.resolve('kafkajs/src/consumer/filterAbortedMessages.js');
if (require.cache[filter] !== undefined)
  throw new Error(`kafkajs was loaded before ${import.meta.filename} could mend it: import it from there`);
require(filter);
require.cache[filter]!.exports = withoutAborted;

const mended = require('kafkajs') as typeof kafkajs;

export type Kafka = kafkajs.Kafka;
export const { ConfigResourceTypes, Kafka, KafkaJSError, Partitioners, logLevel } = mended;
