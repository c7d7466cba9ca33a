/** Every alarm of the ward, gravest first. Always on the page, also while one bed is open. */
import { useRef } from 'react';
import { VIGIL_BED } from '../../../../schemas/engine.ts';
import { evidenceOf, flashes, MARKS, priorityWords, wantsSomeone } from '../logic/alarms/alarm-look.ts';
import { askingText } from '../logic/alarms/asking.ts';
import { ageText } from '../logic/time/age.ts';
import type { WardAlarm } from '../logic/ward/ward-store.ts';
import { stateText } from './alarm-chip.tsx';
import { useAsk } from './ask.tsx';
import { EvidenceLine } from './evidence.tsx';
import { CheckIcon } from './icons.tsx';
import { useAbout, useAlarms, useConsole, useNow, useRedInSight } from './use-console.ts';
import { WorstLine } from './worst-line.tsx';

const Row = ({ row }: { readonly row: WardAlarm }) => {
  const { open } = useConsole();
  const ask = useAsk();
  const { bed, patient, alarm } = row;
  const asks = askingText(alarm, row);
  const age = useNow((nowUs) => ageText(nowUs - alarm.sinceUs));
  const evidence = evidenceOf(alarm);
  return (
    <li
      className="alarm"
      data-alarm={alarm.alarm}
      data-alarm-bed={bed}
      data-condition={alarm.condition}
      data-priority={alarm.priority}
      data-origin={alarm.origin}
      data-state={alarm.state}
      data-flashing={flashes(alarm)}
    >
      <span className="alarm-marks">
        {MARKS[alarm.priority]}
        <span className="unseen">{priorityWords[alarm.priority]}</span>
      </span>
      <button type="button" className="alarm-open" data-home onClick={() => open(bed)}>
        <span className="alarm-label">{alarm.label}</span>
        <span className="alarm-what">
          <span className="alarm-bed">{bed === VIGIL_BED ? 'Vigil itself' : bed}</span>{' '}
          <span className="alarm-evidence">{evidence}</span>
        </span>
        <WorstLine alarm={alarm} />
        {alarm.evidence === undefined ? null : <EvidenceLine condition={alarm.condition} evidence={alarm.evidence} />}
        {asks === '' ? null : (
          <span className="alarm-asks" data-asks={alarm.asking?.step}>
            {asks}
          </span>
        )}
        <span className="alarm-state">{stateText(alarm)}</span>
        <span className="alarm-age">{age}</span>
        <span className="unseen">{bed === VIGIL_BED ? ': what is wrong with Vigil' : ': open bed'}</span>
      </button>
      {wantsSomeone(alarm) ? (
        <button
          type="button"
          data-act
          className="act act-icon"
          title="Acknowledge"
          onClick={() => ask({ kind: 'acknowledge', bed: { bed, patient }, alarms: [alarm] })}
        >
          <CheckIcon />
          <span className="unseen">{`Acknowledge ${alarm.label}, ${bed === VIGIL_BED ? 'Vigil itself' : `bed ${bed}`}`}</span>
        </button>
      ) : null}
    </li>
  );
};

export const AlarmPanel = () => {
  const alarms = useAlarms();
  const about = useAbout();
  const list = useRef<HTMLUListElement>(null);
  useRedInSight(list, ({ alarm }) => `[data-alarm="${CSS.escape(alarm.alarm)}"]`);
  const unseen = alarms.filter(({ alarm }) => wantsSomeone(alarm)).length;
  return (
    <aside className="panel" aria-label="Alarms of the ward">
      <header className="panel-head">
        <h2 tabIndex={-1} data-home>
          Alarms
        </h2>
        <span>
          {alarms.length > 0 ? `${unseen} to see · ${alarms.length} in all` : about === undefined ? '—' : 'none'}
        </span>
      </header>
      {alarms.length === 0 ? (
        <p className="panel-empty">
          {about === undefined ? 'Not known yet: not connected.' : 'No alarm on this ward.'}
        </p>
      ) : (
        <ul className="panel-list" ref={list}>
          {alarms.map((row) => (
            <Row key={row.alarm.alarm} row={row} />
          ))}
        </ul>
      )}
    </aside>
  );
};
