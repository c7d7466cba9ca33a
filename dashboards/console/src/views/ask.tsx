/**
 * The question before an act: which bed, which patient, which alarms, and who says so. It acts on the alarms that it showed, one by
 * one, as they stood when it was asked: what came, or came back, while the question stood open is not acknowledged unseen, and a new red
 * alarm is not silenced.
 */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { VIGIL_BED } from '../../../../schemas/engine.ts';
import type { LiveAlarm, LiveBed } from '../../../../schemas/live.ts';
import { neverByHolding, useForgotten } from '../hand/forgotten.ts';
import { MARKS, wholeText } from '../logic/alarms/alarm-look.ts';
import { seenOf } from '../logic/alarms/seen.ts';
import { Announcer } from './announcer.tsx';
import { useSignature } from './signature.tsx';
import { useConsole, useLink } from './use-console.ts';

export interface Question {
  readonly kind: 'acknowledge' | 'pause-audio' | 'resume-audio' | 'standby';
  readonly bed: Pick<LiveBed, 'bed' | 'patient'>;
  readonly alarms: readonly LiveAlarm[];
  /** Of a pause: every alarm of the bed, also those behind a graver one; absent: those shown. */
  readonly known?: readonly LiveAlarm[];
}

const PAUSE_US = 120e6;

const AskContext = createContext<(question: Question) => void>(() => undefined);
export const useAsk = (): ((question: Question) => void) => useContext(AskContext);

const headings: Readonly<Record<Question['kind'], string>> = {
  acknowledge: 'Acknowledge',
  'pause-audio': 'Pause audio for 2 minutes',
  'resume-audio': 'Resume audio',
  standby: 'Monitor taken away',
};
const confirms: Readonly<Record<Question['kind'], string>> = {
  acknowledge: 'Acknowledge',
  'pause-audio': 'Pause audio',
  'resume-audio': 'Resume audio',
  standby: 'Nobody is monitored here',
};

const Body = ({ question }: { readonly question: Question }) => (
  <>
    {question.bed.bed === VIGIL_BED ? (
      <div className="ask-who" data-of="vigil">
        <div>
          <span>About</span>
          <b>Vigil itself</b>
        </div>
        <div>
          <span>Concerns</span>
          <b>the whole ward</b>
        </div>
      </div>
    ) : (
      <div className="ask-who">
        <div>
          <span>Bed</span>
          <b>{question.bed.bed}</b>
        </div>
        <div>
          <span>Patient</span>
          <b dir="auto">{question.bed.patient ?? 'not assigned'}</b>
        </div>
      </div>
    )}
    {question.alarms.length > 0 ? (
      <ul className="ask-alarms">
        {question.alarms.map((alarm) => (
          <li key={alarm.alarm} data-priority={alarm.priority}>
            <b>{MARKS[alarm.priority]}</b> {alarm.label}{' '}
            <span>{alarm.text === alarm.label ? '' : wholeText(alarm)}</span>
            {alarm.state === 'latched' ? <i>ended, unseen</i> : null}
          </li>
        ))}
      </ul>
    ) : null}
    {question.kind === 'pause-audio' ? (
      <p className="ask-note">
        Alarms stay visible. A new high-priority alarm sounds all the same; a lesser one stays silent until the pause
        ends. It ends by itself.
      </p>
    ) : null}
    {question.kind === 'standby' ? (
      <p className="ask-note">
        Nobody is assigned to this bed, and nothing is heard of it. What stands here ends in your name, but red alarms
        that ended unseen. As soon as a monitor speaks for this bed again, it is watched as before.
      </p>
    ) : null}
  </>
);

const AskDialog = ({ question, close }: { readonly question: Question; readonly close: () => void }) => {
  const { acts } = useConsole();
  const { tag } = useLink();
  const linked = tag === 'Live';
  const dialog = useRef<HTMLDialogElement>(null);
  const { by, naming, keep, field } = useSignature();
  // The browser gives the focus back to what had it only when the dialog itself is closed.
  const leave = (): void => dialog.current?.close();
  useEffect(() => {
    dialog.current?.showModal();
    // Enter confirms at once, or the name is typed at once: two actions are enough.
    dialog.current?.querySelector<HTMLElement>('[data-first]')?.focus();
  }, []);
  useForgotten(() => {
    leave();
    acts.say(`${headings[question.kind]}, bed ${question.bed.bed}: not answered for a minute, and nothing was done.`);
  });
  const mayDecline = question.kind === 'acknowledge' && question.alarms.some(({ asking }) => asking !== undefined);
  const act = (kind: Question['kind'] | 'cannot-come' = question.kind): void => {
    keep();
    const { bed, alarms } = question;
    const meant = kind === 'cannot-come' ? alarms.filter(({ asking }) => asking !== undefined) : alarms;
    if (kind === 'acknowledge' || kind === 'cannot-come')
      for (const one of meant) acts.do({ kind, bed: bed.bed, alarm: one.alarm, by, ...seenOf([one]) });
    else if (kind === 'pause-audio')
      acts.do({ kind, bed: bed.bed, by, durationUs: PAUSE_US, ...seenOf(question.known ?? alarms) });
    else acts.do({ kind, bed: bed.bed, by });
    leave();
  };
  return (
    <dialog
      ref={dialog}
      className="ask"
      aria-labelledby="ask-heading"
      onClose={close}
      onKeyDown={neverByHolding}
      data-ask={question.kind}
    >
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (by !== '' && linked) act();
        }}
      >
        <h2 id="ask-heading">{headings[question.kind]}</h2>
        <Body question={question} />
        {field}
        {linked ? null : (
          <p className="ask-warning" role="alert">
            {tag === 'Behind' ? 'What this screen shows is from the past.' : 'There is no connection to Vigil.'} Nothing
            can be sent now.
          </p>
        )}
        <div className="ask-buttons">
          <button type="button" className="act" onClick={leave}>
            Cancel
          </button>
          {mayDecline ? (
            <button
              type="button"
              data-act
              data-cannot-come
              className="act"
              disabled={!linked || by === ''}
              title="Others are asked; the alarm goes on"
              onClick={() => act('cannot-come')}
            >
              I cannot come
            </button>
          ) : null}
          <button
            type="submit"
            data-act
            className="act act-main"
            disabled={!linked}
            data-first={naming ? undefined : true}
          >
            {confirms[question.kind]}
          </button>
        </div>
      </form>
      <Announcer onlyNew />
    </dialog>
  );
};

export const Asking = ({ children }: { readonly children: ReactNode }) => {
  const [question, setQuestion] = useState<Question>();
  const close = useCallback(() => setQuestion(undefined), []);
  const ask = useMemo(() => setQuestion, []);
  return (
    <AskContext value={ask}>
      {children}
      {question === undefined ? null : <AskDialog question={question} close={close} />}
    </AskContext>
  );
};
