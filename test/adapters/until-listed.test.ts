import { expect, it } from 'vitest';
import { untilListed } from '../../services/adapters/kafka/until-listed.ts';

it('topics are made when the broker lists all of them, not when its controller has taken them', async () => {
  const lists = [['others'], ['others', 'a'], ['b', 'others', 'a'], ['never asked for']];
  await untilListed(async () => lists.shift()!, ['a', 'b']);
  expect(lists).toEqual([['never asked for']]);
});

it('topics that are never listed are named, with what to do', async () => {
  const asked = untilListed(async () => ['a'], ['a', 'b'], 0);
  await expect(asked).rejects.toMatchObject({
    tag: 'LogUnavailable',
    sentence: expect.stringMatching(/took the topics b but does not list them.*vigil topics/),
  });
});
