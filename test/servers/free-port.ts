import { createServer } from 'node:net';

/**
 * Where ports are chosen from: below those that a system gives to whoever asks for any (Linux from 32768 on, others from 49152 on).
 * Between the choice and the start of a server, or while it is down, any other process could be given one of those.
 */
export const CHOSEN_FROM = 20_000;
export const CHOSEN_BELOW = 32_768;

/** Each process counts up from a place of its own, so that no port is chosen twice and two processes seldom meet. */
let next = CHOSEN_FROM + Math.floor(Math.random() * (CHOSEN_BELOW - CHOSEN_FROM));

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer()
      .once('error', () => done(false))
      .listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

/** A port of the loopback that nobody listens on now, and that nobody is given who asks for any. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = next;
    next = port + 1 < CHOSEN_BELOW ? port + 1 : CHOSEN_FROM;
    if (await isFree(port)) return port;
  }
};
