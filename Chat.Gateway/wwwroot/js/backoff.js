const FIRST_MS = 500;
const CAP_MS = 30_000;

// Exponential with full jitter: after a gateway died, its clients come back spread out and not in one wave.
export function backoffMs(failures, random = Math.random) {
  return random() * Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(failures, 16));
}
