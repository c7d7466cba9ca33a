/**
 * Goal: whoever still looks knows within ten seconds that another screen does not.
 * Method: a front, the alarms stage and an embedded log; seconds are let pass by hand, lines are cut for real.
 */
import { once } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket as WebSocketClient } from 'ws';
import type { LiveAlarm } from '../../schemas/live.ts';
import { decodeAlarmInput } from '../../schemas/messages.ts';
import { screenWord } from '../../schemas/words.ts';
import { alarmPolicy } from '../../services/composition/alarm-policy.ts';
import type { Subscription } from '../../services/ports/event-log.ts';
import { runStage } from '../../services/runtime/run-stage.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { allOf, type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { answerHeartbeats, openConsole, type TestConsole } from './console.ts';
import { startVigil, type VigilUnderTest } from './vigil-under-test.ts';

/** Nothing is timed here but by seconds that are let pass by hand. */
const SOON = { timeout: 15_000, interval: 10 };

let place: LogInAFolder;
let stage: Subscription;
let vigil: VigilUnderTest;
let station: TestConsole;

const lostOn = (one: TestConsole, which: (alarm: LiveAlarm | undefined) => boolean) =>
  one.hears('alarms', ({ bed, alarms }) =>
    bed === 'vigil' ? which(alarms.find(({ condition }) => condition === 'screen-lost')) : false,
  );

beforeEach(async () => {
  place = await logInAFolder();
  stage = await runStage(alarmsStage(alarmPolicy), { log: place.log });
  vigil = await startVigil(place.log);
  station = await openConsole(vigil.address('/v1/live'));
  station.say({ type: 'hello' });
  void answerHeartbeats(station);
  await station.hears('snapshot');
});
afterEach(async () => {
  await station.close();
  await vigil.close();
  await stage.stop();
  await place.discard();
});

const SCREEN = { type: 'screen', id: '0123456789abcdef', name: 'nurse 4', beds: [] } as const;

/** A browser as another computer has it, so that its line can be cut. */
const nurse4 = async (): Promise<WebSocketClient> => {
  const socket = new WebSocketClient(`ws://${vigil.address('/v1/live')}`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello' }));
  socket.send(JSON.stringify(SCREEN));
  await expect.poll(() => vigil.screens.consoles(), SOON).toBe(2);
  return socket;
};

/** Each with its heartbeat answered by the station. */
const passSeconds = async (count: number): Promise<void> => {
  const beats = (): number => station.heard.filter(({ type }) => type === 'heartbeat').length;
  for (let before = beats(), second = 1; second <= count; second++) {
    await vigil.screens.secondPassed();
    await expect.poll(beats, SOON).toBe(before + second);
  }
};

const saidOfScreens = async (): Promise<readonly string[]> =>
  (await allOf(place.log, 'vigil.alarm-inputs')).flatMap(({ value }) => {
    const input = decodeAlarmInput(value);
    if (E.isLeft(input)) throw new Error(input.left.sentence);
    const { input: said } = input.right;
    return said.case === 'screen' ? [screenWord(said.value.state) ?? 'unknown'] : [];
  });

it('a screen whose line is cut is told to the others within ten seconds, until it is back', async () => {
  const socket = await nurse4();
  socket.terminate();
  const told = lostOn(station, (alarm) => alarm?.state === 'on');
  await passSeconds(9);
  await told;
  expect((await told).alarms).toMatchObject([
    { label: 'SCREEN LOST', priority: 'medium', text: 'screen "nurse 4" lost, last heard 8 s before' },
  ]);
  const back = await openConsole(vigil.address('/v1/live'));
  back.say({ type: 'hello' });
  back.say(SCREEN);
  await expect.poll(() => vigil.screens.consoles(), SOON).toBe(2);
  await passSeconds(3);
  await lostOn(station, (alarm) => alarm === undefined);
  await back.close();
});

it('a screen that stops answering is told in the same way', async () => {
  const socket = await nurse4();
  const told = lostOn(station, (alarm) => alarm?.state === 'on');
  await passSeconds(9);
  await told;
  socket.terminate();
});

it('a page that is closed on purpose is missed by nobody', async () => {
  const closing = await nurse4();
  closing.close(1001);
  await once(closing, 'close');
  await passSeconds(1);
  const leaving = await nurse4();
  await passSeconds(1);
  leaving.send(JSON.stringify({ type: 'goodbye' }));
  leaving.terminate();
  await expect.poll(() => vigil.screens.consoles(), SOON).toBe(1);
  await passSeconds(12);
  expect(await saidOfScreens()).toEqual(['left', 'watching', 'left']);
});
