/** Waiting for something to happen: a bell that remembers that it was rung, and pauses that can be cut short. */

export interface Bell {
  ring(): void;
  /**
   * Resolves with true at the next ring, at once if it was rung since the last wait, or with false after `ms`; rejects when `signal`
   * aborts.
   */
  wait(options: { readonly signal: AbortSignal; readonly ms?: number | undefined }): Promise<boolean>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait({ signal, ms }) {
      signal.throwIfAborted();
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const stop = () => resolve();
        wake = stop;
        signal.addEventListener('abort', stop, { once: true });
        const timer = ms === undefined ? undefined : setTimeout(stop, Math.min(Math.max(ms, 0), LONGEST_TIMER));
        await promise;
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        wake = undefined;
      }
      signal.throwIfAborted();
      const isRung = rung;
      rung = false;
      return isRung;
    },
  };
}

/** `setTimeout` counts in 31 bits. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** For what cannot be awaited: a pause before trying again. Returns early, without error, when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const bell = createBell();
  await bell.wait({ signal, ms }).catch(() => undefined);
}
