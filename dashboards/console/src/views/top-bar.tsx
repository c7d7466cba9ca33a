/** The bar at the top: ward, whether it is simulated, alarms in numbers, order, the screen's own beds, sound, the line and the time. */
import { useState } from 'react';
import type { PriorityName } from '../../../../schemas/conditions.ts';
import { memory } from '../live/memory.ts';
import { MARKS, wantsSomeone } from '../logic/alarms/alarm-look.ts';
import type { LinkState } from '../logic/line/link.ts';
import { clockText } from '../logic/time/clock-text.ts';
import { BellIcon, BellOffIcon } from './icons.tsx';
import { MyBeds } from './my-beds.tsx';
import { useAbout, useAlarms, useConsole, useLink, useNow, useOpenBed, useSoundAwake } from './use-console.ts';

const linkWords: Readonly<Record<LinkState['tag'], string>> = {
  Connecting: 'Connecting',
  Live: 'Live',
  Lost: 'No connection',
  Behind: 'Behind',
  NoEntry: 'Token needed',
};

const timeText = (us: number): string => (us === 0 ? '--:--:--' : clockText(us));

const PRIORITIES: readonly PriorityName[] = ['high', 'medium', 'low'];

const Counts = () => {
  const alarms = useAlarms();
  return (
    <ul className="counts" aria-label="Alarms to see, by priority">
      {PRIORITIES.map((priority) => {
        const count = alarms.filter(({ alarm }) => alarm.priority === priority && wantsSomeone(alarm)).length;
        return (
          <li key={priority} data-priority={priority} data-none={count === 0}>
            <span>{MARKS[priority]}</span> <b>{count}</b>
            <span className="unseen"> {priority}</span>
          </li>
        );
      })}
    </ul>
  );
};

const OrderChoice = () => {
  const { ward } = useConsole();
  const [rule, setRule] = useState(memory.order);
  const choose = (next: typeof rule): void => {
    setRule(next);
    memory.keepOrder(next);
    ward.orderBy(next);
  };
  return (
    <fieldset className="choice">
      <legend className="unseen">Order of beds</legend>
      <button type="button" aria-pressed={rule === 'gravest'} onClick={() => choose('gravest')}>
        Gravest first
      </button>
      <button type="button" aria-pressed={rule === 'name'} onClick={() => choose('name')}>
        By bed
      </button>
    </fieldset>
  );
};

/** A browser may think that it sounds while its loudspeaker is off: a tone on every press lets the nurse hear that it does. */
const Sound = () => {
  const awake = useSoundAwake();
  const { speaker } = useConsole().bell;
  const test = async (): Promise<void> => {
    await speaker.wake();
    speaker.burst('low');
  };
  return (
    <button
      type="button"
      className={awake ? 'sound' : 'sound sound-off'}
      title={awake ? 'Hear a test tone' : ''}
      onClick={() => void test()}
    >
      {awake ? <BellIcon /> : <BellOffIcon />} {awake ? 'Sound on' : 'Sound is off: click to enable'}
      {awake ? <span className="unseen">: hear a test tone</span> : null}
    </button>
  );
};

export const TopBar = () => {
  const about = useAbout();
  const link = useLink();
  const openBed = useOpenBed();
  const time = useNow(timeText);
  return (
    <header className="top">
      <h1 className="brand">
        <svg viewBox="0 0 28 16" aria-hidden="true" focusable="false">
          <path d="M1 9h6l3-7 5 12 4-8 2 3h6" />
        </svg>
        Vigil
      </h1>
      <span className="top-ward">{about?.ward ?? ''}</span>
      {about?.simulated ? <strong className="simulated">SIMULATED WARD</strong> : null}
      <Counts />
      <span className="top-space" />
      {openBed === undefined ? <OrderChoice /> : null}
      <MyBeds />
      <Sound />
      <span className="line" data-link={link.tag}>
        {linkWords[link.tag]}
      </span>
      <time className="top-time">{time}</time>
    </header>
  );
};
