import { describe, expect, it } from 'vitest';
import { servedOf, untilServed } from '../../services/adapters/kafka/until-served.ts';

describe('topics that were made', () => {
  it('are there when the broker serves all of them, not when its controller has taken them', async () => {
    const served = [['others'], ['others', 'a'], ['b', 'others', 'a'], ['never asked for']];
    await untilServed(async () => served.shift()!, ['a', 'b']);
    expect(served).toEqual([['never asked for']]);
  });

  it('are named when they are never served, with what to do', async () => {
    const asked = untilServed(async () => ['a'], ['a', 'b'], 0);
    await expect(asked).rejects.toMatchObject({
      tag: 'LogUnavailable',
      sentence: expect.stringMatching(/took the topics b but does not serve them.*vigil topics/),
    });
  });

  /** A broker that lists all and leads some; `refusal` is what it says of the others' offsets. */
  const broker = (led: readonly string[], refusal: object, leader = 1) => ({
    listTopics: async () => ['a', 'b'],
    fetchTopicMetadata: async (about?: { readonly topics: readonly string[] }) => ({
      topics: about!.topics.map((name) => ({
        name,
        partitions: [{ partitionErrorCode: 0, partitionId: 0, leader, replicas: [1], isr: [1] }],
      })),
    }),
    fetchTopicOffsets: async (topic: string) => {
      if (!led.includes(topic)) throw refusal;
      return [];
    },
  });

  it('are not served while a broker that lists them says that it does not lead them, or nobody does', async () => {
    const refusal = Object.assign(new Error('not the leader'), { type: 'NOT_LEADER_FOR_PARTITION', retriable: true });
    expect(await servedOf(broker(['a'], refusal), ['a', 'b', 'c'])).toEqual(['a']);
    expect(await servedOf(broker(['a', 'b'], refusal, -1), ['a', 'b'])).toEqual([]);
  });

  it('that may not be read are refused at once', async () => {
    const refusal = Object.assign(new Error('not authorized'), {
      type: 'TOPIC_AUTHORIZATION_FAILED',
      retriable: false,
    });
    await expect(servedOf(broker(['a'], refusal), ['a', 'b'])).rejects.toThrow('not authorized');
  });
});
