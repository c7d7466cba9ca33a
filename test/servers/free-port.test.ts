import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { CHOSEN_BELOW, CHOSEN_FROM, freePort } from './free-port.ts';

it('a port that a server of the tests will have is chosen once, and below those that a system gives to whoever asks for any', async () => {
  const chosen = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(chosen).size).toBe(chosen.length);
  for (const port of chosen) expect(port >= CHOSEN_FROM && port < CHOSEN_BELOW, `${port}`).toBe(true);
});

it('a port on which somebody listens is not chosen', async () => {
  const taken = (await freePort()) + 1;
  const other = createServer();
  await new Promise<void>((done) => {
    other.once('error', () => done()).listen(taken, '127.0.0.1', done); // an error: somebody else has it, which does as well
  });
  expect(await freePort()).not.toBe(taken);
  other.close();
});
