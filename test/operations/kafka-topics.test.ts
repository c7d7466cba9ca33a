/** The clinical engineer's first day with Kafka, and the day of an update: topics that are not there, that are new, that differ. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicNames } from '../../schemas/topics.ts';
import { ConfigResourceTypes, Kafka, logLevel } from '../../services/adapters/kafka/kafkajs.ts';
import { topicDifferences } from '../../services/adapters/kafka/topic-differences.ts';
import { type KafkaServer, kafkaForTests, startKafka } from '../servers/kafka.ts';
import { runVigil, startVigil } from './vigil-process.ts';

const kafka = await kafkaForTests();
const skipped = 'skipped' in kafka ? kafka.skipped : undefined;

describe.skipIf(skipped !== undefined)(`the topics of a new Kafka${skipped ? ` (${skipped})` : ''}`, () => {
  let server: KafkaServer;
  let env: Readonly<Record<string, string>>;

  // A broker of its own: that of the other tests has the topics.
  beforeAll(async () => {
    server = await startKafka();
    env = { KAFKA_BROKERS: server.brokers.join(','), VIGIL_PORT: '0', VIGIL_LOG_LEVEL: 'error' };
  });
  afterAll(() => server?.stop());

  const runsAndStops = async (stage: string): Promise<void> => {
    const running = startVigil(['stage', stage], env);
    await running.says(new RegExp(`Running: ${stage}`));
    expect(await running.stop()).toBe(0);
  };

  it('are missing at first: a stage names them, says what to run, and does not begin', async () => {
    const { code, said } = await runVigil(['stage', 'alarms'], env);
    expect(code).toBe(1);
    expect(said).toBe(`Kafka lacks the topics ${topicNames.join(', ')}; create them with: vigil topics.\n`);
  });

  it('are made by one command, which may be given again', async () => {
    expect(await runVigil(['topics'], env)).toEqual({ code: 0, said: `Created: ${topicNames.join(', ')}\n` });
    expect(await runVigil(['topics'], env)).toEqual({ code: 0, said: `There already: ${topicNames.join(', ')}\n` });
    await runsAndStops('alarms');
    expect(await runVigil(['rejected'], env)).toEqual({ code: 0, said: 'Nothing that was refused is kept.\n' });
  });

  it('keep their partitions when the setting says otherwise, for that would move beds', async () => {
    const { code, said } = await runVigil(['topics'], { ...env, KAFKA_PARTITIONS: '8' });
    expect(code).toBe(0);
    expect(said).toContain(
      'vigil.telemetry has partitions 4, wanted is 8; it was left as it is. Another number would move beds: set KAFKA_PARTITIONS=4.',
    );
  });

  it('that were made by hand are held against each other: no advice is given that the next line contradicts', async () => {
    const admin = new Kafka({ brokers: server.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const made = { telemetry: 4, findings: 2, 'alarm-inputs': 3, rejected: 2 };
    await admin.createTopics({
      waitForLeaders: false,
      topics: Object.entries(made).map(([topic, numPartitions]) => ({
        topic: `by-hand.vigil.${topic}`,
        numPartitions,
      })),
    });
    await admin.disconnect();
    const { code, said } = await runVigil(['topics'], { ...env, KAFKA_PREFIX: 'by-hand.' });
    expect(code).toBe(0);
    expect(said).toContain(
      'by-hand.vigil.alarm-inputs has partitions 3, wanted is 4; it was left as it is. The topics of',
    );
    expect(said).toContain(
      'by-hand.vigil.rejected has partitions 2, wanted is 1; it was left as it is. No bed depends',
    );
    expect(said).toContain(
      'by-hand.vigil.rejected has retention.bytes -1, wanted is 2147483648; it was left as it is.',
    );
    expect(said).not.toContain('set KAFKA_PARTITIONS=');
  });

  it('that are not as they were made are named when a stage starts, with the command that mends it, and it runs', async () => {
    const altered = { ...env, KAFKA_PREFIX: 'altered.', VIGIL_LOG_LEVEL: 'warn', KAFKA_PARTITIONS: '3' };
    expect((await runVigil(['topics'], altered)).code).toBe(0);
    // A stage need not know how many partitions were meant.
    const { KAFKA_PARTITIONS: _, ...forStages } = altered;
    const place = { brokers: server.brokers, prefix: 'altered.', clientId: 'vigil-test' };
    expect(await topicDifferences(place)).toEqual([]);
    const admin = new Kafka({ brokers: server.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const alter = (topic: string, name: string, value: string) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          { type: ConfigResourceTypes.TOPIC, name: `altered.vigil.${topic}`, configEntries: [{ name, value }] },
        ],
      });
    await alter('alarms', 'message.timestamp.type', 'LogAppendTime'); // retention.ms is the broker's own then, 7 days
    await alter('telemetry', 'max.message.bytes', '500000');
    await admin.createPartitions({ topicPartitions: [{ topic: 'altered.vigil.findings', count: 5 }] });
    await admin.disconnect();
    const running = startVigil(['stage', 'alarms'], forStages);
    await running.says(/Running: alarms/);
    await running.says(/(?:not as vigil topics makes it.*?){4}/s);
    expect(await running.stop()).toBe(0);
    const warned = running.troubles('a topic is not as vigil topics makes it');
    const told = warned.map(({ topic, sentence }) => `${topic}: ${sentence}`);
    expect(told).toHaveLength(4);
    const change = `kafka-configs.sh --bootstrap-server ${server.brokers.join(',')} --alter --entity-type topics`;
    expect(told).toContain(
      `altered.vigil.alarms: it has retention.ms 604800000, wanted is 31536000000. If that is not meant: ${change} --entity-name altered.vigil.alarms --add-config retention.ms=31536000000`,
    );
    expect(told.join('\n')).toContain('altered.vigil.telemetry: it has max.message.bytes 500000, wanted is 1048588.');
    expect(told.join('\n')).toContain('altered.vigil.findings: it has partitions 5, wanted is 3. The topics of beds');
  });

  it('that an update brings are asked for by name; the others stay, with what they hold', async () => {
    const admin = new Kafka({ brokers: server.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: ['vigil.engine'] });
    await admin.disconnect();
    const before = await runVigil(['stage', 'alarms'], env);
    expect(before).toEqual({
      code: 1,
      said: 'Kafka lacks the topics vigil.engine; create them with: vigil topics.\n',
    });
    const { code, said } = await runVigil(['topics'], env);
    expect(code).toBe(0);
    expect(said).toContain('Created: vigil.engine\n');
    expect(said).toContain('There already: vigil.telemetry, ');
    await runsAndStops('alarms');
  });
});
