/** Vigil as something that is itself watched. The messages are in vigil/v1/engine.proto. */

/**
 * The bed whose alarms are about Vigil itself. No device may use the name, and no tile is drawn for it: its alarms go the
 * way of all others, so that they are acknowledged, signed and kept like them.
 */
export const VIGIL_BED = 'vigil';

/** What a process may run. */
export const stageNames = ['gateway', 'analysis', 'alarms', 'screens', 'recorder'] as const;
export type StageName = (typeof stageNames)[number];
/** Whether a word names a stage of this release; a newer one may have others. */
export const isStageName = (name: string): name is StageName => (stageNames as readonly string[]).includes(name);

/** How often every process says how it does. */
export const REPORT_EVERY_MS = 2_000;
/** A process that has said nothing for so long is told as silent. */
export const SILENT_AFTER_S = 8;
