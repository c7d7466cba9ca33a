import type { RiskLevels } from './risk-interval.ts';

/** Written by test/accuracy/sepsis-risk-interval.ts; how it was measured is in MODEL_CARD.md. */
export const riskLevels: RiskLevels = {
  model: '656afee3912f9c445ef37085b5dfd2a6ed014bf95442dfcd681314b3df1fd17b',
  levels: [
    { risk: 0.001451, low: 0, high: 0.004694 },
    { risk: 0.003002, low: 0, high: 0.005575 },
    { risk: 0.004986, low: 0.0001353, high: 0.007812 },
    { risk: 0.007906, low: 0.001113, high: 0.01377 },
    { risk: 0.01236, low: 0.003404, high: 0.02305 },
    { risk: 0.01736, low: 0.003909, high: 0.02764 },
    { risk: 0.02446, low: 0.005839, high: 0.03725 },
    { risk: 0.03445, low: 0.009223, high: 0.04642 },
    { risk: 0.04825, low: 0.02398, high: 0.06501 },
    { risk: 0.06886, low: 0.03918, high: 0.09894 },
    { risk: 0.09756, low: 0.07513, high: 0.1481 },
    { risk: 0.1386, low: 0.08941, high: 0.1713 },
    { risk: 0.1947, low: 0.1105, high: 0.4257 },
    { risk: 0.2752, low: 0.1326, high: 0.5626 },
    { risk: 0.3748, low: 0.1634, high: 0.5626 },
  ],
};
