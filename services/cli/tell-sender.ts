import type { SenderNotice } from '../sender/frame-sender.ts';
import type { Terminal } from './outcome.ts';

/** Refusals of one kind are many; the first few tell the story. */
const REFUSALS_TOLD = 5;

/** Tells a person how the line to Vigil is doing. */
export const tellSender = (url: string, terminal: Terminal): ((notice: SenderNotice) => void) => {
  let refusals = 0;
  let down = false;
  return (notice) => {
    switch (notice.tag) {
      case 'Connected':
        if (down) terminal.side(`The line to ${url} stands again.`);
        down = false;
        return;
      case 'Disconnected':
        if (!down) terminal.side(`No line to ${url} (${notice.why}); trying again until it stands.`);
        down = true;
        return;
      case 'Refused':
        refusals += 1;
        if (refusals <= REFUSALS_TOLD)
          terminal.side(`Vigil refused frame ${notice.sequence} of bed ${notice.bed}: ${notice.sentence}`);
    }
  };
};
