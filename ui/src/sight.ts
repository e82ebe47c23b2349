// Whether anybody can look at this page: nobody can while its tab is hidden, nor while the screen is locked, so
// far as the browser tells (screens/locking.ts). Both are one thing to all that stops then.
const listeners = new Set<() => void>();
const TOUCHED = ["pointerdown", "keydown"] as const;
let locked = false;

export const outOfSight = (): boolean => document.hidden || locked;

/** Told when that may have changed, until the returned function is called. */
export function whenSightChanges(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  listeners.add(listener);
  return () => {
    document.removeEventListener("visibilitychange", listener);
    listeners.delete(listener);
  };
}

/** The screen is locked, or no longer. Whoever no longer hears of it leaves it as it stands: a camera must not
 * come on before a locked screen. Who touches the page is before it. */
export function tellLocked(now: boolean): void {
  if (now === locked) return;
  locked = now;
  for (const touch of TOUCHED)
    if (now) window.addEventListener(touch, touched, true);
    else window.removeEventListener(touch, touched, true);
  for (const listener of [...listeners]) listener();
}

const touched = (): void => tellLocked(false);
