import manifest from '../package.json' with { type: 'json' };

/** Vigil's version, as the package has it. */
export const VERSION: string = manifest.version;
