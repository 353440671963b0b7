import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's space for new objects at the size that it has. V8 doubles it, up to a hundred megabytes of memory, each time that enough objects
 * have survived in sum, which every long run comes to, however few are alive at once; a million paths take longer than that, and never have
 * more than some thirty megabytes of objects. Only the growth ends: what does not fit moves to the old space, as ever.
 * (`--max-semi-space-size` says the same, but only on the command line of node, which an action does not have.)
 */
export function endGrowthOfYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
