/** The numbers that monitors send. */
import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { MDC } from '../../../schemas/codes.ts';
import { colours } from '../look.ts';
import { line, numbersPanel } from './numbers-panel.ts';

export const heartRatePanel = (): PanelBuilder =>
  numbersPanel(
    'Heart rate',
    'By Vigil, from its own beats, and by the monitor.',
    [
      { code: MDC.ecgHeartRate, name: 'HR by Vigil', colour: colours.ecg, by: 'vigil' },
      { code: MDC.ecgHeartRate, name: 'HR by the monitor', colour: colours.plain, by: 'monitor' },
      line(MDC.pulseRate, colours.spo2),
    ],
    0,
  );

export const numericPanels = (): readonly PanelBuilder[] => [
  numbersPanel('Oxygen saturation', 'From the pulse oximeter.', [line(MDC.spo2, colours.spo2)], 0)
    .max(100)
    .axisSoftMin(85),
  numbersPanel(
    'Respiratory rate',
    'From impedance and from CO₂.',
    [line(MDC.respRate, colours.respiration), line(MDC.respRateCo2, colours.plain)],
    0,
  ).axisSoftMin(0),
  numbersPanel(
    'Arterial pressure',
    'Systolic, mean and diastolic, from the arterial line.',
    [line(MDC.abpSystolic, colours.arterial), line(MDC.abpMean, '#ffc2c2'), line(MDC.abpDiastolic, '#d05f5f')],
    0,
  ),
  numbersPanel(
    'Non-invasive blood pressure',
    'Each measurement of the cuff; between two of them nothing is known.',
    [line(MDC.nibpSystolic, colours.cuff), line(MDC.nibpMean, colours.plain), line(MDC.nibpDiastolic, '#6f8290')],
    0,
  )
    .pointSize(6)
    .showPoints(VisibilityMode.Always),
  numbersPanel('Temperature', 'From every probe.', [line(MDC.temperature, colours.temperature)], 1).showPoints(
    VisibilityMode.Always,
  ),
  numbersPanel('End-tidal CO₂', 'From the capnograph.', [line(MDC.etco2, colours.respiration)], 0).axisSoftMin(0),
  numbersPanel('Central venous pressure', 'From the venous line.', [line(MDC.cvpMean, colours.arterial)], 0),
];
